"""Cost against date: the alternatives of which none is both dearer and later than another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hongtu.ui.charts import MARKS, PALETTE, Chart, _axis_look, _base, _mark_line, _split
from hongtu.ui.components import Column, Row, Table, Text
from hongtu.ui.formats import grouped
from hongtu.ui.status import Status, look


@dataclass(frozen=True, slots=True)
class Choice:
    """One alternative: what it costs, when it finishes, whether that keeps the date."""

    name: Text
    cost: float
    finish: dt.date
    keeps: bool


def tradeoff(
    label: Text,
    choices: Sequence[Choice],
    wanted: dt.date,
    *,
    identifier: str,
    unit: Text = "",
    height: str = "normal",
) -> Chart:
    """Choices in order of cost as points joined by steps; the wanted date as a line across.

    Those that keep the date are filled circles, the others hollow triangles: told apart without colour.
    """
    unit = unit or _("元")
    days = [choice.finish for choice in choices] + [wanted]
    line = {
        "type": "line",
        "name": str(label),
        "step": "start",
        "data": _points(choices),
        "symbolSize": 12,
        "lineStyle": {"color": PALETTE[1], "width": 1.5},
        "label": {"show": True, "formatter": "{b}", "position": "top", "color": "#1d2129"},
        "labelLayout": {"hideOverlap": True},
        "markLine": _mark_line([{"yAxis": wanted.isoformat(), "name": f"{_('要保的日期')} {wanted}"}]),
    }
    line["markLine"]["label"]["position"] = "insideStartTop"  # type: ignore[index]
    margin = dt.timedelta(days=max(2, (max(days) - min(days)).days // 8))
    option = _base(label, False, unit) | {
        "xAxis": {
            "type": "value",
            "name": str(unit),
            "min": 0,
            **_axis_look(line=True),
            **_split(),
            "axisLabel": {"formatter": "@grouped", "color": "#5a6270", "hideOverlap": True},
        },
        "yAxis": {
            "type": "time",
            "min": (min(days) - margin).isoformat(),
            "max": (max(days) + margin).isoformat(),
            "axisLabel": {"color": "#5a6270", "formatter": "@day", "hideOverlap": True},
            **_split(),
        },
        "series": [line],
    }
    table = _table(label, choices, unit, identifier)
    return Chart(label, option, table, identifier, height)


def _points(choices: Sequence[Choice]) -> list[dict[str, Any]]:
    kept, missed = look(Status.NORMAL).colour, look(Status.WARNING).colour
    return [
        {
            "value": [choice.cost, choice.finish.isoformat()],
            "name": str(choice.name),
            "symbol": MARKS[0] if choice.keeps else MARKS[2],
            "itemStyle": {
                "color": kept if choice.keeps else "#ffffff",
                "borderColor": kept if choice.keeps else missed,
                "borderWidth": 2,
            },
        }
        for choice in choices
    ]


def _table(label: Text, choices: Sequence[Choice], unit: Text, identifier: str) -> Table:
    columns = [
        Column(_("方案"), frozen=True),
        Column(_("费用"), "number"),
        Column(_("完成日期"), "date"),
        Column(_("保住日期"), "nowrap"),
    ]
    rows = [
        Row([str(c.name), grouped(c.cost), f"{c.finish:%Y-%m-%d}", _("保住") if c.keeps else _("还不够")])
        for c in choices
    ]
    return Table(label, columns, rows, unit=unit, identifier=f"{identifier}-table")
