"""Distributions of durations and impacts as quantile functions, in days of whatever they describe.

Sampling works on quantiles: a standard normal score goes in, days come out. Scores can then be correlated by
cause (a Gaussian copula) without touching what each step's own distribution says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtr

from ..errors import ScheduleError

Floats = NDArray[np.float64]

PERT_WEIGHT = 4.0
"""Weight of the most likely value in the mean of a PERT distribution (Malcolm et al. 1959)."""


class DistributionError(ScheduleError):
    """A distribution that cannot be: values out of order, negative, or none at all."""

    code = "schedule.invalid-distribution"


@runtime_checkable
class Distribution(Protocol):
    """Anything with a quantile function, in days."""

    def quantile(self, share: ArrayLike) -> Floats:
        """Days not exceeded with probability `share` (0..1), any shape."""
        ...


def _check_three_points(low: float, likely: float, high: float) -> None:
    if not (0 <= low <= likely <= high) or not np.isfinite(high):
        raise DistributionError(
            f"Three points must ascend from zero: {low:g} (optimistic), {likely:g} (most likely), "
            f"{high:g} (pessimistic).",
            remedy="Give optimistic <= most likely <= pessimistic, in days.",
        )


@dataclass(frozen=True, slots=True)
class Fixed:
    """No uncertainty."""

    days: float

    def __post_init__(self) -> None:
        _check_three_points(self.days, self.days, self.days)

    def quantile(self, share: ArrayLike) -> Floats:
        """The same days for every share."""
        return np.full(np.shape(share), float(self.days))


@dataclass(frozen=True, slots=True)
class Triangular:
    """Three points, probability falling straight to both ends."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        _check_three_points(self.low, self.likely, self.high)

    def quantile(self, share: ArrayLike) -> Floats:
        """Inverse of the triangular distribution function."""
        u, span = np.asarray(share, np.float64), self.high - self.low
        if span <= 0:
            return np.full(u.shape, float(self.low))
        turn = (self.likely - self.low) / span
        rising = self.low + span * np.sqrt(np.clip(u * turn, 0, None))
        falling = self.high - span * np.sqrt(np.clip((1 - u) * (1 - turn), 0, None))
        return np.where(u < turn, rising, falling)


@dataclass(frozen=True, slots=True)
class Pert:
    """Three points as a beta distribution: mean (low + 4 likely + high) / 6."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        _check_three_points(self.low, self.likely, self.high)

    def quantile(self, share: ArrayLike) -> Floats:
        """Inverse of the beta distribution function with shape 1 + 4m, 5 - 4m, m the place of the mode."""
        u, span = np.asarray(share, np.float64), self.high - self.low
        if span <= 0:
            return np.full(u.shape, float(self.low))
        mode = (self.likely - self.low) / span
        return self.low + span * betaincinv(1 + PERT_WEIGHT * mode, 1 + PERT_WEIGHT * (1 - mode), u)


@dataclass(frozen=True)
class Empirical:
    """Observed durations, with straight lines between them (Hazen: the i-th of n stands at (i - 1/2) / n)."""

    days: tuple[float, ...]

    def __post_init__(self) -> None:
        ordered = tuple(sorted(float(day) for day in self.days))
        if not ordered:
            raise DistributionError("No observed durations.", remedy="Give at least one.")
        if ordered[0] < 0 or not np.isfinite(ordered[-1]):
            raise DistributionError(
                f"Observed durations must be zero or more, got {ordered[0]:g} to {ordered[-1]:g}.",
                remedy="Remove the faulty observations.",
            )
        object.__setattr__(self, "days", ordered)

    def quantile(self, share: ArrayLike) -> Floats:
        """Observations interpolated; constant beyond the first and the last."""
        places = (np.arange(len(self.days)) + 0.5) / len(self.days)
        return np.interp(np.asarray(share, np.float64), places, self.days)


@dataclass(frozen=True)
class Quantiles:
    """A distribution known by some of its quantiles, as a learned one is (`learning`)."""

    shares: tuple[float, ...]
    days: tuple[float, ...]

    def __post_init__(self) -> None:
        rising = all(a <= b for row in (self.shares, self.days) for a, b in pairwise(row))
        if len(self.shares) != len(self.days) or not self.days or not rising or self.days[0] < 0:
            raise DistributionError(
                "Quantiles need as many shares as days, both ascending, no day negative.",
                remedy="Sort them, and give one day for each share.",
            )

    def quantile(self, share: ArrayLike) -> Floats:
        """Straight lines between the given quantiles, constant beyond."""
        return np.interp(np.asarray(share, np.float64), self.shares, self.days)


@dataclass(frozen=True)
class Remaining:
    """What is left of a duration once `elapsed` days have passed without an end (its conditional rest).

    A step that has outlasted everything known of its kind is given `at_least` days more.
    """

    whole: Distribution
    elapsed: float
    at_least: float = 1.0

    def quantile(self, share: ArrayLike) -> Floats:
        """Quantiles of T - elapsed given T > elapsed."""
        grid = np.linspace(0.0005, 0.9995, 1000)
        passed = float(np.searchsorted(self.whole.quantile(grid), self.elapsed, side="right")) / len(grid)
        within = passed + np.asarray(share, np.float64) * (1 - passed)
        return np.maximum(self.whole.quantile(np.minimum(within, 1.0)) - self.elapsed, self.at_least)


SCORES = np.linspace(-5.0, 5.0, 257)
"""Standard normal scores at which quantile functions are tabulated; straight lines between."""

_SHARES = ndtr(SCORES)
_MODES = np.linspace(0.0, 1.0, 201)


@lru_cache(maxsize=1)
def _unit_pert() -> Floats:
    """Quantiles of PERT on 0..1 for each mode of `_MODES`: shape (modes, scores); 50,000 beta inversions."""
    alpha = 1 + PERT_WEIGHT * _MODES[:, None]
    return np.asarray(betaincinv(alpha, 2 + PERT_WEIGHT - alpha, _SHARES[None, :]))


def tabulate(distributions: Sequence[Distribution]) -> NDArray[np.float32]:
    """Quantiles of every distribution at `SCORES`: shape (distributions, scores), in days.

    Triangular and PERT, by far the commonest, are done together; PERT by interpolating in the place of the
    mode, which is right to 1e-4 of the span.
    """
    table = np.empty((len(distributions), len(SCORES)), np.float64)
    pert = [i for i, d in enumerate(distributions) if type(d) is Pert and d.high > d.low]
    if pert:
        points = np.array(
            [(d.low, d.likely, d.high) for i in pert if isinstance(d := distributions[i], Pert)]
        )
        span = points[:, 2] - points[:, 0]
        place = (points[:, 1] - points[:, 0]) / span * (len(_MODES) - 1)
        at = np.minimum(place.astype(np.int64), len(_MODES) - 2)
        part = (place - at)[:, None]
        unit = _unit_pert()
        table[pert] = points[:, :1] + span[:, None] * ((1 - part) * unit[at] + part * unit[at + 1])
    done = set(pert)
    for i, distribution in enumerate(distributions):
        if i not in done:
            table[i] = distribution.quantile(_SHARES)
    return table.astype(np.float32)
