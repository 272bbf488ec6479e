"""What a joint schedule is, and what each party loses by it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .model import Scene
from .options import Option


class Aim(StrEnum):
    """What an alternative is best at."""

    LEAST_COST = "least_cost"
    FAIREST = "fairest"
    PROMISED_DATES = "promised_dates"
    PARTY_FIRST = "party_first"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of days [start, finish) on one ground (index into the problem's footprints, None: none)."""

    start: int
    finish: int
    footprint: int | None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """How one space is carried out: `option` indexes its options; parts without days are left out."""

    space: int
    option: int
    parts: tuple[Part, ...]

    @property
    def start(self) -> int:
        return self.parts[0].start

    @property
    def finish(self) -> int:
        return self.parts[-1].finish

    @property
    def days(self) -> int:
        return sum(part.finish - part.start for part in self.parts)


@dataclass(frozen=True, slots=True)
class Loss:
    """What one project loses: working (axis) days of later finish, yuan, and days past its promise.

    `relative` is the loss in yuan counted in the project's own days of delay.
    """

    project: str
    days: int
    yuan: int
    days_past_promise: int | None
    relative: float


@dataclass(frozen=True)
class JointSchedule:
    """One alternative for a cluster.

    `objective` is the aim's own measure (yuan; relative days for FAIREST; days past the promises for
    PROMISED_DATES) and `bound` its proven lower bound. Each aim ends with the total cost; `optimal`: every
    stage is proven, `gap` is the relative distance of the first stage that is not.
    `party` names whose turn is first where the aim is PARTY_FIRST.
    """

    aim: Aim
    placements: dict[int, Placement]
    losses: tuple[Loss, ...]
    total_yuan: int
    objective: float
    bound: float
    gap: float
    optimal: bool
    party: str | None = None
    also: tuple[str, ...] = ()  # aims that led to the very same schedule


def whole(yuan: float) -> int:
    """Rates and costs count in whole yuan, so that the solver and the re-count agree to the last one."""
    return round(yuan)


def yuan_of_placement(scene: Scene, placement: Placement, option: Option) -> int:
    """Costs that a placement causes by itself: later start, moves, days shortened, days elsewhere."""
    space = scene.spaces[placement.space]
    cost = whole(space.delay_cost_per_day) * max(0, placement.start - space.start) + whole(option.cost)
    cost += whole(option.cost_per_day_short) * max(0, option.full - placement.days)
    rules = {(rule.footprint, rule.place): rule for rule in option.parts}
    for part in placement.parts:
        rule = rules[part.footprint, part.place]
        cost += whole(rule.step_cost) + whole(rule.cost_per_day) * (part.finish - part.start)
    return cost


def losses_of(
    scene: Scene, projects: list[int], placements: dict[int, Placement], options: dict[int, list[Option]]
) -> tuple[Loss, ...]:
    """The loss of each of `projects` (indexes), whose spaces are all in `placements`."""
    money = dict.fromkeys(projects, 0)
    finish: dict[int, int] = {}
    for index, placement in placements.items():
        project = scene.project_index[scene.spaces[index].project]
        money[project] += yuan_of_placement(scene, placement, options[index][placement.option])
        finish[project] = max(finish.get(project, placement.finish), placement.finish)
    losses = []
    for number in projects:
        project_record = scene.projects[number]
        delay = max(0, finish[number] - scene.planned_finish[project_record.id])
        rate = whole(project_record.delay_cost_per_day)
        yuan = money[number] + rate * delay
        late = None
        if project_record.promised is not None:
            late = max(0, finish[number] - project_record.promised)
        losses.append(Loss(project_record.id, delay, yuan, late, yuan / max(rate, 1)))
    return tuple(losses)
