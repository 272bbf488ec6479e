"""The ranking as a table and as a chart; the same lines go to Excel and Word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hongtu.domains.assessment.rules import Difference, ItemChange, Score
from hongtu.domains.assessment.views.common import STATUS, number, score, signed
from hongtu.domains.assessment.vocab import Change, Standing
from hongtu.ui.charts import Chart, Series, bar
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.status import Status

Address = Callable[[Score], str]


def item_heads(lines: Sequence[Score]) -> list[str]:
    """Title and points of each item, as the head of a column."""
    return [f"{i.title}（{number(i.points)}）" for i in lines[0].items] if lines else []


def ranking_table(
    lines: Sequence[Score], address: Address, before: Mapping[int, int | None] | None = None
) -> Table:
    """Rank, unit, total, standing, each item's points, adjustments, excused records, places gained."""
    columns = [
        Column(_("名次"), "number"),
        Column(_("单位"), frozen=True),
        Column(_("得分"), "number"),
        Column(_("评定"), "nowrap"),
        *([Column(_("较上次通报"), "nowrap")] if before is not None else []),
        *(Column(head, "number") for head in item_heads(lines)),
        Column(_("加减分"), "number"),
        Column(_("免责（条）"), "number"),
    ]
    rows = [
        Row(
            [
                "" if line.rank is None else str(line.rank),
                Cell(line.name, address(line)),
                score(line.total),
                standing_cell(line),
                *([moved(line, before.get(line.unit))] if before is not None else []),
                *(score(i.got) for i in line.items),
                signed(line.adjustment) if line.adjustment else "",
                str(line.excused) if line.excused else "",
            ],
            key=str(line.unit),
        )
        for line in lines
    ]
    return Table(_("名次"), columns, rows, empty=_("没有可以计分的单位"), identifier="ranking")


def standing_cell(line: Score) -> Cell:
    if line.standing is Standing.UNRANKED:
        return Cell(_(Standing.UNRANKED.label))
    return Cell(_(Standing(line.standing).label), status=STATUS[Standing(line.standing)], worded=True)


def moved(line: Score, before: int | None) -> str:
    """Places gained or lost since the last published ranking."""
    if line.rank is None or before is None:
        return ""
    places = before - line.rank
    if places == 0:
        return _("持平")
    if places > 0:
        return ngettext("升%(n)d位", "升%(n)d位", places) % {"n": places}
    return ngettext("降%(n)d位", "降%(n)d位", -places) % {"n": -places}


def ranking_chart(lines: Sequence[Score], address: Address) -> Chart | None:
    """Totals as bars, one series a standing: told apart by pattern and legend, not by colour alone."""
    shown = [line for line in lines if line.standing is not Standing.UNRANKED]
    if not shown:
        return None
    names = [f"{line.rank} {line.name}" for line in shown]
    series = []
    for standing, status in (
        (Standing.GOOD, Status.NORMAL),
        (Standing.PASS, Status.WARNING),
        (Standing.POOR, Status.LATE),
    ):
        found = [line.total if _bar(line) is standing else None for line in shown]
        if any(v is not None for v in found):
            series.append(Series(_(standing.label), found, status, urls=[address(line) for line in shown]))
    return bar(
        _("得分"),
        names,
        series,
        identifier="scores",
        unit=_("分"),
        horizontal=True,
        stacked=True,
        height="tall" if len(shown) > 8 else "normal",
    )


def _bar(line: Score) -> Standing:
    return Standing.POOR if line.standing is Standing.VETOED else Standing(line.standing)


def difference_table(found: Sequence[Difference], identifier: str = "differences") -> Table:
    """Both totals and ranks of each unit, who rises and falls, and why."""
    columns = [
        Column(_("单位"), frozen=True),
        Column(_("原得分"), "number"),
        Column(_("新得分"), "number"),
        Column(_("变化"), "number"),
        Column(_("原名次"), "number"),
        Column(_("新名次"), "number"),
        Column(_("升降"), "nowrap"),
        Column(_("原因"), "text"),
    ]
    rows = [
        Row(
            [
                one.name,
                score(one.before.total) if one.before else "",
                score(one.after.total) if one.after else "",
                signed(one.delta),
                str(one.before.rank or "") if one.before else "",
                str(one.after.rank or "") if one.after else "",
                rise(one),
                "；".join(reason(r) for r in one.reasons[:4]) or _("没有变化"),
            ],
            key=str(one.unit),
        )
        for one in found
    ]
    return Table(_("逐家对比"), columns, rows, empty=_("没有可以对比的单位"), identifier=identifier)


def rise(one: Difference) -> Cell:
    if one.rise is None:
        return Cell("")
    if one.rise == 0:
        return Cell(_("持平"))
    if one.rise > 0:
        return Cell("↑ " + ngettext("升%(n)d位", "升%(n)d位", one.rise) % {"n": one.rise})
    return Cell("↓ " + ngettext("降%(n)d位", "降%(n)d位", -one.rise) % {"n": -one.rise})


def reason(change: ItemChange) -> str:
    """One cause of a difference in words: item, points before and after, why."""
    words: dict[str, Any] = {
        "title": change.title,
        "before": number(change.before) or "—",
        "after": number(change.after) or "—",
        "effect": signed(change.effect),
        "why": _(Change(change.change).label),
    }
    if change.change in (Change.APPEARED, Change.LEFT):
        return str(words["why"])
    if change.change is Change.VETO:
        return _("一票否决：%(title)s") % words
    if change.change is Change.ADJUSTMENT:
        return _("加减分%(before)s→%(after)s") % words
    return _("%(title)s%(before)s→%(after)s（%(effect)s，%(why)s）") % words
