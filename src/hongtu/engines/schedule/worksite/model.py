"""The nouns of work faces: spaces with a window, the projects they belong to, and the moves they allow.

Days are whole indexes on one `DayAxis`; windows are half open, [start, finish). Geometry is Shapely on a
metric plane (see `projection.LocalPlane`), always a valid, non-empty (multi)polygon, or None for an activity
that takes part in the chain but occupies no contested ground. Money is yuan.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from .access import DEFAULT_ACCESS, AccessKind, SpaceKind
from .days import DayAxis
from .errors import Fault, WorksiteError, fail


class LinkKind(StrEnum):
    """Relation of a space to its predecessor in the chain."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


@dataclass(frozen=True, slots=True)
class Link:
    """`predecessor` (a space id of the same scene) binds this space, `lag` days later (may be negative)."""

    predecessor: str
    kind: LinkKind = LinkKind.FS
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Shorten:
    """The work can be done in fewer days (more crews, shifts), at a price for each day gained."""

    minimum_days: int
    cost_per_day: float = 0.0


@dataclass(frozen=True, slots=True)
class Relocate:
    """The use can be at `place` instead.

    `midway`: after a part of the window at the original place, contiguous, the rest is spent at `place`
    (the site office that retreats); otherwise the whole window is. `earliest` is the first day the place
    can be used. `cost` is paid once, `cost_per_day` for each day there, `extra_days` lengthen the whole.
    """

    place: str
    footprint: BaseGeometry | None
    cost: float = 0.0
    cost_per_day: float = 0.0
    extra_days: int = 0
    earliest: int | None = None
    midway: bool = False


