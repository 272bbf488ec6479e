"""Who must hear of something when: levels by clock and by consequence; plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass

TOP = 4


@dataclass(frozen=True)
class Reached:
    """A level that was reached, and after how many working days overdue it is reached (by clock)."""

    level: int
    after: int


@dataclass(frozen=True)
class Threshold:
    """From what consequence on a level hears of it at once: working days beyond promised dates that waiting
    costs, or promises expected to break by it (a probability where one promise is concerned)."""

    late_days: float
    chance_lost: float

    def met(self, late_days: float, chance_lost: float) -> bool:
        return late_days >= self.late_days or chance_lost >= self.chance_lost


USUAL = {2: Threshold(1, 0.05), 3: Threshold(5, 0.2), 4: Threshold(20, 0.6)}
"""Where the rule in force says nothing of consequences."""


def thresholds(data: Mapping[str, Mapping[str, float]]) -> dict[int, Threshold]:
    """From the data of the rule: {"2": {late_days: 1, chance_lost: 0.05}, ...}."""
    found = {
        int(level): Threshold(float(t["late_days"]), float(t["chance_lost"])) for level, t in data.items()
    }
    return {**USUAL, **found}


def reached(overdue: int, clocks: Mapping[int, int]) -> list[Reached]:
    """Levels above the first that must know of something `overdue` working days late.

    clocks: level -> working days it has before the next one hears of it (04_dispatch_levels.yaml:
    3, 5, 10). Each level is reached once its predecessors' days are used up.
    """
    found = []
    spent = 0
    for level in range(2, TOP + 1):
        spent += clocks[level - 1]
        if overdue >= spent:
            found.append(Reached(level, spent))
    return found


def concerned(late_days: float, chance_lost: float, asked: Mapping[int, Threshold]) -> list[int]:
    """Levels that must know at once because of what waiting costs, whether a deadline has passed or not; a
    level that hears of it implies those below."""
    highest = max((level for level, t in asked.items() if t.met(late_days, chance_lost)), default=1)
    return list(range(2, highest + 1))
