"""The calendars a chain brought along from its file, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from hongtu.kernel.chains.models import Chain, Step

Spans = (
    Any  # [[first minute, minute after the last], ...], or true and false in chains kept before hours were
)


@dataclass(frozen=True)
class OwnCalendar:
    """A calendar to read: its week and its exceptions as lines, and how many steps run on it."""

    name: str
    week: list[str]
    exceptions: list[str]
    steps: int


def own_calendars(chain: Chain, steps: Iterable[Step]) -> list[OwnCalendar]:
    """All of them, in the order of the file."""
    used = [step.calendar for step in steps]
    return [
        OwnCalendar(kept["name"] or id, _week(kept["week"]), _exceptions(kept["exceptions"]), used.count(id))
        for id, kept in chain.calendars.items()
    ]


def _week(week: list[Spans]) -> list[str]:
    lines = []
    for spans, days in groupby(range(7), key=lambda day: week[day]):
        numbers = list(days)
        names = [str(WEEKDAYS[numbers[0]]), str(WEEKDAYS[numbers[-1]])]
        lines.append(f"{_between(names)} {hours(spans)}")
    return lines


def _exceptions(kept: dict[str, Spans]) -> list[str]:
    """Runs of days with the same hours, the earliest first."""
    days = sorted((date.fromisoformat(day), spans) for day, spans in kept.items())
    runs: list[tuple[date, date, Spans]] = []
    for day, spans in days:
        if runs and runs[-1][1] + timedelta(days=1) == day and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    return [f"{_between([str(first), str(last)])} {hours(spans)}" for first, last, spans in runs]


def _between(ends: list[str]) -> str:
    return ends[0] if ends[0] == ends[1] else _("%(first)s至%(last)s") % {"first": ends[0], "last": ends[1]}


def hours(spans: Spans) -> str:
    """`08:00–12:00, 13:00–17:00`; a day of which only that it is worked is known says so."""
    if not spans:
        return _("不上班")
    if spans is True:
        return _("上班（时段未记录）")
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
