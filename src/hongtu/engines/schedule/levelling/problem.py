"""What is to be levelled: tasks, relations, renewable resources and period budgets.

All times are whole numbers of one working time unit chosen by the caller (a day, an hour): unit `t` is the
half-open interval [t, t+1). A task that starts at `s` with duration `d` occupies units s .. s+d-1 and
finishes at `s + d`. Objects validate themselves; `Problem` checks what only the whole can show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .errors import LevellingError


class RelationKind(StrEnum):
    """The four precedence relations: which end of the predecessor holds which end of the successor."""

    FINISH_START = "FS"
    START_START = "SS"
    FINISH_FINISH = "FF"
    START_FINISH = "SF"


@dataclass(frozen=True, slots=True)
class Task:
    """One activity, not interrupted once begun.

    `demands` maps a resource or budget id to the amount used in every unit the task runs.
    `release`: it may not start before. `deadline`: it must be finished by (hard; a plan that breaks it is
    reported as such, never passed off as feasible). `fixed_start`: it starts exactly then (agreed, or under
    way).
    """

    id: str
    duration: int
    demands: Mapping[str, int] = field(default_factory=dict)
    release: int = 0
    deadline: int | None = None
    fixed_start: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            raise LevellingError("levelling.task-id", "A task has no id; give every task its own id.")
        if self.duration < 0:
            raise LevellingError(
                "levelling.duration", f"Task {self.id}: duration {self.duration} is negative.", self.id
            )
        if self.release < 0:
            raise LevellingError(
                "levelling.release",
                f"Task {self.id}: release {self.release} is before time 0; shift the time axis.",
                self.id,
            )
        for resource, amount in self.demands.items():
            if amount < 0:
                raise LevellingError(
                    "levelling.demand", f"Task {self.id}: demand {amount} of {resource} is negative.", self.id
                )
        self._check_window()

    def _check_window(self) -> None:
        if self.fixed_start is not None and self.fixed_start < self.release:
            raise LevellingError(
                "levelling.window",
                f"Task {self.id}: fixed start {self.fixed_start} is before its release {self.release}.",
                self.id,
            )
        earliest = self.release if self.fixed_start is None else self.fixed_start
        if self.deadline is not None and earliest + self.duration > self.deadline:
            raise LevellingError(
                "levelling.window",
                f"Task {self.id}: {earliest} + duration {self.duration} is past its deadline "
                f"{self.deadline}.",
                self.id,
            )


@dataclass(frozen=True, slots=True)
class Relation:
    """A least time lag between two tasks; `lag` may be negative (a lead)."""

    predecessor: str
    successor: str
    kind: RelationKind = RelationKind.FINISH_START
    lag: int = 0

    def start_lag(self, predecessor_duration: int, successor_duration: int) -> int:
        """The same relation between the two starts: start(successor) >= start(predecessor) + this."""
        lag = self.lag
        if self.kind in (RelationKind.FINISH_START, RelationKind.FINISH_FINISH):
            lag += predecessor_duration
        if self.kind in (RelationKind.FINISH_FINISH, RelationKind.START_FINISH):
            lag -= successor_duration
        return lag


@dataclass(frozen=True, slots=True)
class Resource:
    """A renewable resource: `capacity` units at any time, or `changes` of it as (from time, capacity)
    pairs."""

    id: str
    capacity: int
    changes: tuple[tuple[int, int], ...] = ()
    weight: int = 1
    name: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            raise LevellingError(
                "levelling.resource-id", "A resource has no id; give every resource its own."
            )
        if self.weight < 0:
            raise LevellingError(
                "levelling.weight", f"Resource {self.id}: weight {self.weight} is negative.", self.id
            )
        last = 0
        for time, amount in ((0, self.capacity), *self.changes):
            if amount < 0:
                raise LevellingError(
                    "levelling.capacity", f"Resource {self.id}: capacity {amount} is negative.", self.id
                )
            if time < last:
                raise LevellingError(
                    "levelling.changes",
                    f"Resource {self.id}: capacity change at {time} is out of order; "
                    "sort by time, none below 0.",
                    self.id,
                )
            last = time

    def capacity_at(self, time: int) -> int:
        """Units there are during [time, time + 1)."""
        amount = self.capacity
        for start, changed in self.changes:
            if start > time:
                break
            amount = changed
        return amount

    @property
    def largest(self) -> int:
        """The most there ever is."""
        return max((self.capacity, *(amount for _, amount in self.changes)))


@dataclass(frozen=True, slots=True)
class Budget:
    """Money (or any quantity) that may be used up within a period: period k is [boundaries[k],
    boundaries[k+1]).

    A task uses its demand in every unit it runs; the sum over a period stays within `amounts[k]`. Before the
    first and after the last boundary nothing is limited.
    """

    id: str
    boundaries: tuple[int, ...]
    amounts: tuple[int, ...]
    name: str = ""

    def __post_init__(self) -> None:
        if len(self.boundaries) != len(self.amounts) + 1 or not self.amounts:
            raise LevellingError(
                "levelling.budget",
                f"Budget {self.id}: {len(self.amounts)} amounts need {len(self.amounts) + 1} boundaries.",
                self.id,
            )
        if list(self.boundaries) != sorted(set(self.boundaries)) or self.boundaries[0] < 0:
            raise LevellingError(
                "levelling.budget", f"Budget {self.id}: boundaries must rise and not be negative.", self.id
            )
        if min(self.amounts) < 0:
            raise LevellingError("levelling.budget", f"Budget {self.id}: an amount is negative.", self.id)


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole levelling problem; raises `LevellingError` where the parts contradict each other."""

    tasks: tuple[Task, ...]
    relations: tuple[Relation, ...] = ()
    resources: tuple[Resource, ...] = ()
    budgets: tuple[Budget, ...] = ()

    def __post_init__(self) -> None:
        if not self.tasks:
            raise LevellingError("levelling.empty", "There is no task to level.")
        tasks = _unique([task.id for task in self.tasks], "task")
        stores = _unique([r.id for r in self.resources] + [b.id for b in self.budgets], "resource")
        largest = {resource.id: resource.largest for resource in self.resources}
        for task in self.tasks:
            for resource, amount in task.demands.items():
                if resource not in stores:
                    raise LevellingError(
                        "levelling.unknown-resource",
                        f"Task {task.id} asks for {resource}, which is not among the resources.",
                        task.id,
                    )
                if task.duration and amount > largest.get(resource, amount):
                    raise LevellingError(
                        "levelling.demand",
                        f"Task {task.id} asks for {amount} of {resource}; there are never more than "
                        f"{largest[resource]}. Raise the capacity or split the task.",
                        task.id,
                    )
        for relation in self.relations:
            for end in (relation.predecessor, relation.successor):
                if end not in tasks:
                    raise LevellingError(
                        "levelling.unknown-task",
                        f"Relation {relation.predecessor} -> {relation.successor} names {end}, "
                        "which does not exist.",
                        end,
                    )


def _unique(ids: list[str], what: str) -> set[str]:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise LevellingError("levelling.duplicate", f"Two entries have the {what} id {one}.", one)
        seen.add(one)
    return seen
