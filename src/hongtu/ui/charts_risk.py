"""The risk curve: how sure each finish date is, now and once measures are taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from hongtu.ui.charts import PALETTE, Chart, _base, _mark_line, _split
from hongtu.ui.components import Column, Row, Table, Text
from hongtu.ui.formats import percent


def risk_curve(
    label: Text,
    outcomes: Sequence[tuple[dt.date, float]],
    markers: Sequence[tuple[Text, dt.date]] = (),
    *,
    identifier: str,
    height: str = "normal",
    after: Sequence[tuple[dt.date, float]] = (),
) -> Chart:
    """Probability (0 to 1, cumulative) that the finish is no later than each date, with marked dates.

    ``outcomes`` rise in date and probability. A marker stands at its date with the probability read
    off the curve. ``after`` is a second, dashed curve: the same once measures are taken.
    """
    marks = [(name, day, probability_by(outcomes, day)) for name, day in markers]
    lines = [(_("现在") if after else _("按期概率"), outcomes, "solid")]
    lines += [(_("采取措施后"), after, "dashed")] if after else []
    series: list[dict[str, Any]] = [
        {
            "type": "line",
            "name": name,
            "data": [[day.isoformat(), round(p, 4)] for day, p in points],
            "showSymbol": False,
            "lineStyle": {"width": 2, "color": PALETTE[number], "type": dash},
            "itemStyle": {"color": PALETTE[number]},
        }
        for number, (name, points, dash) in enumerate(lines)
    ]
    series[0]["areaStyle"] = {"color": PALETTE[0], "opacity": 0.08}
    series[0]["markLine"] = _mark_line(_marker_lines(marks, outcomes))
    option = _base(label, bool(after), "") | {
        "xAxis": {
            "type": "time",
            "axisLabel": {"color": "#5a6270", "formatter": "@day", "hideOverlap": True},
        },
        "yAxis": {
            "type": "value",
            "max": 1,
            "interval": 0.25,
            "axisLabel": {"formatter": "@percent", "color": "#5a6270"},
            **_split(),
        },
        "series": series,
    }
    option["grid"]["top"] += 28  # room for labels above each other
    return Chart(label, option, _risk_table(label, outcomes, marks, after, identifier), identifier, height)


def _marker_lines(
    marks: Sequence[tuple[Text, dt.date, float]], outcomes: Sequence[tuple[dt.date, float]]
) -> list[dict[str, Any]]:
    """One line a date; labels of dates that lie close together stand in steps, so that both can be read."""
    by_day: dict[dt.date, tuple[list[str], float]] = {}
    for name, day, p in sorted(marks, key=lambda mark: mark[1]):
        by_day.setdefault(day, ([], p))[0].append(str(name))
    days = [day for day, _p in outcomes] + list(by_day)
    near = (max(days) - min(days)) / 5 if days else dt.timedelta()
    lines: list[dict[str, Any]] = []
    before: dt.date | None = None
    for day, (names, p) in by_day.items():
        step = 4 if before is None or day - before > near else (lines[-1]["label"]["distance"] + 14) % 42
        words = _("、").join(names)
        lines.append(
            {"xAxis": day.isoformat(), "name": f"{words} {percent(p, 0)}", "label": {"distance": step}}
        )
        before = day
    return lines


def _risk_table(
    label: Text,
    outcomes: Sequence[tuple[dt.date, float]],
    marks: Sequence[tuple[Text, dt.date, float]],
    after: Sequence[tuple[dt.date, float]],
    identifier: str,
) -> Table:
    """The curve as rows: what it says of each date, and of the same date once measures are taken."""
    columns = [
        Column(_("日期"), "date", frozen=True),
        Column(_("不晚于此日的概率"), "number"),
        *([Column(_("采取措施后"), "number")] if after else []),
        Column(_("标记")),
    ]
    named: dict[dt.date, str] = {}
    for name, day, _p in marks:
        named[day] = f"{named[day]}{_('、')}{name}" if day in named else str(name)
    merged = sorted({*outcomes, *((day, p) for _name, day, p in marks)})
    rows = [
        Row(
            [
                f"{day:%Y-%m-%d}",
                percent(p),
                *([percent(probability_by(after, day))] if after else []),
                named.get(day, ""),
            ]
        )
        for day, p in merged
    ]
    return Table(label, columns, rows, identifier=f"{identifier}-table")


def probability_by(outcomes: Sequence[tuple[dt.date, float]], day: dt.date) -> float:
    """Probability at a date, read off the curve in a straight line between its points."""
    before: tuple[dt.date | None, float] = (None, 0.0)
    for when, p in outcomes:
        if when >= day:
            start, low = before
            if start is None or when == day:
                return p if when == day else 0.0
            return low + (p - low) * (day - start).days / (when - start).days
        before = (when, p)
    return before[1]
