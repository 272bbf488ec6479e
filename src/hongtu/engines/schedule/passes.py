"""The compiled passes at minute resolution with several calendars.

Positions are those of a `Layout`; times are minutes relative to a `Timeline`'s base. `early` and `late` hold
start and finish side by side (entry 2i and 2i+1), so that one relation costs one cache line.

A finish demanded within a calendar's free time is met, under the strict rule, by the end of the next piece
of work (a minute, or a day on a calendar of whole days); under Primavera's rule by the end of the work
before. Likewise a latest start within free time is the last piece of work before it (strict) or the next
(Primavera).

Where a moment that begins work (a predecessor's start, or what a lead goes back to) holds a finish, it
counts, strictly too, as the end of the working time before it. `handover` names the calendar of that, or is
-1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
from .timeline import quantum, shift, work_before, work_start

NONE = np.int64(-(1 << 60))
"""No lower bound."""
NEVER = np.int64(1 << 60)
"""No upper bound."""

NORMAL, FINISH_MILESTONE, DONE = 0, 1, 2
"""How dates are rounded: a finish milestone keeps the moment a finish gives it; DONE any moment."""

Times = NDArray[np.int64]


@compiled
def finish_bound(tables: Any, calendar: int, finish: int, duration: int, strict: bool) -> int:
    """Worked minute at which an activity must start at the earliest to finish no earlier than `finish`."""
    work = work_before(tables, calendar, finish)
    if strict and duration > 0 and work_start(tables, calendar, work - 1) + 1 < finish:
        work += quantum(tables, calendar)
    return work - duration


@compiled
def start_bound(tables: Any, calendar: int, start: int, duration: int, strict: bool) -> int:
    """Worked minute before which an activity must finish to have started no later than `start`."""
    work = work_before(tables, calendar, start)
    if strict and duration > 0 and work_start(tables, calendar, work) > start:
        work -= quantum(tables, calendar)
    return work + duration


@compiled
def push(tables: Any, calendar: int, moment: int, lag: int, handover: int) -> int:
    """The moment a relation demands of its successor: the predecessor's moved by the lag."""
    moved = shift(tables, calendar, moment, lag)
    if handover >= 0:
        moved = work_start(tables, handover, work_before(tables, handover, moved) - 1) + 1
    return moved


@compiled
def pull(tables: Any, calendar: int, moment: int, lag: int, handover: int, strict: bool) -> int:
    """The latest moment that, pushed by the relation, is not after `moment`.

    A lead may end in free time of its calendar: then the strict rule gives up one more piece of work.
    """
    if handover >= 0:
        return work_start(tables, handover, work_before(tables, handover, moment) - lag)
    if lag >= 0 or not strict:
        return shift(tables, calendar, moment, -lag)
    work = work_before(tables, calendar, moment)
    if work_start(tables, calendar, work) > moment:
        work -= quantum(tables, calendar)
    return work_start(tables, calendar, work - lag)


@compiled
def forward(
    tables: Any,
    pointer: Any,
    endpoint: Any,
    to_finish: Any,
    lag: Any,
    lag_calendar: Any,
    handover: Any,
    duration: Any,
    calendar: Any,
    rounding: Any,
    start_floor: Any,
    finish_floor: Any,
    fixed: Any,
    strict: bool,
    early: Any,
) -> None:
    """Earliest dates into `early`; `fixed` is a worked minute that overrides everything, or NONE."""
    for i in range(len(duration)):
        own, length = calendar[i], duration[i]
        start, finish = start_floor[i], finish_floor[i]
        for k in range(pointer[i], pointer[i + 1]):
            moment = push(tables, lag_calendar[k], early[endpoint[k]], lag[k], handover[k])
            if to_finish[k]:
                finish = max(finish, moment)
            else:
                start = max(start, moment)
        if rounding[i] >= FINISH_MILESTONE and fixed[i] == NONE:
            early[2 * i] = early[2 * i + 1] = max(start, finish)
            continue
        work = work_before(tables, own, start)
        if finish != NONE:
            work = max(work, finish_bound(tables, own, finish, length, strict))
        if fixed[i] != NONE:
            work = fixed[i]
        begin = work_start(tables, own, work)
        early[2 * i] = begin
        early[2 * i + 1] = begin if length == 0 else work_start(tables, own, work + length - 1) + 1


