"""Chain charts drawn on the server: a row for a chain, a bar for a step, a line for today.

One renderer serves the wall (bars placed in percent, so the page scales without a script) and print
(bars placed in pixels, outlined instead of filled, because status must survive a grey printer).
A bar says its status three times: by colour, by shape, and by the word in its title and in the table.
Drawn as text, not as a tree of objects: 120 rows of 10 steps take a few milliseconds.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from django.utils.translation import gettext as _

from hongtu.ui.components import Cell, Column, Row, Table, Text
from hongtu.ui.status import NEUTRAL, Status, look

INK = "#1d2129"
GRID = "#e3e7ec"
TODAY = "#0b5cad"
LANE = 18
"""Height of one lane in pixels; steps that overlap in time lie in lanes above each other."""
FONT = 11
SPEAKING = (Status.NORMAL, Status.WARNING, Status.LATE)
"""Filled on the screen; what is done or not due stays light, so that the eye finds what is under way."""
NARROWEST = 820
"""Width in pixels below which the fluid chart does not shrink; decides which bars have room for text."""


@dataclass(frozen=True, slots=True)
class Step:
    """A bar. ``planned_*`` draws the promise as a thin line below where the bar has moved away from it.

    ``movable`` lets it be dragged (see ``chain_drag.js``), which needs a ``key``. ``ghost`` is where it lay
    in the baseline: a dashed outline behind the bar.
    """

    label: Text
    start: dt.date
    finish: dt.date
    status: Status = Status.NOT_DUE
    planned_start: dt.date | None = None
    planned_finish: dt.date | None = None
    critical: bool = False
    detail: Text = ""
    url: str = ""
    key: str = ""
    movable: bool = False
    ghost: tuple[dt.date, dt.date] | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """A row: its name (a link), further cells, its steps and its own status."""

    label: Text
    steps: Sequence[Step]
    cells: Sequence[Text] = ()
    status: Status | None = None
    status_detail: Text = ""
    url: str = ""
    key: str = ""


@dataclass(frozen=True)
class Timescale:
    """The days from ``start`` to ``end``, both included, and today (the data date)."""

    start: dt.date
    end: dt.date
    today: dt.date | None = None

    @classmethod
    def year(cls, year: int, today: dt.date | None = None) -> Timescale:
        """A calendar year."""
        return cls(dt.date(year, 1, 1), dt.date(year, 12, 31), today)

    @cached_property
    def days(self) -> int:
        """Number of days shown."""
        return (self.end - self.start).days + 1

    def share(self, day: dt.date, after: bool = False) -> float:
        """Position of a day's beginning (or end) between 0 and 1, held within the scale."""
        offset = (day - self.start).days + (1 if after else 0)
        return min(1.0, max(0.0, offset / self.days))

    def shows(self, first: dt.date, last: dt.date) -> bool:
        """Whether any day from ``first`` to ``last`` lies on the scale."""
        return first <= self.end and last >= self.start

    @cached_property
    def months(self) -> list[tuple[dt.date, float]]:
        """First day and position of every month on the scale."""
        found = [(self.start, 0.0)]
        month = self.start
        while True:
            length = calendar.monthrange(month.year, month.month)[1]
            month = month.replace(day=1) + dt.timedelta(days=length)
            if month > self.end:
                return found
            found.append((month, self.share(month)))


@dataclass(frozen=True)
class ChainChart:
    """A whole chart: ``columns`` head the cells between the name and the bars.

    ``lane`` and ``font`` are pixels; a big screen takes 30 and 18, and screen.css doubles them at 3840.
    ``move_dialog`` names the dialog that opens with the new dates when a movable step was dragged.
    ``table_url`` leads to the same data as rows; without it the table is folded under the chart.
    """

    label: Text
    chains: Sequence[Chain]
    scale: Timescale
    columns: Sequence[Text] = ()
    name_heading: Text = ""
    unit: Text = ""
    table_url: str = ""
    identifier: str = "chain-chart"
    show_status: bool = True
    lane: float = LANE
    font: float = FONT
    move_dialog: str = ""
    ghost_words: Text = ""
    """What the dashed outlines are, said in the legend."""

    def rows(self) -> list[tuple[Chain, str]]:
        """Chains with their bars as fluid SVG."""
        return [(chain, row_svg(chain, self.scale, None, self.lane, self.font)) for chain in self.chains]

    def axis(self) -> str:
        """Months and today's mark as fluid SVG."""
        return axis_svg(self.scale, font=self.font)

    def table(self) -> Table:
        """The same data as rows: chain, step, dates, status in words."""
        return chart_table(self)


