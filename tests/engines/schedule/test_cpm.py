"""Dates of small plans that can be checked by hand: constraints, progress, calendars, ALAP, float paths."""

from datetime import date, datetime, timedelta

import numba
import numpy as np
import pytest

from hongtu.engines.schedule.bulk import BulkPlan
from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.compiled import compiled
from hongtu.engines.schedule.cpm import Planner, schedule
from hongtu.engines.schedule.errors import CycleError, NegativeDurationError
from hongtu.engines.schedule.model import (
    Activity,
    ActivityKind,
    Constraint,
    ConstraintKind,
    Duration,
    GapRule,
    LagCalendar,
    Network,
    ProgressMode,
    Relation,
    RelationType,
)
from hongtu.engines.schedule.paths import Reason, driving_chain, float_paths
from hongtu.engines.schedule.scenarios import ScenarioPlan

from .networks import random_network

MONDAY = date(2026, 3, 2)
OFFICE = Calendar.statutory("office", published_years=[2026])


def days(id: str, count: float, **more: object) -> Activity:
    return Activity(id, duration=Duration.days(count), calendar=more.pop("calendar", "office"), **more)


def plan(activities: list[Activity], relations: list[Relation] = (), **settings: object) -> Network:
    calendars = settings.pop("calendars", (OFFICE,))
    return Network(
        activities, list(relations), settings.pop("start", MONDAY), calendars=calendars, **settings
    )


def constrained(kind: ConstraintKind, moment: date | None = None) -> tuple[Constraint, ...]:
    return (Constraint(kind, moment),)


def test_working_and_calendar_days_in_one_plan() -> None:
    """A permit of 5 working days, then a notice of 7 calendar days, then 2 working days."""
    activities = [
        days("permit", 5),
        Activity("notice", duration=Duration.calendar_days(7)),
        days("contract", 2),
    ]
    result = schedule(plan(activities, [Relation("permit", "notice"), Relation("notice", "contract")]))
    assert result.finish_day("permit") == date(2026, 3, 6)
    assert result.start_day("notice") == date(2026, 3, 7), "the notice runs from Saturday"
    assert result.finish_day("notice") == date(2026, 3, 13)
    assert result.start_day("contract") == date(2026, 3, 16)
    assert result.total_float_days.tolist() == [0, 2, 0], "the notice could run on over the weekend"
    assert result.longest_path.all()


@pytest.mark.parametrize(
    ("choice", "day"),
    [
        (LagCalendar.PREDECESSOR, date(2026, 3, 11)),
        (LagCalendar.SUCCESSOR, date(2026, 3, 10)),
        (LagCalendar.PROJECT, date(2026, 3, 11)),
        (LagCalendar.AROUND_THE_CLOCK, date(2026, 3, 9)),
    ],
)
def test_a_lag_runs_on_the_calendar_it_names(choice: LagCalendar, day: date) -> None:
    six = Calendar.working_week("six", days=range(6), shifts=((0, 1440),))
    activities = [days("a", 4), days("b", 1, calendar="six")]
    relation = Relation("a", "b", lag=Duration.days(3), lag_calendar=choice)
    result = schedule(plan(activities, [relation], calendars=(OFFICE, six)))
    assert result.start_day("b") == day


def test_holidays_and_make_up_days_move_dates() -> None:
    calendar = Calendar.statutory(
        "office", holidays=[date(2026, 3, 4), date(2026, 3, 5)], make_up_days=[date(2026, 3, 7)]
    )
    result = schedule(plan([days("a", 5)], calendars=(calendar,)))
    assert result.finish_day("a") == date(2026, 3, 9)


def test_a_year_without_published_holidays_is_said() -> None:
    result = schedule(plan([days("a", 300)]))
    assert result.caveats == ("2027年节假日安排未公布，按周末推算",)
    assert schedule(plan([days("a", 3)])).caveats == ()


