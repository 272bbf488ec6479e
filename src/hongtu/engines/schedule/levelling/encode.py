"""A problem as flat arrays for the compiled search.

Relations become least lags between starts, so one kind of arc is left. The free capacity of all resources
in one time unit is packed into 63-bit words: each resource has a lane of just enough bits and a guard bit
above it, kept set while the lane is not overdrawn. Whether a task fits into a unit is then one subtraction
and one comparison per word (usually one word), however many resources there are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import LevellingError
from .problem import Problem

FAR = 1 << 40
"""A time later than any other: no deadline."""

Ints = NDArray[np.int64]


class Arrays(NamedTuple):
    """n tasks, W words, T time units, B budgets; arcs in compressed rows (`*_start` has n + 1 entries)."""

    duration: Ints  # (n,)
    release: Ints  # (n,) earliest start by release dates and arcs
    deadline: Ints  # (n,) latest finish by deadlines and arcs, FAR where there is none
    fixed: Ints  # (n,) start agreed, or -1
    before_start: Ints  # (n + 1,)
    before: Ints  # predecessors
    before_lag: Ints
    after_start: Ints  # (n + 1,)
    after: Ints  # successors
    after_lag: Ints
    demand: Ints  # (n, W)
    guard: Ints  # (n, W) guard bits of the lanes that the task uses
    capacity: Ints  # (T, W) with the guard bits set
    rate: Ints  # (n, B)
    period: Ints  # (B, T) period of each unit, -1 where not limited
    amount: Ints  # (B, P)
    topological: Ints  # (n,) tasks in an order of precedence
    tail: Ints  # (n,) least time from a task's start to the end of all
    leads: int  # 1 where some lag between starts is negative, so that starts do not order the tasks


class Encoded(NamedTuple):
    """The arrays and the plain matrices from which bounds and models are made."""

    problem: Problem
    arrays: Arrays
    usage: Ints  # (n, R) demand per resource, 0 for tasks without duration
    limits: Ints  # (R, T) capacity per resource
    arcs: list[tuple[int, int, int]]  # (predecessor, successor, least lag between starts)
    horizon: int
    standard: bool  # constant capacities, no budgets, windows or negative lags


def encode(problem: Problem) -> Encoded:
    """Arrays of the problem; refuses a cycle of relations, naming it, and windows that no plan can keep."""
    index = {task.id: k for k, task in enumerate(problem.tasks)}
    duration = np.array([task.duration for task in problem.tasks], dtype=np.int64)
    arcs = _arcs(problem, index, duration)
    count = len(problem.tasks)
    order = _topological(problem, count, arcs)
    release, deadline, tail = _windows(problem, arcs, order, duration)
    horizon = _horizon(problem, duration, release, arcs)
    usage = np.array(
        [[t.demands.get(r.id, 0) if t.duration else 0 for r in problem.resources] for t in problem.tasks],
        dtype=np.int64,
    ).reshape(count, len(problem.resources))
    limits = np.array(
        [_profile(r.capacity, r.changes, horizon) for r in problem.resources], dtype=np.int64
    ).reshape(len(problem.resources), horizon)
    fixed = np.array([-1 if t.fixed_start is None else t.fixed_start for t in problem.tasks], dtype=np.int64)
    demand, guard, capacity = _pack(usage, limits, usage[fixed >= 0].sum(axis=0))
    rate, period, amount = _budgets(problem, horizon)
    before = _rows(count, [(b, a, lag) for a, b, lag in arcs])
    after = _rows(count, arcs)
    arrays = Arrays(
        duration,
        release,
        deadline,
        fixed,
        *before,
        *after,
        demand,
        guard,
        capacity,
        rate,
        period,
        amount,
        order,
        tail,
        int(any(lag < 0 for _, _, lag in arcs)),
    )
    standard = (
        not problem.budgets
        and bool((fixed < 0).all())
        and all(task.deadline is None and not task.release for task in problem.tasks)
        and not any(resource.changes for resource in problem.resources)
        and all(lag >= 0 for _, _, lag in arcs)
    )
    return Encoded(problem, arrays, usage, limits, arcs, horizon, standard)


def _arcs(problem: Problem, index: dict[str, int], duration: Ints) -> list[tuple[int, int, int]]:
    strongest: dict[tuple[int, int], int] = {}
    for relation in problem.relations:
        pair = index[relation.predecessor], index[relation.successor]
        lag = relation.start_lag(int(duration[pair[0]]), int(duration[pair[1]]))
        strongest[pair] = max(lag, strongest.get(pair, lag))
    return [(a, b, lag) for (a, b), lag in sorted(strongest.items())]


def _topological(problem: Problem, count: int, arcs: list[tuple[int, int, int]]) -> Ints:
    after: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for a, b, _ in arcs:
        after[a].append(b)
        waiting[b] += 1
    order = [k for k in range(count) if not waiting[k]]
    for task in order:  # grows while it is walked
        for successor in after[task]:
            waiting[successor] -= 1
            if not waiting[successor]:
                order.append(successor)
    if len(order) < count:
        names = " -> ".join(problem.tasks[k].id for k in _cycle(after, waiting))
        raise LevellingError(
            "levelling.cycle", f"The relations run in a circle: {names}. Remove one of them.", names
        )
    return np.array(order, dtype=np.int64)


def _cycle(after: list[list[int]], waiting: list[int]) -> list[int]:
    """One circle among the tasks that still wait, its first task repeated at the end."""
    before = {b: a for a, successors in enumerate(after) if waiting[a] for b in successors if waiting[b]}
    task = next(k for k, left in enumerate(waiting) if left)
    seen: list[int] = []
    while task not in seen:
        seen.append(task)
        task = before[task]
    circle = seen[seen.index(task) :][::-1]
    return [*circle, circle[0]]


def _windows(
    problem: Problem, arcs: list[tuple[int, int, int]], order: Ints, duration: Ints
) -> tuple[Ints, Ints, Ints]:
    tasks = problem.tasks
    release = np.array([t.release if t.fixed_start is None else t.fixed_start for t in tasks], dtype=np.int64)
    latest = np.array([FAR if t.deadline is None else t.deadline - t.duration for t in tasks], dtype=np.int64)
    for k, task in enumerate(tasks):
        if task.fixed_start is not None:
            latest[k] = min(latest[k], task.fixed_start)
    tail = duration.copy()
    position = {int(task): k for k, task in enumerate(order)}
    forward = sorted(arcs, key=lambda arc: position[arc[0]])
    for a, b, lag in forward:
        release[b] = max(release[b], release[a] + lag)
    for k in order:
        if release[k] > latest[k]:
            raise LevellingError(
                "levelling.window",
                f"Task {tasks[k].id} cannot start before {release[k]} because of its predecessors or "
                f"release, and not after {latest[k]} because of its deadline or fixed "
                "start. Move one of the dates.",
                tasks[k].id,
            )
    for a, b, lag in reversed(forward):
        latest[a] = min(latest[a], latest[b] - lag)
        tail[a] = max(tail[a], tail[b] + lag)
    return release, np.minimum(latest + duration, FAR), tail


def _horizon(problem: Problem, duration: Ints, release: Ints, arcs: list[tuple[int, int, int]]) -> int:
    """A time by which everything can be done one after another once nothing changes any more."""
    last = max([int(release.max(initial=0)), *(time for r in problem.resources for time, _ in r.changes)])
    last = max([last, *(budget.boundaries[-1] for budget in problem.budgets)])
    waits: dict[int, int] = {}
    for a, b, lag in arcs:
        waits[b] = max(waits.get(b, 0), lag - int(duration[a]))
    return last + int(duration.sum()) + sum(waits.values()) + 1


def _profile(first: int, changes: tuple[tuple[int, int], ...], horizon: int) -> Ints:
    profile = np.full(horizon, first, dtype=np.int64)
    for time, amount in changes:
        profile[time:] = amount
    return profile


def _pack(usage: Ints, limits: Ints, fixed: Ints) -> tuple[Ints, Ints, Ints]:
    """Demands, guards and capacities in words.

    Fixed tasks are placed unasked and may overdraw a resource: its lane is wide enough for all of them
    (`fixed`: their use per resource), so that it cannot borrow from its neighbour.
    """
    count, kinds = usage.shape
    horizon = limits.shape[1]
    lanes: list[tuple[int, int, int]] = []  # (word, shift, guard bit) per resource
    guards = [0]
    shift = 0
    for k in range(kinds):
        bits = max(1, int(max(limits[k].max(initial=0), usage[:, k].max(initial=0) + fixed[k])).bit_length())
        if bits > 61:
            raise LevellingError("levelling.capacity", "A capacity is above 2^61; choose a larger unit.")
        if shift + bits + 1 > 63:
            guards.append(0)
            shift = 0
        lanes.append((len(guards) - 1, shift, 1 << (shift + bits)))
        guards[-1] |= 1 << (shift + bits)
        shift += bits + 1
    demand = np.zeros((count, len(guards)), dtype=np.int64)
    capacity = np.tile(np.array(guards, dtype=np.int64), (horizon, 1))
    watched = np.zeros_like(demand)
    for k, (word, low, guard) in enumerate(lanes):
        demand[:, word] += usage[:, k] << low
        capacity[:, word] += limits[k] << low
        watched[usage[:, k] > 0, word] |= guard
    return demand, watched, capacity


def _budgets(problem: Problem, horizon: int) -> tuple[Ints, Ints, Ints]:
    widest = max((len(budget.amounts) for budget in problem.budgets), default=1)
    count = len(problem.budgets)
    rate = np.array(
        [[task.demands.get(budget.id, 0) for budget in problem.budgets] for task in problem.tasks],
        dtype=np.int64,
    ).reshape(len(problem.tasks), count)
    period = np.full((count, horizon), -1, dtype=np.int64)
    amount = np.zeros((count, widest), dtype=np.int64)
    for k, budget in enumerate(problem.budgets):
        for number, (low, high) in enumerate(zip(budget.boundaries, budget.boundaries[1:], strict=False)):
            period[k, low:high] = number
        amount[k, : len(budget.amounts)] = budget.amounts
    return rate, period, amount


def _rows(count: int, arcs: list[tuple[int, int, int]]) -> tuple[Ints, Ints, Ints]:
    arcs = sorted(arcs)
    starts = np.zeros(count + 1, dtype=np.int64)
    for a, _, _ in arcs:
        starts[a + 1] += 1
    return (
        np.cumsum(starts),
        np.array([b for _, b, _ in arcs], dtype=np.int64),
        np.array([lag for _, _, lag in arcs], dtype=np.int64),
    )
