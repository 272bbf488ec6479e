"""Schemes: drafted, proposed with a simulation, adopted by a second person; then they never change."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.assessment import rules
from hongtu.domains.assessment.actions.common import in_state, other_person, reasoned
from hongtu.domains.assessment.models import Scheme, Simulation
from hongtu.domains.assessment.queries.scoring import NoScheme, in_force, score_all
from hongtu.domains.assessment.vocab import SchemeState
from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.indicators.knowledge import Moment
from hongtu.kernel.indicators.registry import indicators
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

FAULTS = {
    "no_items": mark("至少要有一个考核项。"),
    "twice": mark("考核项代码“%(key)s”重复。"),
    "no_indicator": mark("“%(item)s”的指标“%(indicator)s”不适用于这类考核对象。"),
    "no_points": mark("“%(item)s”的分值须大于0。"),
    "not_100": mark("各项分值合计须为100，现为%(total)s。"),
}


def check(subject: str, data: Mapping[str, Any]) -> None:
    """Raise InvalidInput saying everything that is wrong with a scheme."""
    known = {i.key: i for i in indicators(Subject(subject))}
    found = [str(_(FAULTS[code])) % facts for code, facts in rules.faults(data, known)]
    if found:
        raise InvalidInput("".join(found), fields={"data": found}, code="assessment.scheme_invalid")


@action("assessment.draft_scheme")
def draft_scheme(*, by: Person | None, **fields: Any) -> Scheme:
    """Begin a scheme. It counts for nothing until it is adopted."""
    require(by, "assessment.manage")
    check(fields["subject"], fields["data"])
    made = Scheme.objects.create(**fields)
    note(made, name=made.name)
    return made


@action("assessment.revise_scheme")
def revise_scheme(*, by: Person | None, record: Scheme, version: int, **changes: Any) -> Scheme:
    """Change a draft, or one that was not passed (which makes it a draft again)."""
    require(by, "assessment.manage", record)
    if record.state not in (SchemeState.DRAFT, SchemeState.REFUSED):
        raise InvalidInput(_("已提请或已施行的办法不能修改，请另起草一份。"), code="assessment.scheme_fixed")
    check(changes.get("subject", record.subject), changes.get("data", record.data))
    note(record, fields=sorted(changes))
    return record.revise(version, **changes, state=SchemeState.DRAFT)


def _simulate(scheme: Scheme, on: date, by: Person | None) -> Simulation:
    """The scheme beside the one in force, over the records of now; kept as it is shown to who decides."""
    moment = Moment(on)
    subject = Subject(scheme.subject)
    try:
        present = in_force(subject, moment)
    except NoScheme:
        present = None
    old = score_all(subject, rules.Plan.of(present.data), moment, present).lines if present else ()
    new = score_all(subject, rules.Plan.of(scheme.data), moment, scheme).lines
    return Simulation.objects.create(
        scheme=scheme,
        against_id=present.row_key if present else None,
        on=on,
        known_at=moment_of_knowledge(),
        scheme_digest=rules.digest(scheme.data),
        old=rules.as_data(old),
        new=rules.as_data(new),
        by=by,
    )


def moment_of_knowledge() -> Any:
    """The moment to which history ascribes what this transaction writes and reads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        return cursor.fetchone()[0]


@action("assessment.propose")
def propose(*, by: Person | None, scheme: Scheme, version: int, on: date | None = None) -> Scheme:
    """First step: simulate and hand in. Who falls and who rises stands beside the proposal."""
    require(by, "assessment.manage", scheme)
    in_state(scheme.state, SchemeState.DRAFT)
    check(scheme.subject, scheme.data)
    made = _simulate(scheme, on or today(), by)
    scheme.revise(version, state=SchemeState.PROPOSED, proposed_by=by, proposed_at=timezone.now(), refusal="")
    note(scheme, simulation=made.pk, digest=rules.digest(made.new))
    return scheme


@action("assessment.adopt")
def adopt(*, by: Person | None, scheme: Scheme, version: int) -> Scheme:
    """Second step, by another person: in force from its effective date, which cannot lie before today."""
    require(by, "assessment.approve", scheme)
    in_state(scheme.state, SchemeState.PROPOSED)
    other_person(by, scheme.proposed_by_id)
    shown = scheme.simulations.order_by("-at").first()
    if shown is None or shown.scheme_digest != rules.digest(scheme.data):
        raise InvalidInput(_("这份办法还没有模拟，不能审定。"), code="assessment.not_simulated")
    if by is not None and scheme.effective_from < today():
        raise InvalidInput(
            _("施行日期%(date)s已过：办法不溯及既往，请退回修改。") % {"date": scheme.effective_from},
            code="assessment.retroactive",
        )
    taken = Scheme.objects.filter(
        subject=scheme.subject, effective_from=scheme.effective_from, state=SchemeState.ADOPTED
    )
    if taken.exists():
        raise InvalidInput(_("同一天已有另一份办法施行。"), code="assessment.scheme_that_day")
    saved = scheme.revise(version, state=SchemeState.ADOPTED, adopted_by=by, adopted_at=timezone.now())
    note(scheme, simulation=shown.pk, digest=shown.scheme_digest)
    return saved


@action("assessment.refuse")
def refuse(*, by: Person | None, scheme: Scheme, version: int, reason: str) -> Scheme:
    """Send a proposal back with the reason."""
    require(by, "assessment.approve", scheme)
    in_state(scheme.state, SchemeState.PROPOSED)
    other_person(by, scheme.proposed_by_id)
    text = reasoned(reason, "reason")
    note(scheme, reason=text)
    return scheme.revise(version, state=SchemeState.REFUSED, refusal=text)


@action("assessment.load_schemes")
def load_schemes(
    *, by: Person | None, rows: Sequence[Mapping[str, str]], since: date, demonstration: bool = False
) -> list[Scheme]:
    """Take over the schemes of a profile (one row an item), in force from `since`.

    Raises InvalidInput naming the scheme that does not add up.
    """
    require(by, "assessment.manage")
    grouped: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        grouped.setdefault(row["scheme"], []).append(row)
    made = []
    for name, items in grouped.items():
        data = {
            "items": [
                {
                    "key": r["item"],
                    "title": r["title"],
                    "indicator": r["indicator"],
                    "formula": r["formula"],
                    "points": float(r["points"]),
                    "cap": float(r["cap"] or 1),
                    "limit": float(r["limit"] or 30),
                }
                for r in items
            ]
        }
        check(items[0]["subject"], data)
        made.append(
            Scheme(
                name=name,
                subject=items[0]["subject"],
                effective_from=since,
                basis=items[0]["basis"],
                data=data,
                state=SchemeState.ADOPTED,
                adopted_at=timezone.now(),
                demonstration=demonstration,
            )
        )
    for scheme in made:
        scheme.save()
    note(schemes=[s.name for s in made])
    return made
