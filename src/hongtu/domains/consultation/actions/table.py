"""The table: who is invited, what is offered, the notice, the meeting, what was said, votes, the
conclusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from hongtu.domains.consultation import queries
from hongtu.domains.consultation.actions import telling
from hongtu.domains.consultation.actions.core import at_step, enter, refuse, required_text
from hongtu.domains.consultation.models import (
    Conclusion,
    Fund,
    Meeting,
    Option,
    Participant,
    Speech,
    Topic,
    Vote,
)
from hongtu.domains.consultation.rules import table
from hongtu.domains.consultation.vocab import (
    Agreement,
    Choice,
    Interest,
    MeetingState,
    Part,
    Refusal,
    Step,
)
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.people.models import Person, Unit

AFTERNOON = time(15)
AT_THE_TABLE = (Step.INVITE, Step.PREPARE, Step.DISCUSS)


@action("consultation.invite")
def invite(
    *,
    by: Person | None,
    topic: Topic,
    name: str,
    part: str,
    unit: Unit | None = None,
    person: Person | None = None,
    reason: str = "",
) -> Participant:
    """Invite somebody in a part. Where the rule demands the part, the rule's reason is kept with it."""
    require(by, "consultation.change", topic)
    at_step(topic, *AT_THE_TABLE)
    code = unit.code if unit else ""
    asked = [n for n in queries.needed(topic) if n.part == part and n.unit in ("", code)]
    given = asked[0].reason if asked else reason
    required_text({"name": name, "reason": given})
    made = Participant.objects.create(
        topic=topic,
        name=name.strip(),
        part=Part(part),
        unit=unit,
        person=person,
        reason=given.strip(),
        by_rule=bool(asked),
        demonstration=topic.demonstration,
    )
    note(topic, invited=made.name, part=part)
    telling.invited(by, made)
    return made


@action("consultation.uninvite")
def uninvite(*, by: Person | None, participant: Participant, reason: str) -> None:
    """Take somebody off the list before the discussion; what she said or declared would be lost later."""
    require(by, "consultation.change", participant.topic)
    at_step(participant.topic, Step.INVITE, Step.PREPARE)
    if not reason.strip():
        refuse(Refusal.REASON, "reason")
    note(participant.topic, reason=reason, uninvited=participant.name)
    participant.delete()


@action("consultation.declare")
def declare(
    *, by: Person | None, participant: Participant, version: int, interest: str, text: str = ""
) -> Participant:
    """Declare a conflict of interest or none: she herself, or the convener from her signed paper."""
    topic = participant.topic
    if by is not None and participant.person_id != by.pk:
        require(by, "consultation.change", topic)
    at_step(topic, *AT_THE_TABLE)
    said = Interest(interest)
    if said is Interest.UNDECLARED or (said is Interest.CONFLICT and not text.strip()):
        refuse(Refusal.REASON, "text")
    note(topic, participant=participant.name, interest=said.value)
    return participant.revise(version, interest=said, interest_note=text.strip())


@action("consultation.add_option")
def add_option(
    *,
    by: Person | None,
    topic: Topic,
    name: str,
    description: str,
    cost: Decimal | None,
    funds: Mapping[str, Decimal] | None = None,
) -> Option:
    """An option with its cost and where each part of the money comes from (万元)."""
    require(by, "consultation.change", topic)
    at_step(topic, Step.PREPARE)
    required_text({"name": name, "description": description})
    made = Option.objects.create(
        topic=topic, round=topic.round, name=name.strip(), description=description.strip(), cost=cost
    )
    for source, amount in (funds or {}).items():
        Fund.objects.create(option=made, source=source, amount=amount)
    note(topic, option=made.name, cost=str(cost), funds={k: str(v) for k, v in (funds or {}).items()})
    return made


@action("consultation.drop_option")
def drop_option(*, by: Person | None, option: Option) -> None:
    """Take an option off the table before the meeting."""
    require(by, "consultation.change", option.topic)
    at_step(option.topic, Step.PREPARE)
    if option.polls.exists():
        refuse(Refusal.POLL_CLOSED)
    note(option.topic, dropped=option.name)
    option.delete()


@action("consultation.notice")
def give_notice(
    *,
    by: Person | None,
    topic: Topic,
    held_on: date,
    place: str,
    host: str,
    noticed_on: date | None = None,
    recorder: Person | None = None,
    begins_at: time = AFTERNOON,
) -> Meeting:
    """Announce the meeting. Between notice and meeting lie the working days of the rule (a formal
    consultation has
    longer ones)."""
    require(by, "consultation.change", topic)
    at_step(topic, Step.PREPARE)
    required_text({"place": place, "host": host})
    data, today = queries.steps_rule(), queries.this_day()
    began = noticed_on or today
    if began < today:
        refuse(Refusal.NOTICE_PAST, "noticed_on")
    days = int((data["formal"] if topic.formal else data)["notice_days"])
    earliest = working_calendar().add(began, days)
    if held_on < earliest:
        refuse(Refusal.NOTICE_SHORT, "held_on", notice=began, days=days, earliest=earliest)
    former = queries.meeting_of(topic)
    if former is not None:
        former.revise(former.version, state=MeetingState.CANCELLED)
    made = Meeting.objects.create(
        topic=topic,
        round=topic.round,
        noticed_on=began,
        held_on=held_on,
        begins_at=begins_at,
        place=place.strip(),
        host=host.strip(),
        recorder=recorder or by,
    )
    note(topic, notice=began.isoformat(), held_on=held_on.isoformat())
    telling.noticed(by, made)
    return made


