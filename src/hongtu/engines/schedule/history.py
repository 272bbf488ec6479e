"""What did we know on that day, and who moved the dates since: plan versions compared and slips attributed.

Plans are kept in two times: when a version was recorded (transaction time) and the data date it describes
(valid time). Between two versions each activity changes in two ways of its own: it begins later than its
predecessors allow (its gap grows) or it takes longer. Applying these changes one by one, in the order of the
work, to the older plan leads exactly to the newer one; what each change moves is its share of every slip.
The shares of an activity therefore add up to its slip, to the minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .cpm import Planner
from .errors import ScheduleError
from .model import Network, OwnerKind, ScheduleResult
from .timeline import Timeline, build_timeline


class Cause(StrEnum):
    """To whom or what a slip is due."""

    OWNER = "owner"
    APPROVING_OFFICE = "approving-office"
    STATUTORY_WAIT = "statutory-wait"
    CONTRACTOR = "contractor"
    NEIGHBOUR = "neighbour"
    DESIGN_CHANGE = "design-change"
    WEATHER = "weather"
    REPLANNED = "replanned"
    """Activities or relations were added or removed."""
    OTHER = "other"


BY_OWNER = {
    OwnerKind.OWNER: Cause.OWNER,
    OwnerKind.DEPARTMENT: Cause.APPROVING_OFFICE,
    OwnerKind.STATUTORY: Cause.STATUTORY_WAIT,
    OwnerKind.CONTRACTOR: Cause.CONTRACTOR,
    OwnerKind.NEIGHBOUR: Cause.NEIGHBOUR,
    OwnerKind.OTHER: Cause.OTHER,
}


class NoVersionError(ScheduleError):
    """No plan version was known at the time asked for."""

    code = "schedule.no-version"


@dataclass(frozen=True)
class PlanVersion:
    """A plan as recorded at `recorded`, describing the state of things on its data date."""

    recorded: datetime
    network: Network
    name: str = ""

    @property
    def described(self) -> datetime:
        """Valid time: the data date, else the start."""
        moment = self.network.data_date or self.network.start
        return moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)


def as_known(
    versions: Iterable[PlanVersion], known: datetime, described: datetime | None = None
) -> PlanVersion:
    """The version one would have been shown at `known`: of those recorded by then, the latest.

    With `described`, the latest about that moment or before. Raises `NoVersionError`.
    """
    candidates = [
        version
        for version in versions
        if version.recorded <= known and (described is None or version.described <= described)
    ]
    if not candidates:
        raise NoVersionError(
            f"No plan had been recorded by {known:%Y-%m-%d %H:%M}.",
            remedy="Ask for a later moment.",
        )
    return max(candidates, key=lambda version: (version.described, version.recorded))


@dataclass(frozen=True)
class StatedReason:
    """A recorded reason for a change of one activity's dates; `accepted` excuses it from assessment."""

    activity: str
    cause: Cause
    party: str = ""
    note: str = ""
    accepted: bool = False


@dataclass(frozen=True)
class Attribution:
    """A share of a slip: days, of the slipping activity's calendar, due to a change of some activity."""

    origin: str
    """Activity that changed; empty for a change of the network itself."""
    cause: Cause
    party: str
    days: float
    accepted: bool
    note: str = ""


@dataclass(frozen=True)
class Slip:
    """How far a finish moved between two versions, in working days of its calendar; < 0: gained."""

    activity: str
    name: str
    days: float
    shares: tuple[Attribution, ...]

    @property
    def assessed_days(self) -> float:
        """Days left when accepted excuses are taken out."""
        return sum(share.days for share in self.shares if not share.accepted)


@dataclass(frozen=True)
class Comparison:
    """Everything that moved between two versions."""

    slips: tuple[Slip, ...]
    """Of activities in both versions whose finish moved, the largest first."""
    added: tuple[str, ...]
    removed: tuple[str, ...]

    def slip(self, activity: str) -> Slip | None:
        """The slip of one activity; None when it did not move."""
        return next((slip for slip in self.slips if slip.activity == activity), None)


def compare(old: Network, new: Network, reasons: Sequence[StatedReason] = ()) -> Comparison:
    """Slips of all common activities between two versions, each attributed to causes.

    A stated reason of an activity explains all its own change (the last one given wins); without one the
    owner of the activity's days is the cause. Raises `ScheduleError` when a version cannot be scheduled.
    """
    return _Comparison(old, new, reasons).result()


@dataclass
class _Change:
    gap: int
    """Worked minutes between what the predecessors allow and the start."""
    length: int
    """Worked minutes from start to finish."""


