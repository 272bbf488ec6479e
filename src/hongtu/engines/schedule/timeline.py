"""Working time of several calendars as tables: minute of the clock <-> minute of work, without search.

For calendar c let W(t) be the worked minutes before clock minute t, and S(w) the clock minute at which the
w-th worked minute begins. Everything a schedule needs follows from the two:

    next work at or after t          S(W(t))
    finish of d minutes from t       S(W(t) + d - 1) + 1
    start of d minutes ending at t   S(W(t) - d)
    last finish not after t          S(W(t) - 1) + 1

Two levels keep the tables in the first-level cache at minute resolution: worked minutes before each day, and
for each distinct daily pattern the worked minutes before each minute of the day. S starts from a coarse
guess table and steps over free days. Clock minutes are relative to the first day of the tables (`base`).

All tables of all calendars lie in one array of 32-bit integers, because a compiled function handles one
array much faster than five: [0] is the number of days D, [1] of calendars C; [6 + c] where calendar
c begins, [6 + C + c] its quantum; there, D + 1
cumulative
minutes, D offsets of daily patterns, the guesses; at a pattern, 1441 minutes worked before each minute of
the day, then the minute each worked minute begins at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .calendars import EPOCH_DAY, MINUTES_PER_DAY, Calendar, Shifts
from .compiled import compiled
from .errors import EmptyCalendarError, HorizonError

GUESS_SHIFT = 8
"""One guess every 2**8 worked minutes: at most a day or two to step over."""

HEADER = 6

FIRST_DAY = date(1, 1, 2).toordinal() - EPOCH_DAY
LAST_DAY = date(9999, 12, 30).toordinal() - EPOCH_DAY

Tables = NDArray[np.int32]


@compiled
def work_before(tables: Any, calendar: int, minute: int) -> int:
    """W: worked minutes of the calendar before a clock minute; clamped to the tables."""
    days, at = tables[0], tables[6 + calendar]
    if minute <= 0:
        return 0
    if minute >= days * 1440:
        return tables[at + days]
    day = np.int64(np.uint32(minute) // np.uint32(1440))
    pattern = tables[at + days + 1 + day]
    return tables[at + day] + tables[pattern + minute - day * 1440]


@compiled
def work_start(tables: Any, calendar: int, work: int) -> int:
    """S: the clock minute at which a worked minute begins; clamped to the tables."""
    days, at = tables[0], tables[6 + calendar]
    if work < 0:
        return 0
    if work >= tables[at + days]:
        return days * 1440
    day = tables[at + 2 * days + 1 + (work >> 8)]
    while tables[at + day + 1] <= work:
        day += 1
    return day * 1440 + tables[tables[at + days + 1 + day] + 1441 + work - tables[at + day]]


@compiled
def quantum(tables: Any, calendar: int) -> int:
    """Smallest piece of work of a calendar: `Calendar.quantum`."""
    return tables[6 + tables[1] + calendar]


@compiled
def shift(tables: Any, calendar: int, minute: int, amount: int) -> int:
    """A clock minute moved by worked minutes: forward to a finish, backward to a start, 0 not at all."""
    if amount == 0:
        return minute
    work = work_before(tables, calendar, minute) + amount
    if amount > 0:
        return work_start(tables, calendar, work - 1) + 1
    return work_start(tables, calendar, work)


@dataclass(frozen=True)
class Timeline:
    """Tables of several calendars over one span of days, and the arithmetic on them."""

    tables: Tables
    cumulative: NDArray[np.int64]
    """Worked minutes before each day: shape (calendars, days + 1)."""
    pattern: NDArray[np.int64]
    """Daily pattern of each day: shape (calendars, days)."""
    before: NDArray[np.int64]
    """Worked minutes before each minute of a daily pattern: shape (patterns, 1441)."""
    base: int
    """Clock minute (since 1970) of the tables' minute 0."""
    days: int

    @property
    def end(self) -> int:
        """Relative clock minute after the last."""
        return self.days * MINUTES_PER_DAY

    def work(self, calendar: int, minute: int) -> int:
        """W at an absolute clock minute."""
        return int(work_before(self.tables, calendar, int(minute) - self.base))

    def start_of(self, calendar: int, work: int) -> int:
        """S as an absolute clock minute."""
        return int(work_start(self.tables, calendar, int(work))) + self.base

    def move(self, calendar: int, minute: int, amount: int) -> int:
        """An absolute clock minute moved by worked minutes."""
        return int(shift(self.tables, calendar, int(minute) - self.base, int(amount))) + self.base


