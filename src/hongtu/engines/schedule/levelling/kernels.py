"""Compiled schedule generation: the serial scheme and forward-backward improvement (double justification).

Sources: serial scheme, Kolisch (1996), "Serial and parallel resource-constrained project scheduling methods
revisited"; double justification, Valls, Ballestin and Quintanilla (2005), "Justification and RCPSP: a
technique that pays". Everything runs without the interpreter lock, so that threads use all cores.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from .encode import Arrays, Ints

jit = nb.njit(nogil=True, cache=True, error_model="numpy")
inlined = nb.njit(nogil=True, cache=True, error_model="numpy", inline="always")
"""For the innermost steps: a call would copy every array header and count every reference."""


@inlined
def fits(free: Ints, demand: Ints, guard: Ints, task: int, unit: int) -> bool:
    """Whether the task's demand fits into what is free in one time unit."""
    for word in range(guard.shape[1]):
        if ((free[unit, word] - demand[task, word]) & guard[task, word]) != guard[task, word]:
            return False
    return True


@inlined
def occupy(net: Arrays, free: Ints, task: int, low: int, high: int, sign: int) -> None:
    """Take (`sign` = 1) or give back (-1) the task's demand in the units low..high-1."""
    for word in range(net.guard.shape[1]):
        demand = sign * net.demand[task, word]
        if demand != 0:
            for unit in range(low, high):
                free[unit, word] -= demand


@inlined
def spend(net: Arrays, left: Ints, task: int, start: int, sign: int) -> None:
    """Take (`sign` = 1) or give back (-1) what the task uses of each budget when it starts at `start`."""
    for budget in range(net.rate.shape[1]):
        rate = sign * net.rate[task, budget]
        if rate != 0:
            for unit in range(start, start + net.duration[task]):
                if net.period[budget, unit] >= 0:
                    left[budget, net.period[budget, unit]] -= rate


@inlined
def within_budgets(net: Arrays, left: Ints, task: int, start: int) -> bool:
    """Whether each period the task would touch has enough left."""
    affordable = True
    for budget in range(net.rate.shape[1]):
        rate = net.rate[task, budget]
        if rate != 0:
            current, used = -1, 0
            for unit in range(start, start + net.duration[task]):
                if net.period[budget, unit] != current:
                    current, used = net.period[budget, unit], 0
                used += rate
                if current >= 0 and used > left[budget, current]:
                    affordable = False
    return affordable


@inlined
def earliest(net: Arrays, free: Ints, left: Ints, task: int, low: int, known: int) -> int:
    """First start >= `low` at which the task fits; the horizon where there is none.

    Units from `known` on are held by the task itself and need no check.
    """
    duration = net.duration[task]
    demand, guard, single = net.demand[task, 0], net.guard[task, 0], net.guard.shape[1] == 1
    horizon = free.shape[0]
    start = low
    while start + duration <= horizon:
        checked = start  # units before this are known to fit
        while start + duration <= horizon:
            unit = min(start + duration, known) - 1
            if single:
                while unit >= checked and ((free[unit, 0] - demand) & guard) == guard:
                    unit -= 1
            else:
                while unit >= checked and fits(free, net.demand, net.guard, task, unit):
                    unit -= 1
            if unit < checked:
                break
            checked = start + duration
            start = unit + 1
        if net.rate.shape[1] == 0 or within_budgets(net, left, task, start):
            break
        start += 1
    return start if start + duration <= horizon else horizon


@inlined
def latest(net: Arrays, free: Ints, left: Ints, task: int, low: int, high: int) -> int:
    """Last start in `low`..`high` at which the task, now at `low`, fits; its own units need no check."""
    duration = net.duration[task]
    demand, guard, single = net.demand[task, 0], net.guard[task, 0], net.guard.shape[1] == 1
    known = low + duration
    start = high
    while start > low:
        checked = start + duration  # units from this on are known to fit
        while start > low:
            unit = max(start, known)
            if single:
                while unit < checked and ((free[unit, 0] - demand) & guard) == guard:
                    unit += 1
            else:
                while unit < checked and fits(free, net.demand, net.guard, task, unit):
                    unit += 1
            if unit >= checked:
                break
            checked = start
            start = unit - duration
        if start <= low or net.rate.shape[1] == 0 or within_budgets(net, left, task, start):
            break
        start -= 1
    return max(start, low)


@jit
def decode(net: Arrays, order: Ints, start: Ints, free: Ints, left: Ints) -> int:
    """Serial schedule generation: each task of `order` at its first fitting time. Returns the cost.

    `order` keeps precedence. Fixed tasks are placed first. A task that fits nowhere gets the horizon as
    start and occupies nothing.
    """
    horizon = free.shape[0]
    for unit in range(horizon):
        for word in range(free.shape[1]):
            free[unit, word] = net.capacity[unit, word]
    left[:] = net.amount
    for task in range(order.shape[0]):
        if net.fixed[task] >= 0:
            start[task] = net.fixed[task]
            occupy(net, free, task, start[task], start[task] + net.duration[task], 1)
            spend(net, left, task, start[task], 1)
    for position in range(order.shape[0]):
        task = order[position]
        if net.fixed[task] >= 0:
            continue
        low = net.release[task]
        for k in range(net.before_start[task], net.before_start[task + 1]):
            low = max(low, start[net.before[k]] + net.before_lag[k])
        begin = earliest(net, free, left, task, low, horizon)
        start[task] = begin
        if begin < horizon:
            occupy(net, free, task, begin, begin + net.duration[task], 1)
            spend(net, left, task, begin, 1)
    return cost(net, start)


