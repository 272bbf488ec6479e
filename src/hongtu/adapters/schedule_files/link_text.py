"""Durations and predecessors as typed: `5`, `5d`, `5 个工作日`, `30日历天`, `3FS+2d`, `5SS-1w`, `3FF+50%`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hongtu.engines.schedule.model import Duration, RelationType, Unit

WORKING_DAYS_PER_WEEK = 5
WORKING_DAYS_PER_MONTH = 20
MINUTES_PER_HOUR = 60

# Unit as typed -> (amount of one, counted in). Calendar units first in the pattern, as they end in others.
_UNITS: dict[str, tuple[float, Unit]] = {}
for _names, _each, _unit in (
    ("em emin", 1 / 1440, Unit.CALENDAR_DAY),
    ("eh ehr ehrs", 1 / 24, Unit.CALENDAR_DAY),
    ("ed eday edays 日历天 日历日 自然日 自然天", 1, Unit.CALENDAR_DAY),
    ("ew ewk 日历周 自然周", 7, Unit.CALENDAR_DAY),
    ("emo emon 日历月 自然月", 30, Unit.CALENDAR_DAY),
    ("m min mins minute minutes 分 分钟 分钟工时", 1, Unit.MINUTE),
    ("h hr hrs hour hours 时 小时 工时", MINUTES_PER_HOUR, Unit.MINUTE),
    ("d day days 天 日 工作日 工作天", 1, Unit.WORKING_DAY),
    ("w wk wks week weeks 周 星期 工作周", WORKING_DAYS_PER_WEEK, Unit.WORKING_DAY),
    ("mo mon mons month months 月 工作月", WORKING_DAYS_PER_MONTH, Unit.WORKING_DAY),
):
    for _name in _names.split():
        _UNITS[_name] = (float(_each), _unit)

_UNIT = "|".join(sorted((re.escape(name) for name in _UNITS), key=len, reverse=True))
_AMOUNT = re.compile(rf"^(?P<number>\d+(?:\.\d+)?)\s*(?:个)?\s*(?P<unit>{_UNIT})?\s*\??$", re.IGNORECASE)
_TYPES = {
    "FS": RelationType.FINISH_START,
    "SS": RelationType.START_START,
    "FF": RelationType.FINISH_FINISH,
    "SF": RelationType.START_FINISH,
    "完成-开始": RelationType.FINISH_START,
    "开始-开始": RelationType.START_START,
    "完成-完成": RelationType.FINISH_FINISH,
    "开始-完成": RelationType.START_FINISH,
}
_TYPE = "|".join(_TYPES)
_TAIL = re.compile(
    rf"^\s*(?P<open>\()?\s*(?P<type>{_TYPE})?\s*(?:\((?:FS|SS|FF|SF)\))?\s*"
    rf"(?:(?P<sign>[+-])\s*(?P<number>\d+(?:\.\d+)?)\s*(?:个)?\s*(?P<unit>%|{_UNIT})?\s*\??)?\s*(?(open)\))\s*$",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[,;、\n]+")


NO_LAG = Duration(0, Unit.WORKING_DAY)


@dataclass(frozen=True, slots=True)
class LinkText:
    """A predecessor as typed; `percent` is a lag in percent of the predecessor's duration."""

    predecessor: str
    type: RelationType = RelationType.FINISH_START
    lag: Duration = NO_LAG
    percent: float | None = None


def plain(text: object) -> str:
    """Text with full-width letters and digits made plain, dashes and signs unified, outer blanks cut."""
    folded = unicodedata.normalize("NFKC", "" if text is None else str(text))
    return re.sub("[−–—‐]", "-", folded).strip()


def parse_duration(text: str) -> Duration | None:
    """A duration as typed; a bare number counts working days. None when it cannot be read."""
    match = _AMOUNT.match(plain(text))
    if not match:
        return None
    return _counted(float(match["number"]), match["unit"])


def _counted(number: float, unit: str | None) -> Duration:
    if not unit:
        return Duration(number, Unit.WORKING_DAY)
    each, counted = _UNITS[unit.lower()]
    return Duration(number * each, counted)


def parse_links(text: str, known: Collection[str]) -> Iterator[LinkText]:
    """Predecessors typed into one cell, separated by comma, semicolon, 、 or line.

    Identifiers may hold dashes and letters: the longest that is `known` and leaves a readable rest wins.
    Raises `ValueError` with the piece that cannot be read or names an unknown activity (`LookupError` then).
    """
    for piece in _SEPARATORS.split(plain(text)):
        item = piece.strip()
        if item:
            yield _link(item, known)


def _link(item: str, known: Collection[str]) -> LinkText:
    for end in range(len(item), 0, -1):
        id = item[:end].strip()
        if id in known and (match := _TAIL.match(item[end:])):
            return _linked(id, match)
    readable = re.match(rf"^(.+?)\s*(?:{_TYPE})\s*(?:[+-].*)?$", item, re.IGNORECASE) or re.match(
        r"^([\w.]+)", item
    )
    if readable and _TAIL.match(item[len(readable[1]) :]):
        raise LookupError(readable[1].strip())
    raise ValueError(item)


def _linked(id: str, match: re.Match[str]) -> LinkText:
    kind = _TYPES[match["type"].upper()] if match["type"] else RelationType.FINISH_START
    if not match["number"]:
        return LinkText(id, kind)
    number = float(match["number"]) * (-1 if match["sign"] == "-" else 1)
    if match["unit"] == "%":
        return LinkText(id, kind, percent=number)
    return LinkText(id, kind, _counted(number, match["unit"]))
