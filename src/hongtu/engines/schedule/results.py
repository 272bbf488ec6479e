"""Turns the raw passes into a `ScheduleResult`: float, driving relations, longest path, levels of effort."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from . import passes
from .calendars import to_datetime
from .model import Activity, RelationType, ScheduleResult
from .passes import DONE, NEVER, NONE

if TYPE_CHECKING:
    from .cpm import Passes, Planner

Ints = NDArray[np.int64]


def assemble(planner: Planner, passed: Passes) -> ScheduleResult:
    """The result in the order of the network's activities."""
    p, t = planner.prepared, planner.timeline
    position = p.layout.position
    early = passed.early.reshape(-1, 2)[position] + t.base
    late = passed.late.reshape(-1, 2)[position] + t.base
    relation_slack, free = _slacks(planner, passed)
    total = _total_float(planner, passed)
    done = p.rounding == DONE
    driving_relation = np.zeros(len(p.predecessor), np.bool_)
    driving_relation[p.layout.slots] = relation_slack == 0
    driving_relation &= ~done[p.successor] & (p.mandatory[p.successor] == NONE)
    shown_start = np.where(p.actual_start != NONE, p.actual_start, early[:, 0])
    shown_finish = np.where(p.actual_finish != NONE, p.actual_finish, early[:, 1])
    finish = passed.finish + t.base
    columns = {
        "early_start": early[:, 0],
        "early_finish": early[:, 1],
        "late_start": late[:, 0],
        "late_finish": late[:, 1],
        "shown_start": shown_start,
        "shown_finish": shown_finish,
        "total_float": np.where(done, 0, total),
        "free_float": np.where(done, 0, free),
        "critical": ~done & (total <= p.network.critical_float),
        "minutes_per_day": np.array([c.minutes_per_day for c in p.calendars])[p.calendar],
        "longest_path": longest_path(planner, early[:, 1] == finish, driving_relation, done),
    }
    driving = _driving(planner, driving_relation)
    ids = tuple(activity.id for activity in p.activities)
    if p.efforts:
        ids, columns, driving = _with_efforts(planner, ids, columns, driving)
    return ScheduleResult(
        ids=ids,
        project_start=int(shown_start.min()) if p.count else p.start,
        project_finish=finish,
        driving=driving,
        caveats=_caveats(planner, columns),
        index={id: i for i, id in enumerate(ids)},
        **columns,
    )


def _slacks(planner: Planner, passed: Passes) -> tuple[Ints, Ints]:
    p, t = planner.prepared, planner.timeline
    relation_slack = np.empty(len(p.predecessor), np.int64)
    free = np.full(p.count, NEVER)
    for i in np.flatnonzero(planner.open_end):
        own = int(planner.calendar[i])
        end = t.work(own, passed.finish + t.base)
        free[i] = end - t.work(own, passed.early[2 * i + 1] + t.base)
    passes.slacks(*passed.common, planner.strict, passed.early, relation_slack, free)
    return relation_slack, free[p.layout.position]


def _total_float(planner: Planner, passed: Passes) -> Ints:
    """Worked minutes: the smaller of start and finish float, the finish float once started."""
    p = planner.prepared
    by_start, by_finish = np.empty(p.count, np.int64), np.empty(p.count, np.int64)
    passes.total_float(
        planner.timeline.tables, planner.calendar, passed.early, passed.late, by_start, by_finish
    )
    total = np.minimum(by_start, by_finish)[p.layout.position]
    return np.where(p.actual_start != NONE, by_finish[p.layout.position], total)


def _driving(planner: Planner, driving_relation: NDArray[np.bool_]) -> tuple[tuple[int, ...], ...]:
    p = planner.prepared
    found: list[list[int]] = [[] for _ in range(p.count)]
    chosen = np.flatnonzero(driving_relation)
    for head, relation in zip(p.successor[chosen].tolist(), p.relation_index[chosen].tolist(), strict=True):
        found[head].append(relation)
    return tuple(map(tuple, found))


