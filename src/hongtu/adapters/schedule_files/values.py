"""Readings shared by all readers: numbers, dates, ISO durations, times of day; refusals name the place."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import datetime, time

from hongtu.engines.schedule.calendars import MINUTES_PER_DAY, Calendar, Shifts

from .errors import refuse

_ISO_DURATION = re.compile(
    r"^(?P<sign>-?)P(?:(?P<days>[\d.]+)D)?(?:T(?:(?P<hours>[\d.]+)H)?(?:(?P<minutes>[\d.]+)M)?(?:(?P<seconds>[\d.]+)S)?)?$"
)

LARGEST = 1e12
"""No schedule holds a larger number; beyond it minutes no longer fit the engine's integers."""


class Place:
    """Where a value stands, for messages: the file and the record being read."""

    def __init__(self, file: str, record: str = "") -> None:
        self.file = file
        self.record = record

    def at(self, record: str) -> Place:
        """The same file, another record."""
        return Place(self.file, record)

    def number(self, value: str | None, field: str, default: float | None = None) -> float:
        """A decimal number; an empty value gives `default` or is refused."""
        if value is None or not value.strip():
            if default is None:
                raise refuse("schedule-file.field-missing", file=self.file, place=self.record, field=field)
            return default
        try:
            found = float(value)
        except ValueError:
            found = math.nan
        if not math.isfinite(found) or abs(found) > LARGEST:
            raise self.wrong(value, field, "a number of possible size")
        return found

    def whole(self, value: str | None, field: str, default: int | None = None) -> int:
        """A whole number; an empty value gives `default` or is refused."""
        found = self.number(value, field, None if default is None else float(default))
        if found != int(found):
            raise self.wrong(value or "", field, "a whole number")
        return int(found)

    def moment(self, value: str | None, field: str) -> datetime | None:
        """An ISO date and time (`T` or blank between); None when empty. Seconds are cut off."""
        if value is None or not value.strip():
            return None
        try:
            found = datetime.fromisoformat(value.strip())
        except ValueError:
            raise self.wrong(value, field, "a date and time") from None
        return found.replace(second=0, microsecond=0, tzinfo=None)

    def needed_moment(self, value: str | None, field: str) -> datetime:
        """Like `moment`, but refused when empty."""
        found = self.moment(value, field)
        if found is None:
            raise refuse("schedule-file.field-missing", file=self.file, place=self.record, field=field)
        return found

    def clock(self, value: str, field: str) -> int:
        """Minutes after midnight of `8:00`, `08:00` or `08:00:00`."""
        try:
            hours, minutes = value.strip().split(":")[:2]
            found = int(hours) * 60 + int(minutes)
        except ValueError:
            raise self.wrong(value, field, "a time of day") from None
        if not 0 <= found <= MINUTES_PER_DAY:
            raise self.wrong(value, field, "a time of day")
        return found

    def span(self, value: str | None, field: str, default: float | None = None) -> float:
        """Minutes of an ISO 8601 duration such as `PT80H0M0S`."""
        if value is None or not value.strip():
            if default is None:
                raise refuse("schedule-file.field-missing", file=self.file, place=self.record, field=field)
            return default
        match = _ISO_DURATION.match(value.strip())
        if not match or len(value.strip()) < 3:
            raise self.wrong(value, field, "a duration such as PT8H0M0S")
        try:
            part = {name: float(text or 0) for name, text in match.groupdict().items() if name != "sign"}
        except ValueError:
            raise self.wrong(value, field, "a duration such as PT8H0M0S") from None
        if max(part.values()) > LARGEST:
            raise self.wrong(value, field, "a duration of possible size")
        minutes = part["days"] * 1440 + part["hours"] * 60 + part["minutes"] + part["seconds"] / 60
        return -minutes if match["sign"] else minutes

    def wrong(self, value: str, field: str, expected: str) -> Exception:
        """The refusal of a value that cannot be read."""
        return refuse(
            "schedule-file.value-wrong",
            file=self.file,
            place=self.record,
            value=value[:80],
            field=field,
            expected=expected,
        )


def tidy_shifts(spans: list[tuple[int, int]]) -> Shifts:
    """Spans of one day in order, overlaps merged; an end of 0 is the midnight after; empty spans dropped."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((start, end or MINUTES_PER_DAY) for start, end in spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def iso_span(minutes: float) -> str:
    """Minutes as Microsoft Project writes durations: `PT8H30M0S`."""
    seconds = round(abs(minutes) * 60)
    hours, rest = divmod(seconds, 3600)
    whole, seconds = divmod(rest, 60)
    return f"{'-' if minutes < 0 else ''}PT{hours}H{whole}M{seconds}S"


def iso_moment(moment: datetime) -> str:
    """A moment as Microsoft Project writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def iso_clock(minutes: int) -> str:
    """Minutes after midnight as a time of day; 1440 is midnight and written 00:00:00."""
    return time(minutes // 60 % 24, minutes % 60).isoformat()


def in_use(calendars: Iterable[Calendar], default: str, used: Iterable[str | None]) -> tuple[Calendar, ...]:
    """The default calendar first; ones without work are dropped unless something runs on them."""
    needed = {default, *used}
    kept = [c for c in calendars if c.id in needed or any(c.week)]
    return tuple(sorted(kept, key=lambda c: c.id != default))
