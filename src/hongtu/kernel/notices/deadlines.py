"""Deadlines of rooms: what the reminders and people's calendars show beside problems and steps.

A room that has dates of its own registers them when Django starts (a domain's `apps.ready`). A closed room
registers none: they would be a trace of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.people.models import Person


@dataclass(frozen=True)
class Dated:
    """Something that is due: `due` a moment or a whole day, `label` and `key` its record, `people` (primary
    keys) whom it concerns; `version` and `changed_at` let a calendar know what moved."""

    label: str
    key: int
    title: str
    note: Sentence
    due: datetime | date
    version: int
    changed_at: datetime
    people: frozenset[int] = frozenset()

    @property
    def day(self) -> date:
        return timezone.localtime(self.due).date() if isinstance(self.due, datetime) else self.due


@dataclass(frozen=True)
class Dates:
    """A room's dates. `between`: all that is due from one day to another, each with its people; `of`: one
    person's, overdue ones included, as far as she may see them."""

    name: str
    between: Callable[[date, date], Iterable[Dated]]
    of: Callable[[Person], Iterable[Dated]]


_sources: dict[str, Dates] = {}


def register(source: Dates) -> None:
    """Add a room's dates; a second registration under the name replaces the first."""
    _sources[source.name] = source


def sources() -> tuple[Dates, ...]:
    return tuple(_sources[name] for name in sorted(_sources))


def is_late(found: Dated, now: datetime, today: date) -> bool:
    """A moment is late when it is past, a day when it is over."""
    return found.due < now if isinstance(found.due, datetime) else found.due < today


def close_of(day: date) -> datetime:
    """The end of a day, as the moment a whole-day deadline is shown with."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=23, minutes=59)
