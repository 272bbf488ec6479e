"""Latin hypercube samples of all durations of a network, correlated by cause; reproducible item by item.

In each batch every uncertain item (activity, cause, event, branch) gets the same n normal scores, one from
each of n equally likely strata, in an order of its own. The order is drawn from a generator seeded by the
item's identifier, the seed and the batch: a measure that removes one risk leaves all other random numbers
alone, so that a comparison before and after shows the measure and not chance.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ..compiled import compiled
from ..errors import ScheduleError
from ..model import Unit
from ..scenarios import ScenarioPlan
from .distributions import SCORES, tabulate
from .model import RiskModel, Uncertainty

# Single precision, so that the compiled loop stays in it.
_GRID: tuple[Any, Any] = np.float32(SCORES[-1]), np.float32((len(SCORES) - 1) / (2 * SCORES[-1]))

Scores = NDArray[np.float32]


class SampleSizeError(ScheduleError):
    """A number of runs nobody can draw from."""

    code = "schedule.invalid-sample-size"


@compiled
def _shuffle(seed: Any, scores: Any) -> None:
    """Fisher-Yates in place; random numbers by splitmix64 (Steele, Lea and Flood 2014)."""
    state = seed
    for i in range(len(scores) - 1, 0, -1):
        state += np.uint64(0x9E3779B97F4A7C15)
        mixed = state
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
        j = np.int64(((mixed >> np.uint64(32)) * np.uint64(i + 1)) >> np.uint64(32))
        kept = scores[i]
        scores[i] = scores[j]
        scores[j] = kept


@compiled
def _shuffled(seeds: Any, strata: Any, out: Any) -> None:
    """One row of scores per seed."""
    for i in range(len(seeds)):
        out[i, :] = strata
        _shuffle(seeds[i], out[i])


@compiled
def _durations(
    first: int,
    last: int,
    seeds: Any,
    strata: Any,
    own: Any,
    pointer: Any,
    cause: Any,
    loading: Any,
    factors: Any,
    table: Any,
    rows: Any,
    limit: float,
    per_score: float,
    scores: Any,
    durations: Any,
) -> None:
    """Scores of uncertain activities `first`..`last` and the durations (slots) they mean."""
    top = table.shape[1] - 2
    for i in range(first, last):
        line = scores[i]
        line[:] = strata
        _shuffle(seeds[i], line)
        if pointer[i + 1] > pointer[i]:
            for r in range(len(line)):
                line[r] *= own[i]
            for k in range(pointer[i], pointer[i + 1]):
                for r in range(len(line)):
                    line[r] += loading[k] * factors[cause[k], r]
        values, target = table[i], durations[rows[i]]
        for r in range(len(line)):
            place = min(max((line[r] + limit) * per_score, np.float32(0)), np.float32(top + 1))
            at = min(np.int32(place), top)
            days = values[at] + (place - at) * (values[at + 1] - values[at])
            target[r] = np.int32(days + np.float32(0.5))


@dataclass(frozen=True)
class Sample:
    """One batch. `durations` (activities, runs) in slots; scores by kind of item: shape (items, runs)."""

    durations: NDArray[np.int32]
    activity_scores: Scores
    cause_scores: Scores
    event_happens: NDArray[np.bool_]
    branch_option: NDArray[np.int64]


class Sampler:
    """A risk model bound to the rows and slots of a scenario plan."""

    def __init__(self, model: RiskModel, plan: ScenarioPlan, seed: int) -> None:
        self.model, self.plan, self.seed = model, plan, seed
        self.row = {id: i for i, id in enumerate(plan.ids)}
        self.uncertain = [u for u in model.uncertainties if self._open(u.activity)]
        self.causes = tuple(dict.fromkeys(name for u in self.uncertain for name in u.causes))
        self._slots = [self._slots_per_day(u.activity) for u in self.uncertain]
        table = tabulate([u.duration for u in self.uncertain])
        scale = np.array(
            [s * self._part(u) for s, u in zip(self._slots, self.uncertain, strict=True)], np.float32
        )
        self.table = table * scale[:, None] if len(scale) else np.zeros((0, len(SCORES)), np.float32)
        self.rows = np.array([self.row[u.activity] for u in self.uncertain], np.int64)
        place = {name: i for i, name in enumerate(self.causes)}
        loads = [[(place[name], load) for name, load in u.causes.items()] for u in self.uncertain]
        self.pointer = np.cumsum([0, *map(len, loads)]).astype(np.int64)
        self.cause = np.array([c for row in loads for c, _load in row], np.int64)
        self.loading = np.array([load for row in loads for _c, load in row], np.float32)
        explained = np.array([sum(load * load for _c, load in row) for row in loads])
        self.own = np.sqrt(np.clip(1 - explained, 0, None)).astype(np.float32)
        self._impacts = [
            (e, [(self.row[a], self._slots_per_day(a), a) for a in e.impacts if self._open(a)])
            for e in model.events
        ]
        tables = [tabulate([e.impacts[a] for _row, _slots, a in hit]) for e, hit in self._impacts]
        self._impact_tables = tables

    def _open(self, activity: str) -> bool:
        """Whether the activity still has work that can take more or less time."""
        row = self.row.get(activity)
        return row is not None and self.plan.planner.prepared.activities[row].actual_finish is None

    def _slots_per_day(self, activity: str) -> float:
        p = self.plan.planner.prepared
        row = self.row[activity]
        elapsed = p.activities[row].duration.unit is Unit.CALENDAR_DAY
        return (1440 if elapsed else int(self.plan.planner.minutes_per_day[row])) / self.plan.slot

    def _part(self, uncertainty: Uncertainty) -> float:
        """Share of the whole duration that is left of an activity in progress."""
        p, row = self.plan.planner.prepared, self.row[uncertainty.activity]
        activity = p.activities[row]
        if uncertainty.remaining or activity.actual_start is None:
            return 1.0
        whole = activity.duration.in_minutes(p.calendars[int(p.calendar[row])])
        return min(1.0, float(p.duration[row]) / whole) if whole else 0.0

    def _seeds(self, kind: str, names: list[str], batch: int) -> NDArray[np.uint64]:
        start = f"{self.seed}/{batch}/{kind}/".encode()
        digests = [blake2b(start + name.encode(), digest_size=8).digest() for name in names]
        return np.frombuffer(b"".join(digests), np.uint64).copy()

    def draw(self, batch: int, runs: int, threads: int | None = None) -> Sample:
        """One batch of `runs` futures; the same batch number gives the same futures."""
        if runs < 1:
            raise SampleSizeError(f"{runs} runs cannot be drawn.", remedy="Ask for at least one run.")
        fresh = np.random.default_rng([self.seed & 0xFFFFFFFF, batch])
        strata = ndtri((np.arange(runs) + fresh.uniform(1e-6, 1 - 1e-6, runs)) / runs).astype(np.float32)
        factors = self._scores("cause", list(self.causes), batch, strata)
        durations = np.empty((len(self.plan.ids), runs), np.int32)
        durations[:] = self.plan.base_duration[:, None]
        scores = np.empty((len(self.uncertain), runs), np.float32)
        self._fill(batch, strata, factors, scores, durations, threads)
        happens = self._events(batch, strata, durations)
        return Sample(durations, scores, factors, happens, self._branches(batch, strata, durations))

    def _scores(self, kind: str, names: list[str], batch: int, strata: Scores) -> Scores:
        out = np.empty((len(names), len(strata)), np.float32)
        if names:
            _shuffled(self._seeds(kind, names, batch), strata, out)
        return out

    def _fill(
        self,
        batch: int,
        strata: Scores,
        factors: Scores,
        scores: Scores,
        durations: NDArray[np.int32],
        threads: int | None,
    ) -> None:
        count = len(self.uncertain)
        seeds = self._seeds("activity", [u.activity for u in self.uncertain], batch)
        workers = max(1, min(threads or os.cpu_count() or 1, count // 64))
        edges = [count * w // workers for w in range(workers + 1)]

        def part(worker: int) -> None:
            _durations(
                edges[worker], edges[worker + 1], seeds, strata, self.own, self.pointer, self.cause,
                self.loading, factors, self.table, self.rows, *_GRID, scores,
                durations,
            )  # fmt: skip

        if workers == 1:
            part(0)
        else:
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(part, range(workers)))

    def _events(self, batch: int, strata: Scores, durations: NDArray[np.int32]) -> NDArray[np.bool_]:
        names = [event.id for event in self.model.events]
        chance, severity = (
            self._scores("event", names, batch, strata),
            self._scores("severity", names, batch, strata),
        )
        happens = np.zeros(chance.shape, np.bool_)
        for k, (event, hit) in enumerate(self._impacts):
            happens[k] = chance[k] < (ndtri(event.probability) if event.probability < 1 else np.inf)
            for j, (row, slots, _activity) in enumerate(hit):
                days = np.interp(severity[k], SCORES, self._impact_tables[k][j])
                durations[row] += np.where(happens[k], np.rint(days * slots), 0).astype(np.int32)
        return happens

    def _branches(self, batch: int, strata: Scores, durations: NDArray[np.int32]) -> NDArray[np.int64]:
        scores = self._scores("branch", [b.id for b in self.model.branches], batch, strata)
        chosen = np.zeros(scores.shape, np.int64)
        for k, branch in enumerate(self.model.branches):
            edges = np.cumsum([option.probability for option in branch.options])[:-1]
            chosen[k] = np.searchsorted(ndtri(np.clip(edges, 0, 1)), scores[k], side="right")
            for number, option in enumerate(branch.options):
                for activity in option.activities:
                    if self._open(activity):
                        durations[self.row[activity]][chosen[k] != number] = 0
        return chosen
