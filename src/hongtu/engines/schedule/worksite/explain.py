"""Why a joint schedule looks as it does: codes and parameters, which the pages put into words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .model import LinkKind, as_params
from .options import OptionKind
from .problem import Problem
from .result import JointSchedule, Part, Placement, yuan_of_placement


class MoveCode(StrEnum):
    """What happens to a space, compared with its plan."""

    STAYS = "stays"
    STARTS_LATER = "starts_later"
    STARTS_EARLIER = "starts_earlier"
    STAYS_LONGER = "stays_longer"
    SHORTENED = "shortened"
    RELOCATED = "relocated"
    RETREATS = "retreats"
    SPLIT = "split"


class ReasonCode(StrEnum):
    """What keeps a space from being earlier, or makes it give way."""

    GROUND_TAKEN = "ground_taken"  # waits until another party has left
    MAKES_ROOM = "makes_room"  # leaves so that another party can enter
    PREDECESSOR = "predecessor"  # follows its own chain
    DATA_DATE = "data_date"  # cannot start before today


@dataclass(frozen=True, slots=True)
class Reason:
    code: ReasonCode
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MoveRecord:
    """One space's change. Days are indexes, half open; `yuan` is what the change costs by itself."""

    code: MoveCode
    space: str
    project: str
    planned: tuple[int, int]
    placed: tuple[int, int]
    parts: tuple[Part, ...]
    yuan: int
    reasons: tuple[Reason, ...]


_BY_OPTION = {
    OptionKind.SHORTEN: MoveCode.SHORTENED,
    OptionKind.RELOCATE: MoveCode.RELOCATED,
    OptionKind.RETREAT: MoveCode.RETREATS,
    OptionKind.SPLIT: MoveCode.SPLIT,
}


def explain(problem: Problem, schedule: JointSchedule, *, everything: bool = False) -> list[MoveRecord]:
    """The moves of a schedule in order of their day; with `everything` also the spaces that stay."""
    records = []
    for index in sorted(schedule.placements, key=lambda i: (schedule.placements[i].start, i)):
        space, placement = problem.scene.spaces[index], schedule.placements[index]
        option = problem.options[index][placement.option]
        code = _code(space.start, space.finish, placement, option.kind)
        if code is MoveCode.STAYS and not everything:
            continue
        records.append(
            MoveRecord(
                code,
                space.id,
                space.project,
                (space.start, space.finish),
                (placement.start, placement.finish),
                placement.parts,
                yuan_of_placement(problem.scene, placement, option),
                tuple(_reasons(problem, schedule.placements, index)) if code is not MoveCode.STAYS else (),
            )
        )
    return records


def _code(start: int, finish: int, placement: Placement, kind: OptionKind) -> MoveCode:
    if kind in _BY_OPTION:
        return _BY_OPTION[kind]
    if placement.start > start:
        return MoveCode.STARTS_LATER
    if placement.start < start:
        return MoveCode.STARTS_EARLIER
    return MoveCode.STAYS_LONGER if placement.finish > finish else MoveCode.STAYS


def _reasons(problem: Problem, placements: dict[int, Placement], index: int) -> list[Reason]:
    scene, placement = problem.scene, placements[index]
    reasons = _ground_reasons(problem, placements, index)
    for bond in problem.predecessors.get(index, ()):
        other = placements[bond.predecessor]
        base = other.finish if bond.kind in (LinkKind.FS, LinkKind.FF) else other.start
        bound = placement.finish if bond.kind in (LinkKind.FF, LinkKind.SF) else placement.start
        if bound == base + bond.lag:
            params = as_params(space=scene.spaces[bond.predecessor].id, kind=bond.kind.value, lag=bond.lag)
            reasons.append(Reason(ReasonCode.PREDECESSOR, params))
    if scene.data_date is not None and placement.start == scene.data_date:
        reasons.append(Reason(ReasonCode.DATA_DATE, {"day": scene.data_date}))
    return reasons


def _ground_reasons(problem: Problem, placements: dict[int, Placement], index: int) -> list[Reason]:
    """Other parties whose leaving or entering meets this space's parts to the day, or whom it lets in."""
    scene, gap = problem.scene, problem.scene.handover_days
    space, placement = scene.spaces[index], placements[index]
    found: list[Reason] = []
    for clash in problem.clashes:
        for mine, theirs in ((clash.first, clash.second), (clash.second, clash.first)):
            if problem.footprints.items[mine].space != index:
                continue
            other = problem.footprints.items[theirs].space
            params = {
                "space": scene.spaces[other].id,
                "project": scene.spaces[other].project,
                "class": clash.verdict.value,
            }
            stays = [part for part in placements[other].parts if part.footprint == theirs]
            for part in placement.parts:
                if part.footprint == mine and any(stay.finish + gap == part.start for stay in stays):
                    _once(found, Reason(ReasonCode.GROUND_TAKEN, {**params, "day": part.start}))
            gives = _gives_way(space.start, space.finish, placement, mine, stays)
            if gives is not None:
                _once(found, Reason(ReasonCode.MAKES_ROOM, {**params, "day": gives}))
    return found


def _once(found: list[Reason], reason: Reason) -> None:
    if reason not in found:
        found.append(reason)


def _gives_way(start: int, finish: int, placement: Placement, mine: int, stays: list[Part]) -> int | None:
    """Day on which the other enters ground that this use was planned to hold then, if it does."""
    as_planned = placement.start == start and placement.finish == finish and len(placement.parts) == 1
    if as_planned and placement.parts[0].footprint == mine:
        return None
    for stay in stays:
        held = any(
            part.footprint == mine and part.start < stay.finish and stay.start < part.finish
            for part in placement.parts
        )
        if start < stay.finish and stay.start < finish and not held and stay.start >= placement.start:
            return stay.start
    return None
