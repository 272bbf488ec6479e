"""A cluster's least cost proven day by day: prices cut the starts, an integer programme decides the rest."""

from __future__ import annotations

import time
from math import ceil

from shapely import box

from . import greedy
from .aims import total_cost
from .anneal import anneal, in_order
from .day_rows import day_rows
from .model import Project, Scene, Space
from .prices import Prices
from .problem import Problem
from .result import Placement, losses_of
from .solve import Limits, most_delay
from .time_indexed import Found, TimeIndexed

Placements = dict[int, Placement]
_PRICES_SHARE = 0.3
_STEPS = 1000
_WORTH = 0.05  # seconds


def strengthen(
    problem: Problem, known: Placements, seconds: float, limits: Limits
) -> tuple[Placements, int, bool]:
    """A joint schedule no dearer than `known`, a proven lower bound of the least cost in yuan, and whether
    the cluster was small enough for the integer programme.

    With `limits.reproducible` a fixed number of price steps is taken and no integer programme, whose time is
    the clock's.
    """
    begun = time.monotonic()
    cost = _cost(problem, known)
    data = day_rows(problem, problem.windows(most_delay(problem, known, [total_cost()])))
    if data is None:
        return known, 0, False
    prices = Prices(data)
    steps = _STEPS if limits.reproducible else 0
    prices.raise_bound(cost, seconds=_PRICES_SHARE * seconds, steps=steps, stopped=limits.stopped)
    bound = min(cost, max(0, ceil(prices.bound - 1e-3)))
    left = begun + seconds - time.monotonic()
    if bound >= cost or limits.reproducible or limits.stopped() or left < _WORTH:
        return known, bound, False
    programme = TimeIndexed.of(problem, data, prices.open_starts(cost))
    left = begun + seconds - time.monotonic()
    if programme is None or left < _WORTH:
        return known, bound, False
    found = programme.solve(left, limits.stopped)
    if found is None:
        return known, bound, True
    return _better(problem, known, found), min(cost, max(bound, found.bound)), True


def prepare() -> float:
    """Compiles what a large cluster needs, once; seconds that took."""
    begun = time.monotonic()
    ground = box(0, 0, 10, 10)
    parties = (Project("A", delay_cost_per_day=2), Project("B", delay_cost_per_day=1))
    spaces = (Space("a", "A", ground, 0, 3), Space("b", "B", ground, 0, 3))
    problem = Problem(Scene(parties, spaces), [0, 1])
    known = greedy.search(problem, total_cost().measure, seconds=1.0, seed=1, rounds=1)
    if known is not None:
        anneal(problem, known, _cost(problem, known), seconds=0.0, seed=1, steps=1)
        strengthen(problem, known, 0.0, Limits(reproducible=True))
        data = day_rows(problem, problem.windows())
        if data is not None:
            prices = Prices(data)
            prices.raise_bound(1e9, seconds=0.0, steps=1)
            prices.open_starts(1e9)
    return time.monotonic() - begun


def _better(problem: Problem, known: Placements, found: Found) -> Placements:
    """The cheaper of `known` and what the programme's order gives."""
    if not found.starts:
        return known
    placements = in_order(problem, found.starts, found.options)
    return known if placements is None or _cost(problem, placements) >= _cost(problem, known) else placements


def _cost(problem: Problem, placements: Placements) -> int:
    return total_cost().measure(losses_of(problem.scene, problem.projects, placements, problem.options))