@compiled
def backward(
    tables: Any,
    pointer: Any,
    endpoint: Any,
    to_finish: Any,
    lag: Any,
    lag_calendar: Any,
    handover: Any,
    duration: Any,
    calendar: Any,
    rounding: Any,
    start_ceiling: Any,
    finish_ceiling: Any,
    fixed: Any,
    strict: bool,
    late: Any,
) -> None:
    """Latest dates into `late`, which also gathers the bounds that successors push to their predecessors."""
    for i in range(len(duration)):
        late[2 * i] = start_ceiling[i]
        late[2 * i + 1] = finish_ceiling[i]
    for i in range(len(duration) - 1, -1, -1):
        own, length = calendar[i], duration[i]
        start, finish = late[2 * i], late[2 * i + 1]
        if rounding[i] == DONE or (strict and rounding[i] == FINISH_MILESTONE and fixed[i] == NONE):
            start = finish = min(start, finish)
        elif strict and length == 0 and fixed[i] == NONE:
            moment = min(start, finish)
            work = work_before(tables, own, moment)
            start = work_start(tables, own, work)
            if start > moment:
                start = work_start(tables, own, work - quantum(tables, own))
            finish = start
        else:
            work = work_before(tables, own, finish)
            if start != NEVER:
                work = min(work, start_bound(tables, own, start, length, strict))
            if fixed[i] != NONE:
                work = fixed[i] + length
            finish = work_start(tables, own, work - 1) + 1
            if length > 0:
                start = work_start(tables, own, work - length)
            else:
                start = finish if rounding[i] == FINISH_MILESTONE else work_start(tables, own, work)
        late[2 * i], late[2 * i + 1] = start, finish
        for k in range(pointer[i], pointer[i + 1]):
            held = finish if to_finish[k] else start
            moment = pull(tables, lag_calendar[k], held, lag[k], handover[k], strict)
            late[endpoint[k]] = min(late[endpoint[k]], moment)


@compiled
def slacks(
    tables: Any,
    pointer: Any,
    endpoint: Any,
    to_finish: Any,
    lag: Any,
    lag_calendar: Any,
    handover: Any,
    duration: Any,
    calendar: Any,
    rounding: Any,
    strict: bool,
    early: Any,
    finish_of: Any,
    open_end: Any,
    relation_slack: Any,
    free: Any,
) -> None:
    """Per relation the worked minutes it leaves its successor; per activity its free float.

    A relation with slack 0 drives its successor. An activity without successors (`open_end`) has the float
    to the project's finish.
    """
    for i in range(len(duration)):
        free[i] = NEVER
        if open_end[i]:
            end = work_before(tables, calendar[i], finish_of[i])
            free[i] = end - work_before(tables, calendar[i], early[2 * i + 1])
    for i in range(len(duration)):
        own, length = calendar[i], duration[i]
        begin, end = early[2 * i], early[2 * i + 1]
        for k in range(pointer[i], pointer[i + 1]):
            source = endpoint[k] // 2
            moment = push(tables, lag_calendar[k], early[endpoint[k]], lag[k], handover[k])
            if rounding[i] >= FINISH_MILESTONE:
                relation_slack[k] = work_before(tables, own, begin) - work_before(tables, own, moment)
            elif to_finish[k]:
                bound = finish_bound(tables, own, moment, length, strict)
                relation_slack[k] = work_before(tables, own, begin) - bound
            else:
                relation_slack[k] = work_before(tables, own, begin) - work_before(tables, own, moment)
            held = end if to_finish[k] else begin
            limit = pull(tables, lag_calendar[k], held, lag[k], handover[k], strict)
            theirs = calendar[source]
            room = work_before(tables, theirs, limit) - work_before(tables, theirs, early[endpoint[k]])
            free[source] = min(free[source], room)


@compiled
def total_float(tables: Any, calendar: Any, early: Any, late: Any, by_start: Any, by_finish: Any) -> None:
    """Worked minutes from early to late start and from early to late finish."""
    for i in range(len(calendar)):
        own = calendar[i]
        by_start[i] = work_before(tables, own, late[2 * i]) - work_before(tables, own, early[2 * i])
        by_finish[i] = work_before(tables, own, late[2 * i + 1]) - work_before(tables, own, early[2 * i + 1])


@compiled
def longest_path(pointer: Any, endpoint: Any, driving: Any, open_work: Any, on_path: Any) -> None:
    """Adds to `on_path` (the last activities, at first) whatever reaches it over driving relations."""
    for i in range(len(on_path) - 1, -1, -1):
        if on_path[i]:
            for k in range(pointer[i], pointer[i + 1]):
                if driving[k] and open_work[endpoint[k] // 2]:
                    on_path[endpoint[k] // 2] = True
