"""The starts that prices leave open, as a mixed-integer programme: one binary for each start.

Rows: every task starts once; on no day do two of a clique meet; relations as pairs of "not yet over" and
"already begun". It is the tightest linear relaxation known for such problems (Sousa and Wolsey, Mathematical
Programming 1992) and, after prices have cut the starts, small enough for SCIP. What it proves is a bound for
the cluster; its orders, carried out by serial generation, are a joint schedule.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, isfinite

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from .day_rows import DayRows
from .model import LinkKind
from .problem import Problem
from .result import whole

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_MOST_COLUMNS = 15_000
_MOST_ENTRIES = 1_500_000
_ROUND = 1e-4  # units: what the solver's tolerances may have made a bound too high by
_POLL = 0.1  # seconds between two looks at whether to stop


@dataclass(frozen=True)
class Columns:
    """A binary variable for each: task by position, its choice, its start in days from the origin."""

    task: Ints
    choice: Ints
    start: Ints
    end: Ints
    first: Ints  # (n + 1,) first column of each task


@dataclass(frozen=True)
class Found:
    """Proven least cost (yuan) and, if any was found, start and option of each space."""

    bound: int
    starts: dict[int, int]
    options: dict[int, int]


class TimeIndexed:
    """The programme of one cluster; None from `of` when it is too large to be worth writing down."""

    def __init__(self, problem: Problem, data: DayRows, columns: Columns) -> None:
        self.problem, self.data, self.columns = problem, data, columns
        self._position = {index: k for k, index in enumerate(data.tasks)}
        self._row: list[Ints] = []
        self._column: list[Ints] = []
        self._value: list[Floats] = []
        self._low: list[float] = []
        self._high: list[float] = []
        self._cost = self._costs()
        self._delays: list[int] = []  # projects with a variable for their delay, after the columns
        for k in range(len(data.tasks)):
            self._add(np.arange(columns.first[k], columns.first[k + 1]), None, 1.0, 1.0)
        for clique in data.cliques:
            self._apart(clique)
        self._relate()
        self._delay()

    @classmethod
    def of(cls, problem: Problem, data: DayRows, still: NDArray[np.bool_]) -> TimeIndexed | None:
        columns = _columns(data, still)
        if len(columns.task) > _MOST_COLUMNS:
            return None
        made = cls(problem, data, columns)
        return made if sum(map(len, made._column)) <= _MOST_ENTRIES else None

    def _costs(self) -> Ints:
        """What a start costs by itself; the delay of a project of one use is part of it."""
        rows, columns, scene = self.data.rows, self.columns, self.problem.scene
        late = np.maximum(0, columns.start - rows.wished[columns.task])
        cost = rows.cost[columns.choice] + rows.rate[columns.task] * late
        owners = [scene.spaces[index].project for index in self.data.tasks]
        for k, owner in enumerate(owners):
            if owners.count(owner) == 1:
                ours = slice(columns.first[k], columns.first[k + 1])
                planned = scene.planned_finish[owner] - self.data.origin
                cost[ours] += rows.final_rate[k] * np.maximum(0, columns.end[ours] - planned)
        return cost

    def _add(self, columns: Ints, values: Floats | None, low: float, high: float) -> None:
        self._row.append(np.full(len(columns), len(self._low)))
        self._column.append(columns)
        self._value.append(np.ones(len(columns)) if values is None else values)
        self._low.append(low)
        self._high.append(high)

    def _apart(self, clique: tuple[int, ...]) -> None:
        """At most one on each day; only days on which the set of those present is largest."""
        mine = np.flatnonzero(np.isin(self.data.rows.ground[self.columns.choice], clique))
        begin, end = self.columns.start[mine], self.columns.end[mine] + self.data.gap
        last = -1
        # A set can only be largest on the last day before somebody leaves, and after somebody came.
        for day in np.unique(end) - 1:
            here = mine[(begin <= day) & (day < end)]
            fresh = ((begin > last) & (begin <= day)).any()  # else the row before says more
            last = day
            if fresh and (self.columns.task[here] != self.columns.task[here[0]]).any():
                self._add(here, None, -np.inf, 1.0)

    def _relate(self) -> None:
        """Relations of all kinds: not both "before is not over by day t" and "after has begun by t"."""
        columns, first = self.columns, self.columns.first
        for bond in self.problem.bonds:
            a, b = self._position[bond.predecessor], self._position[bond.successor]
            before, after = np.arange(first[a], first[a + 1]), np.arange(first[b], first[b + 1])
            base = columns.end[before] if bond.kind in (LinkKind.FS, LinkKind.FF) else columns.start[before]
            bound = columns.end[after] if bond.kind in (LinkKind.FF, LinkKind.SF) else columns.start[after]
            if bond.kind in (LinkKind.FF, LinkKind.SF) and self._elastic(bond.successor):
                continue
            for day in np.unique(bound):
                waiting, begun = before[base + bond.lag > day], after[bound <= day]
                if len(waiting):
                    self._add(np.concatenate([waiting, begun]), None, -np.inf, 1.0)

    def _elastic(self, index: int) -> bool:
        """A use that may last longer than its least length can always end later."""
        return any(option.gap or option.maximum > option.minimum for option in self.problem.options[index])

    def _delay(self) -> None:
        """Delay of projects of several uses: at least that of each use and what must follow it."""
        scene, columns, tails = self.problem.scene, self.columns, self.problem.tails
        for number in self.problem.projects:
            project = scene.projects[number]
            rate = whole(project.delay_cost_per_day)
            mine = [k for k, i in enumerate(self.data.tasks) if scene.spaces[i].project == project.id]
            if not rate or len(mine) == 1:
                continue
            variable = len(columns.task) + len(self._delays)
            self._delays.append(rate)
            planned = scene.planned_finish[project.id] - self.data.origin
            for k in mine:
                ours = np.arange(columns.first[k], columns.first[k + 1])
                ends = np.maximum(columns.end[ours], columns.start[ours] + tails[self.data.tasks[k]])
                late = np.maximum(0, ends - planned).astype(float)
                if late.any():
                    self._add(np.append(ours, variable), np.append(-late, 1.0), 0.0, np.inf)

    def _model(self) -> mathopt.Model:
        proto = model_pb2.ModelProto()
        count, delays = len(self.columns.task), len(self._delays)
        proto.variables.ids.extend(range(count + delays))
        proto.variables.lower_bounds.extend([0.0] * (count + delays))
        proto.variables.upper_bounds.extend([1.0] * count + [float(self.data.days)] * delays)
        proto.variables.integers.extend([True] * count + [False] * delays)
        proto.linear_constraints.ids.extend(range(len(self._low)))
        proto.linear_constraints.lower_bounds.extend(self._low)
        proto.linear_constraints.upper_bounds.extend(self._high)
        row, column = np.concatenate(self._row), np.concatenate(self._column)
        sort = np.lexsort((column, row))  # the format wants columns sorted within a row
        proto.linear_constraint_matrix.row_ids.extend(row[sort].tolist())
        proto.linear_constraint_matrix.column_ids.extend(column[sort].tolist())
        proto.linear_constraint_matrix.coefficients.extend(np.concatenate(self._value)[sort].tolist())
        costs = self._amounts() / self._unit()
        proto.objective.linear_coefficients.ids.extend(range(count + delays))
        proto.objective.linear_coefficients.values.extend(costs.tolist())
        return mathopt.Model.from_model_proto(proto)

    def _amounts(self) -> Ints:
        return np.append(self._cost, np.array(self._delays, dtype=np.int64))

    def _unit(self) -> int:
        """Yuan that every cost is a multiple of, so that a bound may be rounded up to the next."""
        return max(1, int(np.gcd.reduce(self._amounts())))

    def solve(self, seconds: float, stopped: Callable[[], bool]) -> Found | None:
        """The best found within `seconds`; None when stopped, or when nothing was proven.

        SCIP cannot be asked to stop: it runs out its time in its own thread, for which nobody waits.
        """
        answers: list[mathopt.SolveResult] = []
        limits = mathopt.SolveParameters(
            time_limit=datetime.timedelta(seconds=seconds),
            threads=1,
            relative_gap_tolerance=0.0,
            absolute_gap_tolerance=0.5,  # units: costs come in whole ones
        )
        model, unit = self._model(), self._unit()

        def run() -> None:
            answers.append(mathopt.solve(model, mathopt.SolverType.GSCIP, params=limits))

        worker = threading.Thread(target=run, daemon=True)
        worker.start()
        while worker.is_alive() and not stopped():
            worker.join(_POLL)
        if not answers:
            return None
        answer = answers[0]
        bound = answer.termination.objective_bounds.dual_bound
        starts: dict[int, int] = {}
        options: dict[int, int] = {}
        if answer.has_primal_feasible_solution():
            values = np.array(list(answer.variable_values().values()))[: len(self.columns.task)]
            for column in np.flatnonzero(values > 0.5):
                index = self.data.tasks[self.columns.task[column]]
                starts[index] = int(self.columns.start[column]) + self.data.origin
                options[index] = self.data.options[self.columns.choice[column]]
        return Found(ceil(bound - _ROUND) * unit if isfinite(bound) else 0, starts, options)


def _columns(data: DayRows, still: NDArray[np.bool_]) -> Columns:
    rows = data.rows
    task, choice, start = [], [], []
    first = np.zeros(len(data.tasks) + 1, dtype=np.int64)
    for k in range(len(data.tasks)):
        days = np.flatnonzero(still[k])
        first[k + 1] = first[k]
        for c in range(rows.choice_of[k], rows.choice_of[k + 1]):
            ours = days[(days >= rows.ready[c]) & (days + rows.length[c] <= data.days)]
            task.append(np.full(len(ours), k))
            choice.append(np.full(len(ours), c))
            start.append(ours)
            first[k + 1] += len(ours)
    starts, choices = np.concatenate(start), np.concatenate(choice)
    return Columns(np.concatenate(task), choices, starts, starts + rows.length[choices], first)
