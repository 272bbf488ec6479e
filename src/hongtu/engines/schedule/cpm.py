"""The critical-path method on a whole network: `schedule` once, or `Planner` to recompute again and again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from . import passes
from .calendars import MINUTES_PER_DAY
from .errors import HorizonError
from .model import GapRule, Network, ScheduleResult
from .passes import DONE, NEVER, NONE
from .prepare import Prepared, prepare
from .timeline import Timeline, build_timeline

Ints = NDArray[np.int64]

MARGIN_DAYS = 400
"""Days of table beyond the known dates at first; doubled until every date lies inside."""


def schedule(network: Network) -> ScheduleResult:
    """Early and late dates, float, critical and driving logic of a network.

    Raises a `ScheduleError` (see `errors`) naming the activity when the network cannot be planned.
    Contradictory constraints do not raise: they show as negative float (`contradictions` explains them).
    """
    return Planner(network).run()


class Planner:
    """A network with its layout, calendars and arrays kept, for recomputation with other durations.

    Not thread-safe: `run` reuses its buffers.
    """

    def __init__(self, network: Network) -> None:
        self.prepared = prepare(network)
        p = self.prepared
        self.ids = tuple(activity.id for activity in p.activities)
        self.index = {id: i for i, id in enumerate(self.ids)}
        self.minutes_per_day = np.array([c.minutes_per_day for c in p.calendars], np.int64)[p.calendar]
        self.used_calendars = sorted({*p.calendar.tolist(), *p.lag_calendar.tolist()})
        self.timeline = self._first_timeline()
        self._bind()

    def run(
        self, duration: Ints | None = None, *, hold_all: bool = False, late_end: int | None = None
    ) -> ScheduleResult:
        """Schedule; `duration` replaces the remaining worked minutes of all scheduled activities.

        `duration` has one entry per activity in `prepared.activities`. Must-finish-by binds activities
        without successors, as in Primavera, and with `hold_all` every single one; where there is none, late
        dates count back from the project's finish, or from `late_end` (minutes) if that is later. Raises
        `HorizonError` when the dates leave the calendar of the years 1 to 9999.
        """
        from .results import assemble

        given = self.prepared.duration if duration is None else np.asarray(duration, np.int64)
        while True:
            passed = Passes(self, given, hold_all, late_end)
            if passed.inside():
                return assemble(self, passed)
            self._grow()

    def _first_timeline(self) -> Timeline:
        p = self.prepared
        moments = [np.array([p.start, p.data_date, p.must_finish_by or p.start])]
        for column in (p.start_floor, p.finish_floor, p.start_ceiling, p.finish_ceiling, p.mandatory):
            moments.append(column[(column != NONE) & (column != NEVER)])
        moments.append(p.actual_start[p.actual_start != NONE])
        known = np.concatenate(moments)
        work = (int(p.duration.sum()) + int(np.abs(p.lag).sum())) // 480
        reach = min(MARGIN_DAYS + 2 * work, 8 * MARGIN_DAYS)
        first, last = int(known.min()) // MINUTES_PER_DAY, int(known.max()) // MINUTES_PER_DAY
        return build_timeline(p.calendars, first - MARGIN_DAYS, last + reach)

    def _grow(self) -> None:
        first = self.timeline.base // MINUTES_PER_DAY
        days = self.timeline.days
        if days > 3_000_000:
            raise HorizonError("Dates run beyond the year 9999.", remedy="Look for an impossible duration.")
        self.timeline = build_timeline(self.prepared.calendars, first - days, first + 3 * days)
        self._bind()

    def _bind(self) -> None:
        """Arrays in layout order and relative to the tables, as the passes want them."""
        p, t, base = self.prepared, self.timeline, self.timeline.base
        order, slots = p.layout.order, p.layout.slots
        self.strict = p.network.gap_rule is GapRule.STRICT
        self.calendar = p.calendar[order]
        self.rounding = p.rounding[order]
        self.start_floor = _relative(p.start_floor, base, NONE)[order]
        self.finish_floor = _relative(p.finish_floor, base, NONE)[order]
        self.start_ceiling = _relative(p.start_ceiling, base, NEVER)[order]
        self.finish_ceiling = _relative(p.finish_ceiling, base, NEVER)[order]
        self.mandatory = np.flatnonzero(p.mandatory != NONE)
        lag = effective_lags(p, t)
        self.lag = lag[slots]
        self.lag_calendar = p.lag_calendar[slots]
        hands_over = (p.to_finish == 1) & (lag < 1 - p.from_finish) & self.strict
        runs_on = np.where(lag < 0, p.lag_calendar, p.calendar[p.predecessor])
        self.handover = np.where(hands_over, runs_on, -1)[slots]
        has_successor = np.zeros(p.count, np.bool_)
        has_successor[p.predecessor] = True
        self.open_end = ~has_successor[order]
        self.group = _groups(p)[order] if p.network.separate_finishes else None

    def fixed(self, duration: Ints, *, early: bool) -> Ints:
        """Worked minute at which mandatory constraints put a start, NONE for all others (layout order)."""
        p, t = self.prepared, self.timeline
        fixed = np.full(p.count, NONE)
        for at in self.mandatory:
            if early and not p.mandatory_early[at]:
                continue
            work = t.work(p.calendar[at], p.mandatory[at])
            fixed[p.layout.position[at]] = work - (duration[at] if p.mandatory_finish[at] else 0)
        return fixed


def _groups(p: Prepared) -> Ints:
    """Number of the group of directly or indirectly related activities each belongs to."""
    links = coo_array((np.ones(len(p.predecessor)), (p.predecessor, p.successor)), (p.count, p.count))
    return connected_components(links, directed=False)[1].astype(np.int64)


def _relative(moments: Ints, base: int, sentinel: np.int64) -> Ints:
    return np.where(moments == sentinel, moments, moments - base)


def effective_lags(p: Prepared, timeline: Timeline) -> Ints:
    """Lags less what has already run by the data date; without progress, the lags as given.

    A lag counted from a finished predecessor's finish, or from a started predecessor's start, has been
    running since that actual date. A successor that has begun has waited enough for finished predecessors.
    """
    lag = p.lag.copy()
    begun = (p.actual_start[p.predecessor] != NONE) & (lag != 0)
    for k in np.flatnonzero(begun):
        tail, head = p.predecessor[k], p.successor[k]
        since = p.actual_finish[tail] if p.from_finish[k] else p.actual_start[tail]
        if since == NONE:
            continue
        runs_on = p.lag_calendar[k]
        used = max(0, timeline.work(runs_on, p.data_date) - timeline.work(runs_on, since))
        waited = p.from_finish[k] and not p.to_finish[k] and p.actual_start[head] != NONE
        lag[k] = 0 if waited or lag[k] < 0 else max(0, lag[k] - used)
    return lag


class Passes:
    """One forward and backward pass: raw dates in layout order, relative to the tables."""

    def __init__(
        self, planner: Planner, duration: Ints, hold_all: bool = False, late_end: int | None = None
    ) -> None:
        p, t = planner.prepared, planner.timeline
        layout = p.layout
        self.planner, self.given = planner, duration
        self.duration = np.ascontiguousarray(duration[layout.order])
        self.early = np.empty(2 * p.count, np.int64)
        self.late = np.empty(2 * p.count, np.int64)
        self.logic = (t.tables, layout.pointer, layout.endpoint, layout.to_finish, planner.lag)
        self.common = (
            *self.logic,
            planner.lag_calendar,
            planner.handover,
            self.duration,
            planner.calendar,
            planner.rounding,
        )
        fixed = planner.fixed(duration, early=True)
        passes.forward(
            *self.common, planner.start_floor, planner.finish_floor, fixed, planner.strict, self.early
        )
        self.finish = int(self.early.max()) if p.count else p.start - t.base
        self.finish_of = np.full(p.count, self.finish)
        """Per activity the finish its late dates count back from: of the whole, or of its group."""
        if planner.group is not None and p.count:
            last = np.full(int(planner.group.max()) + 1, NONE)
            np.maximum.at(last, planner.group, self.early[1::2])
            self.finish_of = last[planner.group]
        self._pull_late()
        self._backward(hold_all, late_end)

    def _backward(self, hold_all: bool, late_end: int | None) -> None:
        planner, p, base = self.planner, self.planner.prepared, self.planner.timeline.base
        finish, due = self.finish_of, self.finish_of
        if p.must_finish_by is not None:
            due = np.full(p.count, p.must_finish_by - base)
        elif late_end is not None:
            due = np.maximum(finish, late_end - base)
        cap = np.where(planner.open_end, due, due if hold_all else np.maximum(finish, due))
        ceiling = np.minimum(planner.finish_ceiling, cap)
        fixed = planner.fixed(self.given, early=False)
        passes.backward(*self.common, planner.start_ceiling, ceiling, fixed, planner.strict, self.late)

    def inside(self) -> bool:
        """Whether no date was clamped at an end of the tables."""
        dates = np.concatenate([self.early, self.late])
        return not len(dates) or bool(dates.min() > 0 and dates.max() < self.planner.timeline.end)

    def _pull_late(self) -> None:
        """As-late-as-possible activities move up to where their successors' early dates hold them."""
        p, t, planner = self.planner.prepared, self.planner.timeline, self.planner
        chosen = p.as_late_as_possible & (p.rounding != DONE) & (p.mandatory == NONE)
        if not chosen.any():
            return
        base, order, position = t.base, p.layout.order, p.layout.position
        due = self.finish_of
        if p.must_finish_by is not None:
            due = np.maximum(due, p.must_finish_by - base)
        out: dict[int, list[int]] = {int(i): [] for i in np.flatnonzero(chosen)}
        for k in np.flatnonzero(chosen[p.predecessor]):
            out[int(p.predecessor[k])].append(int(k))
        slot_of = np.empty(len(p.layout.slots), np.int64)
        slot_of[p.layout.slots] = np.arange(len(slot_of))
        for at in order[::-1].tolist():
            if not chosen[at]:
                continue
            i, own, length = int(position[at]), int(p.calendar[at]), int(self.given[at])
            bounds: list[int] = [] if out[at] else [t.work(own, int(due[i]) + base) - length]
            for out_k in out[at]:
                held = self.early[2 * position[p.successor[out_k]] + p.to_finish[out_k]] + base
                moment = t.move(int(p.lag_calendar[out_k]), held, -int(planner.lag[slot_of[out_k]]))
                bounds.append(t.work(own, moment) - length * int(p.from_finish[out_k]))
            now: int = t.work(own, self.early[2 * i] + base)
            work: int = max(now, min(bounds))
            begin = t.start_of(own, work) - base
            if work > now:
                self.early[2 * i] = begin
                self.early[2 * i + 1] = t.start_of(own, work + length - 1) + 1 - base if length else begin
