"""Our dates beside those of the program that saved the file and of MPXJ's schedulers, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from hongtu.engines.schedule.calendars import MINUTES_PER_DAY, Calendar, to_minutes
from hongtu.engines.schedule.model import ScheduleResult, to_datetime
from hongtu.engines.schedule.timeline import build_timeline

from .document import SavedDates, ScheduleFile
from .errors import refuse
from .java_bridge import oracle_dates
from .limits import Limits

MOMENTS = {
    "start": "shown_start",
    "finish": "shown_finish",
    "early_start": "early_start",
    "early_finish": "early_finish",
    "late_start": "late_start",
    "late_finish": "late_finish",
}
AMOUNTS = {"total_float": "total_float", "free_float": "free_float"}
FIELDS = (*MOMENTS, *AMOUNTS)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field of one activity: ours and theirs."""

    activity: str
    field: str
    ours: datetime | int
    theirs: datetime | int
    equal: bool


def against_saved(document: ScheduleFile, result: ScheduleResult) -> list[Comparison]:
    """Our dates against those stored in the file by the program that wrote it."""
    return list(_compare(document, result, document.saved))


def against_oracle(
    path: Path, document: ScheduleFile, result: ScheduleResult, limits: Limits | None = None
) -> tuple[str, list[Comparison]]:
    """Our dates against MPXJ's scheduler for that kind of file; its name first. Needs Java and the extra."""
    answer = oracle_dates([path], limits)[path]
    if "error" in answer:
        raise refuse("schedule-file.conversion-failed", file=path.name, detail=answer["error"])
    return answer["scheduler"], against_answer(document, result, answer)


def against_answer(
    document: ScheduleFile,
    result: ScheduleResult,
    answer: Mapping[str, Any],
    *,
    found: dict[str, SavedDates] | None = None,
) -> list[Comparison]:
    """Our dates against one file's answer of `java_bridge.oracle_dates`; its dates are put into `found`."""
    by_unique = {document.detail(a.id).unique_id or a.id: a.id for a in document.network.activities}
    theirs = {} if found is None else found
    for task in answer["tasks"]:
        if task["unique_id"] in by_unique:
            theirs[by_unique[task["unique_id"]]] = _dates(task["oracle"])
    return list(_compare(document, result, theirs))


def compare_saved(document: ScheduleFile, theirs: Mapping[str, SavedDates]) -> list[Comparison]:
    """The oracle's own dates (as `ours`) against those saved in the file, by the same measure."""
    made = []
    for activity in document.network.activities:
        first, saved = theirs.get(activity.id), document.saved.get(activity.id)
        if first is None or saved is None:
            continue
        calendar = document.network.calendar(activity.calendar)
        for field in FIELDS:
            ours, other = getattr(first, field), getattr(saved, field)
            if ours is None or other is None:
                continue
            same = ours == other
            if field in MOMENTS:
                same = same_moment(calendar, to_minutes(ours), to_minutes(other))
            made.append(Comparison(activity.id, field, ours, other, same))
    return made


def _dates(found: Mapping[str, object]) -> SavedDates:
    def moment(name: str) -> datetime | None:
        value = found.get(name)
        return None if value is None else datetime.fromisoformat(str(value))

    def minutes(name: str) -> int | None:
        value = found.get(name)
        return None if value is None else round(float(str(value)))

    return SavedDates(
        moment("Start"),
        moment("Finish"),
        moment("EarlyStart"),
        moment("EarlyFinish"),
        moment("LateStart"),
        moment("LateFinish"),
        minutes("TotalSlack"),
        minutes("FreeSlack"),
    )


def _compare(
    document: ScheduleFile, result: ScheduleResult, theirs: Mapping[str, SavedDates]
) -> Iterator[Comparison]:
    network = document.network
    default = network.calendar().id
    calendars = {c.id: c for c in network.calendars}
    for activity in network.activities:
        at, saved = result.index[activity.id], theirs.get(activity.id)
        if saved is None:
            continue
        calendar = calendars[activity.calendar or default]
        for field, column in MOMENTS.items():
            moment: datetime | None = getattr(saved, field)
            if moment is not None:
                ours = int(getattr(result, column)[at])
                equal = same_moment(calendar, ours, to_minutes(moment))
                yield Comparison(activity.id, field, to_datetime(ours), moment, equal)
        for field, column in AMOUNTS.items():
            amount: int | None = getattr(saved, field)
            if amount is not None:
                ours = int(getattr(result, column)[at])
                yield Comparison(activity.id, field, ours, amount, ours == amount)


def same_moment(calendar: Calendar, first: int, second: int) -> bool:
    """Equal, or with no working time between: Friday 17:00 and Monday 08:00 are one moment of a plan."""
    if first == second:
        return True
    low, high = sorted((first, second))
    if high - low > 60 * MINUTES_PER_DAY:
        return False
    timeline = build_timeline([calendar], low // MINUTES_PER_DAY - 30, high // MINUTES_PER_DAY + 30)
    return timeline.work(0, low) == timeline.work(0, high)


def tally(comparisons: list[Comparison]) -> dict[str, tuple[int, int]]:
    """Equal and compared values by field, in the order of `FIELDS`."""
    fields = np.array([c.field for c in comparisons])
    equal = np.array([c.equal for c in comparisons], bool)
    return {
        f: (int(equal[fields == f].sum()), int((fields == f).sum())) for f in FIELDS if (fields == f).any()
    }
