"""Conflicts of spaces in place and time.

The sweep lays time slabs side by side on the plane and asks one STRtree for all overlapping boxes, so that
neither a crowded place over years nor a crowded day over the district gives many useless candidates. Only the
pairs that overlap in time, belong to different projects and may not be together are compared exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import shapely
from numpy.typing import NDArray

from .access import (
    ACCESS_ORDER,
    CLASS_ORDER,
    COMPATIBLE,
    NEAR_MATRIX,
    OVERLAP_MATRIX,
    ConflictClass,
    classify,
)
from .model import Scene

Ints = NDArray[np.int64]
_SLAB_COPIES = 3.0  # a space may be entered this many times on average: more costs more than it saves
_THREAD_FROM = 20_000  # pairs from which a second thread pays


@dataclass(frozen=True, slots=True)
class Pairs:
    """Conflicting pairs as arrays: indexes `first < second`, and `verdict` into `access.CLASS_ORDER`."""

    first: Ints
    second: Ints
    verdict: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Uses:
    """Uses of ground as arrays of equal length n.

    `ground`: polygons in metres (None: no ground). `start`, `finish`: day indexes, half open.
    `access`: index into `ACCESS_ORDER`. `group`: pairs of the same group never conflict. `clearance`: metres.
    """

    ground: NDArray[np.object_]
    start: Ints
    finish: Ints
    access: NDArray[np.int8]
    group: Ints
    clearance: NDArray[np.float64]

    @classmethod
    def of(cls, scene: Scene) -> Uses:
        spaces = scene.spaces
        position = {kind: index for index, kind in enumerate(ACCESS_ORDER)}
        ground = np.empty(len(spaces), dtype=object)
        ground[:] = [space.footprint for space in spaces]
        project = scene.project_index
        return cls(
            ground=ground,
            start=np.array([space.start for space in spaces], dtype=np.int64),
            finish=np.array([space.finish for space in spaces], dtype=np.int64),
            access=np.array([position[s.access] for s in spaces], dtype=np.int8),  # type: ignore[index]
            group=np.array([project[space.project] for space in spaces], dtype=np.int64),
            clearance=np.array([space.clearance for space in spaces], dtype=np.float64),
        )


def find_pairs(uses: Uses, *, tolerance: float = 0.5, ignore_time: bool = False) -> Pairs:
    """All conflicting pairs, sorted. With `ignore_time`, pairs that would conflict if they met in time."""
    first, second = _candidates(uses, ignore_time)
    keep = uses.group[first] != uses.group[second]
    if not ignore_time:
        keep &= np.maximum(uses.start[first], uses.start[second]) < np.minimum(
            uses.finish[first], uses.finish[second]
        )
    overlap_verdict = OVERLAP_MATRIX[uses.access[first], uses.access[second]]
    near_verdict = NEAR_MATRIX[uses.access[first], uses.access[second]]
    keep &= (overlap_verdict != COMPATIBLE) | (near_verdict != COMPATIBLE)
    first, second = first[keep], second[keep]
    overlap_verdict, near_verdict = overlap_verdict[keep], near_verdict[keep]

    overlapping = _in_threads(
        lambda part: _overlap(uses.ground, first[part], second[part], tolerance), len(first)
    )
    verdict = np.where(overlapping, overlap_verdict, COMPATIBLE).astype(np.int8)
    asked = np.maximum(uses.clearance[first], uses.clearance[second])
    look = np.flatnonzero((verdict == COMPATIBLE) & (near_verdict != COMPATIBLE) & (asked > 0))
    near = _in_threads(lambda part: _near(uses.ground, first, second, asked, look[part]), len(look))
    verdict[look] = np.where(near, near_verdict[look], COMPATIBLE)

    found = np.flatnonzero(verdict != COMPATIBLE)
    order = np.lexsort((second[found], first[found]))
    return Pairs(first[found][order], second[found][order], verdict[found][order])


def _overlap(ground: NDArray[np.object_], first: Ints, second: Ints, tolerance: float) -> NDArray[np.bool_]:
    one, other = ground[first], ground[second]
    meets = shapely.intersects(one, other)
    meets[meets] = shapely.area(shapely.intersection(one[meets], other[meets])) > tolerance
    return meets


def _near(
    ground: NDArray[np.object_], first: Ints, second: Ints, asked: NDArray[np.float64], look: Ints
) -> NDArray[np.bool_]:
    return shapely.dwithin(ground[first[look]], ground[second[look]], asked[look])


def _in_threads(work: Callable[[Ints], NDArray[np.bool_]], count: int) -> NDArray[np.bool_]:
    """Runs `work` on the index range in two threads (GEOS releases the interpreter lock)."""
    everything = np.arange(count)
    if count < _THREAD_FROM:
        return work(everything)
    with ThreadPoolExecutor(2) as pool:
        return np.concatenate(list(pool.map(work, np.array_split(everything, 8))))


def _candidates(uses: Uses, ignore_time: bool) -> tuple[Ints, Ints]:
    """Pairs (first < second) whose boxes, grown by half the clearance asked, meet in place and time."""
    present = np.flatnonzero(~(shapely.is_missing(uses.ground) | shapely.is_empty(uses.ground)))
    if len(present) < 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    bounds = shapely.bounds(uses.ground[present])
    middle = bounds[:, :2].min(axis=0)
    bounds -= np.tile(middle, 2)
    # Each box grows by its own whole clearance; for the pair that is never less than the larger of the two.
    grow = uses.clearance[present]
    low, high = bounds[:, :2] - grow[:, None], bounds[:, 2:] + grow[:, None]
    start, finish = uses.start[present], uses.finish[present]
    row, slab, length = _slabs(start, finish, ignore_time)
    stride = 2 * float((high[:, 0] - low[:, 0]).max()) + float(high[:, 0].max() - low[:, 0].min()) + 1.0
    shift = (slab - slab.min()) * stride
    boxes = shapely.box(low[row, 0] + shift, low[row, 1], high[row, 0] + shift, high[row, 1])
    one, other = shapely.STRtree(boxes).query(boxes)
    keep = one < other
    one, other = one[keep], other[keep]
    if length is not None:  # a pair that shares several slabs is taken in the slab where it first meets
        meets = np.maximum(start[row[one]], start[row[other]]) // length
        keep = meets == slab[one]
        one, other = one[keep], other[keep]
    a, b = present[row[one]], present[row[other]]
    return np.minimum(a, b), np.maximum(a, b)


def _slabs(start: Ints, finish: Ints, ignore_time: bool) -> tuple[Ints, Ints, int | None]:
    """Copies of the spaces by time slab: row of the space, number of the slab, length of a slab in days."""
    count = len(start)
    duration = finish - start
    span = int(finish.max() - start.min())
    length = max(1, int(np.ceil(duration.mean() / (_SLAB_COPIES - 2))))
    if ignore_time or span <= 2 * length or count < 1000:
        return np.arange(count), np.zeros(count, dtype=np.int64), None
    first, last = start // length, (finish - 1) // length
    copies = last - first + 1
    row = np.repeat(np.arange(count), copies)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(copies) - copies, copies)
    return row, first[row] + offset, length


def find_conflicts(scene: Scene) -> Pairs:
    """Conflicts of the scene as planned: indexes into `scene.spaces`."""
    return find_pairs(Uses.of(scene), tolerance=scene.overlap_tolerance)


def find_clashes(scene: Scene) -> Pairs:
    """Pairs of the scene that would conflict if they met in time, whatever their windows."""
    return find_pairs(Uses.of(scene), tolerance=scene.overlap_tolerance, ignore_time=True)


def all_pairs(scene: Scene) -> list[tuple[int, int, ConflictClass]]:
    """The plain check of every pair with every other: the reference that the sweep is measured against."""
    found = []
    for i, j in combinations(range(len(scene.spaces)), 2):
        one, other = scene.spaces[i], scene.spaces[j]
        if one.project == other.project or one.footprint is None or other.footprint is None:
            continue
        if max(one.start, other.start) >= min(one.finish, other.finish):
            continue
        assert one.access is not None and other.access is not None
        overlapping = one.footprint.intersection(other.footprint).area > scene.overlap_tolerance
        verdict = classify(one.access, other.access, overlapping=True) if overlapping else None
        asked = max(one.clearance, other.clearance)
        if verdict is None and asked > 0 and one.footprint.distance(other.footprint) <= asked:
            verdict = classify(one.access, other.access, overlapping=False)
        if verdict is not None:
            found.append((i, j, verdict))
    return found


def classes_of(pairs: Pairs) -> list[ConflictClass]:
    """The classes of pairs, in order."""
    return [CLASS_ORDER[index] for index in pairs.verdict]
