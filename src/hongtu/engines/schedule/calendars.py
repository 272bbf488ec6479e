"""Working calendars: which minutes of which days are worked.

Time inside the engine is an integer: minutes since 1970-01-01 00:00, local wall-clock time without zone or
summer time (`to_minutes`, `to_datetime`). A calendar is a weekly pattern of shifts, replaced on single days
by exceptions (a holiday: no shifts; a make-up day: shifts on a weekend).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

MINUTES_PER_DAY = 1440
EPOCH = datetime(1970, 1, 1)
EPOCH_DAY = EPOCH.toordinal()

Shifts = tuple[tuple[int, int], ...]
"""Worked spans of one day as (first minute, minute after the last), ascending, within 0..1440."""

WHOLE_DAY: Shifts = ((0, MINUTES_PER_DAY),)
OFFICE_HOURS: Shifts = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
NO_WORK: Shifts = ()
WEEKDAYS = (0, 1, 2, 3, 4)


def to_minutes(moment: datetime | date) -> int:
    """Minutes since the epoch; a plain date is its midnight. Seconds are cut off."""
    if not isinstance(moment, datetime):
        return (moment.toordinal() - EPOCH_DAY) * MINUTES_PER_DAY
    day = moment.toordinal() - EPOCH_DAY
    return day * MINUTES_PER_DAY + moment.hour * 60 + moment.minute


def to_finish_minutes(moment: datetime | date) -> int:
    """Minutes since the epoch of a finish; a plain date is the end of that day."""
    whole_day = 0 if isinstance(moment, datetime) else MINUTES_PER_DAY
    return to_minutes(moment) + whole_day


def to_datetime(minutes: int) -> datetime:
    """The moment of an engine time."""
    return EPOCH + timedelta(minutes=int(minutes))


def _check_shifts(calendar: str, shifts: Shifts) -> None:
    last = 0
    for start, end in shifts:
        if not last <= start < end <= MINUTES_PER_DAY:
            raise ValueError(
                f"calendar {calendar!r}: shifts {shifts} must ascend, not overlap, and lie within 0..1440"
            )
        last = end


@dataclass(frozen=True)
class Calendar:
    """Worked minutes of every day.

    `week` holds the shifts of Monday..Sunday; `exceptions` replaces them on single days. `minutes_per_day`
    turns days of duration into minutes (0: taken from the commonest working day of the week).
    `published_years` are the years for which holidays are known (None: the question does not arise, as for
    a contractor's calendar); other years follow the plain week and `caveat` says so.
    """

    id: str
    name: str = ""
    week: tuple[Shifts, ...] = (OFFICE_HOURS,) * 5 + (NO_WORK,) * 2
    exceptions: Mapping[date, Shifts] = field(default_factory=dict, hash=False)
    minutes_per_day: int = 0
    published_years: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(f"calendar {self.id!r}: week needs seven days, got {len(self.week)}")
        for shifts in (*self.week, *self.exceptions.values()):
            _check_shifts(self.id, shifts)
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))
        if self.minutes_per_day <= 0:
            worked = Counter(total for shifts in self.week if (total := _length(shifts)))
            common = worked.most_common(1)[0][0] if worked else 8 * 60
            object.__setattr__(self, "minutes_per_day", common)

    @classmethod
    def working_week(
        cls,
        id: str,
        *,
        name: str = "",
        days: Iterable[int] = WEEKDAYS,
        shifts: Shifts = OFFICE_HOURS,
        exceptions: Mapping[date, Shifts] | None = None,
    ) -> Calendar:
        """The same shifts on the given weekdays (0 is Monday)."""
        chosen = set(days)
        week = tuple(shifts if day in chosen else NO_WORK for day in range(7))
        return cls(id, name, week, exceptions or {}, minutes_per_day=_length(shifts))

    @classmethod
    def around_the_clock(cls, id: str = "24h", *, name: str = "24 h") -> Calendar:
        """Every minute of every day; a day is 1440 minutes. What calendar days and 24 h lags run on."""
        return cls(id, name, (WHOLE_DAY,) * 7, minutes_per_day=MINUTES_PER_DAY)

    @classmethod
    def statutory(
        cls,
        id: str,
        *,
        holidays: Iterable[date] = (),
        make_up_days: Iterable[date] = (),
        published_years: Iterable[int] | None = None,
        name: str = "",
        shifts: Shifts = WHOLE_DAY,
    ) -> Calendar:
        """Monday to Friday less public holidays plus make-up days (调休), as published by the State Council.

        `published_years` defaults to the years that occur in the two lists. In any other year only weekends
        are free and `caveat` says that the dates are an inference. Default shifts are whole days: the
        engine then works at day resolution, which is what plans made of dates need.
        """
        free, extra = frozenset(holidays), frozenset(make_up_days)
        if both := free & extra:
            listed = ", ".join(str(day) for day in sorted(both))
            raise ValueError(f"calendar {id!r}: both holiday and make-up day: {listed}")
        years = {day.year for day in free | extra} if published_years is None else set(published_years)
        exceptions: dict[date, Shifts] = dict.fromkeys(free, NO_WORK)
        exceptions.update(dict.fromkeys(extra, shifts))
        week = (shifts,) * 5 + (NO_WORK,) * 2
        return cls(id, name, week, exceptions, _length(shifts), frozenset(years))

    @property
    def quantum(self) -> int:
        """Smallest piece of work: a day where only whole days are worked, else a minute."""
        spans = (*self.week, *self.exceptions.values())
        return MINUTES_PER_DAY if all(shifts in (WHOLE_DAY, NO_WORK) for shifts in spans) else 1

    def shifts_on(self, day: date) -> Shifts:
        """The worked spans of one day."""
        found = self.exceptions.get(day)
        return self.week[day.weekday()] if found is None else found

    def is_working(self, day: date) -> bool:
        """Whether any minute of the day is worked."""
        return bool(self.shifts_on(day))

    def minutes_on(self, day: date) -> int:
        """Worked minutes of one day."""
        return _length(self.shifts_on(day))

    def unpublished_years(self, first: date, last: date) -> tuple[int, ...]:
        """Years from `first` to `last` whose holidays are not known, so that dates in them are inferred."""
        if self.published_years is None:
            return ()
        return tuple(y for y in range(first.year, last.year + 1) if y not in self.published_years)

    def caveat(self, first: date, last: date, *, language: str = "zh") -> str:
        """A sentence to show beside inferred dates; empty when every year is published."""
        years = self.unpublished_years(first, last)
        if not years:
            return ""
        listed = "、".join(map(str, years)) if language == "zh" else ", ".join(map(str, years))
        if language == "zh":
            return f"{listed}年节假日安排未公布，按周末推算"
        return f"Public holidays of {listed} are not published yet; dates are inferred from weekends."

    def working_days_between(self, first: date, last: date) -> int:
        """Working days from `first` to `last`, the first counted and the last not; negative when reversed."""
        if last < first:
            return -self.working_days_between(last, first)
        return sum(self.is_working(day) for day in _days(first, last))

    def add_working_days(self, day: date, count: int) -> date:
        """The day `count` working days after `day` (before, when negative).

        Zero gives the day itself when worked, else the next working day.
        """
        step = timedelta(days=-1 if count < 0 else 1)
        if count == 0:
            return self._next(day, step)
        for _ in range(abs(count)):
            day = self._next(day + step, step)
        return day

    def _next(self, day: date, step: timedelta) -> date:
        for _ in range(3660):
            if self.is_working(day):
                return day
            day += step
        from .errors import EmptyCalendarError

        raise EmptyCalendarError(
            f"Calendar {self.id!r} has no working day within ten years of {day}.",
            subjects=(self.id,),
            remedy="Give it at least one working weekday.",
        )


def _length(shifts: Shifts) -> int:
    return sum(end - start for start, end in shifts)


def _days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal()):
        yield date.fromordinal(ordinal)
