"""What those at the table and those whose turn it is hear of a consultation (`kernel.notices`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hongtu.domains.consultation import queries
from hongtu.domains.consultation.models import Meeting, Objection, Participant, Posting, Topic
from hongtu.domains.consultation.queries import dates
from hongtu.domains.consultation.vocab import Part, Step
from hongtu.engines.vocabulary import mark
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.events import publish
from hongtu.kernel.notices.events import PeopleConcerned
from hongtu.kernel.notices.vocab import Kind
from hongtu.kernel.people.models import Person

TURNS = {
    Step.SCREEN: mark("%(number)s 已登记，请审题"),
    Step.ASSIGN: mark("%(number)s 公示期满，请交办任务"),
}
"""Steps that begin with somebody else's decision."""


def _tell(
    by: Person | None,
    kind: Kind,
    topic: Topic,
    what: Sentence,
    people: Iterable[int],
    *,
    once: str,
    due_at: datetime | None = None,
) -> None:
    publish(
        PeopleConcerned(
            kind, dates.TOPIC, topic.pk, topic.name, what, frozenset(people), by=by.pk if by else None,
            once=once, due_at=due_at, on=queries.this_day(),
        )
    )  # fmt: skip


def entered(by: Person | None, topic: Topic) -> None:
    """A step begins: those whose decision it takes hear of it, and of the evaluation the whole table."""
    step, once = Step(topic.step), f"{topic.step}:{topic.round}"
    if step in TURNS:
        what = Sentence(TURNS[step], {"number": topic.number})
        _tell(by, Kind.REVIEW, topic, what, dates.whose(topic), once=once)
    elif step is Step.EVALUATE:
        what = Sentence(mark("%(number)s 已办理，请您评价"), {"number": topic.number})
        _tell(by, Kind.REVIEW, topic, what, dates.seated(topic), once=once)


def invited(by: Person | None, participant: Participant) -> None:
    """Invited, with the part, and asked to declare her interests."""
    if participant.person_id:
        part = Sentence(Part(participant.part).label)
        what = Sentence(mark("邀请您参加协商（%(part)s），请先作利益冲突声明"), {"part": part})
        once = f"invited:{participant.pk}"
        _tell(by, Kind.INVITED, participant.topic, what, {participant.person_id}, once=once)


def noticed(by: Person | None, meeting: Meeting) -> None:
    """The meeting was announced."""
    begins = f"{meeting.held_on} {meeting.begins_at:%H:%M}"
    values = {"begins": begins, "place": meeting.place, "host": meeting.host}
    what = Sentence(mark("协商会%(begins)s在%(place)s召开，%(host)s主持"), values)
    people = dates.seated(meeting.topic) | ({meeting.recorder_id} if meeting.recorder_id else set())
    moment = dates.moment_of(meeting)
    _tell(by, Kind.INVITED, meeting.topic, what, people, once=f"meeting:{meeting.pk}", due_at=moment)


def posted(by: Person | None, posting: Posting) -> None:
    """The conclusion is in public."""
    topic = posting.conclusion.topic
    what = Sentence(mark("协商结论已公示，%(until)s前可以提异议"), {"until": posting.until})
    _tell(by, Kind.PUBLISHED, topic, what, dates.seated(topic), once=f"posting:{posting.pk}")


def objected(objection: Objection) -> None:
    """Somebody objects; whose turn it is must answer."""
    topic = objection.posting.conclusion.topic
    what = Sentence(mark("%(number)s 的公示收到一条异议，请答复"), {"number": topic.number})
    _tell(None, Kind.REVIEW, topic, what, dates.whose(topic), once=f"objection:{objection.pk}")


def archived(by: Person | None, topic: Topic) -> None:
    """The file is closed."""
    what = Sentence(mark("%(number)s 已归档，全部材料合成一份 PDF"), {"number": topic.number})
    _tell(by, Kind.PUBLISHED, topic, what, dates.seated(topic), once="archived")
