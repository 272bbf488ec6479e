"""Calendars of resources as capacity: an activity runs only while those who work on it are there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.model import Activity, ActivityKind, Network, Unit

from .document import Remark, ResourceKind, ScheduleFile


@dataclass(frozen=True)
class Staffed:
    """A network whose activities keep to the calendars of their resources, and what was done for it."""

    network: Network
    moved: dict[str, tuple[str, ...]]
    """Activity -> names of the calendars its own was cut down to."""
    remarks: tuple[Remark, ...]


def on_resource_calendars(document: ScheduleFile) -> Staffed:
    """Every unfinished activity on what its own calendar and those of its work resources have in common.

    Durations keep their worked minutes. Left as they are: activities that ignore resource calendars, elapsed
    durations, levels of effort; and, with a remark, those whose calendars have no minute in common or whose
    resource names a calendar the file does not hold.
    """
    calendars = {calendar.id: calendar for calendar in document.network.calendars}
    own = {r.id: r.calendar for r in document.resources if r.kind is ResourceKind.WORK and r.calendar}
    wanted: dict[str, dict[str, None]] = {}
    remarks = []
    for assignment in document.assignments:
        calendar = own.get(assignment.resource)
        if calendar is None:
            continue
        if calendar not in calendars:
            text = f"its calendar {calendar} is not in the file; the activity's own is used"
            remarks.append(Remark("resource-calendar-missing", assignment.resource, text))
            continue
        wanted.setdefault(assignment.activity, {})[calendar] = None
    made: dict[tuple[str, ...], Calendar | None] = {}
    activities, moved = [], {}
    for activity in document.network.activities:
        first = document.network.calendar(activity.calendar)
        others = [c for c in wanted.get(activity.id, ()) if c != first.id]
        if not others or not _depends(activity, document):
            activities.append(activity)
            continue
        key = (first.id, *sorted(others))
        if key not in made:
            made[key] = common([first, *(calendars[c] for c in sorted(others))])
        found = made[key]
        if found is None:
            text = "its calendar and those of its resources have no working time in common"
            remarks.append(Remark("resource-calendars-disjoint", activity.id, text))
            activities.append(activity)
            continue
        moved[activity.id] = tuple(calendars[c].name or c for c in others)
        activities.append(replace(activity, calendar=found.id))
    added = {calendar.id: calendar for calendar in made.values() if calendar is not None}
    network = replace(
        document.network, activities=activities, calendars=(*document.network.calendars, *added.values())
    )
    return Staffed(network, moved, tuple(dict.fromkeys(remarks)))


def _depends(activity: Activity, document: ScheduleFile) -> bool:
    return (
        activity.kind is ActivityKind.TASK
        and activity.actual_finish is None
        and activity.duration.unit is not Unit.CALENDAR_DAY
        and not document.detail(activity.id).ignore_resource_calendar
    )


def common(calendars: list[Calendar]) -> Calendar | None:
    """The time that all calendars work, days as long as the first one's; None for none in a week."""
    first = calendars[0]
    week = tuple(_both([calendar.week[day] for calendar in calendars]) for day in range(7))
    if not any(week):
        return None
    days = sorted({day for calendar in calendars for day in calendar.exceptions})
    exceptions = {day: _both([calendar.shifts_on(day) for calendar in calendars]) for day in days}
    name = " ∩ ".join(calendar.name or calendar.id for calendar in calendars)
    return Calendar(
        "+".join(calendar.id for calendar in calendars),
        name,
        week,
        exceptions,
        first.minutes_per_day,
        first.published_years,
    )


def _both(many: list[tuple[tuple[int, int], ...]]) -> tuple[tuple[int, int], ...]:
    """Minutes of a day that lie in a shift of every list."""
    kept = many[0]
    for other in many[1:]:
        kept = tuple((max(a, c), min(b, d)) for a, b in kept for c, d in other if max(a, c) < min(b, d))
    return kept