def longest_path(
    planner: Planner, ends: NDArray[np.bool_], driving: NDArray[np.bool_], done: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Activities from which a chain of driving relations reaches the project's finish."""
    p = planner.prepared
    on_path = ends & ~done
    into: dict[int, list[int]] = {}
    chosen = np.flatnonzero(driving)
    for tail, head in zip(p.predecessor[chosen].tolist(), p.successor[chosen].tolist(), strict=True):
        into.setdefault(head, []).append(tail)
    todo = np.flatnonzero(on_path).tolist()
    while todo:
        for tail in into.get(todo.pop(), ()):
            if not on_path[tail] and not done[tail]:
                on_path[tail] = True
                todo.append(tail)
    return on_path


def _caveats(planner: Planner, columns: dict[str, NDArray]) -> tuple[str, ...]:
    p = planner.prepared
    if not p.count:
        return ()
    first: date = to_datetime(int(columns["shown_start"].min())).date()
    last: date = to_datetime(int(max(columns["shown_finish"].max(), columns["late_finish"].max())) - 1).date()
    used = {*p.calendar.tolist(), *p.lag_calendar.tolist()}
    said = (p.calendars[i].caveat(first, last) for i in sorted(used))
    return tuple(dict.fromkeys(sentence for sentence in said if sentence))


def _with_efforts(
    planner: Planner,
    ids: tuple[str, ...],
    columns: dict[str, NDArray],
    driving: tuple[tuple[int, ...], ...],
) -> tuple[tuple[str, ...], dict[str, NDArray], tuple[tuple[int, ...], ...]]:
    """Adds level-of-effort activities, which span others' dates and drive nothing."""
    p = planner.prepared
    index = {id: i for i, id in enumerate(ids)}
    rows = [_effort(planner, effort, index, columns) for effort in p.efforts]
    all_ids = (*ids, *(effort.id for effort in p.efforts))
    where = {id: i for i, id in enumerate(all_ids)}
    order = np.array([where[activity.id] for activity in p.network.activities])
    merged = {
        name: np.concatenate([column, np.array([row[name] for row in rows], column.dtype)])[order]
        for name, column in columns.items()
    }
    all_driving = (*driving, *(() for _ in rows))
    return (
        tuple(all_ids[i] for i in order),
        merged,
        tuple(all_driving[i] for i in order),
    )


def _effort(
    planner: Planner, effort: Activity, index: dict[str, int], columns: dict[str, NDArray]
) -> dict[str, int | bool]:
    p, t = planner.prepared, planner.timeline
    calendar = p.network.calendar(effort.calendar)
    own = [c.id for c in p.calendars].index(calendar.id)
    span = {}
    for side in ("early", "late"):
        starts: list[int] = []
        finishes: list[int] = []
        for r in p.network.relations:
            begins = r.type in (RelationType.FINISH_START, RelationType.START_START)
            if r.successor == effort.id and r.predecessor in index:
                end = (
                    "finish" if r.type in (RelationType.FINISH_START, RelationType.FINISH_FINISH) else "start"
                )
                (starts if begins else finishes).append(columns[f"{side}_{end}"][index[r.predecessor]])
            elif r.predecessor == effort.id and r.successor in index:
                from_start = r.type in (RelationType.START_START, RelationType.START_FINISH)
                end = "start" if begins else "finish"
                (starts if from_start else finishes).append(columns[f"{side}_{end}"][index[r.successor]])
        start = t.start_of(own, t.work(own, min(starts, default=p.start)))
        span[side] = start, max(max(finishes, default=start), start)
    by_start = t.work(own, span["late"][0]) - t.work(own, span["early"][0])
    by_finish = t.work(own, span["late"][1]) - t.work(own, span["early"][1])
    return {
        "early_start": span["early"][0],
        "early_finish": span["early"][1],
        "late_start": span["late"][0],
        "late_finish": span["late"][1],
        "shown_start": span["early"][0],
        "shown_finish": span["early"][1],
        "total_float": min(by_start, by_finish),
        "free_float": 0,
        "critical": False,
        "minutes_per_day": calendar.minutes_per_day,
        "longest_path": False,
    }
