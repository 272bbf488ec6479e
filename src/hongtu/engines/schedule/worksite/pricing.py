"""What a conflict costs if nothing is agreed: one of the two waits, in days and yuan."""

from __future__ import annotations

from dataclasses import dataclass

from .access import CLASS_ORDER, ConflictClass, must_separate
from .detect import Pairs
from .model import LinkKind, Scene
from .result import whole


@dataclass(frozen=True, slots=True)
class PricedConflict:
    """A conflict of two spaces (indexes) as planned.

    `overlap_*`: the days both are there, half open. `*_waits_days`: by how many days its project ends
    later if that space waits until the other has left (its float is used up first), `*_waits_yuan` the cost.
    Both are zero where sharing is enough. `price_yuan` is the cheaper of the two.
    """

    first: int
    second: int
    verdict: ConflictClass
    overlap_start: int
    overlap_finish: int
    first_waits_days: int
    first_waits_yuan: int
    second_waits_days: int
    second_waits_yuan: int

    @property
    def price_yuan(self) -> int:
        return min(self.first_waits_yuan, self.second_waits_yuan)

    @property
    def price_days(self) -> int:
        """Days of the cheaper order."""
        if self.first_waits_yuan <= self.second_waits_yuan:
            return self.first_waits_days
        return self.second_waits_days


def price(scene: Scene, pairs: Pairs) -> list[PricedConflict]:
    """Prices conflicts as found in the plan, in the order of `pairs`."""
    floats = total_floats(scene)
    priced = []
    for a, b, v in zip(pairs.first.tolist(), pairs.second.tolist(), pairs.verdict.tolist(), strict=True):
        one, other, verdict = scene.spaces[a], scene.spaces[b], CLASS_ORDER[v]
        start, finish = max(one.start, other.start), min(one.finish, other.finish)
        costs = [0, 0, 0, 0]
        if must_separate(verdict):
            costs = [*_waiting(scene, a, b, floats), *_waiting(scene, b, a, floats)]
        priced.append(PricedConflict(a, b, verdict, start, finish, *costs))
    return priced


def _waiting(scene: Scene, waits: int, goes: int, floats: list[int]) -> tuple[int, int]:
    space, other = scene.spaces[waits], scene.spaces[goes]
    shift = other.finish + scene.handover_days - space.start
    days = max(0, shift - floats[waits])
    rate = scene.projects[scene.project_index[space.project]].delay_cost_per_day
    return days, whole(rate) * days + whole(space.delay_cost_per_day) * shift


def total_floats(scene: Scene) -> list[int]:
    """Days each space may start later than planned without moving its project's planned end.

    Successors as planned may absorb nothing of their own: a shift passes on by what the link leaves free.
    """
    position = scene.space_index
    spaces = scene.spaces
    floats = [scene.planned_finish[space.project] - space.finish for space in spaces]
    waiting = [0] * len(spaces)
    for space in spaces:
        for link in space.links:
            waiting[position[link.predecessor]] += 1
    ready = [index for index, count in enumerate(waiting) if not count]
    while ready:
        index = ready.pop()
        space = spaces[index]
        for link in space.links:
            before = position[link.predecessor]
            other = spaces[before]
            base = other.finish if link.kind in (LinkKind.FS, LinkKind.FF) else other.start
            bound = space.finish if link.kind in (LinkKind.FF, LinkKind.SF) else space.start
            free = bound - base - link.lag
            floats[before] = max(0, min(floats[before], free + floats[index]))
            waiting[before] -= 1
            if not waiting[before]:
                ready.append(before)
    return floats
