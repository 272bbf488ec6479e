"""The state machine of the spine, pure: which move is open in which state, and where it leads.

`check()` says why a move is refused (None when it is open), `target()` where it leads. Both take a `Case`,
a plain snapshot, so that the machine is tested without a database. What is not here: clocks (`clock.py`) and
rates (`measures.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hongtu.kernel.problems.vocab import (
    OPEN,
    Clock,
    Move,
    Outcome,
    Proposal,
    Refusal,
    Satisfaction,
    State,
)

BEFORE_CLOSING = frozenset(
    {State.REPORTED, State.TRIAGED, State.ASSIGNED, State.SIGNED, State.WORKING, State.SUSPENDED}
)
HANDLED = frozenset({State.ASSIGNED, State.SIGNED, State.WORKING})

SOURCES: dict[Move, frozenset[State]] = {
    Move.TRIAGE: frozenset({State.REPORTED}),
    Move.DECLINE: frozenset({State.REPORTED, State.TRIAGED}),
    Move.ASSIGN: frozenset({State.TRIAGED}),
    Move.RETURN: frozenset({State.ASSIGNED, State.SIGNED}),
    Move.SIGN: frozenset({State.ASSIGNED}),
    Move.TRANSFER: HANDLED,
    Move.MEASURES: frozenset({State.SIGNED, State.WORKING}),
    Move.CONTACT: OPEN,
    Move.ASK_TO_CLOSE: frozenset({State.SIGNED, State.WORKING}),
    Move.VERIFY: frozenset({State.CLOSING}),
    Move.REJECT: frozenset({State.CLOSING}),
    Move.CONFIRM: frozenset({State.ANSWERING}),
    Move.SETTLE: frozenset({State.ANSWERING}),
    Move.DISPUTE: frozenset({State.ANSWERING, State.SOLVED, State.EXPLAINED}),
    Move.SUSPEND: frozenset({State.SIGNED, State.WORKING}),
    Move.RESUME: frozenset({State.SUSPENDED}),
    Move.EXTEND: frozenset({State.ASSIGNED, State.SIGNED, State.WORKING}),
    Move.EXCLUDE: BEFORE_CLOSING | {State.EXPLAINED, State.DECLINED},
    Move.SPLIT: BEFORE_CLOSING - {State.SUSPENDED},
    Move.MERGE: BEFORE_CLOSING - {State.SUSPENDED},
    Move.DETACH: frozenset({State.MERGED}),
    Move.REOPEN: frozenset({State.SOLVED, State.EXPLAINED, State.UNREASONABLE, State.DECLINED}),
}
_TARGETS: dict[Move, State] = {
    Move.TRIAGE: State.TRIAGED,
    Move.DECLINE: State.DECLINED,
    Move.ASSIGN: State.ASSIGNED,
    Move.RETURN: State.TRIAGED,
    Move.SIGN: State.SIGNED,
    Move.TRANSFER: State.ASSIGNED,
    Move.MEASURES: State.WORKING,
    Move.ASK_TO_CLOSE: State.CLOSING,
    Move.VERIFY: State.ANSWERING,
    Move.REJECT: State.WORKING,
    Move.DISPUTE: State.WORKING,
    Move.SUSPEND: State.SUSPENDED,
    Move.EXCLUDE: State.UNREASONABLE,
    Move.SPLIT: State.SPLIT,
    Move.MERGE: State.MERGED,
    Move.DETACH: State.TRIAGED,
}
CLOCK_OF: dict[State, Clock] = {
    State.REPORTED: Clock.TRIAGE,
    State.TRIAGED: Clock.ASSIGN,
    State.ASSIGNED: Clock.SIGN,
    State.SIGNED: Clock.MEASURES,
    State.WORKING: Clock.WORK,
    State.CLOSING: Clock.VERIFY,
    State.ANSWERING: Clock.ANSWER,
    State.SUSPENDED: Clock.SUSPENSION,
}
DESK_STATES = frozenset({State.REPORTED, State.TRIAGED, State.ANSWERING})
NEEDS_REASON = frozenset(
    {
        Move.DECLINE,
        Move.RETURN,
        Move.TRANSFER,
        Move.REJECT,
        Move.DISPUTE,
        Move.MERGE,
        Move.DETACH,
        Move.REOPEN,
    }
)


@dataclass(frozen=True)
class Case:
    """A problem as the machine sees it. `doers` are the keys of everybody who had a hand in the work."""

    state: State
    resume_state: State | None = None
    proposal: Proposal | None = None
    handled: bool = False
    doers: frozenset[int] = field(default_factory=frozenset)
    extensions: int = 0
    suspensions: int = 0


@dataclass(frozen=True)
class No:
    """A refusal with the facts its text names."""

    why: Refusal
    facts: Mapping[str, Any] = field(default_factory=dict)


def check(move: Move, case: Case, *, reason: str | None = None) -> No | None:
    """Why `move` is not open, None when it is. `reason` None leaves the reason unexamined."""
    if case.state not in SOURCES[move]:
        return No(Refusal.WRONG_STATE, {"state": case.state.label, "move": move.label})
    if reason is not None and move in NEEDS_REASON and not reason.strip():
        return No(Refusal.REASON_REQUIRED)
    return None


def moves(case: Case) -> list[Move]:
    """Every move open now, in the order of the enumeration."""
    return [move for move in Move if move in SOURCES and check(move, case) is None]


def target(move: Move, case: Case) -> State:
    """The state after an open move."""
    if move in (Move.CONFIRM, Move.SETTLE):
        return State.SOLVED if case.proposal == Proposal.SOLVED else State.EXPLAINED
    if move is Move.RESUME:
        return case.resume_state or State.WORKING
    if move is Move.REOPEN:
        return State.ASSIGNED if case.handled else State.TRIAGED
    return _TARGETS.get(move, case.state)


def may_verify(case: Case, person: int | None) -> No | None:
    """Nobody verifies work she had a hand in. `None` is the house itself (take-over of old records)."""
    return No(Refusal.OWN_WORK) if person is not None and person in case.doers else None


def may_confirm(case: Case, person: int | None) -> No | None:
    """A doer who also reported cannot accept her own work."""
    return No(Refusal.OWN_REPORT) if person is not None and person in case.doers else None


def may_ask(used: int, most: int, why: Refusal) -> No | None:
    """Extensions and suspensions are counted over the life of a problem, re-opening included."""
    return No(why, {"used": used, "most": most}) if used >= most else None


OUTCOME_OF: dict[State, Outcome] = {
    State.SOLVED: Outcome.SOLVED,
    State.EXPLAINED: Outcome.NOT_SOLVED,
    State.DECLINED: Outcome.NOT_SOLVED,
    State.UNREASONABLE: Outcome.EXCLUDED,
}


def outcome(state: State, *, survivor: Outcome | None = None, parts: Iterable[Outcome] = ()) -> Outcome:
    """What a problem counts as. A merged one counts as its survivor; a split one as the worst of its parts,
    so that neither move can raise a rate: all parts must be solved, one excluded part excludes nothing."""
    if state is State.MERGED:
        return survivor or Outcome.OPEN
    if state is State.SPLIT:
        found = set(parts)
        if not found or Outcome.OPEN in found:
            return Outcome.OPEN
        return found.pop() if len(found) == 1 else Outcome.NOT_SOLVED
    return OUTCOME_OF.get(state, Outcome.OPEN)


_WORST = (Satisfaction.DISSATISFIED, Satisfaction.NONE, Satisfaction.BASICALLY, Satisfaction.SATISFIED)


def satisfaction(answers: Iterable[Satisfaction]) -> Satisfaction:
    """One reporter's satisfaction over all parts she follows: the worst, and none while one is unanswered."""
    return min(answers, key=_WORST.index, default=Satisfaction.NONE)
