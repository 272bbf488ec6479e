"""Levelling a schedule network: real dates, on its calendars, with every resource within its limit."""

from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.levelling import Limits, WaitCause
from hongtu.engines.schedule.levelling.network_plan import level_network
from hongtu.engines.schedule.model import Activity, Constraint, ConstraintKind, Duration, Network, Relation

BRIEF = Limits(seconds=20, schedules=300, proof=0.5, workers=1)
WEEK = Calendar.working_week("week")
SIX = Calendar.working_week("six", days=range(6))


def test_two_sites_take_turns_with_one_crane() -> None:
    network = Network(
        (Activity("a", duration=Duration.days(3)), Activity("b", duration=Duration.days(4))),
        (),
        datetime(2026, 1, 5, 8),
        (WEEK,),
    )
    levelled = level_network(network, {"a": {"crane": 1}, "b": {"crane": 1}}, {"crane": 1}, BRIEF)
    assert levelled.plan.optimal and levelled.exact and not levelled.overloads
    days = sorted((levelled.result.start_day(name), levelled.result.finish_day(name)) for name in "ab")
    assert days[0][0] == date(2026, 1, 5) and days[1][1] == date(2026, 1, 13)
    assert days[0][1] < days[1][0]
    late = max("ab", key=levelled.result.start)
    wait = levelled.plan.waits[late]
    assert wait.cause is WaitCause.RESOURCE and wait.resource == "crane"
    assert wait.held_by == (min("ab", key=levelled.result.start),)


def test_half_units_share_a_crew() -> None:
    activities = tuple(Activity(name, duration=Duration.days(2)) for name in "abc")
    network = Network(activities, (), datetime(2026, 1, 5, 8), (WEEK,))
    demands = {name: {"crew": 0.5} for name in "abc"}
    levelled = level_network(network, demands, {"crew": 1}, BRIEF)
    assert not levelled.overloads
    assert max(levelled.result.finish_day(name) for name in "abc") == date(2026, 1, 8)


def test_what_is_finished_or_held_back_counts_as_it_is() -> None:
    activities = (
        Activity(
            "done", duration=Duration.days(2), actual_start=date(2026, 1, 5), actual_finish=date(2026, 1, 6)
        ),
        Activity(
            "going", duration=Duration.days(4), actual_start=date(2026, 1, 6), remaining=Duration.days(2)
        ),
        Activity("next", duration=Duration.days(1)),
        Activity(
            "later",
            duration=Duration.days(1),
            constraints=(Constraint(ConstraintKind.START_NO_EARLIER_THAN, datetime(2026, 1, 14, 8)),),
        ),
    )
    network = Network(activities, (), datetime(2026, 1, 5, 8), (WEEK,), data_date=datetime(2026, 1, 7, 8))
    demands = {a.id: {"crew": 1.0} for a in activities}
    levelled = level_network(network, demands, {"crew": 1}, BRIEF)
    assert not levelled.overloads
    assert levelled.result.finish_day("going") == date(2026, 1, 8)
    assert levelled.result.start_day("next") == date(2026, 1, 9)
    assert levelled.result.start_day("later") == date(2026, 1, 14)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_dates_never_need_more_than_there_is_on_any_calendars(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 8))
    activities, relations, demands = [], [], {}
    for k in range(count):
        days = data.draw(st.integers(0, 6))
        unit = data.draw(st.sampled_from([Duration.days, Duration.calendar_days]))
        activities.append(
            Activity(f"a{k}", duration=unit(days), calendar=data.draw(st.sampled_from(["week", "six"])))
        )
        demands[f"a{k}"] = {"crew": data.draw(st.sampled_from([0, 0.5, 1.0, 2.0]))}
        for p in data.draw(st.sets(st.integers(0, k - 1), max_size=2)) if k else ():
            relations.append(Relation(f"a{p}", f"a{k}", lag=Duration.days(data.draw(st.integers(0, 2)))))
    network = Network(tuple(activities), tuple(relations), datetime(2026, 1, 5, 8), (WEEK, SIX))
    levelled = level_network(network, demands, {"crew": 2}, BRIEF)
    assert not levelled.overloads
    for moment in {int(levelled.result.early_start[k]) for k in range(count)}:
        busy = sum(
            demands[name]["crew"]
            for name in levelled.result.ids
            if levelled.result.early_start[levelled.result.position(name)]
            <= moment
            < levelled.result.early_finish[levelled.result.position(name)]
        )
        assert busy <= 2
    for k in range(count):
        assert levelled.result.early_start[k] >= levelled.before.early_start[k]
