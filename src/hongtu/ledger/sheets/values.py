"""One cell into one stored value: numbers, booleans, choices, text. Dates are in `dates`."""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from hongtu.ledger.sheets.columns import SheetColumn
from hongtu.ledger.sheets.dates import ambiguous_month, parse_date
from hongtu.ledger.sheets.grid import CellError, Percentage
from hongtu.ledger.sheets.messages import Problem
from hongtu.ledger.sheets.units import canonical_unit, factor, group_of

Converted = tuple[Any, Problem | None]
"""(value, problem). With a problem of level `error` the value is None; a warning comes with a value."""
Converter = Callable[[Any], Converted]

_TRUE = frozenset(
    ["是", "√", "✓", "✔", "☑", "对", "有", "已", "y", "yes", "true", "t", "1", "真", "〇", "○", "●", "v"]
)
_FALSE = frozenset(
    [
        "否",
        "×",
        "✗",
        "✘",
        "✕",
        "☒",
        "☐",
        "□",
        "错",
        "无",
        "未",
        "没有",
        "n",
        "no",
        "false",
        "f",
        "0",
        "假",
        "x",
    ]
)
_NOTHING = frozenset(["/", "\\", "-", "—", "——", "--", "–", "无", "暂无", "n/a", "na", "不适用", "#"]) | {""}
_NUMBER = re.compile(
    r"([+-]?)(?:[¥￥$])?([+-]?)((?:\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+|\d+)?(?:\.\d*)?)(e[+-]?\d+)?(.*)"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPLIT = re.compile(r"[、,，;；\n|]+")


def plain(value: Any) -> str:
    """Half-width, trimmed, lower-case text for comparing words."""
    return unicodedata.normalize("NFKC", str(value)).strip().lower()


def shown(value: Any) -> str:
    """A cell as the user sees it in messages, at most 80 characters."""
    if value is None:
        return ""
    if isinstance(value, Percentage):
        text = f"{_decimal(value) * 100:f}%"
    elif isinstance(value, bool):
        text = "是" if value else "否"
    elif isinstance(value, float):
        text = f"{_decimal(value):f}"
    else:
        text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def to_text(value: Any) -> Converted:
    """Text with line ends unified and the edges trimmed; numbers and dates in their plain form."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return _CONTROL.sub("", text).strip() or None, None
    if isinstance(value, bool):
        return ("是" if value else "否"), None
    if isinstance(value, Percentage):
        return shown(value), None
    if isinstance(value, int | float):
        if abs(value) >= 1e15:
            return None, Problem("value.digits_lost")
        return f"{_decimal(value):f}", None
    return value.isoformat(), None


def _decimal(number: float | int) -> Decimal:
    """The number Excel shows: a cell has 15 significant digits, the binary tail behind them is noise."""
    return Decimal(number) if isinstance(number, int) else Decimal(format(number, ".15g"))


def parse_number(value: Any) -> tuple[Decimal, str | None] | None:
    """(number, unit written behind it) or None. Full-width digits, separators, %, (1,234) as negative."""
    if isinstance(value, Percentage):
        return _decimal(value) * 100, "%"
    if isinstance(value, bool | datetime.date | datetime.time):
        return None
    if isinstance(value, int | float):
        return _decimal(value), None
    text = unicodedata.normalize("NFKC", str(value)).strip().lower().replace("−", "-").replace(" ", "")
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1]
    found = _NUMBER.fullmatch(text)
    if not found or not found[3] or found[3] == "." or (found[1] and found[2]):
        return None
    unit = None
    if found[5]:
        unit = canonical_unit(found[5]) or ("‰" if found[5] == "‰" else None)
        if unit is None:
            return None
    try:
        number = Decimal(found[3].replace(",", "") + (found[4] or ""))
    except InvalidOperation:
        return None
    if (found[1] or found[2]) == "-" or negative:
        number = -number
    return number, unit


def number_converter(column: SheetColumn, unit: str | None) -> Converter:
    """Converts into the column's stored unit from `unit` (of the header), unless the cell states its own."""
    stored = column.unit
    group = group_of(stored) if stored else None
    limit = Decimal(10) ** column.max_digits
    code = "value.not_integer" if column.kind == "integer" else "value.not_number"
    places = 0 if column.kind == "integer" else column.decimal_places
    quantum = Decimal(1).scaleb(-places)

    def convert(value: Any) -> Converted:
        if isinstance(value, str) and plain(value) in _NOTHING:
            return None, None
        parsed = parse_number(value)
        if parsed is None:
            return None, Problem(code)
        number, own = parsed
        source = own or unit
        converted = False
        if own and (group is None or group_of(own) != group):
            if own != "%" or group is not None:
                return None, Problem(code)
            number = number / 100
        elif source and group and source != stored:
            # 万 behind a number of money is 万元; the factor is exact, so only the last place is rounded.
            exact = Fraction(number) * factor(source, stored)
            number = Decimal(exact.numerator) / Decimal(exact.denominator)
            converted = True
        if abs(number) >= limit:
            return None, Problem("value.number_too_large")
        rounded = (
            number.quantize(quantum, ROUND_HALF_UP) if int(number.as_tuple().exponent) < -places else number
        )
        if column.kind == "integer":
            return (int(number), None) if rounded == number else (None, Problem(code))
        if rounded != number and not converted:
            return rounded, Problem(
                "value.rounded", {"places": places, "stored": f"{rounded:f}"}, level="warning"
            )
        return rounded, None

    return convert


def date_converter(column: SheetColumn, default_year: int | None) -> Converter:
    is_month = column.kind == "month"
    month_day = "first" if is_month else column.month_day

    def convert(value: Any) -> Converted:
        if isinstance(value, str) and plain(value) in _NOTHING:
            return None, None
        date = parse_date(value, month_day=month_day, default_year=default_year)
        problem = None
        if isinstance(date, Problem):
            if date.level != "warning":
                return None, date
            problem, date = date, ambiguous_month(date, month_day)
        return (date.replace(day=1) if is_month else date), problem

    return convert


def to_boolean(value: Any) -> Converted:
    if isinstance(value, bool):
        return value, None
    word = plain(value)
    if isinstance(value, float) and value.is_integer():
        word = str(int(value))
    if word in _TRUE or str(value).strip() in _TRUE:
        return True, None
    if word in _FALSE:
        return False, None
    if word in _NOTHING:
        return None, None
    return None, Problem("value.not_boolean")


def hint(word: str, known: list[str]) -> tuple[str, str]:
    """(Chinese, English) half-sentence with the nearest known words."""
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    if near:
        return f"是不是：{'、'.join(near)}？", f"Did you mean: {', '.join(near)}?"
    if 0 < len(known) <= 12:
        return f"可填：{'、'.join(known)}。", f"Options: {', '.join(known)}."
    return "请对照模板。", "See the template."


def choice_converter(column: SheetColumn) -> Converter:
    words: dict[str, str] = {}
    for choice in column.choices:
        for word in choice.words():
            words.setdefault(plain(word), choice.value)
    titles = [choice.title("zh") for choice in column.choices]
    many = column.kind == "choices"

    def unknown(text: str) -> Converted:
        return None, Problem("value.choice_unknown", {"hint": hint(text, titles), "value": shown(text)})

    def convert(value: Any) -> Converted:
        text = str(to_text(value)[0] or "")
        word = plain(text)
        if word in words:
            return ((words[word],) if many else words[word]), None
        if word in _NOTHING:
            return None, None
        if not many:
            return unknown(text)
        parts = [plain(part) for part in _SPLIT.split(text) if part.strip()]
        if any(part not in words for part in parts):
            finer = [plain(part) for part in re.split(r"[、,，;；|/／\s]+", text) if part.strip()]
            if all(part in words for part in finer):
                parts = finer
        for part in parts:
            if part not in words:
                return unknown(part)
        return tuple(dict.fromkeys(words[part] for part in parts)), None

    return convert


def split_names(value: Any) -> list[str]:
    """The several names in one cell of a `references` column."""
    text = to_text(value)[0]
    return [part.strip() for part in _SPLIT.split(str(text or "")) if part.strip()]


def converter(column: SheetColumn, unit: str | None, default_year: int | None) -> Converter:
    """The converter of a column whose references are resolved elsewhere (in bulk)."""
    if column.kind in ("integer", "decimal", "money", "percent"):
        inner = number_converter(column, unit)
    elif column.kind in ("date", "month"):
        inner = date_converter(column, default_year)
    elif column.kind == "boolean":
        inner = to_boolean
    elif column.kind in ("choice", "choices"):
        inner = choice_converter(column)
    elif column.kind == "references":
        inner = lambda value: (tuple(split_names(value)) or None, None)  # noqa: E731
    else:
        inner = to_text

    def convert(value: Any) -> Converted:
        if isinstance(value, CellError):
            return None, Problem("value.not_calculated" if value == "=" else "value.cell_error")
        return inner(value)

    return convert
