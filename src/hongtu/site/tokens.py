"""A person's own keys to the API: issue one (shown once), see which there are, revoke one."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.ledger import actions, queries
from hongtu.ledger.pages import form_status
from hongtu.ui.components import Crumb

LONGEST = timedelta(days=366)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=60,
        help_text=gettext_lazy("写明哪个程序使用，便于日后撤销。"),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("有效至"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("最长一年。"),
    )

    def clean_expires_on(self) -> Any:
        given, today = self.cleaned_data["expires_on"], timezone.localdate()
        if not today <= given <= today + LONGEST:
            raise forms.ValidationError(_("请选择今天起一年以内的日期。"))
        return given


@guard(login=True)
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: PersonRequest) -> HttpResponse:
    """Her tokens. The text of a new one is in this answer only and in no log, session or database."""
    bound = request.POST if request.method == "POST" else None
    form = TokenForm(bound, initial={"expires_on": timezone.localdate() + timedelta(days=90)})
    issued = None
    if bound is not None and form.is_valid():
        issued = actions.issue_token(by=request.user, **form.cleaned_data)
        form = TokenForm(initial={"expires_on": timezone.localdate() + timedelta(days=90)})
    context = {
        "form": form,
        "issued": issued,
        "tokens": queries.tokens(by=request.user),
        "base": request.build_absolute_uri("/api/v1/"),
        "breadcrumbs": [Crumb(_("接口令牌"))],
    }
    status = form_status(form)
    return render(request, "site/tokens.html", context, status=status)


@guard(login=True)
@require_POST
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Take one of her tokens back; another person's is not found."""
    token = queries.tokens(by=request.user).filter(pk=pk).first()
    if token is None:
        raise Http404(_("没有这个令牌。"))
    if not token.revoked:
        actions.revoke_token(by=request.user, token=token)
    messages.success(request, _("已撤销：%(name)s") % {"name": token.name})
    return HttpResponseRedirect(reverse("tokens"))
