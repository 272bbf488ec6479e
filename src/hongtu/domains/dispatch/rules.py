"""Who must hear of something when: levels by clock and by consequence; plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass

TOP = 4


@dataclass(frozen=True)
class Reached:
    """A level that was reached, and after how many working days overdue it is reached."""

    level: int
    after: int
    consequence: bool = False


def reached(overdue: int, clocks: Mapping[int, int], *, promise_lost: bool = False) -> list[Reached]:
    """Levels above the first that must know of something `overdue` working days late.

    clocks: level -> working days it has before the next one hears of it (04_dispatch_levels.yaml:
    3, 5, 10). Each level is reached once its predecessors' days are used up. `promise_lost`: a critical
    step without float puts the promise at risk, so levels 2 and 3 hear of it at once.
    """
    found = []
    spent = 0
    for level in range(2, TOP + 1):
        spent += clocks[level - 1]
        if overdue >= spent:
            found.append(Reached(level, spent))
        elif promise_lost and level <= 3 and overdue > 0:
            found.append(Reached(level, 0, consequence=True))
    return found


def cost(days_late: int, total_float: int | None) -> int:
    """Working days a step costs its promise: its lateness, or its negative float when that is worse."""
    return max(days_late, -(total_float or 0), 0)
