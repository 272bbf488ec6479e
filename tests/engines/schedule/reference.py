"""A slow reference that is right by looking at it: try every worked minute until nothing is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from hongtu.engines.schedule.calendars import to_minutes
from hongtu.engines.schedule.model import Activity, LagCalendar, Network, Relation

SPAN = 40
"""Days looked at before and after the project's start."""


@dataclass
class Dates:
    """Start and finish of every activity, in minutes since 1970."""

    early: dict[str, tuple[int, int]]
    late: dict[str, tuple[int, int]]


class Reference:
    """Schedules a network by trial. Its calendars should have few worked minutes a day."""

    def __init__(self, network: Network) -> None:
        self.network = network
        first = date.fromordinal(to_minutes(network.start) // 1440 + date(1970, 1, 1).toordinal())
        self.minutes = {
            calendar.id: [
                to_minutes(day) + minute
                for day in (first + timedelta(days=offset) for offset in range(-SPAN, SPAN))
                for start, end in calendar.shifts_on(day)
                for minute in range(start, end)
            ]
            for calendar in network.calendars
        }
        self.activities = {activity.id: activity for activity in network.activities}

    def worked(self, activity: Activity) -> list[int]:
        """Worked minutes of an activity's calendar."""
        return self.minutes[self.network.calendar(activity.calendar).id]

    def finish(self, activity: Activity, start: int) -> int:
        """Finish of an activity that begins at a worked minute."""
        length = round(activity.duration.amount)
        if not length:
            return start
        return [minute for minute in self.worked(activity) if minute >= start][length - 1] + 1

    def moved(self, relation: Relation, moment: int) -> int:
        """A moment plus the lag of a relation."""
        end = (
            relation.successor
            if self._lag_calendar(relation) is LagCalendar.SUCCESSOR
            else relation.predecessor
        )
        worked = self.worked(self.activities[end])
        lag = round(relation.lag.amount)
        if lag > 0:
            return [minute for minute in worked if minute >= moment][lag - 1] + 1
        if lag < 0:
            return [minute for minute in worked if minute < moment][lag]
        return moment

    def _lag_calendar(self, relation: Relation) -> LagCalendar:
        return relation.lag_calendar or self.network.lag_calendar

    def holds(self, relation: Relation, before: tuple[int, int], after: tuple[int, int]) -> bool:
        """Whether the dates of predecessor and successor respect the relation."""
        source = before[relation.type.value[0] == "F"]
        target = after[relation.type.value[1] == "F"]
        moment = self.moved(relation, source)
        begins_work = relation.lag.amount < 0 or (relation.type.value[0] == "S" and not relation.lag.amount)
        if relation.type.value[1] == "F" and begins_work:
            # A hand-over: the moment work begins is the moment the work before it has ended.
            runs_on = LagCalendar.PREDECESSOR if not relation.lag.amount else self._lag_calendar(relation)
            end = relation.successor if runs_on is LagCalendar.SUCCESSOR else relation.predecessor
            moment = max(minute for minute in self.worked(self.activities[end]) if minute < moment) + 1
        return moment <= target

    def schedule(self, due: int) -> Dates:
        """Earliest dates, then the latest dates with everything done by `due`."""
        early: dict[str, tuple[int, int]] = {}
        late: dict[str, tuple[int, int]] = {}
        for activity in self.network.activities:  # given in an order that respects the relations
            into = [r for r in self.network.relations if r.successor == activity.id]

            def allowed(dates: tuple[int, int], into: list[Relation] = into) -> bool:
                return all(self.holds(r, early[r.predecessor], dates) for r in into)

            starts = [m for m in self.worked(activity) if m >= to_minutes(self.network.start)]
            early[activity.id] = self._first(activity, starts, allowed)
        for activity in reversed(self.network.activities):
            out = [r for r in self.network.relations if r.predecessor == activity.id]

            def keeps(dates: tuple[int, int], out: list[Relation] = out) -> bool:
                return dates[1] <= due and all(self.holds(r, dates, late[r.successor]) for r in out)

            late[activity.id] = self._first(activity, self.worked(activity)[::-1][40:], keeps)
        return Dates(early, late)

    def _first(
        self, activity: Activity, starts: list[int], accept: Callable[[tuple[int, int]], bool]
    ) -> tuple[int, int]:
        for start in starts:
            dates = start, self.finish(activity, start)
            if accept(dates):
                return dates
        raise AssertionError("the reference ran out of days")
