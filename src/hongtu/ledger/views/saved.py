"""Saving and deleting views of a ledger."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hongtu.kernel.base.errors import HongtuError
from hongtu.ledger import actions, queries
from hongtu.ledger.views.common import get_ledger, ledger_guard


@ledger_guard("read")
@require_POST
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the present filters, sorting and columns under a name."""
    ledger = get_ledger(slug)
    url = reverse("ledger:list", args=[slug])
    try:
        view = actions.save_view(
            by=request.user,
            ledger=ledger.slug,
            name=request.POST.get("name", ""),
            query=request.POST.get("query", ""),
            shared=request.POST.get("shared") == "1",
        )
    except HongtuError as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(url)
    messages.success(request, _("已保存视图：%(name)s") % {"name": view.name})
    return HttpResponseRedirect(f"{url}?{view.query}&view={view.pk}")


@ledger_guard("read")
@require_POST
def delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Delete a view of one's own."""
    view = queries.saved_view(pk, by=request.user)
    actions.delete_view(by=request.user, view=view)
    messages.success(request, _("已删除视图：%(name)s") % {"name": view.name})
    return HttpResponseRedirect(reverse("ledger:list", args=[slug]))
