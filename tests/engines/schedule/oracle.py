"""The independent oracle: MPXJ's `PrimaveraScheduler` on our networks, one Java machine per process."""

from __future__ import annotations

import shutil
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from hongtu.engines.schedule.calendars import Calendar, to_minutes
from hongtu.engines.schedule.model import ConstraintKind, LagCalendar, Network, ScheduleResult
from hongtu.engines.schedule.timeline import build_timeline

FIELDS = ("early_start", "early_finish", "late_start", "late_finish", "total_float")

JAVA_CONSTRAINTS = {
    ConstraintKind.START_NO_EARLIER_THAN: "START_NO_EARLIER_THAN",
    ConstraintKind.START_NO_LATER_THAN: "START_NO_LATER_THAN",
    ConstraintKind.FINISH_NO_EARLIER_THAN: "FINISH_NO_EARLIER_THAN",
    ConstraintKind.FINISH_NO_LATER_THAN: "FINISH_NO_LATER_THAN",
    ConstraintKind.MUST_START_ON: "START_ON",
    ConstraintKind.MUST_FINISH_ON: "FINISH_ON",
    ConstraintKind.MANDATORY_START: "MUST_START_ON",
    ConstraintKind.MANDATORY_FINISH: "MUST_FINISH_ON",
    ConstraintKind.AS_LATE_AS_POSSIBLE: "AS_LATE_AS_POSSIBLE",
}


@cache
def java() -> Any:
    """The `org.mpxj` package; skips the test where Java or MPXJ is not installed."""
    mpxj = pytest.importorskip("mpxj", reason="the optional extra `schedules` (MPXJ) is not installed")
    if shutil.which("java") is None:
        pytest.skip("MPXJ needs Java 17 and there is no java on the PATH")
    import jpype

    if not jpype.isJVMStarted():
        mpxj.startJVM("-Xmx512m", "-Dlog4j2.level=OFF")
    return jpype.JPackage("org").mpxj


def _moment(value: datetime) -> Any:
    import jpype

    local = jpype.JClass("java.time.LocalDateTime")
    return local.of(value.year, value.month, value.day, value.hour, value.minute)


def _calendar(file: Any, calendar: Calendar) -> Any:
    import jpype

    mpxj = java()
    days = jpype.JClass("java.time.DayOfWeek")
    local_date = jpype.JClass("java.time.LocalDate")
    target = file.addCalendar()
    target.setName(calendar.id)
    for number, shifts in enumerate(calendar.week):
        day = days.of(number + 1)
        target.setCalendarDayType(day, mpxj.DayType.WORKING if shifts else mpxj.DayType.NON_WORKING)
        hours = target.addCalendarHours(day)
        for span in shifts:
            hours.add(_range(span))
    for day, shifts in calendar.exceptions.items():
        exception = target.addCalendarException(local_date.of(day.year, day.month, day.day))
        for span in shifts:
            exception.add(_range(span))
    return target


