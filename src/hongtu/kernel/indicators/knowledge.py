"""What the house knew at a moment: rows of any tracked model as they stood then, in a fixed number of
queries.

Two times are kept apart. `on` is the day that is judged: a step finished after it counts as unfinished.
`known` is the moment of knowledge: what was entered, corrected or deleted after it is as if it had never
happened. Rows come from the history that triggers write (`kernel.base.models.tracked`), so that bulk writes
and plain SQL are in it too. `known` None reads the present rows themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F, Max, Model, Q, QuerySet, Window
from django.db.models.functions import Lag
from django.utils import timezone

from hongtu.kernel.calendar.models import CalendarDay, DayKind, PublishedYear
from hongtu.kernel.calendar.working import WorkingCalendar
from hongtu.kernel.profile.models import District, RuleSet

Row = Any  # a named tuple: `row_key` (primary key) and the fields asked for


def _history(model: type[Model]) -> Any:
    return model.pgh_event_model  # type: ignore[attr-defined]


def _last(model: type[Model], known: datetime) -> QuerySet[Any]:
    """The last event of each row by `known`, deletions included."""
    events = _history(model)._default_manager
    newest = (
        events.filter(pgh_created_at__lte=known)
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
        .values("pgh_id")
    )
    return events.filter(pgh_id__in=newest)


@dataclass
class Moment:
    """A day to judge and a moment of knowledge; remembers what was read, so that many indicators share it."""

    on: date
    known: datetime | None = None
    _read: dict[Any, list[Row]] = field(default_factory=dict, repr=False)

    @property
    def since(self) -> date:
        """The first day of the period: an assessment counts the year to date."""
        return date(self.on.year, 1, 1)

    @cached_property
    def start(self) -> datetime:
        """Midnight at which the day `on` begins: what fell due before it is due."""
        return timezone.make_aware(datetime.combine(self.on, time()))

    @cached_property
    def end(self) -> datetime:
        """Midnight at which the day `on` ends: what was done before it is done."""
        return timezone.make_aware(datetime.combine(self.on + timedelta(days=1), time()))

    @cached_property
    def begin(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.since, time()))

    def rows(self, model: type[Model], fields: Sequence[str], where: Q | None = None) -> list[Row]:
        """Rows as they stood, each with `row_key` and `fields`; `where` is asked of that standing."""
        return self._once(
            ("rows", model, tuple(fields), str(where)), lambda: self._rows(model, fields, where)
        )

    def _rows(self, model: type[Model], fields: Sequence[str], where: Q | None) -> list[Row]:
        found: QuerySet[Any]
        if self.known is None:
            found = model._default_manager.annotate(row_key=F("pk"))
        else:
            found = _last(model, self.known).exclude(pgh_label="delete").annotate(row_key=F("pgh_obj_id"))
        return list(
            found.filter(where or Q()).order_by("row_key").values_list("row_key", *fields, named=True)
        )

    def first(self, model: type[Model], fields: Sequence[str]) -> dict[int, Row]:
        """{key: the row as it was first entered}: a plan counts as it was promised, whatever moved since."""

        def read() -> list[Row]:
            events = _history(model)._default_manager
            if self.known is not None:
                events = events.filter(pgh_created_at__lte=self.known)
            oldest = (
                events.order_by("pgh_obj_id", "pgh_id")
                .distinct("pgh_obj_id")
                .annotate(row_key=F("pgh_obj_id"))
            )
            return list(oldest.values_list("row_key", "pgh_created_at", *fields, named=True))

        return {row.row_key: row for row in self._once(("first", model, tuple(fields)), read)}

    def deleted(self, model: type[Model], fields: Sequence[str]) -> list[Row]:
        """Rows that were taken out by then, as they last stood."""

        def read() -> list[Row]:
            gone = _last(model, self.known or timezone.now()).filter(pgh_label="delete")
            return list(gone.annotate(row_key=F("pgh_obj_id")).values_list("row_key", *fields, named=True))

        return self._once(("deleted", model, tuple(fields)), read)

    def changes(self, model: type[Model], name: str) -> dict[int, list[tuple[datetime, str, Any]]]:
        """{key: [(when, event, value)]}: every value a field was given, in order."""

        def read() -> list[Row]:
            events = _history(model)._default_manager
            if self.known is not None:
                events = events.filter(pgh_created_at__lte=self.known)
            before = Window(Lag(name), partition_by="pgh_obj_id", order_by="pgh_id")
            given = events.annotate(before=before).filter(
                Q(before__isnull=True) | ~Q(before=F(name)), **{f"{name}__isnull": False}
            )
            return list(
                given.order_by("pgh_id").values_list("pgh_obj_id", "pgh_created_at", "pgh_label", name)
            )

        found: dict[int, list[tuple[datetime, str, Any]]] = defaultdict(list)
        for key, at, label, value in self._once(("changes", model, name), read):
            found[key].append((at, label, value))
        return found

    def most(self, model: type[Model], name: str) -> dict[int, Any]:
        """{key: the greatest value the field ever had}: what was promised once is not taken back."""

        def read() -> list[Row]:
            events = _history(model)._default_manager
            if self.known is not None:
                events = events.filter(pgh_created_at__lte=self.known)
            return list(events.order_by().values_list("pgh_obj_id").annotate(greatest=Max(name)))

        return dict(self._once(("most", model, name), read))

    def ever(self, model: type[Model], where: Q) -> set[int]:
        """Keys of rows that at any time by then were so."""

        def read() -> list[Row]:
            events = _history(model)._default_manager.filter(where)
            if self.known is not None:
                events = events.filter(pgh_created_at__lte=self.known)
            return list(events.order_by().values_list("pgh_obj_id", flat=True).distinct())

        return set(self._once(("ever", model, str(where)), read))

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working calendar as it was known."""
        days = self.rows(CalendarDay, ("date", "kind"))
        years = self.rows(PublishedYear, ("year",))
        return WorkingCalendar(
            holidays=frozenset(d.date for d in days if d.kind == DayKind.HOLIDAY),
            make_up_days=frozenset(d.date for d in days if d.kind == DayKind.MAKE_UP),
            published=frozenset(y.year for y in years),
        )

    def rule(self, key: str) -> dict[str, Any]:
        """The rule in force on the day, as it was known. LookupError naming the key when there was none."""
        rows = [
            r
            for r in self.rows(RuleSet, ("key", "data", "effective_from"))
            if r.key == key and r.effective_from <= self.on
        ]
        if not rows:
            raise LookupError(f"no rule {key!r} was in force on {self.on}, as known then")
        return dict(max(rows, key=lambda r: r.effective_from).data)

    @cached_property
    def clock_stands(self) -> bool:
        """Whether the district's date is fixed (a demonstration): moments of entry then say nothing."""
        return any(row.data_date for row in self.rows(District, ("data_date",)))

    def _once(self, name: Any, read: Any) -> list[Row]:
        if name not in self._read:
            self._read[name] = read()
        return self._read[name]
