"""Checks a joint schedule from the scene alone, by other code than the one that made it.

Nothing of the model, the windows or the clash list is used: every rule is looked up in the scene again, and
every pair of parts is compared with every other by plain geometry.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from shapely.geometry.base import BaseGeometry

from .access import classify, must_separate
from .model import LinkKind, Relocate, Retreat, Scene, Shorten, Space, Split
from .options import Option, OptionKind
from .problem import Problem
from .result import JointSchedule, Placement, whole


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a schedule breaks; `spaces` are ids."""

    code: str
    spaces: tuple[str, ...]
    detail: str


def verify(problem: Problem, schedule: JointSchedule) -> list[Violation]:
    """Everything wrong with `schedule`; empty when it may be signed."""
    scene = problem.scene
    found: list[Violation] = []
    members = {scene.projects[number].id for number in problem.projects}
    expected = {index for project in members for index in scene.spaces_of.get(project, ())}
    for index in expected ^ set(schedule.placements):
        found.append(
            Violation("SPACE_MISSING", (scene.spaces[index].id,), "not placed, or not of the cluster")
        )
    if found:
        return found
    for index, placement in schedule.placements.items():
        found += _check_space(scene, scene.spaces[index], problem.options[index][placement.option], placement)
    found += _check_links(scene, schedule.placements)
    found += _check_meetings(problem, schedule.placements)
    found += _check_money(problem, schedule)
    return found


def _check_space(scene: Scene, space: Space, option: Option, placement: Placement) -> list[Violation]:
    found: list[Violation] = []

    def wrong(code: str, detail: str) -> None:
        found.append(Violation(code, (space.id,), detail))

    today = scene.data_date
    for one, other in pairwise(placement.parts):
        if other.start < one.finish or (other.start > one.finish and option.kind is not OptionKind.SPLIT):
            wrong("PARTS_OUT_OF_ORDER", f"{one.finish} then {other.start}")
    if any(part.finish <= part.start for part in placement.parts):
        wrong("PART_EMPTY", "a part lasts no day")
    pinned = space.fixed or (today is not None and space.start < today)
    if pinned and placement.start != space.start:
        wrong("STARTED_MOVED", f"started {space.start}, placed {placement.start}")
    if space.fixed and placement.finish != space.finish and not space.elastic:
        wrong("FIXED_MOVED", f"ends {space.finish}, placed {placement.finish}")
    if not pinned:
        least = space.start if space.earliest is None else space.earliest
        if placement.start < max(least, today if today is not None else least):
            wrong("TOO_EARLY", f"placed {placement.start}, may start {least}")
    if today is not None and space.start < today < placement.finish + 1 and placement.finish < today:
        wrong("PAST_CHANGED", f"ends {placement.finish} before today {today}")
    if space.latest_finish is not None and placement.finish > space.latest_finish:
        wrong("TOO_LATE", f"ends {placement.finish}, must by {space.latest_finish}")
    low, high = _lengths(space, option.kind)
    if placement.days < low or (high is not None and placement.days > high):
        wrong("LENGTH_WRONG", f"lasts {placement.days} days, allowed {low} to {high}")
    found += _check_places(scene, space, option.kind, placement)
    return found


def _lengths(space: Space, kind: OptionKind) -> tuple[int, int | None]:
    """Days a use may last under a move; None: no upper limit."""
    most = None if space.elastic else space.days
    shorten = [move.minimum_days for move in space.moves if isinstance(move, Shorten)]
    if kind is OptionKind.SHORTEN:
        return min(shorten), most
    if kind is OptionKind.RETREAT:
        return min([*shorten, space.days]), most
    extra = Relocate if kind is OptionKind.RELOCATE else Split
    if kind is OptionKind.KEEP:
        return space.days, most
    days = [
        space.days + move.extra_days
        for move in space.moves
        if isinstance(move, Relocate | Split) and isinstance(move, extra)
    ]
    return min(days), None if space.elastic else max(days)


def _check_places(scene: Scene, space: Space, kind: OptionKind, placement: Placement) -> list[Violation]:
    found: list[Violation] = []
    earliest = {}
    for move in space.moves:
        if isinstance(move, Relocate):
            earliest[move.place] = move.earliest
        elif isinstance(move, Retreat):
            earliest.update(zip(move.labels, move.ready, strict=True))
    for part in placement.parts:
        limit = earliest.get(part.place) if part.place else None
        if limit is not None and part.start < limit:
            found.append(Violation("PLACE_NOT_READY", (space.id,), f"{part.place} before {limit}"))
        if kind in (OptionKind.RETREAT, OptionKind.RELOCATE) and part.place and part.place not in earliest:
            found.append(Violation("PLACE_NOT_OFFERED", (space.id,), part.place))
        if kind in (OptionKind.KEEP, OptionKind.SHORTEN, OptionKind.SPLIT) and part.place:
            found.append(Violation("PLACE_NOT_OFFERED", (space.id,), part.place))
    if kind is OptionKind.SPLIT:
        least = max(move.minimum_part_days for move in space.moves if isinstance(move, Split))
        if any(part.finish - part.start < least for part in placement.parts):
            found.append(Violation("PART_TOO_SHORT", (space.id,), f"under {least} days"))
    return found


