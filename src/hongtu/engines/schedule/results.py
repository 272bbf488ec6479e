"""Turns the raw passes into a `ScheduleResult`: float, driving relations, longest path, levels of effort."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from . import passes
from .calendars import to_datetime
from .model import UNUSED, Activity, RelationType, ScheduleResult
from .passes import DONE, NONE

if TYPE_CHECKING:
    from .cpm import Passes, Planner

Ints = NDArray[np.int64]


def assemble(planner: Planner, passed: Passes) -> ScheduleResult:
    """The result in the order of the network's activities."""
    p, t = planner.prepared, planner.timeline
    position, order = p.layout.position, p.layout.order
    early = passed.early.reshape(-1, 2)[position] + t.base
    late = passed.late.reshape(-1, 2)[position] + t.base
    relation_slack, free = np.empty(len(p.predecessor), np.int64), np.empty(p.count, np.int64)
    passes.slacks(
        *passed.common, planner.strict, passed.early, passed.finish_of, planner.open_end, relation_slack, free
    )
    done = p.rounding == DONE
    free_to_move = ~done & (p.mandatory == NONE)
    total = np.where(done, 0, _total_float(planner, passed))
    driving = (relation_slack == 0) & free_to_move[p.successor[p.layout.slots]]
    on_path = ~done[order] & (passed.early[1::2] == passed.finish_of)
    passes.longest_path(p.layout.pointer, p.layout.endpoint, driving, ~done[order], on_path)
    shown_start = np.where(p.actual_start != NONE, p.actual_start, early[:, 0])
    shown_finish = np.where(p.actual_finish != NONE, p.actual_finish, early[:, 1])
    columns = {
        "early_start": early[:, 0],
        "early_finish": early[:, 1],
        "late_start": late[:, 0],
        "late_finish": late[:, 1],
        "shown_start": shown_start,
        "shown_finish": shown_finish,
        "total_float": total,
        "free_float": np.where(done, 0, free[position]),
        "critical": ~done & (total <= p.network.critical_float),
        "minutes_per_day": planner.minutes_per_day,
        "longest_path": on_path[position],
    }
    chosen = p.layout.slots[driving]
    slack = np.full(len(p.network.relations), UNUSED)
    slack[p.relation_index[p.layout.slots]] = relation_slack
    heads, ids, index = p.successor[chosen], planner.ids, planner.index
    if p.efforts:
        columns, heads = _with_efforts(planner, columns, heads)
        ids = tuple(activity.id for activity in p.network.activities)
        index = {id: i for i, id in enumerate(ids)}
    return ScheduleResult(
        ids=ids,
        project_start=int(shown_start.min()) if p.count else p.start,
        project_finish=passed.finish + t.base,
        driving_relation=p.relation_index[chosen],
        driving_successor=heads,
        relation_slack=slack,
        caveats=_caveats(planner, columns),
        index=index,
        **columns,
    )


def _total_float(planner: Planner, passed: Passes) -> Ints:
    """Worked minutes: the smaller of start and finish float, the finish float once started."""
    p = planner.prepared
    by_start, by_finish = np.empty(p.count, np.int64), np.empty(p.count, np.int64)
    passes.total_float(
        planner.timeline.tables, planner.calendar, passed.early, passed.late, by_start, by_finish
    )
    total = np.minimum(by_start, by_finish)[p.layout.position]
    return np.where(p.actual_start != NONE, by_finish[p.layout.position], total)


def _caveats(planner: Planner, columns: dict[str, NDArray]) -> tuple[str, ...]:
    p = planner.prepared
    if not p.count:
        return ()
    first: date = to_datetime(int(columns["shown_start"].min())).date()
    last: date = to_datetime(int(max(columns["shown_finish"].max(), columns["late_finish"].max())) - 1).date()
    said = (p.calendars[i].caveat(first, last) for i in planner.used_calendars)
    return tuple(dict.fromkeys(sentence for sentence in said if sentence))


def _with_efforts(
    planner: Planner, columns: dict[str, NDArray], heads: Ints
) -> tuple[dict[str, NDArray], Ints]:
    """Adds level-of-effort activities, which span others' dates and drive nothing."""
    p = planner.prepared
    rows = [_effort(planner, effort, planner.index, columns) for effort in p.efforts]
    all_ids = (*planner.ids, *(effort.id for effort in p.efforts))
    where = {id: i for i, id in enumerate(all_ids)}
    order = np.array([where[activity.id] for activity in p.network.activities])
    merged = {
        name: np.concatenate([column, np.array([row[name] for row in rows], column.dtype)])[order]
        for name, column in columns.items()
    }
    return merged, np.argsort(order)[heads]


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
