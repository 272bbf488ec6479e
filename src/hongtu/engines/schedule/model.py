"""The nouns of a schedule, as frozen data: what goes in (`Network`) and what comes out (`ScheduleResult`).

Time in: `datetime` (or a plain `date`, its midnight). Time inside and in result arrays: integer minutes since
1970-01-01 00:00 (`calendars.to_minutes`). A start is the first worked minute; a finish is the moment after
the last worked minute: on a whole-day calendar a one-day activity of 6 January starts on the 6th 00:00 and
finishes on the 7th 00:00 (`ScheduleResult.finish_day` gives the 6th, which is the day to show).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from .calendars import MINUTES_PER_DAY, Calendar, Shifts, to_datetime, to_minutes

__all__ = [
    "Activity",
    "ActivityKind",
    "Calendar",
    "Constraint",
    "ConstraintKind",
    "Duration",
    "GapRule",
    "LagCalendar",
    "Network",
    "Owner",
    "OwnerKind",
    "ProgressMode",
    "Relation",
    "RelationType",
    "ScheduleResult",
    "Shifts",
    "Unit",
    "to_datetime",
    "to_minutes",
]

Minutes = NDArray[np.int64]

UNUSED = 1 << 60
"""Slack of a relation that takes no part: of a level of effort, or overridden by progress."""


class Unit(StrEnum):
    """What a duration or lag is counted in."""

    MINUTE = "minute"
    """Worked minutes of the calendar it runs on."""
    WORKING_DAY = "working-day"
    """Working days: `Calendar.minutes_per_day` minutes each."""
    CALENDAR_DAY = "calendar-day"
    """Days of 24 h whatever the calendar (Microsoft Project: elapsed days; permits: 自然日)."""


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of time in a unit."""

    amount: float
    unit: Unit = Unit.WORKING_DAY

    @classmethod
    def minutes(cls, amount: float) -> Duration:
        """Worked minutes."""
        return cls(amount, Unit.MINUTE)

    @classmethod
    def days(cls, amount: float) -> Duration:
        """Working days."""
        return cls(amount, Unit.WORKING_DAY)

    @classmethod
    def calendar_days(cls, amount: float) -> Duration:
        """Days of 24 hours, worked or not."""
        return cls(amount, Unit.CALENDAR_DAY)

    @property
    def elapsed(self) -> bool:
        """Whether it runs around the clock, outside any calendar."""
        return self.unit is Unit.CALENDAR_DAY

    def in_minutes(self, calendar: Calendar) -> int:
        """Minutes on `calendar`; for calendar days minutes around the clock."""
        if self.unit is Unit.MINUTE:
            return round(self.amount)
        day = MINUTES_PER_DAY if self.unit is Unit.CALENDAR_DAY else calendar.minutes_per_day
        return round(self.amount * day)


ZERO = Duration(0, Unit.MINUTE)


class ActivityKind(StrEnum):
    """How an activity takes part in the network."""

    TASK = "task"
    START_MILESTONE = "start-milestone"
    FINISH_MILESTONE = "finish-milestone"
    LEVEL_OF_EFFORT = "level-of-effort"
    """Spans its predecessors' start to its successors' finish; never drives a date."""


class ConstraintKind(StrEnum):
    """Date constraints under their Microsoft Project and Primavera names."""

    AS_SOON_AS_POSSIBLE = "ASAP"
    AS_LATE_AS_POSSIBLE = "ALAP"
    START_NO_EARLIER_THAN = "SNET"
    START_NO_LATER_THAN = "SNLT"
    FINISH_NO_EARLIER_THAN = "FNET"
    FINISH_NO_LATER_THAN = "FNLT"
    MUST_START_ON = "MSO"
    """Both SNET and SNLT on one date: relations can still push the activity later (Primavera "Start On")."""
    MUST_FINISH_ON = "MFO"
    """Both FNET and FNLT on one date (Primavera "Finish On")."""
    MANDATORY_START = "MANDATORY_START"
    """The early and late start, whatever the relations say."""
    MANDATORY_FINISH = "MANDATORY_FINISH"
    """The early and late finish, whatever the relations say."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One date constraint; `moment` is None for ASAP and ALAP only."""

    kind: ConstraintKind
    moment: datetime | date | None = None


