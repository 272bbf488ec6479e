"""Which projects have to be looked at together."""

from __future__ import annotations

from collections.abc import Iterable

from .access import CLASS_ORDER, must_separate
from .detect import Pairs
from .model import Scene


class Groups:
    """Union-find over project indexes."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))
        self._joined: set[int] = set()

    def find(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def join(self, one: int, other: int) -> bool:
        """Puts two projects together; False if they were already."""
        self._joined.update((one, other))
        a, b = self.find(one), self.find(other)
        if a == b:
            return False
        self._parent[max(a, b)] = min(a, b)
        return True

    def clusters(self) -> list[tuple[int, ...]]:
        """Projects that were ever joined, by cluster, sorted."""
        found: dict[int, list[int]] = {}
        for number in sorted(self._joined):
            found.setdefault(self.find(number), []).append(number)
        return [tuple(members) for members in found.values()]


def clusters_of(scene: Scene, pairs: Pairs) -> Groups:
    """Projects joined by conflicts that must be parted, then by links between projects."""
    groups = Groups(len(scene.projects))
    project = [scene.project_index[space.project] for space in scene.spaces]
    for first, second, verdict in zip(pairs.first, pairs.second, pairs.verdict, strict=True):
        if must_separate(CLASS_ORDER[verdict]):
            groups.join(project[first], project[second])
    join_links(scene, groups)
    return groups


def join_links(scene: Scene, groups: Groups) -> None:
    """Adds projects linked to a cluster's projects, until nothing changes."""
    crossing = list(_crossing(scene))
    changed = True
    while changed:
        changed = False
        known = {number for cluster in groups.clusters() for number in cluster}
        for one, other in crossing:
            if (one in known or other in known) and groups.join(one, other):
                changed = True


def _crossing(scene: Scene) -> Iterable[tuple[int, int]]:
    position, project = scene.space_index, scene.project_index
    for space in scene.spaces:
        for link in space.links:
            other = scene.spaces[position[link.predecessor]].project
            if other != space.project:
                yield project[space.project], project[other]
