"""What the pages of a ledger share: finding the declaration, its permissions, its links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.kernel.access.guards import guard
from hongtu.kernel.base.errors import HongtuError
from hongtu.ledger.declaration import Ledger, find
from hongtu.ui.components import Crumb


def get_ledger(slug: str) -> Ledger:
    """The declaration of a slug; Http404 for an unknown one."""
    ledger = find(slug)
    if ledger is None:
        raise Http404(_("没有这本台账。"))
    return ledger


def ledger_guard(verb: str) -> Callable[[Any], Any]:
    """The guard of a ledger's view: `<domain>.<verb>` of whichever ledger the address names."""

    def permission(slug: str, **_others: Any) -> str:
        return get_ledger(slug).permission(verb)

    permission.verb = verb  # type: ignore[attr-defined]
    return guard(permission)


def crumbs(ledger: Ledger, *more: Crumb) -> list[Crumb]:
    """The trail: the ledger, then what is given."""
    return [Crumb(ledger.title, reverse("ledger:list", args=[ledger.slug]) if more else ""), *more]


def allowed(ledger: Ledger, request: HttpRequest) -> dict[str, bool]:
    """What the person may do with this ledger, for buttons."""
    return {verb: ledger.allows(request.user, verb) for verb in ("create", "update", "export", "import")}


def importable(slug: str) -> Ledger:
    """The declaration of a ledger that takes workbooks; Http404 for another."""
    ledger = get_ledger(slug)
    if ledger.sheet is None or ledger.bulk is None:
        raise Http404(_("这本台账不能导入。"))
    return ledger


def import_trail(ledger: Ledger, name: str = "") -> list[Crumb]:
    """The trail of an import's pages, `name` the file."""
    url = reverse("ledger:import", args=[ledger.slug])
    if name:
        return crumbs(ledger, Crumb(_("导入"), url), Crumb(name))
    return crumbs(ledger, Crumb(_("导入")))


def import_gone(request: HttpRequest, ledger: Ledger, refusal: HongtuError) -> HttpResponse:
    """An import's file is not kept any more: say so where another can be uploaded."""
    messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("ledger:import", args=[ledger.slug]))
