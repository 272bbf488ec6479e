"""Moves written out as options: each option is a row of parts, each part on one footprint.

This is the only form the solver, the greedy search and the evaluation know.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from .model import Relocate, Retreat, Scene, Shorten, Space, Split


class OptionKind(StrEnum):
    """Which move an option is."""

    KEEP = "keep"
    SHORTEN = "shorten"
    RELOCATE = "relocate"
    RETREAT = "retreat"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class PartRule:
    """One part of an option: where, at least and at most how many days, not before which day."""

    footprint: int | None  # index into Footprints, None: no ground
    minimum: int
    maximum: int
    earliest: int | None = None
    cost_per_day: float = 0.0
    place: str = ""
    step_cost: float = 0.0  # paid once if the part lasts at least a day


@dataclass(frozen=True, slots=True)
class Option:
    """A way to carry out a space's use. The parts' days sum to between `minimum` and `maximum`."""

    kind: OptionKind
    parts: tuple[PartRule, ...]
    minimum: int
    maximum: int
    cost: float = 0.0
    cost_per_day_short: float = 0.0  # for each day below `full`
    full: int = 0
    gap: bool = False  # whether days may lie between the parts


@dataclass(frozen=True, slots=True)
class Footprint:
    """Ground that a space may take: its own, or that of a move."""

    space: int
    ground: BaseGeometry


class Footprints:
    """Collects the distinct grounds of a scene's spaces and their options."""

    def __init__(self) -> None:
        self.items: list[Footprint] = []

    def add(self, space: int, ground: BaseGeometry | None) -> int | None:
        if ground is None or ground.is_empty:
            return None
        self.items.append(Footprint(space, ground))
        return len(self.items) - 1


def write_out(scene: Scene, index: int, footprints: Footprints, horizon: int) -> list[Option]:
    """All options of space `index`, the plain one first. `horizon` bounds the length of elastic spaces."""
    space = scene.spaces[index]
    own = footprints.add(index, space.footprint)
    stretch = max(space.days, horizon - space.start) if space.elastic else space.days
    plain = PartRule(own, space.days, stretch)
    options = [Option(OptionKind.KEEP, (plain,), space.days, stretch, full=space.days)]
    if space.fixed:
        return options
    shorten = next((move for move in space.moves if isinstance(move, Shorten)), None)
    for move in space.moves:
        if isinstance(move, Shorten):
            options.append(_shorten(space, move, own))
        elif isinstance(move, Relocate):
            options.append(_relocate(space, move, own, footprints.add(index, move.footprint), stretch))
        elif isinstance(move, Retreat):
            grounds = [footprints.add(index, stage) for stage in move.stages]
            options.append(_retreat(space, move, own, grounds, stretch, shorten))
        elif isinstance(move, Split):
            options.append(_split(space, move, own))
    return options


def _shorten(space: Space, move: Shorten, own: int | None) -> Option:
    part = PartRule(own, move.minimum_days, space.days - 1)
    return Option(
        OptionKind.SHORTEN,
        (part,),
        move.minimum_days,
        space.days - 1,
        cost_per_day_short=move.cost_per_day,
        full=space.days,
    )


def _relocate(space: Space, move: Relocate, own: int | None, there: int | None, stretch: int) -> Option:
    days, most = space.days + move.extra_days, stretch + move.extra_days
    if not move.midway:
        part = PartRule(there, days, most, move.earliest, move.cost_per_day, move.place)
        return Option(OptionKind.RELOCATE, (part,), days, most, cost=move.cost, full=days)
    stay = PartRule(own, 1, most - 1)
    go = PartRule(there, 1, most - 1, move.earliest, move.cost_per_day, move.place)
    return Option(OptionKind.RELOCATE, (stay, go), days, most, cost=move.cost, full=days)


def _retreat(
    space: Space,
    move: Retreat,
    own: int | None,
    grounds: list[int | None],
    stretch: int,
    shorten: Shorten | None,
) -> Option:
    steps = [
        PartRule(ground, 0, stretch, ready, move.cost_per_day, name, cost)
        for ground, cost, name, ready in zip(grounds, move.step_costs, move.labels, move.ready, strict=True)
    ]
    parts = (PartRule(own, 1, stretch), *steps)
    least = shorten.minimum_days if shorten else space.days
    price = shorten.cost_per_day if shorten else 0.0
    return Option(OptionKind.RETREAT, parts, least, stretch, cost_per_day_short=price, full=space.days)


def _split(space: Space, move: Split, own: int | None) -> Option:
    days = space.days + move.extra_days
    part = PartRule(own, move.minimum_part_days, days - move.minimum_part_days)
    return Option(OptionKind.SPLIT, (part, part), days, days, cost=move.cost, full=days, gap=True)
