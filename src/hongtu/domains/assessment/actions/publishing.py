"""Rankings are published once and for good; units may object within a period; a correction is a new one."""

from datetime import date

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.assessment import queries, rules
from hongtu.domains.assessment.actions import telling
from hongtu.domains.assessment.actions.common import in_state, other_person, reasoned
from hongtu.domains.assessment.actions.schemes import moment_of_knowledge
from hongtu.domains.assessment.models import Objection, Ranking
from hongtu.domains.assessment.queries.scoring import NoScheme, result
from hongtu.domains.assessment.vocab import ObjectionState
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.profile.models import today

LOCK = 0x61737365  # one number is given once


@action("assessment.publish")
def publish(
    *, by: Person | None, subject: str, on: date, name: str, supersedes: Ranking | None = None,
    demonstration: bool = False,
) -> Ranking:  # fmt: skip
    """Freeze the ranking of a day as it is known now. Its seal goes into the audit chain.

    Raises InvalidInput for a day to come, or without a scheme, a title or a scored unit.
    """
    require(by, "assessment.approve")
    if on > today():
        raise InvalidInput(
            _("考核截止日还没有到。"),
            fields={"on": [_("请选今天或更早的日期。")]},
            code="assessment.in_future",
        )
    title = reasoned(name, "name")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    try:
        found = result(Subject(subject), on)
    except NoScheme as missing:
        raise InvalidInput(_("那一天没有施行的考核办法。"), code="assessment.no_scheme") from missing
    if not found.lines:
        raise InvalidInput(_("还没有可以计分的记录。"), code="assessment.nothing_to_rank")
    lines = rules.as_data(found.lines)
    days = int(found.plan.settings["objection_days"])
    count = Ranking.objects.filter(on__year=on.year).count() + 1
    made = Ranking.objects.create(
        name=title[:120],
        number=f"考核通报〔{on.year}〕{count}号",
        subject=subject,  # not for translation: number
        scheme_id=found.scheme.row_key,
        on=on,
        known_at=moment_of_knowledge(),
        lines=lines,
        digest=rules.digest(lines),
        published_by=by,
        published_at=timezone.now(),
        objections_until=working_calendar().add(today(), days),
        supersedes=supersedes,
        demonstration=demonstration,
    )
    note(made, digest=made.digest, number=made.number, supersedes=supersedes.number if supersedes else "")
    telling.published(by, made)
    return made


@action("assessment.object")
def object_to(
    *, by: Person | None, ranking: Ranking, unit: Unit, item: str = "", name: str, reason: str,
    demonstration: bool = False,
) -> Objection:  # fmt: skip
    """A unit objects to its line, or to one item of it, within the period."""
    require(by, "assessment.change")
    if by is not None and not Unit.objects.filter(queries.REACH.scope(by, "change"), pk=unit.pk).exists():
        raise NotAllowed(_("您不能替这个单位提出。"), code="assessment.not_your_unit")
    line = next((s for s in ranking.lines if s["unit"] == unit.pk), None)
    if line is None or (item and item not in {i["key"] for i in line["items"]}):
        raise InvalidInput(_("这个单位或这一项不在通报里。"), code="assessment.not_in_ranking")
    if today() > ranking.objections_until:
        raise InvalidInput(
            _("异议期限%(until)s已过。") % {"until": ranking.objections_until}, code="assessment.too_late"
        )
    text = reasoned(reason, "reason")
    made = Objection.objects.create(
        ranking=ranking, unit=unit, item=item, name=reasoned(name, "name")[:200], reason=text, asked_by=by,
        demonstration=demonstration,
    )  # fmt: skip
    note(made, reason=text, ranking=ranking.number)
    telling.asked(by, made)
    return made


@action("assessment.decide_objection")
def decide_objection(
    *, by: Person | None, objection: Objection, version: int, accept: bool, answer: str
) -> Objection:
    """Answer an objection. An accepted one is followed by a corrected ranking; the published one stays."""
    require(by, "assessment.approve", objection)
    in_state(objection.state, ObjectionState.OPEN)
    other_person(by, objection.asked_by_id)
    text = reasoned(answer, "answer")
    note(objection, reason=text, accepted=accept)
    objection.revise(
        version, state=ObjectionState.ACCEPTED if accept else ObjectionState.REJECTED, decided_by=by,
        decided_at=timezone.now(), answer=text,
    )  # fmt: skip
    telling.answered(by, objection, accept, objection.asked_by_id)
    return objection
