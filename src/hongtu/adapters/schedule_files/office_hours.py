"""Plans made of whole days, told in office hours, so that other programs show the same days.

A district's plan counts whole days: a step of 6 January lasts from the 6th 00:00 to the 7th 00:00. Microsoft
Project would show the 7th as its finish. Told as 08:00-12:00 and 13:00-17:00 the finish is the 6th, 17:00;
where the hours of a calendar are known (it came out of a file), told in those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

from hongtu.engines.schedule.calendars import OFFICE_HOURS, WHOLE_DAY, Calendar
from hongtu.engines.schedule.model import (
    Activity,
    Constraint,
    ConstraintKind,
    Duration,
    Network,
    ScheduleResult,
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


def in_office_hours(
    network: Network, hours: Mapping[str, Calendar] | None = None, days: ScheduleResult | None = None
) -> Network:
    """The same plan with whole working days told in hours; unchanged when there is none.

    hours: calendars with their hours, by identifier; others are told in office hours. days: the dates of the
    plan in whole days, needed where days of one calendar differ in length: so many days from that day on are
    so many hours.
    """
    known = hours or {}
    told = {c.id: known.get(c.id) or _calendar(c) for c in network.calendars if _is_told(c, known)}
    if not told:
        return network
    default = network.calendar().id
    by_id = {a.id: a.calendar or default for a in network.activities}
    opens = partial(_outermost, min, as_start, told.values())
    closes = partial(_outermost, max, as_finish, told.values())
    return replace(
        network,
        calendars=tuple(told.get(c.id, c) for c in network.calendars),
        activities=[_activity(a, told.get(by_id[a.id]), days) for a in network.activities],
        relations=[
            replace(r, lag=_scaled(r.lag, told[by_id[r.successor]])) if by_id.get(r.successor) in told else r
            for r in network.relations
        ],
        start=opens(network.start),
        must_finish_by=None if network.must_finish_by is None else closes(network.must_finish_by),
        data_date=None if network.data_date is None else opens(network.data_date),
    )


def _outermost(
    pick: Callable[..., datetime],
    tell: Callable[..., datetime],
    calendars: Iterable[Calendar],
    moment: datetime | date,
) -> datetime:
    """A moment of the whole plan, told so that no calendar loses an hour of that day by it."""
    return pick(tell(moment, calendar) for calendar in calendars)


def _is_told(calendar: Calendar, hours: Mapping[str, Calendar]) -> bool:
    return calendar.id in hours or needs_office_hours(calendar)


def _calendar(calendar: Calendar) -> Calendar:
    week = tuple(OFFICE_HOURS if shifts else () for shifts in calendar.week)
    exceptions = {day: OFFICE_HOURS if shifts else () for day, shifts in calendar.exceptions.items()}
    return Calendar(calendar.id, calendar.name, week, exceptions, OFFICE_MINUTES, calendar.published_years)


def _activity(activity: Activity, calendar: Calendar | None, days: ScheduleResult | None) -> Activity:
    def start(moment: datetime | date | None) -> datetime | None:
        return None if moment is None else as_start(moment, calendar)

    def finish(moment: datetime | date | None) -> datetime | None:
        return None if moment is None else as_finish(moment, calendar)

    last = days.finish_day(activity.id) if days else None
    return replace(
        activity,
        duration=_scaled(activity.duration, calendar, last) if calendar else activity.duration,
        remaining=_scaled(activity.remaining, calendar, last)
        if calendar and activity.remaining
        else activity.remaining,
        constraints=tuple(_constraint(c, calendar) for c in activity.constraints),
        deadline=finish(activity.deadline),
        actual_start=start(activity.actual_start),
        actual_finish=finish(activity.actual_finish),
        baseline_start=start(activity.baseline_start),
        baseline_finish=finish(activity.baseline_finish),
        suspend=finish(activity.suspend),
        resume=start(activity.resume),
    )


def _constraint(constraint: Constraint, calendar: Calendar | None) -> Constraint:
    if constraint.moment is None:
        return constraint
    told = as_finish if constraint.kind in _AT_FINISH else as_start
    return replace(constraint, moment=told(constraint.moment, calendar))


def _scaled(duration: Duration, calendar: Calendar, last: date | None = None) -> Duration:
    """Minutes of whole days as minutes of work; so many days up to `last` where days differ in length."""
    if duration.unit is Unit.MINUTE:
        return Duration.minutes(round(duration.amount * calendar.minutes_per_day / 1440))
    if duration.unit is Unit.CALENDAR_DAY or last is None or is_even(calendar):
        return duration
    minutes, day = 0, calendar.add_working_days(last + timedelta(days=1), -1)
    for _ in range(round(duration.amount)):
        minutes += calendar.minutes_on(day)
        day = calendar.add_working_days(day, -1)
    return Duration.minutes(minutes)


def is_even(calendar: Calendar) -> bool:
    """Whether every worked day of a calendar is as long as a day of duration."""
    lengths = {sum(end - start for start, end in s) for s in (*calendar.week, *calendar.exceptions.values())}
    return lengths <= {0, calendar.minutes_per_day}


def as_start(moment: datetime | date, calendar: Calendar | None = None) -> datetime:
    """Midnight becomes the day's first worked minute (08:00); a time of day keeps its share of the day."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return _placed(moment.date(), moment.hour * 60 + moment.minute, calendar, at_end=False)


def as_finish(moment: datetime | date, calendar: Calendar | None = None) -> datetime:
    """A day becomes its last worked minute (17:00), as does the midnight after it."""
    if not isinstance(moment, datetime):
        return _placed(moment, 1440, calendar, at_end=True)
    if moment.time() == time():
        return _placed(moment.date() - timedelta(days=1), 1440, calendar, at_end=True)
    return _placed(moment.date(), moment.hour * 60 + moment.minute, calendar, at_end=True)


def _placed(day: date, minute: int, calendar: Calendar | None, *, at_end: bool) -> datetime:
    """The worked minute that lies at the same share of the day; office hours on a day that is not worked."""
    shifts = (calendar.shifts_on(day) if calendar else ()) or OFFICE_HOURS
    worked = minute * sum(end - start for start, end in shifts) // 1440
    for start, end in shifts:
        length = end - start
        if worked < length or (at_end and worked == length):
            return datetime.combine(day, time()) + timedelta(minutes=start + worked)
        worked -= length
    return datetime.combine(day, time()) + timedelta(minutes=shifts[-1][1])
