"""Work faces: the conflict sweep against the all-pairs check, joint schedules against a plain CP-SAT model.

    python bench/worksites.py [--full]

Every line prints a ratio against the peer in the same run. The all-pairs check is timed on a part of the
spaces and, where named so, scaled up by the number of pairs.
"""

from __future__ import annotations

import argparse
import random
import time

import numpy as np
import shapely
from ortools.sat.python import cp_model

from hongtu.engines.schedule.worksite import Aim, Limits, Link, Project, Scene, Space, Uses, plan, verify
from hongtu.engines.schedule.worksite.detect import all_pairs, find_clashes, find_conflicts, find_pairs


def crowd_of_uses(count: int, seed: int = 1) -> Uses:
    """Uses of 10 to 80 m over a district of 30 by 20 km and two and a half years; one in four turned."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 30_000, count), rng.uniform(0, 20_000, count)
    width, height = rng.uniform(10, 80, count), rng.uniform(10, 80, count)
    ground = shapely.box(x, y, x + width, y + height)
    turned = rng.random(count) < 0.25
    ground[turned] = shapely.buffer(shapely.points(x[turned], y[turned]), width[turned] / 2, quad_segs=4)
    start = rng.integers(0, 900, count)
    return Uses(
        ground=ground,
        start=start,
        finish=start + rng.integers(5, 90, count),
        access=rng.integers(0, 5, count).astype(np.int8),
        group=rng.integers(0, max(2, count // 20), count),
        clearance=rng.choice([0.0, 0.0, 3.0, 10.0], count),
    )


def random_scene(projects: int, clashes: int, steps: int, seed: int, *, planned: bool) -> Scene:
    """Chains of `steps` uses on a square shrunk until `clashes` pairs clash (as planned, or whenever)."""

    def scene(side: float) -> Scene:
        rng = random.Random(seed)
        spaces = []
        for p in range(projects):
            x, y, day = rng.uniform(0, side), rng.uniform(0, side), rng.randint(0, 120)
            for k in range(steps):
                days = rng.randint(10, 60)
                left, low = x + rng.uniform(-60, 60) * (steps > 1), y + rng.uniform(-60, 60) * (steps > 1)
                ground = shapely.box(left, low, left + rng.uniform(30, 150), low + rng.uniform(30, 150))
                links = (Link(f"{p}.{k - 1}"),) if k else ()
                spaces.append(Space(f"{p}.{k}", f"{p}", ground, day, day + days, links=links))
                day += days + rng.randint(0, 10)
        rates = random.Random(seed + 1)
        parties = tuple(
            Project(f"{p}", delay_cost_per_day=rates.randint(5, 80) * 1000) for p in range(projects)
        )
        return Scene(parties, tuple(spaces))

    low, high = 50.0, 40_000.0
    count = find_conflicts if planned else find_clashes
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if len(count(scene(middle))) > clashes else (low, middle)
    return scene(high)


def plain_model(scene: Scene, seconds: float) -> tuple[float, float, bool, float]:
    """What one writes first: an order for every clash, one wide horizon, all projects at once."""
    model = cp_model.CpModel()
    horizon = max(s.finish for s in scene.spaces) + sum(s.days for s in scene.spaces)
    start = [model.new_int_var(s.start, horizon, "") for s in scene.spaces]
    clashes = find_clashes(scene)
    for a, b in zip(clashes.first.tolist(), clashes.second.tolist(), strict=True):
        first = model.new_bool_var("")
        model.add(start[b] >= start[a] + scene.spaces[a].days).only_enforce_if(first)
        model.add(start[a] >= start[b] + scene.spaces[b].days).only_enforce_if(~first)
    cost = []
    for project in scene.projects:
        delay = model.new_int_var(0, horizon, "")
        for k, space in enumerate(scene.spaces):
            if space.project == project.id:
                model.add(delay >= start[k] + space.days - scene.planned_finish[project.id])
        cost.append(int(project.delay_cost_per_day) * delay)
    for k, space in enumerate(scene.spaces):
        for link in space.links:
            before = scene.space_index[link.predecessor]
            model.add(start[k] >= start[before] + scene.spaces[before].days)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return float("inf"), 0.0, False, solver.wall_time
    return solver.objective_value, solver.best_objective_bound, status == cp_model.OPTIMAL, solver.wall_time


def bench_sweep(full: bool) -> None:
    part = 4000 if full else 2000
    small = crowd_of_uses(part)
    small = Uses(
        shapely.transform(small.ground, lambda xy: xy * [0.05, 0.05]),  # closer together, so that they meet
        small.start,
        small.finish,
        small.access,
        small.group,
        small.clearance,
    )
    from hongtu.engines.schedule.worksite.access import ACCESS_ORDER

    projects = tuple(Project(str(g)) for g in range(int(small.group.max()) + 1))
    spaces = tuple(
        Space(
            str(k),
            str(small.group[k]),
            small.ground[k],
            int(small.start[k]),
            int(small.finish[k]),
            access=ACCESS_ORDER[small.access[k]],
            clearance=float(small.clearance[k]),
        )
        for k in range(part)
    )
    scene = Scene(projects, spaces)
    begun = time.perf_counter()
    expected = all_pairs(scene)
    slow = time.perf_counter() - begun
    begun = time.perf_counter()
    found = find_pairs(small)
    fast = time.perf_counter() - begun
    same = [(a, b) for a, b, _ in expected] == list(
        zip(found.first.tolist(), found.second.tolist(), strict=True)
    )
    print(f"sweep, {part:,} spaces: {len(found):,} conflicts, the same as all pairs: {same}")
    print(f"  sweep {fast:.3f} s, all pairs {slow:.2f} s, ratio {slow / fast:,.0f}")
    large = crowd_of_uses(100_000)
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        found = find_pairs(large)
        times.append(time.perf_counter() - begun)
    scaled = slow * (100_000 / part) ** 2
    print(f"sweep, 100,000 spaces: {len(found):,} conflicts in {min(times):.3f} s (goal 1 s)")
    print(f"  all pairs, scaled: {scaled:,.0f} s, ratio {scaled / min(times):,.0f}")


def bench_joint(full: bool) -> None:
    cases = [(120, 234, 5, False, 10.0), (120, 234, 1, False, 10.0)]
    if full:
        cases += [(120, 234, 5, True, 10.0), (241, 448, 5, False, 60.0), (241, 448, 5, True, 60.0)]
        cases += [(241, 448, 1, False, 60.0)]
    for projects, clashes, steps, planned, seconds in cases:
        scene = random_scene(projects, clashes, steps, 1, planned=planned)
        kind = "clashing as planned" if planned else "clashing pairs"
        print(f"joint, {projects} projects of {steps} uses, {clashes} {kind}, {seconds:.0f} s:")
        begun = time.perf_counter()
        answer = plan(scene, Limits(seconds=seconds), aims=(Aim.LEAST_COST,))
        elapsed = time.perf_counter() - begun
        schedules = [(c.problem, s) for c in answer.clusters for s in c.alternatives]
        total = sum(schedule.total_yuan for _, schedule in schedules)
        bound = sum(schedule.bound for _, schedule in schedules)
        wrong = sum(len(verify(problem, schedule)) for problem, schedule in schedules)
        proven = all(schedule.optimal for _, schedule in schedules)
        largest = max(len(cluster.projects) for cluster in answer.clusters)
        gap = (total - bound) / max(total, 1)
        print(
            f"  hongtu {total:,} yuan, bound {bound:,.0f}, gap {gap:.2%}, optimal {proven}, {elapsed:.1f} s,"
        )
        print(f"    {len(answer.clusters)} clusters (largest {largest}), violations {wrong}")
        value, plain_bound, plain_proven, plain_time = plain_model(scene, seconds)
        print(
            f"  plain CP-SAT {value:,.0f} yuan, bound {plain_bound:,.0f}, gap "
            f"{(value - plain_bound) / max(value, 1):.2%}, optimal {plain_proven}, {plain_time:.1f} s"
        )
        print(f"  ratio of cost {value / max(total, 1):.3f}, of time {plain_time / elapsed:.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="all sizes (some minutes)")
    full = parser.parse_args().full
    bench_sweep(full)
    bench_joint(full)
