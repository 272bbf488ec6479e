"""The records behind one item of one unit's score, within the reader's rights."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hongtu.domains.assessment import queries
from hongtu.domains.assessment.views.common import ask_form, asked, number, subject_of
from hongtu.domains.assessment.views.ranking import known_words, line_of, method, rate, unit_crumbs
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can
from hongtu.kernel.indicators.registry import Fact, Indicator, find
from hongtu.ledger.declaration import ledger_of
from hongtu.ui.components import Cell, Column, Crumb, Pages, Row, Table
from hongtu.ui.status import Status

PER_PAGE = 50


def readable(indicator: Indicator, facts: list[Fact], by: Any) -> tuple[list[Fact], dict[int, str]]:
    """The facts whose record she may read (records that are gone: for who sees the whole district), and the
    address of each record that is still there."""
    keys = {f.key for f in facts}
    addresses = indicator.readable(by, keys)
    ledger = ledger_of(indicator.model)
    if ledger and not all(addresses.values()):
        rows = indicator.model._default_manager.filter(pk__in=addresses)
        addresses = {row.pk: ledger.url_of(row) for row in rows}
    gone: set[int] = set()
    if queries.whole_district(by):
        gone = keys - set(indicator.model._default_manager.filter(pk__in=keys).values_list("pk", flat=True))
    return [f for f in facts if f.key in addresses or f.key in gone], addresses


def _words(fact: Fact) -> str:
    return _(fact.why) % dict(fact.facts) if fact.why else ""


def _state(fact: Fact) -> Cell:
    text = _(fact.state) if fact.state else ""
    if fact.excused:
        return Cell(text, status=Status.EXCUSED)
    return Cell(text)


def _table(
    request: PersonRequest, indicator: Indicator, facts: list[Fact], addresses: dict[int, str], pages: Pages
) -> Table:
    asking = can(request.user, "assessment.change")
    columns = [
        Column(_("记录"), frozen=True),
        Column(_("情况"), "nowrap"),
        Column(_("说明"), "text"),
        Column(_("完成"), "number"),
        Column(_("应计"), "number"),
        *([Column(_("免责"), "nowrap")] if asking else []),
    ]
    rows = []
    for fact in facts:
        given = {
            "indicator": indicator.key,
            "record": fact.key,
            "part": fact.part,
            "name": fact.name,
            "unit": fact.unit,
        }
        link = reverse("assessment:excuse-new") + "?" + urlencode(given)
        open_to = not fact.excused and fact.key in addresses
        rows.append(
            Row(
                [
                    Cell(fact.name, addresses.get(fact.key, "")),
                    _state(fact),
                    _words(fact),
                    number(fact.value),
                    number(fact.weight),
                    *([Cell(_("申请免责"), link) if open_to else ""] if asking else []),
                ],
                key=f"{fact.key}-{fact.part}",
            )
        )
    return Table(_("记录"), columns, rows, pages=pages, empty=_("没有您可以查看的记录"), identifier="facts")


@guard("assessment.read")
@require_GET
def rows(request: PersonRequest, subject: str, unit: int, item: str) -> HttpResponse:
    """The rows one item counts; those out of her reach are counted, not shown."""
    ask = asked(request, subject_of(subject), ask_form(request))
    found, line = line_of(request, ask, unit)
    scored = next((i for i in line.items if i.key == item), None)
    rule = next((i for i in found.plan.items if i.key == item), None)
    indicator = find(scored.indicator) if scored else None
    if scored is None or rule is None or indicator is None:
        raise Http404(_("办法里没有这一项。"))
    facts = sorted(
        found.facts.get((unit, item), []), key=lambda f: (f.value / f.weight if f.weight else 0, f.name)
    )
    shown, addresses = readable(indicator, facts, request.user)
    text = request.GET.get("page", "1")
    pages = Pages(
        max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1, len(shown), PER_PAGE,
        {k: v for k, v in request.GET.items() if v},
    )  # fmt: skip
    page = shown[(pages.number - 1) * PER_PAGE : pages.number * PER_PAGE]
    tally = scored.tally
    context = {
        "line": line,
        "item": scored,
        "got": number(scored.got) if scored.got is not None else _("不适用"),
        "points": number(scored.points),
        "meaning": _(indicator.meaning) if indicator.meaning else "",
        "method": method(rule),
        "tally": tally,
        "rates": (rate(tally.value, tally.whole), rate(tally.value, tally.narrow)),
        "numbers": (number(tally.value), number(tally.whole), number(tally.narrow)),
        "hidden": len(facts) - len(shown),
        "table": _table(request, indicator, page, addresses, pages),
        "ask": ask,
        "known_words": known_words(ask),
        "breadcrumbs": unit_crumbs(ask, Crumb(line.name, ask.url("unit", unit)), Crumb(scored.title)),
    }
    return render(request, "assessment/rows.html", context)
