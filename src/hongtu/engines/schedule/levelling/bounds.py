"""Lower bounds on the finish that need no search: critical path, resource energy, and a destructive bound.

Energy: a set of tasks that cannot start before `a` and must be followed by at least `q` ends no earlier
than `a` + ceil(energy / capacity) + `q`. Destructive: a finish T is refuted where, within some interval,
the tasks must use more than there is even when each is pushed as far out as its window for T allows
(energetic reasoning; Baptiste, Le Pape and Nuijten 1999, "Satisfiability tests and time-bound adjustments
for cumulative scheduling problems"; Klein and Scholl 1999 for the destructive scheme).
"""

from __future__ import annotations

import numpy as np

from .encode import Arrays, Encoded, Ints
from .kernels import jit


def quick_bound(encoded: Encoded) -> int:
    """The largest of the bounds here: no plan finishes before it. In time units, from 0."""
    arrays = encoded.arrays
    bound = int((arrays.release + arrays.tail).max())
    after = arrays.tail - arrays.duration
    supplies = {int(k): _running(encoded.limits[k]) for k in np.flatnonzero(encoded.usage.sum(axis=0))}
    usages = {resource: np.ascontiguousarray(encoded.usage[:, resource]) for resource in supplies}
    for resource, supply in supplies.items():
        bound = max(bound, energy_bound(arrays, usages[resource], supply, after))
    while bound < encoded.horizon and any(
        overloaded(arrays, usages[resource], supply, bound) for resource, supply in supplies.items()
    ):
        bound += 1
    return bound


def _running(limits: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(limits)])


@jit
def energy_bound(net: Arrays, usage: Ints, supply: Ints, after: Ints) -> int:
    """The energy bound for one resource; `supply` is its cumulated capacity, `after` what must follow."""
    bound = 0
    longest_after_first = np.argsort(-after)
    for head in np.unique(net.release):
        energy = np.int64(0)
        for task in longest_after_first:
            if usage[task] > 0 and net.release[task] >= head:
                energy += usage[task] * net.duration[task]
                end = np.searchsorted(supply, supply[head] + energy)
                bound = max(bound, int(end + after[task]))
    return bound


INTERVALS_TIMES_TASKS = 30_000_000
"""Work the destructive test may do; beyond it fewer intervals are looked at: weaker, still valid."""


@jit
def overloaded(net: Arrays, usage: Ints, supply: Ints, finish: int) -> bool:
    """Whether finishing everything by `finish` is impossible for one resource (`supply` is cumulated
    capacity)."""
    count = usage.shape[0]
    low = net.release
    high = np.empty(count, dtype=np.int64)  # latest finish
    for task in range(count):
        high[task] = min(net.deadline[task], finish - net.tail[task] + net.duration[task])
        if low[task] + net.duration[task] > high[task]:
            return True
    busy = np.flatnonzero(usage * net.duration)
    begins = np.empty(2 * busy.shape[0], dtype=np.int64)
    ends = np.empty(2 * busy.shape[0], dtype=np.int64)
    for k, user in enumerate(busy):
        begins[2 * k], begins[2 * k + 1] = low[user], high[user] - net.duration[user]
        ends[2 * k], ends[2 * k + 1] = high[user], low[user] + net.duration[user]
    begins, ends = np.unique(begins), np.unique(ends)
    stride = 1 + int(np.sqrt(begins.shape[0] * ends.shape[0] * busy.shape[0] / INTERVALS_TIMES_TASKS))
    for begin in begins[::stride]:
        for end in ends[::stride]:
            if end <= begin or end >= supply.shape[0]:
                continue
            energy = np.int64(0)
            for user in busy:
                most = min(net.duration[user], end - begin)
                early = low[user] + net.duration[user] - begin
                late = end - (high[user] - net.duration[user])
                span = min(most, early, late)
                if span > 0:
                    energy += span * usage[user]
            if energy > supply[end] - supply[begin]:
                return True
    return False
