"""The joint-scheduling problem of one cluster of projects, ready for search."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .access import ACCESS_ORDER, CLASS_ORDER, ConflictClass, must_separate
from .detect import Uses, find_pairs
from .errors import Fault, InfeasibleError
from .model import LinkKind, Scene
from .options import Footprints, Option, OptionKind, write_out
from .result import Placement

Windows = dict[int, tuple[int, int]]


@dataclass(frozen=True)
class Bond:
    """`successor` is bound by `predecessor` (space indexes) with `kind` and `lag`."""

    predecessor: int
    successor: int
    kind: LinkKind
    lag: int


@dataclass(frozen=True)
class Clash:
    """Two footprints that may not be used at the same time; `first < second`."""

    first: int
    second: int
    verdict: ConflictClass


class Problem:
    """One cluster: all spaces of its projects, their options, links, and the clashes of their footprints.

    Raises InfeasibleError when the links and fixed windows alone contradict each other.
    """

    def __init__(self, scene: Scene, projects: list[int]) -> None:
        self.scene = scene
        self.projects = sorted(projects)
        members = {scene.projects[number].id for number in projects}
        self.tasks = sorted(i for project in members for i in scene.spaces_of.get(project, ()))
        self._members = set(self.tasks)
        self.horizon = self._horizon()
        self.footprints = Footprints()
        self.options: dict[int, list[Option]] = {}
        for index in self.tasks:
            written = write_out(scene, index, self.footprints, self.horizon)
            self.options[index] = [option for option in written if self._possible(index, option)]
        self.bonds = self._bonds()
        self.order = self._topological()
        self.clashes = self._clashes()
        self.earliest = self._earliest()

    # -- set-up ---------------------------------------------------------------------------------------------

    def _horizon(self) -> int:
        """A day by which everything can be done one after the other."""
        spaces = [self.scene.spaces[index] for index in self.tasks]
        longest = sum(space.days + self.scene.handover_days + _extra(space) for space in spaces)
        lags = sum(abs(link.lag) for space in spaces for link in space.links)
        last = max((space.finish for space in spaces), default=0)
        return max(last, self.scene.data_date or last) + longest + lags

    def _possible(self, index: int, option: Option) -> bool:
        """A use that has begun can only move midway."""
        began = self.has_begun(index)
        return not (began and option.kind is OptionKind.RELOCATE and len(option.parts) == 1)

    def has_begun(self, index: int) -> bool:
        today = self.scene.data_date
        return today is not None and self.scene.spaces[index].start < today

    def is_over(self, index: int) -> bool:
        today = self.scene.data_date
        return today is not None and self.scene.spaces[index].finish <= today

    def is_fixed(self, index: int) -> bool:
        return self.scene.spaces[index].fixed or self.is_over(index)

    def _bonds(self) -> list[Bond]:
        position = self.scene.space_index
        return [
            Bond(position[link.predecessor], index, link.kind, link.lag)
            for index in self.tasks
            for link in self.scene.spaces[index].links
            if position[link.predecessor] in self._members
        ]

    def _topological(self) -> list[int]:
        """Tasks with predecessors first, by planned start among equals."""
        waiting = dict.fromkeys(self.tasks, 0)
        for bond in self.bonds:
            waiting[bond.successor] += 1
        ready = [index for index in self.tasks if not waiting[index]]
        order: list[int] = []
        while ready:
            index = ready.pop()
            order.append(index)
            for bond in self.successors.get(index, ()):
                waiting[bond.successor] -= 1
                if not waiting[bond.successor]:
                    ready.append(bond.successor)
        return order

    @cached_property
    def successors(self) -> dict[int, list[Bond]]:
        found: dict[int, list[Bond]] = {}
        for bond in self.bonds:
            found.setdefault(bond.predecessor, []).append(bond)
        return found

    @cached_property
    def predecessors(self) -> dict[int, list[Bond]]:
        found: dict[int, list[Bond]] = {}
        for bond in self.bonds:
            found.setdefault(bond.successor, []).append(bond)
        return found

    def _clashes(self) -> list[Clash]:
        scene, items = self.scene, self.footprints.items
        position = {kind: number for number, kind in enumerate(ACCESS_ORDER)}
        spaces = [scene.spaces[item.space] for item in items]
        ground = np.empty(len(items), dtype=object)
        ground[:] = [item.ground for item in items]
        nothing = np.zeros(len(items), dtype=np.int64)
        uses = Uses(
            ground=ground,
            start=nothing,
            finish=nothing + 1,
            access=np.array([position[s.access] for s in spaces], dtype=np.int8),  # type: ignore[index]
            group=np.array([scene.project_index[space.project] for space in spaces], dtype=np.int64),
            clearance=np.array([space.clearance for space in spaces], dtype=np.float64),
        )
        pairs = find_pairs(uses, tolerance=scene.overlap_tolerance, ignore_time=True)
        return [
            Clash(int(a), int(b), CLASS_ORDER[v])
            for a, b, v in zip(pairs.first, pairs.second, pairs.verdict, strict=True)
            if must_separate(CLASS_ORDER[v])
        ]

    @cached_property
    def rivals(self) -> dict[int, list[int]]:
        """For each footprint the footprints it clashes with."""
        found: dict[int, list[int]] = {}
        for clash in self.clashes:
            found.setdefault(clash.first, []).append(clash.second)
            found.setdefault(clash.second, []).append(clash.first)
        return found

    def part(self, projects: list[int]) -> Problem:
        """The same problem seen by some of its projects only: others are as if they were not there."""
        other = object.__new__(Problem)
        members = {self.scene.projects[number].id for number in projects}
        other.scene, other.projects, other.horizon = self.scene, sorted(projects), self.horizon
        other.footprints, other.options, other.earliest = self.footprints, self.options, self.earliest
        other.tasks = [i for i in self.tasks if self.scene.spaces[i].project in members]
        other._members = set(other.tasks)
        other.order = [i for i in self.order if i in other._members]
        other.bonds = [
            bond
            for bond in self.bonds
            if bond.predecessor in other._members and bond.successor in other._members
        ]
        items = self.footprints.items
        other.clashes = [
            clash
            for clash in self.clashes
            if items[clash.first].space in other._members and items[clash.second].space in other._members
        ]
        return other

    # -- bounds of time -------------------------------------------------------------------------------------

    def own_earliest(self, index: int) -> int:
        """First day space `index` may start, before any link is looked at."""
        space = self.scene.spaces[index]
        if self.is_fixed(index) or self.has_begun(index):
            return space.start
        wished = space.start if space.earliest is None else space.earliest
        return max(wished, self.scene.data_date if self.scene.data_date is not None else wished)

    def is_pinned(self, index: int) -> bool:
        """The start cannot move."""
        return self.is_fixed(index) or self.has_begun(index)

    def least_days(self, index: int) -> int:
        return min(option.minimum for option in self.options[index])

    def _earliest(self) -> dict[int, int]:
        """Earliest start of each space by links, taking every space as short as its options allow."""
        earliest = {index: self.own_earliest(index) for index in self.tasks}
        for index in self.order:
            for bond in self.predecessors.get(index, ()):
                other = bond.predecessor
                bound = earliest[other] + bond.lag
                if bond.kind in (LinkKind.FS, LinkKind.FF):
                    bound += self.least_days(other)
                if bond.kind in (LinkKind.FF, LinkKind.SF):
                    if any(option.gap for option in self.options[index]):
                        continue  # days between the parts: it may start however long before it ends
                    bound -= max(option.maximum for option in self.options[index])
                if bound > earliest[index] and self.is_pinned(index):
                    raise self._pinned(index, other)
                earliest[index] = max(earliest[index], bound)
        return earliest

    def _pinned(self, index: int, other: int) -> InfeasibleError:
        spaces = self.scene.spaces
        return InfeasibleError(
            [
                Fault(
                    "LINK_AGAINST_FIXED",
                    f"{spaces[index].id!r} cannot move, yet must wait for {spaces[other].id!r}",
                    "remove the link, or let the later one move",
                    index,
                    spaces[index].id,
                    "predecessors",
                )
            ]
        )

    @cached_property
    def tails(self) -> dict[int, int]:
        """Least days from a space's start to the end of its own project, along links (at least its own)."""
        tails: dict[int, int] = {}
        for index in reversed(self.order):
            space, least = self.scene.spaces[index], self.least_days(index)
            best = least
            for bond in self.successors.get(index, ()):
                other = bond.successor
                if self.scene.spaces[other].project != space.project:
                    continue
                rest = tails[other] + bond.lag
                if bond.kind is LinkKind.FS:
                    best = max(best, least + rest)
                elif bond.kind is LinkKind.SS:
                    best = max(best, rest)
                elif bond.kind is LinkKind.FF:
                    best = max(best, least + bond.lag)
            tails[index] = best
        return tails

    def windows(self, most_delay: dict[int, int] | None = None) -> Windows:
        """Earliest start and latest start of each space; `most_delay` bounds the delay of projects."""
        found: Windows = {}
        for index in self.tasks:
            space = self.scene.spaces[index]
            low = self.earliest[index]
            if self.is_pinned(index):
                found[index] = (low, low)
                continue
            high = self.horizon - self.least_days(index)
            if most_delay is not None:
                project = self.scene.project_index[space.project]
                if project in most_delay:
                    end = self.scene.planned_finish[space.project] + most_delay[project]
                    high = min(high, end - self.tails[index])
            if space.latest_finish is not None:
                high = min(high, space.latest_finish - self.least_days(index))
            found[index] = (low, max(low, high))
        return found

    def planned(self) -> dict[int, Placement]:
        """Everything as planned, clashes and all."""
        from .greedy import plain_placement

        return {
            index: plain_placement(self, index, 0, self.scene.spaces[index].start) for index in self.tasks
        }


def _extra(space: object) -> int:
    moves = getattr(space, "moves", ())
    return sum(getattr(move, "extra_days", 0) for move in moves)
