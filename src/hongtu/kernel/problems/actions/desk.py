"""What the desk does: triage, decline, assign, verify or send back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import rules
from hongtu.kernel.problems.actions.core import case_of, forbid, moment, move
from hongtu.kernel.problems.models import Category, Problem
from hongtu.kernel.problems.terms import terms
from hongtu.kernel.problems.vocab import Move, Urgency


@action("problems.triage")
def triage(
    *,
    by: Person | None,
    problem: Problem,
    version: int,
    category: Category | None = None,
    urgency: str = "",
    subdistrict: Unit | None = None,
    title: str = "",
    at: datetime | None = None,
) -> Problem:
    """Look at it: what it is, how urgent, where. The term of the work counts from the report, whatever the
    class and however long the desk took; and a desk that looks late cannot move the first deadline out by
    calling it more difficult, so that looking late gains nobody time."""
    require(by, "problems.triage", problem)
    changes: dict[str, Any] = {}
    counting, began = terms(), moment(by, at)
    if urgency and urgency != problem.urgency:
        due = counting.work_ends(problem.reported_at, Urgency(urgency))
        late = problem.clock_due_at is not None and began > min(problem.clock_due_at, problem.first_due_at)
        first = min(due, problem.first_due_at) if late else due
        changes |= {"urgency": urgency, "due_at": due, "first_due_at": first}
    given = {"category": category, "subdistrict": subdistrict, "title": title.strip()[:120]}
    changes |= {name: value for name, value in given.items() if value}
    return move(problem, version, Move.TRIAGE, by=by, at=began, counting=counting, **changes)


@action("problems.decline")
def decline(
    *, by: Person | None, problem: Problem, version: int, reason: str, at: datetime | None = None
) -> Problem:
    """Not for the district: says why and where to turn. Counts as not solved, so it raises no rate."""
    require(by, "problems.triage", problem)
    return move(problem, version, Move.DECLINE, by=by, at=moment(by, at), reason=reason)


@action("problems.assign")
def assign(
    *,
    by: Person | None,
    problem: Problem,
    version: int,
    unit: Unit,
    handler: Person | None = None,
    text: str = "",
    at: datetime | None = None,
) -> Problem:
    """Give it to an office. The first one stays responsible (首接负责) through every transfer."""
    require(by, "problems.triage", problem)
    began = moment(by, at)
    return move(
        problem,
        version,
        Move.ASSIGN,
        by=by,
        at=began,
        text=text,
        handling_unit=unit,
        handler=handler,
        lead_unit=problem.lead_unit or unit,
        assigned_at=problem.assigned_at or began,
    )


@action("problems.verify")
def verify(
    *, by: Person | None, problem: Problem, version: int, text: str = "", at: datetime | None = None
) -> Problem:
    """The evidence holds, says somebody without a hand in the work; then the reporters are asked."""
    require(by, "problems.triage", problem)
    forbid(rules.may_verify(case_of(problem), by.pk if by else None))
    began = moment(by, at)
    for piece in problem.evidence.filter(verified_at__isnull=True):
        piece.revise(piece.version, verified_by=by, verified_at=began)
    result = getattr(problem, "result", None)
    if result is not None:
        result.revise(result.version, verified_by=by)
    for following in problem.followings.filter(active=True).exclude(verdict=""):
        following.revise(following.version, verdict="")
    return move(problem, version, Move.VERIFY, by=by, at=began, text=text, verified_at=began)


@action("problems.reject")
def reject(
    *, by: Person | None, problem: Problem, version: int, reason: str, at: datetime | None = None
) -> Problem:
    """The evidence does not hold: back to work, counted as done again (重办)."""
    require(by, "problems.triage", problem)
    forbid(rules.may_verify(case_of(problem), by.pk if by else None))
    return move(
        problem,
        version,
        Move.REJECT,
        by=by,
        at=moment(by, at),
        reason=reason,
        redone=problem.redone + 1,
        asked_at=None,
    )
