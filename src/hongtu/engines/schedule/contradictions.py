"""Constraints that cannot hold together, explained by a smallest set of them.

Dates can contradict each other only along the relations: something that may not begin before one date, then
a chain of work, then something that must be done by another. Every minimal contradiction is therefore one
lower date, one upper date and the chain between; the one with the fewest links is found by walking back
from each upper date, one relation at a time, with the latest time that would still do.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from .calendars import to_datetime
from .cpm import Planner
from .errors import ImpossibleConstraintsError
from .model import ConstraintKind, Network, Relation
from .passes import DONE, NEVER, NONE

UPPER = {
    ConstraintKind.START_NO_LATER_THAN,
    ConstraintKind.FINISH_NO_LATER_THAN,
    ConstraintKind.MUST_START_ON,
    ConstraintKind.MUST_FINISH_ON,
    ConstraintKind.MANDATORY_START,
    ConstraintKind.MANDATORY_FINISH,
}
LOWER = {
    ConstraintKind.START_NO_EARLIER_THAN,
    ConstraintKind.FINISH_NO_EARLIER_THAN,
    ConstraintKind.MUST_START_ON,
    ConstraintKind.MUST_FINISH_ON,
    ConstraintKind.MANDATORY_START,
    ConstraintKind.MANDATORY_FINISH,
}


@dataclass(frozen=True)
class Contradiction:
    """A smallest set that cannot hold: remove or move any one element and this contradiction is gone."""

    activities: tuple[str, ...]
    """From the one that may not begin earlier to the one that must be done by then."""
    relations: tuple[Relation, ...]
    lower: str
    upper: str
    short_minutes: int
    """Worked minutes (of the first activity's calendar) by which it fails."""

    @property
    def message(self) -> str:
        """One sentence naming both dates and the chain."""
        chain = " -> ".join(self.activities)
        return f"{self.lower} and {self.upper} cannot both hold along {chain}."


def contradictions(network: Network, limit: int = 20) -> tuple[Contradiction, ...]:
    """A smallest contradiction for each of up to `limit` upper dates that cannot be kept, smallest first.

    Upper dates are SNLT, FNLT, MSO, MFO, mandatory dates, deadlines and must-finish-by. Empty when all
    can hold. Raises `ScheduleError` as `schedule` does.
    """
    search = _Search(network)
    found = [c for at in search.violated()[:limit] if (c := search.smallest(at)) is not None]
    return tuple(sorted(found, key=lambda c: (len(c.activities), -c.short_minutes, c.activities)))


def require_possible(network: Network) -> None:
    """Raises `ImpossibleConstraintsError` with the smallest contradictory set, if there is one."""
    found = contradictions(network)
    if found:
        raise ImpossibleConstraintsError(
            found[0].message,
            subjects=found[0].activities,
            remedy="Move one of the two dates, shorten the work between them or remove a relation.",
        )


class _Search:
    def __init__(self, network: Network) -> None:
        self.network, self.planner = network, Planner(network)
        self.result = self.planner.run(hold_all=True)
        self.p, self.t = self.planner.prepared, self.planner.timeline
        self.lag = {}
        for slot, k in enumerate(self.p.layout.slots.tolist()):
            self.lag[k] = int(self.planner.lag[slot])
        self.into: dict[int, list[int]] = defaultdict(list)
        for k, head in enumerate(self.p.successor.tolist()):
            self.into[head].append(k)

    def violated(self) -> list[int]:
        """Activities with an upper date of their own that they miss, the worst first."""
        bad = []
        for at in range(self.p.count):
            if self.p.rounding[at] == DONE or (ceiling := self._ceiling(at)) is None:
                continue
            short = self._floor_work(at) - ceiling
            if short > 0:
                bad.append((-short, at))
        return [at for _, at in sorted(bad)]

    def _floor_work(self, at: int) -> int:
        """Worked minute at which everything before it lets the activity begin, its own mandate apart."""
        p, own = self.p, int(self.p.calendar[at])
        works = [self._own_floor(at)]
        for k in self.into[at]:
            tail = p.activities[int(p.predecessor[k])]
            column = self.result.early_finish if p.from_finish[k] else self.result.early_start
            held = int(column[self.result.index[tail.id]])
            moment = self.t.move(int(p.lag_calendar[k]), held, self.lag[k])
            works.append(self.t.work(own, moment) - (int(p.duration[at]) if p.to_finish[k] else 0))
        return max(works)

    def _own_floor(self, at: int) -> int:
        p, t, own = self.p, self.t, int(self.p.calendar[at])
        if p.mandatory[at] != NONE and p.mandatory_early[at]:
            length = int(p.duration[at]) if p.mandatory_finish[at] else 0
            return t.work(own, int(p.mandatory[at])) - length
        floor = t.work(own, int(p.start_floor[at]))
        if p.finish_floor[at] != NONE:
            floor = max(floor, t.work(own, int(p.finish_floor[at])) - int(p.duration[at]))
        return floor

    def _ceiling(self, at: int) -> int | None:
        """Worked minute by which the activity must begin for its own upper dates."""
        p, t, own, length = self.p, self.t, int(self.p.calendar[at]), int(self.p.duration[at])
        works = []
        if p.start_ceiling[at] != NEVER:
            works.append(t.work(own, int(p.start_ceiling[at])))
        if p.finish_ceiling[at] != NEVER:
            works.append(t.work(own, int(p.finish_ceiling[at])) - length)
        if p.must_finish_by is not None:
            works.append(t.work(own, p.must_finish_by) - length)
        if p.mandatory[at] != NONE:
            works.append(t.work(own, int(p.mandatory[at])) - (length if p.mandatory_finish[at] else 0))
        return min(works) if works else None

    def smallest(self, end: int) -> Contradiction | None:
        """Fewest relations back from `end` to an activity that may not begin as early as it would have to."""
        ceiling = self._ceiling(end)
        if ceiling is None:
            return None
        layer: dict[int, tuple[int, tuple[int, ...]]] = {end: (ceiling, ())}
        for _ in range(self.p.count + 1):
            hits = [
                (self._own_floor(at) - limit, at, trail)
                for at, (limit, trail) in layer.items()
                if self._own_floor(at) > limit and (trail or self.p.mandatory[at] == NONE)
            ]
            if hits:
                return self._describe(end, *max(hits, key=lambda hit: (hit[0], -hit[1])))
            layer = self._step_back(layer)
            if not layer:
                return None
        return None

    def _step_back(
        self, layer: dict[int, tuple[int, tuple[int, ...]]]
    ) -> dict[int, tuple[int, tuple[int, ...]]]:
        p, t = self.p, self.t
        before: dict[int, tuple[int, tuple[int, ...]]] = {}
        for at, (limit, trail) in layer.items():
            own, length = int(p.calendar[at]), int(p.duration[at])
            start = t.start_of(own, limit)
            finish = t.start_of(own, limit + length - 1) + 1 if length else start
            for k in self.into[at]:
                tail = int(p.predecessor[k])
                if p.rounding[tail] == DONE:
                    continue
                theirs = int(p.calendar[tail])
                moment = t.move(int(p.lag_calendar[k]), finish if p.to_finish[k] else start, -self.lag[k])
                reach = t.work(theirs, moment) - (int(p.duration[tail]) if p.from_finish[k] else 0)
                if tail not in before or reach < before[tail][0]:
                    before[tail] = reach, (k, *trail)
        return before

    def _describe(self, end: int, short: int, at: int, trail: tuple[int, ...]) -> Contradiction:
        p = self.p
        chain = [at, *(int(p.successor[k]) for k in trail)]
        return Contradiction(
            activities=tuple(p.activities[i].label for i in chain),
            relations=tuple(self.network.relations[int(p.relation_index[k])] for k in trail),
            lower=self._lower(at),
            upper=self._upper(end),
            short_minutes=short,
        )

    def _lower(self, at: int) -> str:
        activity = self.p.activities[at]
        for constraint in activity.constraints:
            if constraint.kind in LOWER and activity.actual_start is None:
                return f"{constraint.kind} {constraint.moment} of {activity.label}"
        what = "data date" if self.p.data_date >= self.p.start else "project start"
        return f"the {what} {to_datetime(self.p.start):%Y-%m-%d %H:%M}"

    def _upper(self, at: int) -> str:
        """The tightest upper date of an activity, in words."""
        activity, choices = self.p.activities[at], []
        for constraint in activity.constraints:
            if constraint.kind in UPPER:
                choices.append((str(constraint.moment), f"{constraint.kind} {constraint.moment}"))
        if activity.deadline is not None:
            choices.append((str(activity.deadline), f"deadline {activity.deadline}"))
        if choices:
            return f"{min(choices)[1]} of {activity.label}"
        return f"must finish by {self.network.must_finish_by} for {activity.label}"