class OwnerKind(StrEnum):
    """Whose days an activity consumes."""

    OWNER = "owner"
    """The project owner (建设单位): preparation, design, contracting."""
    DEPARTMENT = "department"
    """An approving department: the days it has committed to."""
    STATUTORY = "statutory"
    """A wait fixed by law (公示、公告、等标期): nobody may shorten it."""
    CONTRACTOR = "contractor"
    NEIGHBOUR = "neighbour"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Owner:
    """The party whose days an activity consumes."""

    kind: OwnerKind = OwnerKind.OTHER
    name: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """One step of work.

    `calendar` None means the network's default. `actual_finish` given means finished; `actual_start` alone
    means in progress, with `remaining` left (None: taken from `percent_complete` of the duration). A
    `deadline` pulls the late finish, never the early dates. `baseline_*` and `resources` are used by the
    quality gate only.
    """

    id: str
    name: str = ""
    duration: Duration = ZERO
    calendar: str | None = None
    kind: ActivityKind = ActivityKind.TASK
    constraints: tuple[Constraint, ...] = ()
    deadline: datetime | date | None = None
    actual_start: datetime | date | None = None
    actual_finish: datetime | date | None = None
    remaining: Duration | None = None
    percent_complete: float = 0.0
    """0..100."""
    owner: Owner = Owner()
    baseline_start: datetime | date | None = None
    baseline_finish: datetime | date | None = None
    resources: tuple[str, ...] = ()
    suspend: datetime | date | None = None
    resume: datetime | date | None = None

    @property
    def label(self) -> str:
        """Name and identifier, for messages."""
        return f"{self.name} ({self.id})" if self.name and self.name != self.id else self.id


class RelationType(StrEnum):
    """Which end of the predecessor holds which end of the successor."""

    FINISH_START = "FS"
    START_START = "SS"
    FINISH_FINISH = "FF"
    START_FINISH = "SF"


class LagCalendar(StrEnum):
    """The calendar on which lags run."""

    PREDECESSOR = "predecessor"
    SUCCESSOR = "successor"
    PROJECT = "project"
    AROUND_THE_CLOCK = "24h"


@dataclass(frozen=True, slots=True)
class Relation:
    """`successor` waits for `predecessor`; a negative lag is a lead. `lag_calendar` None: the network's."""

    predecessor: str
    successor: str
    type: RelationType = RelationType.FINISH_START
    lag: Duration = ZERO
    lag_calendar: LagCalendar | None = None

    @property
    def label(self) -> str:
        """`A FS+2 B`, for messages."""
        lag = f"{self.lag.amount:+g} {self.lag.unit}" if self.lag.amount else ""
        return f"{self.predecessor} -{self.type}{lag}-> {self.successor}"


class GapRule(StrEnum):
    """What to do with a moment that falls into the free time of the calendar that must meet it."""

    STRICT = "strict"
    """Nothing is ever earlier than a predecessor allows: a finish held by a Saturday is met on Monday."""
    PRIMAVERA = "primavera"
    """Friday evening counts as Monday morning, both ways: what Primavera and Microsoft Project show."""


class ProgressMode(StrEnum):
    """What an activity in progress owes to predecessors that are not finished."""

    RETAINED_LOGIC = "retained-logic"
    """Its remaining work waits for them."""
    PROGRESS_OVERRIDE = "progress-override"
    """Its remaining work goes on at the data date."""


