"""The six statuses every page, chart, map and printed sheet speaks.

A status is a shape and a word; colour only repeats them (in grey print four of the colours differ by
less than twelve steps of brightness, measured). The shapes are drawn here once, in a box of 10 x 10
units, and used by HTML, SVG, ECharts and Leaflet alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Status(StrEnum):
    """State of a step, a project, a figure; names and words are those of `chains.vocab.Light`."""

    NORMAL = "normal"
    WARNING = "warning"
    LATE = "late"
    DONE = "done"
    NOT_DUE = "not_due"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class Look:
    """How a status is shown.

    ``path`` is SVG path data in a 10 x 10 box, filled; ``colour`` reaches 4.5:1 on white;
    ``soft`` is the light ground behind a tag.
    """

    word: str | Promise
    colour: str
    soft: str
    path: str


NEUTRAL = "#5f6b7a"
_RING = "M5 0A5 5 0 1 0 5 10A5 5 0 1 0 5 0ZM5 1.6A3.4 3.4 0 1 1 5 8.4A3.4 3.4 0 1 1 5 1.6Z"
_HALF = "M0 0H10V10H0ZM1.4 1.4V8.6L8.6 1.4Z"

LOOKS: dict[Status, Look] = {
    Status.NORMAL: Look(_("正常"), "#1e7d45", "#e7f4ec", "M5 0A5 5 0 1 0 5 10A5 5 0 1 0 5 0Z"),
    Status.WARNING: Look(_("预警"), "#9a5200", "#fdf1e0", "M5 0.4L10 9.6H0Z"),
    Status.LATE: Look(_("滞后"), "#c4281c", "#fdecea", "M0.4 0.4H9.6V9.6H0.4Z"),
    Status.DONE: Look(_("完成"), NEUTRAL, "#eef1f4", "M3.9 9.2L0 5.3L1.5 3.8L3.9 6.2L8.6 1.2L10 2.6Z"),
    Status.NOT_DUE: Look(_("未到期"), NEUTRAL, "#eef1f4", _RING),
    Status.EXCUSED: Look(_("免责"), NEUTRAL, "#eef1f4", _HALF),
}


def look(status: Status | str) -> Look:
    """Look of a status; ``ValueError`` names an unknown one."""
    return LOOKS[Status(status)]


@cache
def shape_svg(status: Status | str, size: str = "") -> str:
    """Inline SVG of the shape in its colour, hidden from screen readers: the word beside it speaks.

    The colour is written out, since WeasyPrint hands no ``currentColor`` into an SVG. ``size`` is an
    optional length for where no stylesheet gives one.
    """
    box = f' width="{size}" height="{size}"' if size else ""
    seen = look(status)
    return (
        f'<svg class="shape" viewBox="0 0 10 10"{box} aria-hidden="true" focusable="false">'
        f'<path fill="{seen.colour}" fill-rule="evenodd" d="{seen.path}"/></svg>'
    )
