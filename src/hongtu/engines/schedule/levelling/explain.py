"""Why each task starts when it does: which predecessor, resource, calendar or budget drives it."""

from __future__ import annotations

from .encode import Encoded
from .plan import Wait, WaitCause


def explain(encoded: Encoded, starts: dict[str, int]) -> dict[str, Wait]:
    """The reason for every task's start, by task id.

    A task waits for a resource where starting one unit earlier would need more of it than is left in the unit
    before its start; the holders are the tasks that use it there and end at the start.
    """
    tasks = encoded.problem.tasks
    index = {task.id: k for k, task in enumerate(tasks)}
    begin = [starts[task.id] for task in tasks]
    before: list[list[tuple[int, int]]] = [[] for _ in tasks]
    for a, b, lag in encoded.arcs:
        before[b].append((a, lag))
    running: dict[int, list[int]] = {}
    for k, task in enumerate(tasks):
        for unit in range(begin[k], begin[k] + task.duration):
            running.setdefault(unit, []).append(k)
    return {name: _reason(encoded, k, begin, before[k], running) for name, k in index.items()}


def _reason(
    encoded: Encoded, k: int, begin: list[int], before: list[tuple[int, int]], running: dict[int, list[int]]
) -> Wait:
    task = encoded.problem.tasks[k]
    start = begin[k]
    if task.fixed_start is not None:
        return Wait(task.id, WaitCause.FIXED, until=start)
    logic = max([task.release, 0, *(begin[a] + lag for a, lag in before)])
    delay = start - logic
    if delay <= 0:
        drivers = tuple(encoded.problem.tasks[a].id for a, lag in before if begin[a] + lag == start)
        if drivers:
            return Wait(task.id, WaitCause.PREDECESSOR, held_by=drivers, until=start)
        return Wait(
            task.id, WaitCause.RELEASE if start and start == task.release else WaitCause.START, until=start
        )
    return (
        _resource_wait(encoded, k, begin, running, delay)
        or _budget_wait(encoded, k, begin, delay)
        or Wait(task.id, WaitCause.CHOICE, until=start, delay=delay)
    )


def _resource_wait(
    encoded: Encoded, k: int, begin: list[int], running: dict[int, list[int]], delay: int
) -> Wait | None:
    """The scarcest resource in the unit before the start, and who holds it there."""
    tasks = encoded.problem.tasks
    task, start = tasks[k], begin[k]
    present = [j for j in running.get(start - 1, []) if j != k]
    short: list[tuple[int, int]] = []
    for number, _ in enumerate(encoded.problem.resources):
        need = int(encoded.usage[k, number])
        left = int(encoded.limits[number, start - 1]) - sum(int(encoded.usage[j, number]) for j in present)
        if need > left:
            short.append((need - left, number))
    if not short:
        return None
    number = max(short, key=lambda pair: (pair[0], -pair[1]))[1]
    holders = [j for j in present if encoded.usage[j, number] and begin[j] + tasks[j].duration == start]
    resource = encoded.problem.resources[number].id
    if not holders:
        return Wait(task.id, WaitCause.CALENDAR, resource, until=start, delay=delay)
    return Wait(
        task.id, WaitCause.RESOURCE, resource, tuple(tasks[j].id for j in holders), until=start, delay=delay
    )


def _budget_wait(encoded: Encoded, k: int, begin: list[int], delay: int) -> Wait | None:
    """The budget whose period would be overdrawn by starting one unit earlier, and who spends it."""
    tasks = encoded.problem.tasks
    task, start = tasks[k], begin[k]
    for budget in encoded.problem.budgets:
        if not task.demands.get(budget.id, 0):
            continue
        for number, amount in enumerate(budget.amounts):
            low, high = budget.boundaries[number], budget.boundaries[number + 1]
            spent = {
                j: tasks[j].demands.get(budget.id, 0) * _overlap(begin[j], tasks[j].duration, low, high)
                for j in range(len(tasks))
                if j != k
            }
            own = task.demands[budget.id] * _overlap(start - 1, task.duration, low, high)
            if sum(spent.values()) + own > amount:
                spenders = tuple(tasks[j].id for j, value in spent.items() if value)
                return Wait(task.id, WaitCause.BUDGET, budget.id, spenders, until=start, delay=delay)
    return None


def _overlap(start: int, duration: int, low: int, high: int) -> int:
    return max(0, min(start + duration, high) - max(start, low))
