"""Who hears of a request, of its answer, of a ranking (`kernel.notices`)."""

from __future__ import annotations

from typing import Any

from hongtu.domains.assessment.models import Adjustment, Excuse, Falsification, Objection, Ranking
from hongtu.engines.vocabulary import mark
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.events import publish
from hongtu.kernel.notices import recipients
from hongtu.kernel.notices.events import PeopleConcerned, ReviewAsked
from hongtu.kernel.notices.vocab import Kind
from hongtu.kernel.people.models import Person, Unit

Case = Excuse | Adjustment | Falsification | Objection
ASKED: dict[type[Any], str] = {
    Excuse: mark("%(unit)s申请免责，请审批"),
    Adjustment: mark("给%(unit)s加减分，请审批"),
    Falsification: mark("报告%(unit)s弄虚作假，请认定"),
    Objection: mark("%(unit)s对考核通报提出异议，请答复"),
}
DECIDED = mark("同意"), mark("不同意")
FOUND = mark("认定属实"), mark("不予认定")


def asked(by: Person | None, case: Case, *, appeal: bool = False) -> None:
    """Something waits for a decision of somebody else."""
    if case.demonstration and by is None:  # taken over with the demonstration's records: nobody asked today
        return
    pattern = mark("%(unit)s提出申诉，请裁定") if appeal else ASKED[type(case)]
    what = Sentence(pattern, {"unit": str(case.unit)})
    publish(
        ReviewAsked(
            case._meta.label_lower, case.pk, case.name, what, "assessment.approve", case.unit_id,
            by=by.pk if by else None, round=int(appeal),
        )
    )  # fmt: skip


def answered(by: Person | None, case: Case, yes: bool, *people: int | None) -> None:
    """It was decided: who asked hears of it."""
    pair = FOUND if isinstance(case, Falsification) else DECIDED
    word = Sentence(pair[0] if yes else pair[1])
    what = Sentence(mark("您经办的“%(name)s”已有结果：%(word)s"), {"name": case.name, "word": word})
    _tell(by, Kind.ANSWERED, case, case.name, what, {p for p in people if p}, case.demonstration)


def vetoed(by: Person | None, charge: Falsification) -> None:
    """The unit hears that its score is void, and until when it may appeal."""
    values = {"unit": str(charge.unit), "until": charge.appeal_until}
    what = Sentence(mark("认定%(unit)s弄虚作假，本年考核一票否决，%(until)s前可以申诉"), values)
    people = recipients.people_at(charge.unit, "assessment.change")
    _tell(by, Kind.ANSWERED, charge, charge.name, what, people, charge.demonstration)


def published(by: Person | None, ranking: Ranking) -> None:
    """Each unit hears its own line, and until when it may object."""
    lines = {line["unit"]: line for line in ranking.lines}
    for unit in Unit.objects.filter(pk__in=lines).order_by("pk"):
        line = lines[unit.pk]
        values = {
            "number": ranking.number, "unit": unit.name, "rank": line["rank"] or "—",
            "total": "—" if line["total"] is None else line["total"], "until": ranking.objections_until,
        }  # fmt: skip
        what = Sentence(
            mark("%(number)s：%(unit)s得%(total)s分，第%(rank)s名；%(until)s前可以提出异议"), values
        )
        people = recipients.people_at(unit, "assessment.change")
        once = f"unit:{unit.pk}"
        _tell(by, Kind.PUBLISHED, ranking, ranking.name, what, people, ranking.demonstration, once)


def _tell(
    by: Person | None,
    kind: Kind,
    record: Any,
    name: str,
    what: Sentence,
    people: set[int],
    demonstration: bool,
    once: str = "",
) -> None:
    if demonstration and by is None:
        return
    publish(
        PeopleConcerned(
            kind, record._meta.label_lower, record.pk, name, what, frozenset(people),
            by=by.pk if by else None, once=once or str(record.version),
        )
    )  # fmt: skip