STRIDE = 256
"""Days to which spans are widened, so that plans of one year share their tables."""


def build_timeline(calendars: Sequence[Calendar], first_day: int, last_day: int) -> Timeline:
    """Tables for at least days `first_day`..`last_day` (days since 1970, the last not included).

    Raises `EmptyCalendarError` for a calendar without a worked minute in the span, `HorizonError` for a
    span outside the years 1 to 9999. The last few timelines are kept: chains of one district share one.
    """
    first, last = first_day // STRIDE * STRIDE, -(-last_day // STRIDE) * STRIDE
    return _timeline(
        tuple(calendars), max(first, min(first_day, FIRST_DAY)), min(last, max(last_day, LAST_DAY))
    )


@lru_cache(maxsize=8)
def _timeline(calendars: tuple[Calendar, ...], first_day: int, last_day: int) -> Timeline:
    if first_day < FIRST_DAY or last_day > LAST_DAY:
        raise HorizonError(
            "Dates run outside the years 1 to 9999.",
            remedy="Look for a duration, lag or date of impossible size.",
        )
    days = last_day - first_day
    patterns: dict[Shifts, int] = {}
    which = np.zeros((len(calendars), days), np.int64)
    weekday = (np.arange(first_day, last_day) + 3) % 7  # 1970-01-01 was a Thursday
    for row, calendar in enumerate(calendars):
        week = np.array([patterns.setdefault(shifts, len(patterns)) for shifts in calendar.week])
        which[row] = week[weekday]
        for day, shifts in calendar.exceptions.items():
            at = day.toordinal() - EPOCH_DAY - first_day
            if 0 <= at < days:
                which[row, at] = patterns.setdefault(shifts, len(patterns))
    before, begins = _patterns(list(patterns))
    cumulative = np.zeros((len(calendars), days + 1), np.int64)
    np.cumsum(before[which, MINUTES_PER_DAY], axis=1, out=cumulative[:, 1:])
    for row, calendar in enumerate(calendars):
        if not cumulative[row, -1]:
            raise EmptyCalendarError(
                f"Calendar {calendar.name or calendar.id!r} has no working time in the span of the plan.",
                subjects=(calendar.id,),
                remedy="Give it working shifts.",
            )
    tables = _flat(cumulative, which, np.concatenate([before, begins], axis=1), calendars)
    return Timeline(tables, cumulative, which, before, first_day * MINUTES_PER_DAY, days)


def _flat(
    cumulative: NDArray[np.int64],
    which: NDArray[np.int64],
    patterns: NDArray[np.int64],
    calendars: Sequence[Calendar],
) -> Tables:
    count = len(cumulative)
    offset = HEADER + 2 * count
    at_pattern = offset + patterns.shape[1] * np.arange(len(patterns))
    parts, begins = [patterns.ravel()], []
    offset += patterns.size
    for line, pattern in zip(cumulative, which, strict=True):
        wanted = np.arange((int(line[-1]) >> GUESS_SHIFT) + 1) << GUESS_SHIFT
        guess = np.clip(np.searchsorted(line, wanted, side="right") - 1, 0, len(pattern) - 1)
        begins.append(offset)
        parts += [line, at_pattern[pattern], guess]
        offset += len(line) + len(pattern) + len(guess)
    head = [len(which[0]), count, *(0 for _ in range(HEADER - 2)), *begins]
    head += [calendar.quantum for calendar in calendars]
    return np.concatenate([np.array(head), *parts]).astype(np.int32)


def _patterns(patterns: list[Shifts]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Per daily pattern: worked minutes before each minute, and the minute each worked minute begins at."""
    before = np.zeros((len(patterns), MINUTES_PER_DAY + 1), np.int64)
    begins = np.zeros((len(patterns), MINUTES_PER_DAY + 1), np.int64)
    for row, shifts in enumerate(patterns):
        worked = np.zeros(MINUTES_PER_DAY, np.int64)
        for start, end in shifts:
            worked[start:end] = 1
        np.cumsum(worked, out=before[row, 1:])
        minutes = np.flatnonzero(worked)
        begins[row, : len(minutes)] = minutes
    return before, begins
