"""An independent check of a plan, written for being obviously right: it shares nothing with the search.

It reads the problem as stated, not the encoded arrays, and counts use unit by unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from .problem import Problem, RelationKind


def violations(problem: Problem, starts: Mapping[str, int]) -> list[str]:
    """Everything the plan breaks, in sentences; an empty list is a feasible plan."""
    missing = [task.id for task in problem.tasks if task.id not in starts]
    if missing:
        return [f"Task {task} has no start." for task in missing]
    return [
        *_windows(problem, starts),
        *_relations(problem, starts),
        *_capacities(problem, starts),
        *_budgets(problem, starts),
    ]


def _windows(problem: Problem, starts: Mapping[str, int]) -> list[str]:
    found = []
    for task in problem.tasks:
        start = starts[task.id]
        if start < task.release:
            found.append(f"Task {task.id} starts at {start}, before its release {task.release}.")
        if task.deadline is not None and start + task.duration > task.deadline:
            found.append(
                f"Task {task.id} finishes at {start + task.duration}, after its deadline {task.deadline}."
            )
        if task.fixed_start is not None and start != task.fixed_start:
            found.append(f"Task {task.id} starts at {start}, not at its fixed start {task.fixed_start}.")
    return found


def _relations(problem: Problem, starts: Mapping[str, int]) -> list[str]:
    found = []
    finish = {task.id: starts[task.id] + task.duration for task in problem.tasks}
    for relation in problem.relations:
        kind = relation.kind
        from_finish = kind in (RelationKind.FINISH_START, RelationKind.FINISH_FINISH)
        to_finish = kind in (RelationKind.FINISH_FINISH, RelationKind.START_FINISH)
        held = finish[relation.predecessor] if from_finish else starts[relation.predecessor]
        holds = finish[relation.successor] if to_finish else starts[relation.successor]
        if holds < held + relation.lag:
            found.append(
                f"Relation {relation.predecessor} {kind.value}{relation.lag:+d} {relation.successor}: "
                f"{holds} is before {held + relation.lag}."
            )
    return found


def _capacities(problem: Problem, starts: Mapping[str, int]) -> list[str]:
    found = []
    for resource in problem.resources:
        use: dict[int, int] = defaultdict(int)
        for task in problem.tasks:
            for time in range(starts[task.id], starts[task.id] + task.duration):
                use[time] += task.demands.get(resource.id, 0)
        found += [
            f"Resource {resource.id}: {amount} used at {time}, {resource.capacity_at(time)} there."
            for time, amount in sorted(use.items())
            if amount > resource.capacity_at(time)
        ]
    return found


def _budgets(problem: Problem, starts: Mapping[str, int]) -> list[str]:
    found = []
    for budget in problem.budgets:
        for k, amount in enumerate(budget.amounts):
            low, high = budget.boundaries[k], budget.boundaries[k + 1]
            used = 0
            for task in problem.tasks:
                for time in range(starts[task.id], starts[task.id] + task.duration):
                    if low <= time < high:
                        used += task.demands.get(budget.id, 0)
            if used > amount:
                found.append(f"Budget {budget.id}: {used} used in [{low}, {high}), {amount} granted.")
    return found
