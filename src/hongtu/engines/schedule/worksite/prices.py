"""Prices of ground by the day: a proven bound of a cluster's least loss, and the starts that it leaves open.

Each day of each clique of clashing grounds gets a price. With prices paid, nobody has to keep out of the way
of others, so each chain finds its own cheapest dates by dynamic programming over the days; what all chains
lose, less the prices taken, is a lower bound (Lagrangian relaxation of the time-indexed model; Fisher,
Management Science 1981). Prices rise where too many meet (subgradient steps after Held, Wolfe and Crowder
1974, with the step of Polyak). A start of which the cheapest chain costs more than a known schedule leaves
room for is ruled out; this cuts windows to a small part of what the cost of delay alone leaves.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..compiled import compiled
from .day_rows import DayRows, Rows

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Moves = NDArray[np.int64]
_FAR = 1e15
_PATIENCE = 20  # steps without a better bound before the step shrinks
_SHRINK = 0.7
_MOMENTUM = 0.6
_SMALLEST_STEP = 1e-3


@compiled
def _prefix(price: Floats, rows: Rows, total: Floats) -> None:
    """total[f, t]: prices of footprint f on the days before t."""
    for f in range(len(rows.clique_of) - 1):
        total[f, 0] = 0.0
        for t in range(price.shape[1]):
            day = 0.0
            for k in range(rows.clique_of[f], rows.clique_of[f + 1]):
                day += price[rows.clique[k], t]
            total[f, t + 1] = total[f, t] + day


@compiled
def _charge(i: int, c: int, gap: int, rows: Rows, total: Floats, cost: Floats) -> tuple[int, int]:
    """cost[s]: yuan of task i started on day s by choice c, prices included; first and last such day."""
    days = total.shape[1] - 1
    length, ground = rows.length[c], rows.ground[c]
    low, high = max(rows.low[i], rows.ready[c]), min(rows.high[i], days - length)
    fixed, rate, wished = rows.cost[c], rows.rate[i], rows.wished[i]
    final_rate, final_from = rows.final_rate[i], rows.final_from[i]
    for s in range(low, high + 1):
        cost[s] = fixed + rate * max(0, s - wished) + final_rate * max(0, s - final_from)
    if ground >= 0:
        for s in range(low, high + 1):
            cost[s] += total[ground, min(days, s + length + gap)] - total[ground, s]
    return low, high


@compiled
def _forward(
    first: int, last: int, gap: int, rows: Rows, total: Floats, best: Floats, via: Moves, cost: Floats
) -> None:
    """best[i, e]: least yuan of a chain up to task i with i ended by day e; via: its choice, start."""
    days = best.shape[1] - 1
    for i in range(first, last):
        best[i, :] = _FAR
        for c in range(rows.choice_of[i], rows.choice_of[i + 1]):
            low, high = _charge(i, c, gap, rows, total, cost)
            length, lag = rows.length[c], rows.lag[i]
            for s in range(low, high + 1):
                value = cost[s]
                if i > first:
                    value += _FAR if s < lag else best[i - 1, min(s - lag, days)]
                if value < best[i, s + length]:
                    best[i, s + length] = value
                    via[0, i, s + length], via[1, i, s + length] = c, s
        for e in range(1, days + 1):
            if best[i, e - 1] < best[i, e]:
                best[i, e] = best[i, e - 1]
                via[0, i, e], via[1, i, e] = via[0, i, e - 1], via[1, i, e - 1]


@compiled
def _occupy(first: int, last: int, gap: int, rows: Rows, best: Floats, via: Moves, use: Floats) -> None:
    """Adds the days on which the cheapest chain is in each clique to `use`."""
    days = best.shape[1] - 1
    e = days
    for i in range(last - 1, first - 1, -1):
        if e < 0 or best[i, e] >= _FAR:
            return
        c, s = via[0, i, e], via[1, i, e]
        f = rows.ground[c]
        if f >= 0:
            for k in range(rows.clique_of[f], rows.clique_of[f + 1]):
                for t in range(s, min(days, s + rows.length[c] + gap)):
                    use[rows.clique[k], t] += 1.0
        e = min(days, s - rows.lag[i])


@compiled
def _value(
    price: Floats, gap: int, rows: Rows, total: Floats, best: Floats, via: Moves, use: Floats
) -> float:
    """The bound of these prices; `use` becomes the overuse (uses less one) of each day of each clique."""
    _prefix(price, rows, total)
    value = -price.sum()
    use[:] = -1.0
    cost = np.empty(best.shape[1])
    for chain in range(len(rows.chain_of) - 1):
        first, last = rows.chain_of[chain], rows.chain_of[chain + 1]
        _forward(first, last, gap, rows, total, best, via, cost)
        value += best[last - 1, best.shape[1] - 1]
        _occupy(first, last, gap, rows, best, via, use)
    return float(value)


@compiled
def _climb(price: Floats, drift: Floats, use: Floats, amount: float) -> None:
    """One step: prices rise where too many meet and fall, not below zero, where nobody does."""
    norm = 0.0
    for c in range(price.shape[0]):
        for t in range(price.shape[1]):
            way = use[c, t]
            if way < 0.0 and price[c, t] <= 0.0:
                way = 0.0
            drift[c, t] = way + _MOMENTUM * drift[c, t]
            norm += drift[c, t] * drift[c, t]
    if norm < 1e-9:
        return
    for c in range(price.shape[0]):
        for t in range(price.shape[1]):
            price[c, t] = max(0.0, price[c, t] + amount / norm * drift[c, t])


@compiled
def _keep_open(
    room: float, gap: int, rows: Rows, total: Floats, best: Floats, via: Moves, still: Mask
) -> None:
    """still[i, s]: whether a chain with task i started on day s costs at most `room` above its cheapest."""
    days = best.shape[1] - 1
    cost, rest, fresh = np.empty(days + 1), np.zeros(days + 1), np.zeros(days + 1)
    for chain in range(len(rows.chain_of) - 1):
        first, last = rows.chain_of[chain], rows.chain_of[chain + 1]
        _forward(first, last, gap, rows, total, best, via, cost)
        limit = best[last - 1, days] + room
        rest[:] = 0.0
        for i in range(last - 1, first - 1, -1):
            fresh[:] = _FAR
            for c in range(rows.choice_of[i], rows.choice_of[i + 1]):
                low, high = _charge(i, c, gap, rows, total, cost)
                length, lag = rows.length[c], rows.lag[i]
                for s in range(low, high + 1):
                    own = rest[s + length] + cost[s]
                    e = min(s - lag, days)
                    if e >= 0 and own < fresh[e]:
                        fresh[e] = own
                    before = 0.0
                    if i > first:
                        before = _FAR if e < 0 else best[i - 1, e]
                    if before + own <= limit:
                        still[i, s] = True
            for e in range(days - 1, -1, -1):
                if fresh[e + 1] < fresh[e]:
                    fresh[e] = fresh[e + 1]
            rest[:] = fresh


class Prices:
    """The search for good prices of one cluster."""

    def __init__(self, data: DayRows) -> None:
        self._data, self._rows = data, data.rows
        self._price: Floats = np.zeros((len(data.cliques), data.days))
        self._kept, self._drift, self._use = self._price.copy(), self._price.copy(), self._price.copy()
        self._total = np.zeros((len(data.rows.clique_of) - 1, data.days + 1))
        self._best = np.zeros((len(data.tasks), data.days + 1))
        self._via = np.zeros((2, *self._best.shape), dtype=np.int64)
        self.bound = -_FAR

    def raise_bound(
        self, aim: float, *, seconds: float, steps: int = 0, stopped: Callable[[], bool] = lambda: False
    ) -> float:
        """Searches for `seconds`, or exactly `steps` steps; `aim` is the cost of a known schedule."""
        begun, level, fails, done, turn = time.monotonic(), 1.0, 0, 0, 50
        while level > _SMALLEST_STEP and self.bound < aim - 1e-6:
            value = self._value()
            fails += 1
            if value > self.bound + 1e-4 * (aim - self.bound):
                fails = 0
            if value > self.bound:
                self.bound = value
                self._kept[:] = self._price
            if fails >= _PATIENCE:
                level, fails = level * _SHRINK, 0
            _climb(self._price, self._drift, self._use, level * max(aim - value, 1.0))
            done += 1
            if (steps and done >= steps) or stopped():
                break
            if not steps and time.monotonic() - begun > seconds:
                break
            if done == turn:
                turn *= 2
                self._narrow(aim)
        return self.bound

    def _value(self) -> float:
        tables = (self._total, self._best, self._via, self._use)
        return _value(self._price, self._data.gap, self._rows, *tables)

    def open_starts(self, top: float) -> Mask:
        """By position and day from the origin: starts of which a schedule that costs at most `top` may be."""
        still = np.zeros((len(self._data.tasks), self._price.shape[1]), dtype=np.bool_)
        _prefix(self._kept, self._rows, self._total)
        room = top - self.bound + 1e-6 * max(1.0, abs(top))
        _keep_open(room, self._data.gap, self._rows, self._total, self._best, self._via, still)
        return still

    def _narrow(self, top: float) -> None:
        """Leaves windows that no schedule up to `top` needs; steps get faster and bounds better."""
        still = self.open_starts(top)
        some = still.any(axis=1)
        low = np.where(some, still.argmax(axis=1), self._rows.low)
        high = np.where(some, still.shape[1] - 1 - still[:, ::-1].argmax(axis=1), self._rows.high)
        self._rows = rows = self._rows._replace(low=low.astype(np.int64), high=high.astype(np.int64))
        longest = np.maximum.reduceat(rows.length, rows.choice_of[:-1])
        days = min(self._best.shape[1] - 1, int((rows.high + longest).max()) + self._data.gap + 1)
        self._price, self._kept, self._drift, self._use = (
            np.ascontiguousarray(table[:, :days])
            for table in (self._price, self._kept, self._drift, self._use)
        )
        self._total = np.zeros((len(self._total), days + 1))
        self._best = np.zeros((len(self._best), days + 1))
        self._via = np.zeros((2, *self._best.shape), dtype=np.int64)