def test_constraints_place_an_activity() -> None:
    kinds = ConstraintKind
    cases = {
        kinds.START_NO_EARLIER_THAN: (date(2026, 3, 11), date(2026, 3, 12)),
        kinds.FINISH_NO_EARLIER_THAN: (date(2026, 3, 10), date(2026, 3, 11)),
        kinds.MUST_START_ON: (date(2026, 3, 11), date(2026, 3, 12)),
        kinds.MUST_FINISH_ON: (date(2026, 3, 10), date(2026, 3, 11)),
        kinds.MANDATORY_START: (date(2026, 3, 11), date(2026, 3, 12)),
        kinds.MANDATORY_FINISH: (date(2026, 3, 10), date(2026, 3, 11)),
        kinds.START_NO_LATER_THAN: (MONDAY, date(2026, 3, 3)),
        kinds.AS_SOON_AS_POSSIBLE: (MONDAY, date(2026, 3, 3)),
    }
    for kind, (start, finish) in cases.items():
        moment = None if kind is kinds.AS_SOON_AS_POSSIBLE else date(2026, 3, 11)
        activities = [days("a", 2, constraints=constrained(kind, moment)), days("b", 20)]
        result = schedule(plan(activities))
        assert (result.start_day("a"), result.finish_day("a")) == (start, finish), kind


def test_must_start_yields_to_relations_and_mandatory_does_not() -> None:
    wanted = date(2026, 3, 4)
    for kind, start, spare in (
        (ConstraintKind.MUST_START_ON, date(2026, 3, 16), -8),
        (ConstraintKind.MANDATORY_START, wanted, 0),
    ):
        activities = [days("a", 10), days("b", 2, constraints=constrained(kind, wanted))]
        result = schedule(plan(activities, [Relation("a", "b")]))
        assert result.start_day("b") == start
        assert result.total_float_days[1] == spare
        assert result.total_float_days[0] == -8, "the work before it is late either way"


def test_a_deadline_and_a_promise_make_float_negative_without_moving_dates() -> None:
    result = schedule(plan([days("a", 5, deadline=date(2026, 3, 4)), days("b", 5)]))
    assert result.finish_day("a") == date(2026, 3, 6)
    assert result.total_float_days.tolist() == [-2, 0]
    late = schedule(plan([days("a", 5)], must_finish_by=date(2026, 3, 5)))
    assert late.total_float_days.tolist() == [-1]
    assert late.finish_day("a", late=True) == date(2026, 3, 5)


def test_as_late_as_possible_waits_without_delaying_anyone() -> None:
    alap = constrained(ConstraintKind.AS_LATE_AS_POSSIBLE)
    activities = [days("a", 10), days("b", 2, constraints=alap), days("c", 1), days("d", 3, constraints=alap)]
    result = schedule(plan(activities, [Relation("a", "c"), Relation("b", "c")]))
    assert result.finish_day("b") == date(2026, 3, 13)
    assert result.start_day("c") == date(2026, 3, 16)
    assert result.finish_day("d") == date(2026, 3, 16), "without successors it ends with the project"
    assert result.free_float_days[1] == 0


def progressed(mode: ProgressMode) -> Network:
    """Day 6: `a` was finished late, `b` has begun although `x`, before it, is not done."""
    activities = [
        days("a", 3, actual_start=MONDAY, actual_finish=date(2026, 3, 6)),
        days("x", 4),
        days("b", 5, actual_start=date(2026, 3, 5), remaining=Duration.days(3)),
        days("c", 2),
    ]
    relations = [Relation("a", "x"), Relation("x", "b"), Relation("b", "c")]
    return plan(activities, relations, data_date=date(2026, 3, 9), progress=mode)


def test_retained_logic_waits_and_progress_override_goes_on() -> None:
    retained = schedule(progressed(ProgressMode.RETAINED_LOGIC))
    assert retained.start_day("x") == date(2026, 3, 9)
    assert retained.finish_day("b") == date(2026, 3, 17)
    override = schedule(progressed(ProgressMode.PROGRESS_OVERRIDE))
    assert override.finish_day("b") == date(2026, 3, 11)
    for result in (retained, override):
        assert result.start_day("b") == date(2026, 3, 5)
        assert result.finish_day("a") == date(2026, 3, 6)
        assert result.total_float_days[0] == 0
        assert not result.critical[0]


