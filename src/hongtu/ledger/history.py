"""What happened to a record: its kept versions, each with who, when, why, and what changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Field, Model
from django.utils.translation import gettext as _

from hongtu.kernel.audit.models import ConfidentialEntry, SealedRow
from hongtu.kernel.audit.models import Entry as AuditEntry
from hongtu.kernel.base.models import model_label
from hongtu.kernel.people.models import Person
from hongtu.ledger.columns import resolve
from hongtu.ledger.masking import masked
from hongtu.ui.components import Change, Entry

SILENT = frozenset(
    {"id", "version", "created_at", "changed_at", "pinyin", "initials", "path", "password", "last_login"}
)


def events_of(model: type[Model]) -> Any:
    """The event model that keeps every version of `model`'s rows (see `kernel.base.models.tracked`)."""
    return model.pgh_event_models["insert"]  # type: ignore[attr-defined]


def history(record: Model, limit: int = 50, hidden: Collection[str] = ()) -> list[Entry]:
    """The last changes of a record, newest first; six queries whatever the length.

    Values of references are read once per related model.
    """
    model = type(record)
    rows = list(
        events_of(model)
        .objects.filter(pgh_obj_id=record.pk)
        .select_related("pgh_context")
        .order_by("-pgh_id")[: limit + 1]
    )
    fields = [f for f in model._meta.concrete_fields if f.name not in SILENT]
    names = _Names(fields, rows)
    reasons = _reasons(rows, record)
    people = _people(rows)
    entries = []
    for number, row in enumerate(rows[:limit]):
        before = rows[number + 1] if number + 1 < len(rows) else None
        by, reason = _who(row, reasons, people)
        changes = [] if before is None else _changes(model, fields, before, row, names, hidden)
        entries.append(Entry(row.pgh_created_at, _title(row.pgh_label), by=by, text=reason, changes=changes))
    return entries


def changed_between(record: Model, version: int) -> tuple[list[Change], str]:
    """What others changed since `version`, and who did it last; for the page of a stale edit."""
    model = type(record)
    rows = list(
        events_of(model)
        .objects.filter(pgh_obj_id=record.pk, version__gte=version)
        .select_related("pgh_context")
        .order_by("pgh_id")
    )
    if len(rows) < 2:
        return [], ""
    fields = [f for f in model._meta.concrete_fields if f.name not in SILENT]
    changes = _changes(model, fields, rows[0], rows[-1], _Names(fields, rows))
    return changes, _who(rows[-1], _reasons(rows, record), _people(rows))[0]


def as_of(record: Model, version: int) -> Model | None:
    """The record as it stood in `version`, None when that version was never kept."""
    model = type(record)
    row = events_of(model).objects.filter(pgh_obj_id=record.pk, version=version).order_by("-pgh_id").first()
    if row is None:
        return None
    return model(
        **{f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if hasattr(row, f.attname)}
    )


def _title(label: str) -> str:
    return {"insert": _("建立"), "update": _("修改"), "delete": _("删除")}.get(label, label)


def _changes(
    model: type[Model],
    fields: list[Field],
    before: Any,
    after: Any,
    names: _Names,
    hidden: Collection[str] = (),
) -> list[Change]:
    found = []
    for field in fields:
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            texts = [names.text(model, field, value) for value in (old, new)]
            if field.name in hidden:
                texts = [masked(text) for text in texts]
            found.append(Change(field.verbose_name, *texts))
    return found


class _Names:
    """Words for stored values; the names behind foreign keys come in one query per related model."""

    def __init__(self, fields: list[Field], rows: list[Any]) -> None:
        wanted: dict[type[Model], set[Any]] = {}
        for field in fields:
            if field.is_relation and isinstance(field.related_model, type):
                seen = {getattr(row, field.attname) for row in rows}
                wanted.setdefault(field.related_model, set()).update(seen - {None})
        self.known = {
            (related, item.pk): str(item)
            for related, keys in wanted.items()
            if keys
            for item in related._default_manager.filter(pk__in=keys)
        }

    def text(self, model: type[Model], field: Field, value: Any) -> str:
        if value is None:
            return ""
        if field.is_relation:
            return self.known.get((field.related_model, value), f"#{value}")  # type: ignore[arg-type]
        return resolve(model, field.name).text(value)


def _reasons(rows: list[Any], of: Model) -> dict[Any, SealedRow]:
    """Audit rows by batch. One about something confidential tells its reason in the history of that only."""
    contexts = [row.pgh_context_id for row in rows if row.pgh_context_id]
    about = {"object_label": model_label(of), "object_key": str(of.pk)}
    own = ConfidentialEntry.objects.filter(context__in=contexts, **about)
    told = AuditEntry.objects.filter(context__in=contexts)
    return {row.context: row for found in (own, told) for row in found.order_by("sequence")}


def _people(rows: list[Any]) -> dict[Any, str]:
    keys = {row.pgh_context.metadata.get("user") for row in rows if row.pgh_context}
    return {p.pk: str(p) for p in Person.objects.filter(pk__in=keys - {None})}


def _who(row: Any, reasons: dict[Any, SealedRow], people: dict[Any, str]) -> tuple[str, str]:
    entry = reasons.get(row.pgh_context_id)
    user = row.pgh_context.metadata.get("user") if row.pgh_context else None
    by = people.get(user) or (entry.actor_label if entry else "")
    if not by or by == "system":
        by = _("系统")
    return by, entry.reason if entry else ""
