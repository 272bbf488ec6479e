"""Charts as plain data: a builder returns the ECharts option and the table that says the same.

Options are JSON; a formatter is named (``@grouped``, ``@percent``, ``@month``) and looked up in
``static/ui/charts.js``, so that no function travels in a page. Every chart carries its table: a
person who cannot see it, or who wants the figures, gets rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from hongtu.ui.components import Cell, Column, Row, Table, Text
from hongtu.ui.formats import grouped, percent
from hongtu.ui.status import Status, look

PALETTE = ("#0b5cad", "#5f6b7a", "#1e7d45", "#9a5200", "#7a4fa3", "#0f7c8a")
# Patterns in white, so that the second and third status or side is told apart without colour.
DECAL = {
    "show": True,
    "decals": [
        {"symbol": "none"},
        {
            "color": "rgba(255,255,255,0.45)",
            "dashArrayX": [1, 0],
            "dashArrayY": [2, 5],
            "rotation": 0.785,
            "symbolSize": 1,
        },
        {
            "color": "rgba(255,255,255,0.5)",
            "symbol": "rect",
            "dashArrayX": [[6, 6], [0, 6, 6, 0]],
            "dashArrayY": [6, 0],
            "symbolSize": 0.7,
        },
    ],
}
LINES = ("solid", "dashed", "dotted")
MARKS = ("circle", "rect", "triangle", "diamond")
Value = float | int | None


@dataclass(frozen=True)
class Chart:
    """What ``{% chart %}`` takes. ``height`` is ``small``, ``normal`` or ``tall``."""

    label: Text
    option: dict[str, Any]
    table: Table
    identifier: str
    height: str = "normal"


@dataclass(frozen=True, slots=True)
class Series:
    """One run of values, as many as there are categories; ``None`` is a gap."""

    name: Text
    values: Sequence[Value]
    status: Status | None = None
    dashed: bool = False
    urls: Sequence[str] = field(default_factory=tuple)


def bar(
    label: Text,
    categories: Sequence[Text],
    series: Sequence[Series],
    *,
    identifier: str,
    unit: Text = "",
    horizontal: bool = False,
    stacked: bool = False,
    share: bool = False,
    height: str = "normal",
) -> Chart:
    """Bars by category. ``share`` shows values between 0 and 1 as percentages.

    Horizontal bars read from top to bottom in the order given. Stacked statuses carry a pattern as
    well as a colour.
    """
    written = "@percent" if share else "@grouped"
    names = [str(c) for c in categories]
    category = {"type": "category", "data": names, "inverse": horizontal, **_axis_look(line=True)}
    value = {"type": "value", "axisLabel": {"formatter": written, "color": "#5a6270"}, **_split()}
    if share:
        value |= {"max": 1, "interval": 0.25}
    drawn = []
    for number, one in enumerate(series):
        colour = look(one.status).colour if one.status else PALETTE[number % len(PALETTE)]
        drawn.append(
            {
                "type": "bar",
                "name": str(one.name),
                "data": [_point(v, one.urls, i) for i, v in enumerate(one.values)],
                "itemStyle": {"color": colour, "borderRadius": 0 if stacked else 2},
                "barMaxWidth": 18,
                "stack": "all" if stacked else None,
                "label": {
                    "show": len(series) == 1,
                    "position": "right" if horizontal else "top",
                    "formatter": written,
                    "color": "#1d2129",
                },
            }
        )
    option = _base(label, len(series) > 1, unit) | {
        "xAxis": value if horizontal else category,
        "yAxis": category if horizontal else value,
        "series": drawn,
    }
    if len(series) > 1:
        option["aria"]["decal"] = DECAL
    return Chart(label, option, _table(label, names, series, unit, share, identifier), identifier, height)


def s_curve(
    label: Text,
    months: Sequence[Text],
    planned: Sequence[Value],
    done: Sequence[Value],
    *,
    identifier: str,
    unit: Text = "",
    forecast: Sequence[Value] = (),
    today: Text = "",
    height: str = "normal",
) -> Chart:
    """Cumulative plan against done (and forecast): solid for what happened, dashed for what is meant."""
    series = [Series(_("计划"), planned, dashed=True), Series(_("完成"), done)]
    if forecast:
        series.append(Series(_("预测"), forecast, dashed=True))
    chart = line(label, months, series, identifier=identifier, unit=unit, today=today, height=height)
    for drawn, colour in zip(chart.option["series"], ("#5f6b7a", "#0b5cad", "#9a5200"), strict=False):
        drawn["itemStyle"]["color"] = drawn["lineStyle"]["color"] = colour
    chart.option["series"][1]["areaStyle"] = {"color": "#0b5cad", "opacity": 0.08}
    return chart


def line(
    label: Text,
    categories: Sequence[Text],
    series: Sequence[Series],
    *,
    identifier: str,
    unit: Text = "",
    share: bool = False,
    today: Text = "",
    height: str = "normal",
) -> Chart:
    """Lines over categories (months, weeks). Told apart by dash and mark as well as by colour."""
    written = "@percent" if share else "@grouped"
    names = [str(c) for c in categories]
    drawn: list[dict[str, Any]] = []
    for number, one in enumerate(series):
        colour = look(one.status).colour if one.status else PALETTE[number % len(PALETTE)]
        drawn.append(
            {
                "type": "line",
                "name": str(one.name),
                "data": [_point(v, one.urls, i) for i, v in enumerate(one.values)],
                "symbol": MARKS[number % len(MARKS)],
                "symbolSize": 6,
                "itemStyle": {"color": colour},
                "lineStyle": {"color": colour, "width": 2, "type": LINES[1] if one.dashed else LINES[0]},
            }
        )
    if today and drawn:
        drawn[0]["markLine"] = _mark_line([{"xAxis": str(today), "name": _("今日")}])
    option = _base(label, len(series) > 1, unit) | {
        "xAxis": {"type": "category", "data": names, "boundaryGap": False, **_axis_look(line=True)},
        "yAxis": {"type": "value", "axisLabel": {"formatter": written, "color": "#5a6270"}, **_split()},
        "series": drawn,
    }
    option["tooltip"]["trigger"] = "axis"
    return Chart(label, option, _table(label, names, series, unit, share, identifier), identifier, height)


@dataclass(frozen=True, slots=True)
class Influence:
    """A bar of a tornado chart: the outcome at the low and at the high end of one factor."""

    name: Text
    low: float
    high: float


def tornado(
    label: Text,
    influences: Sequence[Influence],
    base: float,
    *,
    identifier: str,
    unit: Text = "",
    height: str = "normal",
) -> Chart:
    """Which factor moves the outcome most, the widest on top, around the base case."""
    ordered = sorted(influences, key=lambda i: abs(i.high - i.low), reverse=True)
    names = [str(i.name) for i in ordered]

    def side(name: str, colour: str, values: list[float]) -> dict[str, Any]:
        return {
            "type": "bar",
            "name": name,
            "stack": "all",
            "barMaxWidth": 16,
            "itemStyle": {"color": colour},
            "data": [round(v - base, 6) for v in values],
        }

    option = _base(label, True, unit) | {
        "xAxis": {"type": "value", "axisLabel": {"formatter": "@signed", "color": "#5a6270"}, **_split()},
        "yAxis": _name_axis(names),
        "series": [
            side(_("有利"), "#0b5cad", [i.low for i in ordered]),
            side(_("不利"), "#9a5200", [i.high for i in ordered]),
        ],
    }
    option["aria"]["decal"] = DECAL
    option["title"] = {
        "text": _("基准 %(base)s%(unit)s") % {"base": grouped(base), "unit": unit},
        "right": 0,
        "top": 0,
        "textStyle": {"fontSize": 12, "fontWeight": "normal", "color": "#5a6270"},
    }
    columns = [
        Column(_("因素"), frozen=True),
        Column(_("有利"), "number"),
        Column(_("不利"), "number"),
        Column(_("幅度"), "number"),
    ]
    rows = [
        Row([str(i.name), grouped(i.low, 1), grouped(i.high, 1), grouped(abs(i.high - i.low), 1)])
        for i in ordered
    ]
    table = Table(label, columns, rows, unit=unit, identifier=f"{identifier}-table")
    return Chart(label, option, table, identifier, height)


def _base(label: Text, legend: bool, unit: Text) -> dict[str, Any]:
    """What all charts share: no animation, tooltips without HTML (the content policy), our font."""
    return {
        "animation": False,
        "color": list(PALETTE),
        "textStyle": {"fontSize": 12, "color": "#1d2129"},
        "aria": {"enabled": True, "label": {"description": f"{label}（{unit}）" if unit else str(label)}},
        "grid": {"left": 8, "right": 28, "top": 36 if legend else 20, "bottom": 8, "containLabel": True},
        "legend": {"show": legend, "top": 0, "left": 0, "itemWidth": 22, "itemHeight": 10, "icon": None},
        "tooltip": {"renderMode": "richText", "confine": True, "valueFormatter": "@grouped"},
    }


def _name_axis(names: list[str]) -> dict[str, Any]:
    """Names from top to bottom; long ones break instead of pushing the bars off a phone."""
    label = {"color": "#5a6270", "width": 150, "overflow": "break"}
    return {
        "type": "category",
        "data": names,
        "inverse": True,
        **_axis_look(line=False),
        "axisLabel": label,
    }


def _axis_look(line: bool) -> dict[str, Any]:
    return {
        "axisTick": {"show": False},
        "axisLine": {"show": line, "lineStyle": {"color": "#848e9b"}},
        "axisLabel": {"color": "#5a6270", "hideOverlap": True},
    }


def _split() -> dict[str, Any]:
    return {"splitLine": {"lineStyle": {"color": "#e3e7ec"}}, "splitNumber": 4}


def _mark_line(data: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "symbol": "none",
        "silent": True,
        "animation": False,
        "lineStyle": {"color": "#1d2129", "type": "dashed", "width": 1.25},
        "label": {"formatter": "{b}", "color": "#1d2129", "position": "end", "distance": 4},
        "data": data,
    }


def _point(value: Value, urls: Sequence[str], index: int) -> Any:
    """A value, with the address of the rows it counts where there is one."""
    return {"value": value, "url": urls[index]} if index < len(urls) and urls[index] else value


def _table(
    label: Text, names: list[str], series: Sequence[Series], unit: Text, share: bool, identifier: str
) -> Table:
    """Categories down, series across."""
    columns = [Column(_("项"), frozen=True), *(Column(s.name, "number") for s in series)]

    def written(value: Value) -> str:
        if value is None:
            return ""
        return percent(value) if share else grouped(value, 0 if float(value).is_integer() else 2)

    rows = [
        Row([name, *(Cell(written(s.values[i]), s.urls[i] if i < len(s.urls) else "") for s in series)])
        for i, name in enumerate(names)
    ]
    return Table(label, columns, rows, unit=unit, identifier=f"{identifier}-table")
