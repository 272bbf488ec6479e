"""Proven least losses of small groups of neighbours: they add up to a bound for a large cluster.

Whatever all parties agree, the projects of a group lose together at least what they would lose if nobody
else were there. For overlapping groups of neighbours these rows give the linear relaxation of the whole what
its own rows cannot see. Groups grow around every project, small ones first; they help to prove the larger.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import linprog
from scipy.sparse import coo_array

from .formulation import Formulation
from .problem import Problem
from .result import Placement, losses_of, whole

Rows = dict[tuple[int, ...], int]
_SIZES = (3, 5, 7, 9, 12, 16, 20)
_GROUP_TIME = 2.0  # deterministic seconds for one group


def least_losses(
    problem: Problem,
    known: dict[int, Placement],
    seconds: float,
    workers: int,
    stopped: Callable[[], bool] = lambda: False,
    rows: Rows | None = None,
) -> Rows:
    """Least losses in yuan of groups of projects (sorted indexes), as many as fit into `seconds`.

    `rows` that are known already are built upon, added to and returned.
    """
    deadline = time.monotonic() + seconds
    near = _nearness(problem)
    rows = {} if rows is None else rows
    for size in _SIZES:
        groups = {_grow(number, size, near) for number in near if len(near) > size} - set(rows)
        before = dict(rows)

        def prove(group: tuple[int, ...], smaller: Rows = before) -> tuple[tuple[int, ...], int] | None:
            if time.monotonic() > deadline or stopped():
                return None
            return group, _prove(problem, list(group), known, smaller, deadline - time.monotonic())

        with ThreadPoolExecutor(max(1, workers)) as pool:
            for found in pool.map(prove, sorted(groups)):
                if found is not None:
                    rows[found[0]] = found[1]
        if time.monotonic() > deadline or stopped():
            break
    return rows


def _nearness(problem: Problem) -> dict[int, dict[int, int]]:
    """How much pairs of projects are in each other's way: days of overlap as planned, and a little each."""
    scene, items = problem.scene, problem.footprints.items
    near: dict[int, dict[int, int]] = {}
    for clash in problem.clashes:
        one, other = (scene.spaces[items[footprint].space] for footprint in (clash.first, clash.second))
        a, b = scene.project_index[one.project], scene.project_index[other.project]
        weight = 3 + max(0, min(one.finish, other.finish) - max(one.start, other.start))
        for here, there in ((a, b), (b, a)):
            row = near.setdefault(here, {})
            row[there] = row.get(there, 0) + weight
    return near


def _grow(seed: int, size: int, near: dict[int, dict[int, int]]) -> tuple[int, ...]:
    """The group around `seed`: always the project that is most in the way of those already in it."""
    group, pull = {seed}, dict(near[seed])
    while len(group) < size and pull:
        best = max(pull, key=lambda number: (pull[number], -number))
        group.add(best)
        del pull[best]
        for number, weight in near[best].items():
            if number not in group:
                pull[number] = pull.get(number, 0) + weight
    return tuple(sorted(group))


def _prove(
    problem: Problem, group: list[int], known: dict[int, Placement], rows: Rows, seconds: float
) -> int:
    part = problem.part(group)
    own = {index: known[index] for index in part.tasks}
    losses = losses_of(part.scene, part.projects, own, part.options)
    top = sum(loss.yuan for loss in losses)
    if top == 0:
        return 0
    most = {}
    for number in part.projects:
        rate = whole(part.scene.projects[number].delay_cost_per_day)
        horizon = part.horizon - part.scene.planned_finish[part.scene.projects[number].id]
        most[number] = min(horizon, top // rate) if rate else horizon
    form = Formulation(part, part.windows(most), most)
    members = set(group)
    form.add_rows({key: least for key, least in rows.items() if members.issuperset(key)})
    form.hint(own)
    form.model.minimize(sum(form.loss.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = _GROUP_TIME
    solver.parameters.max_time_in_seconds = max(0.05, seconds)
    status = solver.solve(form.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return 0
    return max(0, int(np.ceil(solver.best_objective_bound - 1e-6)))


def rows_bound(projects: list[int], rows: Rows) -> int:
    """Least total loss that the rows imply (a linear programme; 0 without rows)."""
    rows = {key: least for key, least in rows.items() if least > 0}
    if not rows:
        return 0
    position = {number: k for k, number in enumerate(projects)}
    entries = [(r, position[number]) for r, key in enumerate(rows) for number in key]
    row, column = np.array(entries).T
    matrix = coo_array((-np.ones(len(entries)), (row, column)), shape=(len(rows), len(projects)))
    answer = linprog(np.ones(len(projects)), A_ub=matrix.tocsr(), b_ub=[-least for least in rows.values()])
    # A dual solution proves the bound; a yuan is given back for the solver's tolerance.
    return max(0, int(np.floor(answer.fun)) - 1) if answer.success else 0