def test_a_lag_that_ran_before_the_data_date_is_not_waited_for_again() -> None:
    activities = [days("a", 2, actual_start=MONDAY, actual_finish=date(2026, 3, 3)), days("b", 1)]
    relation = [Relation("a", "b", lag=Duration.days(5))]
    result = schedule(plan(activities, relation, data_date=date(2026, 3, 6)))
    assert result.start_day("b") == date(2026, 3, 11), "two of five days have run"
    later = schedule(plan(activities, relation, data_date=date(2026, 3, 20)))
    assert later.start_day("b") == date(2026, 3, 20)


def test_percent_complete_gives_the_remaining_days() -> None:
    activity = days("a", 10, actual_start=MONDAY, percent_complete=30)
    result = schedule(plan([activity], data_date=date(2026, 3, 9)))
    assert result.finish_day("a") == date(2026, 3, 17)


def test_the_two_rules_for_free_time_differ_where_calendars_meet() -> None:
    """A notice ends on a Saturday; the office file that must not finish before it."""
    activities = [Activity("notice", duration=Duration.calendar_days(6)), days("file", 2)]
    relation = [Relation("notice", "file", RelationType.FINISH_FINISH)]
    strict = schedule(plan(activities, relation))
    assert strict.finish_day("notice") == date(2026, 3, 7)
    assert strict.start_day("file") == date(2026, 3, 6)
    assert strict.finish("file") == datetime(2026, 3, 10)
    assert strict.finish_day("file") == date(2026, 3, 9)
    loose = schedule(plan(activities, relation, gap_rule=GapRule.PRIMAVERA))
    assert loose.finish_day("file") == date(2026, 3, 6)


def test_levels_of_effort_span_others_and_drive_nothing() -> None:
    effort = Activity("watch", kind=ActivityKind.LEVEL_OF_EFFORT, calendar="office")
    relations = [
        Relation("a", "b"),
        Relation("a", "watch", RelationType.START_START),
        Relation("b", "watch", RelationType.FINISH_FINISH),
    ]
    result = schedule(plan([days("a", 3), effort, days("b", 4)], relations))
    assert result.ids == ("a", "watch", "b")
    assert (result.start_day("watch"), result.finish_day("watch")) == (MONDAY, date(2026, 3, 10))
    assert result.driving("b") == (0,)


def test_why_an_activity_lies_where_it_does() -> None:
    wait = constrained(ConstraintKind.START_NO_EARLIER_THAN, date(2026, 3, 9))
    activities = [days("a", 2, constraints=wait), days("short", 1), days("b", 3), days("c", 1)]
    relations = [Relation("a", "b"), Relation("short", "b"), Relation("b", "c")]
    network = plan(activities, relations)
    result = schedule(network)
    chain = driving_chain(network, result, "c")
    assert [link.activity.id for link in chain] == ["c", "b", "a"]
    assert [link.reason for link in chain] == [Reason.PREDECESSOR, Reason.PREDECESSOR, Reason.CONSTRAINT]
    assert chain[-1].constraint is ConstraintKind.START_NO_EARLIER_THAN
    assert result.longest_path.tolist() == [True, False, True, True]