def text_width(text: str, size: float) -> float:
    """Approximate width of a text: an ideograph is as wide as high, a Latin letter a little over half."""
    return sum(size if ord(c) > 0x2E7F else size * 0.56 for c in text)


def fitted(text: str, width: float, size: float) -> str:
    """The text cut to a width, empty where fewer than two characters would be left."""
    if text_width(text, size) <= width:
        return text
    room, kept = width - size, ""
    for character in text:
        room -= text_width(character, size)
        if room < 0:
            break
        kept += character
    return kept + "…" if len(kept) > 1 else ""


def lanes(steps: Sequence[Step]) -> list[int]:
    """Lane of each step so that no two overlap: the first free lane in order of start."""
    free: list[dt.date] = []
    placed = [0] * len(steps)
    for index in sorted(range(len(steps)), key=lambda i: (steps[i].start, steps[i].finish)):
        step = steps[index]
        lane = next((at for at, until in enumerate(free) if until < step.start), len(free))
        if lane == len(free):
            free.append(dt.date.min)
        free[lane] = max(step.finish, step.start)
        placed[index] = lane
    return placed


def step_title(step: Step) -> str:
    """All a bar says, in words: name, dates, status, detail, promise."""
    days = (
        f"{step.start:%Y-%m-%d}"
        if step.start == step.finish
        else f"{step.start:%Y-%m-%d} – {step.finish:%Y-%m-%d}"
    )
    parts = [str(step.label), days, str(look(step.status).word)]
    detail = str(step.detail)
    if detail:
        parts[-1] = detail if detail.startswith(parts[-1]) else f"{parts[-1]} {detail}"
    if step.planned_finish and step.planned_finish != step.finish:
        parts.append(_("承诺 %(day)s") % {"day": f"{step.planned_finish:%Y-%m-%d}"})
    if step.critical:
        parts.append(_("关键"))
    return " · ".join(parts)


def chain_summary(chain: Chain) -> str:
    """One sentence for a screen reader: how many steps are in which state."""
    counts: dict[Status, int] = {}
    for step in chain.steps:
        counts[step.status] = counts.get(step.status, 0) + 1
    said = "，".join(f"{look(s).word} {counts[s]}" for s in Status if s in counts)
    return f"{chain.label}：{said}" if said else str(chain.label)


def row_svg(
    chain: Chain,
    scale: Timescale,
    width: float | None = None,
    lane: float = LANE,
    font: float = FONT,
) -> str:
    """Bars of one chain. Fluid (percent) without ``width``; with it, of that many pixels and for print."""
    shown = [s for s in chain.steps if scale.shows(s.start, max(s.start, s.finish))]
    placed = lanes(shown)
    height = (max(placed, default=0) + 1) * lane + 4
    parts = [_grid(scale, width, height)]
    parts += [
        _bar(step, scale, width, 2 + at * lane, lane, font) for step, at in zip(shown, placed, strict=True)
    ]
    parts.append(_today(scale, width, height))
    size = _size(width, height)
    return (
        f'<svg class="chain-row" {size} height="{height:g}" role="img" '
        f'aria-label="{escape(chain_summary(chain))}">{"".join(parts)}</svg>'
    )


