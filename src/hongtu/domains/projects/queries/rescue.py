"""The rescue board's reads: moves of a chain, and the sets of moves that bring it to a date."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from hongtu.domains.projects import queries
from hongtu.domains.projects.models import Project
from hongtu.domains.projects.rules import rescue as rules
from hongtu.engines.schedule.errors import ScheduleError
from hongtu.engines.schedule.model import Network
from hongtu.engines.schedule.rescue import (
    Alternative,
    Move,
    Rescue,
    commitment,
    crash,
    overlap,
    parallel,
    resequence,
)
from hongtu.engines.schedule.rescue import rescue as search
from hongtu.kernel.chains import scheduling
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.profile.models import today

SECONDS = 4.0
ALTERNATIVES = 4


@dataclass(frozen=True)
class Board:
    """A chain with what could be done about it."""

    chain: Chain
    steps: list[Step]
    network: Network
    offered: list[rules.Candidate]
    state: str
    """Digest of the chain as it was read; a choice made on another state is refused."""

    @property
    def by_key(self) -> dict[int, Step]:
        return {step.pk: step for step in self.steps}


def board(project: Project, chain: Chain) -> Board:
    """The chain, its network at today's date, and the moves it offers."""
    steps = list(chain.steps.select_related("unit", "chain").order_by("sequence"))
    relations = list(queries.relations_of(chain))
    network = scheduling.network(chain, steps, relations, today())
    facts = [
        rules.StepFacts(
            step.pk,
            step.name,
            step.remaining_duration
            if step.actual_start and step.remaining_duration is not None
            else step.duration,
            step.whose,
            step.actual_start is not None,
        )
        for step in steps
        if step.actual_finish is None
    ]
    plain = [(r.predecessor_id, r.successor_id) for r in relations if r.type == "FS" and not r.lag]
    offered = rules.candidates(facts, plain, rules.daily_rate(float(project.annual_plan)))
    text = (
        ";".join(f"{s.pk}:{s.version}" for s in steps)
        + "|"
        + ";".join(f"{r.predecessor_id}>{r.successor_id}:{r.type}{r.lag}" for r in relations)
    )
    state = hashlib.sha256(f"{chain.version}|{text}".encode()).hexdigest()[:16]
    return Board(chain, steps, network, offered, state)


def moves(found: Board, chosen: Sequence[rules.Candidate]) -> list[Move]:
    """The chosen candidates as moves of the engine."""
    steps, network = found.by_key, found.network
    made = []
    for move in chosen:
        if not move.use:
            continue
        one, other, unit = str(move.step), str(move.other), steps[move.step].unit.name
        if move.kind == "crash":
            left = _left(steps[move.step])
            made.append(crash(one, min(move.days, left - 1), float(move.cost), agreed_by=unit))
        elif move.kind == "commitment":
            days = min(move.days, _left(steps[move.step]) - 1)
            made.append(commitment(one, float(days), cost=float(move.cost), agreed_by=unit))
        elif move.kind == "overlap":
            made.append(overlap(network, one, other, float(move.days), cost=float(move.cost)))
        elif move.kind == "parallel":
            made.append(parallel(network, one, other, cost=float(move.cost)))
        elif move.kind == "resequence":
            made.append(resequence(network, one, other, cost=float(move.cost)))
    return made


def _left(step: Step) -> int:
    if step.actual_start and step.remaining_duration is not None:
        return step.remaining_duration
    return step.duration


def alternatives(found: Board, chosen: Sequence[rules.Candidate], wanted: date) -> Rescue:
    """Sets of moves between cost and date, up to the cheapest ones that keep `wanted`.

    Raises InvalidInput where the plan cannot be computed.
    """
    try:
        return search(found.network, moves(found, chosen), wanted, alternatives=ALTERNATIVES, seconds=SECONDS)
    except ScheduleError as error:
        raise scheduling.refusal(error, found.steps) from error


def alternative_of(
    found: Board, chosen: Sequence[rules.Candidate], wanted: date, wanted_label: str
) -> Alternative | None:
    """The alternative with this label, built from its own moves alone; None when they do not make it."""
    levels = dict(part.rsplit("=", 1) for part in wanted_label.split(";") if "=" in part)
    own = [
        replace(move, levels=min(move.levels, int(levels[move.id])))
        for move in moves(found, chosen)
        if levels.get(move.id, "").isdecimal() and int(levels[move.id]) > 0
    ]
    try:
        again = search(found.network, own, wanted, alternatives=ALTERNATIVES, seconds=SECONDS)
    except ScheduleError as error:
        raise scheduling.refusal(error, found.steps) from error
    return next((a for a in again.alternatives if label(a) == wanted_label), None)


def label(alternative: Alternative) -> str:
    """What tells one set of moves from another: `crash:12=3;parallel:4|5=1`."""
    return ";".join(f"{effect.move.id}={effect.level}" for effect in alternative.effects)
