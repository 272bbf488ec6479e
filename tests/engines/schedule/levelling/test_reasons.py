"""Every start has a reason that can be checked against the plan."""

from hypothesis import HealthCheck, given, settings

from hongtu.engines.schedule.levelling import (
    Limits,
    Problem,
    Relation,
    Resource,
    Task,
    WaitCause,
    minimise_finish,
    violations,
)

from .cases import problems

BRIEF = Limits(seconds=20, schedules=200, proof=0.2, workers=1)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems(most=9, longest=6))
def test_a_step_said_to_wait_could_not_start_earlier(problem: Problem) -> None:
    plan = minimise_finish(problem, BRIEF)
    if not plan.feasible:
        return
    for task in problem.tasks:
        wait = plan.waits[task.id]
        assert wait.until == plan.starts[task.id]
        if wait.cause in (WaitCause.RESOURCE, WaitCause.CALENDAR, WaitCause.BUDGET):
            assert wait.delay > 0
            earlier = {**plan.starts, task.id: plan.starts[task.id] - 1}
            assert any(str(wait.resource) in sentence for sentence in violations(problem, earlier))
        for holder in wait.held_by if wait.cause is WaitCause.RESOURCE else ():
            length = next(t.duration for t in problem.tasks if t.id == holder)
            assert plan.starts[holder] + length == plan.starts[task.id]


def test_the_two_kinds_of_waiting_are_told_apart() -> None:
    problem = Problem(
        (Task("dig", 3, {"crew": 1}), Task("pave", 2, {"crew": 1}), Task("check", 1)),
        (Relation("pave", "check"),),
        (Resource("crew", 1),),
    )
    plan = minimise_finish(problem, BRIEF)
    assert plan.makespan == 5
    assert plan.starts["pave"] == 0 or plan.waits["pave"].held_by == ("dig",)
    assert plan.waits["check"].cause is WaitCause.PREDECESSOR
    assert plan.waits["check"].held_by == ("pave",)


def test_a_crew_on_leave_is_the_reason() -> None:
    problem = Problem((Task("a", 2, {"crew": 1}),), (), (Resource("crew", 0, ((4, 1),)),))
    plan = minimise_finish(problem, BRIEF)
    assert plan.starts["a"] == 4
    assert plan.waits["a"].cause is WaitCause.CALENDAR and plan.waits["a"].resource == "crew"