def _range(span: tuple[int, int]) -> Any:
    import jpype

    time = jpype.JClass("java.time.LocalTime")
    start, end = span
    return java().LocalTimeRange(time.of(start // 60, start % 60), time.of(end // 60 % 24, end % 60))


def oracle(network: Network) -> dict[str, list[int]]:
    """The five results of each activity, in minutes, in the order of the network's activities."""
    mpxj = java()
    file = mpxj.ProjectFile()
    calendars = {calendar.id: _calendar(file, calendar) for calendar in network.calendars}
    properties = file.getProjectProperties()
    properties.setDefaultCalendar(calendars[network.calendar().id])
    properties.setRelationshipLagCalendar(
        {
            LagCalendar.PREDECESSOR: mpxj.RelationshipLagCalendar.PREDECESSOR,
            LagCalendar.SUCCESSOR: mpxj.RelationshipLagCalendar.SUCCESSOR,
            LagCalendar.PROJECT: mpxj.RelationshipLagCalendar.PROJECT_DEFAULT,
            LagCalendar.AROUND_THE_CLOCK: mpxj.RelationshipLagCalendar.TWENTY_FOUR_HOUR,
        }[network.lag_calendar]
    )
    if network.must_finish_by is not None:
        properties.setMustFinishBy(_moment(network.must_finish_by))
    tasks = {}
    for activity in network.activities:
        task = file.addTask()
        own = network.calendar(activity.calendar)
        task.setCalendar(calendars[own.id])
        task.setActivityType(mpxj.ActivityType.TASK_DEPENDENT)
        length = mpxj.Duration.getInstance(float(activity.duration.in_minutes(own)), mpxj.TimeUnit.MINUTES)
        task.setDuration(length)
        task.setRemainingDuration(length)
        for constraint in activity.constraints:
            task.setConstraintType(getattr(mpxj.ConstraintType, JAVA_CONSTRAINTS[constraint.kind]))
            if constraint.moment is not None:
                task.setConstraintDate(_moment(constraint.moment))
        if activity.deadline is not None:  # Primavera knows no deadline; this is what it does to late dates
            task.setConstraintType(mpxj.ConstraintType.FINISH_NO_LATER_THAN)
            task.setConstraintDate(_moment(activity.deadline))
        tasks[activity.id] = task
    by_id = {activity.id: activity for activity in network.activities}
    for relation in network.relations:
        runs_on = network.calendar(by_id[relation.predecessor].calendar)
        lag = mpxj.Duration.getInstance(float(relation.lag.in_minutes(runs_on)), mpxj.TimeUnit.MINUTES)
        builder = mpxj.Relation.Builder().predecessorTask(tasks[relation.predecessor])
        builder.type(getattr(mpxj.RelationType, relation.type.name))
        tasks[relation.successor].addPredecessor(builder.lag(lag))
    mpxj.cpm.PrimaveraScheduler().schedule(file, _moment(network.start))
    return _results(network, list(tasks.values()))


def _results(network: Network, tasks: list[Any]) -> dict[str, list[int]]:
    minutes = java().TimeUnit.MINUTES
    span = [
        to_minutes(datetime.fromisoformat(str(m)))
        for t in tasks
        for m in (t.getLateStart(), t.getEarlyFinish())
    ]
    first, last = min(span) // 1440 - 60, max(span) // 1440 + 60
    timeline = build_timeline(network.calendars, first, last)
    number = {calendar.id: i for i, calendar in enumerate(network.calendars)}
    own = [number[network.calendar(activity.calendar).id] for activity in network.activities]

    def starts(moments: list[Any]) -> list[int]:
        """The oracle leaves some dates at a boundary (17:00 for a start): as the next worked minute."""
        worked = zip(own, moments, strict=True)
        return [timeline.start_of(c, timeline.work(c, at(moment))) for c, moment in worked]

    def finishes(moments: list[Any]) -> list[int]:
        """The same for finishes (08:00): as the end of the last worked minute."""
        worked = zip(own, moments, strict=True)
        return [timeline.start_of(c, timeline.work(c, at(moment)) - 1) + 1 for c, moment in worked]

    return {
        "early_start": starts([t.getEarlyStart() for t in tasks]),
        "early_finish": finishes([t.getEarlyFinish() for t in tasks]),
        "late_start": starts([t.getLateStart() for t in tasks]),
        "late_finish": finishes([t.getLateFinish() for t in tasks]),
        "total_float": [
            round(float(t.getTotalSlack().convertUnits(minutes, t.getEffectiveCalendar()).getDuration()))
            for t in tasks
        ],
    }


def at(moment: Any) -> int:
    """Minutes of a Java date and time."""
    return to_minutes(datetime.fromisoformat(str(moment)))


def differences(network: Network, result: ScheduleResult) -> list[str]:
    """Every field of every activity in which `result` differs from the oracle; empty when identical."""
    return compare(network, result, oracle(network))


def compare(network: Network, result: ScheduleResult, expected: dict[str, list[int]]) -> list[str]:
    """Differences between a result and what the oracle found."""
    milestones = {activity.id for activity in network.activities if not activity.duration.amount}
    found = []
    for field in FIELDS:
        for id, ours, theirs in zip(result.ids, getattr(result, field), expected[field], strict=True):
            if field.endswith("_finish") and id in milestones:
                continue  # a finish of a moment without work has two names; its float is compared
            if int(ours) != theirs:
                found.append(f"{id}.{field}: ours {int(ours)}, oracle {theirs}")
    return found
