"""Rescue: when a promise cannot hold, the cheapest sets of moves that make it hold.

Exact by uniform-cost search over sets of moves. A set that ends earlier than a smaller one must touch the
chain that drives the smaller one's date: a chain none of whose activities and relations changes keeps its
length, whatever else is done. So only moves on the driving chain are added, sets come up in order of cost,
and the first that keeps the promise is a cheapest one; those that end earlier than every cheaper set are the
alternatives between cost and date.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from .backward import plan_backward
from .calendars import to_datetime, to_finish_minutes
from .cpm import schedule
from .errors import CycleError
from .model import Activity, Network, Relation, ScheduleResult
from .paths import driving_chain
from .rescue_moves import (
    Move,
    MoveKind,
    RescueMoveError,
    check_moves,
    commitment,
    crash,
    overlap,
    parallel,
    resequence,
    work_left,
)

__all__ = [
    "Alternative",
    "Effect",
    "Move",
    "MoveKind",
    "Rescue",
    "RescueMoveError",
    "commitment",
    "crash",
    "overlap",
    "parallel",
    "rescue",
    "resequence",
]


@dataclass(frozen=True)
class Effect:
    """A move within an alternative: how often, its price, and by how many days the date slips without it."""

    move: Move
    level: int
    cost: float
    days: float


@dataclass(frozen=True)
class Alternative:
    """A set of moves with its cost and the date it brings; `network` is the plan with the moves made."""

    effects: tuple[Effect, ...]
    cost: float
    finish: datetime
    gained_days: float
    keeps_promise: bool
    network: Network = field(repr=False)


@dataclass(frozen=True)
class Rescue:
    """Alternatives in order of cost: up to the promise each ends earlier than all cheaper ones.

    `proven`: no cheaper set keeps the promise (or none at all does, when no alternative keeps it). Otherwise
    the search was cut short: every set cheaper than `cost_bound` has been ruled out, and the set that keeps
    the promise, if there is one, is a good one rather than the best.
    """

    finish: datetime
    promise: datetime
    alternatives: tuple[Alternative, ...]
    proven: bool
    cost_bound: float
    examined: int

    @property
    def cheapest(self) -> Alternative | None:
        """The cheapest alternative that keeps the promise."""
        return next((found for found in self.alternatives if found.keeps_promise), None)


Levels = tuple[int, ...]
_EXACT_SHARE = 0.6  # of the time; the rest is for a good set where the exact search does not come to an end


def rescue(
    network: Network,
    moves: Sequence[Move],
    promise: datetime | date,
    *,
    target: str | None = None,
    alternatives: int = 5,
    seconds: float = 10.0,
    should_stop: Callable[[], bool] = lambda: False,
) -> Rescue:
    """The cheapest ways to keep a promise about `target` (None: the whole plan) among `moves`.

    Searches until `alternatives` sets that keep the promise are found, or there are no more, or `seconds` are
    over. Raises ScheduleError for a plan that cannot be scheduled, RescueMoveError for a move that names what
    is not there or shortens an activity below nothing.
    """
    check_moves(network, moves, target)
    search = _Search(network, list(moves), target)
    due, deadline = to_finish_minutes(promise), time.monotonic() + _EXACT_SHARE * seconds
    begun = search.finish(search.nothing)
    front: list[tuple[Levels, int]] = []
    kept: list[Levels] = []
    best, bound, complete = begun, 0.0, True
    for levels, finish, cost in search.by_cost(due):
        bound = cost
        if finish <= due and not any(_contains(levels, other) for other in kept):
            kept.append(levels)
            front.append((levels, finish))
        elif finish > due and finish < best and not kept:
            front.append((levels, finish))
        best = min(best, finish)
        if len(kept) >= alternatives:
            break
        if time.monotonic() > deadline or should_stop():
            complete = False
            break
    if not complete and not kept:
        patience = time.monotonic() + (1 - _EXACT_SHARE) * seconds
        good = search.good_set(due, lambda: time.monotonic() > patience or should_stop())
        front.extend([(good, search.finish(good))] if good is not None else [])
    found = [search.alternative(levels, finish, begun, promise) for levels, finish in front if any(levels)]
    return Rescue(
        to_datetime(begun),
        to_datetime(due),
        tuple(found),
        complete or bool(kept),
        bound,
        len(search.results),
    )


def _contains(levels: Levels, other: Levels) -> bool:
    return all(a >= b for a, b in zip(levels, other, strict=True))


class _Search:
    """Sets of moves as levels per move, their schedules, and the order of cost."""

    def __init__(self, network: Network, moves: list[Move], target: str | None) -> None:
        self.network, self.moves, self.target = network, moves, target
        self.nothing: Levels = (0,) * len(moves)
        self.results: dict[Levels, tuple[int, frozenset[int]] | None] = {}

    def apply(self, levels: Levels) -> Network:
        """The plan with the moves made."""
        cut: dict[str, float] = {}
        dropped: set[tuple[str, str]] = set()
        added: list[Relation] = []
        for move, level in zip(self.moves, levels, strict=True):
            if level and move.activity is not None:
                cut[move.activity] = cut.get(move.activity, 0.0) + level * move.days_per_level
            if level:
                dropped.update(move.drop)
                added.extend(move.add)
        activities = [_shortened(a, cut[a.id]) if a.id in cut else a for a in self.network.activities]
        relations = [r for r in self.network.relations if (r.predecessor, r.successor) not in dropped]
        return replace(self.network, activities=activities, relations=[*relations, *added])

    def finish(self, levels: Levels) -> int:
        """Minutes at which the target ends."""
        result = self._look(levels)
        assert result is not None
        return result[0]

    def _look(self, levels: Levels) -> tuple[int, frozenset[int]] | None:
        """End and the moves that touch the driving chain; None where the moves make a cycle."""
        if levels not in self.results:
            try:
                network = self.apply(levels)
                result = schedule(network)
            except CycleError:
                self.results[levels] = None
                return None
            target = self.target or _last(network, result)
            end = int(result.shown_finish[result.index[target]])
            self.results[levels] = (end, self._touching(network, result, target))
        return self.results[levels]

    def _touching(self, network: Network, result: ScheduleResult, target: str) -> frozenset[int]:
        chain = driving_chain(network, result, target)
        activities = {link.activity.id for link in chain}
        relations = {(r.predecessor, r.successor) for link in chain if (r := link.relation) is not None}
        return frozenset(
            k
            for k, move in enumerate(self.moves)
            if move.activity in activities or any(pair in relations for pair in move.drop)
        )

    def price(self, levels: Levels) -> float:
        return sum(move.price(level) for move, level in zip(self.moves, levels, strict=True))

    def by_cost(self, due: int) -> Iterator[tuple[Levels, int, float]]:
        """Sets in order of cost, earlier ends first among equals; what keeps `due` is not built upon."""
        queue: list[tuple[float, int, Levels]] = [(0.0, self.finish(self.nothing), self.nothing)]
        seen = {self.nothing}
        while queue:
            cost, finish, levels = heapq.heappop(queue)
            yield levels, finish, cost
            if finish <= due:
                continue
            looked = self._look(levels)
            assert looked is not None
            for k in sorted(looked[1]):
                if levels[k] >= self.moves[k].levels or self._excluded(k, levels):
                    continue
                more = (*levels[:k], levels[k] + 1, *levels[k + 1 :])
                if more not in seen:
                    seen.add(more)
                    if (next_look := self._look(more)) is not None:
                        heapq.heappush(queue, (self.price(more), next_look[0], more))

    def good_set(self, due: int, stopped: Callable[[], bool]) -> Levels | None:
        """A set that keeps `due`, by gain for money, then improved by doing without each of its moves."""
        best = self._greedy(due, frozenset(), lambda: False)
        if best is None:
            return None
        improved = True
        while improved and not stopped():
            improved = False
            for k in self._dearest(best):
                other = self._greedy(due, frozenset({k}), stopped)
                if other is not None and self.price(other) < self.price(best) - 1e-9:
                    best, improved = other, True
                    break
        return best

    def _dearest(self, levels: Levels) -> list[int]:
        """The moves of a set, the dearest first."""
        made = [k for k, level in enumerate(levels) if level]
        return sorted(made, key=lambda k: -self.moves[k].price(levels[k]))

    def _greedy(self, due: int, without: frozenset[int], stopped: Callable[[], bool]) -> Levels | None:
        """Adds the move that gains most for its money until `due` is kept, then takes back what it can."""
        levels, finish = self.nothing, self.finish(self.nothing)
        while finish > due:
            if stopped():
                return None
            looked = self._look(levels)
            steps = []
            for k in sorted(looked[1] - without if looked else ()):
                if levels[k] < self.moves[k].levels and not self._excluded(k, levels):
                    more = (*levels[:k], self.moves[k].levels, *levels[k + 1 :])
                    if (there := self._look(more)) is not None:
                        extra = max(1e-6, self.price(more) - self.price(levels))
                        steps.append((-max(0, finish - there[0]) / extra, extra, more))
            if not steps:
                return None
            levels = min(steps)[2]
            finish = self.finish(levels)
        return self._pruned(levels, due)

    def _pruned(self, levels: Levels, due: int) -> Levels:
        """Takes back levels, those of the dearest moves first, as long as `due` is kept."""
        for k in self._dearest(levels):
            while levels[k]:
                fewer = (*levels[:k], levels[k] - 1, *levels[k + 1 :])
                looked = self._look(fewer)
                if looked is None or looked[0] > due:
                    break
                levels = fewer
        return levels

    def _excluded(self, k: int, levels: Levels) -> bool:
        group = self.moves[k].group
        return bool(group) and any(
            level and j != k and self.moves[j].group == group for j, level in enumerate(levels)
        )

    def alternative(self, levels: Levels, finish: int, begun: int, promise: datetime | date) -> Alternative:
        """The set with the effect of each move, checked again by a backward plan from the promise."""
        network = self.apply(levels)
        due = {self.target: promise} if self.target is not None else promise
        keeps = plan_backward(network, due).feasible
        if keeps != (finish <= to_finish_minutes(promise)):
            raise RuntimeError(f"forward and backward pass disagree about {levels}")
        effects = []
        for k, (move, level) in enumerate(zip(self.moves, levels, strict=True)):
            if level:
                without = self._look((*levels[:k], 0, *levels[k + 1 :]))
                days = 0.0 if without is None else (without[0] - finish) / 1440
                effects.append(Effect(move, level, move.price(level), days))
        gained = (begun - finish) / 1440
        return Alternative(tuple(effects), self.price(levels), to_datetime(finish), gained, keeps, network)


def _shortened(activity: Activity, days: float) -> Activity:
    left = work_left(activity)
    shorter = replace(left, amount=left.amount - days)
    if left is activity.remaining:
        return replace(activity, remaining=shorter)
    return replace(activity, duration=shorter)


def _last(network: Network, result: ScheduleResult) -> str:
    """The activity that ends last (the first of equals)."""
    return max(network.activities, key=lambda a: int(result.shown_finish[result.index[a.id]])).id