@action("consultation.sign_in")
def sign_in(*, by: Person | None, meeting: Meeting, version: int, present: Sequence[Participant]) -> Meeting:
    """Who came; the meeting is then held. Whoever voted already stays on the list."""
    require(by, "consultation.change", meeting.topic)
    at_step(meeting.topic, Step.DISCUSS)
    if meeting.held_on > queries.this_day():
        refuse(Refusal.TOO_EARLY, day=meeting.held_on)
    if any(p.topic_id != meeting.topic_id for p in present):
        refuse(Refusal.STRANGER)
    meeting.revise(version, state=MeetingState.HELD)
    meeting.attended.set(present)
    note(meeting, present=len(present))
    return meeting


@action("consultation.speak")
def speak(
    *,
    by: Person | None,
    meeting: Meeting,
    participant: Participant,
    kind: str,
    text: str,
    minority: bool = False,
) -> Speech:
    """Write down what somebody said."""
    require(by, "consultation.change", meeting.topic)
    at_step(meeting.topic, Step.DISCUSS, Step.CONCLUDE)
    required_text({"text": text})
    if not meeting.attended.filter(pk=participant.pk).exists():
        refuse(Refusal.STRANGER, "participant")
    last = meeting.speeches.aggregate(n=Max("sequence"))["n"] or 0
    made = Speech.objects.create(
        meeting=meeting,
        participant=participant,
        sequence=last + 1,
        kind=kind,
        text=text.strip(),
        minority=minority,
    )
    note(meeting, speaker=participant.name, minority=minority)
    return made


@action("consultation.note_differences")
def note_differences(*, by: Person | None, meeting: Meeting, version: int, differences: str) -> Meeting:
    """What they could not agree on, point by point."""
    require(by, "consultation.change", meeting.topic)
    at_step(meeting.topic, Step.DISCUSS, Step.CONCLUDE)
    note(meeting)
    return meeting.revise(version, differences=differences.strip())


@action("consultation.vote")
def vote(
    *, by: Person | None, meeting: Meeting, participant: Participant, choice: str, signed: bool = False
) -> Vote:
    """One participant's vote on paper: present, declared, not recused. Until the conclusion it may be
    corrected."""
    require(by, "consultation.change", meeting.topic)
    at_step(meeting.topic, Step.CONCLUDE)
    if participant.topic_id != meeting.topic_id:
        refuse(Refusal.STRANGER)
    seat = table.Seat(
        Part(participant.part),
        interest=Interest(participant.interest),
        attended=meeting.attended.filter(pk=participant.pk).exists(),
    )
    no = table.may_vote(seat)
    if no is not None:
        raise NotAllowed(_(no.label) % {"name": participant.name}, code=no.value)
    found = Vote.objects.filter(meeting=meeting, participant=participant).first()
    note(meeting, participant=participant.name, choice=choice)
    if found is None:
        return Vote.objects.create(
            meeting=meeting, participant=participant, choice=Choice(choice), signed=signed
        )
    return found.revise(found.version, choice=Choice(choice), signed=signed)


@action("consultation.conclude")
def conclude(
    *, by: Person | None, topic: Topic, version: int, text: str, option: Option | None = None
) -> Conclusion:
    """Put the conclusion on paper. Whether it is consensus, majority or none follows from the votes; common
    property needs the owners' vote on the same option as well."""
    require(by, "consultation.change", topic)
    at_step(topic, Step.CONCLUDE)
    required_text({"text": text})
    meeting = queries.meeting_of(topic)
    votes = list(meeting.votes.all()) if meeting else []
    if meeting is None or not votes:
        refuse(Refusal.NOBODY_VOTED)
    _complete(meeting, votes)
    agreed = table.agreement([Choice(v.choice) for v in votes])
    poll = None
    if agreed is Agreement.NONE:
        option = None
    elif option is None or option.topic_id != topic.pk or option.round != topic.round:
        refuse(Refusal.OPTION, "option")
    elif topic.common_matter:
        poll = option.polls.filter(passed=True, round=topic.round).first()
        if poll is None:
            raise InvalidInput(_(Refusal.POLL_NEEDED.label), code=Refusal.POLL_NEEDED.value)
    chosen = [v.choice for v in votes]
    made = Conclusion.objects.create(
        topic=topic,
        round=topic.round,
        meeting=meeting,
        agreement=agreed,
        option=option,
        poll=poll,
        text=text.strip(),
        consenting=chosen.count(Choice.CONSENT),
        opposing=chosen.count(Choice.OPPOSE),
        abstaining=chosen.count(Choice.ABSTAIN),
        concluded_on=queries.this_day(),
    )
    note(topic, agreement=agreed.value)
    enter(topic, version, Step.POST)
    return made


def _complete(meeting: Meeting, votes: Sequence[Vote]) -> None:
    """Signed by everybody who voted; whoever was outvoted has her opinion in the record."""
    unsigned = sum(not v.signed for v in votes)
    if unsigned:
        refuse(Refusal.UNSIGNED, count=unsigned)
    if any(v.choice != Choice.CONSENT for v in votes) and not meeting.speeches.filter(minority=True).exists():
        refuse(Refusal.MINORITY)
