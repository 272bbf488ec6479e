"""Microsoft Project XML (MSPDI): tasks, summaries, links, calendars, resources and assignments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hongtu.engines.schedule.calendars import MINUTES_PER_DAY, Calendar
from hongtu.engines.schedule.model import (
    Activity,
    ActivityKind,
    Constraint,
    ConstraintKind,
    Duration,
    LagCalendar,
    Network,
    Relation,
    RelationType,
)

from .document import (
    ActivityDetail,
    BreakdownNode,
    FileFormat,
    Remark,
    ResourceKind,
    Rules,
    SavedDates,
    ScheduleFile,
)
from .errors import refuse
from .limits import Limits
from .mspdi_calendars import resolve
from .mspdi_records import MspdiRecords, TaskRecord, read_records
from .summaries import MOST_LINKS, expand_links, leaves_of
from .values import Place, in_use

ELAPSED_FORMATS = {4, 6, 8, 10, 12, 36, 38, 40, 42, 44}
PERCENT_FORMATS = {19, 20, 51, 52}
DEEPEST = 256
"""Outline levels that are told apart; deeper ones are taken as this."""
LINK_TYPES = {
    0: RelationType.FINISH_FINISH,
    1: RelationType.FINISH_START,
    2: RelationType.START_FINISH,
    3: RelationType.START_START,
}
CONSTRAINTS = {
    1: ConstraintKind.AS_LATE_AS_POSSIBLE,
    2: ConstraintKind.MUST_START_ON,
    3: ConstraintKind.MUST_FINISH_ON,
    4: ConstraintKind.START_NO_EARLIER_THAN,
    5: ConstraintKind.START_NO_LATER_THAN,
    6: ConstraintKind.FINISH_NO_EARLIER_THAN,
    7: ConstraintKind.FINISH_NO_LATER_THAN,
}


def read_mspdi(data: bytes, *, file: str, limits: Limits) -> ScheduleFile:
    """The schedule of a Microsoft Project XML file."""
    return _assemble(read_records(data, file=file, limits=limits), file)


def _assemble(records: MspdiRecords, file: str) -> ScheduleFile:
    properties, place = records.properties, Place(file, "Project")
    minutes_per_day, calendars, default = _calendars(records, place)
    remarks: list[Remark] = []
    tasks = _usable(records.tasks, remarks, file)
    _outline(tasks)
    parents = {t.parent for t in tasks}
    summaries = {t.uid for t in tasks if t.flag("Summary") or t.uid in parents}
    work = [t for t in tasks if t.uid not in summaries and t.uid != "0"]
    if not work:
        raise refuse("schedule-file.no-activities", file=file)
    by_uid = {t.uid: t for t in work}
    leaves = leaves_of({t.uid: t.parent for t in tasks}, summaries)
    inherited = _inherited_constraints(tasks, summaries, leaves)
    effective = _EffectiveCalendars(records, calendars, default)
    activities = [_activity(t, effective, inherited.get(t.uid, ()), file) for t in work]
    starts = {uid: t.fields.get("Start", "") for uid, t in by_uid.items()}
    relations = expand_links(_links(tasks, remarks), leaves, starts, most=MOST_LINKS, file=file)
    network = Network(
        activities=activities,
        relations=relations,
        start=_start(properties, work, place),
        calendars=in_use(calendars.values(), calendars[default].id, (a.calendar for a in activities)),
        default_calendar=calendars[default].id,
        name=properties.get("Title") or properties.get("Name", ""),
        data_date=place.moment(properties.get("StatusDate"), "StatusDate"),
        must_finish_by=None,
        lag_calendar=LagCalendar.SUCCESSOR,
        critical_float=place.whole(properties.get("CriticalSlackLimit"), "CriticalSlackLimit", 0)
        * minutes_per_day,
    )
    version = properties.get("BuildNumber", properties.get("SaveVersion", ""))
    from_finish = properties.get("ScheduleFromStart", "1") in ("0", "false")
    return ScheduleFile(
        network=network,
        format=FileFormat.MSPDI,
        rules=Rules.MICROSOFT,
        program=f"Microsoft Project {version}".strip(),
        nodes=tuple(_node(t) for t in tasks if t.uid in summaries or t.uid == "0"),
        resources=tuple(records.resources),
        assignments=tuple(a for a in records.assignments if a.activity in by_uid),
        details={t.uid: _detail(t) for t in work},
        saved={t.uid: _saved(t) for t in work},
        remarks=tuple(remarks),
        finish=place.moment(properties.get("FinishDate"), "FinishDate") if from_finish else None,
    )


def _calendars(records: MspdiRecords, place: Place) -> tuple[int, dict[str, Calendar], str]:
    """Minutes of a day, all calendars, and the number of the project's."""
    properties = records.properties
    minutes_per_day = place.whole(properties.get("MinutesPerDay"), "MinutesPerDay", 480)
    calendars = resolve(records.calendars, minutes_per_day, place.file)
    default = properties.get("CalendarUID", "")
    if default not in calendars:
        default = next(iter(calendars), "")
    if not calendars:
        calendars = {"": Calendar("standard", "Standard", minutes_per_day=minutes_per_day)}
    return minutes_per_day, calendars, default