def axis_svg(scale: Timescale, width: float | None = None, font: float = FONT) -> str:
    """Names of the months and today's date over the bars."""
    height = font * 2.9
    parts = []
    for number, (day, share) in enumerate(scale.months):
        name = _("%(month)d月") % {"month": day.month}
        if number == 0 or day.month == 1:
            name = name if len(scale.months) <= 12 else f"{day.year}-{day.month:02d}"
        x = _at(share, width)
        parts.append(
            f'<svg x="{x}" overflow="visible"><text x="3" y="{height - 5:g}" font-size="{font:g}" '
            f'fill="#3f4855">{name}</text></svg>'
        )
    if scale.today and scale.shows(scale.today, scale.today):
        share = scale.share(scale.today)
        anchor = "end" if share > 0.9 else "start" if share < 0.1 else "middle"
        parts.append(
            f'<svg x="{_at(share, width)}" overflow="visible"><text y="{font:g}" font-size="{font:g}" '
            f'font-weight="600" text-anchor="{anchor}" fill="{TODAY}">'
            f'{_("今日")} {scale.today:%m-%d}</text><path d="M-3.5 {font + 4:g}H3.5L0 {font + 9:g}Z" '
            f'fill="{TODAY}"/></svg>'
        )
    size = _size(width, height)
    return f'<svg class="chain-axis" {size} height="{height:g}" aria-hidden="true">{"".join(parts)}</svg>'


def chart_table(chart: ChainChart) -> Table:
    """The equivalent table: one row for each step of each chain."""
    columns = [
        Column(chart.name_heading or _("名称"), frozen=True),
        Column(_("步骤")),
        Column(_("开始"), "date"),
        Column(_("完成"), "date"),
        Column(_("承诺完成"), "date"),
        Column(_("状态"), "nowrap"),
    ]
    rows = [
        Row(
            [
                Cell(chain.label, chain.url),
                Cell(step.label, step.url),
                f"{step.start:%Y-%m-%d}",
                f"{step.finish:%Y-%m-%d}",
                f"{step.planned_finish:%Y-%m-%d}" if step.planned_finish else "",
                Cell(step.detail, status=step.status),
            ]
        )
        for chain in chart.chains
        for step in chain.steps
    ]
    return Table(chart.label, columns, rows, identifier=f"{chart.identifier}-table")


def _size(width: float | None, height: float) -> str:
    """Attributes of the outer SVG; in print it is a file of its own and must name the font."""
    if width is None:
        return 'width="100%"'
    return (
        f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        'font-family="Hongtu Sans SC"'
    )


def _at(share: float, width: float | None) -> str:
    """A horizontal position: percent in the fluid chart, pixels in the printed one."""
    return f"{share * 100:.3f}%" if width is None else f"{share * width:.2f}"


def _grid(scale: Timescale, width: float | None, height: float) -> str:
    """A faint line at the beginning of each month."""
    if width is not None:
        path = "".join(f"M{share * width:.2f} 0V{height:g}" for _day, share in scale.months[1:])
        return f'<path d="{path}" stroke="{GRID}" stroke-width="0.75" fill="none"/>'
    lines = "".join(
        f'<line x1="{share * 100:.3f}%" x2="{share * 100:.3f}%" y2="100%"/>'
        for _day, share in scale.months[1:]
    )
    return f'<g stroke="{GRID}">{lines}</g>'


def _today(scale: Timescale, width: float | None, height: float) -> str:
    if not scale.today or not scale.shows(scale.today, scale.today):
        return ""
    x = _at(scale.share(scale.today), width)
    return (
        f'<line x1="{x}" x2="{x}" y1="0" y2="{height:g}" stroke="{TODAY}" stroke-width="1.25" '
        'stroke-dasharray="3 2"/>'
    )


