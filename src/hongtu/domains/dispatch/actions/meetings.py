"""Meetings: plan, draw the agenda, decide item by item with orders issued at once, issue the minutes."""

from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.dispatch import queries
from hongtu.domains.dispatch.actions import agenda, telling
from hongtu.domains.dispatch.models import AgendaItem, Escalation, Meeting
from hongtu.domains.dispatch.vocab import Cause, MeetingState, Origin, Outcome
from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.chains import limiting
from hongtu.kernel.chains.limiting import Demand
from hongtu.kernel.chains.models import StepLimit
from hongtu.kernel.events import publish
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import actions as problems
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.vocab import OPEN, Kind, Source
from hongtu.kernel.profile.models import today

NUMBERS = 0x6D696E75
LISTS = ("attendees", "absent", "observers", "copy_to")


@action("dispatch.plan")
def plan_meeting(*, by: Person | None, **fields: Any) -> Meeting:
    """A meeting to come; its agenda is drawn up at once."""
    require(by, "dispatch.change")
    made = Meeting.objects.create(**fields)
    require(by, "dispatch.change", made)  # her own desk's, or one she chairs
    drawn = draw_agenda(by=by, meeting=made)
    note(made, name=made.name, items=drawn)
    publish(telling.planned(by, made))
    return made


@action("dispatch.convene")
def convene(*, by: Person | None, **fields: Any) -> Meeting:
    """A meeting called for one matter (site, topic): its items are added by hand."""
    require(by, "dispatch.change")
    made = Meeting.objects.create(**fields)
    require(by, "dispatch.change", made)
    note(made, name=made.name)
    return made


@action("dispatch.revise")
def revise_meeting(*, by: Person | None, record: Meeting, version: int, **changes: Any) -> Meeting:
    require(by, "dispatch.change", record)
    _open(record)
    note(record, fields=sorted(changes))
    return record.revise(version, **changes)


def _open(meeting: Meeting) -> None:
    """Refuse what comes after the minutes. The meeting's row stays locked until the action ends, so that
    nobody decides while somebody issues."""
    present = Meeting.objects.select_for_update(of=("self",)).only("state").get(pk=meeting.pk)
    if present.state != MeetingState.PLANNED:
        raise InvalidInput(_("纪要已印发，不能再改；请在下次会议上议定。"), code="dispatch.issued")


@action("dispatch.draw_agenda")
def draw_agenda(*, by: Person | None, meeting: Meeting) -> int:
    """Add what the agenda lacks and weigh all that is still to be decided by what it costs today; running it
    again adds nothing that is there already. Items added."""
    require(by, "dispatch.change", meeting)
    _open(meeting)
    problems.fresh_costs()
    present = list(meeting.items.select_related("problem").order_by("sequence"))
    problems_there = {item.problem_id for item in present if item.problem_id}
    steps_there = {item.step_id for item in present if item.step_id}
    fresh = [
        AgendaItem(meeting=meeting, **values)
        for values in agenda.Draft(meeting).items()
        if not (
            (values.get("problem") and values["problem"].pk in problems_there)
            or (values.get("step") and values["step"].pk in steps_there)
        )
    ]
    agenda.weigh(present)
    agenda.place(meeting, present, fresh)
    note(meeting, added=len(fresh))
    return len(fresh)


@action("dispatch.add_item")
def add_item(
    *, by: Person | None, meeting: Meeting, name: str, unit: Unit, due_on: date, path: str = ""
) -> AgendaItem:
    """Something that comes up in the meeting itself."""
    require(by, "dispatch.change", meeting)
    _open(meeting)
    if not name.strip():
        raise InvalidInput(_("请写明议题。"), fields={"name": [_("请填写。")]}, code="dispatch.no_name")
    made = agenda.add(
        meeting,
        {
            "name": name.strip()[:200],
            "origin": Origin.ADDED,
            "explanation": Sentence(Origin.ADDED.label),
            "unit": unit,
            "due_on": due_on,
            "path": Sentence(typed=path[:200]),
        },
    )
    note(made, meeting=meeting.name)
    return made


