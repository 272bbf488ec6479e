"""Lower bounds on the finish that need no search: critical path, resource energy, and a destructive bound.

Energy: a set of tasks that cannot start before `a` and must be followed by at least `q` ends no earlier than `a` +
ceil(energy / capacity) + `q`. Destructive: a finish T is refuted where, within some interval, the tasks must use more
than there is even when each is pushed as far out as its window for T allows (energetic reasoning; Baptiste, Le Pape
and Nuijten 1999, "Satisfiability tests and time-bound adjustments for cumulative scheduling problems"; Klein and
Scholl 1999 for the destructive scheme).
"""

from __future__ import annotations

import numpy as np

from .encode import Arrays, Encoded, Ints
from .kernels import jit


def quick_bound(encoded: Encoded) -> int:
    """The largest of the bounds here: no plan finishes before it. In time units, from 0."""
    arrays = encoded.arrays
    bound = int((arrays.release + arrays.tail).max())
    used = np.flatnonzero(encoded.usage.sum(axis=0))
    after = arrays.tail - arrays.duration
    for resource in used:
        bound = max(
            bound, _energy(arrays, encoded.usage[:, resource], encoded.limits[resource], after, bound)
        )
    while bound < encoded.horizon and any(
        overloaded(arrays, encoded.usage[:, resource], _running(encoded.limits[resource]), bound)
        for resource in used
    ):
        bound += 1
    return bound


def _running(limits: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(limits)])


def _energy(arrays: Arrays, usage: Ints, limits: Ints, after: Ints, bound: int) -> int:
    work = usage * arrays.duration
    supply = _running(limits)
    for head in np.unique(arrays.release[work > 0]):
        later = arrays.release >= head
        for tail in np.unique(after[(work > 0) & later]):
            energy = work[later & (after >= tail)].sum()
            if energy:
                end = int(np.searchsorted(supply, supply[head] + energy))
                bound = max(bound, end + int(tail))
    return bound


@jit
def overloaded(net: Arrays, usage: Ints, supply: Ints, finish: int) -> bool:
    """Whether finishing everything by `finish` is impossible for one resource (`supply` is cumulated capacity)."""
    count = usage.shape[0]
    low = net.release
    high = np.empty(count, dtype=np.int64)  # latest finish
    for task in range(count):
        high[task] = min(net.deadline[task], finish - net.tail[task] + net.duration[task])
        if low[task] + net.duration[task] > high[task]:
            return True
    busy = np.flatnonzero((usage > 0) & (net.duration > 0))
    begins = np.empty(2 * busy.shape[0], dtype=np.int64)
    ends = np.empty(2 * busy.shape[0], dtype=np.int64)
    for k, task in enumerate(busy):
        begins[2 * k], begins[2 * k + 1] = low[task], high[task] - net.duration[task]
        ends[2 * k], ends[2 * k + 1] = high[task], low[task] + net.duration[task]
    begins, ends = np.unique(begins), np.unique(ends)
    for begin in begins:
        for end in ends:
            if end <= begin or end >= supply.shape[0]:
                continue
            energy = 0
            for task in busy:
                span = min(net.duration[task], end - begin)
                span = min(span, low[task] + net.duration[task] - begin)
                span = min(span, end - (high[task] - net.duration[task]))
                if span > 0:
                    energy += span * usage[task]
            if energy > supply[end] - supply[begin]:
                return True
    return False
