"""Prices and the integer programme by days: never above the optimum, never closing a start that it needs."""

from __future__ import annotations

import shapely
from hypothesis import HealthCheck, given, settings

from hongtu.engines.schedule.worksite import Aim, InfeasibleError, Limits, Project, Scene, Space, plan, verify
from hongtu.engines.schedule.worksite.aims import total_cost
from hongtu.engines.schedule.worksite.day_rows import day_rows
from hongtu.engines.schedule.worksite.greedy import search
from hongtu.engines.schedule.worksite.joint import Cluster
from hongtu.engines.schedule.worksite.prices import Prices
from hongtu.engines.schedule.worksite.result import JointSchedule, losses_of
from hongtu.engines.schedule.worksite.solve import most_delay
from hongtu.engines.schedule.worksite.strengthen import strengthen
from hongtu.engines.schedule.worksite.time_indexed import TimeIndexed

from .scenes import scenes

LIMITS = Limits(seconds=20, workers=1)


def solved(scene: Scene) -> list[tuple[Cluster, JointSchedule]]:
    """Clusters with their least-cost schedules, as CP-SAT proved them."""
    try:
        answer = plan(scene, Limits(seconds=20, workers=1), aims=(Aim.LEAST_COST,))
    except InfeasibleError:
        return []
    return [(c, c.alternatives[0]) for c in answer.clusters if c.alternatives and c.alternatives[0].optimal]


@given(scenes(most=8, place=20, chains=True))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_bound_and_open_starts_enclose_the_optimum(scene: Scene) -> None:
    for cluster, best in solved(scene):
        problem = cluster.problem
        delays = most_delay(problem, best.placements, [total_cost()])
        data = day_rows(problem, problem.windows(delays))
        assert data is not None
        prices = Prices(data)
        assert prices.raise_bound(best.total_yuan, seconds=5, steps=120) <= best.total_yuan + 1e-3
        still = prices.open_starts(best.total_yuan)
        for position, index in enumerate(data.tasks):
            assert still[position, best.placements[index].start - data.origin]
        programme = TimeIndexed.of(problem, data, still)
        assert programme is not None
        found = programme.solve(10.0, lambda: False)
        assert found is not None and found.bound <= best.total_yuan


@given(scenes(most=10, place=20))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_plain_uses_are_proven_from_any_first_schedule(scene: Scene) -> None:
    for cluster, best in solved(scene):
        problem = cluster.problem
        known = search(problem, total_cost().measure, seconds=1, seed=1, rounds=1)
        assert known is not None
        placements, bound, tried = strengthen(problem, known, 20.0, LIMITS)
        losses = losses_of(problem.scene, problem.projects, placements, problem.options)
        assert bound == best.total_yuan == sum(loss.yuan for loss in losses)
        assert tried or bound == best.total_yuan


def test_a_dense_cluster_of_many_uses_is_proven() -> None:
    """Nearly every party wants ground that several others want at the same time."""
    parties = 18
    spaces = []
    for k in range(parties):
        x, y = 40 * (k % 6), 40 * (k // 6)
        start = (7 * k) % 11
        ground = shapely.box(x, y, x + 60, y + 55)
        spaces.append(Space(f"s{k}", f"P{k}", ground, start, start + 4 + (5 * k) % 9))
    rates = tuple(Project(f"P{k}", delay_cost_per_day=1000 * (3 + (11 * k) % 17)) for k in range(parties))
    scene = Scene(rates, tuple(spaces))
    (cluster,) = plan(scene, Limits(seconds=30, workers=2), aims=(Aim.LEAST_COST,)).clusters
    schedule = cluster.alternatives[0]
    assert len(cluster.projects) >= 16
    assert schedule.optimal and schedule.gap == 0.0
    assert verify(cluster.problem, schedule) == []
