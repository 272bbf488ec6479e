"""From the nouns of `model` to checked arrays: the only place that reads activities one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .calendars import Calendar, to_finish_minutes, to_minutes
from .errors import (
    DuplicateActivityError,
    InvalidDatesError,
    MissingActivityError,
    MissingCalendarError,
    NegativeDurationError,
    ScheduleError,
)
from .layout import FROM_FINISH, TO_FINISH, Layout, build_layout
from .model import (
    Activity,
    ActivityKind,
    ConstraintKind,
    Duration,
    LagCalendar,
    Network,
    ProgressMode,
    Relation,
)
from .passes import DONE, FINISH_MILESTONE, NEVER, NONE, NORMAL

Ints = NDArray[np.int64]

ROUNDING = {
    ActivityKind.TASK: NORMAL,
    ActivityKind.START_MILESTONE: NORMAL,
    ActivityKind.FINISH_MILESTONE: FINISH_MILESTONE,
}


@dataclass(frozen=True)
class Prepared:
    """Arrays in the order of `activities`, times in minutes since 1970, sentinels NONE and NEVER.

    Level-of-effort activities are left out (`efforts`); `relation_index` maps the kept relations to the
    network's. `mandatory` is a moment (`mandatory_finish` tells of which end), NONE where there is none.
    """

    network: Network
    activities: tuple[Activity, ...]
    efforts: tuple[Activity, ...]
    calendars: tuple[Calendar, ...]
    layout: Layout
    calendar: Ints
    duration: Ints
    """Remaining worked minutes: the whole duration where nothing is started."""
    full_duration: Ints
    rounding: Ints
    start_floor: Ints
    finish_floor: Ints
    start_ceiling: Ints
    finish_ceiling: Ints
    mandatory: Ints
    mandatory_finish: NDArray[np.bool_]
    mandatory_early: NDArray[np.bool_]
    as_late_as_possible: NDArray[np.bool_]
    actual_start: Ints
    actual_finish: Ints
    relation_index: Ints
    predecessor: Ints
    successor: Ints
    from_finish: Ints
    to_finish: Ints
    lag: Ints
    lag_calendar: Ints
    start: int
    data_date: int
    must_finish_by: int | None

    @property
    def count(self) -> int:
        """Number of scheduled activities."""
        return len(self.activities)


def faults(network: Network) -> Iterable[ScheduleError]:
    """Everything wrong with single activities and relations, in the order given; cycles apart."""
    known: set[str] = set()
    calendars = {calendar.id: calendar for calendar in network.calendars}
    for activity in network.activities:
        if activity.id in known:
            yield DuplicateActivityError(
                f"Two activities have the identifier {activity.id!r}.",
                subjects=(activity.id,),
                remedy="Rename one of them.",
            )
        known.add(activity.id)
        yield from _activity_faults(activity, calendars)
    for relation in network.relations:
        for end, other in (
            (relation.predecessor, relation.successor),
            (relation.successor, relation.predecessor),
        ):
            if end not in known:
                role = "predecessor" if end == relation.predecessor else "successor"
                yield MissingActivityError(
                    f"{role.capitalize()} {end!r} of {other!r} is not in the plan.",
                    subjects=(end, other),
                    remedy="Add the activity or remove the relation.",
                )


def _activity_faults(activity: Activity, calendars: dict[str, Calendar]) -> Iterable[ScheduleError]:
    for field, amount in (("duration", activity.duration), ("remaining duration", activity.remaining)):
        if amount is not None and amount.amount < 0:
            yield NegativeDurationError(
                f"The {field} of {activity.label} is negative: {amount.amount:g} {amount.unit}.",
                subjects=(activity.id,),
                remedy="Give zero or more.",
            )
    if activity.calendar is not None and activity.calendar not in calendars:
        yield MissingCalendarError(
            f"Calendar {activity.calendar!r} of {activity.label} is not in the plan.",
            subjects=(activity.calendar, activity.id),
            remedy="Add the calendar or name one of: " + ", ".join(calendars) + ".",
        )
    started, finished = activity.actual_start, activity.actual_finish
    if finished is not None and started is not None and to_finish_minutes(finished) < to_minutes(started):
        yield InvalidDatesError(
            f"{activity.label} finished ({finished}) before it started ({started}).",
            subjects=(activity.id,),
            remedy="Correct one of the two dates.",
        )
    for constraint in activity.constraints:
        dated = constraint.kind not in (
            ConstraintKind.AS_SOON_AS_POSSIBLE,
            ConstraintKind.AS_LATE_AS_POSSIBLE,
        )
        if dated and constraint.moment is None:
            yield InvalidDatesError(
                f"Constraint {constraint.kind} of {activity.label} has no date.",
                subjects=(activity.id,),
                remedy="Give the date or remove the constraint.",
            )


def prepare(network: Network) -> Prepared:
    """Checked arrays of a network. Raises the first `ScheduleError` found, cycles included."""
    for fault in faults(network):
        raise fault
    return _Preparation(network).result()


class _Preparation:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.calendars = (*network.calendars, Calendar.around_the_clock("\0around-the-clock"))
        self.clock = len(network.calendars)
        self.number = {calendar.id: i for i, calendar in enumerate(network.calendars)}
        self.default = self.number[network.calendar().id]
        effort = ActivityKind.LEVEL_OF_EFFORT
        self.activities = tuple(a for a in network.activities if a.kind is not effort)
        self.efforts = tuple(a for a in network.activities if a.kind is effort)
        self.place = {activity.id: i for i, activity in enumerate(self.activities)}
        self.start = to_minutes(network.start)
        self.data_date = self.start if network.data_date is None else to_minutes(network.data_date)
        self.floor = max(self.start, self.data_date)
        n = len(self.activities)
        self.calendar, self.duration, self.full = (np.zeros(n, np.int64) for _ in range(3))
        self.rounding = np.zeros(n, np.int64)
        self.start_floor, self.finish_floor = np.full(n, self.floor), np.full(n, NONE)
        self.start_ceiling, self.finish_ceiling = np.full(n, NEVER), np.full(n, NEVER)
        self.mandatory = np.full(n, NONE)
        self.mandatory_finish, self.mandatory_early, self.alap = (np.zeros(n, np.bool_) for _ in range(3))
        self.actual_start, self.actual_finish = np.full(n, NONE), np.full(n, NONE)

    def result(self) -> Prepared:
        for at, activity in enumerate(self.activities):
            self._activity(at, activity)
        kept = [
            (k, r)
            for k, r in enumerate(self.network.relations)
            if r.predecessor in self.place and r.successor in self.place and self._counts(r)
        ]
        columns = [self._relation(k, relation) for k, relation in kept]
        index, tail, head, from_finish, to_finish, lag, lag_calendar = (
            np.array(columns, np.int64).reshape(-1, 7).T.copy()
        )
        count, label = len(self.activities), self._label
        layout = build_layout(count, tail, head, from_finish, to_finish, label=label)
        due = self.network.must_finish_by
        return Prepared(
            network=self.network,
            activities=self.activities,
            efforts=self.efforts,
            calendars=self.calendars,
            layout=layout,
            calendar=self.calendar,
            duration=self.duration,
            full_duration=self.full,
            rounding=self.rounding,
            start_floor=self.start_floor,
            finish_floor=self.finish_floor,
            start_ceiling=self.start_ceiling,
            finish_ceiling=self.finish_ceiling,
            mandatory=self.mandatory,
            mandatory_finish=self.mandatory_finish,
            mandatory_early=self.mandatory_early,
            as_late_as_possible=self.alap,
            actual_start=self.actual_start,
            actual_finish=self.actual_finish,
            relation_index=index,
            predecessor=tail,
            successor=head,
            from_finish=from_finish,
            to_finish=to_finish,
            lag=lag,
            lag_calendar=lag_calendar,
            start=self.floor,
            data_date=self.data_date,
            must_finish_by=None if due is None else to_finish_minutes(due),
        )

    def _label(self, at: int) -> str:
        return self.activities[at].label

    def _number(self, activity: Activity) -> int:
        if activity.duration.elapsed:
            return self.clock
        return self.default if activity.calendar is None else self.number[activity.calendar]

    def _minutes(self, duration: Duration, calendar: int) -> int:
        return duration.in_minutes(self.calendars[calendar])

    def _activity(self, at: int, activity: Activity) -> None:
        own = self.calendar[at] = self._number(activity)
        full = self.full[at] = self._minutes(activity.duration, own)
        self.rounding[at] = ROUNDING[activity.kind]
        remaining = activity.remaining
        if activity.actual_finish is not None:
            self.rounding[at] = DONE
            self.actual_finish[at] = to_finish_minutes(activity.actual_finish)
            begun = activity.actual_start or activity.actual_finish
            self.actual_start[at] = min(to_minutes(begun), self.actual_finish[at])
            self.start_floor[at] = self.data_date
            return
        if activity.actual_start is not None:
            self.actual_start[at] = to_minutes(activity.actual_start)
            self.start_floor[at] = self.data_date
            if activity.resume is not None:
                self.start_floor[at] = max(self.data_date, to_minutes(activity.resume))
            if remaining is None:
                full = round(full * (1 - min(max(activity.percent_complete, 0), 100) / 100))
        self.duration[at] = full if remaining is None else self._minutes(remaining, own)
        if self.duration[at]:
            self.rounding[at] = NORMAL
        if activity.deadline is not None:
            self._ceiling(self.finish_ceiling, at, to_finish_minutes(activity.deadline))
        for constraint in activity.constraints:
            self._constraint(at, constraint.kind, constraint.moment, activity.actual_start is not None)

    def _constraint(self, at: int, kind: ConstraintKind, moment: object, started: bool) -> None:
        names = ConstraintKind
        if kind is names.AS_LATE_AS_POSSIBLE:
            self.alap[at] = True
        if moment is None:
            return
        start, finish = to_minutes(moment), to_finish_minutes(moment)  # type: ignore[arg-type]
        if kind in (names.START_NO_EARLIER_THAN, names.MUST_START_ON) and not started:
            self.start_floor[at] = max(self.start_floor[at], start)
        if kind in (names.FINISH_NO_EARLIER_THAN, names.MUST_FINISH_ON) and not started:
            self.finish_floor[at] = max(self.finish_floor[at], finish)
        if kind in (names.START_NO_LATER_THAN, names.MUST_START_ON) and not started:
            self._ceiling(self.start_ceiling, at, start)
        if kind in (names.FINISH_NO_LATER_THAN, names.MUST_FINISH_ON):
            self._ceiling(self.finish_ceiling, at, finish)
        if kind is names.MANDATORY_START and not started:
            self.mandatory[at], self.mandatory_early[at] = start, True
        if kind is names.MANDATORY_FINISH:
            self.mandatory[at], self.mandatory_finish[at] = finish, True
            self.mandatory_early[at] = not started

    @staticmethod
    def _ceiling(ceiling: Ints, at: int, moment: int) -> None:
        ceiling[at] = min(ceiling[at], moment)

    def _counts(self, relation: Relation) -> bool:
        """Progress override: what has begun waits for nobody any more."""
        if self.network.progress is ProgressMode.RETAINED_LOGIC:
            return True
        return self.actual_start[self.place[relation.successor]] == NONE

    def _relation(self, index: int, relation: Relation) -> tuple[int, ...]:
        tail, head = self.place[relation.predecessor], self.place[relation.successor]
        choice = relation.lag_calendar or self.network.lag_calendar
        if relation.lag.elapsed or choice is LagCalendar.AROUND_THE_CLOCK:
            runs_on = self.clock
        elif choice is LagCalendar.PROJECT:
            runs_on = self.default
        else:
            runs_on = int(self.calendar[tail if choice is LagCalendar.PREDECESSOR else head])
        lag = self._minutes(relation.lag, runs_on)
        kind = relation.type.value
        return index, tail, head, FROM_FINISH[kind], TO_FINISH[kind], lag, runs_on
