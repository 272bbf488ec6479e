"""Levelling of a schedule network: the engine's calendars and relation types in, real dates out.

The search runs on one axis, the worked time of the network's default calendar, on which a duration or lag
of another calendar counts in proportion to the two weeks. Its result is not trusted for dates: who hands a
crew or crane to whom becomes finish-to-start relations (a resource flow; Artigues, Michelon and Reusser
2003, "Insertion techniques for static and dynamic resource-constrained project scheduling"), and the
critical-path core schedules network and flow on the true calendars. With constant capacities those
relations keep every resource within its limit on any calendars.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from ..calendars import MINUTES_PER_DAY, Calendar, to_datetime
from ..cpm import schedule
from ..model import Network, ProgressMode, ScheduleResult
from ..model import Relation as NetworkRelation
from ..passes import NONE
from ..prepare import Prepared, prepare
from .finish import Limits, minimise_finish
from .plan import Plan, Progress
from .problem import Problem, Relation, RelationKind, Resource, Task

AXIS_UNITS_AT_MOST = 20_000
SCALE = 100
"""Capacities and demands are counted in hundredths: half a crew is 50."""


@dataclass(frozen=True)
class LevelledNetwork:
    """`result` are the levelled dates, `before` those without resources, `flow` the relations added.

    `plan` is the search's own result on the axis (times in units of `unit_minutes` worked minutes of the
    default calendar from the data date). Its bound holds for the dates only where `exact`: one calendar,
    whole units.
    `overloads`: where dates still need more than there is (two activities already under way on one crane).
    """

    plan: Plan
    before: ScheduleResult
    result: ScheduleResult
    flow: tuple[NetworkRelation, ...]
    unit_minutes: int
    exact: bool
    overloads: tuple[str, ...]


def level_network(
    network: Network,
    demands: Mapping[str, Mapping[str, float]],
    capacities: Mapping[str, float],
    limits: Limits | None = None,
    *,
    stop: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> LevelledNetwork:
    """Earliest finish of a network under `capacities`; `demands` per activity and resource, in the same
    units.

    Finished activities use nothing; those under way go on from the data date. Constraints that hold a start
    or finish back are kept; those that pull (deadlines, no later than) show as negative float of `result`.
    Raises
    `ScheduleError` for a network, `LevellingError` for demands, that cannot be planned.
    """
    before = schedule(network)
    prepared = prepare(network)
    axis = _Axis(prepared)
    problem = _problem(prepared, axis, demands, capacities)
    plan = minimise_finish(problem, limits, stop=stop, on_progress=on_progress)
    flow = resource_flow(problem, plan.starts)
    relations = tuple(NetworkRelation(a, b) for a, b in flow)
    result = schedule(replace(network, relations=(*network.relations, *relations)))
    return LevelledNetwork(plan, before, result, relations, axis.unit, axis.exact, overloads(result, problem))


def resource_flow(problem: Problem, starts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Pairs of tasks of which the first hands units of a resource to the second, in a feasible plan.

    Units go by preference from a task that hands over already, then from the latest to finish.
    """
    tasks = {task.id: task for task in problem.tasks}
    flow: dict[tuple[str, str], None] = {}
    for resource in problem.resources:
        users = [t for t in problem.tasks if t.duration and t.demands.get(resource.id)]
        users.sort(key=lambda t: (starts[t.id], t.id))
        held: dict[str, int] = {}
        idle = resource.capacity
        for task in users:
            need = task.demands[resource.id]
            need -= (taken := min(need, idle))
            idle -= taken
            givers = sorted(
                (g for g in held if held[g] and starts[g] + tasks[g].duration <= starts[task.id]),
                key=lambda g: ((g, task.id) not in flow, -starts[g] - tasks[g].duration, g),
            )
            for giver in givers:
                if not need:
                    break
                taken = min(need, held[giver])
                held[giver] -= taken
                need -= taken
                flow[giver, task.id] = None
            held[task.id] = task.demands[resource.id]
    return list(flow)


def overloads(result: ScheduleResult, problem: Problem) -> tuple[str, ...]:
    """Where the dates need more of a resource than there is: a plain sweep over starts and finishes."""
    found = []
    for resource in problem.resources:
        events: list[tuple[int, int]] = []
        for task in problem.tasks:
            amount = task.demands.get(resource.id, 0) if task.duration else 0
            at = result.position(task.id)
            if amount:
                events.append((int(result.early_start[at]), amount))
                events.append((int(result.early_finish[at]), -amount))
        used = 0
        for moment, amount in sorted(events):
            used += amount
            if used > resource.capacity:
                found.append(
                    f"Resource {resource.id}: {used / SCALE:g} needed from {to_datetime(moment)}, "
                    f"{resource.capacity / SCALE:g} there."
                )
                break
    return tuple(found)


