"""Terms and moments of the district: rule `problems.clocks` on the working calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.problems import clock
from hongtu.kernel.problems.clock import OfficeHours, Term
from hongtu.kernel.problems.vocab import Clock, State, Unit
from hongtu.kernel.profile.models import rule, today

RULE = "problems.clocks"
Moments = tuple[datetime, datetime | None]


_replayed: ContextVar[datetime | None] = ContextVar("hongtu_problem_moment", default=None)


@contextmanager
def replaying(moment: datetime) -> Iterator[None]:
    """Within it the district's moment is `moment`: for code that writes demonstration records or replays
    old ones.
    No page reaches it, so nobody dates her own work."""
    token = _replayed.set(moment)
    try:
        yield
    finally:
        _replayed.reset(token)


def now() -> datetime:
    """This moment, on the district's data date where that is fixed (demonstrations, replays)."""
    replayed = _replayed.get()
    if replayed is not None:
        return replayed
    fixed, local = today(), timezone.localtime()
    if fixed == local.date():
        return timezone.now()
    return timezone.make_aware(datetime.combine(fixed, local.time()))


@dataclass(frozen=True)
class Terms:
    """The rule in force, ready to count with."""

    data: Mapping[str, Any]
    hours: OfficeHours

    def term(self, name: str) -> Term:
        """A term of the rule, for instance `sign`. LookupError names what the rule lacks."""
        return _term(self.data, name)

    def work(self, urgency: str) -> Term:
        """The term of the work for a class."""
        return _term(self.data["work"], urgency)

    def due(self, start: datetime, term: Term, stops: Sequence[Moments] = ()) -> datetime | None:
        """The aware moment at which a term that began at an aware moment ends."""
        naive = [(_local(b), _local(e) if e else None) for b, e in stops]
        found = clock.deadline(_local(start), term, self.hours, naive)
        return timezone.make_aware(found) if found else None

    def work_ends(self, start: datetime, urgency: str) -> datetime:
        """The end of the work of a class without suspensions."""
        return self._sure(start, self.work(urgency))

    def ends(self, start: datetime, name: str) -> datetime:
        """The end of a named term without suspensions."""
        return self._sure(start, self.term(name))

    def _sure(self, start: datetime, term: Term) -> datetime:
        found = self.due(start, term)
        if found is None:
            raise AssertionError("without suspensions a term always ends")
        return found

    def carried(self, due: datetime, stop: tuple[datetime, datetime], unit: Unit) -> datetime:
        """An agreed date moved on by what a suspension took."""
        naive = (_local(stop[0]), _local(stop[1]))
        return timezone.make_aware(clock.carried(_local(due), naive, unit, self.hours))

    def most(self, name: str) -> int:
        """A plain number of the rule, for instance `extensions_most`."""
        return int(self.data[name])

    def stage_due(self, state: State, start: datetime, due_at: datetime) -> tuple[Clock, datetime | None]:
        """The clock that runs in a state entered at `start`, and when it runs out. The steps before the work
        is done never outlast the work itself."""
        from hongtu.kernel.problems.rules import CLOCK_OF

        kind = CLOCK_OF.get(state, Clock.NONE)
        if kind is Clock.NONE:
            return kind, None
        if kind in (Clock.WORK, Clock.SUSPENSION):  # a suspension's own end comes with its decision
            return kind, due_at
        found = self.ends(start, kind.value)
        return kind, max(start, min(found, due_at)) if kind in (Clock.SIGN, Clock.MEASURES) else found


def _term(data: Mapping[str, Any], name: str) -> Term:
    try:
        given = data[name]
        return Term(int(given["amount"]), Unit(given["unit"]))
    except KeyError as missing:
        raise LookupError(f"the rule {RULE!r} lacks {name}: {missing}") from None


def _local(moment: datetime) -> datetime:
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def terms() -> Terms:
    """The rule in force today."""
    data = rule(RULE)
    calendar = working_calendar()
    windows = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in data["office_hours"])
    return Terms(data, OfficeHours(windows, calendar.is_working))
