"""An administrator sets somebody's password."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hongtu.kernel.access import actions
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get
from hongtu.kernel.base.errors import HongtuError, InvalidInput
from hongtu.kernel.people.models import Person
from hongtu.ledger.pages import form_status


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("新密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )


@guard("access.change")
@require_http_methods(["GET", "POST"])
def set_password(request: PersonRequest, pk: int) -> HttpResponse:
    """Set a password; what is wrong with a weak one stands beside the field."""
    person = get(Person, pk, by=request.user)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_password(
                by=request.user, person=person, version=person.version, password=form.cleaned_data["password"]
            )
        except InvalidInput as refusal:
            for text in refusal.fields.get("password", [refusal.message]):
                form.add_error("password", text)
        except HongtuError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已设置%s的密码") % person.name)
            return HttpResponseRedirect(reverse("ledger:detail", args=["people", person.pk]))
    status = form_status(form)
    return render(request, "site/password.html", {"form": form, "person": person}, status=status)
