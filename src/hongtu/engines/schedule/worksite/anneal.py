"""A strong joint schedule in a second: compiled serial generation under simulated annealing.

The state is an order of the spaces (and a single-part option for each); serial generation places each at the
first day that its links and the ground allow. A step moves one late space in front of a rival, or changes its
option; worse schedules are kept with falling probability (Kirkpatrick et al., Science 1983).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .model import LinkKind
from .problem import Problem
from .result import Part, Placement, whole

Ints = NDArray[np.int64]
_CHUNK = 1000  # steps between two looks at the clock
_USUAL = 400
"""Spaces up to which a chunk has its full length."""


@dataclass(frozen=True)
class Tables:
    """A problem in arrays. Rows of options: days, cost, earliest, footprint (-1: none)."""

    low: Ints  # (n,) own earliest start
    pinned: NDArray[np.bool_]  # (n,)
    high: Ints  # (n,) latest end
    project: Ints  # (n,) position of the project
    rate: Ints  # (n,) cost of each day of later start
    planned: Ints  # (n,) planned start
    first_option: Ints  # (n + 1,)
    days: Ints
    cost: Ints
    ready: Ints
    ground: Ints
    link_of: Ints  # (n + 1,) rows of links into each space
    link_from: Ints
    link_kind: Ints
    link_lag: Ints
    rival_of: Ints  # (f + 1,) rows of rivals of each footprint
    rival: Ints
    project_rate: Ints
    project_finish: Ints
    today: int
    gap: int


def tables_of(problem: Problem) -> Tables:
    """Arrays of the single-part options; elastic spaces at their least length."""
    scene, spaces = problem.scene, problem.scene.spaces
    position = {index: k for k, index in enumerate(problem.order)}
    number = {project: k for k, project in enumerate(problem.projects)}
    rows: list[tuple[int, int, int, int]] = []
    first_option, link_of, links = [0], [0], []
    for index in problem.order:
        for option in problem.options[index]:
            if len(option.parts) == 1:
                rule = option.parts[0]
                short = whole(option.cost_per_day_short) * (option.full - option.minimum)
                price = whole(option.cost) + short + whole(rule.cost_per_day) * option.minimum
                ready = -(10**9) if rule.earliest is None else rule.earliest
                rows.append((option.minimum, price, ready, -1 if rule.footprint is None else rule.footprint))
        first_option.append(len(rows))
        for bond in problem.predecessors.get(index, ()):
            links.append((position[bond.predecessor], list(LinkKind).index(bond.kind), bond.lag))
        link_of.append(len(links))
    options = np.array(rows, dtype=np.int64).reshape(-1, 4)
    link = np.array(links, dtype=np.int64).reshape(-1, 3)
    rival_of: list[int] = [0]
    rivals: list[int] = []
    for footprint in range(len(problem.footprints.items)):
        rivals.extend(problem.rivals.get(footprint, ()))
        rival_of.append(len(rivals))

    def column(values: list[int]) -> Ints:
        return np.array(values, dtype=np.int64)

    order = problem.order
    owner = [scene.project_index[spaces[index].project] for index in order]
    return Tables(
        low=column([problem.own_earliest(index) for index in order]),
        pinned=np.array([problem.is_pinned(index) for index in order], dtype=np.bool_),
        high=column([_latest(spaces[index].latest_finish) for index in order]),
        project=column([number[project] for project in owner]),
        rate=column([whole(spaces[index].delay_cost_per_day) for index in order]),
        planned=column([spaces[index].start for index in order]),
        first_option=column(first_option),
        days=options[:, 0].copy(),
        cost=options[:, 1].copy(),
        ready=options[:, 2].copy(),
        ground=options[:, 3].copy(),
        link_of=column(link_of),
        link_from=link[:, 0].copy(),
        link_kind=link[:, 1].copy(),
        link_lag=link[:, 2].copy(),
        rival_of=column(rival_of),
        rival=column(rivals),
        project_rate=column([whole(scene.projects[p].delay_cost_per_day) for p in problem.projects]),
        project_finish=column([scene.planned_finish[scene.projects[p].id] for p in problem.projects]),
        today=-(10**9) if scene.data_date is None else scene.data_date,
        gap=scene.handover_days,
    )


def _latest(day: int | None) -> int:
    return 10**9 if day is None else day


@njit(cache=True, nogil=True)
def _generate(  # type: ignore[no-untyped-def]
    order, option, low, pinned, high, first_option, days, ready, ground,
    link_of, link_from, link_kind, link_lag, rival_of, rival, gap, today,
    start, finish, user_of,
):  # fmt: skip
    """Places spaces in `order`; fills start and finish. False when a space finds no room."""
    user_of[:] = -1
    for i in order:
        o = first_option[i] + option[i]
        length = days[o]
        begin = max(low[i], ready[o])
        for k in range(link_of[i], link_of[i + 1]):
            before, kind = link_from[k], link_kind[k]
            base = finish[before] if kind == 0 or kind == 2 else start[before]
            begin = max(begin, base + link_lag[k] - (length if kind >= 2 else 0))
        footprint = ground[o]
        if footprint >= 0:
            moved = True
            while moved:
                moved = False
                for k in range(rival_of[footprint], rival_of[footprint + 1]):
                    other = user_of[rival[k]]
                    if other >= 0 and start[other] < begin + length + gap and begin < finish[other] + gap:
                        begin = finish[other] + gap
                        moved = True
        if pinned[i] and (begin != low[i] or (begin + length < today and today > low[i])):
            return False
        if begin + length > high[i]:
            return False
        start[i], finish[i] = begin, begin + length
        if footprint >= 0:
            user_of[footprint] = i
    return True


@njit(cache=True, nogil=True)
def _cost(start, finish, option, project, rate, planned, first_option, cost, project_rate, project_finish):  # type: ignore[no-untyped-def]
    """Yuan of a schedule."""
    total = 0
    late = np.zeros(len(project_rate), dtype=np.int64)
    for i in range(len(start)):
        total += cost[first_option[i] + option[i]] + rate[i] * max(0, start[i] - planned[i])
        late[project[i]] = max(late[project[i]], finish[i] - project_finish[project[i]])
    for p in range(len(late)):
        total += late[p] * project_rate[p]
    return total


@njit(cache=True, nogil=True)
def _in_order(priority, link_of, link_from):  # type: ignore[no-untyped-def]
    """Spaces by priority, none before a predecessor (rows are numbered with predecessors first)."""
    key = priority.copy()
    for i in range(len(key)):
        for k in range(link_of[i], link_of[i + 1]):
            key[i] = max(key[i], key[link_from[k]] + 1e-6)
    return np.argsort(key)


@njit(cache=True, nogil=True)
def _anneal(  # type: ignore[no-untyped-def]
    steps, hot, cold, seed, best_cost, best_priority, best_option, priority, option, value,
    low, pinned, high, project, rate, planned, first_option, days, cost, ready, ground,
    link_of, link_from, link_kind, link_lag, rival_of, rival, project_rate, project_finish, today, gap,
):  # fmt: skip
    """`steps` steps from temperature `hot` to `cold` (yuan); state and best are changed in place."""
    np.random.seed(seed)
    n = len(low)
    start, finish = np.zeros(n, np.int64), np.zeros(n, np.int64)
    user_of = np.full(len(rival_of) - 1, -1, np.int64)
    owner = np.full(len(rival_of) - 1, -1, np.int64)
    for i in range(n):
        for o in range(first_option[i], first_option[i + 1]):
            if ground[o] >= 0:
                owner[ground[o]] = i
    for step in range(steps):
        heat = hot * (cold / hot) ** (step / steps)
        i = np.random.randint(n)
        old_priority, old_option = priority[i], option[i]
        choices = first_option[i + 1] - first_option[i]
        footprint = ground[first_option[i] + option[i]]
        rivals = 0 if footprint < 0 else rival_of[footprint + 1] - rival_of[footprint]
        if choices > 1 and (rivals == 0 or np.random.random() < 0.2):
            option[i] = np.random.randint(choices)
        elif rivals:
            j = owner[rival[rival_of[footprint] + np.random.randint(rivals)]]
            side = -0.5 if priority[i] > priority[j] else 0.5
            priority[i] = priority[j] + side * (0.5 + np.random.random())
        else:
            continue
        order = _in_order(priority, link_of, link_from)
        fits = _generate(
            order, option, low, pinned, high, first_option, days, ready, ground,
            link_of, link_from, link_kind, link_lag, rival_of, rival, gap, today, start, finish, user_of,
        )  # fmt: skip
        fresh = _cost(
            start, finish, option, project, rate, planned, first_option, cost, project_rate, project_finish
        )
        if fits and (fresh <= value or np.random.random() < np.exp((value - fresh) / heat)):
            value = fresh
            priority[:] = start
            for k in range(n):  # among equal starts the order of this schedule
                priority[order[k]] += 1e-4 * k / n
            if fresh < best_cost:
                best_cost = fresh
                best_priority[:] = priority
                best_option[:] = option
        else:
            priority[i], option[i] = old_priority, old_option
    return best_cost, value


def anneal(
    problem: Problem,
    known: dict[int, Placement],
    value: int,
    *,
    seconds: float,
    seed: int,
    steps: int = 0,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[int, Placement]:
    """Improves `known`, whose total cost is `value`, for `seconds`, or by exactly `steps` if given.

    Never worse than `known`; reproducible when `steps` is given.
    """
    tables = tables_of(problem)
    rows = (
        tables.low, tables.pinned, tables.high, tables.project, tables.rate, tables.planned,
        tables.first_option, tables.days, tables.cost, tables.ready, tables.ground, tables.link_of,
        tables.link_from, tables.link_kind, tables.link_lag, tables.rival_of, tables.rival,
        tables.project_rate, tables.project_finish, tables.today, tables.gap,
    )  # fmt: skip
    if not len(tables.rival) or any(len(placement.parts) > 1 for placement in known.values()):
        return known
    priority = np.array([known[index].start for index in problem.order], dtype=np.float64)
    option = np.array([_singles(problem, i).index(known[i].option) for i in problem.order], dtype=np.int64)
    best_priority, best_option = priority.copy(), option.copy()
    best, current = value, float(value)
    share = value / max(1, len(problem.projects))
    top, low = max(1.0, 2.0 * share), max(0.5, 0.02 * share)
    _anneal(1, top, low, seed, best, best_priority, best_option, priority, option, current, *rows)  # compiles
    # A chunk of a very large scene must not outlast the time there is.
    chunk = max(10, _CHUNK * min(_USUAL, len(known)) // max(1, len(known)))
    begun, turn, done = time.monotonic(), 0, 0.0
    while done < 1.0 and not stopped():
        hot = top * (low / top) ** done
        best, current = _anneal(
            chunk, hot, hot * 0.98, seed * 1009 + turn, best, best_priority, best_option, priority, option,
            current, *rows,
        )  # fmt: skip
        turn += 1
        done = turn * chunk / steps if steps else (time.monotonic() - begun) / max(seconds, 1e-3)
    return _read(problem, tables, best_priority, best_option) if best < value else known


def in_order(
    problem: Problem, starts: dict[int, int], options: dict[int, int]
) -> dict[int, Placement] | None:
    """The joint schedule that places spaces in the order of `starts`, by options of one part, or None."""
    tables = tables_of(problem)
    if any(number not in _singles(problem, index) for index, number in options.items()):
        return None
    priority = np.array([starts[index] for index in problem.order], dtype=np.float64)
    chosen = [_singles(problem, index).index(options[index]) for index in problem.order]
    placements = _read(problem, tables, priority, np.array(chosen, dtype=np.int64))
    return placements if len(placements) == len(problem.order) else None


def _singles(problem: Problem, index: int) -> list[int]:
    """Numbers of the options of a space that have one part."""
    return [number for number, option in enumerate(problem.options[index]) if len(option.parts) == 1]


def _read(
    problem: Problem, tables: Tables, priority: NDArray[np.float64], option: Ints
) -> dict[int, Placement]:
    """The schedule of an order; empty when a space finds no room."""
    n = len(tables.low)
    start, finish = np.zeros(n, np.int64), np.zeros(n, np.int64)
    user_of = np.full(len(tables.rival_of) - 1, -1, np.int64)
    order = _in_order(priority, tables.link_of, tables.link_from)
    fits = _generate(
        order, option, tables.low, tables.pinned, tables.high, tables.first_option, tables.days, tables.ready,
        tables.ground, tables.link_of, tables.link_from, tables.link_kind, tables.link_lag, tables.rival_of,
        tables.rival, tables.gap, tables.today, start, finish, user_of,
    )  # fmt: skip
    found: dict[int, Placement] = {}
    if not fits:
        return found
    for k, index in enumerate(problem.order):
        number = _singles(problem, index)[option[k]]
        rule = problem.options[index][number].parts[0]
        part = Part(int(start[k]), int(finish[k]), rule.footprint, rule.place)
        found[index] = Placement(index, number, (part,))
    return found
