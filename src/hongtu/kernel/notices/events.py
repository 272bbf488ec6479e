"""What rooms tell the house so that the people concerned hear of it (`kernel.events.publish`).

What happens to problems is told by the spine itself (`kernel.problems.events`). A closed room publishes
nothing of this kind: a notice would be a trace of it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.notices.vocab import Kind


@dataclass(frozen=True)
class EscalatedItem:
    """A problem or a step (primary key) that one level must know of; `since` is the deadline it missed."""

    name: str
    level: int
    since: date
    reason: Sentence
    problem: int | None = None
    step: int | None = None


@dataclass(frozen=True)
class ItemsEscalated:
    """What one look at the clocks found, on a day."""

    items: tuple[EscalatedItem, ...]
    on: date


@dataclass(frozen=True)
class MeetingDecided:
    """A meeting decided an item of its agenda: `order` (a problem of the kind order) carries it out."""

    order: int
    item: int
    meeting: str
    decision: str
    due_on: date
    held_on: date
    by: int | None = None


@dataclass(frozen=True)
class AgreementProposed:
    """An agreement waits for the signatures of the people of these units."""

    label: str
    key: int
    name: str
    units: tuple[int, ...]
    by: int | None = None


@dataclass(frozen=True)
class ReviewAsked:
    """Something waits for whoever holds `permission` at `unit` (None: the district) or above it. `round`
    tells one handing-in from the next."""

    label: str
    key: int
    name: str
    what: Sentence
    permission: str
    unit: int | None
    by: int | None = None
    round: int = 0


@dataclass(frozen=True)
class PeopleConcerned:
    """A record of a room (`label`, `key`, `name`) concerns these people (primary keys): invited, planned for,
    answered. `once` tells one happening from the next; `on` is the day it happened where that was not now."""

    kind: Kind
    label: str
    key: int
    name: str
    what: Sentence
    people: frozenset[int]
    by: int | None = None
    once: str = ""
    due_at: datetime | None = None
    on: date | None = None
