"""Demonstration meetings: three joint ones, twelve on site, and weekly ones; the next of each drawn up (示例).

Meetings are held in the order of their days, each with the agenda it would have had by the records of today;
orders go out and some are finished by the rooms that own the work. Written through actions, deterministic but
for the private links of the spine.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from PIL import Image

from hongtu.domains.dispatch import actions, queries
from hongtu.domains.dispatch.demo import blocking
from hongtu.domains.dispatch.models import AgendaItem, Meeting
from hongtu.domains.dispatch.vocab import MeetingKind
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import actions as problems
from hongtu.kernel.problems.evidence import clean
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.profile.models import today

SITES = 12


@dataclass(frozen=True)
class Site:
    """A project site as this room needs it: where the meeting is held and whose it is."""

    name: str
    unit: Unit
    leader: Person


def load(*, by: Person | None, chair: Person, desk: Unit, sites: Sequence[Site]) -> None:
    """Write everything. `chair`: who presides over the joint meetings."""
    now, calendar = today(), working_calendar()
    blocking.load(by=by, desk=desk)
    for number in range(SITES):
        site = sites[number * 9 % len(sites)]
        on = calendar.add(date(now.year, 1, 15), number * 6)
        _site(by, site, on, desk)
    previous: Meeting | None = None
    for on in (date(now.year, 1, 17), date(now.year, 3, 14), now - timedelta(days=4)):
        held = calendar.add(on, 0)
        previous = _joint(by, chair, desk, held, previous)
    actions.escalate(by=by)
    if previous is not None:
        actions.next_meeting(by=by, meeting=previous, held_on=calendar.add(now, 5))
    actions.plan_meeting(
        by=by, name="重大项目旬调度", kind=MeetingKind.DAILY, level=2, held_on=calendar.add(now, 1),
        place="区重大项目推进中心会议室", chair=chair, desk=desk, attendees="各责任单位分管负责人（示例）",
        demonstration=True,
    )  # fmt: skip
    problems.fresh_costs()


def _site(by: Person | None, site: Site, on: date, desk: Unit) -> None:
    """One matter settled on the spot, one order."""
    meeting = actions.convene(
        by=by, name=f"{site.name}现场督导", kind=MeetingKind.SITE, level=3, held_on=on, place=site.name,
        chair=site.leader, desk=desk, attendees="责任单位、项目单位、属地街道（示例）", demonstration=True,
    )  # fmt: skip
    due = working_calendar().add(on, 10)
    item = actions.add_item(
        by=by, meeting=meeting, name=f"{site.name}作业面移交和材料进场安排", unit=site.unit, due_on=due
    )
    _decided(by, item, "逐项明确移交时间，项目单位每日报进度", due)
    _issue(by, meeting)


def _joint(by: Person | None, chair: Person, desk: Unit, on: date, previous: Meeting | None) -> Meeting:
    """A joint meeting: what the last one left, then two matters of its own."""
    meeting = actions.convene(
        by=by, name="全区重大项目部门联席会", kind=MeetingKind.JOINT, level=4, held_on=on,
        place="区行政中心一号会议室", chair=chair, desk=desk, previous=previous,
        attendees="发改、住建、自然资源、审批、财政、城管等部门主要负责人（示例）", absent="区水利局（示例）",
        observers="区政府办公室、各街道（镇）（示例）", copy_to="区委办公室、区政府办公室，各参会单位（示例）",
        demonstration=True,
    )  # fmt: skip
    due = working_calendar().add(on, 15)
    for number, name in enumerate(("红线内障碍物限期清除", "施工许可并联审批提速", "征迁剩余户攻坚")):
        unit = Unit.objects.get(code=("ZJJ", "XZSP", "ZRZY")[number])
        item = actions.add_item(by=by, meeting=meeting, name=f"{name}（{on.month}月）", unit=unit, due_on=due)
        _decided(by, item, "明确工作路径、责任单位和完成时限，逾期通报", due)
    _issue(by, meeting)
    return meeting


def _decided(by: Person | None, item: AgendaItem, text: str, due: date) -> None:
    """Decided at eleven; the office signs and states its measures in time."""
    moment = timezone.make_aware(datetime.combine(item.meeting.held_on, time(11)))
    item = actions.decide(
        by=by, item=item, version=item.version, decision=text, unit=item.unit, due_on=due, at=moment
    )
    order = item.order
    if order is not None:
        order = problems.sign(by=by, problem=order, version=order.version, at=moment + timedelta(hours=4))
        order = problems.state_measures(
            by=by, problem=order, version=order.version, measures="倒排到天，专人盯办（示例）",
            at=moment + timedelta(days=1),
        )  # fmt: skip
        if due < today() and order.pk % 4:
            _finished(by, order, moment + timedelta(days=(due - item.meeting.held_on).days - 2))


def _finished(by: Person | None, order: Problem, at: datetime) -> None:
    """Done two days early, verified the next day."""
    stream = io.BytesIO()
    Image.new("RGB", (320, 240), "#8a97a5").save(stream, "PNG")
    stream.seek(0)
    order = problems.ask_to_close(
        by=by, problem=order, version=order.version, at=at, photos=[clean(stream)],
        outcome=problems.Outcome(f"{order.title}：已按议定落实（示例）"),
    )  # fmt: skip
    order = problems.verify(by=by, problem=order, version=order.version, at=at + timedelta(days=1))
    problems.answer(by=by, following=order.followings.get(), verdict="confirmed", at=at + timedelta(days=2))


def _issue(by: Person | None, meeting: Meeting) -> None:
    meeting.refresh_from_db()
    if not queries.items(meeting).filter(outcome="pending").exists():
        actions.issue(by=by, meeting=meeting, version=meeting.version, signed_by=meeting.chair.name)