class _Version:
    """A schedule as gaps and lengths on one common timeline."""

    def __init__(self, network: Network, timeline: Timeline, anchor: int) -> None:
        self.planner = Planner(network)
        self.result: ScheduleResult = self.planner.run()
        p = self.planner.prepared
        self.timeline, self.anchor = timeline, anchor
        self.order = [p.activities[i].id for i in p.layout.order.tolist()]
        self.calendar = {a.id: int(p.calendar[i]) for i, a in enumerate(p.activities)}
        self.into: dict[str, list[tuple[str, bool, bool, int, int]]] = {id: [] for id in self.order}
        for k in range(len(p.predecessor)):
            tail, head = p.activities[int(p.predecessor[k])].id, p.activities[int(p.successor[k])].id
            ends = bool(p.from_finish[k]), bool(p.to_finish[k])
            self.into[head].append((tail, *ends, int(p.lag[k]), int(p.lag_calendar[k])))
        shown = {
            id: (int(self.result.shown_start[i]), int(self.result.shown_finish[i]))
            for id, i in self.result.index.items()
        }
        self.change: dict[str, _Change] = {}
        for id in self.order:
            own, (start, finish) = self.calendar[id], shown[id]
            length = timeline.work(own, finish) - timeline.work(own, start)
            gap = timeline.work(own, start) - self.allowed(id, length, shown)
            self.change[id] = _Change(gap, length)

    def allowed(self, id: str, length: int, dates: Mapping[str, tuple[int, int]]) -> int:
        """Worked minute at which the predecessors let an activity of that length begin."""
        own, t = self.calendar[id], self.timeline
        works = [t.work(own, self.anchor)]
        for tail, from_finish, to_finish, lag, runs_on in self.into[id]:
            moment = t.move(runs_on, dates[tail][from_finish], lag)
            works.append(t.work(own, moment) - (length if to_finish else 0))
        return max(works)

    def dates(self, change: Mapping[str, _Change]) -> dict[str, tuple[int, int]]:
        """Start and finish of every activity under other gaps and lengths."""
        t = self.timeline
        found: dict[str, tuple[int, int]] = {}
        for id in self.order:
            own, length = self.calendar[id], change[id].length
            work = self.allowed(id, length, found) + change[id].gap
            start = t.start_of(own, work)
            found[id] = start, t.start_of(own, work + length - 1) + 1 if length else start
        return found


class _Comparison:
    def __init__(self, old: Network, new: Network, reasons: Sequence[StatedReason]) -> None:
        first, last = Planner(old), Planner(new)
        low = min(first.timeline.base, last.timeline.base) // 1440
        high = max(p.timeline.base // 1440 + p.timeline.days for p in (first, last))
        timeline = build_timeline(last.prepared.calendars, low, high)
        anchor = min(first.prepared.start, last.prepared.start)
        calendars = [c.id for c in old.calendars] == [c.id for c in new.calendars]
        own = timeline if calendars else build_timeline(first.prepared.calendars, low, high)
        self.old, self.new = _Version(old, own, anchor), _Version(new, timeline, anchor)
        self.reasons = {reason.activity: reason for reason in reasons}
        self.activities = {a.id: a for a in new.activities}

    def result(self) -> Comparison:
        old, new = self.old, self.new
        common = [id for id in new.order if id in old.change]
        state = {id: old.change.get(id, new.change[id]) for id in new.order}
        before = {id: int(old.result.shown_finish[old.result.index[id]]) for id in common}
        shares: dict[str, list[Attribution]] = {id: [] for id in common}
        now = {id: dates[1] for id, dates in new.dates(state).items()}
        self._share(shares, before, now, "")
        for id in common:
            if state[id] == new.change[id]:
                continue
            state[id] = new.change[id]
            moved = {key: dates[1] for key, dates in new.dates(state).items()}
            self._share(shares, now, moved, id)
            now = moved
        slips = [
            Slip(id, self.activities[id].label, self._days(id, before[id], now[id]), tuple(shares[id]))
            for id in common
            if shares[id]
        ]
        return Comparison(
            tuple(sorted(slips, key=lambda slip: -slip.days)),
            added=tuple(id for id in new.order if id not in old.change),
            removed=tuple(id for id in old.order if id not in new.change),
        )

    def _share(
        self,
        shares: dict[str, list[Attribution]],
        before: Mapping[str, int],
        after: Mapping[str, int],
        origin: str,
    ) -> None:
        for id, found in shares.items():
            days = self._days(id, before[id], after[id])
            if days:
                found.append(self._attribution(origin, days))

    def _days(self, id: str, before: int, after: int) -> float:
        own, t = self.new.calendar[id], self.new.timeline
        per_day = int(self.new.planner.minutes_per_day[self.new.planner.index[id]])
        return (t.work(own, after) - t.work(own, before)) / per_day

    def _attribution(self, origin: str, days: float) -> Attribution:
        if not origin:
            return Attribution("", Cause.REPLANNED, "", days, accepted=False)
        stated = self.reasons.get(origin)
        if stated is not None:
            return Attribution(origin, stated.cause, stated.party, days, stated.accepted, stated.note)
        owner = self.activities[origin].owner
        return Attribution(origin, BY_OWNER[owner.kind], owner.name, days, accepted=False)
