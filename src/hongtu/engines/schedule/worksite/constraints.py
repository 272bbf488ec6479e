"""What the parties sign: constraints that can be laid on a schedule network, whose dates then follow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .explain import MoveCode, explain
from .problem import Problem
from .result import JointSchedule


class ConstraintKind(StrEnum):
    """Kinds a schedule network understands."""

    START_NO_EARLIER_THAN = "start_no_earlier_than"
    FINISH_NO_LATER_THAN = "finish_no_later_than"
    RELATION = "relation"


@dataclass(frozen=True, slots=True)
class Constraint:
    """One signed line. `activity` is the network's activity of the space, or the space's id if it has none.

    START_NO_EARLIER_THAN: `day` is the first day allowed. FINISH_NO_LATER_THAN: `day` is the exclusive end,
    of the use of `place` (empty: of its own ground). RELATION: finish-to-start from `predecessor_activity`
    (of `predecessor_project`) with `lag` days.
    """

    kind: ConstraintKind
    project: str
    activity: str
    space: str
    day: int | None = None
    place: str = ""
    predecessor_project: str | None = None
    predecessor_activity: str | None = None
    predecessor_space: str | None = None
    lag: int = 0


def constraints_of(problem: Problem, schedule: JointSchedule) -> list[Constraint]:
    """Constraints that pin the schedule: dates of everything that moves, order of everything that clashes.

    A clash is turned into a relation where whole uses follow one another; where one gives way midway
    (retreat, split), dates for both sides say it instead, since a network's activity has no midway end.
    """
    scene = problem.scene
    found: list[Constraint] = []
    names = {index: scene.spaces[index].activity or scene.spaces[index].id for index in problem.tasks}
    for record in explain(problem, schedule):
        index = scene.space_index[record.space]
        if record.placed[0] != record.planned[0]:
            kind = ConstraintKind.START_NO_EARLIER_THAN
            found.append(Constraint(kind, record.project, names[index], record.space, record.placed[0]))
        if record.code in (MoveCode.SHORTENED, MoveCode.RETREATS, MoveCode.RELOCATED, MoveCode.SPLIT):
            for part in record.parts:
                moved_away = record.code in (MoveCode.RETREATS, MoveCode.RELOCATED)
                if moved_away and part is record.parts[-1] and part.finish >= record.planned[1]:
                    continue  # the last place is held to the planned end, or as the chain asks
                kind = ConstraintKind.FINISH_NO_LATER_THAN
                found.append(
                    Constraint(kind, record.project, names[index], record.space, part.finish, part.place)
                )
    found += _orders(problem, schedule, names)
    return found


def _orders(problem: Problem, schedule: JointSchedule, names: dict[int, str]) -> list[Constraint]:
    """Finish-to-start relations between parties whose whole uses share ground, nearest neighbours only."""
    scene, placements = problem.scene, schedule.placements
    pairs: set[tuple[int, int]] = set()
    for clash in problem.clashes:
        one, other = (problem.footprints.items[f].space for f in (clash.first, clash.second))
        uses_one = [p for p in placements[one].parts if p.footprint == clash.first]
        uses_other = [p for p in placements[other].parts if p.footprint == clash.second]
        if not uses_one or not uses_other:
            continue
        if placements[other].start < placements[one].start:
            one, other = other, one
        if len(placements[one].parts) == 1 and placements[one].finish <= placements[other].start:
            pairs.add((one, other))
    implied = {
        (one, far) for one, near in pairs for again, far in pairs if again == near and (one, far) in pairs
    }
    return [
        Constraint(
            ConstraintKind.RELATION,
            scene.spaces[other].project,
            names[other],
            scene.spaces[other].id,
            predecessor_project=scene.spaces[one].project,
            predecessor_activity=names[one],
            predecessor_space=scene.spaces[one].id,
            lag=scene.handover_days,
        )
        for one, other in sorted(pairs - implied)
    ]
