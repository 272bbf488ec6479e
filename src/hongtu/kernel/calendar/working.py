"""Count working days on the district's calendar."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from django.core.cache import cache
from numpy.typing import NDArray

from hongtu.kernel.calendar.models import CalendarDay, DayKind, PublishedYear

_CACHE_KEY = "hongtu.calendar"


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days of a district.

    `published` are the years with an announced arrangement; dates in another year follow plain
    weekends and `is_estimate()` says so (pages print “未公布，按周末推算”).
    """

    holidays: frozenset[date]
    make_up_days: frozenset[date]
    published: frozenset[int]

    @cached_property
    def _numpy(self) -> Any:
        return np.busdaycalendar(weekmask="1111100", holidays=sorted(self.holidays))

    @cached_property
    def _make_up(self) -> NDArray[np.datetime64]:
        weekend = [d for d in self.make_up_days if d.weekday() >= 5]
        return np.array(sorted(weekend), dtype="datetime64[D]")

    def is_working(self, day: date) -> bool:
        if day in self.make_up_days:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def is_estimate(self, *days: date) -> bool:
        """Whether any of the days lies in a year whose arrangement was not yet published."""
        return any(d.year not in self.published for d in days)

    def count(self, start: date, finish: date) -> int:
        """Working days in [start, finish); negative when finish lies before start."""
        if finish < start:
            return -self.count(finish, start)
        plain = int(np.busday_count(start, finish, busdaycal=self._numpy))
        low, high = np.searchsorted(self._make_up, np.array([start, finish], dtype="datetime64[D]"))
        return plain + int(high - low)

    def add(self, start: date, days: int) -> date:
        """The working day `days` working days after (before, when negative) `start`.

        `add(d, 0)` is d itself when it works, else the next working day.
        """
        step = timedelta(days=1 if days >= 0 else -1)
        day = start
        while not self.is_working(day):
            day += timedelta(days=1) if days >= 0 else step
        left = abs(days)
        while left:
            day += step
            if self.is_working(day):
                left -= 1
        return day


def working_calendar() -> WorkingCalendar:
    """The calendar in force; cached until a calendar row changes."""
    found = cache.get(_CACHE_KEY)
    if found is None:
        rows = list(CalendarDay.objects.values_list("date", "kind"))
        found = WorkingCalendar(
            holidays=frozenset(d for d, kind in rows if kind == DayKind.HOLIDAY),
            make_up_days=frozenset(d for d, kind in rows if kind == DayKind.MAKE_UP),
            published=frozenset(PublishedYear.objects.values_list("year", flat=True)),
        )
        cache.set(_CACHE_KEY, found, timeout=60)
    return found


def forget_calendar() -> None:
    """Called by the actions that change the calendar."""
    cache.delete(_CACHE_KEY)
