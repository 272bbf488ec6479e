"""What a risk analysis says: chances and dates of promises, what drives them, before and after measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ..calendars import MINUTES_PER_DAY, to_datetime

Minutes = NDArray[np.int64]


class DriverKind(StrEnum):
    """What kind of thing moves the finish."""

    ACTIVITY = "activity"
    CAUSE = "cause"
    EVENT = "event"
    BRANCH = "branch"


@dataclass(frozen=True)
class Driver:
    """How one uncertain thing moves the finish.

    `correlation` is the rank correlation (by normal scores) with the finish. `low_days` and `high_days` are
    the working days by which the mean finish lies off the overall mean in the fifth of the runs where the
    thing goes best and worst; for an event where it stays away and where it happens, for a branch on the way
    with the earliest and the latest mean. `criticality` is the share of runs in which an activity lies on
    the longest path (None for other kinds).
    """

    kind: DriverKind
    id: str
    name: str
    correlation: float
    low_days: float
    high_days: float
    criticality: float | None = None

    @property
    def swing_days(self) -> float:
        """Working days between its best and its worst."""
        return self.high_days - self.low_days


@dataclass(frozen=True)
class PromiseRisk:
    """The finish of one promise over all runs. Dates are the last day of work."""

    name: str
    due: date | None
    chance: float | None
    """Probability of keeping the promise; None when there is no date."""
    chance_error: float
    """Standard error of `chance`, as if runs were independent: with Latin hypercubes it is less."""
    planned: date
    """The finish with every duration as planned."""
    p50: date
    p80: date
    p95: date
    mean_delay_days: float
    """Expected working days beyond the due date, runs on time counting zero; 0 without a date."""
    finish: Minutes = field(repr=False)
    """Per run the moment after the last worked minute."""

    def quantile(self, share: float) -> date:
        """The day by which it is finished with probability `share`."""
        return quantile_days(self.finish, (share,))[0]

    def curve(self, points: int = 60) -> tuple[tuple[date, float], ...]:
        """Day and probability of being finished by then, at most `points` of them, rising in both."""
        days, counts = np.unique(_days(self.finish), return_counts=True)
        shares = np.cumsum(counts) / len(self.finish)
        chosen = np.unique(np.linspace(0, len(days) - 1, min(points, len(days))).round().astype(int))
        return tuple((to_datetime(int(days[i]) * MINUTES_PER_DAY).date(), float(shares[i])) for i in chosen)


@dataclass(frozen=True)
class RiskResult:
    """Outcome of an analysis. `half_width_days`: half the 95 % interval of the slowest P80, working days."""

    runs: int
    seed: int
    converged: bool
    half_width_days: float
    promises: tuple[PromiseRisk, ...]
    drivers: tuple[Driver, ...] = ()
    """The widest swing first."""
    criticality: dict[str, float] = field(default_factory=dict)

    def promise(self, name: str) -> PromiseRisk:
        """A promise by name. Raises KeyError."""
        for promise in self.promises:
            if promise.name == name:
                return promise
        raise KeyError(name)

    @property
    def expected_kept(self) -> float:
        """How many of the promises with a date will be kept, in the mean."""
        return sum(p.chance for p in self.promises if p.chance is not None)

    @property
    def chance_of_all(self) -> float | None:
        """Probability that every promise with a date is kept: together, not multiplied."""
        dated = [p for p in self.promises if p.due is not None]
        if not dated:
            return None
        kept = np.ones(self.runs, np.bool_)
        for promise in dated:
            kept &= _days(promise.finish) <= day_number(promise.due)
        return float(kept.mean())


def day_number(day: date | None) -> int:
    """Days since 1970-01-01."""
    return 0 if day is None else day.toordinal() - date(1970, 1, 1).toordinal()


def _days(finish: Minutes) -> Minutes:
    """The day of the last worked minute."""
    return (finish - 1) // MINUTES_PER_DAY


def quantile_days(finish: Minutes, shares: Sequence[float]) -> list[date]:
    """The smallest days by which at least those shares of the runs are finished."""
    at = [max(0, int(np.ceil(share * len(finish) - 1e-9)) - 1) for share in shares]
    ordered = np.partition(finish, at)
    return [to_datetime(int(ordered[k]) - 1).date() for k in at]


@dataclass(frozen=True)
class Effect:
    """What measures do for one promise: the same futures before and after."""

    name: str
    before: PromiseRisk
    after: PromiseRisk
    p80_days_gained: float
    """Working days by which the P80 date comes earlier."""

    @property
    def chance_gained(self) -> float:
        """Probability won for the promised date; 0 without one."""
        return (self.after.chance or 0.0) - (self.before.chance or 0.0)


@dataclass(frozen=True)
class BeforeAndAfter:
    """Measures judged on common random numbers."""

    before: RiskResult
    after: RiskResult
    effects: tuple[Effect, ...]
    measures: Sequence[str] = ()


def plain_date(moment: date | datetime | None) -> date | None:
    """The day of a due moment."""
    return moment.date() if isinstance(moment, datetime) else moment
