"""Levelling beside its peers: mean gap to the best-known makespan on hard PSPLIB instances, same time, same
cores.

Hard: best-known above the critical path, odd numbers of J60 and J90. `python bench/levelling.py` takes a
fixed sample at 2 seconds each; `--full` all of them at 10 seconds (about 90 minutes); `--count`,
`--seconds` and `--seed` change the sample. The three solvers take turns on every instance, each with the
same seconds and two workers.

`--keep FILE` writes every answer to a file as it comes; started again with the same file it goes on where it
was broken off, so that the full run can be done in pieces. Answers of other seconds are not mixed in. The
order is drawn once, so that a run broken off by Ctrl-C, which is reported on too, is a fair sample.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from hongtu.engines.schedule.levelling import (  # noqa: E402
    Limits,
    Problem,
    minimise_finish,
    read_psplib,
    violations,
)

DATA = Path(os.environ.get("HONGTU_SHARED", ROOT.parent / "shared")) / "data" / "rcpsp"
WORKERS = 2
Solver = Callable[[Problem, float, int], tuple[dict[str, int] | None, int]]


def hard_instances(table: str, folder: str) -> list[tuple[Path, int]]:
    """(file, best-known) of every instance at hand whose best-known makespan is above the critical path."""
    found = []
    for line in (DATA / table).read_text(encoding="latin-1").splitlines():
        cells = line.split(";")
        path = DATA / folder / f"{folder.upper()}_{cells[0]}.txt"
        if cells[0].isdigit() and len(cells) > 13 and path.exists() and int(cells[7]) > int(cells[13]):
            found.append((path, int(cells[7])))
    return found


def hongtu(problem: Problem, seconds: float, seed: int) -> tuple[dict[str, int] | None, int]:
    """Our search."""
    plan = minimise_finish(problem, Limits(seconds=seconds, workers=WORKERS, seed=seed))
    return plan.starts, plan.lower_bound


def cp_sat(problem: Problem, seconds: float, seed: int) -> tuple[dict[str, int] | None, int]:
    """OR-Tools CP-SAT alone on the textbook model."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    horizon = sum(task.duration for task in problem.tasks)
    starts = {task.id: model.new_int_var(0, horizon, task.id) for task in problem.tasks}
    spans = {t.id: model.new_fixed_size_interval_var(starts[t.id], t.duration, t.id) for t in problem.tasks}
    length = {task.id: task.duration for task in problem.tasks}
    for relation in problem.relations:
        model.add(starts[relation.successor] >= starts[relation.predecessor] + length[relation.predecessor])
    for resource in problem.resources:
        users = [task for task in problem.tasks if task.demands.get(resource.id)]
        model.add_cumulative(
            [spans[t.id] for t in users], [t.demands[resource.id] for t in users], resource.capacity
        )
    makespan = model.new_int_var(0, horizon, "makespan")
    for task in problem.tasks:
        model.add(makespan >= starts[task.id] + task.duration)
    model.minimize(makespan)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = seed
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, 0
    return {name: solver.value(start) for name, start in starts.items()}, round(solver.best_objective_bound)


def pyjobshop(problem: Problem, seconds: float, seed: int) -> tuple[dict[str, int] | None, int]:
    """PyJobShop with its CP-SAT back end."""
    from pyjobshop import Model

    model = Model()
    resources = {r.id: model.add_renewable(capacity=r.capacity) for r in problem.resources}
    tasks = {task.id: model.add_task() for task in problem.tasks}
    for task in problem.tasks:
        demands = [task.demands.get(name, 0) for name in resources]
        model.add_mode(tasks[task.id], list(resources.values()), duration=task.duration, demands=demands)
    for relation in problem.relations:
        model.add_end_before_start(tasks[relation.predecessor], tasks[relation.successor])
    result = model.solve(time_limit=seconds, display=False, num_workers=WORKERS, random_seed=seed)
    if result.best is None or not result.best.tasks:
        return None, 0
    return {t.id: result.best.tasks[k].start for k, t in enumerate(problem.tasks)}, round(result.lower_bound)


SOLVERS: dict[str, Solver] = {"Hongtu": hongtu, "CP-SAT": cp_sat, "PyJobShop": pyjobshop}


