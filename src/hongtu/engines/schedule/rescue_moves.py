"""What can be done to save a promise: crash, overlap, commitment, parallel approvals, another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .errors import MissingActivityError, ScheduleError
from .model import Activity, Duration, Network, Relation, RelationType, Unit


class RescueMoveError(ScheduleError):
    """A move that does not fit the network."""

    code = "schedule.invalid-move"


class MoveKind(StrEnum):
    """What is done."""

    CRASH = "crash"
    """More crews or shifts: a price for each day gained."""
    OVERLAP = "overlap"
    """The successor begins before its predecessor is done, as both parties agree."""
    COMMITMENT = "commitment"
    """告知承诺、容缺: the office handles in fewer days against a written commitment."""
    PARALLEL = "parallel"
    """并联审批: two approvals run side by side."""
    RESEQUENCE = "resequence"
    """A relation of mere preference is dropped or turned round."""


@dataclass(frozen=True)
class Move:
    """One thing that could be done, up to `levels` times (days, for crashing).

    Each level costs `cost_per_level` yuan and shortens `activity` by `days_per_level` of its own unit; `cost`
    is paid once. `drop` are (predecessor, successor) pairs whose relations go, `add` relations that come.
    Moves of one non-empty `group` exclude each other. `agreed_by` names who must agree, `basis` the rule.
    """

    id: str
    kind: MoveKind
    cost: float = 0.0
    cost_per_level: float = 0.0
    levels: int = 1
    activity: str | None = None
    days_per_level: float = 0.0
    drop: tuple[tuple[str, str], ...] = ()
    add: tuple[Relation, ...] = ()
    group: str = ""
    agreed_by: str = ""
    basis: str = ""

    def price(self, level: int) -> float:
        """Yuan for `level` levels."""
        return self.cost + self.cost_per_level * level if level else 0.0


def crash(activity: str, days: int, cost_per_day: float, *, cost: float = 0.0, agreed_by: str = "") -> Move:
    """Shorten an activity by up to `days`, at `cost_per_day` each, after `cost` once."""
    return Move(
        f"crash:{activity}",
        MoveKind.CRASH,
        cost,
        cost_per_day,
        days,
        activity,
        1.0,
        agreed_by=agreed_by,
    )


def commitment(
    activity: str, days: float, *, cost: float = 0.0, agreed_by: str = "", basis: str = ""
) -> Move:
    """An approval handled `days` faster against a written commitment (告知承诺、容缺受理)."""
    return Move(
        f"commitment:{activity}",
        MoveKind.COMMITMENT,
        cost,
        0.0,
        1,
        activity,
        days,
        agreed_by=agreed_by,
        basis=basis,
    )


def overlap(
    network: Network, predecessor: str, successor: str, days: float, *, cost: float = 0.0, agreed_by: str = ""
) -> Move:
    """The successor of a finish-to-start relation begins `days` before the predecessor's end."""
    relation = _relation(network, predecessor, successor)
    if relation.type is not RelationType.FINISH_START:
        raise _refusal(f"{relation.label} is not finish-to-start.", predecessor, successor)
    lag = replace(relation.lag, amount=relation.lag.amount - days, unit=_unit(relation))
    return Move(
        f"overlap:{predecessor}>{successor}",
        MoveKind.OVERLAP,
        cost,
        drop=((predecessor, successor),),
        add=(replace(relation, lag=lag),),
        agreed_by=agreed_by,
    )


def parallel(
    network: Network,
    predecessor: str,
    successor: str,
    *,
    cost: float = 0.0,
    agreed_by: str = "",
    basis: str = "",
) -> Move:
    """Two approvals side by side: both wait for what the first waited for, what followed for both."""
    _relation(network, predecessor, successor)
    before = [replace(r, successor=successor) for r in network.relations if r.successor == predecessor]
    after = [replace(r, predecessor=predecessor) for r in network.relations if r.predecessor == successor]
    known = {(r.predecessor, r.successor) for r in network.relations}
    add = tuple(r for r in (*before, *after) if (r.predecessor, r.successor) not in known)
    name = f"parallel:{predecessor}|{successor}"
    pair = ((predecessor, successor),)
    return Move(name, MoveKind.PARALLEL, cost, drop=pair, add=add, agreed_by=agreed_by, basis=basis)


def resequence(
    network: Network,
    predecessor: str,
    successor: str,
    *,
    turn: bool = False,
    cost: float = 0.0,
    agreed_by: str = "",
) -> Move:
    """Drop a relation of preference; with `turn` the former successor goes first."""
    relation = _relation(network, predecessor, successor)
    add = (replace(relation, predecessor=successor, successor=predecessor),) if turn else ()
    name = f"resequence:{predecessor}>{successor}"
    pair = ((predecessor, successor),)
    return Move(name, MoveKind.RESEQUENCE, cost, drop=pair, add=add, agreed_by=agreed_by)


def _relation(network: Network, predecessor: str, successor: str) -> Relation:
    for relation in network.relations:
        if (relation.predecessor, relation.successor) == (predecessor, successor):
            return relation
    raise _refusal(f"{successor!r} does not wait for {predecessor!r}.", predecessor, successor)


def _unit(relation: Relation) -> Unit:
    """Unit of a lead: that of the lag if there is one, else working days."""
    return relation.lag.unit if relation.lag.amount else Unit.WORKING_DAY


def _refusal(message: str, *subjects: str) -> RescueMoveError:
    return RescueMoveError(message, subjects=subjects, remedy="Name a move that fits the plan.")


def check_moves(network: Network, moves: Sequence[Move], target: str | None) -> None:
    """Refuses moves, or a promised activity, that do not fit the plan."""
    activities = {activity.id: activity for activity in network.activities}
    if target is not None and target not in activities:
        raise MissingActivityError(
            f"{target!r} is promised but not in the plan.", subjects=(target,), remedy="Name an activity."
        )
    for move in moves:
        if move.cost < 0 or move.cost_per_level < 0 or move.levels < 1 or move.days_per_level < 0:
            raise _refusal(f"Move {move.id!r} has a negative cost or gain, or no level.", move.id)
        named = {end for pair in move.drop for end in pair} | {
            end for relation in move.add for end in (relation.predecessor, relation.successor)
        }
        if move.activity is not None:
            named.add(move.activity)
        if missing := sorted(named - set(activities)):
            raise _refusal(f"Move {move.id!r} names {missing[0]!r}, which is not in the plan.", missing[0])
        if move.activity is not None:
            left = work_left(activities[move.activity]).amount - move.levels * move.days_per_level
            if left < 0 or activities[move.activity].actual_finish is not None:
                raise _refusal(f"Move {move.id!r} shortens {move.activity!r} below nothing.", move.activity)


def work_left(activity: Activity) -> Duration:
    """Remaining duration once started, else the duration."""
    if activity.actual_start is not None and activity.remaining is not None:
        return activity.remaining
    return activity.duration
