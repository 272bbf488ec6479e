"""Stored values into cells: display units, number formats, and text that must never become a formula."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hongtu.ledger.sheets.columns import SheetColumn
from hongtu.ledger.sheets.units import factor, unit_in_header, without_asides

MAX_TEXT = 32_767
"""Excel's limit of characters in a cell."""
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_GUARDED = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_YES_NO = {"zh": ("是", "否"), "en": ("Yes", "No")}
_CUT = "…（超出单元格上限，已截断）"


def like_formula(text: str) -> bool:
    """Whether a spreadsheet could take this text for a formula (CWE-1236), full-width signs included."""
    return _FORMULA.match(text) is not None


def csv_text(text: str) -> str:
    """Text guarded by `'` when it begins like a formula; the guard is itself guarded so reading is exact."""
    text = _ILLEGAL.sub("", text)
    return "'" + text if _GUARDED.match(text) else text


def xlsx_text(text: str) -> str:
    """Text that XML and Excel can hold: no control characters, `_x0041_` kept literal, at most 32,767."""
    text = _LOOKS_ESCAPED.sub("_x005F_", _ILLEGAL.sub("", text))
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_CUT)] + _CUT


def header_text(column: SheetColumn, language: str = "zh", unit: str | None = None, csv: bool = False) -> str:
    """The title with its unit: 总投资（万元）. A percentage needs none in xlsx, where each cell shows it."""
    shown = unit or column.unit
    title = column.title(language)
    if not shown or (column.kind == "percent" and not csv):
        return title
    if stated := unit_in_header(column.zh):
        if stated == shown:
            return title
        title = without_asides(title).strip()
    return f"{title}（{shown}）" if language.startswith("zh") else f"{title} ({shown})"


def scaled(value: Any, stored: str, display: str | None) -> Decimal:
    """A number of the stored unit in the display unit, exact up to 28 digits."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not display or display == stored:
        return number
    exact = Fraction(number) * factor(stored, display)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def display_value(column: SheetColumn, value: Any, language: str = "zh", unit: str | None = None) -> Any:
    """What stands in the cell: Decimal, int, date or str; None for blank. Percent is in percentage points."""
    if value is None:
        return None
    kind = column.kind
    if kind in ("decimal", "money"):
        return scaled(value, column.unit, unit)
    if kind == "percent":
        return scaled(value, column.unit, "%")
    if kind in ("integer", "date", "month"):
        return value.date() if isinstance(value, datetime.datetime) else value
    if kind == "boolean":
        return _YES_NO["zh" if language.startswith("zh") else "en"][0 if value else 1]
    if kind == "choice":
        return _choice(column, value, language)
    if kind == "choices":
        return _joined([_choice(column, part, language) for part in value])
    if kind == "reference":
        return column.reference_title(value)
    if kind == "references":
        return _joined([column.reference_title(part) for part in value])
    return str(value)


def _choice(column: SheetColumn, value: Any, language: str) -> str:
    for choice in column.choices:
        if choice.value == value:
            return choice.title(language)
    return str(value)


def _joined(words: Sequence[str]) -> str | None:
    return "、".join(words) or None


def number_format(column: SheetColumn) -> str:
    """The Excel number format of a column."""
    if column.kind == "date":
        return "yyyy-mm-dd"
    if column.kind == "month":
        return 'yyyy"年"m"月"'
    if column.kind == "percent":
        return "0.00%"
    if column.kind == "integer":
        return "0"
    if column.kind in ("decimal", "money"):
        places = min(column.decimal_places, 2)
        return "#,##0" + (f".{'0' * places}{'#' * (column.decimal_places - places)}" if places else "")
    return "@"


def fits_float(number: Decimal) -> bool:
    """Whether Excel's 15 significant digits can hold the number."""
    return len(number.normalize().as_tuple().digits) <= 15