def _check_links(scene: Scene, placements: dict[int, Placement]) -> list[Violation]:
    found = []
    for index, placement in placements.items():
        space = scene.spaces[index]
        for link in space.links:
            before = scene.space_index[link.predecessor]
            if before not in placements:
                continue
            other = placements[before]
            base = other.finish if link.kind in (LinkKind.FS, LinkKind.FF) else other.start
            bound = placement.finish if link.kind in (LinkKind.FF, LinkKind.SF) else placement.start
            if bound < base + link.lag:
                found.append(
                    Violation(
                        "LINK_BROKEN",
                        (link.predecessor, space.id),
                        f"{link.kind} {link.lag}: {bound} < {base + link.lag}",
                    )
                )
    return found


def _ground(problem: Problem, space: Space, footprint: int | None) -> BaseGeometry | None:
    """Ground of a part, which must be one that the space itself declares."""
    if footprint is None:
        return None
    ground = problem.footprints.items[footprint].ground
    declared = [space.footprint]
    for move in space.moves:
        if isinstance(move, Relocate):
            declared.append(move.footprint)
        elif isinstance(move, Retreat):
            declared.extend(move.stages)
    return next(shape for shape in declared if shape is ground)


def _check_meetings(problem: Problem, placements: dict[int, Placement]) -> list[Violation]:
    scene = problem.scene
    stays = [
        (part.start, part.finish, scene.spaces[index], _ground(problem, scene.spaces[index], part.footprint))
        for index, placement in placements.items()
        for part in placement.parts
    ]
    stays.sort(key=lambda stay: stay[0])
    found = []
    for i, (_, finish, one, ground) in enumerate(stays):
        for start, _, other, other_ground in stays[i + 1 :]:
            if start >= finish + scene.handover_days:
                break
            if one.project == other.project or ground is None or other_ground is None:
                continue
            verdict = None
            assert one.access is not None and other.access is not None
            if ground.intersection(other_ground).area > scene.overlap_tolerance:
                verdict = classify(one.access, other.access, overlapping=True)
            asked = max(one.clearance, other.clearance)
            if verdict is None and asked > 0 and ground.distance(other_ground) <= asked:
                verdict = classify(one.access, other.access, overlapping=False)
            if verdict is not None and must_separate(verdict):
                found.append(Violation("USES_MEET", (one.id, other.id), f"{verdict} from day {start}"))
    return found


def _check_money(problem: Problem, schedule: JointSchedule) -> list[Violation]:
    """Recounts what each party loses."""
    scene = problem.scene
    total, found = 0, []
    for loss in schedule.losses:
        project = scene.projects[scene.project_index[loss.project]]
        rows = [(i, p) for i, p in schedule.placements.items() if scene.spaces[i].project == loss.project]
        ends = max(placement.finish for _, placement in rows)
        planned = max(scene.spaces[index].finish for index, _ in rows)
        yuan = whole(project.delay_cost_per_day) * max(0, ends - planned)
        for index, placement in rows:
            space = scene.spaces[index]
            yuan += whole(space.delay_cost_per_day) * max(0, placement.start - space.start)
            yuan += _cost_of_move(space, problem.options[index][placement.option].kind, placement)
        total += yuan
        if yuan != loss.yuan or max(0, ends - planned) != loss.days:
            found.append(Violation("LOSS_MISCOUNTED", (loss.project,), f"said {loss.yuan}, counted {yuan}"))
    if total != schedule.total_yuan:
        found.append(Violation("TOTAL_MISCOUNTED", (), f"said {schedule.total_yuan}, counted {total}"))
    return found


def _cost_of_move(space: Space, kind: OptionKind, placement: Placement) -> int:
    shorten = [move.cost_per_day for move in space.moves if isinstance(move, Shorten)]
    short = max(0, space.days - placement.days)
    if kind is OptionKind.SHORTEN:
        return whole(shorten[0]) * short
    if kind is OptionKind.SPLIT:
        return whole(next(move.cost for move in space.moves if isinstance(move, Split)))
    away = {part.place: part.finish - part.start for part in placement.parts if part.place}
    if kind is OptionKind.RELOCATE:
        place = next(iter(away))
        move = next(m for m in space.moves if isinstance(m, Relocate) and m.place == place)
        return whole(move.cost) + whole(move.cost_per_day) * away[place]
    if kind is OptionKind.RETREAT:
        retreat = next(m for m in space.moves if isinstance(m, Retreat))
        yuan = whole(shorten[0]) * short if shorten else 0
        for name, step in zip(retreat.labels, retreat.step_costs, strict=True):
            if name in away:
                yuan += whole(step) + whole(retreat.cost_per_day) * away[name]
        return yuan
    return 0
