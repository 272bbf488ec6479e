"""Hold the date and level the use: small squared use or small peaks with every task done by a given
finish."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
from ortools.sat.python import cp_model

from .bounds import overloaded
from .cpsat import Stopper, finish_model, new_solver
from .encode import Encoded, Ints, encode
from .errors import LevellingError
from .explain import explain
from .finish import Limits
from .plan import Objective, Plan, Progress
from .problem import Problem
from .smoothing import anneal, measure
from .verify import violations

MOVES = 200_000
TANGENTS = 60
TIME_INDEXED_AT_MOST = 20_000


def level_use(
    problem: Problem,
    finish: int | None = None,
    objective: Objective = Objective.SQUARED_USE,
    limits: Limits | None = None,
    *,
    stop: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """The plan done by `finish` (default: the critical path's) with the most even use found within the
    limits.

    Capacities are kept where that is possible by `finish`; where not, `feasible` is False and `violations`
    lists when there is too little. `limits.schedules` counts annealing moves in rounds of 200,000. Raises
    `LevellingError` ("levelling.finish") when the relations alone need longer than `finish`.
    """
    if objective is Objective.FINISH:
        raise ValueError("level_use holds the finish; use minimise_finish for the least finish")
    encoded = encode(problem)
    need = int((encoded.arrays.release + encoded.arrays.tail).max())
    finish = need if finish is None else finish
    if finish < need:
        raise LevellingError(
            "levelling.finish", f"The relations and dates need {need} time units; {finish} cannot be held."
        )
    return _Smoothing(
        encoded, finish, objective, limits or Limits(), stop or threading.Event(), on_progress
    ).run()


class _Smoothing:
    def __init__(
        self,
        encoded: Encoded,
        finish: int,
        objective: Objective,
        limits: Limits,
        stop: threading.Event,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self.encoded, self.finish, self.objective = encoded, finish, objective
        self.limits, self.stop, self.on_progress = limits, stop, on_progress
        self.weight: Ints = np.array([r.weight for r in encoded.problem.resources], dtype=np.int64)
        horizon = max(finish, encoded.limits.shape[1])
        self.capacity: Ints = np.pad(
            encoded.limits, ((0, 0), (0, horizon - encoded.limits.shape[1])), mode="edge"
        )
        self.best: Ints = encoded.arrays.release.copy()
        self._anneal(self.best.copy(), 0, 0.0, np.ones(1, dtype=np.int64))  # compiles
        self.score(self.best)
        self.began = time.monotonic()
        self.moves = 0
        self.lower = self._first_bound()

    @property
    def by_peak(self) -> bool:
        return self.objective is Objective.PEAK

    def score(self, starts: Ints) -> tuple[int, int]:
        """(units above capacity, objective): less is better."""
        squares, peaks, over = measure(
            self.encoded.arrays, self.encoded.usage, self.capacity, self.weight, starts, self.finish
        )
        return over, peaks if self.by_peak else squares

    def run(self) -> Plan:
        random = np.array([self.limits.seed * 0x9E3779B9 + 1], dtype=np.int64)
        heats = [0.5, 0.2, 0.05, 2.0] if self.by_peak else self._heats()
        number = 0
        while not self._over(0.5):
            trial = self.best.copy()
            self._anneal(trial, MOVES, heats[number % len(heats)], random)
            number += 1
            self.moves += MOVES
            if self.score(trial) < self.score(self.best):
                self.best = trial
            self._report("search")
        if not self._over(1.0, proof=True):
            self._prove()
        return self._plan()

    def _anneal(self, starts: Ints, moves: int, heat: float, random: Ints) -> None:
        anneal(
            self.encoded.arrays,
            self.encoded.usage,
            self.capacity,
            self.weight,
            starts,
            self.finish,
            moves,
            self.by_peak,
            heat,
            random,
        )

    def _heats(self) -> list[float]:
        typical = float((self.encoded.usage**2 * self.weight).sum(axis=1).mean()) + 1.0
        return [2 * typical, 8 * typical, typical / 2, 0.0]

    def _over(self, share: float, proof: bool = False) -> bool:
        if self.stop.is_set() or (self.moves and self.score(self.best) <= (0, self.lower)):
            return True
        if self.limits.seconds is not None and time.monotonic() - self.began >= share * self.limits.seconds:
            return True
        return not proof and self.limits.schedules is not None and self.moves >= self.limits.schedules

    def _report(self, stage: str) -> None:
        if self.on_progress is not None:
            value = self.score(self.best)[1]
            seconds = time.monotonic() - self.began
            self.on_progress(Progress(seconds, self.moves, value, min(value, self.lower), stage))

    def _first_bound(self) -> int:
        peak = self.by_peak
        return sum(
            int(weight) * (self._peak_bound(number) if peak else self._squares_bound(number))
            for number, weight in enumerate(self.weight)
        )

    def _peak_bound(self, number: int) -> int:
        """Least constant capacity that energetic reasoning does not refute."""
        usage = self.encoded.usage[:, number].copy()
        level = int(usage.max(initial=0))
        if not level:
            return 0
        supply = np.arange(self.finish + 2, dtype=np.int64)
        while overloaded(self.encoded.arrays, usage, supply * level, self.finish):
            level += 1
        return level

    def _squares_bound(self, number: int) -> int:
        """The work spread as evenly as whole units allow over the units in which it may be done at all,
        on top of what must run there in any case."""
        net = self.encoded.arrays
        must = np.zeros(self.finish, dtype=np.int64)
        may = np.zeros(self.finish, dtype=bool)
        work = 0
        for task in np.flatnonzero(self.encoded.usage[:, number]):
            low, duration = int(net.release[task]), int(net.duration[task])
            high = int(min(net.deadline[task] - duration, self.finish - net.tail[task]))
            amount = int(self.encoded.usage[task, number])
            may[low : high + duration] = True
            must[high : low + duration] += amount
            work += amount * duration
        levels = must[may]
        spare = work - int(levels.sum())
        while spare > 0 and len(levels):
            least = levels.min()
            lowest = np.flatnonzero(levels == least)
            above = levels[levels > least]
            step = int(above.min() - least) if len(above) else spare // len(lowest) + 1
            step = min(step, spare // len(lowest))
            if step == 0:
                levels[lowest[:spare]] += 1
                break
            levels[lowest] += step
            spare -= step * len(lowest)
        return int((levels**2).sum())

    def _prove(self) -> None:
        """CP-SAT on the whole problem, for a better plan and a bound."""
        built = finish_model(self.encoded, self.finish, 0)
        if built is None:
            return
        if self.by_peak:
            target = self._peak_objective(built.model, built.starts)
        else:
            target = self._squares_objective(built.model, built.starts)
        if target is None:
            return
        built.model.minimize(target)
        for start, value in zip(built.starts, self.best, strict=True):
            built.model.add_hint(start, int(value))
        repeatable = self.limits.schedules is not None
        left = 1e9 if self.limits.seconds is None else self.limits.seconds - (time.monotonic() - self.began)
        solver = new_solver(self.limits.seed, left, self.limits.proof if repeatable else None)
        if not repeatable:
            solver.parameters.num_workers = self.limits.workers
        self._solve(solver, built.model, built.starts)

    def _solve(
        self, solver: cp_model.CpSolver, model: cp_model.CpModel, starts: list[cp_model.IntVar]
    ) -> None:
        stopper = Stopper(threading.Event())
        finished = threading.Event()

        def watch() -> None:
            while not finished.wait(0.05):
                if self.stop.is_set():
                    stopper.halt()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            status = stopper.solve(solver, model, None)
        finally:
            finished.set()
            watcher.join()
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            found = np.array([solver.value(start) for start in starts], dtype=np.int64)
            if self.score(found) < self.score(self.best):
                self.best = found
            self.lower = max(self.lower, int(np.ceil(solver.best_objective_bound - 1e-6)))

    def _peak_objective(
        self, model: cp_model.CpModel, starts: list[cp_model.IntVar]
    ) -> cp_model.LinearExpr | None:
        terms = []
        for number, weight in enumerate(self.weight):
            demands = self.encoded.usage[:, number]
            busy = np.flatnonzero(demands)
            if not len(busy) or not weight:
                continue
            peak = model.new_int_var(self._peak_bound(number), int(demands.sum()), "")
            spans = [
                model.new_fixed_size_interval_var(starts[k], int(self.encoded.arrays.duration[k]), "")
                for k in busy
            ]
            model.add_cumulative(spans, [int(demands[k]) for k in busy], peak)
            terms.append(int(weight) * peak)
        return cp_model.LinearExpr.sum(terms) if terms else None

    def _squares_objective(
        self, model: cp_model.CpModel, starts: list[cp_model.IntVar]
    ) -> cp_model.LinearExpr | None:
        """Time-indexed, each square from below by tangents (exact on whole numbers where all are there)."""
        net = self.encoded.arrays
        last = [
            int(min(net.deadline[k] - net.duration[k], self.finish - net.tail[k])) for k in range(len(starts))
        ]
        if sum(last) - int(net.release.sum()) + len(starts) > TIME_INDEXED_AT_MOST:
            return None
        use: dict[tuple[int, int], list[cp_model.LinearExpr]] = {}
        for k, start in enumerate(starts):
            if not self.encoded.usage[k].any():
                continue
            begins = {t: model.new_bool_var("") for t in range(int(net.release[k]), last[k] + 1)}
            model.add_exactly_one(begins.values())
            model.add(start == sum(t * chosen for t, chosen in begins.items()))
            for number in np.flatnonzero(self.encoded.usage[k]):
                for t, chosen in begins.items():
                    for unit in range(t, t + int(net.duration[k])):
                        term = int(self.encoded.usage[k, number]) * chosen
                        use.setdefault((int(number), unit), []).append(term)
        terms = []
        for (resource, _), parts in use.items():
            highest = int(self.encoded.usage[:, resource].sum())
            square = model.new_int_var(0, highest * highest, "")
            total = cp_model.LinearExpr.sum(parts)
            for level in range(0, highest + 1, max(1, highest // TANGENTS)):
                model.add(square >= (2 * level + 1) * total - level * (level + 1))
            terms.append(int(self.weight[resource]) * square)
        return cp_model.LinearExpr.sum(terms) if terms else None

    def _plan(self) -> Plan:
        problem = self.encoded.problem
        starts = {task.id: int(start) for task, start in zip(problem.tasks, self.best, strict=True)}
        broken = tuple(violations(problem, starts))
        value = self.score(self.best)[1]
        lower = min(self.lower, value) if not broken else self.lower
        return Plan(
            objective=self.objective,
            starts=starts,
            makespan=int((self.best + self.encoded.arrays.duration).max()),
            value=value,
            lower_bound=lower,
            optimal=not broken and value <= lower,
            feasible=not broken,
            stopped=self.stop.is_set(),
            seconds=time.monotonic() - self.began,
            schedules=self.moves,
            seed=self.limits.seed,
            violations=broken,
            waits=explain(self.encoded, starts),
        )