def _usable(tasks: list[TaskRecord], remarks: list[Remark], file: str) -> list[TaskRecord]:
    seen: set[str] = set()
    kept = []
    for task in tasks:
        if task.flag("IsNull") or not task.uid:
            continue
        if task.uid in seen:
            raise refuse("schedule-file.duplicate-id", file=file, place=task.place.record, value=task.uid)
        seen.add(task.uid)
        if task.fields.get("Active") in ("0", "false"):
            remarks.append(Remark("inactive-left-out", task.place.record, "the task is inactive"))
            continue
        kept.append(task)
    return kept


def _outline(tasks: list[TaskRecord]) -> None:
    """Parents from the outline levels, in file order."""
    open_tasks: list[tuple[int, str]] = []
    for task in tasks:
        level = min(task.whole("OutlineLevel", 1), DEEPEST)
        while open_tasks and open_tasks[-1][0] >= level:
            open_tasks.pop()
        task.parent = open_tasks[-1][1] if open_tasks else None
        open_tasks.append((level, task.uid))


def _inherited_constraints(
    tasks: list[TaskRecord], summaries: set[str], leaves: dict[str, list[str]]
) -> dict[str, tuple[Constraint, ...]]:
    """A date constraint of a summary holds for everything under it."""
    found: dict[str, tuple[Constraint, ...]] = {}
    for task in tasks:
        own = _constraints(task)
        if task.uid in summaries and own:
            for leaf in leaves[task.uid]:
                found[leaf] = found.get(leaf, ()) + own
    return found


def _constraints(task: TaskRecord) -> tuple[Constraint, ...]:
    kind = CONSTRAINTS.get(task.whole("ConstraintType", 0))
    if kind is None:
        return ()
    if kind is ConstraintKind.AS_LATE_AS_POSSIBLE:
        return (Constraint(kind),)
    moment = task.moment("ConstraintDate")
    return (Constraint(kind, moment),) if moment else ()


class _EffectiveCalendars:
    """The calendar a task runs on: its own, else that of its resources, else the project's."""

    def __init__(self, records: MspdiRecords, calendars: dict[str, Calendar], default: str) -> None:
        self.calendars = dict(calendars)
        self._default = default
        self._resources = {r.id: r for r in records.resources if r.kind is ResourceKind.WORK}
        self._of_task: dict[str, set[str]] = {}
        for a in records.assignments:
            resource = self._resources.get(a.resource)
            if resource:
                uid = resource.calendar if resource.calendar in calendars else default
                self._of_task.setdefault(a.activity, set()).add(str(uid))

    def of(self, task: TaskRecord, file: str) -> str | None:
        """Identifier of the calendar, None for the project's."""
        own = task.fields.get("CalendarUID", "-1")
        if own not in ("-1", "") and own not in self.calendars:
            raise refuse("schedule-file.calendar-unknown", file=file, place=task.place.record, value=own)
        resources = set() if task.whole("Type", 0) == 1 else self._of_task.get(task.uid, set())
        if own not in ("-1", ""):
            return own
        patterns = {
            (self.calendars[u].week, tuple(sorted(self.calendars[u].exceptions.items()))): u
            for u in resources
        }
        if not patterns:
            return None
        first = sorted(patterns.values())[0]
        return first if first != self._default else None


def _activity(
    task: TaskRecord, effective: _EffectiveCalendars, inherited: tuple[Constraint, ...], file: str
) -> Activity:
    place = task.place
    elapsed = task.whole("DurationFormat", 7) in ELAPSED_FORMATS
    minutes = place.span(task.fields.get("Duration"), "Duration", 0.0)
    duration = _duration(minutes, elapsed)
    actual_start, actual_finish = task.moment("ActualStart"), task.moment("ActualFinish")
    if actual_finish and not actual_start:
        actual_start = min(task.moment("Start") or actual_finish, actual_finish)
    remaining = None
    if actual_start and not actual_finish and task.fields.get("RemainingDuration"):
        remaining = _duration(place.span(task.fields["RemainingDuration"], "RemainingDuration"), elapsed)
    stop, resume = task.moment("Stop"), task.moment("Resume")
    split = bool(actual_start and not actual_finish and stop and resume and resume > stop)
    return Activity(
        id=task.uid,
        name=task.fields.get("Name", ""),
        duration=duration,
        calendar=effective.of(task, file),
        kind=_kind(task, minutes),
        constraints=_constraints(task) + inherited,
        deadline=task.moment("Deadline"),
        actual_start=actual_start,
        actual_finish=actual_finish,
        remaining=remaining,
        percent_complete=place.number(task.fields.get("PercentComplete"), "PercentComplete", 0.0),
        baseline_start=place.moment(task.baseline.get("Start"), "Baseline Start"),
        baseline_finish=place.moment(task.baseline.get("Finish"), "Baseline Finish"),
        suspend=stop if split else None,
        resume=resume if split else None,
    )


