"""Backward scheduling (倒排工期): from what was promised to when each step must begin at the latest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from .calendars import MINUTES_PER_DAY, to_datetime, to_finish_minutes
from .cpm import Planner
from .errors import MissingActivityError
from .model import Activity, Network, Owner, OwnerKind, ScheduleResult
from .passes import DONE
from .paths import Link, driving_chain


@dataclass(frozen=True)
class Step:
    """One unfinished step of a backward plan."""

    activity: Activity
    earliest_start: datetime
    earliest_finish: datetime
    latest_start: datetime
    """Of the remaining work, when it is under way."""
    latest_finish: datetime
    slack_days: float
    """Working days between the two; negative: the promise is missed by so many at this step."""
    late_days: float
    """Working days of its own calendar by which its latest start has passed at the data date; else 0."""

    @property
    def owner(self) -> Owner:
        """Whose days they are."""
        return self.activity.owner

    @property
    def too_late(self) -> bool:
        """Whether its latest start has already passed."""
        return self.late_days > 0


@dataclass(frozen=True)
class Share:
    """Days that one party holds on the chain that decides the promise."""

    owner: Owner
    working_days: float
    calendar_days: float


@dataclass(frozen=True)
class BackwardPlan:
    """Latest dates of every unfinished step, and what the promise hangs on."""

    steps: tuple[Step, ...]
    """In the order of latest start."""
    too_late: tuple[Step, ...]
    """Steps whose latest start has passed, the most overdue first."""
    feasible: bool
    shortfall_days: float
    """Working days by which the promise is missed when nothing changes; 0 when it holds.

    Counted on the promised step's calendar, or on the plan's default one for a promise of the whole.
    """
    chain: tuple[Link, ...]
    """From the promised step back: the reasons for its earliest date."""
    shares: tuple[Share, ...]
    """Whose days the chain consists of, largest first."""
    result: ScheduleResult

    def step(self, id: str) -> Step:
        """The step of an activity. Raises KeyError for a finished or unknown one."""
        for step in self.steps:
            if step.activity.id == id:
                return step
        raise KeyError(id)


def plan_backward(network: Network, promise: datetime | date | Mapping[str, datetime | date]) -> BackwardPlan:
    """Latest dates that keep a promise: one date for everything, or dates of single activities.

    A plain date is kept when the work is done by the end of that day. Raises `ScheduleError` as `schedule`
    does, `MissingActivityError` for a promise about an unknown activity.
    """
    promises = dict(promise) if isinstance(promise, Mapping) else {}
    known = {activity.id for activity in network.activities}
    if missing := [id for id in promises if id not in known]:
        raise MissingActivityError(
            f"A date is promised for {missing[0]!r}, which is not in the plan.",
            subjects=missing,
            remedy="Name an activity of the plan.",
        )
    activities = [_promised(activity, promises.get(activity.id)) for activity in network.activities]
    due = network.must_finish_by if isinstance(promise, Mapping) else promise
    planned = replace(network, activities=activities, must_finish_by=due)
    planner = Planner(planned)
    furthest = max(map(to_finish_minutes, promises.values()), default=None)
    result = planner.run(hold_all=True, late_end=furthest)
    steps = sorted(_steps(planner, result), key=lambda step: (step.latest_start, step.activity.id))
    target = _target(result, steps, promises)
    chain = driving_chain(planned, result, target) if target else ()
    return BackwardPlan(
        steps=tuple(steps),
        too_late=tuple(sorted((s for s in steps if s.too_late), key=lambda s: -s.late_days)),
        feasible=all(step.slack_days >= 0 for step in steps),
        shortfall_days=_shortfall(planner, result, steps, promises),
        chain=chain,
        shares=_shares(planner, result, chain),
        result=result,
    )


def _promised(activity: Activity, promise: datetime | date | None) -> Activity:
    if promise is None:
        return activity
    if activity.deadline is not None and to_finish_minutes(activity.deadline) < to_finish_minutes(promise):
        return activity
    return replace(activity, deadline=promise)


def _steps(planner: Planner, result: ScheduleResult) -> list[Step]:
    p, t = planner.prepared, planner.timeline
    steps = []
    for at, activity in enumerate(p.activities):
        if p.rounding[at] == DONE:
            continue
        i, own, day = result.index[activity.id], int(p.calendar[at]), int(planner.minutes_per_day[at])
        passed = t.work(own, p.data_date) - t.work(own, int(result.late_start[i]))
        steps.append(
            Step(
                activity=activity,
                earliest_start=to_datetime(result.early_start[i]),
                earliest_finish=to_datetime(result.early_finish[i]),
                latest_start=to_datetime(result.late_start[i]),
                latest_finish=to_datetime(result.late_finish[i]),
                slack_days=float(result.total_float[i]) / day,
                late_days=max(0, passed) / day,
            )
        )
    return steps


def _shortfall(
    planner: Planner, result: ScheduleResult, steps: list[Step], promises: Mapping[str, object]
) -> float:
    asked = [-step.slack_days for step in steps if step.activity.id in promises]
    p, t = planner.prepared, planner.timeline
    if p.must_finish_by is not None:
        calendar = p.network.calendar()
        own = [c.id for c in p.calendars].index(calendar.id)
        missed = t.work(own, result.project_finish) - t.work(own, p.must_finish_by)
        asked.append(missed / calendar.minutes_per_day)
    return max(0.0, *asked) if asked else 0.0


def _target(result: ScheduleResult, steps: list[Step], promises: Mapping[str, object]) -> str | None:
    """The step the promise is about: the promised one with least slack, else the last on the path."""
    asked = [step for step in steps if step.activity.id in promises]
    if asked:
        return min(asked, key=lambda step: step.slack_days).activity.id
    ends = [step for step in steps if result.longest_path[result.index[step.activity.id]]]
    pool = ends or steps
    return max(pool, key=lambda step: step.earliest_finish).activity.id if pool else None


def _shares(planner: Planner, result: ScheduleResult, chain: tuple[Link, ...]) -> tuple[Share, ...]:
    """Each link's days go to its owner from its start to where the next link takes over; lags to nobody."""
    p = planner.prepared
    found: dict[Owner, list[float]] = {}
    until: int | None = None
    for link in chain:
        i, at = result.index[link.activity.id], planner.index[link.activity.id]
        if p.rounding[at] == DONE:
            break
        start, finish = int(result.early_start[i]), int(result.early_finish[i])
        finish = finish if until is None else min(finish, until)
        own = int(p.calendar[at])
        if finish > start:
            worked = planner.timeline.work(own, finish) - planner.timeline.work(own, start)
            days = found.setdefault(link.activity.owner, [0.0, 0.0])
            days[0] += worked / int(planner.minutes_per_day[at])
            days[1] += (finish - start) / MINUTES_PER_DAY
        until = min(start, finish)
    shares = (Share(owner, working, calendar) for owner, (working, calendar) in found.items())
    return tuple(sorted(shares, key=lambda share: (-share.calendar_days, share.owner.kind, share.owner.name)))


def days_of(plan: BackwardPlan, kind: OwnerKind) -> float:
    """Calendar days that parties of one kind hold on the deciding chain."""
    return sum(share.calendar_days for share in plan.shares if share.owner.kind is kind)