def main() -> None:
    """Run the comparison and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="every hard instance at 10 seconds")
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="file of answers: written, and gone on from")
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)
    instances = [*hard_instances("J60_1.csv", "j60"), *hard_instances("J90_3.csv", "j90")]
    if not instances:
        print(f"levelling: no instances under {DATA}; set HONGTU_SHARED")
        return
    seconds = 10.0 if chosen.full else chosen.seconds
    random.Random(20260).shuffle(instances)
    if not chosen.full:
        instances = instances[: chosen.count]
    hongtu(read_psplib(instances[0][0]), 0.2, 1)  # compiles
    results: dict[str, list[Row]] = {name: [] for name in SOLVERS}
    with contextlib.suppress(KeyboardInterrupt):
        compare(instances, seconds, chosen.seed, results, chosen.keep)
    report(results, seconds)


Row = tuple[float, int, float]
"""Gap in percent, 1 if proven, seconds."""


def compare(
    instances: list[tuple[Path, int]],
    seconds: float,
    seed: int,
    results: dict[str, list[Row]],
    keep: Path | None = None,
) -> None:
    """Fills in per solver and instance its row; the solvers take turns, first one rotating.

    What `keep` holds already for these seconds and this seed is not solved again.
    """
    names = list(SOLVERS)
    known = answers_in(keep, seconds, seed)
    for number, (path, best_known) in enumerate(instances):
        problem = read_psplib(path)
        rows: dict[str, Row] = {}
        for name in names[number % 3 :] + names[: number % 3]:
            row = known.get((path.stem, name))
            if row is None:
                row = solve(name, path, problem, best_known, seconds, seed)
                if keep is not None:
                    told = {
                        "instance": path.stem,
                        "solver": name,
                        "seconds": seconds,
                        "seed": seed,
                        "row": row,
                    }
                    with keep.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(told) + "\n")
            rows[name] = row
        for name, row in rows.items():  # only whole rounds count
            results[name].append(row)
        line = ", ".join(f"{name} {rows[name][0]:.2f} %" for name in SOLVERS)
        print(f"{number + 1}/{len(instances)} {path.stem}: {line}", flush=True)


def answers_in(keep: Path | None, seconds: float, seed: int) -> dict[tuple[str, str], Row]:
    """Rows of an earlier run by instance and solver."""
    if keep is None or not keep.exists():
        return {}
    rows = [json.loads(line) for line in keep.read_text(encoding="utf-8").splitlines() if line]
    return {
        (row["instance"], row["solver"]): tuple(row["row"])
        for row in rows
        if row["seconds"] == seconds and row["seed"] == seed
    }


def solve(name: str, path: Path, problem: Problem, best_known: int, seconds: float, seed: int) -> Row:
    """One solver on one instance; its answer checked by the independent verifier."""
    began = time.monotonic()
    starts, bound = SOLVERS[name](problem, seconds, seed)
    took = time.monotonic() - began
    if starts is None:
        return 100.0, 0, took
    broken = violations(problem, starts)
    if broken:
        raise SystemExit(f"{name} on {path.name}: {broken[0]}")
    makespan = max(starts[task.id] + task.duration for task in problem.tasks)
    return 100 * (makespan - best_known) / best_known, int(makespan <= bound), took


def report(results: dict[str, list[Row]], seconds: float) -> None:
    """Mean gap, proofs and time per solver, and the ratio to ours."""
    count = len(results["Hongtu"])
    if not count:
        return
    table = Table(
        "solver", "mean gap", "proven", "mean seconds", "gap / Hongtu's",
        title=f"levelling: {count} hard J60/J90 instances, {seconds:g} s, {WORKERS} workers",
    )  # fmt: skip
    ours = sum(gap for gap, _, _ in results["Hongtu"]) / count
    for name, rows in results.items():
        gap = sum(row[0] for row in rows) / count
        ratio = f"{gap / ours:.2f}" if ours else ("1.00" if gap == 0 else "inf")
        table.add_row(
            name, f"{gap:.3f} %", f"{sum(row[1] for row in rows)}/{count}",
            f"{sum(row[2] for row in rows) / count:.1f}", ratio,
        )  # fmt: skip
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