def _bar(step: Step, scale: Timescale, width: float | None, top: float, lane: float, font: float) -> str:
    """One step: the bar, its shape, its text, the promise below, all in a group with a title."""
    left = scale.share(step.start)
    right = max(scale.share(max(step.start, step.finish), after=True), left + 0.002)
    room = (right - left) * (width or NARROWEST)
    seen = look(step.status)
    printed = width is not None
    body = lane * 0.8 if printed else lane - 5
    solid = not printed and step.status in SPEAKING
    ink = "#fff" if solid else (INK if printed else "#4a5563")
    edge = seen.colour if solid or printed else "#9aa4b1"
    fill = seen.colour if solid else "#e9edf1" if step.status is Status.DONE and not printed else "#fff"
    stroke = max(0.9, lane * 0.055) if printed else 0.9
    x, across = _at(left, width), _at(right - left, width)
    parts = [
        *([_ghost(step.ghost, scale, width, top, body)] if step.ghost else []),
        f'<rect x="{x}" y="{top:g}" width="{across}" height="{body:g}" rx="2" fill="{fill}" stroke="{edge}" '
        f'stroke-width="{stroke}"/>',
    ]
    mark = body * 0.62 if printed else min(body - 6, font * 0.8)
    inside = []
    if room >= mark + 5:
        inside.append(
            f'<path transform="translate(3.5 {(body - mark) / 2:g}) scale({mark / 10:g})" '
            f'fill="{"#fff" if solid else seen.colour}" fill-rule="evenodd" d="{seen.path}"/>'
        )
    # The fluid chart is at least NARROWEST wide and usually wider; what still does not fit is clipped.
    label = fitted(str(step.label), (room if printed else room * 1.12) - mark - 10, font)
    if label and room >= mark + 8 + 2 * font:
        inside.append(
            f'<text x="{mark + 7:g}" y="{body / 2 + font * 0.36:g}" font-size="{font:g}" fill="{ink}">'
            f"{escape(label)}</text>"
        )
    if inside:
        parts.append(f'<svg x="{x}" y="{top:g}" width="{across}" height="{body:g}">{"".join(inside)}</svg>')
    if step.critical:
        parts.append(
            f'<rect x="{x}" y="{top + body + 0.5:g}" width="{across}" '
            f'height="{max(1.5, stroke * 1.3):.2f}" fill="{INK}"/>'
        )
    if step.planned_finish and step.planned_finish != step.finish:
        parts.append(_promise(step, scale, width, top + body))
    if printed:
        return "".join(parts)
    # Not a link: a row of ten links is a burden by keyboard, and the table has them; page.js follows a click.
    dates = f' data-start="{step.start.isoformat()}" data-finish="{step.finish.isoformat()}"'
    named = f' data-step="{escape(step.key)}"{dates if step.movable else ""}' if step.key else ""
    leads = f' data-url="{escape(step.url)}"' if step.url else ""
    return f"<g{named}{leads}><title>{escape(step_title(step))}</title>{''.join(parts)}</g>"


def _ghost(
    dates: tuple[dt.date, dt.date], scale: Timescale, width: float | None, top: float, body: float
) -> str:
    """Where the baseline had the step, clipped to the chart."""
    left = max(0.0, min(1.0, scale.share(dates[0])))
    right = max(left, min(1.0, scale.share(dates[1], after=True)))
    return (
        f'<rect x="{_at(left, width)}" y="{top - 1.5:g}" width="{_at(right - left, width)}" '
        f'height="{body + 3:g}" rx="3" fill="{NEUTRAL}" fill-opacity="0.16" stroke="{NEUTRAL}" '
        'stroke-width="1" stroke-dasharray="3 2"/>'
    )


def _promise(step: Step, scale: Timescale, width: float | None, bottom: float) -> str:
    """A tick where the step was promised to finish, with a line from there to where it now does."""
    assert step.planned_finish is not None
    promised = scale.share(step.planned_finish, after=True)
    now = scale.share(step.finish, after=True)
    left, right = sorted((promised, now))
    return (
        f'<line x1="{_at(left, width)}" x2="{_at(right, width)}" y1="{bottom + 2.5:g}" y2="{bottom + 2.5:g}" '
        f'stroke="{NEUTRAL}" stroke-width="1"/><line x1="{_at(promised, width)}" x2="{_at(promised, width)}" '
        f'y1="{bottom - 3:g}" y2="{bottom + 4:g}" stroke="{INK}" stroke-width="1.5"/>'
    )