@jit
def cost(net: Arrays, start: Ints) -> int:
    """Makespan, plus the horizon for every unit by which a deadline is missed or a fixed start overrun."""
    finish, late = 0, 0
    for task in range(start.shape[0]):
        end = start[task] + net.duration[task]
        if end > finish:
            finish = end
        if end > net.deadline[task]:
            late += end - net.deadline[task]
    return finish + late * net.capacity.shape[0]


@jit
def sort_by(key: Ints, order: Ints, bucket: Ints) -> None:
    """`order` becomes the tasks by rising key, ties as they stood in `order`. `bucket`: longer than any
    key."""
    top = 0
    for task in range(key.shape[0]):
        if key[task] > top:
            top = key[task]
    if top > 8 * key.shape[0] + 64:
        by_key = order[np.argsort(key[order], kind="mergesort")]
        order[:] = by_key
        return
    bucket[: top + 2] = 0
    for task in range(key.shape[0]):
        bucket[key[task] + 1] += 1
    for value in range(1, top + 1):
        bucket[value] += bucket[value - 1]
    old = order.copy()
    for position in range(key.shape[0]):
        task = old[position]
        order[bucket[key[task]]] = task
        bucket[key[task]] += 1


@jit
def respect(net: Arrays, order: Ints) -> None:
    """Repair an order in place so that every predecessor stands before its successors (leads can break
    it)."""
    count = order.shape[0]
    placed = np.zeros(count, dtype=np.int64)
    wanted = order.copy()
    stack = np.empty(count + 1, dtype=np.int64)
    filled = 0
    for position in range(count):
        depth = 0
        stack[0] = wanted[position]
        while depth >= 0:
            task = stack[depth]
            if placed[task] == 1:
                depth -= 1
                continue
            missing = -1
            for k in range(net.before_start[task], net.before_start[task + 1]):
                if placed[net.before[k]] == 0:
                    missing = net.before[k]
                    break
            if missing >= 0:
                depth += 1
                stack[depth] = missing
            else:
                placed[task] = 1
                order[filled] = task
                filled += 1
                depth -= 1


@jit
def by_start(net: Arrays, start: Ints, order: Ints, bucket: Ints) -> None:
    """`order` becomes the tasks by start, ties and leads settled so that precedence is kept."""
    order[:] = net.topological
    sort_by(start, order, bucket)
    if net.leads:
        respect(net, order)


@jit
def shift_right(net: Arrays, order: Ints, start: Ints, free: Ints, left: Ints, end: int) -> None:
    """Move tasks, in the given order, to their last fitting start with all done by `end`."""
    for position in range(order.shape[0]):
        task = order[position]
        if net.fixed[task] >= 0:
            continue
        duration, old = net.duration[task], start[task]
        high = min(end, net.deadline[task]) - duration
        for k in range(net.after_start[task], net.after_start[task + 1]):
            high = min(high, start[net.after[k]] - net.after_lag[k])
        if high > old:
            spend(net, left, task, old, -1)
            new = latest(net, free, left, task, old, high)
            occupy(net, free, task, old, min(new, old + duration), -1)
            occupy(net, free, task, max(new, old + duration), new + duration, 1)
            spend(net, left, task, new, 1)
            start[task] = new


@jit
def shift_left(net: Arrays, order: Ints, start: Ints, free: Ints, left: Ints) -> None:
    """Move tasks, in the given order, to their first fitting start."""
    for position in range(order.shape[0]):
        task = order[position]
        if net.fixed[task] >= 0:
            continue
        duration, old = net.duration[task], start[task]
        low = net.release[task]
        for k in range(net.before_start[task], net.before_start[task + 1]):
            low = max(low, start[net.before[k]] + net.before_lag[k])
        if low < old:
            spend(net, left, task, old, -1)
            new = earliest(net, free, left, task, low, old)
            occupy(net, free, task, max(old, new + duration), old + duration, -1)
            occupy(net, free, task, new, min(old, new + duration), 1)
            spend(net, left, task, new, 1)
            start[task] = new


@jit
def improve(
    net: Arrays, order: Ints, start: Ints, free: Ints, left: Ints, key: Ints, bucket: Ints, passes: int
) -> tuple[int, int]:
    """Forward-backward improvement of a decoded schedule, at most `passes` times and while it helps.

    Never makes a schedule longer: every task is moved within the room that the others leave.
    Returns the cost and the number of passes (two schedules each).
    """
    count = start.shape[0]
    current = cost(net, start)
    for task in range(count):
        if start[task] >= free.shape[0]:
            return current, 0
    for done in range(passes):
        end = 0
        for task in range(count):
            end = max(end, start[task] + net.duration[task])
        for task in range(count):
            key[task] = end - start[task] - net.duration[task]
        sort_by(key, order, bucket)
        shift_right(net, order, start, free, left, end)
        by_start(net, start, order, bucket)
        shift_left(net, order, start, free, left)
        by_start(net, start, order, bucket)
        better = cost(net, start)
        if better >= current:
            return better, done + 1
        current = better
    return current, passes
