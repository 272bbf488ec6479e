"""A ledger's columns as the sheets machinery wants them: for its template and import, and for its export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import models
from django.db.models import NOT_PROVIDED, Field, Model, Q
from django.utils import translation
from django.utils.encoding import force_str

from hongtu.kernel.access import policies
from hongtu.ledger.columns import Column, field_of
from hongtu.ledger.declaration import Ledger
from hongtu.ledger.imports.missing import Drafts
from hongtu.ledger.sheets import Ambiguous, Choice, SheetColumn, SheetSpec
from hongtu.ledger.sheets.units import unit_in_header

KINDS = {
    "text": "text",
    "long": "text",
    "integer": "integer",
    "number": "decimal",
    "money": "money",
    "percent": "percent",
    "days": "integer",
    "date": "date",
    "datetime": "text",
    "choice": "choice",
    "light": "choice",
    "choices": "choices",
    "boolean": "boolean",
    "reference": "reference",
    "references": "references",
}
NAMING = ("code", "username", "name", "short_name", "title")
HINTED = 3000


def language() -> str:
    """`zh` or `en`, as the sheets machinery calls the two."""
    return "zh" if (translation.get_language() or "zh").startswith("zh") else "en"


def both(text: Any) -> tuple[str, str]:
    """A lazy text in Chinese and in English."""
    with translation.override("zh-hans"):
        chinese = force_str(text)
    with translation.override("en"):
        return chinese, force_str(text)


def import_spec(
    ledger: Ledger, person: Any, *, template: bool = False, drafts: Drafts | None = None
) -> SheetSpec:
    """The sheet people fill in. Only in the template are required columns marked: a file that updates
    existing rows may leave them out, and new rows are checked one by one. `drafts` takes note of names
    that nobody bears yet and may stand in for them."""
    sheet = ledger.sheet
    assert sheet is not None
    columns = []
    for name in ledger.sheet_columns:
        column = ledger.column(name)
        group = both(sheet.groups.get(name, ""))
        help_zh, help_en = both(sheet.help.get(name, ""))
        columns.append(
            _sheet_column(
                ledger,
                column,
                synonyms=tuple(sheet.synonyms.get(name, ())),
                group_zh=group[0],
                group_en=group[1],
                help_zh=help_zh,
                help_en=help_en,
                required=template and is_required(ledger, name),
                unit=sheet.units.get(name, ""),
                example=sheet.examples.get(name),
                **(_reference(column, person, drafts) if column.related else {}),
            )
        )
    title = both(ledger.title)
    return SheetSpec(name=ledger.slug, columns=tuple(columns), zh=title[0], en=title[1], keys=sheet.keys)


def export_spec(ledger: Ledger, columns: Sequence[Column]) -> SheetSpec:
    """The columns of a view, computed ones included."""
    title = both(ledger.title)
    made = tuple(_sheet_column(ledger, column, reference_title=str) for column in columns)
    return SheetSpec(name=ledger.slug, columns=made, zh=title[0], en=title[1])


def is_required(ledger: Ledger, name: str) -> bool:
    """Whether a new row needs a value here: no default, not blank, or named by the sheet."""
    field = field_of(ledger.model, name)
    declared = ledger.sheet is not None and name in ledger.sheet.required
    if field is None or declared:
        return declared
    return not field.blank and not field.null and field.default is NOT_PROVIDED


def _sheet_column(ledger: Ledger, column: Column, **settings: Any) -> SheetColumn:
    field = field_of(ledger.model, column.name)
    kind = KINDS.get(column.kind, "text")
    chinese, english = both(column.label)
    unit = settings.pop("unit", "")
    settings = {key: value for key, value in settings.items() if value not in ("", (), None)}
    if kind in {"choice", "choices"}:
        settings["choices"] = tuple(Choice(str(v), *both(words)) for v, words in column.words if v != "")
        if not settings["choices"]:
            kind = "text"
    if kind in {"decimal", "money"}:
        settings["decimal_places"] = getattr(field, "decimal_places", None) or 6
    if kind == "text" and isinstance(field, models.CharField) and field.max_length:
        settings["max_length"] = field.max_length
    return SheetColumn(
        key=column.name,
        zh=chinese,
        en=english,
        kind=kind,  # type: ignore[arg-type]
        unit=unit or _stored_unit(column, kind, chinese),
        total=column.name in ledger.totals,
        **settings,
    )


def _stored_unit(column: Column, kind: str, title: str) -> str:
    """Money is stored in 万元 whatever the list shows; shares are stored as 0.87; other numbers in what
    their title says, so that 公顷 in a file are not taken for 亩."""
    if kind == "percent":
        return "小数"  # not for translation: the English stands beside it
    if kind not in {"decimal", "integer"}:
        return ""
    return (force_str(column.unit) if kind == "decimal" else "") or unit_in_header(title) or ""


def _reference(column: Column, person: Any, drafts: Drafts | None) -> dict[str, Any]:
    related: Any = column.related
    fields = naming_fields(related)
    names: list[str] = []
    if related in policies.protected_models():
        rows = policies.objects(related, by=person).values_list(*fields)[:HINTED]
        names = [str(value) for row in rows for value in row if value]
    known = partial(resolve, related, person)
    answer = drafts.resolver(column.name, known) if drafts is not None else known
    return {"resolve": answer, "reference_names": tuple(dict.fromkeys(names))}


def naming_fields(related: type[Model]) -> list[str]:
    """The fields by which people call a record of this kind."""
    return [n for n in NAMING if isinstance(field_of(related, n), models.CharField)]


def resolve(related: type[Model], person: Any, texts: Sequence[str]) -> Mapping[str, Any]:
    """text -> record for every text of a column, one query. Codes go before names; a name that fits
    several records is Ambiguous."""
    fields = naming_fields(related)
    wanted = set(texts)
    condition = Q()
    for name in fields:
        condition |= Q(**{f"{name}__in": wanted})
    rows = list(policies.objects(related, by=person).filter(condition)) if wanted else []
    answers: dict[str, Any] = {}
    for name in fields:
        found: dict[str, list[Any]] = {}
        for row in rows:
            found.setdefault(getattr(row, name), []).append(row)
        for text in wanted - answers.keys():
            if matches := found.get(text):
                answers[text] = matches[0] if len(matches) == 1 else Ambiguous(len(matches))
    return answers


def stored(field: Field | None, value: Any) -> Any:
    """A parsed value as the model keeps it."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(field, models.FloatField) and value is not None:
        return float(value)
    if isinstance(field, models.IntegerField) and isinstance(value, Decimal):
        return int(value)
    return value
