"""What a schedule file holds beyond the engine's network: breakdown, resources, saved dates, remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hongtu.engines.schedule.model import Duration, Network


class FileFormat(StrEnum):
    """Kinds of schedule file."""

    MSPDI = "mspdi"
    """Microsoft Project XML."""
    XER = "xer"
    """Primavera P6 exchange text."""
    PMXML = "pmxml"
    """Primavera P6 XML."""
    MPP = "mpp"
    """Microsoft Project binary; read through Java."""
    XLSX = "xlsx"
    """A table in a workbook."""


class Rules(StrEnum):
    """Whose scheduling rules give the dates that the author of the file sees on her screen."""

    MICROSOFT = "microsoft"
    PRIMAVERA = "primavera"
    STANDARD = "standard"
    """The engine's own, for tables that no scheduling program has computed."""


@dataclass(frozen=True, slots=True)
class SavedDates:
    """Dates and float as the program that wrote the file stored them; None where it stored none."""

    start: datetime | None = None
    finish: datetime | None = None
    early_start: datetime | None = None
    early_finish: datetime | None = None
    late_start: datetime | None = None
    late_finish: datetime | None = None
    total_float: int | None = None
    """Worked minutes."""
    free_float: int | None = None
    """Worked minutes."""
    critical: bool | None = None


@dataclass(frozen=True, slots=True)
class BreakdownNode:
    """A node of the work breakdown structure (a summary task in Microsoft Project)."""

    id: str
    name: str
    code: str = ""
    parent: str | None = None
    saved: SavedDates = SavedDates()


class ResourceKind(StrEnum):
    """What a resource is counted in."""

    WORK = "work"
    MATERIAL = "material"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Resource:
    """People, machines, materials or money; `units` is the number available (1.0 is one)."""

    id: str
    name: str
    kind: ResourceKind = ResourceKind.WORK
    calendar: str | None = None
    units: float = 1.0


@dataclass(frozen=True, slots=True)
class Assignment:
    """A resource at work on an activity: `units` at a time, `work` minutes in all, `remaining_work` to go."""

    activity: str
    resource: str
    units: float = 1.0
    work: int = 0
    actual_work: int = 0
    remaining_work: int = 0


@dataclass(frozen=True, slots=True)
class ActivityDetail:
    """What a file says of an activity that the engine does not need, kept for display and export."""

    row: int | None = None
    """The number shown to the author (Microsoft Project: ID)."""
    unique_id: str = ""
    """The key inside the file, stable over renumbering."""
    node: str | None = None
    """The breakdown node it belongs to."""
    manual: bool = False
    """Manually scheduled: its dates are typed in, relations do not move it."""
    milestone: bool = False
    fixed_duration: bool = True
    """False: work and units of assignments give the duration (Microsoft Project: fixed units or work)."""
    ignore_resource_calendar: bool = False
    physical_percent: float | None = None
    expected_finish: datetime | None = None
    levelling_delay: int = 0
    """Minutes; elapsed."""


@dataclass(frozen=True, slots=True)
class ThreePoints:
    """Optimistic, most likely and pessimistic duration of an activity, each in its own unit."""

    optimistic: Duration
    most_likely: Duration
    pessimistic: Duration


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in the file that was read otherwise than written, or left out: a stable code and a place."""

    code: str
    place: str
    text: str


@dataclass(frozen=True)
class ScheduleFile:
    """A schedule file, read: the network for the engine and all that comes with it."""

    network: Network
    format: FileFormat
    rules: Rules
    program: str = ""
    """Name and version of the program that wrote the file, as far as it says."""
    nodes: tuple[BreakdownNode, ...] = ()
    resources: tuple[Resource, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    details: Mapping[str, ActivityDetail] = field(default_factory=dict)
    saved: Mapping[str, SavedDates] = field(default_factory=dict)
    estimates: Mapping[str, ThreePoints] = field(default_factory=dict)
    """Three-point durations by activity, where the file has them."""
    remarks: tuple[Remark, ...] = ()
    finish: datetime | None = None
    """Given when the plan is scheduled backwards from it (Microsoft Project: from project finish)."""

    def detail(self, activity: str) -> ActivityDetail:
        """The detail of an activity; an empty one where the file says nothing."""
        return self.details.get(activity) or ActivityDetail()
