"""How long approvals really take: learned from finished steps, cautious where there are few.

The estimate is Bayesian: a Dirichlet process (Ferguson 1973) whose prior for one office handling one matter
is what all offices show for the matter, and whose prior for the matter is a default spread about the
committed (or statutory) days. `weight` imaginary observations stand behind each prior: with none of its own
an office gets the default, with many its own quantiles. Before that, priors are stretched by pace: how the
district, and how the office in all its other matters, does against the committed days (means of log ratios,
shrunk by the same weight). Steps still under way count as "longer than so far" (Susarla and
Van Ryzin 1976), so that leaving out the slow ones does not flatter the estimate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..errors import ScheduleError
from .distributions import Pert, Quantiles

Floats = NDArray[np.float64]

QUANTILES = tuple(
    np.round(np.concatenate([[0.0, 0.01, 0.025], np.arange(0.05, 1, 0.05), [0.975, 0.99, 1]]), 3)
)


class ObservationError(ScheduleError):
    """A past duration that cannot be."""

    code = "schedule.invalid-observation"


@dataclass(frozen=True, slots=True)
class Observation:
    """One step of the past: `days` in the unit of its matter; `finished` False when it still runs."""

    matter: str
    office: str
    days: float
    finished: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.days < 10_000:
            raise ObservationError(
                f"{self.matter} at {self.office} is recorded with {self.days:g} days.",
                subjects=(self.matter, self.office),
                remedy="Correct its dates or leave it out.",
            )


@dataclass(frozen=True)
class Default:
    """What is assumed before anything is seen: PERT from `early` to `late` times the committed days.

    The statutory limit, where there is one, is never beyond the late end.
    """

    early: float = 0.5
    late: float = 2.0

    def spread(self, committed: float, statutory: float | None = None) -> Pert:
        """The default distribution about the committed days."""
        return Pert(self.early * committed, committed, max(self.late * committed, statutory or 0.0))


@dataclass(frozen=True)
class Learned:
    """The estimate for one matter at one office. `own` and `matter` count the observations behind it."""

    matter: str
    office: str
    own: int
    of_matter: int
    distribution: Quantiles

    @property
    def by_default(self) -> bool:
        """Whether nothing was seen of this matter and only the default speaks."""
        return self.of_matter == 0


@dataclass
class ApprovalHistory:
    """Observations of many matters and offices, ready to be asked.

    `committed` gives the committed days of each matter, `statutory` the limits by law where there are.
    """

    observations: Iterable[Observation]
    committed: Mapping[str, float]
    statutory: Mapping[str, float] = field(default_factory=dict)
    weight: float = 8.0
    default: Default = field(default_factory=Default)

    def __post_init__(self) -> None:
        self._own: dict[tuple[str, str], list[Observation]] = defaultdict(list)
        self._matter: dict[str, list[Observation]] = defaultdict(list)
        self._known: dict[tuple[str, str], Learned] = {}
        for seen in self.observations:
            self._own[seen.matter, seen.office].append(seen)
            self._matter[seen.matter].append(seen)
        self._paces()

    def _paces(self) -> None:
        """Log pace of the district, of each matter beside it, and of each office beside both; shrunk."""
        logs = [
            (o.matter, o.office, float(np.log(max(o.days, 0.5) / max(self.committed[o.matter], 0.5))))
            for seen in self._own.values()
            for o in seen
            if o.finished and o.matter in self.committed
        ]
        self._pace = sum(value for _m, _o, value in logs) / (len(logs) + self.weight)
        by_matter: dict[str, list[float]] = defaultdict(list)
        for matter, _office, value in logs:
            by_matter[matter].append(value - self._pace)
        matters = {name: sum(values) / (len(values) + self.weight) for name, values in by_matter.items()}
        by_office: dict[str, list[float]] = defaultdict(list)
        for matter, office, value in logs:
            by_office[office].append(value - self._pace - matters[matter])
        self._office = {name: sum(v) / (len(v) + self.weight) for name, v in by_office.items()}

    def learned(self, matter: str, office: str) -> Learned:
        """The estimate. Raises KeyError when neither committed days nor observations of the matter exist."""
        known = self._known.get((matter, office))
        if known is None:
            known = self._known[matter, office] = self._learn(matter, office)
        return known

    def _learn(self, matter: str, office: str) -> Learned:
        seen, own = self._matter.get(matter, []), self._own.get((matter, office), [])
        if matter not in self.committed and not seen:
            raise KeyError(matter)
        committed = self.committed.get(matter, float(np.median([o.days for o in seen] or [1.0])))
        prior = self.default.spread(max(committed, 0.5), self.statutory.get(matter))
        district, relative = float(np.exp(self._pace)), float(np.exp(self._office.get(office, 0.0)))
        reach = max([prior.high * district, *(o.days for o in seen)]) * max(1.0, relative)
        grid = np.arange(0.0, np.ceil(reach * 1.25) + 2)
        level = survival(seen, _survival_of(prior, (grid + 0.5) / district), self.weight, grid)
        stretched = np.interp((grid + 0.5) / relative - 0.5, grid, level)
        level = survival(own, stretched, self.weight, grid)
        return Learned(matter, office, len(own), len(seen), _quantiles(level, grid))


def _survival_of(prior: Pert, grid: Floats) -> Floats:
    """P(T > t) at given days."""
    shares = np.linspace(0, 1, 2001)
    return np.asarray(1 - np.interp(grid, prior.quantile(shares), shares, left=0.0, right=1.0))


def survival(seen: Sequence[Observation], prior: Floats, weight: float, grid: Floats) -> Floats:
    """Posterior mean of P(T > t) on a grid of whole days, prior survival `prior` worth `weight` observations.

    Susarla and Van Ryzin: (w S0(t) + N(t)) / (w + n), times, for every censored day c <= t, the ratio
    (w S0(c-) + N(c-)) / (w S0(c-) + N(c-) - censored at c). N counts observations beyond a day.
    """
    if not seen:
        return prior
    days = np.array([o.days for o in seen])
    found = (weight * prior + (days[None, :] > grid[:, None]).sum(axis=1)) / (weight + len(days))
    cut = np.array([o.days for o in seen if not o.finished])
    for day, count in zip(*np.unique(cut, return_counts=True), strict=True):
        behind = weight * float(np.interp(day, grid, prior)) + float((days >= day).sum())
        if behind > count:
            found[grid >= day] *= behind / (behind - count)
    return np.clip(np.minimum.accumulate(found), 0.0, 1.0)


def _quantiles(level: Floats, grid: Floats) -> Quantiles:
    """Quantiles of durations in whole days with survival `level`; a day's mass lies half a day about it."""
    share = np.maximum.accumulate(1 - level)
    first = max(0, int(np.argmax(share > 0)))
    share, ends = np.concatenate([[0.0], share[first:]]), grid[first:] + 0.5
    days = np.interp(QUANTILES, share, np.concatenate([[max(0.0, ends[0] - 1)], ends]))
    return Quantiles(tuple(map(float, QUANTILES)), tuple(map(float, np.maximum.accumulate(days))))


