"""What those concerned hear of meetings (`kernel.notices`)."""

from hongtu.domains.dispatch import queries
from hongtu.domains.dispatch.models import AgendaItem, Meeting
from hongtu.domains.dispatch.vocab import Outcome
from hongtu.engines.vocabulary import mark
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.notices import recipients
from hongtu.kernel.notices.events import MeetingDecided, PeopleConcerned
from hongtu.kernel.notices.vocab import Kind
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems.models import Problem


def planned(by: Person | None, meeting: Meeting) -> PeopleConcerned:
    """Who chairs it hears of a meeting, with the size of its agenda."""
    values = {"on": meeting.held_on, "place": meeting.place, "count": meeting.items.count()}
    return PeopleConcerned(
        Kind.SCHEDULED, queries.MEETING, meeting.pk, meeting.name,
        Sentence(mark("%(on)s在%(place)s召开，请您主持，议程%(count)d项"), values),
        frozenset({meeting.chair_id}), by=by.pk if by else None, due_at=queries.moment_of(meeting),
        on=meeting.held_on,
    )  # fmt: skip


def decided(by: Person | None, item: AgendaItem, order: Problem) -> MeetingDecided:
    """What those who must carry it out hear at once."""
    return MeetingDecided(
        order=order.pk,
        item=item.pk,
        meeting=item.meeting.name,
        decision=item.decision[:200],
        due_on=item.due_on,
        held_on=item.meeting.held_on,
        by=by.pk if by else None,
    )


def issued(by: Person | None, meeting: Meeting) -> PeopleConcerned:
    """The units that were given something hear that the minutes are out."""
    given = meeting.items.filter(outcome=Outcome.DECIDED).select_related("unit")
    units = {item.unit for item in given if item.unit}
    people = {key for unit in units for key in recipients.people_at(unit, "dispatch.read")}
    values = {"number": meeting.number, "count": len(given)}
    return PeopleConcerned(
        Kind.PUBLISHED, queries.MEETING, meeting.pk, meeting.name,
        Sentence(mark("%(number)s已印发，议定%(count)d项"), values), frozenset(people),
        by=by.pk if by else None, once="issued", on=meeting.held_on if meeting.demonstration else None,
    )  # fmt: skip
