"""Typed schemas of a ledger: what a record looks like, what creates and changes it, how a list is asked for.

Decimals travel as text (exact to the last digit), dates in ISO form, references as `{"id", "name"}` and in
requests as the id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal

from django.db import models
from django.utils import translation
from django.utils.encoding import force_str
from ninja import Field, Schema
from pydantic import ConfigDict, create_model

from hongtu.kernel.places.models import Place
from hongtu.ledger.columns import Column, field_of
from hongtu.ledger.declaration import Ledger
from hongtu.ledger.filters import RANGES


class Reference(Schema):
    """Another record: its id and what it is called."""

    id: int
    name: str


class Position(Schema):
    """A place: GeoJSON geometry in WGS84, and a representative point in degrees."""

    id: int
    geometry: dict[str, Any]
    longitude: float
    latitude: float


class PositionIn(Schema):
    """A place as it is known: GeoJSON geometry in the named system; it is stored in WGS84."""

    geometry: dict[str, Any]
    system: Literal["wgs84", "gcj02", "bd09"] = "wgs84"


class Refusal(Schema):
    """Every refusal: a stable code, a sentence, the fields at fault, where."""

    code: str
    message: str
    fields: dict[str, list[str]] = Field(default_factory=dict)
    where: dict[str, Any] = Field(default_factory=dict)


class Stale(Refusal):
    """Somebody else was faster: both texts, nothing written."""

    expected_version: int
    current_version: int
    mine: dict[str, Any]
    theirs: dict[str, Any]


OUT: dict[str, Any] = {
    "integer": int,
    "days": int,
    "number": Decimal,
    "money": Decimal,
    "percent": Decimal,
    "date": dt.date,
    "datetime": dt.datetime,
    "boolean": bool,
    "choices": list[str],
    "reference": Reference,
    "references": list[Reference],
    "place": Position,
    "json": Any,
}
IN: dict[str, Any] = {**OUT, "reference": int, "references": list[int], "place": PositionIn}
FILTER: dict[str, Any] = {"boolean": bool, "choice": list[str], "light": list[str], "choices": list[str]}


def _name(ledger: Ledger, suffix: str) -> str:
    return "".join(part.capitalize() for part in ledger.slug.split("-")) + suffix


def _title(column: Column) -> str:
    with translation.override("en"):
        return force_str(column.label or column.name)


def _whole(field: Any) -> type[int] | None:
    """Choices kept as whole numbers travel as such."""
    return int if isinstance(field, models.IntegerField) and field.choices else None


def shown(ledger: Ledger) -> list[Column]:
    """Every column the API gives: the list's, the form's and the workbook's."""
    names = dict.fromkeys([*ledger.table, *ledger.form_fields, *ledger.sheet_columns])
    return [ledger.column(name) for name in names]


def record_schema(ledger: Ledger) -> type[Schema]:
    """A record as the API gives it."""
    fields: dict[str, Any] = {"id": (int, ...), "version": (int, ...), "url": (str, ...)}
    for column in shown(ledger):
        type_ = _whole(field_of(ledger.model, column.name)) or OUT.get(column.kind, str)
        fields[column.name] = (type_ | None if type_ is not Any else Any, Field(None, title=_title(column)))
    return create_model(_name(ledger, "Record"), __base__=Schema, **fields)


def page_schema(ledger: Ledger, record: type[Schema]) -> type[Schema]:
    """A page of a list: the count and the totals are those of the whole filtered set."""
    totals = create_model(
        _name(ledger, "Totals"), __base__=Schema, **dict.fromkeys(ledger.totals, (Decimal | None, None))
    )  # type: ignore[call-overload]
    return create_model(
        _name(ledger, "Page"),
        __base__=Schema,
        items=(list[record], ...),  # type: ignore[valid-type]
        count=(int, ...),
        page=(int, ...),
        pages=(int, ...),
        totals=(totals, ...),
    )


class _Request(Schema):
    """Unknown fields are refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid")


def create_schema(ledger: Ledger) -> type[Schema]:
    """What creates a record; required is what the form requires."""
    return create_model(
        _name(ledger, "Create"), __base__=_Request, **dict(_inputs(ledger, ledger.form_fields, partial=False))
    )


def update_schema(ledger: Ledger) -> type[Schema]:
    """What changes a record: the version that was read, and only the fields that change."""
    fields = dict(_inputs(ledger, ledger.form_fields, partial=True))
    return create_model(_name(ledger, "Update"), __base__=_Request, version=(int, ...), **fields)


def _inputs(ledger: Ledger, names: Iterable[str], *, partial: bool) -> Iterable[tuple[str, Any]]:
    for name in names:
        field, column = field_of(ledger.model, name), ledger.column(name)
        type_ = _whole(field) or IN.get(column.kind, str)
        needed = not partial and field is not None and not field.blank and not field.has_default()
        info = Field(... if needed else None, title=_title(column))
        yield name, (type_ if needed or type_ is Any else type_ | None, info)


def query_schema(ledger: Ledger) -> type[Schema]:
    """The parameters of a list, the same that the page's address takes."""
    fields: dict[str, Any] = {
        "q": (str, Field("", description="words, pinyin or initials")),
        "sort": (str, Field("", description="column names, comma-separated, - for descending")),
        "page": (int, Field(1, ge=1)),
        "per_page": (int, Field(ledger.per_page, ge=1, le=500)),
    }
    for column in (ledger.column(n) for n in ledger.filters):
        if column.kind in RANGES:
            type_: Any = dt.date if column.kind in {"date", "datetime"} else Decimal
            for suffix in RANGES[column.kind]:
                fields[f"{column.name}_{suffix}"] = (type_ | None, Field(None, title=_title(column)))
        elif column.kind in {"reference", "references"}:
            fields[column.name] = (list[int], Field([], title=_title(column)))
        else:
            type_ = FILTER.get(column.kind, str)
            default: Any = [] if type_ == list[str] else None
            fields[column.name] = (
                type_ if default == [] else type_ | None,
                Field(default, title=_title(column)),
            )
    return create_model(_name(ledger, "Query"), __base__=Schema, **fields)


def as_data(ledger: Ledger, columns: list[Column], record: Any) -> dict[str, Any]:
    """A record as the API gives it."""
    data = {"id": record.pk, "version": getattr(record, "version", 0), "url": ledger.url_of(record)}
    for column in columns:
        data[column.name] = _plain(column, column.read(record))
    return data


def _plain(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.kind == "reference":
        return {"id": value.pk, "name": str(value)}
    if column.kind == "references":
        return [{"id": item.pk, "name": str(item)} for item in value]
    if isinstance(value, Place):
        return {
            "id": value.pk,
            "geometry": value.geometry,
            "longitude": value.longitude,
            "latitude": value.latitude,
        }
    if column.kind in {"number", "money", "percent"}:
        return Decimal(str(value))
    return value if column.kind in OUT else force_str(value)
