"""What must hold for every network, tried on generated ones against a reference that is slow and plain."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.engines.schedule.calendars import NO_WORK, Calendar, to_minutes
from hongtu.engines.schedule.cpm import Planner, schedule
from hongtu.engines.schedule.model import (
    Activity,
    Duration,
    LagCalendar,
    Network,
    Relation,
    RelationType,
    to_datetime,
)

from .reference import Reference

# Few worked minutes a day keep the reference quick; the free time between them is where rules differ.
SHORT_DAYS = ((1, 4), (9, 12))
CALENDARS = (
    Calendar("week", week=(SHORT_DAYS,) * 5 + (NO_WORK,) * 2),
    Calendar("site", week=(((2, 6),),) * 6 + (NO_WORK,)),
    Calendar("odd", week=(NO_WORK, ((3, 5), (11, 14))) * 3 + (((0, 2),),)),
)
START = datetime(2026, 3, 4, 0, 2)


@st.composite
def networks(draw: st.DrawFn, most: int = 7) -> Network:
    """Small networks over three calendars, with every relation type and lags of both signs."""
    count = draw(st.integers(1, most))
    activities = [
        Activity(
            f"a{i}",
            duration=Duration.minutes(draw(st.integers(0, 9))),
            calendar=draw(st.sampled_from(["week", "site", "odd"])),
        )
        for i in range(count)
    ]
    relations = []
    for head in range(1, count):
        for tail in draw(st.lists(st.integers(0, head - 1), max_size=3, unique=True)):
            relations.append(
                Relation(
                    f"a{tail}",
                    f"a{head}",
                    draw(st.sampled_from(list(RelationType))),
                    Duration.minutes(draw(st.integers(-4, 6))),
                    draw(st.sampled_from([LagCalendar.PREDECESSOR, LagCalendar.SUCCESSOR])),
                )
            )
    return Network(activities, relations, START, calendars=CALENDARS)


@given(network=networks(), days=st.integers(-4, 6))
@settings(max_examples=150, deadline=None)
def test_dates_equal_the_reference(network: Network, days: int) -> None:
    due = to_datetime(schedule(network).project_finish) + timedelta(days=days)
    result = Planner(replace(network, must_finish_by=due)).run(hold_all=True)
    expected = Reference(network).schedule(to_minutes(due))
    for id in result.ids:
        i = result.index[id]
        assert (result.early_start[i], result.early_finish[i]) == expected.early[id], id
        assert (result.late_start[i], result.late_finish[i]) == expected.late[id], id


@given(network=networks())
@settings(max_examples=60, deadline=None)
def test_no_activity_begins_before_its_predecessors_allow(network: Network) -> None:
    reference, result = Reference(network), schedule(network)
    early = dict(zip(result.ids, zip(result.early_start, result.early_finish, strict=True), strict=True))
    late = dict(zip(result.ids, zip(result.late_start, result.late_finish, strict=True), strict=True))
    for relation in network.relations:
        assert reference.holds(relation, early[relation.predecessor], early[relation.successor])
        assert reference.holds(relation, late[relation.predecessor], late[relation.successor])


@given(network=networks(), pick=st.integers(0, 1000), days=st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_loosening_the_plan_never_makes_anything_later(network: Network, pick: int, days: int) -> None:
    """Shorter work, a relation less, or more time to the promise: nothing moves later, no float shrinks."""
    due = to_datetime(schedule(network).project_finish)
    tight = Planner(replace(network, must_finish_by=due)).run(hold_all=True)
    loose = Planner(replace(network, must_finish_by=due + timedelta(days=days))).run(hold_all=True)
    assert (loose.early_finish == tight.early_finish).all()
    assert (loose.late_start >= tight.late_start).all()
    assert (loose.total_float >= tight.total_float).all()
    if network.relations:
        gone = pick % len(network.relations)
        fewer = replace(network, relations=[r for k, r in enumerate(network.relations) if k != gone])
        assert (schedule(fewer).early_start <= tight.early_start).all()


@given(network=networks(most=9), seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_names_and_order_change_nothing(network: Network, seed: int) -> None:
    rng = random.Random(seed)
    names = [f"n{i}" for i in range(len(network.activities))]
    rng.shuffle(names)
    renamed = dict(zip((a.id for a in network.activities), names, strict=True))
    activities = [replace(a, id=renamed[a.id]) for a in network.activities]
    relations = [
        replace(r, predecessor=renamed[r.predecessor], successor=renamed[r.successor])
        for r in network.relations
    ]
    rng.shuffle(activities)
    rng.shuffle(relations)
    one, other = schedule(network), schedule(replace(network, activities=activities, relations=relations))
    for field in (
        "early_start",
        "early_finish",
        "late_start",
        "late_finish",
        "total_float",
        "free_float",
        "critical",
    ):
        mine, theirs = getattr(one, field), getattr(other, field)
        for id in one.ids:
            assert mine[one.index[id]] == theirs[other.index[renamed[id]]], (field, id)


@given(network=networks(), lengths=st.lists(st.integers(0, 20), min_size=7, max_size=7))
@settings(max_examples=60, deadline=None)
def test_a_kept_layout_gives_what_a_fresh_one_gives(network: Network, lengths: list[int]) -> None:
    planner = Planner(network)
    planner.run()
    count = len(network.activities)
    warm = planner.run(np.array(lengths[:count]))
    changed = [
        replace(a, duration=Duration.minutes(n)) for a, n in zip(network.activities, lengths, strict=False)
    ]
    cold = schedule(replace(network, activities=changed))
    for field in ("early_start", "early_finish", "late_start", "late_finish", "total_float", "free_float"):
        assert (getattr(warm, field) == getattr(cold, field)).all(), field


@given(network=networks())
@settings(max_examples=60, deadline=None)
def test_free_float_can_be_used_without_moving_a_successor(network: Network) -> None:
    result = schedule(network)
    planner = Planner(network)
    for i, activity in enumerate(network.activities):
        spare = int(result.free_float[i])
        if spare <= 0 or any(
            r.type.value[0] == "S" for r in network.relations if r.predecessor == activity.id
        ):
            continue  # lengthening moves the finish only
        lengths = planner.prepared.duration.copy()
        lengths[i] += spare
        later = planner.run(lengths)
        others = np.arange(len(network.activities)) != i
        assert (later.early_start[others] == result.early_start[others]).all()
