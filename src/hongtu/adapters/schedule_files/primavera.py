"""What Primavera's two formats have in common: their records, and the schedule file made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from hongtu.engines.schedule.calendars import NO_WORK, Calendar, Shifts
from hongtu.engines.schedule.model import (
    Activity,
    ActivityKind,
    Constraint,
    ConstraintKind,
    Duration,
    GapRule,
    LagCalendar,
    Network,
    ProgressMode,
    Relation,
    RelationType,
)

from .document import (
    ActivityDetail,
    Assignment,
    BreakdownNode,
    FileFormat,
    Remark,
    Resource,
    Rules,
    SavedDates,
    ScheduleFile,
)
from .errors import refuse
from .values import in_use


@dataclass(frozen=True, slots=True)
class CalendarRecord:
    """A Primavera calendar; days left out of `week` follow the `base` calendar."""

    key: str
    name: str
    week: Mapping[int, Shifts]
    exceptions: Mapping[date, Shifts]
    base: str | None = None
    day_hours: float = 0.0
    default: bool = False


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """A Primavera project and the options under which it is scheduled."""

    key: str
    id: str
    name: str
    start: datetime | None
    data_date: datetime | None
    must_finish_by: datetime | None
    calendar: str | None
    critical_float_hours: float = 0.0
    lag_calendar: LagCalendar = LagCalendar.PREDECESSOR
    progress: ProgressMode = ProgressMode.RETAINED_LOGIC
    use_expected_finish: bool = False
    float_is_finish_float: bool = True


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """A Primavera activity; durations in hours."""

    key: str
    project: str
    id: str
    name: str
    node: str | None
    calendar: str | None
    kind: ActivityKind | None
    """None: a WBS summary, which takes no part in the network."""
    duration_hours: float
    remaining_hours: float | None
    started: bool
    finished: bool
    constraints: tuple[Constraint, ...] = ()
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    suspend: datetime | None = None
    resume: datetime | None = None
    expected_finish: datetime | None = None
    percent: float = 0.0
    physical_percent: float | None = None
    resource_dependent: bool = False
    saved: SavedDates = field(default_factory=SavedDates)


@dataclass(frozen=True, slots=True)
class RelationRecord:
    """A Primavera relationship between two activity keys."""

    predecessor: str
    successor: str
    type: RelationType
    lag_hours: float


@dataclass
class PrimaveraRecords:
    """Everything read from a Primavera file, before one project is chosen."""

    format: FileFormat
    program: str = ""
    projects: list[ProjectRecord] = field(default_factory=list)
    calendars: list[CalendarRecord] = field(default_factory=list)
    nodes: list[tuple[str, BreakdownNode]] = field(default_factory=list)
    """With the key of their project."""
    activities: list[ActivityRecord] = field(default_factory=list)
    relations: list[RelationRecord] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    """With the activity's key for `activity`."""


def build(records: PrimaveraRecords, *, file: str, project: str | None) -> ScheduleFile:
    """The schedule file of one project; `project` names it when the file holds several with activities."""
    chosen = _choose(records, file, project)
    mine = [a for a in records.activities if a.project == chosen.key]
    if not mine:
        raise refuse("schedule-file.no-activities", file=file)
    remarks: list[Remark] = []
    calendars = _calendars(records, file)
    scheduled = [a for a in mine if a.kind is not None]
    remarks += [
        Remark("wbs-summary-left-out", a.id, f"{a.name}: its dates are those of what it sums up")
        for a in mine
        if a.kind is None
    ]
    if not chosen.float_is_finish_float:
        remarks.append(
            Remark("float-definition", chosen.id, "the file asks for start float; finish float is given")
        )
    ids = _identifiers(scheduled, file)
    default = _default_calendar(records, chosen)
    resources = _resources_of(records)
    activities = [_activity(a, ids[a.key], resources.get(a.key, []), calendars, file) for a in scheduled]
    network = Network(
        activities=activities,
        relations=_relations(records, ids, remarks),
        start=_start(chosen, scheduled, file),
        calendars=in_use(calendars.values(), default, (a.calendar for a in activities)),
        default_calendar=default,
        name=chosen.name,
        data_date=chosen.data_date,
        must_finish_by=chosen.must_finish_by,
        progress=chosen.progress,
        lag_calendar=chosen.lag_calendar,
        gap_rule=GapRule.PRIMAVERA,
        critical_float=round(chosen.critical_float_hours * 60),
    )
    return ScheduleFile(
        network=network,
        format=records.format,
        rules=Rules.PRIMAVERA,
        program=records.program,
        nodes=_nodes([node for key, node in records.nodes if key == chosen.key]),
        resources=tuple(records.resources),
        assignments=tuple(
            replace(a, activity=ids[a.activity]) for a in records.assignments if a.activity in ids
        ),
        details={ids[a.key]: _detail(a, chosen, remarks) for a in scheduled},
        saved={ids[a.key]: a.saved for a in scheduled},
        remarks=tuple(remarks),
    )


def _choose(records: PrimaveraRecords, file: str, wanted: str | None) -> ProjectRecord:
    names = ", ".join(p.id for p in records.projects)
    if wanted is not None:
        for found in records.projects:
            if wanted in (found.id, found.key, found.name):
                return found
        raise refuse("schedule-file.project-unknown", file=file, value=wanted, names=names)
    busy = {a.project for a in records.activities}
    candidates = [p for p in records.projects if p.key in busy]
    if not candidates:
        raise refuse("schedule-file.no-activities", file=file)
    if len(candidates) > 1:
        names = ", ".join(p.id for p in candidates)
        raise refuse("schedule-file.project-ambiguous", file=file, count=len(candidates), names=names)
    return candidates[0]


