"""Proposals and topics: bring up, merge, register, screen, move on, come back to the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hongtu.domains.consultation import queries
from hongtu.domains.consultation.actions import telling
from hongtu.domains.consultation.actions.core import at_step, enter, refuse, required_text, words
from hongtu.domains.consultation.models import Proposal, Topic
from hongtu.domains.consultation.rules import steps
from hongtu.domains.consultation.vocab import Refusal, State, Step, Verdict
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.audit.registers import register_actions
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import actions as problems
from hongtu.kernel.problems import numbering
from hongtu.kernel.problems import vocab as spine

AFTER_SCREENING = {
    Verdict.TRANSFER: State.TRANSFERRED,
    Verdict.MEDIATE: State.MEDIATED,
    Verdict.DECLINE: State.DECLINED,
}


proposals = register_actions(
    Proposal,
    ("consultation.propose", "consultation.revise_proposal", "consultation.import_proposals"),
    "consultation.change",
)


@action("consultation.register")
def register(*, by: Person | None, **values: Any) -> Topic:
    """Register a topic; its number comes from the one series of problems, orders and tickets. It waits for
    the
    screening. Proposals of the same kind and place are merged into it by `merge_proposals`."""
    require(by, "consultation.change")
    required_text({name: values.get(name, "") for name in ("name", "description")})
    day = queries.this_day()
    made = Topic(registered_by=by, registered_on=day, **values)
    made.number = numbering.draw(day.year)
    made.save()
    require(by, "consultation.change", made)
    note(made, number=made.number)
    enter(made, made.version, Step.SCREEN)
    telling.entered(by, made)
    return made


@action("consultation.revise")
def revise(*, by: Person | None, record: Topic, version: int, **changes: Any) -> Topic:
    """Correct a topic's wording, or write down the situation; not once it has ended."""
    require(by, "consultation.change", record)
    at_step(record)
    note(record, fields=sorted(changes))
    record.revise(version, **changes)
    require(by, "consultation.change", record)
    return record


@action("consultation.merge_proposals")
def merge_proposals(*, by: Person | None, topic: Topic, proposals: Sequence[Proposal]) -> int:
    """Add proposals to a topic, so that everybody who brought it up is answered with it."""
    require(by, "consultation.change", topic)
    at_step(topic)
    for proposal in proposals:
        require(by, "consultation.change", proposal)
        proposal.revise(proposal.version, topic=topic)
    note(topic, proposals=len(proposals))
    return len(proposals)


@action("consultation.screen")
def screen(
    *,
    by: Person | None,
    topic: Topic,
    version: int,
    verdict: str,
    reason: str = "",
    unit: Unit | None = None,
) -> Topic:
    """Decide what becomes of a registered topic; never by who registered it. What belongs to one office at
    once
    goes to the spine as a problem of that office."""
    require(by, "consultation.approve", topic)
    at_step(topic, Step.SCREEN)
    decided = Verdict(verdict)
    if by is not None and topic.registered_by_id == by.pk:
        refuse(Refusal.OWN_SCREENING)
    if decided is not Verdict.ADOPT and not reason.strip():
        refuse(Refusal.REASON, "reason")
    written = {
        "verdict": decided,
        "verdict_reason": reason.strip(),
        "screened_by": by,
        "screened_on": queries.this_day(),
    }
    note(topic, verdict=decided.value, reason=reason)
    if decided is Verdict.ADOPT:
        return enter(topic, version, Step.INVITE, **written)
    if decided is Verdict.TRANSFER:
        if unit is None:
            refuse(Refusal.UNIT, "unit")
        written["handed_to"] = _handed(by, topic, unit)
    return topic.revise(version, state=AFTER_SCREENING[decided], due_on=None, **written)


def _handed(by: Person | None, topic: Topic, unit: Unit) -> Any:
    """A problem of the office that is responsible anyway."""
    made = problems.report(
        by=by,
        kind=spine.Kind.CONSULTATION,
        source=spine.Source.CONSULTATION,
        title=topic.name,
        description=topic.description,
        desk=topic.subdistrict,
        subdistrict=topic.subdistrict,
        community=topic.community,
        demonstration=topic.demonstration,
    ).problem
    made = problems.triage(by=by, problem=made, version=made.version)
    return problems.assign(by=by, problem=made, version=made.version, unit=unit, text=topic.number)


@action("consultation.advance")
def advance(*, by: Person | None, topic: Topic, version: int) -> Topic:
    """Go on to the next step once nothing is missing; else InvalidInput says what is."""
    require(by, "consultation.change", topic)
    at_step(topic)
    step = Step(topic.step)
    if step in (Step.SCREEN, Step.ARCHIVE):  # decided, not gone through
        refuse(Refusal.WRONG_STEP, step=topic.get_step_display())
    found = queries.facts(topic)
    missing = steps.lacks(step, found, queries.steps_rule())
    if missing:
        refuse(Refusal.LACKING, lacks="".join(words(m) for m in missing))
    after = steps.following(step, found)
    note(topic, step=after.value)
    enter(topic, version, after)
    telling.entered(by, topic)
    return topic


@action("consultation.reconsider")
def reconsider(*, by: Person | None, topic: Topic, version: int, reason: str) -> Topic:
    """Back to the table for another round: no agreement, an objection upheld, or not solved. As often as
    the rule
    allows; what was said and decided before stays as it was."""
    require(by, "consultation.change", topic)
    at_step(topic)
    if not reason.strip():
        refuse(Refusal.REASON, "reason")
    if not steps.may_reconsider(Step(topic.step), queries.facts(topic)):
        refuse(Refusal.NOTHING_TO_RECONSIDER)
    most = int(queries.steps_rule()["reconsider_most"])
    if topic.round > most:
        refuse(Refusal.RECONSIDERED, used=topic.round - 1, most=most)
    note(topic, reason=reason, round=topic.round + 1)
    return enter(topic, version, Step.PREPARE, round=topic.round + 1)