def test_float_paths_come_in_the_order_of_their_slack() -> None:
    activities = [days("a", 5), days("b", 3), days("c", 1), days("d", 1), days("end", 1)]
    relations = [Relation("d", "c"), *(Relation(id, "end") for id in "abc")]
    network = plan(activities, relations)
    paths = float_paths(network, schedule(network), "end")
    assert [path.ids for path in paths] == [("a", "end"), ("b",), ("d", "c")]
    assert [path.slack // 1440 for path in paths] == [0, 2, 3]
    assert [path.joins for path in paths] == [None, "end", "end"]


def test_a_portfolio_in_one_network_gives_each_chain_its_own_float() -> None:
    one = [days("a1", 3), days("a2", 4), days("a3", 2)]
    two = [days("b1", 30), days("b2", 1), days("b3", 9)]
    links = {"a": [("a1", "a2"), ("a3", "a2")], "b": [("b1", "b3"), ("b2", "b3")]}
    relations = {key: [Relation(*pair) for pair in pairs] for key, pairs in links.items()}
    together = schedule(plan([*one, *two], [*relations["a"], *relations["b"]], separate_finishes=True))
    for activities, key in ((one, "a"), (two, "b")):
        alone = schedule(plan(activities, relations[key]))
        for id in alone.ids:
            for field in ("late_finish", "total_float", "free_float", "critical", "longest_path"):
                mine = getattr(together, field)[together.index[id]]
                assert mine == getattr(alone, field)[alone.index[id]], (id, field)
    joined = schedule(plan([*one, *two], [*relations["a"], *relations["b"]]))
    assert joined.total_float_days[joined.index["a2"]] == 32


def test_very_distant_dates_widen_the_calendar() -> None:
    result = schedule(plan([days("a", 20_000), days("b", 1)], [Relation("a", "b")]))
    start = MONDAY + timedelta(weeks=4000)
    assert result.start_day("b") == start


def test_an_empty_plan_is_a_plan() -> None:
    result = schedule(plan([]))
    assert result.ids == ()


@pytest.mark.parametrize("seed", range(12))
def test_many_scenarios_equal_single_schedules(seed: int) -> None:
    network = random_network(seed, calendars=1 + seed % 2)
    scenarios = ScenarioPlan(network)
    rng = np.random.default_rng(seed)
    runs = 70
    factor = rng.uniform(0.3, 3.0, (len(scenarios.ids), runs))
    lengths = np.rint(scenarios.base_duration[:, None] * factor).astype(np.int32)
    outcome = scenarios.run(lengths, watch=scenarios.ids, criticality=True, threads=2)
    planner = Planner(network)
    critical = np.zeros(len(scenarios.ids))
    for run in range(runs):
        single = planner.run(lengths[:, run].astype(np.int64) * scenarios.slot)
        assert outcome.project_finish[run] == single.project_finish
        assert (outcome.finish[:, run] == single.early_finish).all()
        critical += single.longest_path
    assert np.allclose(outcome.criticality, critical / runs)


def test_scenarios_far_beyond_the_plan_still_find_their_dates() -> None:
    scenarios = ScenarioPlan(plan([days("a", 1), days("b", 1)], [Relation("a", "b")]))
    outcome = scenarios.run(np.array([[1, 40_000], [1, 1]]))
    assert outcome.project_finish[1] - outcome.project_finish[0] > 40_000 * 1440


def test_bulk_dates_equal_the_planner() -> None:
    for seed in (1, 2, 4, 7):
        network = random_network(seed)
        bare = [Activity(a.id, duration=a.duration, calendar="office") for a in network.activities]
        result = schedule(Network(bare, network.relations, network.start, calendars=network.calendars))
        place = {a.id: i for i, a in enumerate(bare)}
        kinds = [r.type.value for r in network.relations]
        bulk = BulkPlan(
            len(bare),
            [place[r.predecessor] for r in network.relations],
            [place[r.successor] for r in network.relations],
            [int(r.lag.amount) * 480 for r in network.relations],
            [kind[0] == "F" for kind in kinds],
            [kind[1] == "F" for kind in kinds],
        )
        found = bulk.run([a.duration.in_minutes(network.calendars[0]) for a in bare])
        worked = Planner(network).timeline
        first = worked.work(0, result.project_start)
        early = [worked.work(0, m) - first for m in result.early_start]
        assert found.in_order(found.early_start).tolist() == early
        if seed in (2, 7):  # with open ends Primavera's cap and the plain one differ
            assert found.in_order(found.total_float).tolist() == result.total_float.tolist()


def test_bulk_refuses_cycles_and_negative_durations() -> None:
    with pytest.raises(CycleError, match=r"1 -> 2 -> 1|2 -> 1 -> 2"):
        BulkPlan(3, [0, 1, 2], [1, 2, 1])
    with pytest.raises(NegativeDurationError, match="activity 1 is negative: -4"):
        BulkPlan(2, [0], [1]).run([1, -4])


def test_compiles_without_a_cache_where_none_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_plainly = numba.njit

    def refusing(*function: object, **options: bool) -> object:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return compile_plainly(*function, **options)

    monkeypatch.setattr(numba, "njit", refusing)
    double = compiled(lambda number: 2 * number)
    assert double(21) == 42
