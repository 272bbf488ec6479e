"""Demonstration of the room: two members, six fictional officials, a few visits and needs, all marked 示例."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from hongtu.domains.family_visits import actions, rules
from hongtu.domains.family_visits.actions.store import room_action
from hongtu.domains.family_visits.models import Official, PostRisk, Visit
from hongtu.kernel.access.demonstration import Account, fictional
from hongtu.kernel.audit.actions import note
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.profile.models import today

ACCOUNTS = (
    Account("jijianlead", "discipline_lead", "示例·纪检负责人", "负责人", "纪检监察负责人（政治家访）"),
    Account("jijian", "discipline_officer", "示例·纪检干部", "干部", "纪检监察干部（政治家访）"),
)
# name, unit, post, number of the risk class, months since the last visit (None: never)
OFFICIALS: tuple[tuple[str, str, str, int, int | None], ...] = (
    ("示例干部甲", "示例审查调查室", "副主任（示例）", 1, 8),
    ("示例干部乙", "示例信访室", "干部（示例）", 1, 5),
    ("示例干部丙", "示例监督检查室", "主任（示例）", 2, 13),
    ("示例干部丁", "示例派驻组", "干部（示例）", 2, 3),
    ("示例干部戊", "示例街道纪工委", "副书记（示例）", 2, None),
    ("示例干部己", "示例办公室", "干部（示例）", 3, 10),
)
TEXTS = {
    "greeting": "家中老人身体尚好，孩子上初中（示例）",
    "work": "介绍了近期工作，家属表示支持（示例）",
    "needs": "加班多，接送孩子有困难（示例）",
    "conduct": "提醒婉拒管理服务对象的宴请，家属愿常提醒（示例）",
    "summary": "家属当场核对，无异议（示例）",
}


@room_action("family_visits.demonstration")
def load(*, by: Person | None, district: Unit, password: str) -> None:
    """Write everything. Dates follow the district's data date."""
    people = _cast(by, district, password)
    lead, officer = people
    now = today()
    risks = list(PostRisk.objects.order_by("sequence"))
    for name, unit, post, risk, months in OFFICIALS:
        official = actions.register_official(
            by=by, name=name, unit=unit, post=post, risk=risks[risk - 1], officer=officer, demonstration=True
        )
        if months is not None:
            held = _held(by, official, rules.add_months(now, -months), officer, lead)
            _need(by, held, months, officer, lead, now)
    actions.plan(
        by=by,
        official=Official.objects.order_by("created_at")[0],
        planned_on=now + timedelta(days=3),
        visitor=officer,
        companion=lead,
    )
    note(officials=len(OFFICIALS))


def _cast(by: Person | None, district: Unit, password: str) -> list[Person]:
    hashed = make_password(password)
    people = [fictional(a.username, a.name, district, a.title, password=hashed) for a in ACCOUNTS]
    for person in people:
        person.save()
    actions.open_room(by=by, lead=people[0])
    actions.admit(by=by, person=people[1], role=ACCOUNTS[1].role)
    return people


def _held(by: Person | None, official: Official, on: date, officer: Person, lead: Person) -> Visit:
    visit = actions.plan(by=by, official=official, planned_on=on, visitor=officer, companion=lead)
    return actions.hold(by=by, visit=visit, version=visit.version, held_on=on, texts=TEXTS)


def _need(by: Person | None, visit: Visit, months: int, officer: Person, lead: Person, now: date) -> None:
    """One need closed, one waiting for the call back, one open; the others asked for nothing."""
    told: dict[str, Any] = {"outcome": "met", "told_on": now}
    if months == 8:
        need = actions.ask(
            by=by, visit=visit, asked="希望错峰安排值班，方便接送孩子（示例）", owner=officer, due_on=now
        )
        need = actions.settle(
            by=by, need=need, version=need.version, result="已调整值班表并告知家属（示例）", **told
        )
        actions.confirm(by=by, need=need, version=need.version, agreed=True, as_=lead)
    elif months == 13:
        need = actions.ask(
            by=by, visit=visit, asked="想了解子女课后托管的去处（示例）", owner=officer, due_on=now
        )
        actions.settle(
            by=by, need=need, version=need.version, result="已把公开的托管点名单送到（示例）", **told
        )
    elif months == 3:
        actions.ask(
            by=by, visit=visit, asked="老人就近复诊，想问可走的正常渠道（示例）", owner=officer,
            due_on=now + timedelta(days=12),
        )  # fmt: skip
