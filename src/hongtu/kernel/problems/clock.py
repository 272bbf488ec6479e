"""Deadlines, pure: hours, office hours, working days and calendar days, with suspensions taken out.

How days are counted (民法典第二百零一条、第二百零三条): the day of the start does not count; a day counts
when it closes (the end of office hours) with the clock running; the deadline is the close of the last
counted day; where that day is no working day, it is the close of the next working day on which the clock
runs. Hours run without pause
(`hour`) or within office hours of working days (`working_hour`) and stand still while suspended.

All moments are naive local times of the district; the callers convert (`problems.terms`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hongtu.kernel.problems.vocab import Unit

DAY = timedelta(days=1)
HORIZON_DAYS = 3660
Interval = tuple[datetime, datetime | None]


class NoDeadline(ValueError):
    """The term never ends: a calendar without working days within ten years."""


@dataclass(frozen=True)
class Term:
    """An amount of a unit: `Term(3, Unit.WORKING_DAY)`. Amounts below zero are refused."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"a term cannot be negative: {self.amount}")


@dataclass(frozen=True)
class OfficeHours:
    """`windows`: office hours of a working day, in order and apart; `is_working` knows the calendar."""

    windows: tuple[tuple[time, time], ...]
    is_working: Callable[[date], bool]

    @property
    def close(self) -> time:
        return self.windows[-1][1]


def deadline(
    start: datetime, term: Term, hours: OfficeHours, stops: Sequence[Interval] = ()
) -> datetime | None:
    """The moment at which `term` ends. None when a suspension without an end holds it up for ever.

    stops: [from, to) intervals in any order, overlapping allowed, `to` None while still suspended.
    """
    calm = _merged(stops)
    if term.unit is Unit.HOUR:
        return _run(start, timedelta(hours=term.amount), calm, lambda at: [(at, datetime.max)])
    if term.unit is Unit.WORKING_HOUR:
        return _run(start, timedelta(hours=term.amount), calm, lambda at: _office(at, hours))
    return _closes(start, term, hours, calm)


def _merged(stops: Sequence[Interval]) -> list[tuple[datetime, datetime]]:
    """Disjoint stops in order; an open one ends at the end of time. Empty ones vanish."""
    found: list[tuple[datetime, datetime]] = []
    for begin, end in sorted((b, e or datetime.max) for b, e in stops):
        if end <= begin:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _stopped_until(at: datetime, stops: Sequence[tuple[datetime, datetime]]) -> datetime | None:
    """The end of the stop that covers the moment, None when the clock runs."""
    return next((end for begin, end in stops if begin <= at < end), None)


def _office(at: datetime, hours: OfficeHours) -> list[tuple[datetime, datetime]]:
    """What is left of the first office window at or after a moment."""
    day = at.date()
    for _ in range(HORIZON_DAYS):
        if hours.is_working(day):
            for opens, closes in hours.windows:
                begin, end = datetime.combine(day, opens), datetime.combine(day, closes)
                if end > at:
                    return [(max(begin, at), end)]
        day += DAY
    raise NoDeadline(f"no office hours within {HORIZON_DAYS} days after {at}")


def _run(
    start: datetime,
    left: timedelta,
    stops: Sequence[tuple[datetime, datetime]],
    windows: Callable[[datetime], list[tuple[datetime, datetime]]],
) -> datetime | None:
    """Use up `left` within the windows and outside the stops; a term that is used up exactly ends there."""
    at = start
    while True:
        end = _stopped_until(at, stops)
        if end is not None:
            if end == datetime.max:
                return None
            at = end
            continue
        ((begin, finish),) = windows(at)
        if begin > at:
            if not left:
                return at
            at = begin
            continue
        until = min([finish, *(b for b, _e in stops if b > at)])
        if left <= until - at:
            return at + left
        left -= until - at
        at = until


def _closes(
    start: datetime, term: Term, hours: OfficeHours, stops: Sequence[tuple[datetime, datetime]]
) -> datetime | None:
    """Count closes of days; see the head of this module."""
    counted, day = 0, start.date()
    for _ in range(HORIZON_DAYS):
        if counted >= term.amount and hours.is_working(day):
            close = datetime.combine(day, hours.close)
            if close >= start and _stopped_until(close, stops) is None:
                return close
        day += DAY
        close = datetime.combine(day, hours.close)
        held = _stopped_until(close, stops)
        if held == datetime.max:
            return None
        if held is None and (term.unit is Unit.CALENDAR_DAY or hours.is_working(day)):
            counted += 1
    raise NoDeadline(f"{term.amount} {term.unit} after {start} lie beyond {HORIZON_DAYS} days")


def carried(due: datetime, stop: tuple[datetime, datetime], unit: Unit, hours: OfficeHours) -> datetime:
    """An agreed date moved on by what one suspension took; for dates set by an extension."""
    begin, end = stop
    if unit is Unit.HOUR:
        return due + (min(end, due) - begin if begin < due else timedelta(0))
    lost, day = 0, begin.date()
    while datetime.combine(day, hours.close) < end:
        close = datetime.combine(day, hours.close)
        if begin <= close <= due and (unit is Unit.CALENDAR_DAY or hours.is_working(day)):
            lost += 1
        day += DAY
    if not lost:
        return due
    counted = Unit.CALENDAR_DAY if unit is Unit.CALENDAR_DAY else Unit.WORKING_DAY
    return _closes(due, Term(lost, counted), hours, ()) or due