@dataclass(frozen=True, slots=True)
class Retreat:
    """The use gives ground stage by stage: `stages[i]` is what it still occupies after the i-th step back.

    Stages are contiguous in time and any may last zero days, but the window as a whole keeps its length.
    `step_costs[i]` is paid once for step i, `cost_per_day` for each day after the first step; step i can be
    made from day `earliest[i]` on (None, or no entry: at once). At least one step is made.
    """

    stages: tuple[BaseGeometry | None, ...]
    step_costs: tuple[float, ...]
    names: tuple[str, ...] = ()
    cost_per_day: float = 0.0
    earliest: tuple[int | None, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the stages, by number where they have none."""
        return self.names or tuple(str(number) for number in range(1, len(self.stages) + 1))

    @property
    def ready(self) -> tuple[int | None, ...]:
        """First day of each stage."""
        return self.earliest or (None,) * len(self.stages)


@dataclass(frozen=True, slots=True)
class Split:
    """The work can be broken off once and taken up again later, with `extra_days` lost to it."""

    minimum_part_days: int = 1
    cost: float = 0.0
    extra_days: int = 0


Move = Shorten | Relocate | Retreat | Split


@dataclass(frozen=True)
class Space:
    """One use of ground by one project.

    `earliest`: first day the use may start, by default its planned start (nobody is pushed forward unasked).
    `latest_finish`: exclusive end that must not be passed. `fixed`: neither end moves. `elastic`: may last
    longer than planned at no cost (a site office that stays as long as its links ask).
    `delay_cost_per_day`: what each day of later start costs beyond the project's own delay (idle crew).
    `clearance`: metres that others must keep away.
    """

    id: str
    project: str
    footprint: BaseGeometry | None
    start: int
    finish: int
    kind: SpaceKind = SpaceKind.WORK_FACE
    access: AccessKind | None = None
    name: str = ""
    activity: str = ""
    clearance: float = 0.0
    delay_cost_per_day: float = 0.0
    earliest: int | None = None
    latest_finish: int | None = None
    fixed: bool = False
    elastic: bool = False
    links: tuple[Link, ...] = ()
    moves: tuple[Move, ...] = ()

    def __post_init__(self) -> None:
        if self.access is None:
            object.__setattr__(self, "access", DEFAULT_ACCESS[self.kind])
        if self.start >= self.finish:
            raise self._fault("WINDOW_REVERSED", "the window ends before it starts", "swap start and finish")
        if not self.clearance >= 0 or not self.delay_cost_per_day >= 0:
            raise self._fault("NEGATIVE_VALUE", "clearance or cost is negative", "give zero or more")
        if self.footprint is not None and self.footprint.is_empty:
            raise self._fault("GEOMETRY_EMPTY", "the geometry is empty", "draw it, or give null")
        for move in self.moves:
            _check_move(self, move)

    def _fault(self, code: str, message: str, hint: str) -> WorksiteError:
        return fail(code, message, hint, identifier=self.id)

    @property
    def days(self) -> int:
        return self.finish - self.start


def _check_move(space: Space, move: Move) -> None:
    def refuse(message: str, hint: str) -> WorksiteError:
        return fail("MOVE_INVALID", message, hint, identifier=space.id, field=type(move).__name__.lower())

    costs = [getattr(move, name) for name in ("cost", "cost_per_day", "extra_days") if hasattr(move, name)]
    if isinstance(move, Retreat):
        costs.extend(move.step_costs)
        lengths = {len(move.stages), len(move.step_costs), len(move.labels), len(move.ready)}
        if not move.stages or len(lengths) > 1 or len(set(move.labels)) < len(move.labels):
            raise refuse("stages, costs and names of the retreat do not match", "give each stage its own")
    if any(not cost >= 0 for cost in costs):
        raise refuse("a cost or a number of days is negative", "give zero or more")
    if isinstance(move, Shorten) and not 1 <= move.minimum_days < space.days:
        raise refuse(
            f"shortening to {move.minimum_days} of {space.days} days", "give at least 1 and less than now"
        )
    if isinstance(move, Split) and not 1 <= move.minimum_part_days <= space.days // 2:
        raise refuse("the parts of the split do not fit the window", "give at most half of the window")


@dataclass(frozen=True)
class Project:
    """A party. `promised` is the exclusive day index by which it has promised to be finished."""

    id: str
    name: str = ""
    party: str = ""
    delay_cost_per_day: float = 1.0
    promised: int | None = None
    priority: int = 0

    def __post_init__(self) -> None:
        if not self.delay_cost_per_day >= 0:
            raise fail(
                "NEGATIVE_VALUE", "delay_cost_per_day is negative", "give zero or more", identifier=self.id
            )


@dataclass(frozen=True)
class Scene:
    """Everything that a conflict search or a joint schedule needs; checked as a whole when made.

    `data_date`: day index of today; a space that started before it stays where it started, and nothing new
    starts before it. `handover_days`: days between one use leaving a ground and the next entering it.
    """

    projects: tuple[Project, ...]
    spaces: tuple[Space, ...]
    axis: DayAxis = field(default_factory=lambda: DayAxis(date(2025, 1, 1)))
    data_date: int | None = None
    handover_days: int = 0
    overlap_tolerance: float = 0.5  # m2: smaller overlaps are slips of the pen at a shared border

    def __post_init__(self) -> None:
        faults = [*_duplicates("project", [p.id for p in self.projects])]
        faults += _duplicates("space", [s.id for s in self.spaces])
        faults += self._dangling()
        if self.handover_days < 0:
            faults.append(Fault("NEGATIVE_VALUE", "handover_days is negative", "give zero or more"))
        if not faults:
            faults = _cycle(self)
        if faults:
            raise WorksiteError(faults)

    def _dangling(self) -> list[Fault]:
        faults = []
        known_projects = {project.id for project in self.projects}
        known_spaces = {space.id: space for space in self.spaces}
        for index, space in enumerate(self.spaces):
            if space.project not in known_projects:
                faults.append(
                    Fault(
                        "PROJECT_UNKNOWN",
                        f"project {space.project!r} is not declared",
                        "declare it or correct the id",
                        index,
                        space.id,
                        "project",
                    )
                )
            for link in space.links:
                if link.predecessor not in known_spaces:
                    faults.append(
                        Fault(
                            "PREDECESSOR_UNKNOWN",
                            f"predecessor {link.predecessor!r} does not exist",
                            "correct the id",
                            index,
                            space.id,
                            "predecessors",
                        )
                    )
        return faults

    @cached_property
    def space_index(self) -> dict[str, int]:
        return {space.id: index for index, space in enumerate(self.spaces)}

    @cached_property
    def project_index(self) -> dict[str, int]:
        return {project.id: index for index, project in enumerate(self.projects)}

    @cached_property
    def spaces_of(self) -> dict[str, list[int]]:
        """Indexes of the spaces of each project."""
        found: dict[str, list[int]] = {}
        for index, space in enumerate(self.spaces):
            found.setdefault(space.project, []).append(index)
        return found

    @cached_property
    def planned_finish(self) -> dict[str, int]:
        """Exclusive planned end of each project that has spaces."""
        finish: dict[str, int] = {}
        for space in self.spaces:
            finish[space.project] = max(finish.get(space.project, space.finish), space.finish)
        return finish


def _duplicates(noun: str, identifiers: list[str]) -> list[Fault]:
    return [
        Fault("ID_DUPLICATE", f"{count} {noun}s have the id {key!r}", "make the ids unique", identifier=key)
        for key, count in Counter(identifiers).items()
        if count > 1
    ]


def _cycle(scene: Scene) -> list[Fault]:
    """A fault that prints the cycle of links, if there is one (depth-first, no recursion)."""
    predecessors = {s.id: [link.predecessor for link in s.links] for s in scene.spaces if s.links}
    state: dict[str, int] = {}
    for root in predecessors:
        if root in state:
            continue
        path, stack = [root], [iter(predecessors[root])]
        state[root] = 1
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                state[path.pop()] = 2
            elif state.get(step) == 1:
                loop = [*path[path.index(step) :], step][::-1]
                return [
                    Fault(
                        "LINK_CYCLE",
                        "predecessors form a cycle: " + " → ".join(loop),
                        "remove one of them",
                        identifier=step,
                        field="predecessors",
                    )
                ]
            elif step not in state:
                state[step] = 1
                path.append(step)
                stack.append(iter(predecessors.get(step, ())))
    return []


def polygon_of(geometry: BaseGeometry, *, width: float = 0.0, radius: float = 0.0) -> BaseGeometry:
    """Ground taken by a drawn geometry: a line is widened to `width`, a point to a disc of `radius`, in m.

    Raises WorksiteError GEOMETRY_NEEDS_SIZE for a line without width or a point without radius.
    """
    if geometry.geom_type in ("LineString", "MultiLineString") and width > 0:
        return shapely.buffer(geometry, width / 2, cap_style="flat")
    if geometry.geom_type in ("Point", "MultiPoint") and radius > 0:
        return shapely.buffer(geometry, radius, quad_segs=16)
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    raise fail(
        "GEOMETRY_NEEDS_SIZE",
        f"a {geometry.geom_type} takes no ground",
        "give 'width' in metres for a line, 'radius' in metres for a point, or draw a polygon",
    )


def as_params(**values: Any) -> dict[str, Any]:
    """Parameters of a coded statement, without the empty ones."""
    return {key: value for key, value in values.items() if value is not None}
