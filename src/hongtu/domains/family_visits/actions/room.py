"""The room itself: opening it, who is in it, what it goes by, and every look into it."""

import secrets
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hongtu.domains.family_visits import queries
from hongtu.domains.family_visits.actions.store import refuse, room_action
from hongtu.domains.family_visits.models import Element, PostRisk, Retention, Setting
from hongtu.domains.family_visits.vocab import Withdrawn
from hongtu.kernel.access.actions import PasswordSet
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.policies import require
from hongtu.kernel.access.roles import CLOSED_ROLES
from hongtu.kernel.audit.actions import note
from hongtu.kernel.events import subscribe
from hongtu.kernel.people.models import Person

LEAD = "discipline_lead"
LOCAL = "示例值，以本地制度为准"
RISKS = (
    ("高风险岗位", "案件审查、信访举报受理、涉案财物管理、案件监督管理", 6),
    ("中风险岗位", "监督检查、派驻监督、街道（镇）纪检监察", 12),
    ("一般岗位", "组织宣传、综合保障", 24),
)
RISK_BASIS = "结合责任分工和岗位风险差异开展（公开报道）；间隔为" + LOCAL
FIVE = (
    ("greeting", "送问候", "带去组织的问候，家里近况如何", "公开报道的“五个一”内容"),
    ("work", "聊工作", "介绍本人工作表现，听家属怎么看", "公开报道的“五个一”内容"),
    ("needs", "听需求", "家里有什么困难、希望组织做什么", "公开报道的“五个一”内容"),
    ("conduct", "讲家风", "廉洁家风、八小时外提醒了什么", "公开报道的“五个一”内容"),
    (
        "summary",
        "留小结",
        "当场与家属核对的一两句小结",
        "报道只列出四项；第五项参照外地做法，" + LOCAL,
    ),
)
MONTHS, MONTHS_BASIS = 36, "满足一个家访周期后仍可对照；" + LOCAL


@room_action("family_visits.open")
def open_room(*, by: Person | None, lead: Person) -> None:
    """Open the room: what it goes by, and its first lead. Doing it again only admits another lead."""
    require(by, "family_visits.manage")
    if not Retention.objects.exists():
        Retention.objects.create(sequence=1, name=_("家访记录"), months=MONTHS, basis=MONTHS_BASIS)
        PostRisk.objects.bulk_create(
            PostRisk(sequence=n, name=name, duties=duties, interval_months=months, basis=RISK_BASIS)
            for n, (name, duties, months) in enumerate(RISKS, 1)
        )
        Element.objects.bulk_create(
            Element(sequence=n, code=code, name=name, prompt=prompt, basis=basis)
            for n, (code, name, prompt, basis) in enumerate(FIVE, 1)
        )
    note(lead, name=lead.name)
    admit(by=by, person=lead, role=LEAD)


@room_action("family_visits.admit")
def admit(*, by: Person | None, person: Person, role: str) -> Assignment:
    """Let a person in. The key of the assignment comes from nowhere near the sequence: no gap shows it."""
    require(by, "family_visits.manage")
    if role not in CLOSED_ROLES & set(queries.ROLES_HERE):
        raise refuse("unknown_role", _("没有这个角色。"), role=_("没有这个角色。"))
    found = Assignment.objects.filter(person=person, role=role).first()
    if found is None:
        key = secrets.randbelow(2**52) + 2**40
        found = Assignment.objects.create(id=key, person=person, role=role, unit=_unit(person))
    note(person, name=person.name, role=role)
    return found


def _unit(person: Person) -> Any:
    if person.unit is None:
        raise refuse("no_unit", _("该人员没有单位，请先在人员中填写。"))
    return person.unit


@room_action("family_visits.withdraw")
def withdraw(*, by: Person | None, person: Person, reason: str) -> Person:
    """Take a person's roles here away; the last lead stays, or nobody could let anyone in."""
    require(by, "family_visits.manage")
    held = Assignment.objects.filter(person=person, role__in=queries.ROLES_HERE)
    leads = Assignment.objects.filter(role=LEAD, person__is_active=True).exclude(person=person)
    if by is not None and held.filter(role=LEAD).exists() and not leads.exists():
        raise refuse("last_lead", _("这是最后一位负责人，请先加入另一位。"))
    note(person, name=person.name, reason=Withdrawn(reason).value)
    held.delete()
    return person


@room_action("family_visits.revise_setting")
def revise_setting(*, by: Person | None, record: Setting, version: int, **changes: Any) -> Setting:
    """Change an interval, an element or how long records are kept; each with its basis."""
    require(by, "family_visits.manage", record)
    note(record, changes={name: str(value) for name, value in changes.items()})
    return record.revise(version, **changes)


@room_action("family_visits.read")
def looked(*, by: Person, page: str, records: Iterable[UUID] = ()) -> None:
    """A look into the room: who, when (the chain says), which page, which records. Without it no page."""
    require(by, "family_visits.read")
    note(page=page, records=[str(key) for key in records])


def _password_set(event: PasswordSet) -> None:
    """Whoever set the password could come in as her: she stays outside until the lead lets her in again."""
    if Assignment.objects.filter(person=event.person, role__in=queries.ROLES_HERE).exists():
        withdraw(by=None, person=event.person, reason=Withdrawn.PASSWORD_SET)


def install() -> None:
    """Called once when Django starts."""
    subscribe(PasswordSet)(_password_set)
