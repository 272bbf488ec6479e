"""Microsoft Project's rules: laws that hold for every plan, and the rules that differ from Primavera's."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.errors import CycleError, MissingActivityError, NegativeDurationError
from hongtu.engines.schedule.microsoft import MicrosoftRules, schedule_as_microsoft
from hongtu.engines.schedule.model import (
    Activity,
    Constraint,
    ConstraintKind,
    Duration,
    Network,
    Relation,
    RelationType,
)

MONDAY = datetime(2026, 4, 6, 8)
CALENDAR = Calendar("standard", minutes_per_day=480)


def network(activities: list[Activity], relations: list[Relation]) -> Network:
    return Network(activities, relations, MONDAY, (CALENDAR,))


@st.composite
def plans(draw: st.DrawFn) -> Network:
    count = draw(st.integers(2, 12))
    activities = [Activity(str(n), duration=Duration.days(draw(st.integers(1, 9)))) for n in range(count)]
    relations = []
    for later in range(1, count):
        for earlier in draw(st.sets(st.integers(0, later - 1), max_size=3)):
            kind = draw(st.sampled_from([RelationType.FINISH_START, RelationType.START_START]))
            lag = Duration.days(draw(st.integers(0, 4)))
            relations.append(Relation(str(earlier), str(later), kind, lag))
    return network(activities, relations)


@settings(max_examples=60, deadline=None)
@given(plans())
def test_nothing_starts_before_its_predecessors_allow_and_slack_is_never_negative(plan: Network) -> None:
    result = schedule_as_microsoft(plan)
    for relation in plan.relations:
        source, target = result.position(relation.predecessor), result.position(relation.successor)
        ends = result.early_finish if relation.type is RelationType.FINISH_START else result.early_start
        assert result.early_start[target] >= ends[source]
    assert (result.total_float >= 0).all()
    loose = {r.predecessor for r in plan.relations if r.type is RelationType.START_START}
    for at, id in enumerate(result.ids):
        # A start-start successor says nothing of the finish: free slack may then exceed total slack there.
        assert id in loose or result.free_float[at] <= result.total_float[at]
    assert result.critical.any()


@settings(max_examples=40, deadline=None)
@given(plans(), st.integers(0, 11), st.integers(1, 10))
def test_a_delay_within_the_slack_leaves_the_finish_and_beyond_it_moves_it(
    plan: Network, which: int, days: int
) -> None:
    before = schedule_as_microsoft(plan)
    at = which % len(plan.activities)
    delayed = list(plan.activities)
    longer = Duration.days(delayed[at].duration.amount + days)
    delayed[at] = Activity(delayed[at].id, duration=longer)
    after = schedule_as_microsoft(network(delayed, list(plan.relations)))
    slack = before.late_finish[at] - before.early_finish[at]
    assert after.project_finish >= before.project_finish
    if days * 480 <= before.total_float[at]:
        assert after.project_finish == before.project_finish, slack


def test_a_manual_task_stays_and_does_not_pull_its_predecessors_start_relations() -> None:
    plan = network(
        [Activity("a", duration=Duration.days(1)), Activity("b", duration=Duration.days(1)),
         Activity("long", duration=Duration.days(10))],
        [Relation("a", "b", RelationType.START_START, Duration.days(2))],
    )  # fmt: skip
    typed = (MONDAY + timedelta(days=1), MONDAY + timedelta(days=1, hours=9))
    result = schedule_as_microsoft(
        plan, MicrosoftRules(pinned={"a": (MONDAY, MONDAY + timedelta(hours=9)), "b": typed})
    )
    assert result.start("b") == typed[0]  # two days too early for the relation, and left there
    assert result.total_float_days[result.position("a")] == 9


def test_constraint_dates_win_over_relations_and_show_as_negative_slack() -> None:
    fixed = Constraint(ConstraintKind.MUST_FINISH_ON, datetime(2026, 4, 8, 17))
    plan = network(
        [
            Activity("a", duration=Duration.days(5)),
            Activity("b", duration=Duration.days(2), constraints=(fixed,)),
        ],
        [Relation("a", "b")],
    )
    result = schedule_as_microsoft(plan)
    assert result.start("b") == datetime(2026, 4, 7, 8)
    assert result.total_float_days[result.position("a")] == -4


def test_as_late_as_possible_is_shown_late_and_pushes_what_follows() -> None:
    late = Activity(
        "late", duration=Duration.days(2), constraints=(Constraint(ConstraintKind.AS_LATE_AS_POSSIBLE),)
    )
    plan = network(
        [late, Activity("next", duration=Duration.days(1)), Activity("long", duration=Duration.days(10))],
        [Relation("late", "next")],
    )
    result = schedule_as_microsoft(plan)
    assert result.start("late") == datetime(2026, 4, 15, 8)
    assert result.start("next") == datetime(2026, 4, 17, 8)
    assert result.total_float[result.position("late")] == 0


def test_a_plan_from_its_finish_is_as_late_as_possible_throughout() -> None:
    plan = network(
        [Activity("a", duration=Duration.days(3)), Activity("b", duration=Duration.days(2))],
        [Relation("a", "b")],
    )
    result = schedule_as_microsoft(plan, MicrosoftRules(finish=datetime(2026, 5, 1, 17)))
    assert result.finish("b") == datetime(2026, 5, 1, 17)
    assert result.start("a") == datetime(2026, 4, 27, 8)


def test_levelling_delay_is_elapsed_time() -> None:
    plan = network([Activity("a", duration=Duration.days(1))], [])
    result = schedule_as_microsoft(plan, MicrosoftRules(levelling_delay={"a": 5 * 1440}))
    assert result.start("a") == datetime(2026, 4, 13, 8)  # five days on is Saturday


def test_wrong_plans_are_refused_by_name() -> None:
    one, two = Activity("1", duration=Duration.days(1)), Activity("2", duration=Duration.days(1))
    with pytest.raises(CycleError) as ring:
        schedule_as_microsoft(network([one, two], [Relation("1", "2"), Relation("2", "1")]))
    assert set(ring.value.subjects) == {"1", "2"}
    with pytest.raises(MissingActivityError):
        schedule_as_microsoft(network([one], [Relation("9", "1")]))
    with pytest.raises(NegativeDurationError):
        schedule_as_microsoft(network([Activity("1", duration=Duration.days(-1))], []))
