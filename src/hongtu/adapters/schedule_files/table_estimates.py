"""Three-point durations of a schedule table: optimistic, most likely, pessimistic."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.model import Duration

from .document import ThreePoints

if TYPE_CHECKING:
    from .table_reader import Line

FIELDS = ("optimistic", "most_likely", "pessimistic")
NOTHING = ("", "-", "/", "无")
Parse = Callable[[str], Duration | None]


def read_estimates(
    lines: Iterable[Line], planned: Callable[[Line], Duration], parse: Parse, calendar: Calendar
) -> dict[str, ThreePoints]:
    """By activity. The planned duration stands in for a most likely one that is not given, and bare numbers
    count in its unit. ScheduleFileError for half an estimate or points out of order."""
    found: dict[str, ThreePoints] = {}
    for line in lines:
        low, likely, high = (_point(line, field, parse) for field in FIELDS)
        if low is None and high is None:
            continue
        if low is None or high is None:
            missing = "optimistic" if low is None else "pessimistic"
            raise line.place.wrong("-", missing, "both an optimistic and a pessimistic duration")
        likely = planned(line) if likely is None else likely
        days = [point.in_minutes(calendar) for point in (low, likely, high)]
        if days != sorted(days):
            text = f"{low.amount:g} / {likely.amount:g} / {high.amount:g}"
            raise line.place.wrong(text, "pessimistic", "optimistic <= most likely <= pessimistic")
        found[line.id] = ThreePoints(low, likely, high)
    return found


def _point(line: Line, field: str, parse: Parse) -> Duration | None:
    text = line.text(field)
    if text in NOTHING:
        return None
    bare = text.replace(".", "", 1).isdigit()
    found = parse(text + re.sub(r"^[\d.\s]+", "", line.text("duration")) if bare else text)
    if found is None:
        raise line.place.wrong(text, field, "a duration such as 5, 5d, 2w or 30日历天")
    return found
