"""What did we know on that day: two versions of a chain's plan compared, every slip with its cause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.projects import queries
from hongtu.domains.projects.queries import risk as reads
from hongtu.domains.projects.views.common import crumbs
from hongtu.domains.projects.views.risk import chain_or_404
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.chains.vocab import SlipCause, Whose
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.status import Status

MOST_MOMENTS = 60
EXCUSED = "excused"


def _cause_words() -> dict[str, str]:
    """The engine's causes in the words of the chain."""
    return {
        "owner": str(SlipCause.OWNER.label),
        "approving-office": str(SlipCause.OFFICE.label),
        "statutory-wait": str(Whose.STATUTORY.label),
        "contractor": str(Whose.CONTRACTOR.label),
        "neighbour": str(SlipCause.NEIGHBOUR.label),
        "design-change": str(SlipCause.DESIGN.label),
        "weather": str(SlipCause.WEATHER.label),
        "replanned": str(SlipCause.PLAN.label),
        "other": _("其他"),
        EXCUSED: str(SlipCause.EXCUSED.label),
    }


@guard("projects.read")
def versions(request: PersonRequest, pk: int) -> HttpResponse:
    """Compare what was known at two moments; without a choice, the first plan with the present one."""
    project = queries.project(pk, request.user)
    chain = chain_or_404(project)
    moments = reads.known_moments(chain)[-MOST_MOMENTS:]
    old = _chosen(request.GET.get("old"), moments, moments[0][0])
    new = _chosen(request.GET.get("new"), moments, moments[-1][0])
    if old > new:
        old, new = new, old
    comparison = reads.compared(chain, old, new)
    context = {
        "project": project,
        "chain": chain,
        "moments": [
            (at.isoformat(), f"{timezone.localtime(at):%Y-%m-%d %H:%M} {words}") for at, words in moments
        ],
        "old": old.isoformat(),
        "new": new.isoformat(),
        "table": _slips(comparison),
        "causes": _causes(comparison) if comparison.slips else None,
        "worst": _name(comparison.slips[0]) if comparison.slips else "",
        "added": len(comparison.added),
        "removed": len(comparison.removed),
        "breadcrumbs": crumbs(project, _("当时的计划")),
    }
    return render(request, "projects/versions.html", context)


def _chosen(text: str | None, moments: list[tuple[datetime, str]], default: datetime) -> datetime:
    """The moment asked for, when it is one of those offered."""
    return next((at for at, _words in moments if at.isoformat() == text), default)


def _name(slip: Any) -> str:
    """The step's name without the key the engine adds."""
    return str(slip.name).removesuffix(f" ({slip.activity})")


def _slips(comparison: Any) -> Table:
    words = _cause_words()
    columns = [
        Column(_("事项"), frozen=True),
        Column(_("推迟（工作日）"), "number"),
        Column(_("其中应考核"), "number"),
        Column(_("由什么造成"), "long"),
    ]
    names = {slip.activity: _name(slip) for slip in comparison.slips}
    rows = []
    for slip in comparison.slips:
        shares = [
            f"{words[_cause(s)]} {s.days:+g}"
            + (f"（{names.get(s.origin, '')}）" if s.origin and s.origin != slip.activity else "")
            + (f"：{s.note}" if s.note else "")
            for s in slip.shares
        ]
        status = Status.LATE if slip.days > 0 else None
        rows.append(
            Row(
                [
                    _name(slip),
                    Cell(f"{slip.days:+g}", status=status),
                    f"{slip.assessed_days:+g}",
                    "；".join(shares),
                ]
            )
        )
    return Table(
        _("完成日期的变化"), columns, rows, identifier="slips", empty=_("两个时点之间，没有完成日期变化")
    )


ASKED = ("owner", "approving-office", "neighbour", "design-change", "weather", EXCUSED)
"""Shown whether they moved the date or not: what an assessment asks about."""


def _cause(share: Any) -> str:
    """An accepted excuse is a cause of its own, whatever it was that was excused."""
    return EXCUSED if share.accepted else share.cause.value


def _causes(comparison: Any) -> Table:
    """Days of the chain's last finish by cause, and how many of them count in an assessment."""
    words, days, assessed = _cause_words(), dict.fromkeys(ASKED, 0.0), dict.fromkeys(ASKED, 0.0)
    if comparison.slips:
        for share in comparison.slips[0].shares:
            key = _cause(share)
            days[key] = days.get(key, 0.0) + share.days
            assessed[key] = assessed.get(key, 0.0) + (0.0 if share.accepted else share.days)
    columns = [
        Column(_("原因"), frozen=True),
        Column(_("推迟（工作日）"), "number"),
        Column(_("其中应考核"), "number"),
    ]
    rows = [
        Row([words[key], f"{amount:+g}" if amount else "0", f"{assessed[key]:+g}" if assessed[key] else "0"])
        for key, amount in days.items()
    ]
    totals = [_("合计"), f"{sum(days.values()):+g}", f"{sum(assessed.values()):+g}"]
    return Table(_("变化最大的事项由什么造成"), columns, rows, totals=totals, identifier="causes-table")
