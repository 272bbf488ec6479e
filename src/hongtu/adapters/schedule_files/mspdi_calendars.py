"""Calendars of Microsoft Project XML: weeks, alternative weeks, recurring exceptions, inheritance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from hongtu.engines.schedule.calendars import NO_WORK, Calendar, Shifts

from .errors import refuse
from .values import Place, tidy_shifts
from .xml_records import children, fields_of

_LONGEST = 366 * 60
"""Days of one exception at most: sixty years; a longer one is cut."""


@dataclass(frozen=True, slots=True)
class RawCalendar:
    """A calendar as written; days missing from `week` follow the base calendar."""

    uid: str
    name: str
    base: str | None
    week: Mapping[int, Shifts]
    exceptions: Mapping[date, Shifts] = field(default_factory=dict)


class DayBudget:
    """Days that all exceptions of one file may cover, so that a small file cannot ask for endless work."""

    def __init__(self, days: int, file: str) -> None:
        self.days, self.left, self.file = days, days, file

    def spend(self, days: int) -> None:
        """Refuses when too many have been asked for."""
        self.left -= days
        if self.left < 0:
            raise refuse(
                "schedule-file.too-many-records", file=self.file, limit=self.days, kind="exception days"
            )


def read_calendar(element: Element, file: str, budget: DayBudget) -> RawCalendar:
    """One `Calendar` element."""
    found = fields_of(element)
    uid = found.get("UID", "")
    place = Place(file, f"Calendar {uid} {found.get('Name', '')}".strip())
    week: dict[int, Shifts] = {}
    old_style: dict[date, Shifts] = {}
    for day in children(element, "WeekDays", "WeekDay"):
        kind = place.whole(fields_of(day).get("DayType"), "DayType")
        shifts = _shifts(day, place)
        if kind == 0:
            # Versions before 2007 wrote exceptions among the weekdays; later ones repeat them there.
            for moment in _period(day, place, budget):
                old_style[moment] = shifts
        else:
            week[(kind + 5) % 7] = shifts
    exceptions: dict[date, Shifts] = {}
    for alternative in children(element, "WorkWeeks", "WorkWeek"):
        exceptions.update(_alternative_week(alternative, place, budget))
    exceptions.update(old_style)
    for exception in children(element, "Exceptions", "Exception"):
        shifts = _shifts(exception, place)
        exceptions.update(dict.fromkeys(_occurrences(exception, place, budget), shifts))
    base = found.get("BaseCalendarUID")
    stands_alone = base in (None, "", "-1", uid) or (base == "0" and found.get("IsBaseCalendar") == "1")
    return RawCalendar(uid, found.get("Name", ""), None if stands_alone else base, week, exceptions)


def resolve(raw: Mapping[str, RawCalendar], minutes_per_day: int, file: str) -> dict[str, Calendar]:
    """Calendars with everything inherited written out; `minutes_per_day` is the project's, as there."""
    made: dict[str, Calendar] = {}
    for uid, calendar in raw.items():
        week: dict[int, Shifts] = {}
        exceptions: dict[date, Shifts] = {}
        current: RawCalendar | None = calendar
        seen: set[str] = set()
        while current is not None and current.uid not in seen:
            seen.add(current.uid)
            # A weekday redefined in the derived calendar does not undo the base's exceptions.
            week = {**current.week, **week}
            exceptions = {**current.exceptions, **exceptions}
            # Microsoft Project writes 0 for "none", other programs for their first calendar.
            if current.base not in (None, "0") and current.base not in raw:
                raise refuse(
                    "schedule-file.calendar-unknown", file=file, place=calendar.name, value=current.base
                )
            current = raw.get(current.base) if current.base else None
        days = tuple(week.get(day, NO_WORK) for day in range(7))
        made[uid] = Calendar(uid, calendar.name, days, exceptions, minutes_per_day)
    return made


