"""One column of a ledger: what it is called, how it is read, sorted, filtered and shown.

A declaration names model fields; everything else is worked out from the field. `Column` objects say
what a field cannot: computed values, other units, other formats.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Field, Model
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongtu.kernel.base.sentences import SentenceField
from hongtu.kernel.chains.vocab import Light
from hongtu.kernel.places.models import Place
from hongtu.ledger.masking import Mask
from hongtu.ui import formats

NUMBERS = frozenset({"integer", "number", "money", "percent", "days"})
LIGHTS = frozenset(Light.values)
MONEY_UNIT = "万元"  # not for translation: the name that the sheets machinery knows
HUNDRED_MILLION = "亿元"  # not for translation: the name that the sheets machinery knows
UNIT_WORDS = {MONEY_UNIT: gettext_lazy("万元"), HUNDRED_MILLION: gettext_lazy("亿元")}


@dataclass(frozen=True)
class Column:
    """A column.

    name: a model field, a path over relations (`unit__kind`), or a name of your own with `value=` (a
        function of the record) and/or `expression=` (a database expression, which makes it sortable,
        filterable and totalled).
    kind: text, long, sentence (the program's, in the reader's language), integer, number, money (stored in
        万元), percent (stored as a share, 0.87), days (working days late), date, datetime, choice, choices,
        boolean, light, reference, references, place. Worked out from the field when empty.
    sort: lookups to order by; () makes the column unsortable; None works it out (pinyin for names, the
        order of declaration for choices).
    unit, digits: how numbers are written. shown: whether it is among the columns shown at first.
    words: (stored value, label) pairs, for array fields, which have no choices of their own.
    mask: who sees the value whole; give such a column sort=(), since order tells what it hides.
    """

    name: str
    _: KW_ONLY
    label: str | Promise = ""
    kind: str = ""
    value: Callable[[Any], Any] | None = None
    expression: Any = None
    sort: tuple[str, ...] | None = None
    unit: str | Promise = ""
    digits: int | None = None
    shown: bool = True
    words: tuple[tuple[str, Any], ...] = ()
    related: type[Model] | None = None
    mask: Mask | None = None

    @property
    def numeric(self) -> bool:
        return self.kind in NUMBERS

    @property
    def unit_words(self) -> str:
        """The unit in the reader's language."""
        return force_str(UNIT_WORDS.get(str(self.unit), self.unit))

    @property
    def word_of(self) -> dict[str, Any]:
        return dict(self.words)

    def read(self, record: Any) -> Any:
        """The value of a record: a plain Python value, an object for references."""
        if self.value is not None:
            return self.value(record)
        if self.kind == "references":
            return list(getattr(record, self.name).all())
        found = record
        for part in self.name.split("__"):
            found = getattr(found, part, None)
            if found is None:
                return None
        return found

    def text(self, value: Any) -> str:
        """The value as people read it; empty for nothing."""
        if value is None or value == "" or value == []:
            return ""
        return _WRITERS.get(self.kind, _plain)(self, value)

    def bare(self, value: Any) -> Any:
        """The value for a workbook: numbers and dates as such, everything else as its words."""
        if value is None or self.kind in NUMBERS or self.kind == "date":
            return value
        if self.kind == "datetime":
            return timezone.localtime(value).replace(tzinfo=None)
        return self.text(value)


def _plain(column: Column, value: Any) -> str:
    return force_str(value)


def _number(column: Column, value: Any) -> str:
    if column.digits is not None:
        return formats.grouped(value, column.digits)
    number = formats.as_decimal(value) or Decimal(0)
    exponent = number.normalize().as_tuple().exponent
    return formats.grouped(number, max(0, -exponent) if isinstance(exponent, int) else 0)


def _money(column: Column, value: Any) -> str:
    if column.unit == HUNDRED_MILLION:
        return formats.yi(value, 2 if column.digits is None else column.digits)
    return formats.wan(value, 2 if column.digits is None else column.digits)


def _choices(column: Column, value: Any) -> str:
    return "、".join(force_str(column.word_of.get(v, v)) for v in value)


