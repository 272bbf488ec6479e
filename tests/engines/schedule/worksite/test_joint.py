"""Joint schedules: right on cases solved by hand and by enumeration, and always fit to be signed."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hongtu.engines.schedule.worksite import (
    Aim,
    ConstraintKind,
    InfeasibleError,
    Limits,
    Link,
    LinkKind,
    MoveCode,
    Project,
    ReasonCode,
    Relocate,
    Retreat,
    Scene,
    Shorten,
    Space,
    Split,
    constraints_of,
    explain,
    plan,
    verify,
)
from hongtu.engines.schedule.worksite.anneal import anneal
from hongtu.engines.schedule.worksite.bounds import least_losses, rows_bound
from hongtu.engines.schedule.worksite.greedy import search
from hongtu.engines.schedule.worksite.result import losses_of

from .scenes import box, scenes, two_parties


def only(scene: Scene, aim: Aim = Aim.LEAST_COST, **limits: object):  # type: ignore[no-untyped-def]
    answer = plan(scene, Limits(seconds=20, workers=1, **limits), aims=(aim,))  # type: ignore[arg-type]
    (cluster,) = answer.clusters
    return cluster.problem, cluster.alternatives[0]


def test_the_cheaper_party_waits_and_the_reason_is_named() -> None:
    problem, schedule = only(two_parties())
    assert schedule.optimal and schedule.total_yuan == 15
    (move,) = explain(problem, schedule)
    assert (move.code, move.space, move.planned, move.placed) == (
        MoveCode.STARTS_LATER,
        "b",
        (5, 12),
        (10, 17),
    )
    (reason,) = move.reasons
    assert reason.code is ReasonCode.GROUND_TAKEN
    assert reason.params == {"space": "a", "project": "A", "class": "hard_clash", "day": 10}


def test_hand_over_days_lie_between_the_parties() -> None:
    _, schedule = only(two_parties(handover_days=2))
    assert schedule.placements[1].start == 12


def test_each_party_of_a_small_cluster_gets_its_turn() -> None:
    (cluster,) = plan(two_parties(), Limits(seconds=10, workers=1)).clusters
    losses = {s.party: {loss.project: loss.yuan for loss in s.losses} for s in cluster.alternatives}
    assert losses["B"] == {"A": 120, "B": 0}
    assert "party_first:A" in cluster.alternatives[0].also  # the cheapest already spares A


def test_the_fairest_alternative_has_the_least_worst_share() -> None:
    scene = two_parties(first_rate=10, second_rate=10)
    shorten = replace(scene.spaces[0], moves=(Shorten(7, 10),))
    scene = Scene(scene.projects, (shorten, scene.spaces[1]))
    _, schedule = only(scene, Aim.FAIREST)
    assert max(loss.relative for loss in schedule.losses) == 3  # A gives up two days, B waits for three


def test_the_promised_date_comes_before_money() -> None:
    scene = two_parties()
    promised = replace(scene.projects[1], promised=12)
    scene = Scene((scene.projects[0], promised), scene.spaces)
    _, schedule = only(scene, Aim.PROMISED_DATES)
    assert schedule.objective == 0 and schedule.placements[0].start == 12


def test_a_site_office_retreats_midway_so_that_the_trench_can_go_ahead() -> None:
    away = Relocate("yard", box(100, 100), cost=50, midway=True)
    office = Space("office", "A", box(0, 0), 0, 100, moves=(away,))
    trench = Space("trench", "B", box(5, 5), 40, 50)
    scene = Scene(
        (Project("A", delay_cost_per_day=100), Project("B", delay_cost_per_day=100)), (office, trench)
    )
    problem, schedule = only(replace(scene, data_date=30))
    assert schedule.total_yuan == 50
    stay, go = schedule.placements[0].parts
    assert (stay.start, go.place, go.finish) == (0, "yard", 100) and stay.finish <= 40
    assert explain(problem, schedule)[0].code is MoveCode.RELOCATED


def test_a_retreat_goes_stage_by_stage() -> None:
    retreat = Retreat((box(0, 6, 10, 4), None), (10, 1000), earliest=(None, 60))
    office = Space("office", "A", box(0, 0), 0, 100, moves=(retreat,))
    trench = Space("trench", "B", box(0, 0, 10, 5), 40, 50)
    scene = Scene(
        (Project("A", delay_cost_per_day=100), Project("B", delay_cost_per_day=100)), (office, trench)
    )
    _, schedule = only(scene)
    assert schedule.total_yuan == 10 and [part.place for part in schedule.placements[0].parts] == ["", "1"]


def test_work_is_split_around_a_short_visit() -> None:
    long = Space("long", "A", box(0, 0), 0, 40, moves=(Split(5, cost=7, extra_days=1),))
    visit = Space("visit", "B", box(0, 0), 20, 23, fixed=True)
    scene = Scene((Project("A", delay_cost_per_day=1), Project("B", delay_cost_per_day=1000)), (long, visit))
    _, schedule = only(scene)
    assert [(part.start, part.finish) for part in schedule.placements[0].parts][1][1] == 44
    assert schedule.total_yuan == 11


def test_an_elastic_use_stays_as_long_as_its_link_asks() -> None:
    scene = two_parties()
    office = Space("o", "B", box(50, 50), 0, 12, elastic=True, links=(Link("b", LinkKind.FF),))
    _, schedule = only(Scene(scene.projects, (*scene.spaces, office)))
    assert schedule.placements[2].finish == 17


def test_contradicting_fixed_uses_are_refused_by_name() -> None:
    spaces = tuple(replace(space, fixed=True) for space in two_parties().spaces)
    with pytest.raises(InfeasibleError) as refusal:
        plan(Scene(two_parties().projects, spaces), Limits(seconds=5, workers=1))
    assert refusal.value.code == "NO_JOINT_SCHEDULE" and "A, B" in str(refusal.value)


def test_a_shift_into_a_third_party_draws_it_into_the_cluster() -> None:
    third = Space("c", "C", box(5, 5), 13, 20)
    scene = two_parties()
    scene = Scene((*scene.projects, Project("C", delay_cost_per_day=5)), (*scene.spaces, third))
    problem, schedule = only(scene)
    assert problem.projects == [0, 1, 2]
    assert not verify(problem, schedule)


def test_signed_constraints_carry_the_dates_and_the_order() -> None:
    lines = constraints_of(*only(two_parties()))
    assert [(line.kind, line.space) for line in lines] == [
        (ConstraintKind.START_NO_EARLIER_THAN, "b"),
        (ConstraintKind.RELATION, "b"),
    ]
    assert lines[0].day == 10 and lines[1].predecessor_space == "a"


@given(scenes(most=9, place=25, chains=True))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_alternative_of_any_scene_may_be_signed(scene: Scene) -> None:
    answer = plan(scene, Limits(seconds=10, workers=1))
    for cluster in answer.clusters:
        for schedule in cluster.alternatives:
            assert verify(cluster.problem, schedule) == []
            assert schedule.bound <= schedule.objective + 1e-6
        least = cluster.alternatives[0]
        if least.optimal:
            assert all(least.total_yuan <= other.total_yuan for other in cluster.alternatives)


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(1, 8), st.integers(1, 9)), min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_least_cost_equals_the_best_of_all_orders(rows: list[tuple[int, int, int]]) -> None:
    """All parties want the same ground: the best schedule is one of the orders."""
    projects = tuple(Project(f"P{k}", delay_cost_per_day=rate) for k, (_, _, rate) in enumerate(rows))
    spaces = tuple(Space(f"s{k}", f"P{k}", box(0, 0), s, s + d) for k, (s, d, _) in enumerate(rows))
    best = None
    for order in permutations(range(len(rows))):
        cost = now = 0
        for k in order:
            begin = max(now, rows[k][0])
            cost, now = cost + (begin - rows[k][0]) * rows[k][2], begin + rows[k][1]
        best = cost if best is None else min(best, cost)
    answer = plan(Scene(projects, spaces), Limits(seconds=10, workers=1), aims=(Aim.LEAST_COST,))
    schedules = [schedule for cluster in answer.clusters for schedule in cluster.alternatives]
    assert all(schedule.optimal for schedule in schedules)
    assert sum(schedule.total_yuan for schedule in schedules) == best


def crowd(parties: int = 20) -> Scene:
    """One cluster of twenty parties around the same ground."""
    projects = tuple(Project(f"P{k}", delay_cost_per_day=10 + 7 * k % 50) for k in range(parties))
    spaces = tuple(
        Space(f"s{k}", f"P{k}", box(6 * k, 0), 7 * k % 12, 7 * k % 12 + 13 + k % 5) for k in range(parties)
    )
    return Scene(projects, spaces)


def test_a_cluster_of_twenty_is_answered_with_a_proven_bound() -> None:
    answer = plan(crowd(), Limits(seconds=6, workers=1), aims=(Aim.LEAST_COST,))
    assert max(len(cluster.projects) for cluster in answer.clusters) >= 16
    for cluster in answer.clusters:
        (schedule,) = cluster.alternatives
        assert not verify(cluster.problem, schedule)
        assert 0 < schedule.bound <= schedule.total_yuan


def test_annealing_and_bounds_of_groups_enclose_the_optimum() -> None:
    (cluster, *_) = plan(crowd(), Limits(seconds=6, workers=1), aims=(Aim.LEAST_COST,)).clusters
    problem, best = cluster.problem, cluster.alternatives[0]

    def measure(losses) -> int:  # type: ignore[no-untyped-def]
        return sum(loss.yuan for loss in losses)

    known = search(problem, measure, seconds=5, seed=1, rounds=4)
    assert known is not None
    value = measure(losses_of(problem.scene, problem.projects, known, problem.options))
    better = anneal(problem, known, value, seconds=1, seed=1, steps=4000)
    reached = measure(losses_of(problem.scene, problem.projects, better, problem.options))
    assert best.bound <= reached <= value
    rows = least_losses(problem, better, 2.0, 1)
    assert 0 < rows_bound(problem.projects, rows) <= best.total_yuan


def test_the_same_seed_gives_the_same_schedule() -> None:
    runs = [
        plan(crowd(18), Limits(seconds=2, seed=3, reproducible=True), aims=(Aim.LEAST_COST,)) for _ in "ab"
    ]
    first, second = ([s.placements for c in run.clusters for s in c.alternatives] for run in runs)
    assert first == second


def test_stopping_at_once_still_gives_a_schedule_that_may_be_signed() -> None:
    answer = plan(crowd(), Limits(seconds=60, should_stop=lambda: True))
    for cluster in answer.clusters:
        for schedule in cluster.alternatives:
            assert not verify(cluster.problem, schedule)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda p: replace(p, parts=(replace(p.parts[0], start=5, finish=12),)), "USES_MEET"),
        (lambda p: replace(p, parts=(replace(p.parts[0], finish=16),)), "LENGTH_WRONG"),
        (lambda p: replace(p, parts=(replace(p.parts[0], start=11, finish=18),)), "LOSS_MISCOUNTED"),
        (lambda p: replace(p, parts=(replace(p.parts[0], start=1, finish=8),)), "TOO_EARLY"),
    ],
)
def test_the_verifier_finds_what_is_wrong(change, code: str) -> None:  # type: ignore[no-untyped-def]
    problem, schedule = only(two_parties())
    wrong = replace(schedule, placements={**schedule.placements, 1: change(schedule.placements[1])})
    assert code in {violation.code for violation in verify(problem, wrong)}


@pytest.mark.parametrize("limits", [Limits(seconds=0.0), Limits(seconds=60.0, should_stop=lambda: True)])
def test_out_of_time_or_stopped_it_answers_with_what_it_has(limits: Limits) -> None:
    """However large the scene: every cluster gets a checked schedule, and says that nothing is proven."""
    projects = tuple(Project(f"P{k}", delay_cost_per_day=1000 + k) for k in range(60))
    spaces = tuple(Space(f"s{k}", f"P{k}", box(6 * k, 0), 0, 10) for k in range(60))
    scene = Scene(projects, spaces)
    answer = plan(scene, limits)
    assert len(answer.clusters) == 1
    for cluster in answer.clusters:
        assert len(cluster.projects) == 60
        (alternative,) = cluster.alternatives
        assert verify(cluster.problem, alternative) == []
        assert alternative.total_yuan > 0
        assert not alternative.optimal
        assert alternative.gap == 1.0
