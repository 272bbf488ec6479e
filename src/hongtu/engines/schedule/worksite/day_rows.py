"""A cluster of uses in arrays of days: chains of tasks, their choices, and the cliques of clashing grounds.

Every simplification is on the safe side, so that what is proven here holds for the cluster: a move in several
parts pays for no ground, an elastic use has its least length, and in `Rows` relations that are not
finish-to-start between a task and its one follower in the same project are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .model import LinkKind
from .options import Option
from .problem import Problem, Windows
from .result import whole

Ints = NDArray[np.int64]
_MOST_CLIQUES = 20_000
_MOST_CELLS = 20_000_000
"""Days of all cliques or of all grounds: beyond this prices by the day take too much memory and time."""


class Rows(NamedTuple):
    """Arrays for compiled passes. Tasks stand chain after chain; days count from the origin."""

    chain_of: Ints  # (c + 1,) first task of each chain
    lag: Ints  # (n,) days after the end of the task before in the chain
    low: Ints  # (n,) earliest start
    high: Ints  # (n,) latest start
    wished: Ints  # (n,)
    rate: Ints  # (n,) for each day of start after the wished one
    final_rate: Ints  # (n,) for each day of start after `final_from`
    final_from: Ints  # (n,)
    choice_of: Ints  # (n + 1,) first choice of each task
    length: Ints  # per choice: days
    cost: Ints
    ready: Ints
    ground: Ints  # footprint, -1: none
    clique_of: Ints  # (f + 1,) first row of each footprint in `clique`
    clique: Ints


@dataclass(frozen=True)
class DayRows:
    """`tasks` names the space of each position; `options` the option each choice belongs to."""

    tasks: list[int]
    options: list[int]
    cliques: list[tuple[int, ...]]
    origin: int
    days: int
    gap: int
    rows: Rows


def day_rows(problem: Problem, windows: Windows) -> DayRows | None:
    """The arrays, or None when the cluster is too large to be looked at day by day."""
    scene = problem.scene
    order, chain_of, lags = _paths(problem)
    origin = min(windows[index][0] for index in order)
    end = max(windows[index][1] + max(o.minimum for o in problem.options[index]) for index in order)
    days = end - origin + scene.handover_days + 1
    cliques = _cliques(problem)
    grounds = len(problem.footprints.items)
    if cliques is None or max(len(cliques), grounds) * days > _MOST_CELLS:
        return None
    options, choice_of, table = _choices_of(problem, order, origin)
    final_rate, final_from = _finals(problem, order, chain_of, origin)
    clique_of, clique = _members(cliques, grounds)
    spaces = [scene.spaces[index] for index in order]
    rows = Rows(
        chain_of=_column(chain_of),
        lag=_column(lags),
        low=_column([windows[index][0] - origin for index in order]),
        high=_column([windows[index][1] - origin for index in order]),
        wished=_column([space.start - origin for space in spaces]),
        rate=_column([whole(space.delay_cost_per_day) for space in spaces]),
        final_rate=final_rate,
        final_from=final_from,
        choice_of=choice_of,
        length=table[:, 0].copy(),
        cost=table[:, 1].copy(),
        ready=table[:, 2].copy(),
        ground=table[:, 3].copy(),
        clique_of=clique_of,
        clique=clique,
    )
    return DayRows(order, options, cliques, origin, days, scene.handover_days, rows)


def _column(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _paths(problem: Problem) -> tuple[list[int], list[int], list[int]]:
    """Tasks chain after chain, first positions of the chains (and the end), lags to the task before."""
    scene = problem.scene
    follower: dict[int, tuple[int, int]] = {}
    led: set[int] = set()
    for index in problem.order:
        for bond in sorted(problem.successors.get(index, ()), key=lambda b: -problem.tails[b.successor]):
            same = scene.spaces[bond.successor].project == scene.spaces[index].project
            if same and bond.kind is LinkKind.FS and bond.successor not in led:
                follower[index] = (bond.successor, bond.lag)
                led.add(bond.successor)
                break
    order: list[int] = []
    starts, lags = [], []
    for head in problem.order:
        if head in led:
            continue
        starts.append(len(order))
        index, lag = head, 0
        order.append(index)
        lags.append(lag)
        while index in follower:
            index, lag = follower[index]
            order.append(index)
            lags.append(lag)
    starts.append(len(order))
    return order, starts, lags


def _finals(problem: Problem, order: list[int], chain_of: list[int], origin: int) -> tuple[Ints, Ints]:
    """A project's delay is charged once, at the end of the chain that ends last as planned."""
    scene = problem.scene
    latest: dict[str, tuple[int, int]] = {}
    for end in chain_of[1:]:
        space = scene.spaces[order[end - 1]]
        found = (space.start + problem.tails[order[end - 1]], end - 1)
        latest[space.project] = max(latest.get(space.project, found), found)
    rate = np.zeros(len(order), dtype=np.int64)
    start = np.zeros(len(order), dtype=np.int64)
    for project, (_, position) in latest.items():
        rate[position] = whole(scene.projects[scene.project_index[project]].delay_cost_per_day)
        start[position] = scene.planned_finish[project] - problem.tails[order[position]] - origin
    return rate, start


