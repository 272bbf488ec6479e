"""The tasks of an exported Microsoft Project XML: outline, dates, links, constraints, actuals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from xml.etree.ElementTree import Element, SubElement

from hongtu.engines.schedule.calendars import MINUTES_PER_DAY, Calendar, to_minutes
from hongtu.engines.schedule.model import (
    Activity,
    ActivityKind,
    Constraint,
    ConstraintKind,
    LagCalendar,
    Relation,
    RelationType,
    ScheduleResult,
    to_datetime,
)
from hongtu.engines.schedule.timeline import build_timeline

from .document import BreakdownNode, Remark, Rules, ScheduleFile
from .values import iso_moment, iso_span

ID_FIELD = 188743731
"""Microsoft Project's number of the task field Text1."""
ID_ALIAS = "Hongtu ID"
"""Name of that field when it carries our identifiers."""
_DAYS, _ELAPSED_DAYS = 7, 8
_LINKS = {
    RelationType.FINISH_FINISH: 0,
    RelationType.FINISH_START: 1,
    RelationType.START_FINISH: 2,
    RelationType.START_START: 3,
}
_CONSTRAINTS = {
    ConstraintKind.AS_SOON_AS_POSSIBLE: 0,
    ConstraintKind.AS_LATE_AS_POSSIBLE: 1,
    ConstraintKind.MUST_START_ON: 2,
    ConstraintKind.MANDATORY_START: 2,
    ConstraintKind.MUST_FINISH_ON: 3,
    ConstraintKind.MANDATORY_FINISH: 3,
    ConstraintKind.START_NO_EARLIER_THAN: 4,
    ConstraintKind.START_NO_LATER_THAN: 5,
    ConstraintKind.FINISH_NO_EARLIER_THAN: 6,
    ConstraintKind.FINISH_NO_LATER_THAN: 7,
}
_FINISHES = {
    ConstraintKind.MUST_FINISH_ON,
    ConstraintKind.MANDATORY_FINISH,
    ConstraintKind.FINISH_NO_EARLIER_THAN,
    ConstraintKind.FINISH_NO_LATER_THAN,
}


def numbered(ids: Sequence[str], lowest: int = 1) -> dict[str, str]:
    """Identifiers as Microsoft Project's numbers: themselves when all are such numbers, else 1, 2, 3."""
    if all(id.isascii() and id.isdigit() and lowest <= int(id) < 2**31 and str(int(id)) == id for id in ids):
        return {id: id for id in ids}
    return {id: str(at) for at, id in enumerate(ids, 1)}


