"""The problem as a CP-SAT model: proofs, bounds, and neighbourhoods too large for the genetic search.

Neighbourhoods keep the partial order of the incumbent among the tasks not chosen (Godard, Laborie and
Nuijten 2005, "Randomized large neighborhood search for cumulative scheduling").
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from ortools.sat.python import cp_model

from .encode import FAR, Encoded, Ints


@dataclass
class FinishModel:
    """A model that looks for a plan with makespan <= `limit`."""

    model: cp_model.CpModel
    starts: list[cp_model.IntVar]
    makespan: cp_model.IntVar


def finish_model(encoded: Encoded, limit: int, lower_bound: int) -> FinishModel | None:
    """The whole problem with makespan in lower_bound..limit; None where a task's window is empty then."""
    net = encoded.arrays
    model = cp_model.CpModel()
    starts, intervals = [], []
    for k, task in enumerate(encoded.problem.tasks):
        low = int(net.release[k])
        high = limit - int(net.tail[k])
        if net.deadline[k] < FAR:
            high = min(high, int(net.deadline[k]) - task.duration)
        if high < low:
            return None
        start = model.new_int_var(low, high, "")
        starts.append(start)
        intervals.append(model.new_fixed_size_interval_var(start, task.duration, ""))
    makespan = model.new_int_var(lower_bound, limit, "")
    for a, b, lag in encoded.arcs:
        model.add(starts[b] >= starts[a] + lag)
    for k, task in enumerate(encoded.problem.tasks):
        if net.tail[k] == task.duration:
            model.add(makespan >= starts[k] + task.duration)
    add_capacities(model, encoded, intervals, limit)
    add_budgets(model, encoded, starts, limit)
    return FinishModel(model, starts, makespan)


def add_capacities(
    model: cp_model.CpModel, encoded: Encoded, intervals: list[cp_model.IntervalVar], limit: int
) -> None:
    """One cumulative per resource; where the capacity changes, fixed intervals take what is not there."""
    for number, resource in enumerate(encoded.problem.resources):
        demands = encoded.usage[:, number]
        busy = [k for k in range(len(demands)) if demands[k]]
        if not busy:
            continue
        parts = [intervals[k] for k in busy]
        amounts = [int(demands[k]) for k in busy]
        edges = [0, *(time for time, _ in resource.changes if time < limit), limit]
        for low, high in pairwise(edges):
            absent = resource.largest - resource.capacity_at(low)
            if absent and high > low:
                parts.append(model.new_fixed_size_interval_var(low, high - low, ""))
                amounts.append(absent)
        model.add_cumulative(parts, amounts, resource.largest)


def add_budgets(model: cp_model.CpModel, encoded: Encoded, starts: list[cp_model.IntVar], limit: int) -> None:
    """Use of each budget in each period within its amount, by the overlap of task and period."""
    for budget in encoded.problem.budgets:
        spenders = [
            (k, task)
            for k, task in enumerate(encoded.problem.tasks)
            if task.demands.get(budget.id) and task.duration
        ]
        for number, amount in enumerate(budget.amounts):
            low, high = budget.boundaries[number], budget.boundaries[number + 1]
            if low >= limit:
                break
            terms = []
            for k, task in spenders:
                first = model.new_int_var(0, max(limit, high), "")
                last = model.new_int_var(0, max(limit, high), "")
                overlap = model.new_int_var(0, min(task.duration, high - low), "")
                model.add_max_equality(first, [starts[k], low])
                model.add_min_equality(last, [starts[k] + task.duration, high])
                model.add(overlap >= last - first)
                terms.append(task.demands[budget.id] * overlap)
            model.add(sum(terms) <= amount)


class Stopper:
    """Passes an outside stop event on to running solvers."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.running: set[cp_model.CpSolver] = set()
        self.lock = threading.Lock()

    def solve(
        self,
        solver: cp_model.CpSolver,
        model: cp_model.CpModel,
        callback: cp_model.CpSolverSolutionCallback | None,
    ) -> cp_model.CpSolverStatus:
        """Solve unless stopped before; `halt` ends it early."""
        with self.lock:
            if self.stop.is_set():
                return cp_model.UNKNOWN
            self.running.add(solver)
        try:
            return solver.solve(model, callback) if callback else solver.solve(model)
        finally:
            with self.lock:
                self.running.discard(solver)

    def halt(self) -> None:
        """Set the stop event and end every running solver."""
        self.stop.set()
        with self.lock:
            for solver in self.running:
                solver.stop_search()


class _Reports(cp_model.CpSolverSolutionCallback):
    def __init__(self, starts: list[cp_model.IntVar], found: Callable[[list[int]], None]) -> None:
        super().__init__()
        self.starts = starts
        self.found = found

    def on_solution_callback(self) -> None:
        self.found([self.value(start) for start in self.starts])


def prove_finish(
    encoded: Encoded,
    incumbent: int,
    lower_bound: int,
    *,
    stopper: Stopper,
    seconds: float,
    deterministic: float | None,
    seed: int,
    found: Callable[[list[int]], None],
    bound: Callable[[int], None],
) -> None:
    """Search below the incumbent on one thread; reports better plans to `found` and better bounds to `bound`.

    `deterministic` limits the solver in its own units instead of seconds, so that a run can be repeated.
    """
    built = finish_model(encoded, incumbent - 1, lower_bound)
    if built is None:
        bound(incumbent)
        return
    built.model.minimize(built.makespan)
    solver = new_solver(seed, seconds, deterministic)
    solver.best_bound_callback = lambda value: bound(min(incumbent, round(value)))
    status = stopper.solve(solver, built.model, _Reports(built.starts, found))
    if status == cp_model.INFEASIBLE:
        bound(incumbent)
    elif status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        bound(round(solver.best_objective_bound))


def new_solver(seed: int, seconds: float, deterministic: float | None, workers: int = 1) -> cp_model.CpSolver:
    """A solver with the given limits; one worker unless told."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed % (1 << 31)
    if deterministic is not None:
        solver.parameters.max_deterministic_time = deterministic
    else:
        solver.parameters.max_time_in_seconds = max(0.01, seconds)
    return solver


def neighbourhood(
    encoded: Encoded,
    starts: Ints,
    chosen: Iterable[int],
    limit: int,
    lower_bound: int,
    *,
    stopper: Stopper,
    deterministic: float,
    seconds: float,
    seed: int,
) -> list[int] | None:
    """A plan with makespan <= `limit` in which tasks not `chosen` keep their partial order; None if none
    found."""
    built = finish_model(encoded, limit, lower_bound)
    if built is None:
        return None
    free = set(chosen)
    tasks = encoded.problem.tasks
    kept = sorted(
        (k for k in range(len(tasks)) if k not in free and tasks[k].duration), key=lambda k: starts[k]
    )
    for j in kept:
        for i in kept:
            finish = starts[i] + tasks[i].duration
            if finish > starts[j] or not (encoded.usage[i] * encoded.usage[j]).any():
                continue
            if starts[j] - finish <= 8:
                built.model.add(built.starts[j] >= built.starts[i] + tasks[i].duration)
    for k, start in enumerate(built.starts):
        built.model.add_hint(start, int(starts[k]))
    solver = new_solver(seed, seconds, None)
    solver.parameters.max_deterministic_time = deterministic
    status = stopper.solve(solver, built.model, None)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [solver.value(start) for start in built.starts]
    return None
