"""One cluster, one aim: the best joint schedule within a time limit, with a proven bound."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from .aims import Stage
from .bounds import Rows, rows_bound
from .compact import compact
from .errors import Fault, InfeasibleError
from .formulation import Formulation
from .problem import Problem
from .result import Placement, losses_of, whole

Placements = dict[int, Placement]
_CLASHES_PER_SECOND = 5000  # more cannot even be written down as a model within the time


@dataclass(frozen=True, slots=True)
class Progress:
    """What the search knows so far; sent whenever it improves."""

    stage: str
    objective: float
    bound: float
    seconds: float


@dataclass
class Limits:
    """How long and how hard to search. `should_stop` is polled ten times a second.

    With `reproducible`, the same seed gives the same schedule on any machine whatever its load: the work is
    counted in CP-SAT's deterministic time and one worker is used.
    """

    seconds: float = 10.0
    workers: int = 2
    seed: int = 1
    reproducible: bool = False
    should_stop: Callable[[], bool] | None = None
    on_progress: Callable[[Progress], None] | None = None
    begun: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        return self.begun + self.seconds - time.monotonic()

    def stopped(self) -> bool:
        return self.should_stop is not None and self.should_stop()


@dataclass
class Outcome:
    """Result of the stages of one aim: placements, and the value and bound of the first unproven stage."""

    placements: Placements
    objective: float
    bound: float
    gap: float
    optimal: bool


def run_stages(
    problem: Problem, stages: list[Stage], known: Placements | None, limits: Limits, rows: Rows | None = None
) -> Outcome:
    """Minimises the stages one after the other; a later one may not worsen an earlier.

    `rows` are known least losses of sets of projects, which strengthen the search.

    Raises InfeasibleError when it is proven that no joint schedule exists, or when none was found in time.
    """
    outcome: Outcome | None = None
    kept: list[tuple[Stage, int]] = []
    for number, stage in enumerate(stages):
        share = limits.left() / (len(stages) - number)
        placements, bound = _minimise(problem, stage, kept, known, share, limits, rows or {})
        losses = losses_of(problem.scene, problem.projects, placements, problem.options)
        value = stage.measure(losses)
        proven = bound >= value - 1e-6
        gap = 0.0 if proven else (value - bound) / max(abs(value), 1)
        if outcome is None:
            outcome = Outcome(placements, value, bound, gap, proven)
        else:
            outcome.placements = placements
            if outcome.optimal and not proven:
                outcome.gap = gap
            outcome.optimal &= proven
        kept.append((stage, value))
        known = placements
    assert outcome is not None
    outcome.placements = compact(problem, outcome.placements)
    return outcome


def most_delay(problem: Problem, known: Placements | None, stages: list[Stage]) -> dict[int, int]:
    """Upper bounds of the projects' delays that a known schedule's cost allows."""
    horizon = {
        number: problem.horizon - problem.scene.planned_finish[problem.scene.projects[number].id]
        for number in problem.projects
    }
    if known is None:
        return horizon
    losses = losses_of(problem.scene, problem.projects, known, problem.options)
    values = {stage.name: stage.measure(losses) for stage in stages}
    for number in problem.projects:
        rate = whole(problem.scene.projects[number].delay_cost_per_day)
        if rate and "yuan" in values:
            horizon[number] = min(horizon[number], values["yuan"] // rate)
        if rate and "relative_hundredths" in values:
            horizon[number] = min(horizon[number], values["relative_hundredths"] // 100 + 1)
    return horizon


def _minimise(
    problem: Problem,
    stage: Stage,
    kept: list[tuple[Stage, int]],
    known: Placements | None,
    seconds: float,
    limits: Limits,
    rows: Rows,
) -> tuple[Placements, float]:
    """The best placements found for one stage and the proven bound of its goal."""
    least = float(rows_bound(problem.projects, rows)) if stage.name == "yuan" else 0.0
    if known is not None:
        value = stage.measure(losses_of(problem.scene, problem.projects, known, problem.options))
        too_large = len(problem.clashes) > _CLASHES_PER_SECOND * seconds
        if seconds <= 0.01 or limits.stopped() or value <= least or too_large:
            return known, least
    delays = most_delay(problem, known, [stage, *(earlier for earlier, _ in kept)])
    windows = problem.windows(delays)
    form = Formulation(problem, windows, delays)
    for earlier, value in kept:
        form.model.add(earlier.goal(form) <= value)
    form.add_rows(rows)
    goal = stage.goal(form)
    form.model.minimize(goal)
    if known is not None:
        form.hint(known)
    solver = cp_model.CpSolver()
    _set_parameters(solver, max(seconds, 0.1), limits, large=len(rows) > 1)
    status = _run(solver, form.model, stage.name, limits)
    if status == cp_model.INFEASIBLE:
        raise InfeasibleError([_no_schedule(problem)])
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        if known is None:
            raise InfeasibleError([_no_time(seconds)])
        return known, max(least, solver.best_objective_bound)
    return form.read(solver.value), max(least, solver.best_objective_bound)


def _set_parameters(solver: cp_model.CpSolver, seconds: float, limits: Limits, *, large: bool) -> None:
    parameters = solver.parameters
    parameters.random_seed = limits.seed
    parameters.linearization_level = 1 if large else 2
    if limits.reproducible:
        parameters.num_workers = 1
        parameters.max_deterministic_time = seconds
        return
    parameters.max_time_in_seconds = seconds
    parameters.num_workers = limits.workers
    if large and limits.workers > 1:
        # The annealed start is close to the best: two searches that prove, and one for neighbourhoods.
        parameters.num_workers = limits.workers + 1
        parameters.subsolvers.extend(["default_lp", "lb_tree_search"])


def _run(solver: cp_model.CpSolver, model: cp_model.CpModel, name: str, limits: Limits) -> int:
    """Solves while a watcher polls `should_stop`."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            if limits.stopped():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    if limits.should_stop is not None:
        watcher.start()
    try:
        callback = _Reporter(name, limits) if limits.on_progress is not None else None
        return int(solver.solve(model, callback))
    finally:
        done.set()
        if watcher.is_alive():
            watcher.join()


class _Reporter(cp_model.CpSolverSolutionCallback):
    """Passes every better solution on."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__()
        self._name, self._limits = name, limits

    def on_solution_callback(self) -> None:
        assert self._limits.on_progress is not None
        elapsed = time.monotonic() - self._limits.begun
        self._limits.on_progress(
            Progress(self._name, self.objective_value, self.best_objective_bound, elapsed)
        )


def _no_schedule(problem: Problem) -> Fault:
    names = ", ".join(problem.scene.projects[number].id for number in problem.projects)
    return Fault(
        "NO_JOINT_SCHEDULE",
        f"no order of the uses of {names} respects all windows, links and fixed uses",
        "unfix a space, lift a latest_finish, or give one of them a move (shorten, relocate, retreat, split)",
    )


def _no_time(seconds: float) -> Fault:
    return Fault(
        "NO_SCHEDULE_IN_TIME",
        f"no joint schedule was found in {seconds:.1f} s, and none was ruled out",
        "give more seconds, or allow more moves",
    )
