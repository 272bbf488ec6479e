"""Why an activity lies where it does: the chain of reasons, and float paths to a given end."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from .calendars import to_minutes
from .model import UNUSED, Activity, ConstraintKind, Network, Relation, ScheduleResult


class Reason(StrEnum):
    """What holds an activity's early start."""

    PREDECESSOR = "predecessor"
    CONSTRAINT = "constraint"
    DATA_DATE = "data-date"
    PROJECT_START = "project-start"
    ACTUAL = "actual"


@dataclass(frozen=True)
class Link:
    """One step of a chain of reasons: `activity` lies where it does because of `reason`.

    `relation` is given for PREDECESSOR (its predecessor is the next link), `constraint` for CONSTRAINT.
    """

    activity: Activity
    reason: Reason
    relation: Relation | None = None
    constraint: ConstraintKind | None = None


def driving_chain(network: Network, result: ScheduleResult, id: str) -> tuple[Link, ...]:
    """From an activity back to what fixes its date in the end, over the relations that drive it.

    Where several relations drive, the predecessor with the least total float is followed (the first of
    equals), so that the chain is the one to work on. Raises KeyError for an unknown activity.
    """
    by_id = {activity.id: activity for activity in network.activities}
    drivers: dict[str, list[int]] = defaultdict(list)
    for k in result.driving_relation.tolist():
        drivers[network.relations[k].successor].append(k)
    links: list[Link] = []
    at: str | None = by_id[id].id
    while at is not None:
        link = _link(network, result, by_id[at], drivers[at])
        links.append(link)
        at = link.relation.predecessor if link.relation else None
    return tuple(links)


def _link(network: Network, result: ScheduleResult, activity: Activity, driving: list[int]) -> Link:
    if activity.actual_finish is not None:
        return Link(activity, Reason.ACTUAL)
    if driving:
        best = min(driving, key=lambda k: result.total_float[result.index[network.relations[k].predecessor]])
        return Link(activity, Reason.PREDECESSOR, relation=network.relations[best])
    early = {
        ConstraintKind.START_NO_EARLIER_THAN,
        ConstraintKind.FINISH_NO_EARLIER_THAN,
        ConstraintKind.MUST_START_ON,
        ConstraintKind.MUST_FINISH_ON,
        ConstraintKind.MANDATORY_START,
        ConstraintKind.MANDATORY_FINISH,
        ConstraintKind.AS_LATE_AS_POSSIBLE,
    }
    if activity.actual_start is not None:
        return Link(activity, Reason.DATA_DATE)
    for constraint in activity.constraints:
        if constraint.kind in early:
            return Link(activity, Reason.CONSTRAINT, constraint=constraint.kind)
    begun = network.data_date is not None and to_minutes(network.data_date) > to_minutes(network.start)
    return Link(activity, Reason.DATA_DATE if begun else Reason.PROJECT_START)


@dataclass(frozen=True)
class FloatPath:
    """A chain into the end activity or into an earlier path; `slack` worked minutes before it matters."""

    rank: int
    ids: tuple[str, ...]
    """From the first activity to the last."""
    joins: str | None
    """The activity of an earlier path that this one runs into; None for the first."""
    slack: int


def float_paths(network: Network, result: ScheduleResult, end: str, count: int = 10) -> tuple[FloatPath, ...]:
    """The `count` most critical chains to `end`, by the relation slack at which each joins an earlier one.

    Every activity is on at most one path. Path 1 follows the tightest relation back from `end`; each further
    path is the untouched chain that joins with the least slack: Primavera's "multiple float paths" by free
    float. Raises KeyError for an unknown activity.
    """
    into: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for k, relation in enumerate(network.relations):
        slack = int(result.relation_slack[k])
        if slack != UNUSED:
            into[relation.successor].append((slack, k, relation.predecessor))
    used: set[str] = set()
    paths: list[FloatPath] = []
    queue: list[tuple[int, int, str, str | None]] = [(0, -1, end, None)]
    result.index[end]
    while queue and len(paths) < count:
        slack, _, at, joins = heapq.heappop(queue)
        if at in used:
            continue
        chain: list[str] = []
        step: str | None = at
        while step is not None:
            used.add(step)
            chain.append(step)
            choices = sorted(choice for choice in into[step] if choice[2] not in used)
            for spare, k, before in choices[1:]:
                heapq.heappush(queue, (slack + max(spare, 0), k, before, step))
            if choices and choices[0][0] > 0 and joins is not None:
                heapq.heappush(queue, (slack + choices[0][0], choices[0][1], choices[0][2], step))
                break
            step = choices[0][2] if choices else None
        paths.append(FloatPath(len(paths) + 1, tuple(reversed(chain)), joins, slack))
    return tuple(paths)
