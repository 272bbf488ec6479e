"""Holding the finish and evening out the use."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings

from hongtu.engines.schedule.levelling import (
    LevellingError,
    Limits,
    Objective,
    Problem,
    Relation,
    Resource,
    Task,
    level_use,
    violations,
)

from .cases import problems

BRIEF = Limits(seconds=30, schedules=200_000, proof=2.0, workers=1)


def _use(problem: Problem, starts: dict[str, int], resource: str, end: int) -> list[int]:
    return [
        sum(
            t.demands.get(resource, 0) for t in problem.tasks if starts[t.id] <= u < starts[t.id] + t.duration
        )
        for u in range(end)
    ]


def _best(problem: Problem, end: int, objective: Objective) -> int:
    """The optimum by trying every combination of starts."""
    ranges = [range(0, end - task.duration + 1) for task in problem.tasks]
    least = None
    for combination in itertools.product(*ranges):
        starts = dict(zip((t.id for t in problem.tasks), combination, strict=True))
        if violations(problem, starts):
            continue
        uses = [_use(problem, starts, r.id, end) for r in problem.resources]
        squares = sum(sum(u * u for u in use) for use in uses)
        value = sum(max(use) for use in uses) if objective is Objective.PEAK else squares
        least = value if least is None else min(least, value)
    assert least is not None
    return least


@pytest.mark.parametrize("objective", [Objective.SQUARED_USE, Objective.PEAK])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problem=problems(most=4, longest=3, plain=True))
def test_small_cases_are_levelled_to_the_optimum(objective: Objective, problem: Problem) -> None:
    end = sum(task.duration for task in problem.tasks)
    plan = level_use(problem, end, objective, BRIEF)
    assert plan.feasible and plan.makespan <= end
    best = _best(problem, end, objective)
    assert plan.lower_bound <= best == plan.value


def test_float_is_used_to_flatten_the_crew() -> None:
    problem = Problem(
        (Task("path", 6), Task("a", 2, {"crew": 2}), Task("b", 2, {"crew": 2}), Task("c", 2, {"crew": 2})),
        (),
        (Resource("crew", 6),),
    )
    plan = level_use(problem, None, Objective.PEAK, BRIEF)
    assert plan.makespan == 6 and plan.value == 2 and plan.optimal


def test_too_little_for_the_date_is_said() -> None:
    problem = Problem((Task("a", 3, {"crew": 1}), Task("b", 3, {"crew": 1})), (), (Resource("crew", 1),))
    plan = level_use(problem, 4, Objective.PEAK, BRIEF)
    assert not plan.feasible and not plan.optimal
    assert any("crew" in sentence for sentence in plan.violations)


def test_a_finish_that_the_relations_deny_is_refused() -> None:
    problem = Problem((Task("a", 3), Task("b", 3)), (Relation("a", "b"),))
    with pytest.raises(LevellingError, match="need 6") as refusal:
        level_use(problem, 5)
    assert refusal.value.code == "levelling.finish"
