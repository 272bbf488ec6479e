"""The rescue board: moves from the chain, alternatives between cost and date, carried out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.demo.faces import parties
from hongtu.domains.projects.models import Project
from hongtu.domains.projects.queries import rescue as reads
from hongtu.domains.projects.rules import rescue as rules
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.chains.models import Baseline, StepRelation
from hongtu.kernel.people.models import Person

Cast = Callable[[str], Person]
ClientAs = Callable[..., Client]


def facts(key: int, whose: str = "contractor", left: int = 20, begun: bool = False) -> rules.StepFacts:
    return rules.StepFacts(key, f"step {key}", left, whose, begun)


class TestMoves:
    def test_works_are_crashed_and_overlapped(self) -> None:
        found = rules.candidates([facts(1), facts(2)], [(1, 2)], 1000)
        assert [(m.kind, m.step, m.days) for m in found if m.use] == [
            ("crash", 1, 5), ("crash", 2, 5), ("overlap", 1, 5),
        ]  # fmt: skip

    def test_an_office_promises_or_decides_in_parallel(self) -> None:
        found = rules.candidates([facts(1, "department"), facts(2, "department")], [(1, 2)], 1000)
        assert [(m.kind, m.step) for m in found] == [("commitment", 1), ("commitment", 2), ("parallel", 1)]

    def test_a_statutory_wait_cannot_be_bought(self) -> None:
        assert rules.candidates([facts(1, "statutory")], [], 1000) == []

    def test_another_order_is_offered_and_used_only_when_chosen(self) -> None:
        found = rules.candidates([facts(1), facts(2)], [(1, 2)], 1000)
        assert [m.use for m in found if m.kind == "resequence"] == [False]

    def test_what_people_fill_in_counts(self) -> None:
        offered = rules.candidates([facts(1)], [], 1000)
        (changed,) = rules.corrected(
            offered, {"use-crash-1": "1", "days-crash-1": "3", "cost-crash-1": "700"}
        )
        assert (changed.days, changed.cost, changed.use) == (3, 700, True)
        (left_out,) = rules.corrected(offered, {})
        assert not left_out.use


@pytest.mark.usefixtures("district")
class TestBoard:
    @pytest.fixture
    def road(self) -> Project:
        return parties()[0]

    @pytest.fixture
    def board(self, road: Project) -> reads.Board:
        chain = queries.chain_of(road)
        assert chain is not None
        return reads.board(road, chain)

    @staticmethod
    def forecast(board: reads.Board):  # type: ignore[no-untyped-def]
        return max(step.forecast_finish or step.actual_finish for step in board.chain.steps.all())

    def test_each_alternative_is_dearer_and_earlier_and_comes_true(
        self, road: Project, board: reads.Board, person: Cast
    ) -> None:
        wanted = self.forecast(board) - timedelta(days=10)
        found = reads.alternatives(board, board.offered, wanted)
        cheapest = found.cheapest
        assert cheapest is not None
        short = [a for a in found.alternatives if not a.keeps_promise]
        assert [a.cost for a in short] == sorted(a.cost for a in short)
        assert [a.finish for a in short] == sorted((a.finish for a in short), reverse=True)
        chosen = reads.alternative_of(board, board.offered, wanted, reads.label(cheapest))
        assert chosen is not None
        assert chosen.cost == cheapest.cost
        actions.rescue_chain(
            by=person("zhongxin"), record=road, board=board, alternative=chosen, reason="承诺提前"
        )
        assert self.forecast(board) <= wanted
        assert Baseline.objects.filter(chain=board.chain).exists()

    def test_a_dropped_order_is_dropped(self, road: Project, board: reads.Board, person: Cast) -> None:
        move = next(m for m in board.offered if m.kind == "resequence")
        only = [rules.Candidate("resequence", move.step, move.other, cost=1)]
        wanted = self.forecast(board) - timedelta(days=1)
        found = reads.alternatives(board, only, wanted)
        actions.rescue_chain(
            by=None, record=road, board=board, alternative=found.alternatives[0], reason="现场核实可并行"
        )
        assert not StepRelation.objects.filter(predecessor=move.step, successor=move.other).exists()

    def test_a_reason_and_the_right_are_needed(self, road: Project, board: reads.Board, person: Cast) -> None:
        wanted = self.forecast(board) - timedelta(days=5)
        choice = reads.alternatives(board, board.offered, wanted).alternatives[0]
        with pytest.raises(InvalidInput):
            actions.rescue_chain(
                by=person("zhongxin"), record=road, board=board, alternative=choice, reason=" "
            )
        with pytest.raises(NotAllowed):
            actions.rescue_chain(by=person("jijiu"), record=road, board=board, alternative=choice, reason="x")

    def test_the_page_carries_the_choice_out(
        self, road: Project, board: reads.Board, client_as: ClientAs
    ) -> None:
        client = client_as("yezhu")
        wanted = self.forecast(board) - timedelta(days=5)
        query = {"wanted": wanted.isoformat()} | {f"use-{m.key}": "1" for m in board.offered if m.use}
        page = client.get(reverse("projects:rescue", args=[road.pk]), query)
        row = next(a for a in page.context["alternatives"] if a["cheapest"])
        answer = client.post(
            reverse("projects:rescue-apply", args=[road.pk]),
            {
                "query": page.context["query"],
                "state": page.context["state"],
                "alternative": row["label"],
                "reason": "确保按期",
            },
        )
        assert answer.url == reverse("projects:chain", args=[road.pk])
        assert self.forecast(board) <= wanted

    def test_a_changed_chain_is_looked_at_again(
        self, road: Project, board: reads.Board, client_as: ClientAs
    ) -> None:
        answer = client_as("yezhu").post(
            reverse("projects:rescue-apply", args=[road.pk]),
            {"query": "wanted=2025-09-30", "state": "old", "alternative": "crash:1=1", "reason": "x"},
        )
        assert reverse("projects:rescue", args=[road.pk]) in answer.url
        assert not Baseline.objects.filter(chain=board.chain).exists()