@dataclass(frozen=True)
class Network:
    """A plan: activities, relations, calendars and the settings under which they are scheduled.

    `start` is the earliest date of anything not started; `data_date` (None: `start`) is the day progress was
    recorded, before which nothing unfinished is placed. `must_finish_by` sets the late finish of the
    project and may make float negative. `critical_float` in minutes: total float up to it is critical.

    `separate_finishes`: a portfolio, whose groups of related activities each count back from their own last
    finish instead of the last of all; one pass then schedules what would take a network per group.

    A plain `date` is its first moment where a start is meant (start, data date, SNET, SNLT, MSO, actual
    start) and its last where a finish is (must finish by, deadline, FNET, FNLT, MFO, actual finish).
    """

    activities: Sequence[Activity]
    relations: Sequence[Relation]
    start: datetime | date
    calendars: Sequence[Calendar] = (Calendar("standard"),)
    default_calendar: str = ""
    name: str = ""
    data_date: datetime | date | None = None
    must_finish_by: datetime | date | None = None
    progress: ProgressMode = ProgressMode.RETAINED_LOGIC
    lag_calendar: LagCalendar = LagCalendar.PREDECESSOR
    gap_rule: GapRule = GapRule.STRICT
    critical_float: int = 0
    separate_finishes: bool = False

    def calendar(self, id: str | None = None) -> Calendar:
        """The calendar of that identifier; None or empty for the default (the first, when none is named)."""
        wanted = id or self.default_calendar
        for calendar in self.calendars:
            if not wanted or calendar.id == wanted:
                return calendar
        from .errors import MissingCalendarError

        raise MissingCalendarError(
            f"Calendar {wanted!r} is not in the network.",
            subjects=(wanted,),
            remedy="Add the calendar or name one of: " + ", ".join(c.id for c in self.calendars) + ".",
        )


@dataclass(frozen=True)
class ScheduleResult:
    """Dates and float of every activity; arrays of n entries in the order of `ids`, times in minutes.

    Early and late dates of an activity in progress are those of its remaining work; of a finished one, the
    moment it stopped holding anyone (the data date, as in Primavera). `shown_start` and `shown_finish` are
    the dates to show: the actual one where there is one, else the early one.

    Float is in worked minutes of the activity's own calendar; `total_float_days` and `free_float_days` divide
    by its minutes per day. A relation that fixes the early dates of its successor is driving: its index in
    the network's relations is in `driving_relation`, its successor's position in `driving_successor`. An
    activity with none is held by a constraint, the data date or progress.
    """

    ids: tuple[str, ...]
    early_start: Minutes
    early_finish: Minutes
    late_start: Minutes
    late_finish: Minutes
    shown_start: Minutes
    shown_finish: Minutes
    total_float: Minutes
    free_float: Minutes
    critical: NDArray[np.bool_]
    minutes_per_day: Minutes
    project_start: int
    project_finish: int
    driving_relation: Minutes = field(default_factory=lambda: np.zeros(0, np.int64))
    driving_successor: Minutes = field(default_factory=lambda: np.zeros(0, np.int64))
    relation_slack: Minutes = field(default_factory=lambda: np.zeros(0, np.int64))
    """Per relation of the network the worked minutes it leaves its successor, or UNUSED."""
    longest_path: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    caveats: tuple[str, ...] = ()
    index: Mapping[str, int] = field(default_factory=dict, repr=False)

    @property
    def total_float_days(self) -> NDArray[np.float64]:
        """Total float in working days of each activity's calendar; negative: days too late."""
        return self.total_float / self.minutes_per_day

    @property
    def free_float_days(self) -> NDArray[np.float64]:
        """Free float in working days of each activity's calendar."""
        return self.free_float / self.minutes_per_day

    def driving(self, id: str) -> tuple[int, ...]:
        """Indices of the relations that drive an activity."""
        chosen = self.driving_successor == self.index[id]
        return tuple(self.driving_relation[chosen].tolist())

    def position(self, id: str) -> int:
        """Index of an activity in the arrays."""
        return self.index[id]

    def start(self, id: str) -> datetime:
        """Actual start, or early start when not started."""
        return to_datetime(self.shown_start[self.index[id]])

    def finish(self, id: str) -> datetime:
        """Actual finish, or early finish when not finished."""
        return to_datetime(self.shown_finish[self.index[id]])

    def start_day(self, id: str, *, late: bool = False) -> date:
        """The day on which it starts."""
        times = self.late_start if late else self.shown_start
        return to_datetime(times[self.index[id]]).date()

    def finish_day(self, id: str, *, late: bool = False) -> date:
        """The last day on which it is worked: a finish at midnight belongs to the day before."""
        starts, finishes = (
            (self.late_start, self.late_finish) if late else (self.shown_start, self.shown_finish)
        )
        at = self.index[id]
        moment = int(finishes[at])
        return to_datetime(moment - 1 if moment > starts[at] else moment).date()
