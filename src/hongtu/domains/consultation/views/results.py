"""The public list of what consultations led to: how much, for what money, how people judged it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hongtu.domains.consultation.queries import achieved
from hongtu.kernel.access.guards import guard
from hongtu.ui.components import Cell, Column, Figure, Pages, Row, Table
from hongtu.ui.formats import percent, wan

PER_PAGE = 50


def amount(value: Decimal) -> str:
    """55 and 30,000, with decimals only where there are any."""
    return f"{value.normalize():,f}"


def achieved_figures(chosen: str = "") -> list[Figure]:
    """Each sum opens the rows it adds up."""
    here = reverse("consultation:results")
    return [
        Figure(line["label"], amount(line["total"]), line["unit"], url=f"{here}?measure={line['measure']}")
        for line in achieved.sums()
        if not chosen or line["measure"] == chosen
    ]


def _table(rows: list[Any]) -> Table:
    columns = [
        Column(_("议题"), frozen=True),
        Column(_("社区（村）"), "nowrap"),
        Column(_("成果"), "nowrap"),
        Column(_("数量"), "number"),
        Column(_("资金（万元）"), "number"),
        Column(_("落实日期"), "date"),
        Column(_("满意率"), "nowrap"),
    ]
    tasks = [row.result.problem.consultation_task for row in rows]
    opinions = achieved.satisfaction_of(task.conclusion.topic_id for task in tasks)
    lines: list[Row] = []
    told: set[int] = set()  # the money of a task with two quantities stands with the first
    for row, task in zip(rows, tasks, strict=True):
        topic, posting = task.conclusion.topic, getattr(task.conclusion, "posting", None)
        url = reverse("consultation:posting", args=[posting.pk]) if posting else ""
        happy, given = opinions.get(topic.pk, (0, 0))
        lines.append(
            Row(
                [
                    Cell(topic.name, url),
                    str(topic.community),
                    row.label,
                    f"{amount(row.amount)} {row.unit}",
                    "" if task.amount is None or task.pk in told else wan(task.amount, 2),
                    task.done_on.isoformat() if task.done_on else "",
                    f"{percent(happy / given, 0)}（{happy}/{given}）" if given else "—",
                ]
            )
        )
        told.add(task.pk)
    return Table(_("协商成果清单"), columns, lines, empty=_("还没有落实的协商成果"), identifier="achieved")


@guard(public=True)
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Everything achieved, or one measure of it."""
    rows = achieved.rows()
    measure = request.GET.get("measure", "")
    if measure:
        rows = rows.filter(measure=measure)
    asked = request.GET.get("page", "1")
    number = max(1, int(asked[:6])) if asked.isascii() and asked.isdigit() else 1
    pages = Pages(number, rows.count(), PER_PAGE, {"measure": measure} if measure else {})
    first = (number - 1) * PER_PAGE
    context = {
        "figures": achieved_figures(measure),
        "table": _table(list(rows[first : first + PER_PAGE])),
        "measure": measure,
        "pages": pages,
    }
    return render(request, "consultation/results.html", context)
