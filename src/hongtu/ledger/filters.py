"""Filters that live in the address: each kind of column filters in its own way.

Parameters: choices and references repeat (`stage=building&stage=started`); dates and numbers take a range
(`planned_start_from=2026-01-01&planned_start_to=2026-06-30`, `annual_plan_min=100`); yes/no is 1 or 0; text
means "contains". What cannot be understood is ignored and named in `faults`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from hongtu.ledger.columns import NUMBERS, Column

LETTERS = re.compile(r"[A-Za-z0-9]+")
DIGITS = 30
RANGES = {"date": ("from", "to"), "datetime": ("from", "to"), **dict.fromkeys(NUMBERS, ("min", "max"))}


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass
class Control:
    """One filter as the page draws it: `kind` is options, range or text."""

    name: str
    label: str
    kind: str
    options: list[Option] = field(default_factory=list)
    low: str = ""
    high: str = ""
    low_name: str = ""
    high_name: str = ""
    input: str = "text"
    text: str = ""

    @property
    def active(self) -> bool:
        return bool(self.low or self.high or self.text or any(o.chosen for o in self.options))

    @property
    def summary(self) -> str:
        """What is chosen, in words, for the closed menu."""
        chosen = [o.label for o in self.options if o.chosen]
        if len(chosen) > 2:
            return _("%(count)d 项") % {"count": len(chosen)}
        return "、".join(chosen)


@dataclass
class Filters:
    """The condition of a list and the parameters that were not understood."""

    condition: Q
    faults: dict[str, str]
    active: dict[str, list[str]]


def parse(columns: Iterable[Column], parameters: QueryDict) -> Filters:
    """The condition that the address asks for."""
    filters = Filters(Q(), {}, {})
    for column in columns:
        if column.kind in RANGES:
            _range(column, parameters, filters)
            continue
        given = [v for v in parameters.getlist(column.name) if v != ""]
        if given:
            filters.active[column.name] = given
            filters.condition &= _condition(column, given, filters.faults)
    return filters


def _condition(column: Column, given: list[str], faults: dict[str, str]) -> Q:
    if column.kind in {"reference", "references", "place"}:
        keys = [int(v) for v in given if v.isdecimal()]
        if len(keys) != len(given):
            faults[column.name] = _("不是编号：%(value)s") % {"value": "、".join(given)}
        return Q(**{f"{column.name}__in": keys})
    if column.kind in {"choice", "light"}:
        known = {force_str(value) for value, _label in column.words}
        if unknown := set(given) - known:
            faults[column.name] = _("没有这个选项：%(value)s") % {"value": "、".join(sorted(unknown))}
        return Q(**{f"{column.name}__in": given})
    if column.kind == "choices":
        return Q(**{f"{column.name}__overlap": given})
    if column.kind == "boolean":
        return Q(**{column.name: given[-1] in {"1", "true"}})
    return Q(**{f"{column.name}__icontains": given[-1]})


def _range(column: Column, parameters: QueryDict, filters: Filters) -> None:
    for suffix, lookup in zip(RANGES[column.kind], ("gte", "lte"), strict=True):
        name = f"{column.name}_{suffix}"
        text = parameters.get(name, "").strip()
        if not text:
            continue
        filters.active[name] = [text]
        try:
            value: Any = dt.date.fromisoformat(text) if suffix in {"from", "to"} else _number(text)
            if column.kind == "percent" and isinstance(value, Decimal):
                value /= 100
        except (ValueError, InvalidOperation):
            filters.faults[name] = _("看不懂“%(value)s”，日期写成 2026-01-31，数字只写数。") % {"value": text}
            continue
        path = f"{column.name}__date" if column.kind == "datetime" else column.name
        filters.condition &= Q(**{f"{path}__{lookup}": value})


def _number(text: str) -> Decimal:
    """A number of ordinary size: Decimal knows NaN, Infinity and 1e999999 too, which are no bounds."""
    value = Decimal(text)
    if not value.is_finite() or abs(value.adjusted()) > DIGITS:
        raise InvalidOperation(text)
    return value


def controls(columns: Sequence[Column], parameters: QueryDict, rows: QuerySet) -> list[Control]:
    """The filters as the page draws them. A reference offers the objects that `rows` (the reader's whole
    scope) use: one query per reference filter."""
    return [_control(column, parameters, rows) for column in columns]


def _control(column: Column, parameters: QueryDict, rows: QuerySet) -> Control:
    control = Control(column.name, force_str(column.label), "options")
    given = set(parameters.getlist(column.name))
    if column.kind in RANGES:
        low, high = RANGES[column.kind]
        control.kind = "range"
        control.input = "date" if low == "from" else "number"
        control.low_name, control.high_name = f"{column.name}_{low}", f"{column.name}_{high}"
        control.low, control.high = (
            parameters.get(control.low_name, ""),
            parameters.get(control.high_name, ""),
        )
    elif column.kind in {"reference", "references"}:
        control.options = [Option(str(o.pk), str(o), str(o.pk) in given) for o in _used(column, rows)]
    elif column.kind in {"choice", "choices", "light"}:
        control.options = [
            Option(force_str(v), force_str(label), force_str(v) in given)
            for v, label in column.words
            if v != ""
        ]
    elif column.kind == "boolean":
        control.options = [Option("1", _("是"), "1" in given), Option("0", _("否"), "0" in given)]
    else:
        control.kind, control.text = "text", parameters.get(column.name, "")
    return control


def _used(column: Column, rows: QuerySet) -> QuerySet:
    related: Any = column.related
    return related._default_manager.filter(pk__in=rows.order_by().values(column.name).distinct())


def search(rows: QuerySet, fields: Sequence[str], text: str) -> QuerySet:
    """Rows in which every word of `text` is found in one of the fields, pinyin and initials among them."""
    for word in text.split():
        condition = Q()
        for name in fields:
            if name.rpartition("__")[2] not in {"pinyin", "initials"}:
                condition |= Q(**{f"{name}__icontains": word})
            elif LETTERS.fullmatch(word):
                # The stored key has a space after each syllable, which nobody types.
                condition |= Q(**{f"{name}__iregex": " ?".join(word)})
        rows = rows.filter(condition)
    return rows


def order(column: Column, descending: bool) -> list[Any]:
    """What to hand to `order_by()`: choices in the order of their declaration, empty values last."""
    if column.kind in {"choice", "light"} and column.sort == (column.name,):
        ranks = Case(
            *(
                When(**{column.name: value}, then=Value(rank))
                for rank, (value, _label) in enumerate(column.words)
            ),
            default=Value(len(column.words)),
            output_field=IntegerField(),
        )
        return [ranks.desc() if descending else ranks.asc()]
    from django.db.models import F

    paths = column.sort or ()
    return [F(p).desc(nulls_last=True) if descending else F(p).asc(nulls_last=True) for p in paths]
