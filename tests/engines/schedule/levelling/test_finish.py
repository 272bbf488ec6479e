"""Least finish: always feasible, optimal where it says so, bounded from below, repeatable, stoppable."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hongtu.engines.schedule.levelling import (
    Budget,
    LevellingError,
    Limits,
    Problem,
    Relation,
    RelationKind,
    Resource,
    Task,
    WaitCause,
    minimise_finish,
    read_psplib,
    violations,
)
from hongtu.engines.schedule.levelling.bounds import quick_bound
from hongtu.engines.schedule.levelling.encode import encode
from tests.shared_data import shared

from .cases import least_finish, problems

CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BRIEF = Limits(seconds=20, schedules=300, proof=0.5, workers=1)


@CALM
@given(problems())
def test_every_plan_is_feasible_and_optimal_when_small(problem: Problem) -> None:
    plan = minimise_finish(problem, BRIEF)
    assert plan.feasible and violations(problem, plan.starts) == []
    assert plan.lower_bound <= plan.makespan
    optimum = least_finish(problem)
    assert plan.lower_bound <= optimum <= plan.makespan
    if plan.optimal:
        assert plan.makespan == optimum


@CALM
@given(problems(plain=True))
def test_small_plain_problems_are_solved_to_the_optimum(problem: Problem) -> None:
    plan = minimise_finish(problem, BRIEF)
    assert plan.optimal
    assert plan.makespan == least_finish(problem)


@CALM
@given(problems(most=12, longest=9), st.randoms(use_true_random=False))
def test_relabelling_changes_no_bound(problem: Problem, random: object) -> None:
    names = [task.id for task in problem.tasks]
    other = dict(zip(names, random.sample(names, len(names)), strict=True))
    tasks = [
        Task(other[t.id], t.duration, t.demands, t.release, t.deadline, t.fixed_start) for t in problem.tasks
    ]
    random.shuffle(tasks)
    relations = [Relation(other[r.predecessor], other[r.successor], r.kind, r.lag) for r in problem.relations]
    random.shuffle(relations)
    relabelled = Problem(tuple(tasks), tuple(relations), problem.resources, problem.budgets)
    assert quick_bound(encode(relabelled)) == quick_bound(encode(problem))


@CALM
@given(problems(most=10))
def test_a_tighter_resource_never_lets_the_bound_fall(problem: Problem) -> None:
    wider = Problem(
        problem.tasks,
        problem.relations,
        tuple(
            Resource(r.id, r.capacity + 1, tuple((time, amount + 1) for time, amount in r.changes))
            for r in problem.resources
        ),
        problem.budgets,
    )
    assert quick_bound(encode(wider)) <= quick_bound(encode(problem))


@pytest.mark.parametrize("number", [1, 2, 3, 41, 201])
def test_j30_reaches_the_known_optimum(number: int) -> None:
    problem = read_psplib(shared(f"data/rcpsp/j30/J30_{number}.txt"))
    known = _best_known("data/rcpsp/J30.csv", number)
    plan = minimise_finish(problem, Limits(seconds=20, schedules=20_000, proof=5, workers=2))
    assert plan.makespan == known
    assert plan.lower_bound <= known


def _best_known(path: str, number: int) -> int:
    for line in shared(path).read_text(encoding="latin-1").splitlines():
        cells = line.split(";")
        if cells[0] == str(number):
            return int(cells[7])
    raise AssertionError(f"{path} has no instance {number}")


def test_same_seed_and_schedules_give_the_same_plan() -> None:
    problem = read_psplib(shared("data/rcpsp/j60/J60_121.txt"))
    limits = Limits(seconds=None, schedules=15_000, proof=0.2, workers=2, seed=7)
    first, second = minimise_finish(problem, limits), minimise_finish(problem, limits)
    assert first.starts == second.starts
    assert first.schedules == second.schedules
    assert first.lower_bound == second.lower_bound


def test_stopping_returns_the_best_so_far() -> None:
    problem = read_psplib(shared("data/rcpsp/j60/J60_445.txt"))
    stop = threading.Event()
    reports = []

    def watch(progress: object) -> None:
        reports.append(progress)
        if len(reports) == 3:
            stop.set()

    plan = minimise_finish(problem, Limits(seconds=600), stop=stop, on_progress=watch)
    assert plan.stopped and not plan.optimal
    assert plan.feasible and violations(problem, plan.starts) == []
    assert plan.makespan == reports[-1].value
    assert [r.value for r in reports] == sorted((r.value for r in reports), reverse=True)
    assert [r.lower_bound for r in reports] == sorted(r.lower_bound for r in reports)


def test_a_fixed_task_stays_and_the_others_go_round_it() -> None:
    problem = Problem(
        (Task("a", 3, {"crane": 1}), Task("b", 2, {"crane": 1}, fixed_start=2), Task("c", 2, {"crane": 1})),
        (),
        (Resource("crane", 1),),
    )
    plan = minimise_finish(problem, BRIEF)
    assert plan.feasible and plan.optimal
    assert plan.starts["b"] == 2 and plan.starts["c"] == 0 and plan.starts["a"] == 4


def test_fixed_tasks_that_overdraw_one_resource_leave_the_others_right() -> None:
    fixed = tuple(Task(f"fixed{k}", 4, {"crane": 1}, fixed_start=0) for k in range(6))
    others = tuple(Task(f"other{k}", 2, {"crew": 1}) for k in range(4))
    problem = Problem((*fixed, *others), (), (Resource("crane", 1), Resource("crew", 2)))
    plan = minimise_finish(problem, BRIEF)
    assert not plan.feasible
    assert all("crane" in sentence for sentence in plan.violations)
    assert max(plan.starts[task.id] for task in others) == 2


def test_a_deadline_that_the_resources_deny_is_reported_not_hidden() -> None:
    problem = Problem(
        (Task("a", 3, {"crew": 1}, deadline=4), Task("b", 3, {"crew": 1}, deadline=4)),
        (),
        (Resource("crew", 1),),
    )
    plan = minimise_finish(problem, BRIEF)
    assert not plan.feasible and not plan.optimal
    assert any("deadline" in sentence for sentence in plan.violations)


def test_a_deadline_decides_who_goes_first() -> None:
    problem = Problem(
        (Task("long", 5, {"crew": 1}), Task("due", 1, {"crew": 1}, deadline=1), Task("next", 2, {"crew": 1})),
        (),
        (Resource("crew", 1),),
    )
    plan = minimise_finish(problem, BRIEF)
    assert plan.feasible and plan.starts["due"] == 0 and plan.makespan == 8


def test_money_of_the_next_month_is_waited_for() -> None:
    problem = Problem(
        (Task("a", 4, {"money": 5}, fixed_start=0), Task("b", 4, {"money": 5})),
        (),
        (),
        (Budget("money", (0, 10, 20), (25, 40)),),
    )
    plan = minimise_finish(problem, BRIEF)
    assert plan.feasible and plan.optimal
    assert plan.starts["b"] == 9  # the first month's money is enough for one more unit of time
    assert plan.waits["b"].cause is WaitCause.BUDGET
    assert plan.waits["b"].resource == "money" and plan.waits["b"].held_by == ("a",)


@pytest.mark.parametrize("kind", list(RelationKind))
def test_relation_types_hold_the_ends_they_name(kind: RelationKind) -> None:
    problem = Problem((Task("a", 4), Task("b", 2)), (Relation("a", "b", kind, 3),))
    plan = minimise_finish(problem, BRIEF)
    assert plan.starts["b"] == {"FS": 7, "SS": 3, "FF": 5, "SF": 1}[kind.value]


def test_a_circle_is_printed_as_the_circle() -> None:
    tasks = tuple(Task(name, 1) for name in "abcd")
    problem = Problem(tasks, (Relation("a", "b"), Relation("b", "c"), Relation("c", "b"), Relation("c", "d")))
    with pytest.raises(LevellingError) as refusal:
        minimise_finish(problem, BRIEF)
    assert refusal.value.code == "levelling.cycle"
    assert "b -> c -> b" in str(refusal.value) or "c -> b -> c" in str(refusal.value)


def test_a_window_that_no_plan_can_keep_is_refused_by_name() -> None:
    problem = Problem((Task("a", 5), Task("b", 5, deadline=8)), (Relation("a", "b"),))
    with pytest.raises(LevellingError, match="b cannot start before 5") as refusal:
        minimise_finish(problem, BRIEF)
    assert refusal.value.code == "levelling.window"


@pytest.mark.parametrize(
    ("build", "code"),
    [
        (lambda: Problem(()), "levelling.empty"),
        (lambda: Problem((Task("a", 1), Task("a", 1))), "levelling.duplicate"),
        (lambda: Problem((Task("a", 1),), (Relation("a", "x"),)), "levelling.unknown-task"),
        (lambda: Problem((Task("a", 1, {"x": 1}),)), "levelling.unknown-resource"),
        (lambda: Problem((Task("a", 1, {"x": 3}),), (), (Resource("x", 2),)), "levelling.demand"),
        (lambda: Task("a", -1), "levelling.duration"),
        (lambda: Task("a", 3, deadline=2), "levelling.window"),
        (lambda: Resource("x", 2, ((5, 1), (3, 2))), "levelling.changes"),
    ],
)
def test_contradictions_are_refused_with_a_code(build: object, code: str) -> None:
    with pytest.raises(LevellingError) as refusal:
        build()
    assert refusal.value.code == code