def _pending(item: AgendaItem) -> None:
    _open(item.meeting)
    if item.outcome in (Outcome.DECIDED, Outcome.RAISED):
        raise InvalidInput(
            _("这个议题已有结论（%(outcome)s）。") % {"outcome": item.get_outcome_display()},
            code="dispatch.item_closed",
        )


@action("dispatch.decide")
def decide(
    *,
    by: Person | None,
    item: AgendaItem,
    version: int,
    decision: str,
    unit: Unit | None,
    due_on: date,
    person: Person | None = None,
    path: str = "",
    demand: Demand | None = None,
    at: datetime | None = None,
) -> AgendaItem:
    """What is decided: who, until when, by which path; the order goes out at once, and what the meeting
    demands of the step binds its chain at once.

    An order of an earlier meeting that was not done stays the same order: it is not counted twice.
    Raises InvalidInput when owner, deadline or decision is missing, the deadline lies before the meeting, or
    the demand cannot be.
    """
    require(by, "dispatch.change", item.meeting)
    _pending(item)
    faults: dict[str, list[str]] = {}
    if not decision.strip():
        faults["decision"] = [_("请写明议定事项。")]
    if unit is None:
        faults["unit"] = [_("请明确责任单位。")]
    if due_on <= item.meeting.held_on:
        faults["due_on"] = [_("时限须晚于会议日期。")]
    if faults or unit is None:
        raise InvalidInput(_("议定事项须有责任单位和时限。"), fields=faults, code="dispatch.incomplete")
    kept = item.problem if item.problem and item.problem.kind == Kind.ORDER else None
    order = kept if kept and kept.state in OPEN else _order(by, item, decision, unit, person, due_on, at)
    item.revise(
        version,
        outcome=Outcome.DECIDED,
        decision=decision.strip(),
        unit=unit,
        person=person,
        due_on=due_on,
        path=_path(item, path),
        order=order,
    )
    if demand is not None:
        _bind(by, item, demand)
    publish(telling.decided(by, item, order))
    note(item, order=order.number, unit=str(unit))
    return item


def _bind(by: Person | None, item: AgendaItem, demand: Demand) -> None:
    """The decision becomes a limit of the step's chain."""
    if item.step is None:
        text = _("这个议题没有对应的链条事项，不能作为链条的约束。")
        raise InvalidInput(text, fields={"limit": [text]}, code="dispatch.no_step")
    values = {"meeting": item.meeting.name, "on": item.meeting.held_on, "number": item.sequence}
    basis = Sentence(mark("%(on)s%(meeting)s第%(number)d项议定"), values)
    limiting.impose_limit(by=by, step=item.step, demand=demand, source=item, basis=basis, data_date=today())


@action("dispatch.lift_limit")
def lift_limit(*, by: Person | None, limit: StepLimit, version: int, reason: str) -> StepLimit:
    """Take back what a meeting demanded of a step, with the reason; a later decision replaces it without."""
    require(by, "dispatch.change", queries.item_of(limit).meeting)
    note(limit, reason=reason)
    return limiting.lift_limit(by=by, limit=limit, version=version, reason=reason, data_date=today())


def _path(item: AgendaItem, given: str) -> Sentence:
    """The path decided on; the proposed one, left as it stood in the form, stays translatable."""
    return item.path if given in ("", str(item.path)) else Sentence(typed=given)


def _order(
    by: Person | None,
    item: AgendaItem,
    decision: str,
    unit: Unit,
    person: Person | None,
    due_on: date,
    at: datetime | None,
) -> Problem:
    """交办: reported, triaged and assigned in one go, due when the meeting said."""
    moment = at if by is None else None
    source = item.problem.number if item.problem else ""
    return problems.order(
        by=by,
        unit=unit,
        handler=person,
        due_at=timezone.make_aware(datetime.combine(due_on, time(17, 30))),
        text=decision[:200],
        source=Source.MEETING,
        title=item.name,
        description=f"{item.meeting.name}：{decision.strip()}{f'（{source}）' if source else ''}",
        desk=item.meeting.desk,
        step=item.step,
        at=moment,
        demonstration=item.meeting.demonstration,
    )


