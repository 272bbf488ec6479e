"""What the office does: sign for it, hand it back or on, say its measures, keep in touch, ask to close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import rules
from hongtu.kernel.problems.actions.core import AGAIN, doers_with, moment, move, refuse
from hongtu.kernel.problems.actions.reporting import attach
from hongtu.kernel.problems.evidence import Photo
from hongtu.kernel.problems.models import Problem, Quantity, Reporter, Result
from hongtu.kernel.problems.vocab import Move, Phase, Proposal, Refusal, ResultState


@dataclass(frozen=True)
class Counted:
    """A counted part of a result: `Counted("parking_spaces", "停车位", Decimal(55), "个")`."""

    measure: str
    label: str
    amount: Decimal
    unit: str


@dataclass(frozen=True)
class Outcome:
    """What came of the work, in words for the reporter, with quantities and money (万元)."""

    summary: str
    quantities: Sequence[Counted] = field(default_factory=tuple)
    cost: Decimal | None = None
    funding: str = ""


@action("problems.sign")
def sign(
    *,
    by: Person | None,
    problem: Problem,
    version: int,
    handler: Person | None = None,
    at: datetime | None = None,
) -> Problem:
    """The office takes it."""
    require(by, "problems.change", problem)
    began = moment(by, at)
    return move(
        problem,
        version,
        Move.SIGN,
        by=by,
        at=began,
        signed_at=problem.signed_at or began,
        handler=handler or problem.handler or by,
        doers=doers_with(problem, by, handler),
    )


@action("problems.give_back")
def give_back(
    *, by: Person | None, problem: Problem, version: int, reason: str, at: datetime | None = None
) -> Problem:
    """Not ours: back to the desk with a reason. The clock of the work runs on."""
    require(by, "problems.change", problem)
    return move(
        problem,
        version,
        Move.RETURN,
        by=by,
        at=moment(by, at),
        reason=reason,
        handling_unit=None,
        handler=None,
        public=False,
    )


@action("problems.transfer")
def transfer(
    *,
    by: Person | None,
    problem: Problem,
    version: int,
    unit: Unit,
    reason: str,
    at: datetime | None = None,
) -> Problem:
    """To another office. The first one stays responsible, and no clock of the work starts anew."""
    require(by, "problems.change", problem)
    return move(
        problem,
        version,
        Move.TRANSFER,
        by=by,
        at=moment(by, at),
        reason=reason,
        handling_unit=unit,
        handler=None,
    )


@action("problems.state_measures")
def state_measures(
    *, by: Person | None, problem: Problem, version: int, measures: str, at: datetime | None = None
) -> Problem:
    """What will be done, by whom, until when."""
    require(by, "problems.change", problem)
    if not measures.strip():
        refuse(rules.No(Refusal.REASON_REQUIRED), "measures")
    return move(
        problem,
        version,
        Move.MEASURES,
        by=by,
        at=moment(by, at),
        text=measures,
        measures=measures,
        doers=doers_with(problem, by),
    )


@action("problems.contact")
def contact(
    *,
    by: Person | None,
    problem: Problem,
    version: int,
    text: str,
    reporters: Sequence[Reporter] = (),
    at: datetime | None = None,
) -> Problem:
    """Spoke with the reporters (all who follow, or those named), and what was said. A report counts as
    answered when its own reporters were spoken to; talking to others' does not answer it."""
    require(by, "problems.change", problem)
    if not text.strip():
        refuse(rules.No(Refusal.REASON_REQUIRED), "text")
    began = moment(by, at)
    following = [f.reporter for f in problem.followings.filter(active=True).select_related("reporter")]
    chosen = [r for r in following if not reporters or r.pk in {given.pk for given in reporters}]
    if reporters and not chosen:
        refuse(rules.No(Refusal.STRANGER))
    for reporter in chosen:
        if reporter.contacted_at is None:
            reporter.revise(reporter.version, contacted_at=began)
    origins = Problem.objects.filter(pk__in={r.problem_id for r in chosen}, contacted_at__isnull=True)
    own: dict[str, Any] = {}
    for origin in origins:
        if not origin.reporters.filter(contacted_at__isnull=True).exists():
            if origin.pk == problem.pk:
                own = {"contacted_at": began}
            else:
                origin.revise(origin.version, contacted_at=began)
    return move(problem, version, Move.CONTACT, by=by, at=began, text=text, **own)


@action("problems.ask_to_close")
def ask_to_close(
    *,
    by: Person | None,
    problem: Problem,
    version: int,
    outcome: Outcome,
    proposal: str = Proposal.SOLVED,
    photos: Sequence[Photo] = (),
    at: datetime | None = None,
) -> Problem:
    """Done (with evidence), or explained why it cannot be done. Somebody else looks at it next."""
    require(by, "problems.change", problem)
    began = moment(by, at)
    if not outcome.summary.strip():
        refuse(rules.No(Refusal.NO_SUMMARY), "summary")
    attach(problem, photos, Phase.AFTER, by=by, at=began)
    if proposal == Proposal.SOLVED:
        _check_proof(problem)
    _write_result(problem, outcome, Proposal(proposal))
    return move(
        problem,
        version,
        Move.ASK_TO_CLOSE,
        by=by,
        at=began,
        text=outcome.summary,
        proposal=proposal,
        asked_at=began,
        doers=doers_with(problem, by),
    )


def _check_proof(problem: Problem) -> None:
    """What was sent back or disputed is not proven by the photos that did not convince."""
    proof = problem.evidence.filter(phase=Phase.AFTER)
    if not proof.exists():
        refuse(rules.No(Refusal.NO_EVIDENCE), "photos")
    again = problem.log.filter(move__in=AGAIN).order_by("-id").first()
    if again is not None and not proof.filter(at__gte=again.at).exists():
        refuse(rules.No(Refusal.OLD_EVIDENCE), "photos")


def _write_result(problem: Problem, outcome: Outcome, proposal: Proposal) -> None:
    """The proposed result; a result that was sent back is written over, its history stays."""
    values = {
        "state": ResultState.PROPOSED if proposal is Proposal.SOLVED else ResultState.WITHDRAWN,
        "summary": outcome.summary,
        "cost": outcome.cost,
        "funding": outcome.funding,
        "verified_by": None,
    }
    found = Result.objects.filter(problem=problem).first()
    if found is None:
        found = Result.objects.create(problem=problem, **values)
    else:
        found.revise(found.version, **values)
        found.quantities.all().delete()
    problem._state.fields_cache.pop("result", None)  # the row that recount() looks at is the new one
    for counted in outcome.quantities:
        Quantity.objects.create(
            result=found,
            measure=counted.measure,
            label=counted.label,
            amount=counted.amount,
            unit=counted.unit,
        )
