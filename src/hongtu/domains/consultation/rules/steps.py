"""The chain of eleven steps: what is still missing before a step is done, and which step comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hongtu.domains.consultation.rules.table import Required, Seat, interested_share, missing
from hongtu.domains.consultation.vocab import Agreement, Interest, Lack, Step

ORDER = tuple(Step)
SKIPPED_WITHOUT_AGREEMENT = (Step.ASSIGN, Step.SUPERVISE, Step.EVALUATE)


@dataclass(frozen=True)
class Offer:
    """An option with its cost and the sum of its funding, in 万元."""

    name: str
    cost: Decimal | None
    funded: Decimal


@dataclass(frozen=True)
class Facts:
    """What a topic has so far, in the round that counts. Defaults: nothing yet."""

    today: date
    adopted: bool = False
    needed: Sequence[Required] = ()
    seats: Sequence[Seat] = ()
    situation: bool = False
    offers: Sequence[Offer] = ()
    noticed: bool = False
    held: bool = False
    speeches: int = 0
    facts_stated: int = 0
    agreement: Agreement | None = None
    posted_until: date | None = None
    objections_open: int = 0
    objections_upheld: int = 0
    tasks: int = 0
    tasks_draft: int = 0
    tasks_running: int = 0
    tasks_failed: int = 0
    tasks_uninspected: int = 0
    evaluations: int = 0
    dissatisfied: int = 0


@dataclass(frozen=True)
class Missing:
    """One thing that is still missing, with what its words need."""

    why: Lack
    facts: Mapping[str, object] = field(default_factory=dict)


def percent(share: Fraction) -> str:
    """A share in whole percent, cut off: 49.9 % is not shown as 50 %."""
    return f"{int(share * 100)}%"


def lacks(step: Step, facts: Facts, rule: Mapping[str, Any]) -> list[Missing]:
    """What stands between the topic and its next step; rule: `consultation.steps`."""
    check = _CHECKS.get(step)
    return list(check(facts, rule)) if check else []


def following(step: Step, facts: Facts) -> Step:
    """The step after this one; without agreement there is nothing to do, supervise or evaluate."""
    after = ORDER[ORDER.index(step) + 1]
    while facts.agreement is Agreement.NONE and after in SKIPPED_WITHOUT_AGREEMENT:
        after = ORDER[ORDER.index(after) + 1]
    return after


def may_reconsider(step: Step, facts: Facts) -> bool:
    """Again to the table: no agreement, an objection upheld, a task not carried out, somebody
    dissatisfied."""
    if step in (Step.POST, Step.ARCHIVE) and facts.agreement is Agreement.NONE:
        return True
    if step is Step.POST:
        return facts.objections_upheld > 0
    return step is Step.EVALUATE and (facts.tasks_failed > 0 or facts.dissatisfied > 0)


def _screen(facts: Facts, rule: Mapping[str, Any]) -> list[Missing]:
    return [] if facts.adopted else [Missing(Lack.VERDICT)]


def _invite(facts: Facts, rule: Mapping[str, Any]) -> list[Missing]:
    share = interested_share(facts.seats)
    if share is None:
        return [Missing(Lack.NOBODY)]
    found = [
        Missing(Lack.PART, {"part": need.part.label, "reason": need.reason, "unit": need.unit})
        for need in missing(facts.needed, facts.seats)
    ]
    least = Fraction(str(rule["interested_share"]))
    if share < least:
        found.append(Missing(Lack.INTERESTED_SHARE, {"share": percent(share), "least": percent(least)}))
    return found


def _prepare(facts: Facts, rule: Mapping[str, Any]) -> list[Missing]:
    found = [] if facts.situation else [Missing(Lack.NO_SITUATION)]
    least = int(rule["options_least"])
    if len(facts.offers) < least:
        found.append(Missing(Lack.FEW_OPTIONS, {"count": len(facts.offers), "least": least}))
    for offer in facts.offers:
        if offer.cost is None:
            found.append(Missing(Lack.NO_COST, {"option": offer.name}))
        elif offer.funded < offer.cost:
            gap = (offer.cost - offer.funded).normalize()
            found.append(Missing(Lack.NOT_FUNDED, {"option": offer.name, "gap": f"{gap:f}"}))
    return found if facts.noticed else [*found, Missing(Lack.NO_NOTICE)]


def _discuss(facts: Facts, rule: Mapping[str, Any]) -> list[Missing]:
    if not facts.held:
        return [Missing(Lack.NOT_HELD)]
    found = []
    if not facts.speeches:
        found.append(Missing(Lack.NO_SPEECH))
    elif not facts.facts_stated:
        found.append(Missing(Lack.NO_FACTS))
    present = [seat for seat in facts.seats if seat.attended]
    undeclared = sum(seat.interest is Interest.UNDECLARED for seat in present)
    if undeclared:
        found.append(Missing(Lack.UNDECLARED, {"count": undeclared}))
    share, least = interested_share(present) or Fraction(0), Fraction(str(rule["interested_share"]))
    if share < least:
        found.append(Missing(Lack.FEW_INTERESTED, {"share": percent(share), "least": percent(least)}))
    return found


def _conclude(facts: Facts, rule: Mapping[str, Any]) -> list[Missing]:
    return [] if facts.agreement else [Missing(Lack.NO_CONCLUSION)]


def _post(facts: Facts, rule: Mapping[str, Any]) -> list[Missing]:
    if facts.posted_until is None:
        return [Missing(Lack.NOT_POSTED)]
    found = []
    if facts.today <= facts.posted_until:
        found.append(Missing(Lack.POSTING_RUNS, {"until": facts.posted_until.isoformat()}))
    if facts.objections_open:
        found.append(Missing(Lack.OBJECTIONS_OPEN, {"count": facts.objections_open}))
    if facts.objections_upheld:
        found.append(Missing(Lack.OBJECTION_UPHELD))
    return found


def _assign(facts: Facts, rule: Mapping[str, Any]) -> list[Missing]:
    if not facts.tasks:
        return [Missing(Lack.NO_TASK)]
    return [Missing(Lack.TASKS_DRAFT, {"count": facts.tasks_draft})] if facts.tasks_draft else []


def _supervise(facts: Facts, rule: Mapping[str, Any]) -> list[Missing]:
    found = []
    if facts.tasks_uninspected:
        found.append(Missing(Lack.NOT_INSPECTED, {"count": facts.tasks_uninspected}))
    if facts.tasks_running:
        found.append(Missing(Lack.TASKS_RUN, {"count": facts.tasks_running}))
    return found


def least_evaluations(facts: Facts, rule: Mapping[str, Any]) -> int:
    """How many of those who sat at the table must have evaluated, at least one."""
    present = sum(seat.attended for seat in facts.seats)
    needed = Fraction(str(rule["evaluation_share"])) * present
    return max(1, -(-needed.numerator // needed.denominator))


def _evaluate(facts: Facts, rule: Mapping[str, Any]) -> list[Missing]:
    least = least_evaluations(facts, rule)
    if facts.evaluations >= least:
        return []
    return [Missing(Lack.FEW_EVALUATIONS, {"count": facts.evaluations, "least": least})]


_CHECKS: dict[Step, Callable[[Facts, Mapping[str, Any]], Sequence[Missing]]] = {
    Step.SCREEN: _screen,
    Step.INVITE: _invite,
    Step.PREPARE: _prepare,
    Step.DISCUSS: _discuss,
    Step.CONCLUDE: _conclude,
    Step.POST: _post,
    Step.ASSIGN: _assign,
    Step.SUPERVISE: _supervise,
    Step.EVALUATE: _evaluate,
}