def _shifts(element: Element, place: Place) -> Shifts:
    if fields_of(element).get("DayWorking", "0") not in ("1", "true"):
        return NO_WORK
    spans = []
    for time in children(element, "WorkingTimes", "WorkingTime"):
        found = fields_of(time)
        if "FromTime" in found and "ToTime" in found:
            spans.append((place.clock(found["FromTime"], "FromTime"), place.clock(found["ToTime"], "ToTime")))
    return tidy_shifts(spans)


def _period(element: Element, place: Place, budget: DayBudget) -> Iterator[date]:
    for period in children(element, "TimePeriod"):
        found = fields_of(period)
        first = place.needed_moment(found.get("FromDate"), "FromDate").date()
        last = place.needed_moment(found.get("ToDate"), "ToDate").date()
        days = max(0, min((last - first).days + 1, _LONGEST))
        budget.spend(days)
        for offset in range(days):
            yield first + timedelta(days=offset)


def _alternative_week(element: Element, place: Place, budget: DayBudget) -> dict[date, Shifts]:
    """A work week that holds for a period only, written out day by day."""
    week: dict[int, Shifts] = {}
    for day in children(element, "WeekDays", "WeekDay"):
        kind = place.whole(fields_of(day).get("DayType"), "DayType")
        if kind:
            week[(kind + 5) % 7] = _shifts(day, place)
    return {day: week[day.weekday()] for day in _period(element, place, budget) if day.weekday() in week}


def _occurrences(element: Element, place: Place, budget: DayBudget) -> Iterator[date]:
    """Days of an exception: `Type` 1 and 7 daily, 6 weekly, 4 and 5 monthly, 2 and 3 yearly."""
    found = fields_of(element)
    days = list(_period(element, place, budget))
    if not days:
        return
    kind = place.whole(found.get("Type"), "Type", 1)
    every = max(1, place.whole(found.get("Period"), "Period", 1))
    if place.whole(found.get("EnteredByOccurrences"), "EnteredByOccurrences", 0):
        most = max(1, place.whole(found.get("Occurrences"), "Occurrences", 1))
    else:
        most = len(days)
    given = 0
    for day in days:
        if _falls(kind, every, found, day, days[0], place):
            yield day
            given += 1
            if given >= most:
                return


def _falls(kind: int, every: int, found: dict[str, str], day: date, first: date, place: Place) -> bool:
    months = (day.year - first.year) * 12 + day.month - first.month
    month_matches = (
        place.whole(found.get("Month"), "Month", -1) + 1 == day.month
        if kind in (2, 3)
        else months % every == 0
    )
    match kind:
        case 6:
            # Bits from Sunday (1) to Saturday (64); weeks begin on Sunday there.
            mask = place.whole(found.get("DaysOfWeek"), "DaysOfWeek", 0)
            sunday = first - timedelta(days=(first.weekday() + 1) % 7)
            chosen = not mask or bool(mask & 1 << (day.weekday() + 1) % 7)
            return chosen and (day - sunday).days // 7 % every == 0
        case 2 | 4:
            return month_matches and day.day == place.whole(found.get("MonthDay"), "MonthDay", day.day)
        case 3 | 5:
            return month_matches and _positioned(found, day, place)
        case _:
            return (day - first).days % every == 0


def _positioned(found: dict[str, str], day: date, place: Place) -> bool:
    """The first, second, third, fourth or last of a kind of day in its month."""
    item = place.whole(found.get("MonthItem"), "MonthItem", 0)
    position = place.whole(found.get("MonthPosition"), "MonthPosition", 0)
    same = [d for d in _month(day) if _is_item(item, d)]
    if day not in same:
        return False
    return same[-1] == day if position >= 4 else position < len(same) and same[position] == day


def _month(day: date) -> list[date]:
    first = day.replace(day=1)
    days = [first + timedelta(days=offset) for offset in range(31)]
    return [d for d in days if d.month == day.month]


def _is_item(item: int, day: date) -> bool:
    match item:
        case 1:
            return day.weekday() < 5
        case 2:
            return day.weekday() >= 5
        case 3 | 4 | 5 | 6 | 7 | 8 | 9:
            return (day.weekday() + 1) % 7 == item - 3
        case _:
            return True