_WRITERS: dict[str, Callable[[Column, Any], str]] = {
    "integer": lambda c, v: formats.grouped(v, 0) if c.unit or c.digits is not None else str(v),
    "number": _number,
    "money": _money,
    "percent": lambda c, v: formats.percent(v, 1 if c.digits is None else c.digits),
    "days": lambda c, v: formats.lateness(v),
    "date": lambda c, v: v.isoformat() if isinstance(v, dt.date) else str(v),
    "datetime": lambda c, v: timezone.localtime(v).strftime("%Y-%m-%d %H:%M"),
    "choice": lambda c, v: force_str(c.word_of.get(v, v)),
    "light": lambda c, v: force_str(c.word_of.get(v, v)),
    "choices": _choices,
    "references": lambda c, v: "、".join(str(item) for item in v),
    "boolean": lambda c, v: _("是") if v else _("否"),
}


def resolve(model: type[Model], given: str | Column) -> Column:
    """A complete column out of a field name or a partial Column. LookupError names an unknown field."""
    column = given if isinstance(given, Column) else Column(given)
    field = field_of(model, column.name)
    if field is None:
        if column.value is None and column.expression is None:
            raise LookupError(
                f"{model._meta.label} has no field {column.name!r}, and the column has no value="
            )
        return replace(column, kind=column.kind or "text", sort=column.sort or _expression_sort(column))
    kind = column.kind or kind_of(field)
    many = kind in {"references", "long", "sentence", "place"}
    return replace(
        column,
        label=column.label or field.verbose_name,
        kind=kind,
        sort=column.sort if column.sort is not None else () if many else _sort(model, column.name, field),
        unit=column.unit or (MONEY_UNIT if kind == "money" else ""),
        words=column.words or _words(field),
        related=field.related_model if field.is_relation else None,
    )


def _expression_sort(column: Column) -> tuple[str, ...]:
    return (column.name,) if column.expression is not None else ()


def field_of(model: type[Model], path: str) -> Field | None:
    """The field at the end of a path over relations, None when there is none."""
    found: Any = None
    current: Any = model
    for part in path.split("__"):
        try:
            found = current._meta.get_field(part)
        except (FieldDoesNotExist, AttributeError):
            return None
        current = found.related_model
    return found if isinstance(found, Field) else None


def kind_of(field: Field) -> str:
    """The kind of column a model field makes."""
    if isinstance(field, models.ManyToManyField):
        return "references"
    if isinstance(field, models.ForeignKey):
        return "place" if field.related_model is Place else "reference"
    if isinstance(field, ArrayField):
        return "choices"
    if field.choices:
        return "light" if {value for value, _ in field.flatchoices} == LIGHTS else "choice"
    for type_, kind in _KINDS:
        if isinstance(field, type_):
            if kind == "number" and (
                getattr(field, "max_digits", 0),
                getattr(field, "decimal_places", 0),
            ) == (16, 4):
                return "money"
            return kind
    return "text"


_KINDS: tuple[tuple[type[Field], str], ...] = (
    (models.TextField, "long"),
    (models.BooleanField, "boolean"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.IntegerField, "integer"),
    (models.DecimalField, "number"),
    (models.FloatField, "number"),
    (SentenceField, "sentence"),
    (models.JSONField, "json"),
)


def _words(field: Field) -> tuple[tuple[str, Any], ...]:
    if isinstance(field, ArrayField):
        return tuple(field.base_field.flatchoices or ())
    return tuple(field.flatchoices or ())


def _sort(model: type[Model], path: str, field: Field) -> tuple[str, ...]:
    """Pinyin where a name has a stored key, else the field itself."""
    if field.is_relation:
        return tuple(f"{path}__{name}" for name in _name_order(field.related_model))
    owner = model
    head, _, leaf = path.rpartition("__")
    if head:
        owner = field.model
    if leaf in {"name", "title", "short_name"} and field_of(owner, "pinyin"):
        return (f"{head}__pinyin" if head else "pinyin",)
    return (path,)


def _name_order(related: Any) -> tuple[str, ...]:
    for name in ("pinyin", "name", "title", "code"):
        if field_of(related, name):
            return (name,)
    return ("pk",)
