"""A delay reaches the neighbour who comes after on the same ground: by plan, by agreement, or not at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.actions.solving import solve_run
from hongtu.domains.projects.demo.faces import parties
from hongtu.domains.projects.models import JointRun, Project, WorkFace
from hongtu.domains.projects.queries import faces as reads
from hongtu.domains.projects.rules.faces import Use, waits
from hongtu.engines.schedule.consequence import Block, Consequence
from hongtu.kernel.chains.consequence import consequences
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.chains.neighbours import Tie, all_ties, without_cycles
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import actions as problems
from hongtu.kernel.problems.costs import Cost
from hongtu.kernel.profile.models import today
from hongtu.ledger.costs import how

Cast = Callable[[str], Person]


def pipes() -> Project:
    return Project.objects.get(name="凤凰洲雨污水管网工程")


def road() -> Project:
    return Project.objects.get(name="凤凰洲道路工程")


def blocked(project: Project, days: int) -> Consequence:
    """What it costs when the first open step of a project is held for so many days."""
    step = queries.chain_of(project).steps.filter(actual_finish=None).order_by("sequence")[0]  # type: ignore[union-attr]
    block = Block("b", str(step.pk), today() + timedelta(days=days))
    return consequences([block], today(), queries.risk.risk_rules(today()), ties=all_ties(today()))[0]


@pytest.mark.usefixtures("district")
class TestInTurn:
    def test_the_second_waits_for_the_first_and_not_the_other_way(self) -> None:
        found = blocked(pipes(), 60)
        assert [e.promise for e in found.neighbours] == [str(queries.chain_of(road()).pk)]  # type: ignore[union-attr]
        assert found.neighbours[0].days > 10
        assert blocked(road(), 60).neighbours == ()

    def test_a_gap_that_is_wide_enough_pushes_nobody(self) -> None:
        face = WorkFace.objects.get(code="crossing-road")
        far = face.start + timedelta(days=300)
        face.revise(face.version, start=far, finish=far + timedelta(days=30))
        assert blocked(pipes(), 20).neighbours == ()

    def test_ground_apart_pushes_nobody(self) -> None:
        face = WorkFace.objects.get(code="crossing-road")
        ring = [[x + 0.01, y] for x, y in face.geometry["coordinates"][0]]
        face.revise(face.version, geometry={"type": "Polygon", "coordinates": [ring]})
        assert all_ties(today()) == []

    def test_windows_that_overlap_are_a_conflict_not_an_order(self) -> None:
        face = WorkFace.objects.get(code="crossing-road")
        face.revise(face.version, start=face.start - timedelta(days=30))
        assert all_ties(today()) == []

    def test_the_stored_cost_names_ground_and_day(self) -> None:
        problems.refresh_costs(by=None, everything=True)
        cost = Cost.objects.filter(step__chain=queries.chain_of(pipes())).order_by("-neighbour_days")[0]
        assert cost.neighbour_days > 0
        said = [how(effect) for effect in cost.effects if not effect["own"]]
        assert len(said) == 1 and "凤鸣路口" in said[0] and "尚无协议" in said[0]


@pytest.mark.usefixtures("district")
def test_a_signed_agreement_ties_its_parties(person: Cast) -> None:
    first, second = parties()
    run = JointRun.objects.create(
        asked_by=person("zhongxin"), seconds=5, scene=reads.document(reads.faces(None, today()), today())
    )
    assert solve_run(run.pk) == "done"
    run.refresh_from_db()
    agreement = actions.propose_agreement(by=person("zhongxin"), run=run, cluster=0, alternative=0, reason="")
    assert not [tie for tie in all_ties(today()) if tie.agreed]
    for user, project in (("yezhu", first), ("jijiu", second)):
        agreement = actions.sign_agreement(
            by=person(user), agreement=agreement, project=project, version=agreement.version
        )
    agreed = [tie for tie in all_ties(today()) if tie.agreed]
    assert agreed and all(f"{agreement.pk}" in tie.agreed for tie in agreed)
    chains = dict(Step.objects.filter(pk__in=[t.predecessor for t in agreed]).values_list("pk", "chain_id"))
    giving = agreed[0]
    block = Block("b", str(giving.predecessor), today() + timedelta(days=400))
    found = consequences([block], today(), queries.risk.risk_rules(today()), ties=all_ties(today()))[0]
    both = {str(c.pk) for c in Chain.objects.filter(subject_key__in=[first.pk, second.pk])}
    home = str(chains[giving.predecessor])
    assert {e.promise for e in found.neighbours} == both - {home}


def test_a_use_keeps_its_place_in_its_step() -> None:
    day = today()
    earlier = Use(
        day, day + timedelta(days=9), day + timedelta(days=14)
    )  # leaves five days before its step ends
    later = Use(day + timedelta(days=20), day + timedelta(days=29), day + timedelta(days=32))
    assert waits(earlier, later, 1) == 1 + 1 + 9 + 3 - 5
    closer = Use(day + timedelta(days=10), day + timedelta(days=19), day + timedelta(days=22))
    assert waits(earlier, closer, 1) == 1 + 0 + 9 + 3 - 5, "an agreed hand-over without a free day stays one"


def test_two_steps_that_wait_for_each_other_in_turn_are_no_circle() -> None:
    one = Tie(1, 2, 5, "A", "", today())
    other = Tie(2, 1, 5, "B", "", today() + timedelta(days=30))
    kept, dropped = without_cycles([one, other], {1: 10, 2: 20}, [])
    assert (kept, dropped) == ([one], [other])
