"""What a blocked step costs: working days on promises, its own and its neighbours', chances, money.

A block holds a step until a day. The plan is scheduled with and without it, on the planned durations and on
the same few hundred possible futures; the difference is the consequence. For an open problem the block lasts
as long as it would without anybody's doing, so that its consequence is what solving it today saves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from .calendars import MINUTES_PER_DAY, to_datetime, to_minutes
from .errors import MissingActivityError
from .risk.analysis import RiskAnalysis
from .risk.model import RiskModel
from .risk.results import day_number, plain_date
from .risk.sampling import Sampler

Minutes = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """A step that cannot be worked before `until` (the first day it can), because of the problem `id`."""

    id: str
    activity: str
    until: date


@dataclass(frozen=True)
class Spending:
    """Planned money of a chain by month: {(year, month): amount}; within a month evenly by calendar day."""

    months: Mapping[tuple[int, int], float]

    def between(self, first: date, last: date) -> float:
        """Amount planned from `first` to before `last`."""
        total = 0.0
        for (year, month), amount in self.months.items():
            begin = date(year, month, 1)
            end = date(year + month // 12, month % 12 + 1, 1)
            shared = (min(last, end) - max(first, begin)).days
            total += amount * max(0, shared) / (end - begin).days
        return total

    def delayed(self, days: int, since: date, horizon: date) -> float:
        """Amount pushed beyond `horizon` (the first day after) when all from `since` on comes later."""
        return self.between(max(since, horizon - timedelta(days)), horizon) if days > 0 else 0.0


@dataclass(frozen=True)
class PromiseEffect:
    """What a block does to one promise. Days are working days of the default calendar."""

    promise: str
    finish_before: date
    finish_after: date
    days: float
    late_days: float
    """Of these the days beyond the promised date; 0 without a date."""
    chance_before: float | None
    chance_after: float | None
    money_delayed: float

    @property
    def chance_lost(self) -> float:
        """Probability of the promised date that the block takes away."""
        return (self.chance_before or 0.0) - (self.chance_after or 0.0)


@dataclass(frozen=True)
class Consequence:
    """All effects of one block: `own` on the step's own promise, `neighbours` on the others it moves."""

    block: Block
    step_days: float
    """Working days the step itself is put off."""
    own: PromiseEffect | None
    neighbours: tuple[PromiseEffect, ...]

    @property
    def effects(self) -> tuple[PromiseEffect, ...]:
        """Own and neighbours'."""
        return (self.own, *self.neighbours) if self.own else self.neighbours

    @property
    def days(self) -> float:
        """Working days that solving it today saves on all promises together."""
        return sum(effect.days for effect in self.effects)

    @property
    def late_days(self) -> float:
        """Working days beyond promised dates, all promises together."""
        return sum(effect.late_days for effect in self.effects)

    @property
    def chance_lost(self) -> float:
        """Expected number of promises broken by it."""
        return sum(effect.chance_lost for effect in self.effects)

    @property
    def money_delayed(self) -> float:
        """Money pushed beyond the horizon."""
        return sum(effect.money_delayed for effect in self.effects)


class ConsequenceStudy:
    """A risk model (its promises are the chains) with the futures drawn once for any number of blocks.

    `spending` by promise name; `horizon` is the first day after the plan year. Some 20 ms a block for 1,200
    steps and 500 futures.
    """

    def __init__(
        self,
        model: RiskModel,
        spending: Mapping[str, Spending] | None = None,
        horizon: date | None = None,
        *,
        runs: int = 500,
        seed: int = 1,
    ) -> None:
        self.analysis = RiskAnalysis(model)
        self.plan = self.analysis.plan
        self.spending, network = dict(spending or {}), model.network
        self.now = plain_date(network.data_date or network.start) or date.min
        self.horizon = horizon or date(self.now.year + 1, 1, 1)
        drawn = Sampler(model, self.plan, seed).draw(0, runs).durations
        self.durations = np.concatenate([self.plan.base_duration[:, None], drawn], axis=1)
        self.home = {a: p.name for p in self.analysis.promises for a in p.activities}
        self.steps = tuple(self.plan.ids)
        first = self.plan.run(self.durations, watch=self.analysis.watched)
        self.before = self.analysis._finishes(first.project_finish, first.finish)
        planned = self.plan.run(self.durations[:, :1], watch=self.steps)
        self.step_before = dict(zip(self.steps, planned.finish[:, 0].tolist(), strict=True))

    def assess(self, block: Block) -> Consequence:
        """Consequence of one block. Raises `MissingActivityError` for an unknown step."""
        if block.activity not in self.step_before:
            raise MissingActivityError(
                f"{block.activity!r}, which problem {block.id} blocks, is not in the plan.",
                subjects=(block.activity,),
                remedy="Name a step of the plan.",
            )
        held = self.plan.held({block.activity: to_minutes(block.until)})
        outcome = held.run(self.durations, watch=(*self.analysis.watched, block.activity))
        after = self.analysis._finishes(outcome.project_finish, outcome.finish[:-1])
        home, own, others = self.home.get(block.activity), None, []
        for k, promise in enumerate(self.analysis.promises):
            if (after[k] == self.before[k]).all():
                continue
            effect = self._effect(k, self.before[k], after[k])
            if promise.name == home:
                own = effect
            else:
                others.append(effect)
        step = self._between(self.step_before[block.activity], int(outcome.finish[-1, 0]))
        return Consequence(block, step, own, tuple(sorted(others, key=lambda e: (-e.days, e.promise))))

    def _effect(self, k: int, before: Minutes, after: Minutes) -> PromiseEffect:
        promise = self.analysis.promises[k]
        old, new = int(before[0]), int(after[0])
        due, late = plain_date(promise.due), 0.0
        chances: tuple[float | None, float | None] = (None, None)
        if due is not None:
            limit = (day_number(due) + 1) * MINUTES_PER_DAY
            late = max(0.0, self._between(max(old, limit), new))
            chances = (float((before[1:] <= limit).mean()), float((after[1:] <= limit).mean()))
        plan = self.spending.get(promise.name)
        first, last = to_datetime(old - 1).date(), to_datetime(new - 1).date()
        return PromiseEffect(
            promise.name,
            first,
            last,
            self._between(old, new),
            late,
            *chances,
            plan.delayed((last - first).days, self.now, self.horizon) if plan else 0.0,
        )

    def _between(self, earlier: int, later: int) -> float:
        return float(self.analysis.working_days(np.array([earlier]), np.array([later]))[0])

    def rank(self, blocks: Iterable[Block]) -> list[Consequence]:
        """Consequences, the worst first: see `ranked`."""
        return ranked([self.assess(block) for block in blocks])


def ranked(consequences: Sequence[Consequence]) -> list[Consequence]:
    """Worst first: days beyond promised dates, then promises expected to break, days on any finish, money.

    Days that break a promise outweigh days that eat float; how long a problem has been open plays no part.
    """
    return sorted(
        consequences,
        key=lambda c: (-c.late_days, -round(c.chance_lost, 3), -c.days, -c.money_delayed, c.block.id),
    )
