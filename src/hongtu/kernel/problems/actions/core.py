"""What every move shares: the check, the row, the clock, the owner, the log, the events, the outcome."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from hongtu.kernel.audit.actions import note
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.events import publish
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import rules
from hongtu.kernel.problems.events import ProblemClosed, ProblemMoved, ProblemReopened
from hongtu.kernel.problems.models import LogEntry, Problem
from hongtu.kernel.problems.terms import Terms, now, terms
from hongtu.kernel.problems.vocab import (
    OPEN,
    Clock,
    Move,
    Outcome,
    Proposal,
    Refusal,
    ResultState,
    State,
)

AGAIN = frozenset({Move.REJECT, Move.DISPUTE, Move.REOPEN})
"""What sends finished work back to be done again."""


def refuse(no: rules.No, field: str = "", error: type[InvalidInput] = InvalidInput) -> NoReturn:
    """Raise the refusal in words, beside `field` where one is at fault."""
    text = _(no.why.label) % {k: _(v) if isinstance(v, str) else v for k, v in no.facts.items()}
    raise error(text, code=no.why.value, fields={field: [text]} if field else {})


def forbid(no: rules.No | None) -> None:
    """Raise NotAllowed when the machine says no to this person."""
    if no is not None:
        raise NotAllowed(_(no.why.label) % dict(no.facts), code=no.why.value)


def moment(by: Person | None, at: datetime | None) -> datetime:
    """Now; another only for the house, taking over old records: nobody dates her own work."""
    if at is not None and by is not None:
        raise NotAllowed(_("时间由系统记录，不能自己填写。"), code="problems.no_backdating")
    return at or now()


def case_of(problem: Problem) -> rules.Case:
    """The problem as the state machine sees it."""
    return rules.Case(
        state=State(problem.state),
        resume_state=State(problem.resume_state) if problem.resume_state else None,
        proposal=Proposal(problem.proposal) if problem.proposal else None,
        handled=problem.handling_unit_id is not None,
        doers=frozenset(problem.doers),
        extensions=problem.extensions,
        suspensions=problem.suspensions_used,
    )


def doers_with(problem: Problem, *people: Person | None) -> list[int]:
    """Everybody who had a hand in the work, with these added."""
    return sorted({*problem.doers, *(p.pk for p in people if p is not None)})


def owner_of(state: State, problem: Problem, handling: Unit | None) -> Unit | None:
    """Who must act in a state."""
    if state not in OPEN:
        return None
    if state in rules.DESK_STATES:
        return problem.desk
    if state is State.CLOSING:
        return verifying_unit(problem.desk, handling)
    return handling or problem.desk


def verifying_unit(desk: Unit, handling: Unit | None) -> Unit:
    """The desk verifies, unless it did the work itself: then the unit above it does."""
    if handling is not None and handling.pk == desk.pk and desk.parent is not None:
        return desk.parent
    return desk


def move(
    problem: Problem,
    version: int,
    step: Move,
    *,
    by: Person | None,
    at: datetime,
    text: str = "",
    reason: str | None = None,
    public: bool = True,
    counting: Terms | None = None,
    **changes: Any,
) -> Problem:
    """Make one move inside a running action: check, write, log, tell. The refreshed problem.

    Raises InvalidInput when the machine refuses, StaleVersion when somebody else was faster.
    """
    case = case_of(problem)
    no = rules.check(step, case, reason=reason)
    if no is not None:
        refuse(no, "reason" if no.why is Refusal.REASON_REQUIRED else "")
    after = rules.target(step, case)
    if after is not case.state or "due_at" in changes:
        changes = {**_standing(problem, after, step, at, counting or terms(), changes), **changes}
    problem.revise(version, **changes)
    log(problem, step, by=by, at=at, text=text or reason or "", public=public)
    note(problem, reason=reason or "", move=step.value, number=problem.number)
    recount(problem)
    publish(ProblemMoved(problem.pk, step, case.state, after, at, by.pk if by else None))
    if after not in OPEN and case.state in OPEN:
        publish(ProblemClosed(problem.pk, Outcome(problem.outcome)))
    if after in OPEN and case.state not in OPEN:
        publish(ProblemReopened(problem.pk))
    return problem


def _standing(
    problem: Problem, after: State, step: Move, at: datetime, counting: Terms, changes: dict[str, Any]
) -> dict[str, Any]:
    """State, owner and clock that go together."""
    due_at = changes.get("due_at", problem.due_at)
    clock, clock_due = counting.stage_due(after, at, due_at)
    if clock is Clock.WORK and step in AGAIN:
        clock_due = max(due_at, counting.ends(at, "redo"))
    handling = changes.get("handling_unit", problem.handling_unit)
    return {
        "state": after,
        "clock": clock,
        "clock_due_at": clock_due,
        "owner_unit": owner_of(after, problem, handling),
        "closed_at": None if after in OPEN else at,
    }


def log(
    problem: Problem, step: Move, *, by: Person | None, at: datetime, text: str = "", public: bool = True
) -> LogEntry:
    """One line of the problem's record."""
    return LogEntry.objects.create(
        problem=problem,
        at=at,
        move=step,
        state=problem.state,
        by=by,
        unit=by.unit if by else None,
        text=text,
        public=public,
    )


def recount(problem: Problem) -> None:
    """Bring the outcome up to date here, in what was merged into it, and in what it was split from."""
    state = State(problem.state)
    asked = problem.asked_at
    if state is State.MERGED:
        survivor = problem.merged_into
        counted = rules.outcome(state, survivor=Outcome(survivor.outcome) if survivor else None)
        asked = survivor.asked_at if survivor else None
    elif state is State.SPLIT:
        parts = list(problem.parts.values_list("outcome", "asked_at"))
        counted = rules.outcome(state, parts=[Outcome(o) for o, _asked in parts])
        asked = max([a for _o, a in parts if a], default=None)
    else:
        counted = rules.outcome(state)
    in_time = counted is Outcome.SOLVED and asked is not None and asked <= problem.first_due_at
    if (counted, in_time) != (problem.outcome, problem.solved_in_time) or asked != problem.asked_at:
        problem.revise(problem.version, outcome=counted, solved_in_time=in_time, asked_at=asked)
        _follow(problem.merged.all())
        if problem.split_from is not None:
            recount(problem.split_from)
    _settle_result(problem, state)


def _follow(problems: Iterable[Problem]) -> None:
    for merged in problems:
        recount(merged)


def _settle_result(problem: Problem, state: State) -> None:
    """A result stands only while its problem counts as solved."""
    result = getattr(problem, "result", None)
    if result is None:
        return
    fitting = {
        State.SOLVED: ResultState.STANDING,
        State.ANSWERING: ResultState.VERIFIED,
        State.CLOSING: ResultState.PROPOSED,
    }.get(state, ResultState.WITHDRAWN)
    if problem.proposal != Proposal.SOLVED:
        fitting = ResultState.WITHDRAWN
    if result.state != fitting:
        result.revise(result.version, state=fitting)
