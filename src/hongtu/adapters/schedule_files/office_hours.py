"""Plans made of whole days, told in office hours, so that other programs show the same days.

A district's plan counts whole days: a step of 6 January lasts from the 6th 00:00 to the 7th 00:00. Microsoft
Project would show the 7th as its finish. Told as 08:00-12:00 and 13:00-17:00 the finish is the 6th, 17:00.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hongtu.engines.schedule.calendars import OFFICE_HOURS, WHOLE_DAY, Calendar
from hongtu.engines.schedule.model import (
    Activity,
    Constraint,
    ConstraintKind,
    Duration,
    Network,
    Unit,
)

OFFICE_MINUTES = sum(end - start for start, end in OFFICE_HOURS)
_AT_FINISH = {
    ConstraintKind.FINISH_NO_EARLIER_THAN,
    ConstraintKind.FINISH_NO_LATER_THAN,
    ConstraintKind.MUST_FINISH_ON,
    ConstraintKind.MANDATORY_FINISH,
}


def needs_office_hours(calendar: Calendar) -> bool:
    """Whether a calendar works whole days but not every day."""
    spans = {*calendar.week, *calendar.exceptions.values()}
    return spans == {(), WHOLE_DAY}


def in_office_hours(network: Network) -> Network:
    """The same plan with whole working days told as office hours; unchanged when none is."""
    changed = {c.id for c in network.calendars if needs_office_hours(c)}
    if not changed:
        return network
    calendars = tuple(_calendar(c) if c.id in changed else c for c in network.calendars)
    default = network.calendar().id
    by_id = {a.id: a.calendar or default for a in network.activities}
    return replace(
        network,
        calendars=calendars,
        activities=[_activity(a, by_id[a.id] in changed) for a in network.activities],
        relations=[
            replace(r, lag=_scaled(r.lag)) if by_id.get(r.successor) in changed else r
            for r in network.relations
        ],
        start=as_start(network.start),
        must_finish_by=None if network.must_finish_by is None else as_finish(network.must_finish_by),
        data_date=None if network.data_date is None else as_start(network.data_date),
    )


def _calendar(calendar: Calendar) -> Calendar:
    week = tuple(OFFICE_HOURS if shifts else () for shifts in calendar.week)
    exceptions = {day: OFFICE_HOURS if shifts else () for day, shifts in calendar.exceptions.items()}
    return Calendar(calendar.id, calendar.name, week, exceptions, OFFICE_MINUTES, calendar.published_years)


def _activity(activity: Activity, changed: bool) -> Activity:
    def start(moment: datetime | date | None) -> datetime | None:
        return None if moment is None else as_start(moment)

    def finish(moment: datetime | date | None) -> datetime | None:
        return None if moment is None else as_finish(moment)

    return replace(
        activity,
        duration=_scaled(activity.duration) if changed else activity.duration,
        remaining=_scaled(activity.remaining) if changed and activity.remaining else activity.remaining,
        constraints=tuple(_constraint(c) for c in activity.constraints),
        deadline=finish(activity.deadline),
        actual_start=start(activity.actual_start),
        actual_finish=finish(activity.actual_finish),
        baseline_start=start(activity.baseline_start),
        baseline_finish=finish(activity.baseline_finish),
        suspend=finish(activity.suspend),
        resume=start(activity.resume),
    )


def _constraint(constraint: Constraint) -> Constraint:
    if constraint.moment is None:
        return constraint
    moment = as_finish(constraint.moment) if constraint.kind in _AT_FINISH else as_start(constraint.moment)
    return replace(constraint, moment=moment)


def _scaled(duration: Duration) -> Duration:
    if duration.unit is not Unit.MINUTE:
        return duration
    return Duration.minutes(round(duration.amount * OFFICE_MINUTES / 1440))


def as_start(moment: datetime | date) -> datetime:
    """Midnight becomes 08:00; a moment with a time of day keeps its share of the day."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return _placed(moment.date(), (moment.hour * 60 + moment.minute) * OFFICE_MINUTES // 1440, at_end=False)


def as_finish(moment: datetime | date) -> datetime:
    """A day becomes its 17:00, as does the midnight after it."""
    if not isinstance(moment, datetime):
        return _placed(moment, OFFICE_MINUTES, at_end=True)
    if moment.time() == time():
        return _placed(moment.date() - timedelta(days=1), OFFICE_MINUTES, at_end=True)
    return _placed(moment.date(), (moment.hour * 60 + moment.minute) * OFFICE_MINUTES // 1440, at_end=True)


def _placed(day: date, worked: int, *, at_end: bool) -> datetime:
    for start, end in OFFICE_HOURS:
        length = end - start
        if worked < length or (at_end and worked == length):
            return datetime.combine(day, time()) + timedelta(minutes=start + worked)
        worked -= length
    return datetime.combine(day, time()) + timedelta(minutes=OFFICE_HOURS[-1][1])
