"""Topological layout of a network: computed once, kept while only durations, lags or dates change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .compiled import compiled
from .errors import CycleError

FROM_FINISH = {"FS": 1, "SS": 0, "FF": 1, "SF": 0}
TO_FINISH = {"FS": 0, "SS": 0, "FF": 1, "SF": 1}

Index = NDArray[np.int32]


@compiled
def _sort(count: int, predecessor: Index, successor: Index) -> tuple[Index, Index, Index, Index]:
    """Kahn's order, first come first placed: neighbours rarely wait for each other, so passes run ahead.

    Returns position -> activity (fewer than `count` when there is a cycle), activity -> position, and the
    predecessor lists in compressed rows: pointer per position and relation per slot.
    """
    relations = len(predecessor)
    out_pointer = np.zeros(count + 1, np.int32)
    waiting = np.zeros(count, np.int32)
    for k in range(relations):
        out_pointer[predecessor[k] + 1] += 1
        waiting[successor[k]] += 1
    for i in range(count):
        out_pointer[i + 1] += out_pointer[i]
    target = np.empty(relations, np.int32)
    fill = out_pointer[:-1].copy()
    for k in range(relations):
        target[fill[predecessor[k]]] = successor[k]
        fill[predecessor[k]] += 1
    pointer = np.zeros(count + 1, np.int32)
    order = np.empty(count, np.int32)
    position = np.full(count, -1, np.int32)
    indegree = waiting.copy()
    placed = 0
    found = 0
    for i in range(count):
        if waiting[i] == 0:
            order[found] = i
            found += 1
    while placed < found:
        i = order[placed]
        position[i] = placed
        pointer[placed + 1] = indegree[i]
        placed += 1
        for k in range(out_pointer[i], out_pointer[i + 1]):
            j = target[k]
            waiting[j] -= 1
            if waiting[j] == 0:
                order[found] = j
                found += 1
    for i in range(count):
        pointer[i + 1] += pointer[i]
    slots = np.empty(relations, np.int32)
    if placed == count:
        cursor = pointer[:-1].copy()
        for k in range(relations):
            at = position[successor[k]]
            slots[cursor[at]] = k
            cursor[at] += 1
    return order[:placed], position, pointer, slots


@dataclass(frozen=True)
class Layout:
    """Order of activities and compressed predecessor lists.

    `order[position]` is the activity, `position[activity]` its place; relations into the activity at a
    position are `slots[pointer[position]:pointer[position + 1]]` (indices of the caller's relation arrays).
    `endpoint` holds, per slot, twice the predecessor's position plus one when its finish (not its start)
    counts; `to_finish` whether the successor's finish is held.
    """

    order: Index
    position: Index
    pointer: Index
    slots: Index
    endpoint: Index
    to_finish: Index

    @property
    def count(self) -> int:
        """Number of activities."""
        return len(self.order)


def build_layout(
    count: int,
    predecessor: ArrayLike,
    successor: ArrayLike,
    from_finish: ArrayLike | None = None,
    to_finish: ArrayLike | None = None,
    *,
    label: Callable[[int], str] = str,
) -> Layout:
    """Layout of `count` activities under relations given as arrays of equal length.

    `from_finish`/`to_finish` tell FS (1, 0: the default), SS (0, 0), FF (1, 1) and SF (0, 1) apart. Raises
    `CycleError` with the cycle spelled out through `label`.
    """
    tail = np.ascontiguousarray(predecessor, np.int32)
    head = np.ascontiguousarray(successor, np.int32)
    order, position, pointer, slots = _sort(count, tail, head)
    if len(order) < count:
        cycle = find_cycle(tail, head, position < 0)
        names = [label(int(i)) for i in cycle]
        raise CycleError(
            "Activities wait for each other: " + " -> ".join([*names, names[0]]) + ".",
            subjects=names,
            remedy="Remove one of these relations.",
        )
    if from_finish is None:
        endpoint = 2 * position[tail[slots]] + np.int32(1)
    else:
        endpoint = 2 * position[tail[slots]] + np.asarray(from_finish, np.int32)[slots]
    finish = np.zeros(len(slots), np.int32) if to_finish is None else np.asarray(to_finish, np.int32)[slots]
    return Layout(order, position, pointer, slots, np.ascontiguousarray(endpoint, np.int32), finish)


def find_cycle(predecessor: Index, successor: Index, among: NDArray[np.bool_]) -> list[int]:
    """One cycle among activities left over by the sort, in the direction of the relations."""
    back: dict[int, int] = {}
    inside = among[predecessor] & among[successor]
    for tail, head in zip(predecessor[inside].tolist(), successor[inside].tolist(), strict=True):
        back[head] = tail  # every leftover has a leftover predecessor, so walking back must repeat
    at = next(iter(back))
    seen: dict[int, int] = {}
    walk: list[int] = []
    while at not in seen:
        seen[at] = len(walk)
        walk.append(at)
        at = back[at]
    return walk[seen[at] :][::-1]
