"""The room's dates in reminders and calendars, and whom they concern."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from hongtu.domains.consultation.models import Meeting, Topic
from hongtu.domains.consultation.queries import DOMAIN, steps_rule, this_day
from hongtu.domains.consultation.vocab import MeetingState, State, Step
from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.policies import can, objects
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.notices import queries as notices
from hongtu.kernel.notices import recipients
from hongtu.kernel.notices.deadlines import Dated, Dates, register
from hongtu.kernel.people.models import Person

MATERIAL, MINUTES = "consultation.material", "consultation.minutes"
TOPIC, MEETING = "consultation.topic", "consultation.meeting"
DECIDED_STEPS = (Step.SCREEN, Step.ASSIGN)
"""Steps that somebody with the right to approve must take."""


def install() -> None:
    """Register them; called once when Django starts."""
    register(Dates(DOMAIN, _due_between, _due_of))


def whose(found: Topic) -> set[int]:
    """Whose turn it is: the community's people, for a decision those who may decide, up to the district."""
    permission = "consultation.approve" if found.step in DECIDED_STEPS else "consultation.change"
    return recipients.people_at(found.community, permission, up_to_district=True)


def seated(found: Topic) -> set[int]:
    """Those at the table who have an account."""
    return set(found.participants.exclude(person=None).values_list("person", flat=True))


def moment_of(meeting: Meeting) -> datetime:
    """When it begins."""
    return timezone.make_aware(datetime.combine(meeting.held_on, meeting.begins_at))


def _due_between(first: date, last: date) -> Iterator[Dated]:
    for found in _running().filter(due_on__range=(first, last)):
        yield _dated_step(found, frozenset(whose(found)))
    for meeting in _noticed().filter(held_on__range=(first, last)):
        people = seated(meeting.topic) | ({meeting.recorder_id} if meeting.recorder_id else set())
        yield _dated_meeting(meeting, frozenset(people))
    for meeting in _formal():
        for paper in _papers(meeting, frozenset(whose(meeting.topic))):
            if first <= paper.day <= last:
                yield paper


def _due_of(person: Person) -> Iterator[Dated]:
    """Steps that wait for her by her role, and meetings she sits in or writes down."""
    if can(person, "consultation.read"):
        of = {
            verb: Q(community__in=(units := notices.own_units(person, f"consultation.{verb}")))
            | Q(subdistrict__in=units)
            for verb in ("change", "approve")
        }
        turn = (of["approve"] & Q(step__in=DECIDED_STEPS)) | (of["change"] & ~Q(step__in=DECIDED_STEPS))
        reached = objects(Topic, by=person).values("pk")
        yield from map(_dated_step, _running().filter(turn, pk__in=reached))
        for meeting in _formal().filter(topic__in=_running().filter(turn).values("pk")):
            yield from _papers(meeting)
    hers = Q(topic__participants__person=person) | Q(recorder=person)
    yield from map(_dated_meeting, _noticed().filter(hers).distinct())


def _running() -> QuerySet[Topic]:
    rows = Topic.objects.filter(state=State.OPEN, due_on__isnull=False).select_related("community")
    return rows.order_by("due_on", "pk")


def _noticed() -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(state=MeetingState.NOTICED, topic__state=State.OPEN)
    return rows.select_related("topic").order_by("held_on", "pk")


def _formal() -> QuerySet[Meeting]:
    """Meetings of formal consultations of the CPPCC, whose papers have terms of their own."""
    rows = Meeting.objects.filter(topic__formal=True, topic__state=State.OPEN)
    return rows.exclude(state=MeetingState.CANCELLED).select_related("topic__community").order_by("pk")


def papers_due(meeting: Meeting) -> tuple[date | None, date | None]:
    """Until when a formal consultation's material must be out before the meeting, and its minutes after it;
    None for others and for what no longer applies."""
    if not meeting.topic.formal:
        return None, None
    terms, calendar = steps_rule()["formal"], working_calendar()
    before = calendar.add(meeting.held_on, -int(terms["material_days"]))
    after = calendar.add(meeting.held_on, int(terms["minutes_days"]))
    at_table = meeting.topic.step in (Step.PREPARE, Step.DISCUSS, Step.CONCLUDE)
    noticed = meeting.state == MeetingState.NOTICED
    return (before if noticed else None), (after if at_table else None)


def _papers(meeting: Meeting, people: frozenset[int] = frozenset()) -> Iterator[Dated]:
    words = (mark("正式协商材料应在%(due)s前送达参会人员"), mark("正式协商纪要应在%(due)s前印发"))
    for label, due, pattern in zip((MATERIAL, MINUTES), papers_due(meeting), words, strict=True):
        if due is not None:
            yield Dated(
                label, meeting.pk, meeting.topic.name, Sentence(pattern, {"due": due}), due, meeting.version,
                meeting.changed_at, people,
            )  # fmt: skip


def _dated_step(found: Topic, people: frozenset[int] = frozenset()) -> Dated:
    values = {"number": found.number, "step": Sentence(Step(found.step).label), "due": found.due_on}
    text = Sentence(mark("%(number)s “%(step)s”一步应在%(due)s前完成"), values)
    return Dated(
        TOPIC, found.pk, found.name, text, found.due_on or this_day(), found.version, found.changed_at, people
    )


def _dated_meeting(found: Meeting, people: frozenset[int] = frozenset()) -> Dated:
    values = {"place": found.place, "host": found.host}
    text = Sentence(mark("协商会，%(place)s，%(host)s主持"), values)
    return Dated(
        MEETING, found.pk, found.topic.name, text, moment_of(found), found.version, found.changed_at, people
    )
