"""Primavera PMXML: the objects of Primavera's programming interface as XML."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.etree.ElementTree import Element

from hongtu.engines.schedule.calendars import Shifts
from hongtu.engines.schedule.model import (
    ActivityKind,
    Constraint,
    ConstraintKind,
    LagCalendar,
    ProgressMode,
    RelationType,
)

from .document import Assignment, BreakdownNode, FileFormat, Resource, ResourceKind, SavedDates, ScheduleFile
from .errors import refuse
from .limits import Limits
from .primavera import (
    ActivityRecord,
    CalendarRecord,
    PrimaveraRecords,
    ProjectRecord,
    RelationRecord,
    build,
    constraint,
)
from .values import Place, tidy_shifts
from .xml_records import children, fields_of, stream, tag_of

_KINDS = {
    "Task Dependent": ActivityKind.TASK,
    "Resource Dependent": ActivityKind.TASK,
    "Start Milestone": ActivityKind.START_MILESTONE,
    "Finish Milestone": ActivityKind.FINISH_MILESTONE,
    "Level of Effort": ActivityKind.LEVEL_OF_EFFORT,
    "WBS Summary": None,
}
_CONSTRAINTS = {
    "As Late As Possible": ConstraintKind.AS_LATE_AS_POSSIBLE,
    "Start On": ConstraintKind.MUST_START_ON,
    "Start On or After": ConstraintKind.START_NO_EARLIER_THAN,
    "Start On or Before": ConstraintKind.START_NO_LATER_THAN,
    "Finish On": ConstraintKind.MUST_FINISH_ON,
    "Finish On or After": ConstraintKind.FINISH_NO_EARLIER_THAN,
    "Finish On or Before": ConstraintKind.FINISH_NO_LATER_THAN,
    "Mandatory Start": ConstraintKind.MANDATORY_START,
    "Mandatory Finish": ConstraintKind.MANDATORY_FINISH,
}
_RELATIONS = {
    "Finish to Start": RelationType.FINISH_START,
    "Start to Start": RelationType.START_START,
    "Finish to Finish": RelationType.FINISH_FINISH,
    "Start to Finish": RelationType.START_FINISH,
}
_LAG_CALENDARS = {
    "Predecessor Activity Calendar": LagCalendar.PREDECESSOR,
    "Successor Activity Calendar": LagCalendar.SUCCESSOR,
    "Project Default Calendar": LagCalendar.PROJECT,
    "24 Hour Calendar": LagCalendar.AROUND_THE_CLOCK,
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OBJECTS = {
    "Calendar",
    "Resource",
    "Activity",
    "Relationship",
    "ResourceAssignment",
    "WBS",
}
_PROJECT_FIELDS = {
    "ObjectId",
    "Id",
    "Name",
    "DataDate",
    "PlannedStartDate",
    "MustFinishByDate",
    "ActivityDefaultCalendarObjectId",
    "CriticalActivityFloatLimit",
}
_WANTED = (
    _OBJECTS
    | {f"Project/{name}" for name in _OBJECTS | _PROJECT_FIELDS}
    | {"Project/ScheduleOptions", "ScheduleOptions"}
)


def read_pmxml(data: bytes, *, file: str, limits: Limits, project: str | None = None) -> ScheduleFile:
    """The schedule of a PMXML file; `project` says which, when it holds several with activities.

    Baseline projects in the file are passed over.
    """
    records = PrimaveraRecords(FileFormat.PMXML, program="Primavera P6")
    projects: list[dict[str, str]] = []
    options: dict[str, dict[str, str]] = {}
    for path, element in stream(data, _WANTED, file=file, limits=limits, openings={"Project"}):
        name = path.rpartition("/")[2]
        if name == "Project":
            projects.append({})
        elif name in _OBJECTS:
            _object(name, element, records, file)
        elif name == "ScheduleOptions":
            found = fields_of(element)
            options[found.get("ProjectObjectId", "")] = found
        else:
            projects[-1][name] = element.text or ""
    if not projects:
        raise refuse("schedule-file.table-missing", file=file, table="Project")
    for number, found in enumerate(projects, 1):
        option = options.get(found.get("ObjectId", "")) or options.get("") or {}
        records.projects.append(_project(found, option, Place(file, f"Project {number}")))
    return build(records, file=file, project=project)


def _object(name: str, element: Element, records: PrimaveraRecords, file: str) -> None:
    found = fields_of(element)
    key = found.get("Id") or found.get("ObjectId", "")
    place = Place(file, f"{name} {key}")
    match name:
        case "Calendar":
            records.calendars.append(_calendar(element, found, place))
        case "Activity":
            records.activities.append(_activity(found, place))
        case "Relationship":
            records.relations.append(_relation(found, place))
        case "WBS":
            node = BreakdownNode(
                found.get("ObjectId", ""),
                found.get("Name", ""),
                found.get("Code", ""),
                found.get("ParentObjectId") or None,
            )
            records.nodes.append((found.get("ProjectObjectId", ""), node))
        case "Resource":
            kind = {"Material": ResourceKind.MATERIAL}.get(found.get("ResourceType", ""), ResourceKind.WORK)
            records.resources.append(
                Resource(
                    found.get("ObjectId", ""),
                    found.get("Name", ""),
                    kind,
                    found.get("CalendarObjectId") or None,
                )
            )
        case "ResourceAssignment" if found.get("ResourceObjectId"):
            records.assignments.append(_assignment(found, place))


def _project(found: dict[str, str], option: dict[str, str], place: Place) -> ProjectRecord:
    lag = option.get("RelationshipLagCalendar", "")
    override = option.get("OutOfSequenceScheduleType") == "Progress Override"
    return ProjectRecord(
        key=found.get("ObjectId", ""),
        id=found.get("Id", ""),
        name=found.get("Name", ""),
        start=place.moment(found.get("PlannedStartDate"), "PlannedStartDate"),
        data_date=place.moment(found.get("DataDate"), "DataDate"),
        must_finish_by=place.moment(found.get("MustFinishByDate"), "MustFinishByDate"),
        calendar=found.get("ActivityDefaultCalendarObjectId") or None,
        critical_float_hours=place.number(
            found.get("CriticalActivityFloatLimit"), "CriticalActivityFloatLimit", 0.0
        ),
        lag_calendar=_LAG_CALENDARS.get(lag, LagCalendar.PREDECESSOR),
        progress=ProgressMode.PROGRESS_OVERRIDE if override else ProgressMode.RETAINED_LOGIC,
        use_expected_finish=option.get("UseExpectedFinishDates") in ("1", "true"),
        float_is_finish_float=option.get("ComputeTotalFloatType", "")
        in ("", "Finish Float", "Finish Float = Late Finish - Early Finish"),
    )


def _calendar(element: Element, found: dict[str, str], place: Place) -> CalendarRecord:
    week: dict[int, Shifts] = {}
    for day in children(element, "StandardWorkWeek", "StandardWorkHours"):
        name = fields_of(day).get("DayOfWeek", "")
        if name not in _DAYS:
            raise place.wrong(name, "DayOfWeek", "an English weekday")
        week[_DAYS.index(name)] = _shifts(children(day, "WorkTime"), place)
    exceptions: dict[date, Shifts] = {}
    for day in children(element, "HolidayOrExceptions", "HolidayOrException"):
        moment = place.needed_moment(fields_of(day).get("Date"), "Date")
        exceptions[moment.date()] = _shifts(children(day, "WorkTime"), place)
    return CalendarRecord(
        key=found.get("ObjectId", ""),
        name=found.get("Name", ""),
        week=week,
        exceptions=exceptions,
        base=found.get("BaseCalendarObjectId") or None,
        day_hours=place.number(found.get("HoursPerDay"), "HoursPerDay", 0.0),
        default=found.get("IsDefault") in ("1", "true"),
    )


def _shifts(times: Iterable[Element], place: Place) -> Shifts:
    """Primavera writes the last worked minute (15:59), other programs the end (16:00)."""
    spans = []
    for time in times:
        found = {tag_of(child): child.text for child in time if child.text}
        if "Start" not in found or "Finish" not in found:
            continue
        end = place.clock(str(found["Finish"]), "Finish")
        spans.append((place.clock(str(found["Start"]), "Start"), end + 1 if end % 5 == 4 else end))
    return tidy_shifts(spans)


def _activity(found: dict[str, str], place: Place) -> ActivityRecord:
    kind = found.get("Type", "Task Dependent")
    if kind not in _KINDS:
        raise place.wrong(kind, "Type", "one of " + ", ".join(_KINDS))

    def hours(name: str, default: float | None = 0.0) -> float | None:
        return place.number(found[name], name) if found.get(name) else default

    status = found.get("Status", "Not Started")
    return ActivityRecord(
        key=found.get("ObjectId", ""),
        project=found.get("ProjectObjectId", ""),
        id=found.get("Id") or found.get("ObjectId", ""),
        name=found.get("Name", ""),
        node=found.get("WBSObjectId") or None,
        calendar=found.get("CalendarObjectId") or None,
        kind=_KINDS[kind],
        duration_hours=hours("PlannedDuration") or 0.0,
        remaining_hours=hours("RemainingDuration", None),
        started=status in ("In Progress", "Completed") or bool(found.get("ActualStartDate")),
        finished=status == "Completed" or bool(found.get("ActualFinishDate")),
        constraints=_constraint(found, "Primary", place)
        + _constraint(found, "Secondary", place)
        + _external(found, place),
        actual_start=place.moment(found.get("ActualStartDate"), "ActualStartDate"),
        actual_finish=place.moment(found.get("ActualFinishDate"), "ActualFinishDate"),
        suspend=place.moment(found.get("SuspendDate"), "SuspendDate"),
        resume=place.moment(found.get("ResumeDate"), "ResumeDate"),
        expected_finish=place.moment(found.get("ExpectedFinishDate"), "ExpectedFinishDate"),
        percent=(hours("PercentComplete") or 0.0) * 100,
        physical_percent=(hours("PhysicalPercentComplete") or 0.0) * 100,
        resource_dependent=kind == "Resource Dependent",
        saved=_saved(found, place),
    )


def _constraint(found: dict[str, str], rank: str, place: Place) -> tuple[Constraint, ...]:
    name = found.get(f"{rank}ConstraintType", "")
    if name and name not in _CONSTRAINTS:
        raise place.wrong(name, f"{rank}ConstraintType", "a Primavera constraint")
    field = f"{rank}ConstraintDate"
    return constraint(_CONSTRAINTS.get(name), place.moment(found.get(field), field))


def _external(found: dict[str, str], place: Place) -> tuple[Constraint, ...]:
    """Dates from activities in other projects bound this one just as constraints do."""
    early = place.moment(found.get("ExternalEarlyStartDate"), "ExternalEarlyStartDate")
    late = place.moment(found.get("ExternalLateFinishDate"), "ExternalLateFinishDate")
    return constraint(ConstraintKind.START_NO_EARLIER_THAN, early) + constraint(
        ConstraintKind.FINISH_NO_LATER_THAN, late
    )


def _saved(found: dict[str, str], place: Place) -> SavedDates:
    return SavedDates(
        start=place.moment(found.get("StartDate"), "StartDate"),
        finish=place.moment(found.get("FinishDate"), "FinishDate"),
        early_start=place.moment(found.get("RemainingEarlyStartDate"), "RemainingEarlyStartDate"),
        early_finish=place.moment(found.get("RemainingEarlyFinishDate"), "RemainingEarlyFinishDate"),
        late_start=place.moment(found.get("RemainingLateStartDate"), "RemainingLateStartDate"),
        late_finish=place.moment(found.get("RemainingLateFinishDate"), "RemainingLateFinishDate"),
    )


def _relation(found: dict[str, str], place: Place) -> RelationRecord:
    kind = found.get("Type", "Finish to Start")
    if kind not in _RELATIONS:
        raise place.wrong(kind, "Type", "one of " + ", ".join(_RELATIONS))
    lag = place.number(found.get("Lag"), "Lag", 0.0)
    return RelationRecord(
        found.get("PredecessorActivityObjectId", ""),
        found.get("SuccessorActivityObjectId", ""),
        _RELATIONS[kind],
        lag,
    )


def _assignment(found: dict[str, str], place: Place) -> Assignment:
    def minutes(name: str) -> int:
        return round(place.number(found.get(name), name, 0.0) * 60)

    return Assignment(
        activity=found.get("ActivityObjectId", ""),
        resource=found.get("ResourceObjectId", ""),
        units=place.number(found.get("PlannedUnitsPerTime"), "PlannedUnitsPerTime", 1.0),
        work=minutes("PlannedUnits"),
        actual_work=minutes("ActualUnits"),
        remaining_work=minutes("RemainingUnits"),
    )
