"""Days of a scene as consecutive whole numbers, on the civil calendar or on working days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from .errors import fail

_REACH = 366 * 60  # days laid out on a working axis: no work face is planned sixty years ahead


@dataclass(frozen=True, slots=True)
class DayAxis:
    """Maps dates to day indexes and back.

    Civil axis (`weekdays_off` and `holidays` empty): index = days since `origin`.
    Working axis: only working days are counted. A start on a day off moves to the next working day, a last
    day on a day off to the working day before, so that a window never grows by the conversion.
    """

    origin: date
    weekdays_off: frozenset[int] = frozenset()  # Monday is 0
    holidays: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()  # worked although on a weekday off
    _ordinals: list[int] = field(default_factory=list, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.weekdays_off) >= 7:
            raise fail("AXIS_WITHOUT_WORK", "every weekday is off", "leave at least one working weekday")
        if self.is_working:
            first = self.origin.toordinal()
            self._ordinals.extend(n for n in range(first, first + _REACH) if self._works(n))

    @classmethod
    def working(
        cls, origin: date, holidays: Iterable[date] = (), makeup_days: Iterable[date] = ()
    ) -> DayAxis:
        """The Chinese working week: Saturday and Sunday off, holidays off, make-up days worked."""
        return cls(origin, frozenset({5, 6}), frozenset(holidays), frozenset(makeup_days))

    @property
    def is_working(self) -> bool:
        return bool(self.weekdays_off or self.holidays)

    def _works(self, ordinal: int) -> bool:
        day = date.fromordinal(ordinal)
        if day in self.makeup_days:
            return True
        return day.weekday() not in self.weekdays_off and day not in self.holidays

    def start_index(self, day: date) -> int:
        """Index of the first (working) day on or after `day`."""
        if not self.is_working:
            return (day - self.origin).days
        self._check(day)
        return bisect_left(self._ordinals, day.toordinal())

    def finish_index(self, last_day: date) -> int:
        """Exclusive end index of a window whose last day of use is `last_day`."""
        if not self.is_working:
            return (last_day - self.origin).days + 1
        self._check(last_day)
        return bisect_right(self._ordinals, last_day.toordinal())

    def _check(self, day: date) -> None:
        if not self.origin <= day < self.origin + timedelta(days=_REACH):
            raise fail("DATE_OUT_OF_RANGE", f"{day} is outside the axis from {self.origin}", "check the year")

    def start_date(self, index: int) -> date:
        """Date of day `index`."""
        if not self.is_working:
            return self.origin + timedelta(days=index)
        if not 0 <= index < len(self._ordinals):
            raise fail("DATE_OUT_OF_RANGE", f"day {index} is outside the axis", "check the durations")
        return date.fromordinal(self._ordinals[index])

    def last_date(self, finish: int) -> date:
        """Last date of use of a window that ends before day index `finish`."""
        return self.start_date(finish - 1)
