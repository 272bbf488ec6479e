"""Consequences: what a block costs its own chain, a neighbour, the promise's chance and the year's money."""

from datetime import date

import pytest

from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.consequence import Block, ConsequenceStudy, Spending
from hongtu.engines.schedule.errors import MissingActivityError
from hongtu.engines.schedule.model import Activity, Duration, Network, Relation
from hongtu.engines.schedule.risk import Promise, RiskModel, Triangular, Uncertainty

CALENDAR = Calendar.statutory("district", holidays=[date(2026, 5, 1)])
START = date(2026, 3, 2)


def two_chains() -> RiskModel:
    """Road a1-a2-a3 and hospital b1-b2; the hospital's b2 waits for the road's a2. b0 has float."""
    days = {"a1": 5, "a2": 10, "a3": 5, "b0": 2, "b1": 12, "b2": 5}
    steps = [Activity(n, duration=Duration.days(d)) for n, d in days.items()]
    pairs = [("a1", "a2"), ("a2", "a3"), ("b1", "b2"), ("a2", "b2"), ("b0", "b2")]
    network = Network(
        steps, [Relation(*p) for p in pairs], START, calendars=(CALENDAR,), data_date=START, name="two"
    )
    uncertain = [Uncertainty(n, Triangular(0.9 * d, d, 1.4 * d)) for n, d in days.items()]
    promises = [
        Promise("road", date(2026, 4, 3), ("a1", "a2", "a3")),
        Promise("hospital", date(2026, 4, 30), ("b0", "b1", "b2")),
    ]
    return RiskModel(network, uncertain, promises=promises)


def study() -> ConsequenceStudy:
    road = Spending({(2026, month): 300.0 for month in range(3, 13)})
    return ConsequenceStudy(two_chains(), {"road": road}, runs=300)


def test_a_block_costs_its_chain_and_the_neighbour_that_waits() -> None:
    found = study().assess(Block("p1", "a2", date(2026, 3, 23)))
    # a2 could begin on Monday the 9th; held to the 23rd it loses ten working days.
    assert found.step_days == 10
    assert found.own is not None
    assert (found.own.promise, found.own.days) == ("road", 10)
    assert found.own.finish_before == date(2026, 3, 27)
    assert found.own.finish_after == date(2026, 4, 10)
    assert found.own.late_days == 5
    assert found.own.chance_before is not None and found.own.chance_before > 0.5
    assert found.own.chance_after == 0.0
    assert [(e.promise, e.days) for e in found.neighbours] == [("hospital", 10)]
    assert found.neighbours[0].late_days == 0
    assert found.own.money_delayed == pytest.approx(300 * 14 / 31)


def test_a_block_that_ends_before_its_step_could_begin_costs_nothing() -> None:
    found = study().assess(Block("p2", "a3", date(2026, 3, 10)))
    assert found.effects == ()
    assert found.days == found.step_days == found.chance_lost == 0


def test_float_absorbs_a_short_block() -> None:
    found = study().assess(Block("p3", "b0", date(2026, 3, 9)))
    assert found.step_days == 5
    assert found.days == 0


def test_what_breaks_promises_ranks_before_what_is_merely_long() -> None:
    blocks = [
        Block("long but harmless", "b0", date(2026, 4, 6)),
        Block("breaks the road", "a1", date(2026, 3, 18)),
        Block("nothing", "a3", START),
    ]
    assert [c.block.id for c in study().rank(blocks)] == ["breaks the road", "long but harmless", "nothing"]


def test_an_unknown_step_is_named() -> None:
    with pytest.raises(MissingActivityError, match="x9"):
        study().assess(Block("p", "x9", START))


def test_spending_is_spread_evenly_within_months() -> None:
    plan = Spending({(2026, 11): 300.0, (2026, 12): 310.0})
    assert plan.between(date(2026, 11, 16), date(2026, 12, 2)) == pytest.approx(150 + 10)
    assert plan.delayed(31, START, date(2027, 1, 1)) == pytest.approx(310)
    assert plan.delayed(0, START, date(2027, 1, 1)) == 0