def _nodes(nodes: list[BreakdownNode]) -> tuple[BreakdownNode, ...]:
    """Nodes whose parent is outside the file (the enterprise structure) become roots."""
    known = {node.id for node in nodes}
    return tuple(node if node.parent in known else replace(node, parent=None) for node in nodes)


def _calendars(records: PrimaveraRecords, file: str) -> dict[str, Calendar]:
    by_key = {c.key: c for c in records.calendars}
    made: dict[str, Calendar] = {}
    for record in records.calendars:
        week: dict[int, Shifts] = {}
        exceptions: dict[date, Shifts] = {}
        current: CalendarRecord | None = record
        seen: set[str] = set()
        while current is not None and current.key not in seen:
            seen.add(current.key)
            week = {**current.week, **week}
            exceptions = {**current.exceptions, **exceptions}
            current = by_key.get(current.base) if current.base else None
        days = tuple(week.get(day, NO_WORK) for day in range(7))
        minutes = round(record.day_hours * 60)
        made[record.key] = Calendar(record.key, record.name, days, exceptions, minutes)
    if not made:
        raise refuse("schedule-file.table-missing", file=file, table="CALENDAR")
    return made


def _default_calendar(records: PrimaveraRecords, project: ProjectRecord) -> str:
    keys = {c.key for c in records.calendars}
    if project.calendar in keys and project.calendar is not None:
        return project.calendar
    return next((c.key for c in records.calendars if c.default), records.calendars[0].key)


def _identifiers(activities: list[ActivityRecord], file: str) -> dict[str, str]:
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for activity in activities:
        if activity.id in taken:
            raise refuse("schedule-file.duplicate-id", file=file, value=activity.id)
        taken.add(activity.id)
        ids[activity.key] = activity.id
    return ids


def _start(project: ProjectRecord, activities: list[ActivityRecord], file: str) -> datetime:
    if found := project.start or project.data_date:
        return found
    starts = [s for a in activities if (s := a.actual_start or a.saved.early_start or a.saved.start)]
    if not starts:
        raise refuse("schedule-file.field-missing", file=file, place=project.id, field="plan_start_date")
    return min(starts)


def _activity(
    record: ActivityRecord, id: str, resources: list[Resource], calendars: Mapping[str, Calendar], file: str
) -> Activity:
    calendar = record.calendar
    if calendar is not None and calendar not in calendars:
        raise refuse("schedule-file.calendar-unknown", file=file, place=record.id, value=calendar)
    own = {r.calendar for r in resources if r.calendar in calendars}
    if record.resource_dependent and len(own) == 1:
        # It runs on its resource's calendar, when there is just one such.
        calendar = own.pop()
    hours = record.duration_hours
    if not record.started and not record.finished and record.remaining_hours is not None:
        hours = record.remaining_hours
    in_progress = record.started and not record.finished
    remaining = record.remaining_hours if in_progress else None
    return Activity(
        id=id,
        name=record.name,
        duration=Duration.minutes(round(hours * 60)),
        calendar=calendar,
        kind=record.kind or ActivityKind.TASK,
        constraints=record.constraints,
        actual_start=record.actual_start or (record.saved.start if record.started else None),
        actual_finish=(record.actual_finish or record.saved.finish) if record.finished else None,
        remaining=None if remaining is None else Duration.minutes(round(remaining * 60)),
        percent_complete=100.0 if record.finished else record.percent,
        suspend=record.suspend,
        resume=record.resume,
        resources=tuple(r.id for r in resources),
    )


def _resources_of(records: PrimaveraRecords) -> dict[str, list[Resource]]:
    """Resources by the key of the activity they are assigned to."""
    by_id = {r.id: r for r in records.resources}
    found: dict[str, list[Resource]] = {}
    for assignment in records.assignments:
        resource = by_id.get(assignment.resource) or Resource(assignment.resource, "")
        found.setdefault(assignment.activity, []).append(resource)
    return found


def _relations(records: PrimaveraRecords, ids: Mapping[str, str], remarks: list[Remark]) -> list[Relation]:
    made = []
    for r in records.relations:
        if r.predecessor in ids and r.successor in ids:
            lag = Duration.minutes(round(r.lag_hours * 60))
            made.append(Relation(ids[r.predecessor], ids[r.successor], r.type, lag))
        elif r.predecessor in ids or r.successor in ids:
            inside = ids.get(r.predecessor) or ids.get(r.successor) or ""
            text = "a relation to an activity outside the chosen project was left out"
            remarks.append(Remark("relation-outside", inside, text))
    return made


def _detail(record: ActivityRecord, project: ProjectRecord, remarks: list[Remark]) -> ActivityDetail:
    expected = record.expected_finish if project.use_expected_finish and not record.finished else None
    if expected:
        remarks.append(
            Remark("expected-finish", record.id, f"expected finish {expected:%Y-%m-%d} is kept, not applied")
        )
    milestone = record.kind in (ActivityKind.START_MILESTONE, ActivityKind.FINISH_MILESTONE)
    return ActivityDetail(
        unique_id=record.key,
        node=record.node,
        milestone=milestone,
        physical_percent=record.physical_percent,
        expected_finish=expected,
    )


def constraint(kind: ConstraintKind | None, moment: datetime | None) -> tuple[Constraint, ...]:
    """One constraint as a tuple, empty for none; a dated kind without its date is none either."""
    if kind is None:
        return ()
    if kind is ConstraintKind.AS_LATE_AS_POSSIBLE:
        return (Constraint(kind),)
    return (Constraint(kind, moment),) if moment else ()
