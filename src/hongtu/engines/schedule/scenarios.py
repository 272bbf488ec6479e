"""Many futures of one network at once: durations of every run in, finish dates out, calendars respected.

The tables of `timeline` are laid out dense at the coarsest `slot` (minutes) that shifts, lags and dates
share, so that a conversion is one load. Runs are scheduled in blocks that stay in the second-level cache,
blocks in parallel threads (the compiled pass holds no interpreter lock).
"""

from __future__ import annotations

import copy
import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .compiled import compiled
from .cpm import Planner
from .errors import NegativeDurationError
from .model import Network
from .passes import FINISH_MILESTONE, NONE
from .timeline import build_timeline

BLOCK = 32
"""Runs scheduled together: 32 x 2 dates x 4 bytes is four cache lines per activity."""

Slots = NDArray[np.int32]


@compiled
def _push(
    work: Any,
    begin: Any,
    dates: Any,
    at: int,
    calendar: int,
    lag: int,
    handover: int,
    width: int,
    moments: Any,
) -> None:
    """The moments a relation demands in each run of a block, as `passes.push`, on dense tables."""
    end = work.shape[1] - 1
    for b in range(width):
        moment = dates[at, b]
        if lag > 0:
            moment = begin[calendar, min(work[calendar, moment] + lag - 1, end)] + 1
        elif lag < 0:
            moment = begin[calendar, max(work[calendar, moment] + lag, 0)]
        moment = min(moment, end)
        if handover >= 0:
            moment = min(begin[handover, max(work[handover, moment] - 1, 0)] + 1, end)
        moments[b] = moment


@compiled
def _block(
    work: Any,
    begin: Any,
    pointer: Any,
    endpoint: Any,
    to_finish: Any,
    lag: Any,
    lag_calendar: Any,
    handover: Any,
    quantum: Any,
    calendar: Any,
    raw: Any,
    start_floor: Any,
    finish_floor: Any,
    fixed: Any,
    fixed_finish: Any,
    row: Any,
    strict: bool,
    duration: Any,
    base: int,
    width: int,
    dates: Any,
) -> None:
    """Early dates of `width` runs from `base` on: the forward pass of `passes`, run by run innermost."""
    end = work.shape[1] - 1
    start, bound, moments = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32)
    for i in range(len(calendar)):
        own, source = calendar[i], row[i]
        for b in range(width):
            start[b] = start_floor[i]
            bound[b] = finish_floor[i]
        for k in range(pointer[i], pointer[i + 1]):
            at, runs_on, wait, over = endpoint[k], lag_calendar[k], lag[k], handover[k]
            target = bound if to_finish[k] else start
            _push(work, begin, dates, at, runs_on, wait, over, width, moments)
            for b in range(width):
                target[b] = max(target[b], moments[b])
        for b in range(width):
            if raw[i]:
                dates[2 * i, b] = dates[2 * i + 1, b] = max(start[b], bound[b])
                continue
            length = duration[source, base + b]
            place = work[own, start[b]]
            if bound[b] >= 0:
                held = work[own, bound[b]]
                if strict and length > 0 and (held == 0 or begin[own, held - 1] + 1 < bound[b]):
                    held += quantum[own]
                place = max(place, held - length)
            if fixed[i] >= 0:
                place = fixed[i] - (length if fixed_finish[i] else 0)
            place = min(max(place, 0), end)
            dates[2 * i, b] = begin[own, place]
            last = min(place + length - 1, end)
            dates[2 * i + 1, b] = min(begin[own, last] + 1, end) if length > 0 else begin[own, place]


