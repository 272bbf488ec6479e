"""Merge, split, and undo a merge. Every reporter stays attached to whatever will have an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.events import publish
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import numbering, rules
from hongtu.kernel.problems.actions.core import log, moment, move, refuse
from hongtu.kernel.problems.events import ProblemMerged, ProblemReported, ProblemSplit
from hongtu.kernel.problems.models import Category, Following, Problem
from hongtu.kernel.problems.terms import terms
from hongtu.kernel.problems.vocab import Clock, DecisionState, Move, Refusal, State


@dataclass(frozen=True)
class Part:
    """One part of a problem that is being split."""

    title: str
    description: str = ""
    category: Category | None = None


def _hand_on(source: Problem, targets: Sequence[Problem]) -> None:
    """Whoever waits for `source` waits for `targets` from now on."""
    for following in source.followings.filter(active=True):
        following.revise(following.version, active=False)
        for target in targets:
            kept = Following.objects.filter(reporter=following.reporter_id, problem=target).first()
            if kept is None:
                Following.objects.create(reporter=following.reporter, problem=target)
            elif not kept.active:
                kept.revise(kept.version, active=True)


def _lapse_requests(problem: Problem) -> None:
    for decision in problem.decisions.filter(state__in=(DecisionState.ASKED, DecisionState.FIRST)):
        decision.revise(decision.version, state=DecisionState.LAPSED)


@action("problems.merge")
def merge(
    *,
    by: Person | None,
    problem: Problem,
    version: int,
    into: Problem,
    reason: str,
    at: datetime | None = None,
) -> Problem:
    """`problem` is the same as `into`: its reporters follow `into` now, and it counts as `into` counts.

    The survivor keeps the earlier deadline of the two, so that nothing is won by merging an old problem
    into a young one. Only an open survivor that nobody asked to close yet.
    """
    require(by, "problems.triage", problem)
    require(by, "problems.triage", into)
    began = moment(by, at)
    survivor = Problem.objects.select_for_update(of=("self",)).get(pk=into.pk)
    if survivor.pk == problem.pk or _ancestor(problem, survivor):
        refuse(rules.No(Refusal.NOT_ITSELF), "into")
    if survivor.state not in rules.BEFORE_CLOSING:
        refuse(rules.No(Refusal.TARGET_CLOSED), "into")
    _hand_on(problem, [survivor])
    _lapse_requests(problem)
    if problem.due_at < survivor.due_at:
        clock_due = min(survivor.clock_due_at or problem.due_at, problem.due_at)
        changes = {"clock_due_at": clock_due} if survivor.clock == Clock.WORK else {}
        survivor.revise(survivor.version, due_at=problem.due_at, **changes)
    done = move(problem, version, Move.MERGE, by=by, at=began, reason=reason, merged_into=survivor)
    log(survivor, Move.MERGE, by=by, at=began, text=f"← {problem.number}", public=False)
    publish(ProblemMerged(problem.pk, survivor.pk))
    return done


def _ancestor(problem: Problem, other: Problem) -> bool:
    """Whether `other` already ended up in `problem`, or one was split from the other."""
    step: Problem | None = other
    while step is not None:
        if problem.pk in (step.merged_into_id, step.split_from_id):
            return True
        step = step.merged_into or step.split_from
    return False


@action("problems.detach")
def detach(
    *, by: Person | None, problem: Problem, version: int, reason: str, at: datetime | None = None
) -> Problem:
    """Undo a merge: its reporters follow it again, it goes back to the desk, its deadline is what it was."""
    require(by, "problems.triage", problem)
    began = moment(by, at)
    survivor = problem.merged_into
    done = move(
        problem,
        version,
        Move.DETACH,
        by=by,
        at=began,
        reason=reason,
        merged_into=None,
        handling_unit=None,
        handler=None,
        asked_at=None,
    )
    for following in problem.followings.filter(active=False):
        following.revise(following.version, active=True)
        if survivor is not None:
            other = Following.objects.filter(reporter=following.reporter_id, problem=survivor).first()
            if other is not None and other.reporter.problem_id != survivor.pk:
                other.revise(other.version, active=False)
    return done


@action("problems.split")
def split(
    *,
    by: Person | None,
    problem: Problem,
    version: int,
    parts: Sequence[Part],
    reason: str = "",
    at: datetime | None = None,
) -> list[Problem]:
    """Several problems in one: each part is worked on by itself, every reporter follows every part, and the
    whole counts as solved only when all parts are. The parts keep the report's date and deadline."""
    require(by, "problems.triage", problem)
    if len(parts) < 2 or any(not part.title.strip() for part in parts):
        refuse(rules.No(Refusal.TWO_PARTS), "parts")
    began = moment(by, at)
    made = [_part(problem, part, began) for part in parts]
    _hand_on(problem, made)
    _lapse_requests(problem)
    move(problem, version, Move.SPLIT, by=by, at=began, text=reason)
    for child in made:
        log(child, Move.REPORT, by=by, at=began, text=f"← {problem.number}")
        publish(ProblemReported(child.pk))
    publish(ProblemSplit(problem.pk, tuple(child.pk for child in made)))
    note(problem, parts=[child.number for child in made])
    return made


def _part(problem: Problem, part: Part, at: datetime) -> Problem:
    from hongtu.kernel.problems.actions.reporting import hidden_key

    same = (
        *("kind", "source", "urgency", "confidentiality", "desk", "subdistrict", "community", "place"),
        *("address", "step", "reported_at", "reported_by", "due_at", "first_due_at", "respond_by"),
        *("contacted_at", "lead_unit", "demonstration", "doers"),
    )
    return Problem.objects.create(
        **{name: getattr(problem, name) for name in same},
        id=hidden_key(problem.confidentiality),
        number=numbering.draw(at.astimezone().year, problem.confidentiality),
        title=part.title.strip()[:120],
        description=part.description or problem.description,
        category=part.category or problem.category,
        state=State.TRIAGED,
        clock=Clock.ASSIGN,
        clock_due_at=terms().ends(at, "assign"),
        owner_unit=problem.desk,
        split_from=problem,
        origin=False,
    )
