"""How an application connects by Open311 and gets its key; keys are issued and withdrawn here."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hongtu.domains.problems import actions
from hongtu.domains.problems.forms import KeyForm
from hongtu.domains.problems.models import ApiKey
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can, get, objects
from hongtu.kernel.profile.models import district
from hongtu.ledger.pages import attempt

SESSION_KEY = "problems_issued_key"


@guard(public=True)
@never_cache
@require_http_methods(["GET"])
def developers(request: HttpRequest) -> HttpResponse:
    """Anyone reads how it works; who manages problems sees the keys, and a fresh one once."""
    found = district()
    if found is None:
        raise Http404(_("还没有建立区。"))
    manages = can(request.user, "problems.manage")
    context = {
        "root": request.build_absolute_uri(reverse("open311:services", args=["json"])).rsplit("/", 1)[0],
        "jurisdiction": found.division_code,
        "names": [found.name, request.get_host()],
        "manages": manages,
        "keys": list(objects(ApiKey, by=request.user, to="manage").order_by("-active", "name"))
        if manages
        else [],
        "form": KeyForm(),
        "fresh": request.session.pop(SESSION_KEY, "") if manages else "",
    }
    return render(request, "problems/developers.html", context)


@guard("problems.manage")
@require_POST
def issue(request: PersonRequest) -> HttpResponse:
    """A key for an application; it is shown once, on the page that follows."""
    form = KeyForm(request.POST)
    made = (
        attempt(form, lambda: actions.issue_key(by=request.user, **form.cleaned_data))
        if form.is_valid()
        else None
    )
    if made is None:
        messages.error(request, _("没有发放：请填写应用名称。"))
    else:
        request.session[SESSION_KEY] = made[1]
        messages.success(request, _("已发放密钥：%s") % made[0].name)
    return HttpResponseRedirect(reverse("problems:developers"))


@guard("problems.manage")
@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """A key that is not accepted any more."""
    found = get(ApiKey, pk, by=request.user, to="manage")
    actions.withdraw_key(by=request.user, record=found, version=found.version)
    messages.success(request, _("已停用密钥：%s") % found.name)
    return HttpResponseRedirect(reverse("problems:developers"))
