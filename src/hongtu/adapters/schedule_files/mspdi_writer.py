"""Microsoft Project XML out: calendars, tasks, summaries, links, constraints, actuals, resources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from hongtu.engines.schedule.calendars import Calendar, Shifts
from hongtu.engines.schedule.model import Network, ScheduleResult, to_datetime

from .dates import compute_dates
from .document import FileFormat, Remark, ResourceKind, Rules, ScheduleFile
from .mspdi_tasks import ID_ALIAS, ID_FIELD, TaskWriter, numbered
from .office_hours import in_office_hours, is_even
from .values import iso_clock, iso_moment, iso_span

NAMESPACE = "http://schemas.microsoft.com/project"
NO_CALENDAR = "-1"


@dataclass(frozen=True)
class Export:
    """The file, and what the format could not carry."""

    data: bytes
    remarks: tuple[Remark, ...] = ()


def write_mspdi(
    plan: Network | ScheduleFile, *, title: str = "", hours: Mapping[str, Calendar] | None = None
) -> Export:
    """Microsoft Project XML of a plan, dates computed by its own rules.

    Plans made of whole days are told in office hours, or in the `hours` of their calendars (by identifier),
    so that Microsoft Project shows the same days. What it has no room for (a second constraint, lags on
    another calendar than the successor's) is in the remarks. Raises a `ScheduleError` when the plan cannot be
    scheduled.
    """
    document = (
        plan if isinstance(plan, ScheduleFile) else ScheduleFile(plan, FileFormat.MSPDI, Rules.STANDARD)
    )
    uneven = any(not is_even(calendar) for calendar in (hours or {}).values())
    days = compute_dates(document) if uneven else None
    document = replace(document, network=in_office_hours(document.network, hours, days))
    return _Writer(document, compute_dates(document), title or document.network.name).export()


def add(parent: Element, name: str, value: object) -> Element:
    """A child element with text; yes and no as 1 and 0."""
    child = SubElement(parent, name)
    child.text = str(int(value)) if isinstance(value, bool) else str(value)
    return child


class _Writer:
    def __init__(self, document: ScheduleFile, result: ScheduleResult, title: str) -> None:
        self.document, self.result, self.title = document, result, title
        self.network = document.network
        self.root = Element("Project", {"xmlns": NAMESPACE})
        self.calendar_uids = numbered([c.id for c in self.network.calendars])
        self.task_uids = numbered([a.id for a in self.network.activities])
        self.resource_uids = numbered([r.id for r in document.resources], lowest=0)

    def export(self) -> Export:
        """The whole file."""
        self._properties()
        self._identifiers()
        calendars = SubElement(self.root, "Calendars")
        for calendar in self.network.calendars:
            write_calendar(calendars, calendar, self.calendar_uids[calendar.id])
        tasks = TaskWriter(
            SubElement(self.root, "Tasks"), self.document, self.result, self.task_uids, self.calendar_uids
        )
        tasks.write(self.title)
        self._resources()
        self._assignments()
        indent(self.root)
        return Export(tostring(self.root, encoding="UTF-8", xml_declaration=True), tuple(tasks.remarks))

    def _properties(self) -> None:
        default = self.network.calendar()
        shifts = next((s for s in default.week if s), ((480, 1020),))
        per_week = sum(end - start for day in default.week for start, end in day)
        days = sum(1 for day in default.week if day)
        values: list[tuple[str, object]] = [
            ("SaveVersion", 14),
            ("Name", f"{self.title or 'plan'}.xml"),
            ("Title", self.title),
            ("ScheduleFromStart", self.document.finish is None),
            # The plan's own start binds unstarted work; it is not always the first shown start.
            ("StartDate", iso_moment(_moment(self.network.start))),
            ("FinishDate", iso_moment(self.document.finish or to_datetime(self.result.project_finish))),
            ("CriticalSlackLimit", self.network.critical_float // default.minutes_per_day),
            ("CalendarUID", self.calendar_uids[default.id]),
            ("DefaultStartTime", iso_clock(shifts[0][0])),
            ("DefaultFinishTime", iso_clock(shifts[-1][1])),
            ("MinutesPerDay", default.minutes_per_day),
            ("MinutesPerWeek", per_week or default.minutes_per_day * 5),
            ("DaysPerMonth", max(1, round(days * 52 / 12)) if days else 20),
            ("DurationFormat", 7),
            ("HonorConstraints", True),
            ("NewTasksAreManual", False),
        ]
        if self.network.data_date is not None:
            values.append(("StatusDate", iso_moment(_moment(self.network.data_date))))
        for name, value in values:
            if value != "":
                add(self.root, name, value)

    def _identifiers(self) -> None:
        """Our identifiers travel in a text field when they are not numbers."""
        attributes = SubElement(self.root, "ExtendedAttributes")
        if any(uid != id for id, uid in self.task_uids.items()):
            attribute = SubElement(attributes, "ExtendedAttribute")
            add(attribute, "FieldID", ID_FIELD)
            add(attribute, "FieldName", "Text1")
            add(attribute, "Alias", ID_ALIAS)

    def _resources(self) -> None:
        resources = SubElement(self.root, "Resources")
        kinds = {ResourceKind.MATERIAL: 0, ResourceKind.WORK: 1, ResourceKind.COST: 2}
        for row, resource in enumerate(self.document.resources, 1):
            element = SubElement(resources, "Resource")
            add(element, "UID", self.resource_uids[resource.id])
            add(element, "ID", row)
            add(element, "Name", resource.name)
            add(element, "Type", kinds[resource.kind])
            add(element, "IsNull", False)
            add(element, "MaxUnits", resource.units)
            add(element, "CalendarUID", self.calendar_uids.get(resource.calendar or "", NO_CALENDAR))

    def _assignments(self) -> None:
        assignments = SubElement(self.root, "Assignments")
        given = [
            (a.activity, a.resource, a.units, a.work, a.actual_work, a.remaining_work)
            for a in self.document.assignments
        ]
        known = {(activity, resource) for activity, resource, *_ in given}
        for activity in self.network.activities:
            calendar = self.network.calendar(activity.calendar)
            minutes = activity.duration.in_minutes(calendar)
            given += [
                (activity.id, r, 1.0, minutes, 0, minutes)
                for r in dict.fromkeys(activity.resources)
                if r in self.resource_uids and (activity.id, r) not in known
            ]
        for number, (task, resource, units, work, actual, remaining) in enumerate(given, 1):
            if resource not in self.resource_uids or task not in self.task_uids:
                continue
            element = SubElement(assignments, "Assignment")
            add(element, "UID", number)
            add(element, "TaskUID", self.task_uids[task])
            add(element, "ResourceUID", self.resource_uids[resource])
            add(element, "ActualWork", iso_span(actual))
            add(element, "RemainingWork", iso_span(remaining))
            add(element, "Units", units)
            add(element, "Work", iso_span(work))


def _moment(value: datetime | date) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


def write_calendar(parent: Element, calendar: Calendar, uid: str) -> None:
    """A base calendar: seven weekdays, and exceptions in runs of days with the same hours."""
    element = SubElement(parent, "Calendar")
    add(element, "UID", uid)
    add(element, "Name", calendar.name or calendar.id or "Standard")
    add(element, "IsBaseCalendar", True)
    add(element, "BaseCalendarUID", NO_CALENDAR)
    week = SubElement(element, "WeekDays")
    for day_type in range(1, 8):  # 1 is Sunday
        day = SubElement(week, "WeekDay")
        add(day, "DayType", day_type)
        _hours(day, calendar.week[(day_type + 5) % 7])
    if not calendar.exceptions:
        return
    exceptions = SubElement(element, "Exceptions")
    for first, last, shifts in _runs(calendar.exceptions):
        exception = SubElement(exceptions, "Exception")
        add(exception, "EnteredByOccurrences", False)
        period = SubElement(exception, "TimePeriod")
        add(period, "FromDate", f"{first:%Y-%m-%d}T00:00:00")
        add(period, "ToDate", f"{last:%Y-%m-%d}T23:59:00")
        add(exception, "Occurrences", (last - first).days + 1)
        add(exception, "Name", "调休上班" if shifts else "节假日")
        add(exception, "Type", 1)
        _hours(exception, shifts)


def _hours(parent: Element, shifts: Shifts) -> None:
    add(parent, "DayWorking", bool(shifts))
    if shifts:
        times = SubElement(parent, "WorkingTimes")
        for start, end in shifts:
            time = SubElement(times, "WorkingTime")
            add(time, "FromTime", iso_clock(start))
            add(time, "ToTime", iso_clock(end))


def _runs(exceptions: Mapping[date, Shifts]) -> Iterable[tuple[date, date, Shifts]]:
    days = sorted(exceptions)
    at = 0
    while at < len(days):
        first, shifts = days[at], exceptions[days[at]]
        last = first
        while (
            at + 1 < len(days)
            and days[at + 1] == last + timedelta(days=1)
            and exceptions[days[at + 1]] == shifts
        ):
            at += 1
            last = days[at]
        yield first, last, shifts
        at += 1
