"""The room's first page: what waits, what should become a topic, how consultations go."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hongtu.domains.consultation import queries
from hongtu.domains.consultation.views.results import achieved_figures
from hongtu.domains.consultation.views.tables import waiting_table
from hongtu.domains.consultation.vocab import Kind
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can
from hongtu.kernel.people.models import Person
from hongtu.ui.components import Cell, Column, Figure, Row, Table
from hongtu.ui.formats import percent


def _ledger(slug: str, **query: str) -> str:
    return reverse("ledger:list", args=[slug]) + (f"?{urlencode(query)}" if query else "")


def figures(by: Person) -> list[Figure]:
    """Each measure with what it is a share of; each opens the rows it counts."""
    topics, tasks = _ledger("consultations"), _ledger("consultation-tasks")
    names = {
        "adopted": (_("立题率"), topics),
        "consensus": (_("共识达成率"), topics),
        "carried_out": (_("意见落实率"), tasks),
        "in_time": (_("按期落实率"), tasks),
        "satisfied": (_("满意率"), topics),
        "repeated": (_("再议率"), topics),
    }
    found = [
        Figure(
            names[name][0],
            percent(part / whole, 0) if whole else "—",
            note=f"{part}/{whole}",
            url=names[name][1],
        )
        for name, (part, whole) in queries.measures(by).items()
    ]
    days = queries.cycle(by)
    found.append(Figure(_("平均周期"), "—" if days is None else f"{days:.0f}", _("天"), url=topics))
    found.append(Figure(_("参与人次"), str(queries.attendances(by)), _("人次"), url=topics))
    return found


def suggestions_table(by: Person) -> Table:
    """Kinds and places that were brought up often."""
    columns = [
        Column(_("类别"), "nowrap", frozen=True),
        Column(_("小区")),
        Column(_("社区（村）")),
        Column(_("提事件数"), "number"),
    ]
    rows = []
    for group in queries.suggestions(by):
        query = {"kind": group["kind"], "community": str(group["community"])}
        if group["estate"]:
            query["estate"] = str(group["estate"])
        rows.append(
            Row(
                [
                    Cell(_(Kind(group["kind"]).label), _ledger("proposals", **query)),
                    group["estate__name"] or "",
                    group["community__name"],
                    str(group["n"]),
                ]
            )
        )
    return Table(_("建议立题"), columns, rows, empty=_("没有达到件数的同类提事"), identifier="suggestions")


@guard("consultation.read")
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    by = request.user
    context = {
        "figures": figures(by),
        "achieved": achieved_figures(),
        "waiting": waiting_table(queries.mine(by)[:50]),
        "suggestions": suggestions_table(by),
        "least": queries.steps_rule()["suggest_from"],
        "may_change": can(by, "consultation.change"),
    }
    return render(request, "consultation/home.html", context)