class TaskWriter:
    """Writes the `Tasks` element; what has no room in the format is noted in `remarks`."""

    def __init__(
        self,
        parent: Element,
        document: ScheduleFile,
        result: ScheduleResult,
        uids: Mapping[str, str],
        calendars: Mapping[str, str],
    ) -> None:
        self.parent, self.document, self.result = parent, document, result
        self.uids, self.calendars = uids, calendars
        self.network = document.network
        self.by_id = {a.id: a for a in document.network.activities}
        self.remarks: list[Remark] = []
        self.row = 0
        self.links: dict[str, list[Relation]] = {}
        for relation in self.network.relations:
            self.links.setdefault(relation.successor, []).append(relation)
        # Numbers of summaries follow those of tasks, so that links keep theirs.
        highest = max((int(uid) for uid in uids.values()), default=0)
        nodes = [n for n in document.nodes if n.id != "0" or n.parent is not None]
        self.node_uids = {n.id: str(highest + at) for at, n in enumerate(nodes, 1)}
        self.under: dict[str | None, list[BreakdownNode]] = {}
        for node in nodes:
            above = node.parent if node.parent in self.node_uids else None
            self.under.setdefault(above, []).append(node)
        self.tasks_of: dict[str | None, list[Activity]] = {}
        for activity in self.network.activities:
            above = document.detail(activity.id).node
            self.tasks_of.setdefault(above if above in self.node_uids else None, []).append(activity)

    def write(self, title: str) -> None:
        """The project summary, then the outline depth first."""
        self._summary("0", title, level=0, covered=list(self.network.activities), number="0")
        self._level(None, 1, "")

    def _level(self, node: str | None, level: int, prefix: str) -> None:
        at = 0
        for activity in self.tasks_of.get(node, []):
            at += 1
            self.row += 1
            self._task(activity, level, f"{prefix}{at}")
        for child in self.under.get(node, []):
            covered = self._covered(child.id)
            if covered:
                at += 1
                self.row += 1
                self._summary(
                    self.node_uids[child.id], child.name, level, covered, f"{prefix}{at}", child.code
                )
                self._level(child.id, level + 1, f"{prefix}{at}.")

    def _covered(self, node: str) -> list[Activity]:
        found = list(self.tasks_of.get(node, []))
        for child in self.under.get(node, []):
            found += self._covered(child.id)
        return found

    def _fields(self, values: Sequence[tuple[str, object]]) -> Element:
        element = SubElement(self.parent, "Task")
        for name, value in values:
            if value is not None:
                child = SubElement(element, name)
                if isinstance(value, datetime):
                    child.text = iso_moment(value)
                else:
                    child.text = str(int(value)) if isinstance(value, bool) else str(value)
        return element

    def _moment(self, column: str, activity: str) -> datetime:
        return to_datetime(getattr(self.result, column)[self.result.index[activity]])

    def _summary(
        self, uid: str, name: str, level: int, covered: list[Activity], number: str, code: str = ""
    ) -> None:
        start = min(self._moment("shown_start", a.id) for a in covered)
        finish = max(self._moment("shown_finish", a.id) for a in covered)
        self._fields(
            [
                ("UID", uid),
                ("ID", self.row),
                ("Name", name or None),
                ("Active", True),
                ("Manual", False),
                ("Type", 1),
                ("IsNull", False),
                ("WBS", code or number),
                ("OutlineNumber", number),
                ("OutlineLevel", level),
                ("Start", start),
                ("Finish", finish),
                ("Milestone", False),
                ("Summary", True),
                ("CalendarUID", -1),
            ]
        )

    def _task(self, activity: Activity, level: int, number: str) -> None:
        detail = self.document.detail(activity.id)
        calendar = self.network.calendar(activity.calendar)
        worked, remaining = self._work(activity)
        duration = worked + remaining
        form = _ELAPSED_DAYS if activity.duration.elapsed else _DAYS
        shown_start, shown_finish = (
            self._moment("shown_start", activity.id),
            self._moment("shown_finish", activity.id),
        )
        fields: list[tuple[str, object]] = [
            ("UID", self.uids[activity.id]),
            ("ID", self.row),
            ("Name", activity.name or activity.id),
            ("Active", True),
            ("Manual", detail.manual),
            ("Type", 1 if detail.fixed_duration else 0),
            ("IsNull", False),
            ("WBS", number),
            ("OutlineNumber", number),
            ("OutlineLevel", level),
            ("Priority", 500),
            ("Start", shown_start),
            ("Finish", shown_finish),
            ("Duration", iso_span(duration)),
        ]
        if detail.manual:
            fields += [
                ("ManualStart", shown_start),
                ("ManualFinish", shown_finish),
                ("ManualDuration", iso_span(duration)),
            ]
        fields += [("DurationFormat", form), *self._progress_split(activity, worked)]
        fields += self._later_fields(activity, worked, remaining)
        element = self._fields(fields)
        if self.uids[activity.id] != activity.id:
            self._extra(element, "ExtendedAttribute", [("FieldID", ID_FIELD), ("Value", activity.id)])
        if activity.baseline_start or activity.baseline_finish:
            start, finish = _moment(activity.baseline_start), _finish(activity.baseline_finish, calendar)
            self._extra(element, "Baseline", [("Number", 0), ("Start", start), ("Finish", finish)])
        for relation in self.links.get(activity.id, []):
            self._link(element, relation)

    def _later_fields(self, activity: Activity, worked: int, remaining: int) -> list[tuple[str, object]]:
        """Fields that the format wants after the duration, in its order."""
        detail, duration = self.document.detail(activity.id), worked + remaining
        calendar = self.network.calendar(activity.calendar)
        return [
            ("Estimated", False),
            ("Milestone", not duration and activity.kind is not ActivityKind.TASK),
            ("Summary", False),
            ("Critical", bool(self.result.critical[self.result.index[activity.id]])),
            *self._computed(activity),
            ("PercentComplete", self._percent(activity, duration, remaining)),
            ("ActualStart", _moment(activity.actual_start)),
            ("ActualFinish", _finish(activity.actual_finish, calendar)),
            ("ActualDuration", iso_span(worked)),
            ("RemainingDuration", iso_span(remaining)),
            *self._constraint(activity),
            ("CalendarUID", self.calendars.get(activity.calendar or "", "-1")),
            ("Deadline", self._deadline(activity)),
            ("LevelingDelay", detail.levelling_delay * 10 or None),
            ("IgnoreResourceCalendar", detail.ignore_resource_calendar),
            ("PhysicalPercentComplete", self._physical(activity)),
        ]

    def _extra(self, element: Element, name: str, values: Sequence[tuple[str, object]]) -> None:
        child = SubElement(element, name)
        for tag, value in values:
            if value is not None:
                SubElement(child, tag).text = iso_moment(value) if isinstance(value, datetime) else str(value)

    def _computed(self, activity: Activity) -> list[tuple[str, object]]:
        at = self.result.index[activity.id]
        started = activity.actual_start is not None
        early = ("shown_start" if started else "early_start", "shown_finish" if started else "early_finish")
        return [
            ("EarlyStart", self._moment(early[0], activity.id)),
            ("EarlyFinish", self._moment(early[1], activity.id)),
            ("LateStart", self._moment("late_start", activity.id)),
            ("LateFinish", self._moment("late_finish", activity.id)),
            ("FreeSlack", int(self.result.free_float[at]) * 10),
            ("TotalSlack", int(self.result.total_float[at]) * 10),
        ]

    def _work(self, activity: Activity) -> tuple[int, int]:
        """Minutes worked and to go. Microsoft Project wants them to add up to the duration.

        Primavera's do not: there, work in progress has lasted from its actual start to the data date.
        """
        calendar = self.network.calendar(activity.calendar)
        whole = activity.duration.in_minutes(calendar)
        if activity.actual_finish is not None:
            return whole, 0
        if activity.actual_start is None:
            return 0, whole
        if activity.remaining is not None:
            remaining = activity.remaining.in_minutes(calendar)
        else:
            remaining = round(whole * (1 - activity.percent_complete / 100))
        if self.document.rules is Rules.MICROSOFT:
            return max(0, whole - remaining), remaining
        until = to_minutes(self.network.data_date or self.network.start)
        return self._between(activity, to_minutes(activity.actual_start), until), remaining

    def _between(self, activity: Activity, first: int, last: int) -> int:
        if last <= first:
            return 0
        if activity.duration.elapsed:
            return last - first
        days = first // MINUTES_PER_DAY - 1, last // MINUTES_PER_DAY + 2
        timeline = build_timeline([self.network.calendar(activity.calendar)], *days)
        return timeline.work(0, last) - timeline.work(0, first)

    def _physical(self, activity: Activity) -> int | None:
        """The percentage that people reported, where it is not the one that follows from durations."""
        reported = self.document.detail(activity.id).physical_percent
        if reported is None and self.document.rules is not Rules.MICROSOFT:
            reported = activity.percent_complete
        return round(reported) if reported else None

    def _percent(self, activity: Activity, duration: int, remaining: int) -> int:
        if activity.actual_finish is not None:
            return 100
        if activity.actual_start is None or not duration:
            return 0
        return max(0, min(99, round((duration - remaining) / duration * 100)))

    def _progress_split(self, activity: Activity, worked: int) -> list[tuple[str, object]]:
        """Where finished work stopped and where the rest goes on, when something lies between."""
        if activity.actual_start is None or activity.actual_finish is not None:
            return []
        if self.document.rules is Rules.MICROSOFT:
            return [("Stop", _moment(activity.suspend)), ("Resume", _moment(activity.resume))]
        resume = self._moment("early_start", activity.id)
        stop = to_datetime(to_minutes(self.network.data_date or self.network.start))
        idle = self._between(activity, to_minutes(stop), to_minutes(resume))
        return [("Stop", stop), ("Resume", resume)] if idle and worked else []

    def _constraint(self, activity: Activity) -> list[tuple[str, object]]:
        own = self._own_constraint(activity)
        if own is None:
            return [("ConstraintType", 0)]
        calendar = self.network.calendar(activity.calendar)
        moment = _finish(own.moment, calendar) if own.kind in _FINISHES else _moment(own.moment)
        return [("ConstraintType", _CONSTRAINTS[own.kind]), ("ConstraintDate", moment)]

    def _own_constraint(self, activity: Activity) -> Constraint | None:
        dated = [c for c in activity.constraints if c.kind is not ConstraintKind.AS_SOON_AS_POSSIBLE]
        if not dated:
            return None
        lost = [c for c in dated[1:] if not self._becomes_deadline(activity, c)]
        for constraint in lost:
            text = f"{constraint.kind} {constraint.moment} has no room beside {dated[0].kind}"
            self.remarks.append(Remark("constraint-left-out", activity.label, text))
        return dated[0]

    def _becomes_deadline(self, activity: Activity, constraint: Constraint) -> bool:
        return activity.deadline is None and constraint.kind is ConstraintKind.FINISH_NO_LATER_THAN

    def _deadline(self, activity: Activity) -> datetime | None:
        """The deadline; a second constraint "finish no later than" has the same effect on late dates."""
        calendar = self.network.calendar(activity.calendar)
        if activity.deadline is not None:
            return _finish(activity.deadline, calendar)
        second = [c.moment for c in activity.constraints[1:] if self._becomes_deadline(activity, c)]
        return _finish(second[0], calendar) if second else None

    def _link(self, element: Element, relation: Relation) -> None:
        runs_on = relation.lag_calendar or self.network.lag_calendar
        successor, predecessor = self.by_id[relation.successor], self.by_id[relation.predecessor]
        lag = relation.lag
        minutes = lag.in_minutes(self.network.calendar(successor.calendar))
        elapsed = lag.elapsed
        if runs_on is LagCalendar.PREDECESSOR and predecessor.duration.elapsed and not elapsed:
            # The predecessor runs around the clock, and so does a lag on its calendar.
            minutes, elapsed = lag.in_minutes(Calendar.around_the_clock()), True
        if minutes and not elapsed and runs_on is LagCalendar.AROUND_THE_CLOCK:
            elapsed = True
        elif minutes and not elapsed and runs_on is not LagCalendar.SUCCESSOR:
            own = successor.calendar or self.network.calendar().id
            needed = predecessor.calendar if runs_on is LagCalendar.PREDECESSOR else None
            if (needed or self.network.calendar().id) != own:
                text = "the lag runs on the successor's calendar in Microsoft Project"
                self.remarks.append(Remark("lag-calendar-changed", relation.label, text))
        self._extra(
            element,
            "PredecessorLink",
            [
                ("PredecessorUID", self.uids[relation.predecessor]),
                ("Type", _LINKS[relation.type]),
                ("CrossProject", 0),
                ("LinkLag", minutes * 10),
                ("LagFormat", _ELAPSED_DAYS if elapsed else _DAYS),
            ],
        )


def _moment(value: datetime | date | None) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day)


def _finish(value: datetime | date | None, calendar: Calendar) -> datetime | None:
    """A plain date as a finish means the end of that day's last shift."""
    if value is None or isinstance(value, datetime):
        return value
    shifts = calendar.shifts_on(value)
    return datetime(value.year, value.month, value.day) + timedelta(minutes=shifts[-1][1] if shifts else 1439)
