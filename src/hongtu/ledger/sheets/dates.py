"""Dates the way people write them into ledgers."""

from __future__ import annotations

import calendar
import datetime
import re
import unicodedata
from typing import Any, Literal

from hongtu.ledger.sheets.grid import Percentage
from hongtu.ledger.sheets.messages import Problem
from hongtu.ledger.sheets.workbook import serial_date

MonthDay = Literal["first", "last"]

_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE = re.compile(r"[〇○零一二三四五六七八九十]+(?=[年月日号季])")
_TIME = r"(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_FULL = re.compile(rf"(\d{{4}}|\d{{2}}(?=年|\.\d+\.))[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})[日号]?{_TIME}")
_MONTH = re.compile(r"(\d{4}|\d{2}(?=年))[-/.年](\d{1,2})(?:月份?)?")
_PART = re.compile(r"(\d{4}|\d{2}(?=年))[-/.年](\d{1,2})月?(上旬|中旬|下旬|初|中|底|末)")
_YEAR_PART = re.compile(r"(\d{4}|\d{2}(?=年))年?(年?初|年?底|年?末|上半年|下半年)")
_QUARTER = re.compile(r"(\d{4})年?(?:第?([1-4])季度|Q([1-4]))", re.IGNORECASE)
_NO_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?|(\d{1,2})[./](\d{1,2})")
_TRAILING = re.compile(r"(前|左右|之前|以前)$")
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_415  # 1950-01-01 .. 2100-12-31


def parse_date(
    value: Any, *, month_day: MonthDay = "first", default_year: int | None = None
) -> datetime.date | Problem:
    """A cell as a date, or what is wrong with it. `value` is not blank."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, bool | Percentage | datetime.time):
        return Problem("value.not_date")
    if isinstance(value, int | float):
        return _from_number(float(value), month_day)
    return _from_text(str(value), month_day, default_year)


def _from_number(number: float, month_day: MonthDay) -> datetime.date | Problem:
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        moment = serial_date(number)
        return moment.date() if isinstance(moment, datetime.datetime) else moment
    if number.is_integer():
        return _from_text(str(int(number)), month_day, None)
    year, rest = divmod(round(number * 100), 100)
    if 1950 <= year <= 2100 and abs(number * 100 - round(number * 100)) < 1e-6:
        # The number 2025.1 may have been typed as 2025.10; the cell cannot tell.
        if rest == 10:
            return Problem("value.month_ambiguous", {"year": year}, level="warning")
        return _month(year, rest // 10 if rest % 10 == 0 else rest, month_day)
    return Problem("value.not_date")


def ambiguous_month(problem: Problem, month_day: MonthDay) -> datetime.date:
    """What the number 2025.1 is read as while the user is asked: January."""
    date = _month(problem.params["year"], 1, month_day)
    assert isinstance(date, datetime.date)
    return date


def _from_text(raw: str, month_day: MonthDay, default_year: int | None) -> datetime.date | Problem:
    text = unicodedata.normalize("NFKC", raw).strip()
    text = _CHINESE.sub(lambda found: _chinese_number(found[0]), text)
    text = _TRAILING.sub("", re.sub(r"\s*([-/.年月日号])\s*", r"\1", text))
    if text.isdigit():
        return _from_digits(text, month_day)
    if found := _FULL.fullmatch(text):
        return _date(_year(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH.fullmatch(text):
        return _month(_year(found[1]), int(found[2]), month_day)
    if found := _PART.fullmatch(text):
        return _part_of_month(_year(found[1]), int(found[2]), found[3], month_day)
    if found := _QUARTER.fullmatch(text):
        quarter = int(found[2] or found[3])
        return _month(int(found[1]), quarter * 3 - (2 if month_day == "first" else 0), month_day)
    if found := _YEAR_PART.fullmatch(text):
        return _part_of_year(_year(found[1]), found[2], month_day)
    if found := _NO_YEAR.fullmatch(text):
        if default_year is None:
            return Problem("value.date_without_year")
        return _date(default_year, int(found[1] or found[3]), int(found[2] or found[4]))
    if re.fullmatch(r"\d{4}年(度|内)?", text):
        return Problem("value.date_incomplete")
    return Problem("value.not_date")


def _from_digits(text: str, month_day: MonthDay) -> datetime.date | Problem:
    if len(text) == 8:
        return _date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if len(text) == 6:
        return _month(int(text[:4]), int(text[4:]), month_day)
    if len(text) == 5 and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        moment = serial_date(float(text))
        return moment if isinstance(moment, datetime.date) else Problem("value.not_date")
    if len(text) == 4 and 1950 <= int(text) <= 2100:
        return Problem("value.date_incomplete")
    return Problem("value.not_date")


def _chinese_number(word: str) -> str:
    """`二〇二五` -> 2025, `十二` -> 12, `二十` -> 20."""
    if "十" not in word:
        return word.translate(_NUMERALS)
    tens, _, ones = word.partition("十")
    return str(int(tens.translate(_NUMERALS) or 1) * 10 + int(ones.translate(_NUMERALS) or 0))


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _date(year: int, month: int, day: int) -> datetime.date | Problem:
    if not 1900 <= year <= 2200:
        return Problem("value.not_date")
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return Problem("value.not_date")


def _month(year: int, month: int, month_day: MonthDay) -> datetime.date | Problem:
    if not 1 <= month <= 12 or not 1900 <= year <= 2200:
        return Problem("value.not_date")
    return datetime.date(year, month, 1 if month_day == "first" else calendar.monthrange(year, month)[1])


def _part_of_month(year: int, month: int, part: str, month_day: MonthDay) -> datetime.date | Problem:
    last = _month(year, month, "last")
    if isinstance(last, Problem):
        return last
    first_day, last_day = {
        "上旬": (1, 10), "初": (1, 10), "中旬": (11, 20), "中": (11, 20),
    }.get(part, (21, last.day))  # fmt: skip
    if part in ("底", "末"):
        first_day = last.day
    return last.replace(day=first_day if month_day == "first" else last_day)


def _part_of_year(year: int, part: str, month_day: MonthDay) -> datetime.date | Problem:
    if part.endswith("初"):
        return _month(year, 1, month_day)
    if part.endswith(("底", "末")):
        return datetime.date(year, 12, 31)
    if part == "上半年":
        return _month(year, 1 if month_day == "first" else 6, month_day)
    return _month(year, 7 if month_day == "first" else 12, month_day)