@compiled
def _criticality(
    work: Any,
    begin: Any,
    pointer: Any,
    endpoint: Any,
    to_finish: Any,
    lag: Any,
    lag_calendar: Any,
    handover: Any,
    calendar: Any,
    base: int,
    width: int,
    dates: Any,
    project: Any,
    on_path: Any,
    critical: Any,
) -> None:
    """Counts the runs of a block in which each activity reaches the end over driving relations."""
    moments = np.empty(BLOCK, np.int32)
    for i in range(len(calendar)):
        for b in range(width):
            on_path[i, b] = dates[2 * i + 1, b] == project[base + b]
    for i in range(len(calendar) - 1, -1, -1):
        own, reached = calendar[i], 0
        for b in range(width):
            reached += on_path[i, b]
        critical[i] += reached
        if not reached:  # most activities lie on no longest path in any run of the block
            continue
        for k in range(pointer[i], pointer[i + 1]):
            at, runs_on, wait, over = endpoint[k], lag_calendar[k], lag[k], handover[k]
            _push(work, begin, dates, at, runs_on, wait, over, width, moments)
            for b in range(width):
                if on_path[i, b] and work[own, moments[b]] == work[own, dates[2 * i + to_finish[k], b]]:
                    on_path[at // 2, b] = True


@compiled
def _runs(
    work: Any,
    begin: Any,
    pointer: Any,
    endpoint: Any,
    to_finish: Any,
    lag: Any,
    lag_calendar: Any,
    handover: Any,
    quantum: Any,
    calendar: Any,
    raw: Any,
    start_floor: Any,
    finish_floor: Any,
    fixed: Any,
    fixed_finish: Any,
    row: Any,
    strict: bool,
    duration: Any,
    first: int,
    last: int,
    watched: Any,
    finishes: Any,
    project: Any,
    critical: Any,
) -> None:
    """Runs `first`..`last` of `duration` (activities x runs); see `ScenarioPlan` for the arrays."""
    count = len(calendar)
    dates = np.empty((2 * count, BLOCK), np.int32)
    on_path = np.empty((count, BLOCK), np.bool_)
    for base in range(first, last, BLOCK):
        width = min(BLOCK, last - base)
        # fmt: off
        _block(
            work, begin, pointer, endpoint, to_finish, lag, lag_calendar, handover, quantum, calendar, raw,
            start_floor, finish_floor, fixed, fixed_finish, row, strict, duration, base, width, dates,
        )
        # fmt: on
        for b in range(width):
            project[base + b] = 0
        for i in range(count):
            for b in range(width):
                project[base + b] = max(project[base + b], dates[2 * i + 1, b])
        for k in range(len(watched)):
            for b in range(width):
                finishes[k, base + b] = dates[2 * watched[k] + 1, b]
        if len(critical):
            # fmt: off
            _criticality(
                work, begin, pointer, endpoint, to_finish, lag, lag_calendar, handover, calendar, base, width,
                dates, project, on_path, critical,
            )
            # fmt: on


@dataclass(frozen=True)
class ScenarioResult:
    """Outcome of many runs; moments in minutes since 1970."""

    project_finish: NDArray[np.int64]
    """Shape (runs,)."""
    finish: NDArray[np.int64]
    """Shape (watched activities, runs)."""
    criticality: NDArray[np.float64]
    """Per activity the share of runs in which it lies on a longest path; empty unless asked for."""


class ScenarioPlan:
    """A network prepared for many runs.

    `ids` names the rows that `run` expects; `slot` is the number of minutes of one unit of duration and
    `base_duration` the network's own durations in that unit. A coarser `slot` than the network's own is
    refused; a finer one (a divisor) may be asked for, to sample durations more finely.
    """

    def __init__(self, network: Network, *, slot: int | None = None) -> None:
        self.planner = Planner(network)
        p = self.planner.prepared
        own = self._common_slot()
        if slot is not None and own % slot:
            raise ValueError(f"slot {slot} must divide the network's {own} minutes")
        self.slot = slot or own
        self.ids = tuple(activity.id for activity in p.activities)
        self.base_duration = (p.duration // self.slot).astype(np.int32)
        self.holds: dict[str, int] = {}
        self._tables()

    def _common_slot(self) -> int:
        p = self.planner.prepared
        used = {*p.calendar.tolist(), *p.lag_calendar.tolist()}
        parts = [1440]
        for i in used:
            spans = (*p.calendars[i].week, *p.calendars[i].exceptions.values())
            parts += [edge for shifts in spans for span in shifts for edge in span]
        for column in (p.lag, self.planner.lag, p.start_floor, p.finish_floor, p.mandatory, p.duration):
            parts += np.unique(column[column != NONE]).tolist()
        return math.gcd(*parts)

    def _tables(self) -> None:
        """Dense tables at the slot's resolution over the planner's present span of days."""
        plan, p, t = self.planner, self.planner.prepared, self.planner.timeline
        cumulative, pattern, before = t.cumulative, t.pattern, t.before
        grid = before[:, : 1440 : self.slot]
        work = (cumulative[:, :-1, None] + grid[pattern]).reshape(len(p.calendars), -1) // self.slot
        self.work = np.concatenate([work, cumulative[:, -1:] // self.slot], axis=1).astype(np.int32)
        end = self.work.shape[1] - 1
        self.begin = np.full((len(p.calendars), end + 2), end, np.int32)
        for c, line in enumerate(self.work):
            worked = np.flatnonzero(np.diff(line))
            self.begin[c, : len(worked)] = worked

        def slots(moments: NDArray[np.int64]) -> Slots:
            return np.where(moments == NONE, -1, moments // self.slot).astype(np.int32)

        order = p.layout.order
        fixed = np.full(p.count, -1, np.int32)
        for at in plan.mandatory:
            if p.mandatory_early[at]:
                fixed[p.layout.position[at]] = t.work(p.calendar[at], p.mandatory[at]) // self.slot
        start_floor = slots(plan.start_floor)
        row = {id: i for i, id in enumerate(self.ids)}
        for id, moment in self.holds.items():
            at = p.layout.position[row[id]]
            start_floor[at] = max(int(start_floor[at]), -(-(moment - t.base) // self.slot))
        self.arrays = (
            self.work,
            self.begin,
            p.layout.pointer,
            p.layout.endpoint,
            p.layout.to_finish,
            (plan.lag // self.slot).astype(np.int32),
            plan.lag_calendar.astype(np.int32),
            plan.handover.astype(np.int32),
            np.array([max(1, c.quantum // self.slot) for c in p.calendars], np.int32),
            plan.calendar.astype(np.int32),
            (plan.rounding >= FINISH_MILESTONE) & (fixed < 0),
            start_floor,
            slots(plan.finish_floor),
            fixed,
            p.mandatory_finish[order],
            order,
            plan.strict,
        )

    def held(self, holds: Mapping[str, int]) -> ScenarioPlan:
        """The same plan with (the rest of) some activities not to be worked before given moments (minutes).

        Cheap: layout and calendars are shared. Raises KeyError for an unknown activity.
        """
        other = copy.copy(self)
        other.holds = {**self.holds, **holds}
        other._tables()
        return other

    def run(
        self,
        duration: ArrayLike,
        *,
        watch: Sequence[str] = (),
        criticality: bool = False,
        threads: int | None = None,
    ) -> ScenarioResult:
        """Schedule every column of `duration`: shape (activities, runs), in slots, rows as in `ids`.

        `watch` names activities whose finish is wanted per run. Raises `NegativeDurationError`, and
        `HorizonError` when a run leaves the years 1 to 9999.
        """
        given = np.ascontiguousarray(duration, np.int32)
        if given.ndim != 2 or given.shape[0] != len(self.ids):
            raise ValueError(f"duration must have shape ({len(self.ids)}, runs), got {given.shape}")
        if given.size and int(given.min()) < 0:
            at = int(np.flatnonzero((given < 0).any(axis=1))[0])
            raise NegativeDurationError(
                f"A sampled duration of {self.ids[at]} is negative.",
                subjects=(self.ids[at],),
                remedy="Cut the distribution off at zero.",
            )
        place = {id: i for i, id in enumerate(self.ids)}
        position = self.planner.prepared.layout.position
        watched = np.array([position[place[id]] for id in watch], np.int32)
        while True:
            project, finish, critical = self._spread(given, watched, criticality, threads)
            if not given.shape[1] or int(project.max()) < self.work.shape[1] - 1:
                break
            self._grow()
        base, runs = self.planner.timeline.base, given.shape[1]
        return ScenarioResult(
            project.astype(np.int64) * self.slot + base,
            finish.astype(np.int64) * self.slot + base,
            critical[position] / runs if criticality and runs else np.zeros(0),
        )

    def _spread(
        self, given: Slots, watched: Slots, criticality: bool, threads: int | None
    ) -> tuple[Slots, Slots, NDArray[np.int64]]:
        runs, count = given.shape[1], len(self.ids)
        project = np.zeros(runs, np.int32)
        finish = np.zeros((len(watched), runs), np.int32)
        workers = max(1, min(threads or os.cpu_count() or 1, -(-runs // BLOCK)))
        share = -(-runs // (workers * BLOCK)) * BLOCK
        counts = [np.zeros(count if criticality else 0, np.int64) for _ in range(workers)]

        def part(worker: int) -> None:
            first, last = worker * share, min((worker + 1) * share, runs)
            _runs(*self.arrays, given, first, last, watched, finish, project, counts[worker])

        if workers == 1:
            part(0)
        else:
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(part, range(workers)))
        return project, finish, np.sum(counts, axis=0)

    def _grow(self) -> None:
        plan = self.planner
        first = plan.timeline.base // 1440
        plan.timeline = build_timeline(plan.prepared.calendars, first, first + 2 * plan.timeline.days)
        plan._bind()
        self._tables()
