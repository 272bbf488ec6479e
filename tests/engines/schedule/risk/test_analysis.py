"""Risk analysis: known answers, reproducibility, correlation, events, branches, measures, convergence."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.errors import MissingActivityError
from hongtu.engines.schedule.model import Activity, Duration, Network, Relation
from hongtu.engines.schedule.risk import (
    Branch,
    BranchOption,
    DriverKind,
    Empirical,
    Fixed,
    Mitigation,
    Pert,
    Promise,
    RiskEvent,
    RiskModel,
    RiskSettings,
    Triangular,
    Uncertainty,
    assess_risk,
    compare_measures,
)
from hongtu.engines.schedule.risk.model import RiskModelError
from hongtu.engines.schedule.risk.sampling import SampleSizeError

OFFICE = Calendar.working_week("office")
WEEK = Calendar.statutory("district", holidays=[date(2026, 5, 1)])
START = date(2026, 1, 5)


def line(count: int = 10, days: float = 10, calendar: Calendar = OFFICE, **extra: object) -> Network:
    """A chain of equal steps, in minutes of office hours unless another calendar is given."""
    steps = [Activity(f"s{i}", duration=Duration.days(days)) for i in range(count)]
    relations = [Relation(f"s{i - 1}", f"s{i}") for i in range(1, count)]
    return Network(steps, relations, START, calendars=(calendar,), **extra)  # type: ignore[arg-type]


def spread(count: int = 10, **causes: float) -> list[Uncertainty]:
    return [Uncertainty(f"s{i}", Triangular(6, 10, 20), causes) for i in range(count)]


def working_days(network: Network, finish: date) -> int:
    return network.calendars[0].working_days_between(START, finish) + 1


def test_without_uncertainty_every_run_is_the_plan() -> None:
    result = assess_risk(
        RiskModel(line(3, 5), promises=[Promise("all", date(2026, 1, 23))]), RiskSettings(200)
    )
    found = result.promise("all")
    assert found.planned == found.p50 == found.p95 == date(2026, 1, 23)
    assert found.chance == 1.0
    earlier = RiskModel(line(3, 5), promises=[Promise("all", date(2026, 1, 22))])
    missed = assess_risk(earlier, RiskSettings(200)).promise("all")
    assert missed.chance == 0.0
    assert missed.mean_delay_days == pytest.approx(1.0)


def test_a_chain_of_triangular_steps_has_the_sum_of_their_means_and_variances() -> None:
    network = line(10)
    found = assess_risk(RiskModel(network, spread()), RiskSettings(10_000)).promises[0]
    mean, variance = (6 + 10 + 20) / 3, (36 + 100 + 400 - 60 - 120 - 200) / 18
    sigma = np.sqrt(10 * variance)
    assert working_days(network, found.p50) == pytest.approx(10 * mean, abs=1.5)
    assert working_days(network, found.p80) == pytest.approx(10 * mean + 0.8416 * sigma, abs=1.5)
    assert working_days(network, found.p95) == pytest.approx(10 * mean + 1.6449 * sigma, abs=2)


def test_a_common_cause_widens_the_finish_as_its_correlation_says() -> None:
    network = line(10)
    apart = assess_risk(RiskModel(network, spread()), RiskSettings(10_000)).promises[0]
    together = assess_risk(RiskModel(network, spread(weather=0.8)), RiskSettings(10_000)).promises[0]
    wide = working_days(network, together.p95) - working_days(network, together.p50)
    narrow = working_days(network, apart.p95) - working_days(network, apart.p50)
    # Variance of ten sums grows from 10 to 10 + 90 x 0.64 times one step's.
    assert wide / narrow == pytest.approx(np.sqrt(1 + 9 * 0.64), rel=0.2)


def test_ten_thousand_runs_agree_with_two_hundred_thousand_within_a_working_day() -> None:
    network = line(10)
    model = RiskModel(network, spread(weather=0.5))
    quick = RiskSettings(10_000, sensitivity=False, criticality=False)
    few = assess_risk(model, quick).promises[0]
    many = assess_risk(model, replace(quick, runs=200_000, seed=77)).promises[0]
    assert abs(working_days(network, few.p80) - working_days(network, many.p80)) <= 1


def test_the_same_seed_gives_the_same_futures_and_another_seed_others() -> None:
    model = RiskModel(line(4), spread(4))
    one = assess_risk(model, RiskSettings(3_000, seed=5)).promises[0].finish
    again = assess_risk(model, RiskSettings(3_000, seed=5, threads=1)).promises[0].finish
    other = assess_risk(model, RiskSettings(3_000, seed=6)).promises[0].finish
    assert (one == again).all()
    assert (one != other).any()


def test_an_event_delays_as_often_as_it_happens() -> None:
    network = line(2, 5)
    event = RiskEvent("ruin", 0.3, {"s0": Fixed(40)}, "ancient ruin found")
    model = RiskModel(network, events=[event], promises=[Promise("all", date(2026, 1, 16))])
    result = assess_risk(model, RiskSettings(5_000))
    assert result.promise("all").chance == pytest.approx(0.7, abs=0.002)
    driver = result.drivers[0]
    assert (driver.kind, driver.id) == (DriverKind.EVENT, "ruin")
    assert driver.swing_days == pytest.approx(40, abs=0.01)


def test_a_branch_goes_one_way_a_run_and_skips_the_other() -> None:
    steps = [Activity("a", duration=Duration.days(5)), Activity("easy", duration=Duration.days(5))]
    steps += [Activity("hard", duration=Duration.days(25)), Activity("end", duration=Duration.days(5))]
    relations = [
        Relation("a", "easy"),
        Relation("a", "hard"),
        Relation("easy", "end"),
        Relation("hard", "end"),
    ]
    network = Network(steps, relations, START, calendars=(OFFICE,))
    ways = (BranchOption("approved", 0.75, ("easy",)), BranchOption("redesigned", 0.25, ("hard",)))
    promise = Promise("all", date(2026, 1, 23))
    result = assess_risk(RiskModel(network, branches=[Branch("review", ways)], promises=[promise]))
    assert result.promises[0].chance == pytest.approx(0.75, abs=0.002)
    assert result.criticality["hard"] == pytest.approx(0.25, abs=0.002)
    assert result.drivers[0].swing_days == pytest.approx(20, abs=0.01)


def test_the_widest_step_leads_the_tornado_and_criticality_follows_the_path() -> None:
    steps = [Activity(n, duration=Duration.days(10)) for n in ("calm", "wild", "short", "end")]
    relations = [Relation("calm", "wild"), Relation("wild", "end"), Relation("short", "end")]
    network = Network(steps, relations, START, calendars=(OFFICE,))
    uncertain = [
        Uncertainty("calm", Triangular(9, 10, 11)),
        Uncertainty("wild", Triangular(5, 10, 40)),
        Uncertainty("short", Triangular(5, 10, 12)),
    ]
    result = assess_risk(RiskModel(network, uncertain), RiskSettings(4_000))
    assert result.drivers[0].id == "wild"
    assert result.drivers[0].correlation > 0.95
    by_id = {driver.id: driver for driver in result.drivers}
    assert by_id["short"].criticality == 0.0
    assert abs(by_id["short"].correlation) < 0.1
    assert result.criticality["wild"] == 1.0


def test_a_measure_is_judged_on_the_same_futures() -> None:
    model = RiskModel(line(4, 10), spread(4), promises=[Promise("all", date(2026, 3, 6))])
    none = compare_measures(model, [], RiskSettings(4_000))
    assert none.effects[0].chance_gained == 0.0
    assert (none.before.promises[0].finish == none.after.promises[0].finish).all()
    measure = Mitigation("second crew", (Uncertainty("s1", Triangular(4, 6, 9)),))
    better = compare_measures(model, [measure], RiskSettings(4_000))
    assert better.effects[0].chance_gained > 0.1
    assert better.effects[0].p80_days_gained > 3
    assert (better.after.promises[0].finish <= better.before.promises[0].finish).all()


def test_drawing_stops_once_p80_stands_still() -> None:
    model = RiskModel(line(3), spread(3))
    found = assess_risk(model, RiskSettings(200_000, tolerance_days=0.5))
    assert found.converged
    assert found.half_width_days <= 0.5
    assert 4_000 <= found.runs < 200_000
    strict = assess_risk(model, RiskSettings(6_000, tolerance_days=0.001))
    assert not strict.converged
    assert strict.runs == 6_000


def test_finished_steps_and_started_parts_are_no_longer_uncertain() -> None:
    steps = [
        Activity("done", duration=Duration.days(10), actual_start=START, actual_finish=date(2026, 1, 16)),
        Activity(
            "half", duration=Duration.days(10), actual_start=date(2026, 1, 19), remaining=Duration.days(5)
        ),
    ]
    network = Network(steps, [Relation("done", "half")], START, (OFFICE,), data_date=date(2026, 1, 26))
    uncertain = [Uncertainty(n, Triangular(6, 10, 20)) for n in ("done", "half")]
    result = assess_risk(RiskModel(network, uncertain), RiskSettings(2_000))
    days = [OFFICE.working_days_between(date(2026, 1, 26), d) + 1 for d, _p in result.promises[0].curve()]
    assert min(days) >= 3
    assert max(days) <= 10
    assert {driver.id for driver in result.drivers} == {"half"}


def test_chances_of_several_promises_are_joint_not_multiplied() -> None:
    steps = [Activity(n, duration=Duration.days(10)) for n in "abc"]
    network = Network(steps, [Relation("a", "b"), Relation("a", "c")], START, calendars=(OFFICE,))
    promises = [Promise("b", date(2026, 1, 30), ("a", "b")), Promise("c", date(2026, 1, 30), ("a", "c"))]
    model = RiskModel(network, [Uncertainty("a", Triangular(5, 10, 15))], promises=promises)
    result = assess_risk(model, RiskSettings(4_000))
    one = result.promise("b").chance
    assert one == pytest.approx(0.5, abs=0.06)
    assert result.chance_of_all == one
    assert result.expected_kept == pytest.approx(2 * one)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 10), st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=6),
    st.integers(1, 500),
)
def test_dates_rise_with_probability_and_stay_inside_the_spread(
    points: list[tuple[int, int, int]], runs: int
) -> None:
    steps = [Activity(f"s{i}", duration=Duration.days(low)) for i, (low, _m, _h) in enumerate(points)]
    relations = [Relation(f"s{i - 1}", f"s{i}") for i in range(1, len(points))]
    network = Network(steps, relations, START, calendars=(WEEK,))
    uncertain = [Uncertainty(f"s{i}", Pert(lo, lo + m, lo + m + h)) for i, (lo, m, h) in enumerate(points)]
    found = assess_risk(RiskModel(network, uncertain), RiskSettings(runs)).promises[0]
    least, most = sum(p[0] for p in points), sum(sum(p) for p in points)
    dates = [day for day, _share in found.curve()]
    assert dates == sorted(dates)
    assert found.p50 <= found.p80 <= found.p95
    assert WEEK.working_days_between(START, dates[0]) + 1 >= least
    assert WEEK.working_days_between(START, dates[-1]) + 1 <= most
    assert found.curve()[-1][1] == pytest.approx(1.0)


def test_wrong_models_are_refused_by_name() -> None:
    with pytest.raises(MissingActivityError, match="nowhere"):
        RiskModel(line(1), [Uncertainty("nowhere", Fixed(1))])
    with pytest.raises(RiskModelError, match="ruin"):
        RiskEvent("ruin", 1.2, {})
    with pytest.raises(RiskModelError, match="review"):
        Branch("review", (BranchOption("a", 0.5), BranchOption("b", 0.4)))
    with pytest.raises(RiskModelError, match="s0"):
        Uncertainty("s0", Fixed(1), {"x": 0.9, "y": 0.9})
    with pytest.raises(SampleSizeError):
        assess_risk(RiskModel(line(1)), RiskSettings(0))


def test_empirical_durations_are_drawn_as_observed() -> None:
    network = line(1, 5)
    model = RiskModel(network, [Uncertainty("s0", Empirical((5, 5, 5, 30)))])
    found = assess_risk(model, RiskSettings(2_000)).promises[0]
    assert working_days(network, found.p50) == 5
    assert working_days(network, found.p95) == 30