def _problem(
    prepared: Prepared,
    axis: _Axis,
    demands: Mapping[str, Mapping[str, float]],
    capacities: Mapping[str, float],
) -> Problem:
    names = [activity.id for activity in prepared.activities]
    relations = _relations(prepared, axis, names)
    waiting = {relation.successor for relation in relations}
    tasks = []
    for k, activity in enumerate(prepared.activities):
        finished = prepared.actual_finish[k] != NONE
        under_way = not finished and prepared.actual_start[k] != NONE
        duration = 0 if finished else axis.units(int(prepared.duration[k]), int(prepared.calendar[k]))
        needed = {} if finished else demands.get(activity.id, {})
        release = 0
        if not finished and not under_way:
            release = max(
                axis.at(int(prepared.start_floor[k])), axis.at(int(prepared.finish_floor[k])) - duration
            )
        tasks.append(
            Task(
                activity.id,
                duration,
                {resource: round(amount * SCALE) for resource, amount in needed.items() if amount > 0},
                max(0, release),
                fixed_start=0 if under_way and activity.id not in waiting else None,
                name=activity.name,
            )
        )
    resources = tuple(Resource(name, round(amount * SCALE)) for name, amount in capacities.items())
    return Problem(tuple(tasks), tuple(relations), resources)


def _relations(prepared: Prepared, axis: _Axis, names: list[str]) -> list[Relation]:
    """Relations among unfinished activities; what is under way waits for nobody under progress override."""
    unfinished = prepared.actual_finish == NONE
    override = prepared.network.progress is ProgressMode.PROGRESS_OVERRIDE
    relations = []
    for k in range(len(prepared.predecessor)):
        a, b = int(prepared.predecessor[k]), int(prepared.successor[k])
        if not (unfinished[a] and unfinished[b]) or (override and prepared.actual_start[b] != NONE):
            continue
        kind = RelationKind(
            ("F" if prepared.from_finish[k] else "S") + ("F" if prepared.to_finish[k] else "S")
        )
        lag = axis.units(int(prepared.lag[k]), int(prepared.lag_calendar[k]))
        relations.append(Relation(names[a], names[b], kind, lag))
    return relations


class _Axis:
    """Worked time of the default calendar from the data date, in units of `unit` minutes."""

    def __init__(self, prepared: Prepared) -> None:
        self.calendar: Calendar = prepared.network.calendar()
        self.origin = prepared.data_date
        weeks = np.array([_week_minutes(calendar) for calendar in prepared.calendars], dtype=float)
        self.ratio = _week_minutes(self.calendar) / np.maximum(weeks, 1.0)
        amounts = [*prepared.duration[prepared.actual_finish == NONE], *np.abs(prepared.lag)]
        common = math.gcd(self.calendar.minutes_per_day, *(int(amount) for amount in amounts))
        total = sum(int(amount) for amount in amounts)
        self.unit = max(common, math.ceil(total / AXIS_UNITS_AT_MOST))
        used = {int(k) for k in prepared.calendar} | {int(k) for k in prepared.lag_calendar}
        self.exact = self.unit == common and all(prepared.calendars[k] is self.calendar for k in used)

    def units(self, minutes: int, calendar: int) -> int:
        """Worked minutes of the calendar with that index in units of the axis, rounded up."""
        return math.ceil(round(minutes * float(self.ratio[calendar]) / self.unit, 6))

    def at(self, moment: int) -> int:
        """Units worked from the origin to a moment; 0 for what lies before it or is not set."""
        if moment == NONE or moment <= self.origin:
            return 0
        worked = self._worked(moment) - self._worked(self.origin)
        worked += sum(
            self.calendar.minutes_on(to_datetime(day * MINUTES_PER_DAY).date())
            for day in range(self.origin // MINUTES_PER_DAY, moment // MINUTES_PER_DAY)
        )
        self.exact = self.exact and worked % self.unit == 0
        return math.ceil(worked / self.unit)

    def _worked(self, moment: int) -> int:
        """Minutes worked on the moment's day before it."""
        minute = moment % MINUTES_PER_DAY
        shifts = self.calendar.shifts_on(to_datetime(moment).date())
        return sum(max(0, min(minute, end) - start) for start, end in shifts)


def _week_minutes(calendar: Calendar) -> int:
    """Minutes worked in an ordinary week."""
    monday = date(1970, 1, 5)
    plain = replace(calendar, exceptions={})
    return sum(plain.minutes_on(monday + timedelta(days=k)) for k in range(7))
