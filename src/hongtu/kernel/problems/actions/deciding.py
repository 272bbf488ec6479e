"""What needs somebody else's word: an extension, a suspension, a finding of unreasonableness."""

from __future__ import annotations

from datetime import datetime, timedelta

from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.events import publish
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import rules
from hongtu.kernel.problems.actions.core import case_of, forbid, moment, move, refuse
from hongtu.kernel.problems.events import DecisionAsked
from hongtu.kernel.problems.models import Decision, Problem, Suspension
from hongtu.kernel.problems.terms import Terms, terms
from hongtu.kernel.problems.vocab import DecisionState, Move, Refusal, Subject, Urgency

_OF_DATE = (Refusal.EARLIER_DATE, Refusal.DATE_IN_PAST, Refusal.TOO_LONG)
PENDING = (DecisionState.ASKED, DecisionState.FIRST)
_MOVE = {
    Subject.EXTENSION: Move.EXTEND,
    Subject.SUSPENSION: Move.SUSPEND,
    Subject.UNREASONABLE: Move.EXCLUDE,
}


@action("problems.ask")
def ask(
    *,
    by: Person | None,
    problem: Problem,
    subject: str,
    reason: str,
    until: datetime | None = None,
    at: datetime | None = None,
) -> Decision:
    """Ask for an extension, a suspension or a finding. Nothing changes until it is decided."""
    require(by, "problems.change", problem)
    wanted, began = Subject(subject), moment(by, at)
    _check(problem, wanted, until, began, terms())
    if not reason.strip():
        refuse(rules.No(Refusal.REASON_REQUIRED), "reason")
    if problem.decisions.filter(subject=wanted, state__in=PENDING).exists():
        refuse(rules.No(Refusal.PENDING))
    made = Decision.objects.create(
        problem=problem, subject=wanted, reason=reason, until=until, asked_by=by, asked_at=began
    )
    note(problem, reason=reason, asked=wanted.value)
    publish(DecisionAsked(problem.pk, made.pk, wanted.value, began, by.pk if by else None))
    return made


def _check(problem: Problem, wanted: Subject, until: datetime | None, at: datetime, counting: Terms) -> None:
    """Whether it could be granted now; the same check when it is asked and when it is decided."""
    case = case_of(problem)
    no = rules.check(_MOVE[wanted], case)
    if no is None and wanted is Subject.EXTENSION:
        no = rules.may_ask(case.extensions, counting.most("extensions_most"), Refusal.EXTENSIONS_USED)
        if no is None and (until is None or until <= problem.due_at):
            no = rules.No(Refusal.EARLIER_DATE)
    if no is None and wanted is Subject.SUSPENSION:
        no = rules.may_ask(case.suspensions, counting.most("suspensions_most"), Refusal.SUSPENSIONS_USED)
        longest = counting.most("suspension_days")
        if no is None and (until is None or until <= at):
            no = rules.No(Refusal.DATE_IN_PAST)
        elif no is None and until is not None and until > at + timedelta(days=longest):
            no = rules.No(Refusal.TOO_LONG, {"days": longest})
    if no is not None:
        refuse(
            no, "until" if no.why in (Refusal.EARLIER_DATE, Refusal.DATE_IN_PAST, Refusal.TOO_LONG) else ""
        )


@action("problems.decide")
def decide(
    *,
    by: Person | None,
    decision: Decision,
    version: int,
    grant: bool,
    answer: str = "",
    at: datetime | None = None,
) -> Decision:
    """Grant or refuse what was asked. Never by the asker or somebody with a hand in the work; a finding of
    unreasonableness takes two different people, one after the other (两级审核)."""
    problem = decision.problem
    require(by, "problems.approve", problem)
    began, wanted = moment(by, at), Subject(decision.subject)
    if decision.state not in PENDING:
        refuse(rules.No(Refusal.DECIDED))
    if by is not None:
        forbid(rules.No(Refusal.OWN_REQUEST) if by.pk == decision.asked_by_id else None)
        forbid(rules.may_verify(case_of(problem), by.pk))
    note(problem, reason=answer, asked=wanted.value, granted=grant)
    if not grant:
        if not answer.strip():
            refuse(rules.No(Refusal.REASON_REQUIRED), "answer")
        return _write(decision, version, DecisionState.REFUSED, by, began, answer)
    _check(problem, wanted, decision.until, began, terms())
    if wanted is Subject.UNREASONABLE and decision.state == DecisionState.ASKED:
        return decision.revise(version, state=DecisionState.FIRST, first_by=by, answer=answer)
    if wanted is Subject.UNREASONABLE and by is not None and by.pk == decision.first_by_id:
        forbid(rules.No(Refusal.SAME_PERSON))
    _write(decision, version, DecisionState.GRANTED, by, began, answer)
    _carry_out(problem, decision, by, began)
    return decision


def _write(
    decision: Decision, version: int, state: DecisionState, by: Person | None, at: datetime, answer: str
) -> Decision:
    return decision.revise(version, state=state, decided_by=by, decided_at=at, answer=answer)


def _carry_out(problem: Problem, decision: Decision, by: Person | None, at: datetime) -> None:
    until = decision.until
    if decision.subject == Subject.EXTENSION:
        move(
            problem,
            problem.version,
            Move.EXTEND,
            by=by,
            at=at,
            text=decision.reason,
            due_at=until,
            extended_until=until,
            extensions=problem.extensions + 1,
        )
    elif decision.subject == Subject.SUSPENSION and until is not None:
        Suspension.objects.create(problem=problem, began_at=at, until=until, reason=decision.reason)
        move(
            problem,
            problem.version,
            Move.SUSPEND,
            by=by,
            at=at,
            text=decision.reason,
            resume_state=problem.state,
            suspensions_used=problem.suspensions_used + 1,
            clock_due_at=until,
        )
    else:
        move(problem, problem.version, Move.EXCLUDE, by=by, at=at, reason=decision.reason)


@action("problems.resume")
def resume(
    *, by: Person | None, problem: Problem, version: int, text: str = "", at: datetime | None = None
) -> Problem:
    """The clock of the work runs again; what stood still is added to the deadline, no more."""
    require(by, "problems.change", problem)
    began, counting = moment(by, at), terms()
    stopped = problem.suspensions.filter(ended_at__isnull=True).first()
    if stopped is None:
        refuse(
            rules.No(Refusal.WRONG_STATE, {"state": problem.get_state_display(), "move": Move.RESUME.label})
        )
    stopped.revise(stopped.version, ended_at=began)
    return move(
        problem,
        version,
        Move.RESUME,
        by=by,
        at=began,
        text=text,
        counting=counting,
        resume_state="",
        due_at=_due_after(problem, (stopped.began_at, began), counting),
    )


def _due_after(problem: Problem, stop: tuple[datetime, datetime], counting: Terms) -> datetime:
    """The work's deadline after a suspension: counted anew from the report with every suspension taken out;
    a date set by an extension moves by what this suspension took."""
    term = counting.work(Urgency(problem.urgency))
    if problem.extended_until is not None:
        return counting.carried(problem.due_at, stop, term.unit)
    stops = list(problem.suspensions.values_list("began_at", "ended_at"))
    return counting.due(problem.reported_at, term, stops) or problem.due_at