@action("dispatch.defer")
def defer(*, by: Person | None, item: AgendaItem, version: int, decision: str) -> AgendaItem:
    """Not now, with the reason; it comes back by itself while it stays open."""
    require(by, "dispatch.change", item.meeting)
    _pending(item)
    if not decision.strip():
        raise InvalidInput(
            _("暂缓须写明理由。"), fields={"decision": [_("请填写。")]}, code="dispatch.no_reason"
        )
    note(item, reason=decision)
    return item.revise(version, outcome=Outcome.DEFERRED, decision=decision.strip())


@action("dispatch.raise")
def raise_item(*, by: Person | None, item: AgendaItem, version: int, decision: str) -> AgendaItem:
    """This level cannot settle it: the next one hears of it, once."""
    require(by, "dispatch.change", item.meeting)
    _pending(item)
    meeting = item.meeting
    if meeting.level >= 4:
        raise InvalidInput(_("四级已是最高一级，请议定或提请市级。"), code="dispatch.no_level_above")
    if item.problem is None and item.step is None:
        raise InvalidInput(_("会上提出的事项没有问题单，请先议定交办。"), code="dispatch.nothing_to_raise")
    Escalation.objects.bulk_create(
        [
            Escalation(
                name=item.name,
                problem=item.problem,
                step=None if item.problem else item.step,
                level=meeting.level + 1,
                cause=Cause.MEETING,
                since=meeting.held_on,
                days=0,
                reason=Sentence(mark("%(meeting)s提请：%(why)s"), {"meeting": meeting.name, "why": decision}),
                on=today(),
            )
        ],
        ignore_conflicts=True,
    )
    note(item, reason=decision)
    return item.revise(version, outcome=Outcome.RAISED, decision=decision.strip())


@action("dispatch.issue")
def issue(*, by: Person | None, meeting: Meeting, version: int, signed_by: str, **lists: str) -> Meeting:
    """Sign and number the minutes. Every item needs an outcome first. `lists`: who came, who was absent, who
    sat in, who gets a copy, where that is known only now."""
    require(by, "dispatch.change", meeting)
    _open(meeting)
    open_items = meeting.items.filter(outcome=Outcome.PENDING).count()
    if open_items:
        raise InvalidInput(
            _("还有 %(count)d 个议题没有结论，请议定、暂缓或提请上一级。") % {"count": open_items},
            code="dispatch.items_pending",
        )
    if not signed_by.strip():
        raise InvalidInput(
            _("请填写签发人。"), fields={"signed_by": [_("请填写。")]}, code="dispatch.no_signer"
        )
    number = _number(meeting)
    note(meeting, number=number)
    meeting.revise(
        version,
        state=MeetingState.ISSUED,
        number=number,
        signed_by=signed_by.strip(),
        issued_on=today(),
        **{name: lists[name].strip() for name in LISTS if name in lists},
    )
    publish(telling.issued(by, meeting))
    return meeting


def _number(meeting: Meeting) -> str:
    """The next number of the year, drawn by one at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERS])
    prefix = f"调度纪要〔{meeting.held_on.year}〕"
    numbers = Meeting.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    last = max((int(n.removeprefix(prefix).removesuffix("号")) for n in numbers), default=0)
    return f"{prefix}{last + 1}号"


@action("dispatch.next_meeting")
def next_meeting(*, by: Person | None, meeting: Meeting, held_on: date) -> Meeting:
    """The meeting after this one, same room and people; its agenda opens with what was not done."""
    require(by, "dispatch.change", meeting)
    if held_on <= meeting.held_on:
        text = _("下次会议须晚于本次。")
        raise InvalidInput(text, fields={"held_on": [text]}, code="dispatch.next_too_early")
    if Meeting.objects.filter(Q(previous=meeting)).exists():
        raise InvalidInput(_("下次会议已经安排。"), code="dispatch.next_exists")
    names = [*("name", "kind", "level", "begins_at", "place", "chair", "desk", "demonstration")]
    names += ["attendees", "observers", "copy_to"]
    made = plan_meeting(
        by=by, held_on=held_on, previous=meeting, **{name: getattr(meeting, name) for name in names}
    )
    note(made, previous=meeting.pk)
    return made
