"""What changes a score by decision: excuses, adjustments, falsified data. Each by two people, appeals by a
third."""

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.assessment.actions import telling
from hongtu.domains.assessment.actions.common import in_state, other_person, reasoned
from hongtu.domains.assessment.models import Adjustment, Excuse, Falsification
from hongtu.domains.assessment.queries import OWN
from hongtu.domains.assessment.vocab import Charge, Decision
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.indicators.registry import find
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.profile.models import today

APPEAL_DAYS = 10
"""Working days within which a unit may appeal against a finding of falsified data."""


def _of_unit(by: Person | None, unit: Unit) -> None:
    """Refuse who does not speak for the unit (or for the whole district)."""
    if by is None:
        return
    if not Unit.objects.filter(OWN_UNIT.scope(by, "change"), pk=unit.pk).exists():
        raise NotAllowed(_("您不能替这个单位提出。"), code="assessment.not_your_unit")


OWN_UNIT = type(OWN)(OWN.domain, unit_paths=("path",))


@action("assessment.ask_excuse")
def ask_excuse(
    *,
    by: Person | None,
    indicator: str,
    record: int,
    part: str = "",
    name: str,
    unit: Unit,
    reason: str,
    basis: str,
    since: date,
    demonstration: bool = False,
) -> Excuse:
    """Ask that a record leaves the denominator; the ground and what proves it are required.

    Only a record that the asker can see; InvalidInput when it was asked for already.
    """
    require(by, "assessment.change")
    _of_unit(by, unit)
    found = find(indicator)
    if found is None:
        raise InvalidInput(_("没有指标“%s”。") % indicator, code="assessment.no_indicator")
    if by is not None and record not in found.readable(by, [record]):
        raise NotAllowed(_("没有这条记录，或您无权查看。"), code="assessment.no_record")
    faults = {n: [_("请填写。")] for n, t in (("reason", reason), ("basis", basis)) if not t.strip()}
    if since > today():
        faults["since"] = [_("日期不能晚于今天。")]
    if faults:
        raise InvalidInput(_("请写明客观原因、发生日期和佐证。"), fields=faults, code="assessment.incomplete")
    same = Excuse.objects.filter(indicator=indicator, record=record, part=part)
    if same.filter(state__in=(Decision.ASKED, Decision.APPROVED)).exists():
        raise InvalidInput(_("这条记录已经申请过免责。"), code="assessment.excuse_asked")
    made = Excuse.objects.create(
        indicator=indicator, record=record, part=part, name=name[:200], unit=unit, reason=reason.strip(),
        basis=basis.strip()[:300], since=since, asked_by=by, demonstration=demonstration,
    )  # fmt: skip
    note(made, reason=reason, indicator=indicator, record=record)
    telling.asked(by, made)
    return made


@action("assessment.decide_excuse")
def decide_excuse(
    *, by: Person | None, excuse: Excuse, version: int, approve: bool, answer: str = ""
) -> Excuse:
    """Approve or refuse; never by who asked. A refusal says why."""
    _decide(by, excuse, version, approve, answer)
    return excuse


def _decide(by: Person | None, asked: Excuse | Adjustment, version: int, approve: bool, answer: str) -> None:
    require(by, "assessment.approve", asked)
    in_state(asked.state, Decision.ASKED)
    other_person(by, asked.asked_by_id)
    text = answer.strip() if approve else reasoned(answer, "answer")
    note(asked, reason=text, approved=approve)
    asked.revise(
        version,
        state=Decision.APPROVED if approve else Decision.REFUSED,
        decided_by=by,
        decided_at=timezone.now(),
        answer=text,
    )
    telling.answered(by, asked, approve, asked.asked_by_id)


@action("assessment.ask_adjustment")
def ask_adjustment(
    *, by: Person | None, unit: Unit, subject: str, points: Decimal, name: str, basis: str, on: date,
    demonstration: bool = False,
) -> Adjustment:  # fmt: skip
    """Ask for points to be added or taken, with the paper they rest on."""
    require(by, "assessment.manage")
    faults = {n: [_("请填写。")] for n, t in (("name", name), ("basis", basis)) if not t.strip()}
    if not points:
        faults["points"] = [_("分值不能为0。")]
    if on > today():
        faults["on"] = [_("日期不能晚于今天。")]
    if faults:
        raise InvalidInput(_("加减分须有事由、依据和分值。"), fields=faults, code="assessment.incomplete")
    made = Adjustment.objects.create(
        unit=unit, subject=subject, points=points, name=name.strip(), basis=basis.strip(), on=on, asked_by=by,
        demonstration=demonstration,
    )  # fmt: skip
    note(made, points=str(points))
    telling.asked(by, made)
    return made


