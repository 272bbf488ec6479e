"""What moves the finish: rank correlation, and the swing between the best and the worst fifth."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from ..compiled import compiled
from .results import Driver, DriverKind
from .sampling import Sample, Sampler

FIFTH = float(-ndtri(0.2))

Floats = NDArray[np.float64]


@compiled
def _sweep(scores: Any, rank: Any, days: Any, edge: float, sums: Any) -> None:
    """Adds per item: products with the finish's score, squares, count and days in both outer fifths."""
    for i in range(len(scores)):
        line, own = scores[i], sums[i]
        product = square = low = low_days = high = high_days = 0.0
        for r in range(len(line)):
            score = line[r]
            product += score * rank[r]
            square += score * score
            if score < -edge:
                low += 1
                low_days += days[r]
            elif score > edge:
                high += 1
                high_days += days[r]
        own[0] += product
        own[1] += square
        own[2] += low
        own[3] += low_days
        own[4] += high
        own[5] += high_days


class Sensitivity:
    """Collects batch after batch; `drivers` gives the result. Scores are never kept."""

    def __init__(self, sampler: Sampler, threads: int | None = None) -> None:
        self.sampler, self.threads = sampler, threads
        model = sampler.model
        self.activities = np.zeros((len(sampler.uncertain), 6))
        self.causes = np.zeros((len(sampler.causes), 6))
        self.events = np.zeros((len(model.events), 6))
        self.branches = [np.zeros((len(branch.options), 3)) for branch in model.branches]
        self.runs, self.days, self.squares = 0, 0.0, 0.0

    def add(self, sample: Sample, days: Floats) -> None:
        """`days`: finish of each run in working days."""
        rank = ndtri((rankdata(days) - 0.5) / len(days))
        self._spread(sample.activity_scores, rank, days)
        _sweep(sample.cause_scores, rank, days, FIFTH, self.causes)
        self.runs += len(days)
        self.days += float(days.sum())
        self.squares += float(rank @ rank)
        for k, happens in enumerate(sample.event_happens):
            spread = happens - happens.mean()
            self.events[k] += (
                float(spread @ rank), float(spread @ spread), float((~happens).sum()),
                float(days[~happens].sum()), float(happens.sum()), float(days[happens].sum()),
            )  # fmt: skip
        for k, option in enumerate(sample.branch_option):
            for number, row in enumerate(self.branches[k]):
                gone = option == number
                row += (float(gone.sum()), float(days[gone].sum()), float(rank[gone].sum()))

    def _spread(self, scores: Any, rank: Floats, days: Floats) -> None:
        """The rows of all activities, shared among the processor cores."""
        workers = max(1, min(self.threads or os.cpu_count() or 1, len(scores) // 128))
        edges = [len(scores) * w // workers for w in range(workers + 1)]

        def part(w: int) -> None:
            rows = slice(edges[w], edges[w + 1])
            _sweep(scores[rows], rank, days, FIFTH, self.activities[rows])

        if workers == 1:
            part(0)
        else:
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(part, range(workers)))

    def drivers(self, criticality: dict[str, float]) -> tuple[Driver, ...]:
        """All uncertain things, the widest swing first."""
        sampler, model = self.sampler, self.sampler.model
        names = {a.id: a.name or a.id for a in model.network.activities}
        found = [
            self._driver(DriverKind.ACTIVITY, u.activity, names[u.activity], row, criticality.get(u.activity))
            for u, row in zip(sampler.uncertain, self.activities, strict=True)
        ]
        found += [
            self._driver(DriverKind.CAUSE, cause, cause, row)
            for cause, row in zip(sampler.causes, self.causes, strict=True)
        ]
        found += [
            self._driver(DriverKind.EVENT, event.id, event.name or event.id, row)
            for event, row in zip(model.events, self.events, strict=True)
        ]
        for branch, rows in zip(model.branches, self.branches, strict=True):
            gone = rows[rows[:, 0] > 0]
            off = gone[:, 1] / gone[:, 0] - self.days / self.runs
            between = float((gone[:, 2] ** 2 / gone[:, 0]).sum())
            correlation = float(np.sqrt(between / self.squares)) if self.squares else 0.0
            found.append(
                Driver(
                    DriverKind.BRANCH, branch.id, branch.name or branch.id, correlation, float(off.min()),
                    float(off.max()),
                )
            )  # fmt: skip
        return tuple(sorted(found, key=lambda driver: (-abs(driver.swing_days), driver.id)))

    def _driver(
        self, kind: DriverKind, id: str, name: str, row: Floats, criticality: float | None = None
    ) -> Driver:
        mean = self.days / self.runs
        product, square, low, low_days, high, high_days = row
        scale = np.sqrt(square * self.squares)
        return Driver(
            kind,
            id,
            name,
            float(product / scale) if scale else 0.0,
            float(low_days / low - mean) if low else 0.0,
            float(high_days / high - mean) if high else 0.0,
            criticality,
        )