def _choices_of(problem: Problem, order: list[int], origin: int) -> tuple[list[int], Ints, Ints]:
    """Option of each choice, first choice of each task, and length, cost, first day, ground of each."""
    options: list[int] = []
    table: list[tuple[int, int, int, int]] = []
    choice_of = [0]
    for index in order:
        for number, option in enumerate(problem.options[index]):
            for choice in _choices(option, origin):
                options.append(number)
                table.append(choice)
        choice_of.append(len(table))
    return options, _column(choice_of), np.array(table, dtype=np.int64).reshape(-1, 4)


def _choices(option: Option, origin: int) -> Iterator[tuple[int, int, int, int]]:
    """A use that may be shortened has a choice for each length."""
    rule = option.parts[0]
    if len(option.parts) > 1:
        yield option.minimum, whole(option.cost), 0, -1
        return
    ground = -1 if rule.footprint is None else rule.footprint
    ready = 0 if rule.earliest is None else max(0, rule.earliest - origin)
    longest = option.minimum
    if option.cost_per_day_short:
        longest = max(option.minimum, min(option.full, option.maximum))
    for length in range(option.minimum, longest + 1):
        short = whole(option.cost_per_day_short) * max(0, option.full - length)
        yield length, whole(option.cost) + short + whole(rule.cost_per_day) * length, ready, ground


def _members(cliques: list[tuple[int, ...]], grounds: int) -> tuple[Ints, Ints]:
    """The cliques of each footprint."""
    member: list[list[int]] = [[] for _ in range(grounds)]
    for number, clique in enumerate(cliques):
        for ground in clique:
            member[ground].append(number)
    first = np.zeros(grounds + 1, dtype=np.int64)
    np.cumsum([len(row) for row in member], out=first[1:])
    return first, _column([number for row in member for number in row])


def _cliques(problem: Problem) -> list[tuple[int, ...]] | None:
    """Maximal cliques of clashing footprints (Bron and Kerbosch with a pivot); None: too many."""
    near = {footprint: set(rivals) for footprint, rivals in problem.rivals.items()}
    stack: list[tuple[set[int], set[int], set[int]]] = [(set(), set(near), set())]
    found: list[tuple[int, ...]] = []
    while stack:
        clique, candidates, seen = stack.pop()
        if not candidates and not seen and clique:
            found.append(tuple(sorted(clique)))
            if len(found) > _MOST_CLIQUES:
                return None
        if not candidates:
            continue
        pivot = max(candidates | seen, key=lambda one: (len(near[one] & candidates), -one))
        for one in sorted(candidates - near[pivot]):
            stack.append((clique | {one}, candidates & near[one], seen & near[one]))
            candidates = candidates - {one}
            seen = seen | {one}
    return found
