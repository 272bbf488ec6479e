"""The owners: estates, the register of exclusive parts, the vote on common property."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from hongtu.domains.consultation import queries
from hongtu.domains.consultation.actions.core import at_step, refuse
from hongtu.domains.consultation.models import Ballot, Estate, Household, Option, Poll
from hongtu.domains.consultation.rules import common_property
from hongtu.domains.consultation.vocab import Choice, Refusal, Step
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.audit.registers import register_actions
from hongtu.kernel.base import bulk
from hongtu.kernel.people.models import Person

NAMED = 8


estates = register_actions(
    Estate,
    ("consultation.register_estate", "consultation.revise_estate", "consultation.import_estates"),
    "consultation.change",
)
households = register_actions(
    Household,
    ("consultation.register_household", "consultation.revise_household", "consultation.import_households"),
    "owners.change",
)


@action("consultation.open_poll")
def open_poll(*, by: Person | None, option: Option) -> Poll:
    """Put an option to the owners of the topic's estate."""
    topic = option.topic
    require(by, "owners.change")
    require(by, "consultation.change", topic)
    at_step(topic, Step.PREPARE, Step.DISCUSS, Step.CONCLUDE)
    if not topic.common_matter or topic.estate is None or option.round != topic.round:
        refuse(Refusal.OPTION, "option")
    made = Poll.objects.create(
        topic=topic,
        round=topic.round,
        option=option,
        estate=topic.estate,
        matter=topic.common_matter,
        began_on=queries.this_day(),
    )
    note(made, option=option.name)
    return made


def _still_open(by: Person | None, poll: Poll) -> None:
    require(by, "owners.change", poll)
    if poll.closed_on is not None:
        refuse(Refusal.POLL_CLOSED)


@action("consultation.cast")
def cast(*, by: Person | None, poll: Poll, ballots: Mapping[str, Sequence[str]]) -> int:
    """Enter ballots: rooms by choice. A room that has one is corrected. InvalidInput names rooms that the
    register
    does not know or that were written twice; then nothing is kept. The number of ballots entered."""
    _still_open(by, poll)
    rooms = {choice: [r.strip() for r in given if r.strip()] for choice, given in ballots.items()}
    seen: set[str] = set()
    for choice, given in rooms.items():
        twice = [r for n, r in enumerate(given) if r in seen or r in given[:n]]
        if twice:
            refuse(Refusal.TWICE, choice, rooms=_named(twice))
        seen |= set(given)
    homes = dict(Household.objects.filter(estate=poll.estate_id, room__in=seen).values_list("room", "pk"))
    for choice, given in rooms.items():
        unknown = [r for r in given if r not in homes]
        if unknown:
            refuse(Refusal.UNKNOWN_ROOMS, choice, rooms=_named(unknown))
    kept = {b.household_id: b for b in poll.ballots.filter(household__in=homes.values())}
    fresh, changed = [], []
    for choice, given in rooms.items():
        for room in given:
            before = kept.get(homes[room])
            if before is None:
                fresh.append({"poll": poll, "household_id": homes[room], "choice": Choice(choice)})
            elif before.choice != choice:
                changed.append((before, {"choice": Choice(choice)}))
    bulk.write(Ballot, create=fresh, update=changed)
    note(poll, entered=len(fresh), corrected=len(changed))
    return len(fresh) + len(changed)


@action("consultation.close_poll")
def close_poll(*, by: Person | None, poll: Poll, version: int) -> Poll:
    """End the vote and keep its sums, whatever the register becomes later. Refused while one owner's ballots
    differ."""
    _still_open(by, poll)
    try:
        found = common_property.tally(queries.CommonMatter(poll.matter), queries.parts(poll))
    except common_property.MixedVotes as mixed:
        refuse(Refusal.MIXED, rooms=_named(mixed.parts))
    sums = {name: str(value) for name, value in asdict(found.sums).items()}
    note(poll, passed=found.passed, sums=sums)
    return poll.revise(version, closed_on=queries.this_day(), passed=found.passed, sums=sums)


def _named(rooms: Sequence[str]) -> str:
    """Some of the rooms, so that a message stays readable."""
    more = f" +{len(rooms) - NAMED}" if len(rooms) > NAMED else ""
    return "、".join(rooms[:NAMED]) + more
