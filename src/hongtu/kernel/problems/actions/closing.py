"""How it ends: the reporter accepts or disputes, the time to dispute runs out, somebody re-opens it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.events import publish
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import rules
from hongtu.kernel.problems.actions.core import case_of, forbid, log, moment, move, refuse
from hongtu.kernel.problems.actions.reporting import link_hash
from hongtu.kernel.problems.events import ClockRanOut
from hongtu.kernel.problems.models import Following, Problem, Reporter
from hongtu.kernel.problems.terms import now, terms
from hongtu.kernel.problems.vocab import Clock, Move, Refusal, Satisfaction, State, Verdict


def reporter_of(link: str) -> Reporter:
    """The reporter who holds a private link; InvalidInput when there is none."""
    found = Reporter.objects.filter(link_hash=link_hash(link)).select_related("problem").first()
    if found is None:
        raise InvalidInput(_(Refusal.STALE_TOKEN.label), code=Refusal.STALE_TOKEN.value)
    return found


@action("problems.answer")
def answer(
    *,
    by: Person | None,
    following: Following,
    verdict: str,
    satisfaction: str = "",
    comment: str = "",
    at: datetime | None = None,
) -> Problem:
    """What the reporter says of the outcome: herself by her private link (`by` None), or on the telephone to
    somebody who had no hand in the work. One dispute
    re-opens the work; when all have accepted, it is closed."""
    problem = Problem.objects.select_for_update(of=("self",)).get(pk=following.problem_id)
    said = Verdict(verdict)
    if by is not None:
        require(by, "problems.triage", problem)
        forbid(rules.may_confirm(case_of(problem), by.pk))
    if following.reporter.person_id and said is Verdict.CONFIRMED:
        forbid(rules.may_confirm(case_of(problem), following.reporter.person_id))
    began = moment(by, at)
    if said is Verdict.DISPUTED and not comment.strip():
        refuse(rules.No(Refusal.REASON_REQUIRED), "comment")
    if said is Verdict.DISPUTED:
        _check_in_time(problem, began)
    following.revise(
        following.version,
        verdict=said,
        satisfaction=Satisfaction(satisfaction) if satisfaction else following.satisfaction,
        comment=comment,
        answered_at=began,
    )
    _remember(following.reporter)
    note(problem, verdict=said.value)
    if said is Verdict.DISPUTED:
        return move(
            problem,
            problem.version,
            Move.DISPUTE,
            by=by,
            at=began,
            reason=comment,
            disputes=problem.disputes + 1,
            asked_at=None,
        )
    if problem.state != State.ANSWERING:
        return problem
    if problem.followings.filter(active=True).exclude(verdict=Verdict.CONFIRMED).exists():
        log(problem, Move.CONFIRM, by=by, at=began, text=comment)
        return problem
    return move(problem, problem.version, Move.CONFIRM, by=by, at=began, text=comment)


def _check_in_time(problem: Problem, at: datetime) -> None:
    days = terms().most("dispute_days")
    if problem.closed_at and at > problem.closed_at + timedelta(days=days):
        refuse(rules.No(Refusal.TOO_LATE, {"days": days}))


def _remember(reporter: Reporter) -> None:
    """Her satisfaction over everything she still follows."""
    answers = reporter.followings.filter(active=True).values_list("satisfaction", flat=True)
    found = rules.satisfaction(Satisfaction(a) for a in answers)
    if found != reporter.satisfaction:
        reporter.revise(reporter.version, satisfaction=found)


@action("problems.settle")
def settle(*, by: Person | None, problem: Problem, version: int, at: datetime | None = None) -> Problem:
    """The time to answer is over and nobody disputed: it ends as proposed. Only the house does this."""
    require(by, "problems.manage", problem)
    return move(problem, version, Move.SETTLE, by=by, at=moment(by, at))


@action("problems.reopen")
def reopen(
    *, by: Person | None, problem: Problem, version: int, reason: str, at: datetime | None = None
) -> Problem:
    """Run again after an end. What it counted as is withdrawn; its first deadline stays what it was."""
    require(by, "problems.triage", problem)
    return move(
        problem,
        version,
        Move.REOPEN,
        by=by,
        at=moment(by, at),
        reason=reason,
        reopened=problem.reopened + 1,
        asked_at=None,
    )


def run_out(at: datetime, limit: int) -> QuerySet[Problem]:
    """Problems whose clock ran out and was not yet told, locked; rows another scheduler holds are skipped."""
    return (
        Problem.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(clock_due_at__lte=at)
        .exclude(clock="")
        .exclude(told_due_at=F("clock_due_at"))
        .order_by("clock_due_at")[:limit]
    )


@action("problems.sweep")
def sweep(*, by: Person | None, limit: int = 500, at: datetime | None = None) -> dict[str, Any]:
    """Tell each clock that ran out, exactly once however many schedulers run: settle what nobody disputed,
    resume what was suspended long enough, publish ClockRanOut for the rest (escalation listens)."""
    began = moment(by, at) if at else now()
    told: dict[str, Any] = {"settled": 0, "resumed": 0, "told": 0}
    for problem in run_out(began, limit):
        ran_out = Clock(problem.clock)
        if ran_out is Clock.ANSWER:
            settle(by=None, problem=problem, version=problem.version, at=began)
            told["settled"] += 1
        elif ran_out is Clock.SUSPENSION:
            from hongtu.kernel.problems.actions.deciding import resume

            resume(by=None, problem=problem, version=problem.version, at=problem.clock_due_at)
            told["resumed"] += 1
        else:
            problem.revise(problem.version, told_due_at=problem.clock_due_at)
            publish(ClockRanOut(problem.pk, ran_out.value))
            told["told"] += 1
    note(**told)
    return told
