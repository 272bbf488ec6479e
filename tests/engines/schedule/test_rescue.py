"""Rescue: the cheapest sets of moves that keep a promise, against all sets tried one by one."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.engines.schedule.cpm import schedule
from hongtu.engines.schedule.errors import MissingActivityError, ScheduleError
from hongtu.engines.schedule.model import Activity, Duration, Network, Relation
from hongtu.engines.schedule.rescue import (
    Move,
    MoveKind,
    RescueMoveError,
    commitment,
    crash,
    overlap,
    parallel,
    rescue,
    resequence,
)

MONDAY = date(2026, 3, 2)


def network() -> Network:
    """Design, two approvals in a row, works: 10 + 5 + 8 + 20 working days."""
    names = {"design": 10, "fire": 5, "permit": 8, "works": 20}
    activities = [Activity(name, name, Duration.days(days)) for name, days in names.items()]
    order = list(names)
    return Network(activities, [Relation(a, b) for a, b in pairwise(order)], MONDAY)


def moves(plan: Network) -> list[Move]:
    return [
        crash("works", 6, 9000),
        commitment("permit", 3, cost=2000, agreed_by="住建局", basis="告知承诺"),
        parallel(plan, "fire", "permit", cost=1000),
        overlap(plan, "design", "fire", 2, cost=15000, agreed_by="设计单位"),
    ]


def last_day(plan: Network) -> date:
    result = schedule(plan)
    return max(result.finish_day(activity.id) for activity in plan.activities)


def test_the_cheapest_set_keeps_the_promise_to_the_day() -> None:
    plan = network()
    promise = last_day(plan) - timedelta(days=7)  # five working days
    answer = rescue(plan, moves(plan), promise)
    assert answer.proven and answer.cheapest is not None
    assert [effect.move.id for effect in answer.cheapest.effects] == ["parallel:fire|permit"]
    assert answer.cheapest.cost == 1000
    assert last_day(answer.cheapest.network) == promise


def test_alternatives_trade_cost_for_days_and_say_what_each_move_brings() -> None:
    plan = network()
    promise = last_day(plan) - timedelta(days=10)
    answer = rescue(plan, moves(plan), promise)
    early = [found for found in answer.alternatives if not found.keeps_promise]
    assert [found.cost for found in answer.alternatives] == sorted(a.cost for a in answer.alternatives)
    assert all(a.finish > b.finish for a, b in pairwise(early))
    assert answer.cheapest is not None and answer.cheapest.cost == 3000
    assert {effect.move.kind for effect in answer.cheapest.effects} == {
        MoveKind.COMMITMENT,
        MoveKind.PARALLEL,
    }
    assert all(effect.days > 0 for effect in answer.cheapest.effects)


def test_a_promise_that_no_set_keeps_is_said_to_be_lost_and_the_best_shown() -> None:
    plan = network()
    answer = rescue(plan, moves(plan), MONDAY + timedelta(days=7))
    assert answer.proven and answer.cheapest is None
    best = answer.alternatives[-1]
    assert {effect.move.id: effect.level for effect in best.effects} == {
        "crash:works": 6,
        "commitment:permit": 1,
        "parallel:fire|permit": 1,
    }, "to overlap design and fire brings nothing once the permit runs beside it"


def test_a_promise_that_holds_needs_nothing() -> None:
    plan = network()
    answer = rescue(plan, moves(plan), last_day(plan))
    assert answer.finish <= answer.promise and answer.alternatives == ()


def test_moves_of_one_group_exclude_each_other() -> None:
    plan = network()
    one = Move("one", MoveKind.CRASH, 5, activity="works", days_per_level=2, group="crew")
    other = Move("other", MoveKind.CRASH, 5, activity="works", days_per_level=3, group="crew")
    answer = rescue(plan, [one, other], MONDAY)
    assert all(len(found.effects) == 1 for found in answer.alternatives)


def test_a_preference_may_be_turned_round() -> None:
    plan = network()
    answer = rescue(plan, [resequence(plan, "permit", "works")], last_day(plan) - timedelta(days=1))
    assert answer.cheapest is not None and answer.cheapest.gained_days > 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda plan: crash("works", 21, 1),
        lambda plan: crash("roof", 1, 1),
        lambda plan: crash("works", 1, -1),
        lambda plan: overlap(plan, "design", "works", 1),
    ],
)
def test_moves_that_do_not_fit_are_refused(wrong) -> None:  # type: ignore[no-untyped-def]
    plan = network()
    with pytest.raises(RescueMoveError) as refusal:
        rescue(plan, [wrong(plan)], MONDAY)
    assert refusal.value.subjects and isinstance(refusal.value, ScheduleError)


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(MissingActivityError):
        rescue(network(), [], MONDAY, target="roof")


@st.composite
def plans(draw: st.DrawFn) -> tuple[Network, list[Move]]:
    count = draw(st.integers(2, 6))
    activities = [Activity(f"a{k}", duration=Duration.days(draw(st.integers(3, 9)))) for k in range(count)]
    relations = [Relation(f"a{i}", f"a{j}") for j in range(count) for i in range(j) if draw(st.booleans())]
    plan = Network(activities, relations, MONDAY)
    found = [
        crash(f"a{k}", draw(st.integers(1, 2)), draw(st.integers(0, 9)), cost=draw(st.integers(0, 3)))
        for k in range(count)
        if draw(st.booleans())
    ]
    for relation in relations[:2]:
        kind = draw(st.sampled_from([parallel, resequence, None]))
        if kind is not None:
            found.append(kind(plan, relation.predecessor, relation.successor, cost=draw(st.integers(1, 20))))
    return plan, found


@given(plans(), st.integers(1, 15))
@settings(max_examples=60, deadline=None)
def test_no_set_at_all_is_cheaper(case: tuple[Network, list[Move]], sooner: int) -> None:
    plan, offered = case
    promise = last_day(plan) - timedelta(days=sooner)
    best = None
    from hongtu.engines.schedule.rescue import _Search

    search = _Search(plan, offered, None)
    for levels in product(*(range(move.levels + 1) for move in offered)):
        if last_day(search.apply(levels)) <= promise:
            price = search.price(levels)
            best = price if best is None else min(best, price)
    answer = rescue(plan, offered, promise, seconds=60)
    assert answer.proven
    assert (None if answer.cheapest is None else answer.cheapest.cost) == best


@given(plans(), st.integers(1, 15))
@settings(max_examples=40, deadline=None)
def test_the_good_set_keeps_the_promise_whenever_it_is_found(
    case: tuple[Network, list[Move]], sooner: int
) -> None:
    plan, offered = case
    promise = last_day(plan) - timedelta(days=sooner)
    best = rescue(plan, offered, promise, seconds=60).cheapest
    from hongtu.engines.schedule.calendars import to_finish_minutes
    from hongtu.engines.schedule.rescue import _Search

    search = _Search(plan, offered, None)
    good = search.good_set(to_finish_minutes(promise), lambda: False)
    if good is not None:
        assert last_day(search.apply(good)) <= promise
        assert best is not None and search.price(good) >= best.cost


def test_a_search_cut_short_says_so_and_still_offers_a_set() -> None:
    """Forty activities in a row, each of which can be crashed: too many sets for the time given."""
    activities = [Activity(f"a{k}", duration=Duration.days(10)) for k in range(40)]
    plan = Network(activities, [Relation(f"a{k}", f"a{k + 1}") for k in range(39)], MONDAY)
    offered = [crash(f"a{k}", 5, 100 + k, cost=50 - k) for k in range(40)]
    answer = rescue(plan, offered, last_day(plan) - timedelta(days=70), seconds=2)
    assert not answer.proven
    assert answer.cheapest is not None and answer.cheapest.cost >= answer.cost_bound
