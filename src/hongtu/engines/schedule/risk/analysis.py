"""Run a risk model: batches of Latin hypercubes until the P80 dates stand still."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..model import Network
from ..scenarios import ScenarioPlan
from .model import Mitigation, Promise, RiskModel, RiskModelError
from .results import (
    BeforeAndAfter,
    Effect,
    Minutes,
    PromiseRisk,
    RiskResult,
    day_number,
    plain_date,
    quantile_days,
)
from .sampling import Sampler, SampleSizeError
from .sensitivity import Sensitivity

BATCH = 2_000
STABLE_SHARE = 0.8

Report = Callable[[int, int, float], None]
"""Called after each batch with runs done, runs at most, and the present half width in working days."""


@dataclass(frozen=True)
class RiskSettings:
    """How long to draw. With `tolerance_days` drawing stops once the P80 of every promise is known to within
    so many working days (half of the 95 % interval by order statistics), but not before `at_least` runs."""

    runs: int = 10_000
    seed: int = 1
    tolerance_days: float | None = None
    at_least: int = 4_000
    sensitivity: bool = True
    criticality: bool = True
    focus: str = ""
    """Promise whose finish sensitivity looks at; empty: the last of all."""
    threads: int | None = None


class RiskAnalysis:
    """A risk model prepared for drawing; `run` may be called again with other settings."""

    def __init__(self, model: RiskModel) -> None:
        self.model = model
        self.plan = ScenarioPlan(model.network)
        self.promises = tuple(model.promises) or (Promise("all", model.network.must_finish_by),)
        self._groups = [self._watch(p) for p in self.promises]
        self.watched = tuple(dict.fromkeys(a for group in self._groups for a in group or ()))

    def _watch(self, promise: Promise) -> tuple[str, ...] | None:
        """The activities whose last finish is the promise's; None for the finish of the network."""
        if not promise.activities:
            return None
        inside = set(self.plan.ids)
        chosen = tuple(a for a in promise.activities if a in inside)
        if not chosen:
            raise RiskModelError(
                f"Promise {promise.name} names no activity with a duration of its own.",
                subjects=(promise.name,),
                remedy="Name at least one activity that is not a level of effort.",
            )
        ends = _ends(self.model.network, set(chosen))
        return tuple(a for a in chosen if a in ends)

    def run(self, settings: RiskSettings | None = None, report: Report | None = None) -> RiskResult:
        """Draw and schedule. Raises `SampleSizeError` for fewer than one run."""
        chosen = settings or RiskSettings()
        if chosen.runs < 1:
            raise SampleSizeError(f"{chosen.runs} runs cannot be drawn.", remedy="Ask for at least one run.")
        sampler = Sampler(self.model, self.plan, chosen.seed)
        focus = next((k for k, p in enumerate(self.promises) if p.name == chosen.focus), None)
        found: list[Minutes] = []
        critical = np.zeros(len(self.plan.ids))
        influence = Sensitivity(sampler, chosen.threads) if chosen.sensitivity else None
        done, half_width, converged = 0, float("inf"), False
        for batch in range(-(-chosen.runs // BATCH)):
            size = min(BATCH, chosen.runs - done)
            sample = sampler.draw(batch, size, chosen.threads)
            outcome = self.plan.run(
                sample.durations, watch=self.watched, criticality=chosen.criticality, threads=chosen.threads
            )
            finish = self._finishes(outcome.project_finish, outcome.finish)
            found.append(finish)
            if chosen.criticality:
                critical += outcome.criticality * size
            if influence:
                target = outcome.project_finish if focus is None else finish[focus]
                influence.add(sample, self._work(target))
            done += size
            stopping = chosen.tolerance_days is not None and done >= chosen.at_least
            if stopping or report or done == chosen.runs:
                half_width = self._half_width(np.concatenate(found, axis=1))
            if report:
                report(done, chosen.runs, half_width)
            if stopping and chosen.tolerance_days is not None:
                converged = half_width <= chosen.tolerance_days
                if converged:
                    break
        every = np.concatenate(found, axis=1)
        shares = (
            dict(zip(self.plan.ids, (critical / done).tolist(), strict=True)) if chosen.criticality else {}
        )
        return RiskResult(
            runs=done,
            seed=chosen.seed,
            converged=converged,
            half_width_days=half_width,
            promises=tuple(self._promise(k, every[k]) for k in range(len(self.promises))),
            drivers=influence.drivers(shares) if influence else (),
            criticality=shares,
        )

    def _finishes(self, project: Minutes, watched: Minutes) -> Minutes:
        """Per promise and run the last finish."""
        place = {id: i for i, id in enumerate(self.watched)}
        rows = [
            project if group is None else watched[[place[a] for a in group]].max(axis=0)
            for group in self._groups
        ]
        return np.stack(rows)

    def _work(self, moments: Minutes) -> NDArray[np.float64]:
        """Moments as working days on the network's default calendar, from the start of its tables."""
        p, t = self.plan.planner.prepared, self.plan.planner.timeline
        calendar = p.network.calendar()
        own = [c.id for c in p.calendars].index(calendar.id)
        inside = np.clip(moments - t.base, 0, t.end)
        days = np.minimum(inside // 1440, t.days - 1)
        minutes = t.cumulative[own][days] + t.before[t.pattern[own][days], inside - days * 1440]
        return np.asarray(minutes / calendar.minutes_per_day, np.float64)

    def _half_width(self, every: Minutes) -> float:
        """Half of the 95 % interval of the least certain P80, by the binomial law of order statistics."""
        runs = every.shape[1]
        reach = 1.96 * np.sqrt(STABLE_SHARE * (1 - STABLE_SHARE) / runs)
        low = int(max(0, np.floor((STABLE_SHARE - reach) * runs)))
        high = int(min(runs - 1, np.ceil((STABLE_SHARE + reach) * runs)))
        ordered = np.partition(every, (low, high), axis=1)
        return float((self._work(ordered[:, high]) - self._work(ordered[:, low])).max() / 2)

    def _promise(self, k: int, finish: Minutes) -> PromiseRisk:
        promise, due = self.promises[k], plain_date(self.promises[k].due)
        chance, error, delay = None, 0.0, 0.0
        if due is not None:
            limit = (day_number(due) + 1) * 1440
            chance = float((finish <= limit).mean())
            error = float(np.sqrt(chance * (1 - chance) / len(finish)))
            delay = float(np.maximum(self._work(finish) - self._work(np.array([limit])), 0).mean())
        planned = self._finishes_as_planned()[k]
        p50, p80, p95 = quantile_days(finish, (0.5, STABLE_SHARE, 0.95))
        return PromiseRisk(
            name=promise.name,
            due=due,
            chance=chance,
            chance_error=error,
            planned=quantile_days(np.array([planned]), (1.0,))[0],
            p50=p50,
            p80=p80,
            p95=p95,
            mean_delay_days=delay,
            finish=finish,
        )

    def _finishes_as_planned(self) -> Minutes:
        if not hasattr(self, "_planned"):
            outcome = self.plan.run(self.plan.base_duration[:, None], watch=self.watched, threads=1)
            self._planned: Minutes = self._finishes(outcome.project_finish, outcome.finish)[:, 0]
        return self._planned

    def working_days(self, earlier: Minutes, later: Minutes) -> NDArray[np.float64]:
        """Working days of the default calendar from one moment to another, element by element."""
        return self._work(later) - self._work(earlier)


def _ends(network: Network, inside: set[str]) -> set[str]:
    """The activities among which the last finish of `inside` is: those that no other one must outlast.

    A finish-to-start relation without a lead makes its successor finish no earlier, unless the successor has
    begun out of sequence or is nailed to a date.
    """
    loose = {
        a.id
        for a in network.activities
        if a.actual_start is None and not any(c.kind.startswith("MANDATORY") for c in a.constraints)
    }
    followed = {
        r.predecessor
        for r in network.relations
        if r.type == "FS" and r.lag.amount >= 0 and r.successor in inside and r.successor in loose
    }
    return inside - followed


def assess_risk(
    model: RiskModel, settings: RiskSettings | None = None, report: Report | None = None
) -> RiskResult:
    """One analysis of one model: see `RiskSettings` for what is drawn."""
    return RiskAnalysis(model).run(settings, report)


def compare_measures(
    model: RiskModel, measures: Sequence[Mitigation], settings: RiskSettings | None = None
) -> BeforeAndAfter:
    """The same futures without and with the measures."""
    first, second = RiskAnalysis(model), RiskAnalysis(model.mitigated(measures))
    before, after = first.run(settings), second.run(settings)

    def p80(risk: PromiseRisk) -> Minutes:
        return np.array([np.quantile(risk.finish, STABLE_SHARE, method="inverted_cdf")], np.int64)

    effects = [
        Effect(old.name, old, new, float(first.working_days(p80(new), p80(old))[0]))
        for old, new in zip(before.promises, after.promises, strict=True)
    ]
    return BeforeAndAfter(before, after, tuple(effects), tuple(measure.name for measure in measures))