@dataclass(frozen=True)
class Calibration:
    """How predictions stood up to steps they had not seen."""

    count: int
    coverage: Mapping[float, float]
    """Nominal share -> share of held-back steps that took no longer than that quantile."""
    pinball: float
    """Mean pinball loss over the nominal shares, days: lower is better (a proper score)."""

    @property
    def worst_gap(self) -> float:
        """Largest difference between nominal and observed share."""
        return max(abs(seen - share) for share, seen in self.coverage.items())


def calibrate(
    history: ApprovalHistory,
    held_back: Sequence[Observation],
    shares: Sequence[float] = (0.1, 0.25, 0.5, 0.75, 0.8, 0.9),
) -> Calibration:
    """Compare finished, held-back steps with what `history` said. Raises `ObservationError` without any."""
    judged = [o for o in held_back if o.finished]
    if not judged:
        raise ObservationError("No finished step was held back.", remedy="Hold back a part of the history.")
    cache: dict[tuple[str, str], Floats] = {}
    said = np.empty((len(judged), len(shares)))
    for i, seen in enumerate(judged):
        key = seen.matter, seen.office
        if key not in cache:
            cache[key] = history.learned(*key).distribution.quantile(shares)
        said[i] = cache[key]
    days, level = np.array([o.days for o in judged])[:, None], np.asarray(shares)
    # Whole days pile up on a quantile: half of a tie counts as below it (mid-distribution).
    below = (days < said - 0.5) + 0.5 * (np.abs(days - said) <= 0.5)
    loss = np.maximum(level * (days - said), (level - 1) * (days - said))
    coverage = dict(zip(map(float, shares), below.mean(axis=0).tolist(), strict=True))
    return Calibration(len(judged), coverage, float(loss.mean()))
