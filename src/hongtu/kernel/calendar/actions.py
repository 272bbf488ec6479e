"""Writes of the working calendar. Every one of them makes the cached calendar forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import models, transaction

from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base import bulk
from hongtu.kernel.base.permissions import require
from hongtu.kernel.calendar.models import CalendarDay, PublishedYear
from hongtu.kernel.calendar.working import forget_calendar

Day = TypeVar("Day", CalendarDay, PublishedYear)
New = Sequence[Mapping[str, Any]]
Changed = Sequence[tuple[Any, Mapping[str, Any]]]
Source = Mapping[str, Any]


def _create(model: type[Day], by: Any, values: dict[str, Any]) -> Day:
    require(by, "calendar.change")
    record = model._default_manager.create(**values)
    note(record, name=str(record))
    transaction.on_commit(forget_calendar)
    return record


def _revise(record: Day, by: Any, version: int, changes: dict[str, Any]) -> Day:
    require(by, "calendar.change", record)
    note(record, fields=sorted(changes))
    transaction.on_commit(forget_calendar)
    return record.revise(version, **changes)


def _import(model: type[models.Model], by: Any, create: New, update: Changed, source: Source) -> list[Any]:
    require(by, "calendar.change")
    keys = bulk.write(model, create=create, update=update)
    note(created=len(create), updated=len(update), **source)
    transaction.on_commit(forget_calendar)
    return keys


@action("calendar.register_day")
def register_day(*, by: Any, **values: Any) -> CalendarDay:
    """A holiday or a make-up working day."""
    return _create(CalendarDay, by, values)


@action("calendar.revise_day")
def revise_day(*, by: Any, record: CalendarDay, version: int, **changes: Any) -> CalendarDay:
    return _revise(record, by, version, changes)


@action("calendar.import_days")
def import_days(*, by: Any, create: New, update: Changed, source: Source) -> list[Any]:
    return _import(CalendarDay, by, create, update, source)


@action("calendar.register_year")
def register_year(*, by: Any, **values: Any) -> PublishedYear:
    """A year whose arrangement was announced; without it dates of that year are marked as estimated."""
    return _create(PublishedYear, by, values)


@action("calendar.revise_year")
def revise_year(*, by: Any, record: PublishedYear, version: int, **changes: Any) -> PublishedYear:
    return _revise(record, by, version, changes)


@action("calendar.import_years")
def import_years(*, by: Any, create: New, update: Changed, source: Source) -> list[Any]:
    return _import(PublishedYear, by, create, update, source)
