"""What a signed joint schedule means for a chain step; dates are calendar dates, both ends included."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class StepFacts:
    """What decides how a step follows its faces."""

    planned_start: date
    planned_finish: date
    duration: int
    remaining: int | None
    started: bool


@dataclass(frozen=True)
class Use:
    """One use of ground and the planned finish of the step it belongs to."""

    start: date
    finish: date
    step_finish: date


def waits(earlier: Use, later: Use, handover: int) -> int:
    """Calendar days by which the later step's finish must follow the earlier step's.

    A use keeps its distance to the finish of its own step: when the earlier step slips, its use slips with
    it, the later use begins a handover after it, lasts as long as planned, and what the later step has to do
    afterwards takes as long as planned. Exact as long as nobody hurries; nothing is pushed while the gap
    between the two uses is wide enough.
    """
    free = min(handover, (later.start - earlier.finish).days - 1)
    tail = (later.step_finish - later.finish).days
    ahead = (earlier.step_finish - earlier.finish).days
    return 1 + free + (later.finish - later.start).days + tail - ahead


Window = tuple[date, date]
CountDays = Callable[[date, date], int]
"""Days of the step's own unit from the first date to the second, the second excluded."""


def hull(windows: Sequence[Window]) -> Window:
    """First and last day of several windows."""
    return min(w[0] for w in windows), max(w[1] for w in windows)


def step_changes(
    facts: StepFacts, before: Sequence[Window], after: Sequence[Window], count: CountDays
) -> dict[str, Any]:
    """Fields of a step that change when its faces move from `before` to `after`.

    The plan moves by as many days as the faces' first start and last finish; a later start becomes a limit
    (not before), and the duration follows the new window. A step that has begun keeps its start.
    """
    (old_start, old_finish), (new_start, new_finish) = hull(before), hull(after)
    changes: dict[str, Any] = {}
    start, finish = facts.planned_start, facts.planned_finish + (new_finish - old_finish)
    if not facts.started and new_start != old_start:
        start += new_start - old_start
        changes["planned_start"] = start
        if new_start > old_start:
            changes["start_no_earlier_than"] = start
    if finish < start:
        finish = start
    if finish != facts.planned_finish:
        changes["planned_finish"] = finish
    one = timedelta(days=1)
    if changes:
        kept = count(facts.planned_start, facts.planned_finish + one)
        duration = max(1, facts.duration + count(start, finish + one) - kept)
        if duration != facts.duration:
            changes["duration"] = duration
            if facts.remaining is not None:
                changes["remaining_duration"] = max(1, facts.remaining + duration - facts.duration)
    return changes


def handovers(parts: Sequence[Mapping[str, Any]]) -> list[tuple[str, date]]:
    """(next place, last day on the ground before) of each step back of a use that gives ground."""
    return [
        (str(after.get("place") or ""), date.fromisoformat(before["finish"]))
        for before, after in pairwise(parts)
        if before.get("place") != after.get("place")
    ]