def _kind(task: TaskRecord, minutes: float) -> ActivityKind:
    """A milestone with a duration is a task that is only drawn as one."""
    return ActivityKind.FINISH_MILESTONE if task.flag("Milestone") and not minutes else ActivityKind.TASK


def _duration(minutes: float, elapsed: bool) -> Duration:
    return Duration.calendar_days(minutes / MINUTES_PER_DAY) if elapsed else Duration.minutes(minutes)


def _links(tasks: list[TaskRecord], remarks: list[Remark]) -> list[Relation]:
    known = {t.uid: t for t in tasks}
    made = []
    for task in tasks:
        for link in task.links:
            place = task.place
            source = link.get("PredecessorUID", "")
            if link.get("CrossProject") in ("1", "true"):
                remarks.append(
                    Remark("relation-outside", place.record, "a link to another project was left out")
                )
                continue
            if source not in known:
                if source in ("", "0"):
                    continue
                raise refuse(
                    "schedule-file.predecessor-unknown", file=place.file, place=place.record, value=source
                )
            kind = place.whole(link.get("Type"), "PredecessorLink Type", 1)
            if kind not in LINK_TYPES:
                raise place.wrong(str(kind), "PredecessorLink Type", "0 (FF), 1 (FS), 2 (SF) or 3 (SS)")
            made.append(Relation(source, task.uid, LINK_TYPES[kind], _lag(link, known[source], place)))
    return made


def _lag(link: dict[str, str], source: TaskRecord, place: Place) -> Duration:
    amount = place.number(link.get("LinkLag"), "LinkLag", 0.0)
    form = place.whole(link.get("LagFormat"), "LagFormat", 7)
    if form in PERCENT_FORMATS:
        whole = source.place.span(source.fields.get("Duration"), "Duration", 0.0)
        return Duration.minutes(whole * amount / 100)
    minutes = amount / 10
    return _duration(minutes, form in ELAPSED_FORMATS)


def _node(task: TaskRecord) -> BreakdownNode:
    return BreakdownNode(
        task.uid, task.fields.get("Name", ""), task.fields.get("WBS", ""), task.parent, _saved(task)
    )


def _detail(task: TaskRecord) -> ActivityDetail:
    physical = task.fields.get("PhysicalPercentComplete")
    delay = task.place.number(task.fields.get("LevelingDelay"), "LevelingDelay", 0.0) / 10
    return ActivityDetail(
        row=task.whole("ID", 0) or None,
        unique_id=task.fields.get("UID", ""),
        node=task.parent,
        manual=task.flag("Manual") or task.flag("ExternalTask") or task.flag("IsSubproject"),
        milestone=task.flag("Milestone"),
        fixed_duration=task.whole("Type", 0) == 1,
        ignore_resource_calendar=task.flag("IgnoreResourceCalendar"),
        physical_percent=task.place.number(physical, "PhysicalPercentComplete") if physical else None,
        levelling_delay=round(delay),
    )


def _saved(task: TaskRecord) -> SavedDates:
    def tenths(name: str) -> int | None:
        text = task.fields.get(name)
        return round(task.place.number(text, name) / 10) if text else None

    return SavedDates(
        start=task.moment("Start"),
        finish=task.moment("Finish"),
        early_start=task.moment("EarlyStart"),
        early_finish=task.moment("EarlyFinish"),
        late_start=task.moment("LateStart"),
        late_finish=task.moment("LateFinish"),
        total_float=tenths("TotalSlack"),
        free_float=tenths("FreeSlack"),
        critical=task.flag("Critical") if "Critical" in task.fields else None,
    )


def _start(properties: dict[str, str], work: list[TaskRecord], place: Place) -> datetime:
    found = place.moment(properties.get("StartDate"), "StartDate")
    if found is None:
        starts = [moment for t in work if (moment := t.moment("Start"))]
        if not starts:
            raise refuse("schedule-file.field-missing", file=place.file, place="Project", field="StartDate")
        found = min(starts)
    return found


def from_converted(document: ScheduleFile) -> ScheduleFile:
    """The document of a .mpp that MPXJ converted; MPXJ leaves slack of zero out, which is put back."""
    saved = {
        id: replace(dates, total_float=dates.total_float or 0, free_float=dates.free_float or 0)
        for id, dates in document.saved.items()
    }
    return replace(document, format=FileFormat.MPP, saved=saved)
