"""What could be done to save a promise, suggested from the chain itself; people correct days and costs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

CRASH_SHARE = 4  # up to a quarter of what is left can be gained with more crews or shifts
MOST_CRASH_DAYS = 15
OVERLAP_SHARE = 4
WORKING_DAYS = 250  # of a year: a day's share of the annual plan
CRASH_RATE = 0.08  # of a day's share of the annual plan, for one day gained (an estimate to be corrected)


@dataclass(frozen=True)
class StepFacts:
    """A step that is not done: days left in its own unit, whose days they are, whether work has begun."""

    key: int
    name: str
    left: int
    whose: str
    begun: bool


@dataclass(frozen=True)
class Candidate:
    """One move as offered: up to `days` (whole days), `cost` yuan (each day for crashing, else once)."""

    kind: str
    step: int
    other: int = 0
    days: int = 0
    cost: int = 0
    use: bool = True

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.step}" + (f"-{self.other}" if self.other else "")


def daily_rate(annual_plan_wan: float) -> int:
    """Yuan for a day gained, estimated from the year's planned money (万元)."""
    return max(1000, int(annual_plan_wan * 10_000 / WORKING_DAYS * CRASH_RATE) // 100 * 100)


def candidates(
    steps: Sequence[StepFacts], relations: Iterable[tuple[int, int]], rate: int
) -> list[Candidate]:
    """Moves of a chain: crash what is built, promise instead of waiting where an office decides, approvals
    side by side, overlap of works, and, unless people choose it not used, another order.

    `relations` are the finish-to-start ones without a lag, (predecessor, successor).
    """
    by_key = {step.key: step for step in steps}
    found: list[Candidate] = []
    for step in steps:
        if step.whose == "department" and step.left >= 2:
            found.append(Candidate("commitment", step.key, days=step.left // 2))
        elif step.whose in ("contractor", "owner") and step.left >= CRASH_SHARE:
            days = min(MOST_CRASH_DAYS, step.left // CRASH_SHARE)
            found.append(Candidate("crash", step.key, days=days, cost=rate))
    for before, after in relations:
        one, other = by_key.get(before), by_key.get(after)
        if one is None or other is None or other.begun:
            continue
        if one.whose == other.whose == "department":
            found.append(Candidate("parallel", before, after))
        elif one.whose == other.whose == "contractor":
            days = min(one.left, other.left) // OVERLAP_SHARE
            if days:
                found.append(Candidate("overlap", before, after, days, rate // 2 * days))
            found.append(Candidate("resequence", before, after, use=False))
    return found


def corrected(offered: Iterable[Candidate], given: Mapping[str, str]) -> list[Candidate]:
    """The moves as people filled them in (`use-KEY`, `days-KEY`, `cost-KEY`).

    Days go up to twice what was offered; nothing is negative.
    """
    found = []
    for move in offered:
        days = _whole(given.get(f"days-{move.key}"), move.days)
        cost = _whole(given.get(f"cost-{move.key}"), move.cost)
        use = f"use-{move.key}" in given and (days > 0 or not move.days)
        found.append(replace(move, days=min(days, move.days * 2) or move.days, cost=cost, use=use))
    return found


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default
