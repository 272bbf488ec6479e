"""Compiled annealing that evens out the use of resources while the finish is held.

A move shifts one task within the room its neighbours leave. Squared use follows Burgess and Killebrew (1962),
"Variation in activity level on a cyclical arrow diagram"; the peak is the highest use of each resource.
"""

from __future__ import annotations

import numpy as np

from .encode import Arrays, Ints
from .genetic import draw
from .kernels import jit


@jit
def measure(
    net: Arrays, usage: Ints, limits: Ints, weight: Ints, start: Ints, finish: int
) -> tuple[int, int, int]:
    """Weighted squared use, weighted sum of peaks, and units above capacity, of a plan within `finish`."""
    squares, peaks, over = 0, 0, 0
    use = np.empty(finish, dtype=np.int64)
    for resource in range(usage.shape[1]):
        use[:] = 0
        for task in range(start.shape[0]):
            for unit in range(start[task], start[task] + net.duration[task]):
                use[unit] += usage[task, resource]
        peak = np.int64(0)
        for unit in range(finish):
            squares += weight[resource] * use[unit] * use[unit]
            peak = max(peak, use[unit])
            over += max(0, use[unit] - limits[resource, unit])
        peaks += weight[resource] * peak
    return squares, peaks, over


@jit
def anneal(
    net: Arrays,
    usage: Ints,
    limits: Ints,
    weight: Ints,
    start: Ints,
    finish: int,
    moves: int,
    by_peak: bool,
    heat: float,
    random: Ints,
) -> None:
    """`moves` random shifts of `start` in place, cooling from `heat` times the first energy's spread to
    nothing."""
    count, kinds = usage.shape
    use = np.zeros((kinds, finish + 1), dtype=np.int64)
    for task in range(count):
        for resource in range(kinds):
            for unit in range(start[task], start[task] + net.duration[task]):
                use[resource, unit] += usage[task, resource]
    peak = np.zeros(kinds, dtype=np.int64)
    for resource in range(kinds):
        peak[resource] = use[resource].max()
    top = max(1, int(np.max(peak)))
    best = start.copy()
    energy, best_energy = 0.0, 0.0
    for step in range(moves):
        task = draw(random, count)
        low, high = room(net, start, task, finish)
        if high <= low:
            continue
        new = low + draw(random, high - low + 1)
        old = start[task]
        if new == old:
            continue
        delta = shift(net, usage, limits, weight, use, task, old, new)
        if by_peak:
            delta *= 1.0 / (finish * top)
            for resource in range(kinds):
                if usage[task, resource] > 0:
                    now = use[resource].max()
                    delta += weight[resource] * (now - peak[resource])
        temperature = heat * (1.0 - step / moves)
        if delta <= 0 or (
            temperature > 0 and draw(random, 1 << 30) < np.exp(-delta / temperature) * (1 << 30)
        ):
            start[task] = new
            energy += delta
            for resource in range(kinds):
                if by_peak and usage[task, resource] > 0:
                    peak[resource] = use[resource].max()
            if energy < best_energy - 1e-9:
                best_energy = energy
                best[:] = start
        else:
            shift(net, usage, limits, weight, use, task, new, old)
    start[:] = best


@jit
def room(net: Arrays, start: Ints, task: int, finish: int) -> tuple[int, int]:
    """First and last start that the task's neighbours, window and the finish leave it."""
    if net.fixed[task] >= 0:
        return start[task], start[task]
    low = net.release[task]
    high = min(finish, net.deadline[task]) - net.duration[task]
    for k in range(net.before_start[task], net.before_start[task + 1]):
        low = max(low, start[net.before[k]] + net.before_lag[k])
    for k in range(net.after_start[task], net.after_start[task + 1]):
        high = min(high, start[net.after[k]] - net.after_lag[k])
    return low, high


@jit
def shift(
    net: Arrays, usage: Ints, limits: Ints, weight: Ints, use: Ints, task: int, old: int, new: int
) -> float:
    """Move the task in the table of use; returns the change of weighted squares, overload counted heavily."""
    duration = net.duration[task]
    change = 0.0
    for resource in range(usage.shape[1]):
        amount = usage[task, resource]
        if amount == 0:
            continue
        for unit in range(old, old + duration):
            if new <= unit < new + duration:
                continue
            before = use[resource, unit]
            use[resource, unit] = before - amount
            change -= weight[resource] * amount * (2 * before - amount)
            change -= OVERLOAD * (
                overload(before, limits[resource, unit]) - overload(before - amount, limits[resource, unit])
            )
        for unit in range(new, new + duration):
            if old <= unit < old + duration:
                continue
            before = use[resource, unit]
            use[resource, unit] = before + amount
            change += weight[resource] * amount * (2 * before + amount)
            change += OVERLOAD * (
                overload(before + amount, limits[resource, unit]) - overload(before, limits[resource, unit])
            )
    return change


OVERLOAD = 1e6
"""What one unit above capacity weighs against squared use: more than any gain."""


@jit
def overload(use: int, limit: int) -> int:
    """Units above the limit."""
    return max(0, use - limit)