@action("assessment.decide_adjustment")
def decide_adjustment(
    *, by: Person | None, adjustment: Adjustment, version: int, approve: bool, answer: str = ""
) -> Adjustment:
    """Approve or refuse; never by who asked."""
    _decide(by, adjustment, version, approve, answer)
    return adjustment


@action("assessment.report_falsification")
def report_falsification(
    *, by: Person | None, unit: Unit, subject: str, name: str, facts: str, basis: str, occurred_on: date,
    demonstration: bool = False,
) -> Falsification:  # fmt: skip
    """Put down that data were falsified. Nothing follows before somebody else has confirmed it."""
    require(by, "assessment.manage")
    faults = {
        n: [_("请填写。")] for n, t in (("name", name), ("facts", facts), ("basis", basis)) if not t.strip()
    }
    if occurred_on > today():
        faults["occurred_on"] = [_("日期不能晚于今天。")]
    if faults:
        raise InvalidInput(_("请写明涉及的数据、事实和证据。"), fields=faults, code="assessment.incomplete")
    made = Falsification.objects.create(
        unit=unit, subject=subject, name=name.strip(), facts=facts.strip(), basis=basis.strip(),
        occurred_on=occurred_on, reported_by=by, demonstration=demonstration,
    )  # fmt: skip
    note(made, unit=unit.pk)
    telling.asked(by, made)
    return made


@action("assessment.decide_falsification")
def decide_falsification(
    *, by: Person | None, charge: Falsification, version: int, confirm: bool, answer: str
) -> Falsification:
    """Confirm (the year's score of the unit is void from now on) or dismiss; never by who reported it."""
    require(by, "assessment.approve", charge)
    in_state(charge.state, Charge.REPORTED)
    other_person(by, charge.reported_by_id)
    text = reasoned(answer, "answer")
    note(charge, reason=text, confirmed=confirm)
    until = working_calendar().add(today(), APPEAL_DAYS) if confirm else None
    charge.revise(
        version, state=Charge.CONFIRMED if confirm else Charge.DISMISSED, decided_by=by,
        decided_at=timezone.now(), answer=text, appeal_until=until,
    )  # fmt: skip
    telling.answered(by, charge, confirm, charge.reported_by_id)
    if confirm:
        telling.vetoed(by, charge)
    return charge


@action("assessment.appeal")
def appeal(*, by: Person | None, charge: Falsification, version: int, reason: str) -> Falsification:
    """The unit appeals, once and in time. The veto stands until the appeal is decided."""
    require(by, "assessment.change", charge)
    _of_unit(by, charge.unit)
    in_state(charge.state, Charge.CONFIRMED)
    if charge.appeal_until is not None and today() > charge.appeal_until:
        raise InvalidInput(
            _("申诉期限%(until)s已过。") % {"until": charge.appeal_until}, code="assessment.too_late"
        )
    text = reasoned(reason, "reason")
    note(charge, reason=text)
    charge.revise(version, state=Charge.APPEALED, appeal=text, appealed_by=by, appealed_at=timezone.now())
    telling.asked(by, charge, appeal=True)
    return charge


@action("assessment.decide_appeal")
def decide_appeal(
    *, by: Person | None, charge: Falsification, version: int, uphold: bool, answer: str
) -> Falsification:
    """A third person upholds the finding or quashes it; then the veto is lifted."""
    require(by, "assessment.approve", charge)
    in_state(charge.state, Charge.APPEALED)
    other_person(by, charge.reported_by_id, charge.decided_by_id, charge.appealed_by_id)
    text = reasoned(answer, "answer")
    note(charge, reason=text, upheld=uphold)
    charge.revise(
        version, state=Charge.UPHELD if uphold else Charge.QUASHED, appeal_decided_by=by,
        appeal_decided_at=timezone.now(), appeal_answer=text,
    )  # fmt: skip
    telling.answered(by, charge, uphold, charge.appealed_by_id)
    return charge
