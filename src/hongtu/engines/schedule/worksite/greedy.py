"""A first joint schedule, fast: space after space at the earliest day that suits all before it.

Serial schedule generation with several priority rules and seeded shuffles. It gives the exact search its
first solution, the horizon, and the answer when no time is left.
"""

from __future__ import annotations

import heapq
import random
import time
from collections.abc import Callable

from .model import LinkKind
from .problem import Problem
from .result import Loss, Part, Placement, losses_of

Placements = dict[int, Placement]
Measure = Callable[[tuple[Loss, ...]], float]


def plain_placement(problem: Problem, index: int, option: int, start: int, days: int = 0) -> Placement:
    """A single-part option placed at `start`, as short as it may be or `days` long."""
    rule = problem.options[index][option].parts[0]
    length = max(days, problem.options[index][option].minimum)
    return Placement(index, option, (Part(start, start + length, rule.footprint, rule.place),))


class Ground:
    """Who is where when; answers the first day on which a footprint is free."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._taken: dict[int, list[tuple[int, int]]] = {}

    def take(self, placement: Placement) -> None:
        for part in placement.parts:
            if part.footprint is not None and part.finish > part.start:
                self._taken.setdefault(part.footprint, []).append((part.start, part.finish))

    def first_free(self, footprint: int | None, start: int, days: int) -> int:
        """First day from `start` on which `footprint` is free for `days`, hand-over included."""
        if footprint is None:
            return start
        gap = self._problem.scene.handover_days
        taken = sorted(
            window
            for rival in self._problem.rivals.get(footprint, ())
            for window in self._taken.get(rival, ())
        )
        for begin, end in taken:
            if begin < start + days + gap and start < end + gap:
                start = end + gap
        return start


def link_bound(problem: Problem, index: int, placed: Placements, days: int) -> int:
    """Earliest start of space `index`, `days` long, given its placed predecessors."""
    bound = problem.own_earliest(index)
    for bond in problem.predecessors.get(index, ()):
        other = placed[bond.predecessor]
        base = other.finish if bond.kind in (LinkKind.FS, LinkKind.FF) else other.start
        bound = max(bound, base + bond.lag - (days if bond.kind in (LinkKind.FF, LinkKind.SF) else 0))
    return bound


def _place(problem: Problem, index: int, placed: Placements, ground: Ground) -> Placement | None:
    """The best single-part option of a space: the earliest end, among equals the cheapest."""
    space = problem.scene.spaces[index]
    best: tuple[float, Placement] | None = None
    for number, option in enumerate(problem.options[index]):
        if len(option.parts) > 1:
            continue
        rule, days = option.parts[0], option.minimum
        start = link_bound(problem, index, placed, days)
        if problem.is_pinned(index) and start > space.start:
            if not space.elastic:
                continue
            days, start = days + start - space.start, space.start
        if rule.earliest is not None:
            start = max(start, rule.earliest)
        found = ground.first_free(rule.footprint, start, days)
        late = space.latest_finish is not None and found + days > space.latest_finish
        if late or (problem.is_pinned(index) and found != space.start):
            continue
        if problem.is_fixed(index) and number:
            continue
        running = problem.has_begun(index) and not problem.is_over(index)
        if running and found + days < (problem.scene.data_date or 0):
            continue
        placement = plain_placement(problem, index, number, found, days)
        rate = problem.scene.projects[problem.scene.project_index[space.project]].delay_cost_per_day
        cost = rate * (found + days) + option.cost + option.cost_per_day_short * (option.full - days)
        if best is None or cost < best[0]:
            best = (cost, placement)
    return best[1] if best else None


def build(problem: Problem, priority: dict[int, float]) -> Placements | None:
    """One schedule by priority (least first), predecessors first; None when this order finds no room."""
    waiting = {index: len(problem.predecessors.get(index, ())) for index in problem.tasks}
    ready = [(priority[index], index) for index in problem.tasks if not waiting[index]]
    heapq.heapify(ready)
    placed: Placements = {}
    ground = Ground(problem)
    while ready:
        _, index = heapq.heappop(ready)
        placement = _place(problem, index, placed, ground)
        if placement is None:
            return None
        placed[index] = placement
        ground.take(placement)
        for bond in problem.successors.get(index, ()):
            waiting[bond.successor] -= 1
            if not waiting[bond.successor]:
                heapq.heappush(ready, (priority[bond.successor], bond.successor))
    return placed


def search(
    problem: Problem,
    measure: Measure,
    *,
    seconds: float,
    seed: int,
    rounds: int = 200,
    stopped: Callable[[], bool] = lambda: False,
) -> Placements | None:
    """The best of several priority rules and of seeded small changes of the best; None if none finds room.

    Out of time or stopped, the first rule that finds room has to do.
    """
    rng = random.Random(seed)  # noqa: S311 - shuffles, not secrets
    deadline = time.monotonic() + seconds
    spaces = problem.scene.spaces
    begin = {i: -1e9 if problem.is_pinned(i) else float(problem.earliest[i]) for i in problem.tasks}
    rate = {
        index: problem.scene.projects[problem.scene.project_index[spaces[index].project]].delay_cost_per_day
        for index in problem.tasks
    }
    top = max(rate.values(), default=1.0) or 1.0
    rules: list[dict[int, float]] = [
        begin,
        {i: begin[i] + spaces[i].days for i in problem.tasks},
        {i: begin[i] - 30 * rate[i] / top for i in problem.tasks},
        {i: begin[i] + spaces[i].days * (1 - rate[i] / top) for i in problem.tasks},
    ]
    best: tuple[float, Placements, dict[int, float]] | None = None
    for turn in range(rounds):
        if turn < len(rules):
            priority = rules[turn]
        elif best is not None:
            priority = dict(best[2])
            for index in rng.sample(problem.tasks, max(1, len(problem.tasks) // 15)):
                priority[index] += rng.gauss(0, 20)
        else:
            priority = {i: begin[i] + rng.gauss(0, 40) for i in problem.tasks}
        found = build(problem, priority)
        if found is not None:
            value = measure(losses_of(problem.scene, problem.projects, found, problem.options))
            if best is None or value < best[0]:
                best = (value, found, priority)
        if (best is not None or turn >= len(rules) - 1) and (time.monotonic() > deadline or stopped()):
            break
    return best[1] if best else None
