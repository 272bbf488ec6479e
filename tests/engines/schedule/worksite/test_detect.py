"""Conflicts: none missed, none invented, classed as the access kinds say."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings

from hongtu.engines.schedule.worksite import (
    AccessKind,
    ConflictClass,
    Project,
    Scene,
    Space,
    Uses,
    find_clashes,
    find_conflicts,
    find_pairs,
    price,
)
from hongtu.engines.schedule.worksite.detect import all_pairs, classes_of

from .scenes import box, scenes, two_parties


def conflicts(scene: Scene) -> list[tuple[int, int, ConflictClass]]:
    pairs = find_conflicts(scene)
    return list(zip(pairs.first.tolist(), pairs.second.tolist(), classes_of(pairs), strict=True))


def pair(one: Space, other: Space) -> Scene:
    return Scene((Project("A"), Project("B")), (one, other))


@given(scenes(most=30))
@settings(max_examples=150, deadline=None)
def test_the_sweep_finds_exactly_what_the_all_pairs_check_finds(scene: Scene) -> None:
    assert conflicts(scene) == all_pairs(scene)


@pytest.mark.parametrize("span", [5, 4000])
def test_time_slabs_lose_and_double_nothing(span: int) -> None:
    rng = np.random.default_rng(span)
    n = 1500
    x, y = rng.uniform(0, 400, n), rng.uniform(0, 400, n)
    start = rng.integers(0, span, n)
    finish = start + rng.integers(1, 40, n)
    ground = shapely.box(x, y, x + rng.uniform(5, 40, n), y + rng.uniform(5, 40, n))
    access = np.zeros(n, np.int8)
    uses = Uses(ground, start, finish, access, np.arange(n), rng.choice([0.0, 4.0], n))
    found = find_pairs(uses)
    bounds = shapely.bounds(ground)
    expected = set()
    for i in range(n):
        meets = (np.maximum(start, start[i]) < np.minimum(finish, finish[i])) & (np.arange(n) > i)
        wide = np.maximum(bounds[:, :2], bounds[i, :2]) - np.minimum(bounds[:, 2:], bounds[i, 2:])
        overlap = (wide < 0).all(axis=1) & (wide[:, 0] * wide[:, 1] > 0.5)
        asked = np.maximum(uses.clearance, uses.clearance[i])
        near = (asked > 0) & (np.hypot(*np.maximum(wide, 0).T) <= asked)
        expected.update((i, int(j)) for j in np.flatnonzero(meets & (overlap | near)))
    pairs = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == expected


def test_neighbours_that_share_a_border_do_not_clash() -> None:
    assert not conflicts(pair(Space("a", "A", box(0, 0), 0, 5), Space("b", "B", box(10, 0), 0, 5)))


def test_a_window_ending_when_the_other_begins_does_not_clash() -> None:
    assert not conflicts(pair(Space("a", "A", box(0, 0), 0, 5), Space("b", "B", box(0, 0), 5, 9)))


def test_spaces_of_the_same_project_are_its_own_affair() -> None:
    scene = Scene((Project("A"),), (Space("a", "A", box(0, 0), 0, 5), Space("b", "A", box(0, 0), 0, 5)))
    assert not conflicts(scene)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (AccessKind.EXCLUSIVE, AccessKind.EXCLUSIVE, ConflictClass.HARD_CLASH),
        (AccessKind.EXCLUSIVE, AccessKind.PASSAGE, ConflictClass.ROUTE_BLOCKED),
        (AccessKind.SHARED, AccessKind.SHARED, ConflictClass.COORDINATION),
        (AccessKind.EXCLUSIVE, AccessKind.OVERHEAD, ConflictClass.SAFETY_CLEARANCE),
        (AccessKind.PASSAGE, AccessKind.PASSAGE, None),
        (AccessKind.PASSAGE, AccessKind.UNDERGROUND, None),
    ],
)
def test_overlaps_are_classed_by_access(
    one: AccessKind, other: AccessKind, verdict: ConflictClass | None
) -> None:
    scene = pair(Space("a", "A", box(0, 0), 0, 5, access=one), Space("b", "B", box(5, 5), 0, 5, access=other))
    assert [row[2] for row in conflicts(scene)] == ([verdict] if verdict else [])


@pytest.mark.parametrize(("clearance", "count"), [(0, 0), (2.9, 0), (3.0, 1), (8, 1)])
def test_a_clearance_reaches_beyond_the_border(clearance: float, count: int) -> None:
    scene = pair(Space("a", "A", box(0, 0), 0, 5, clearance=clearance), Space("b", "B", box(13, 0), 0, 5))
    assert len(conflicts(scene)) == count


def test_clashes_ignore_time() -> None:
    scene = pair(Space("a", "A", box(0, 0), 0, 5), Space("b", "B", box(0, 0), 50, 90))
    assert len(find_clashes(scene)) == 1


def test_a_conflict_is_priced_by_the_cheaper_wait() -> None:
    scene = two_parties()
    (priced,) = price(scene, find_conflicts(scene))
    assert (priced.overlap_start, priced.overlap_finish) == (5, 10)
    assert (priced.first_waits_days, priced.first_waits_yuan) == (12, 120)
    assert (priced.second_waits_days, priced.second_waits_yuan) == (5, 15)
    assert (priced.price_days, priced.price_yuan) == (5, 15)


def test_float_is_used_up_before_a_wait_costs_anything() -> None:
    scene = two_parties()
    late = Space("end", "B", None, 17, 20)
    scene = Scene(scene.projects, (*scene.spaces, late))
    (priced,) = price(scene, find_conflicts(scene))
    assert priced.second_waits_days == 0
