"""What levelling gives back: a plan with its proof, and the progress reported on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Objective(StrEnum):
    """What is to be small: the finish, the highest use, or the squared use (both with the finish held)."""

    FINISH = "finish"
    PEAK = "peak"
    SQUARED_USE = "squared-use"


class WaitCause(StrEnum):
    """Why a task does not start earlier than it does."""

    START = "start"  # nothing holds it: it starts at the beginning
    RELEASE = "release"
    FIXED = "fixed"
    PREDECESSOR = "predecessor"
    RESOURCE = "resource"
    CALENDAR = "capacity-change"
    BUDGET = "budget"
    CHOICE = "choice"  # it could start earlier; later is better for the use of resources


@dataclass(frozen=True, slots=True)
class Wait:
    """The reason for one task's start.

    `resource` is what it waits for (a resource or budget id), `held_by` the tasks that hold it (or the
    driving predecessors), `until` the time at which that ends, `delay` the units by which the task starts
    later than its predecessors and release alone would let it.
    """

    task: str
    cause: WaitCause
    resource: str | None = None
    held_by: tuple[str, ...] = ()
    until: int = 0
    delay: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """A report during the search, best value and bound so far."""

    seconds: float
    schedules: int
    value: int
    lower_bound: int
    stage: str

    @property
    def gap(self) -> float:
        """(value - bound) / value."""
        return relative_gap(self.value, self.lower_bound)


@dataclass(frozen=True, slots=True)
class Plan:
    """A levelled plan.

    `starts` by task id; `value` and `lower_bound` of the objective; `optimal` only where the two meet or
    the solver proved it; `feasible` is False where no start for every task within its windows was found,
    and then `violations` says what is broken. `seconds` is wall-clock time, `schedules` the number generated.
    """

    objective: Objective
    starts: dict[str, int]
    makespan: int
    value: int
    lower_bound: int
    optimal: bool
    feasible: bool
    stopped: bool
    seconds: float
    schedules: int
    seed: int
    violations: tuple[str, ...] = ()
    waits: dict[str, Wait] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """(value - lower bound) / value: 0 where the plan is optimal."""
        return relative_gap(self.value, self.lower_bound)


def relative_gap(value: int, bound: int) -> float:
    """(value - bound) / value, 0 for a value of 0."""
    return (value - bound) / value if value > bound else 0.0
