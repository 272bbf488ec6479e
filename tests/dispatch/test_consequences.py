"""Ranked by what waiting costs: agenda, escalation, my day, the problem's page, the wall."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hongtu.domains.dispatch import actions, queries
from hongtu.domains.dispatch.models import AgendaItem, Escalation, Meeting
from hongtu.kernel.chains.models import Step
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import actions as problems
from hongtu.kernel.problems import ranking
from hongtu.kernel.problems.cost_words import KeptCost
from hongtu.kernel.problems.costs import Cost, CostDue
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.profile.models import today

ClientAs = Callable[..., Client]


def planned(level: int) -> Meeting:
    return Meeting.objects.get(state="planned", level=level)


def reported(step: Step) -> Problem:
    """A fresh problem that holds up a step; its deadline lies ahead."""
    desk = Unit.objects.get(code="ZDXM")
    made = problems.report(
        by=None, source="step", title="管线未迁改", desk=desk, urgency="complex", step=step
    )
    return made.problem


@pytest.mark.usefixtures("district")
class TestCosts:
    def test_each_open_problem_on_a_step_and_each_late_step_has_one(self) -> None:
        problems.refresh_costs(by=None, everything=True)
        rows = Cost.objects.all()
        assert {r.problem_id for r in rows if r.problem_id} == set(
            ranking.blocking_problems().values_list("pk", flat=True)
        )
        assert {r.step_id for r in rows if not r.problem_id} == set(
            ranking.late_steps(today()).values_list("pk", flat=True)
        )
        assert len(rows) > 20 and max(r.days for r in rows) >= 5

    def test_order_is_by_consequence_as_the_engine_has_it(self) -> None:
        rows = list(Cost.objects.order_by(*ranking.dearest(), "pk"))
        keys = [ranking.key(row) for row in rows]
        assert keys == sorted(keys) and len(set(keys)) > 3

    def test_queries_do_not_grow_with_the_problems(self) -> None:
        problems.refresh_costs(by=None, everything=True)
        with CaptureQueriesContext(connection) as few:
            problems.refresh_costs(by=None, everything=True)
        for step in Step.objects.filter(actual_finish=None, planned_start__gt=today())[:15]:
            reported(step)
        with CaptureQueriesContext(connection) as many:
            assert problems.refresh_costs(by=None, everything=True) >= 40
        assert len(many) == len(few) < 40

    def test_a_new_problem_is_weighed_when_somebody_looks_and_solving_it_takes_it_off(
        self, client_as: ClientAs
    ) -> None:
        problems.fresh_costs()
        step = Step.objects.filter(actual_finish=None, total_float__lt=0, planned_start__gt=today()).latest(
            "pk"
        )
        problem = reported(step)
        assert CostDue.objects.filter(chain=step.chain_id).exists()
        page = client_as("zhongxin").get(f"/problems/{problem.pk}/").content.decode()
        cost = Cost.objects.get(problem=problem)
        assert "拖延的代价" in page and str(cost.until) in page
        assert not CostDue.objects.exists()
        problems.decline(by=None, problem=problem, version=problem.version, reason="重复登记")
        assert problems.fresh_costs()
        assert not Cost.objects.filter(problem=problem).exists()

    def test_saying_which_step_it_holds_up_is_one_form(self, client_as: ClientAs) -> None:
        client = client_as("zhongxin")
        problem = Problem.objects.filter(step=None, state="working", confidentiality__lte=1)[0]
        step = Step.objects.filter(actual_finish=None, total_float__lt=0).order_by("pk")[0]
        address = f"/problems/{problem.pk}/block/?chain={step.chain_id}"
        assert step.name in client.get(address).content.decode()
        answer = client.post(address, {"version": problem.version, "step": step.pk})
        assert answer.status_code == 302
        problem.refresh_from_db()
        assert problem.step_id == step.pk
        assert "拖延的代价" in client.get(f"/problems/{problem.pk}/").content.decode()

    def test_my_day_puts_what_holds_up_most_first(
        self, client_as: ClientAs, person: Callable[..., Person]
    ) -> None:
        page = client_as("zhujian").get("/problems/my-day/?band=blocking").content.decode()
        rows = list(
            Cost.objects.filter(problem__owner_unit=person("zhujian").unit).order_by(*ranking.dearest())
        )
        assert len(rows) >= 2
        places = [page.index(row.problem.title) for row in rows if row.problem]
        assert places == sorted(places)

    def test_the_wall_shows_what_endangers_most(self, client_as: ClientAs) -> None:
        dearest = Cost.objects.order_by(*ranking.dearest(), "pk").select_related("step__chain")[0]
        page = client_as("lingdao").get("/").content.decode()
        panel = page.split('id="dangers-panel"')[1]
        assert dearest.step.chain.title in panel.split("</tr>")[1]


@pytest.mark.usefixtures("district")
class TestAgenda:
    def test_among_one_origin_the_dearest_comes_first_and_a_chain_once(self) -> None:
        for level in (2, 4):
            items = list(queries.items(planned(level)))
            for origin in ("undone", "escalated", "days"):
                keys = [ranking.key(KeptCost.of(i.cost)) for i in items if i.origin == origin]
                assert keys == sorted(keys)
            chains = [i.step.chain_id for i in items if i.origin == "days" and i.step]
            assert len(chains) == len(set(chains)) > 0

    def test_drawing_it_up_takes_a_fixed_number_of_queries(self) -> None:
        meeting = planned(4)
        meeting.items.all().delete()
        with CaptureQueriesContext(connection) as asked:
            assert actions.draw_agenda(by=None, meeting=meeting) > 5
        assert len(asked) < 25

    def test_the_page_says_what_waiting_costs_in_both_languages(self, client_as: ClientAs) -> None:
        item = next(i for i in queries.items(planned(2)) if i.cost and i.days)
        client = client_as("zhongxin")
        assert "现在解决可省" in client.get(f"/dispatch/{item.meeting_id}/?item={item.pk}").content.decode()
        client.cookies["django_language"] = "en"
        page = client.get(f"/dispatch/{item.meeting_id}/?item={item.pk}").content.decode()
        assert "working days" in page and "现在解决可省" not in page

    def test_what_is_above_the_papers_of_a_meeting_stays_out(self) -> None:
        cost = Cost.objects.exclude(problem=None).order_by(*ranking.dearest())[0]
        secret = cost.problem
        assert secret is not None
        secret.revise(secret.version, confidentiality=3)
        Escalation.objects.filter(problem=secret).delete()
        actions.escalate(by=None, on=today() + timedelta(days=60))
        assert not Escalation.objects.filter(problem=secret).exists()
        meeting = planned(2)
        meeting.items.all().delete()
        actions.draw_agenda(by=None, meeting=meeting)
        assert not meeting.items.filter(problem=secret).exists()


@pytest.mark.usefixtures("district")
def test_a_dear_problem_is_escalated_before_its_deadline_once_and_explained() -> None:
    step = Cost.objects.filter(problem=None).order_by(*ranking.dearest())[0].step
    problem = reported(step)
    assert actions.escalate(by=None) > 0
    rows = Escalation.objects.filter(problem=problem)
    assert {row.cause for row in rows} == {"consequence"}
    assert 2 in {row.level for row in rows}
    assert all("现在解决可省" in str(row.reason) and f"提至{row.level}级" in str(row.reason) for row in rows)
    assert actions.escalate(by=None) == 0


def test_two_schedulers_and_a_jumping_clock_tell_everybody_once(own_district: str) -> None:
    """By clock and by consequence: forward, far forward and back again, both at the same time."""
    for step in Step.objects.filter(actual_finish=None, total_float__lt=0, planned_start__gt=today())[:5]:
        reported(step)
    jumps: Sequence[date] = [today() + timedelta(days=n) for n in (0, 1, 45, 3, 45, 90)]
    start, failed = threading.Barrier(2), []
    told: list[int] = []

    def run() -> None:
        try:
            start.wait()
            for day in jumps:
                told.append(actions.escalate(by=None, on=day))
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    before = Escalation.objects.count()
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    rows = list(Escalation.objects.values_list("problem", "step", "level", "since", "cause"))
    assert len(rows) == before + sum(told) > before
    assert max(Counter(row[:4] for row in rows).values()) == 1
    assert {"clock", "consequence"} <= {row[4] for row in rows}
    again = [actions.escalate(by=None, on=day) for day in jumps]
    assert sum(again) == 0


@pytest.mark.usefixtures("district")
def test_an_item_decided_keeps_what_was_known_then() -> None:
    item = AgendaItem.objects.filter(meeting=planned(2), days__gt=0)[0]
    before = item.cost
    due = item.meeting.held_on + timedelta(days=5)
    unit = item.unit or Unit.objects.get(code="ZJJ")
    actions.decide(by=None, item=item, version=item.version, decision="限期", unit=unit, due_on=due)
    Cost.objects.update(days=99)
    actions.draw_agenda(by=None, meeting=item.meeting)
    item.refresh_from_db()
    assert item.cost == before


@pytest.mark.usefixtures("district")
def test_a_step_that_was_escalated_is_not_deleted_and_the_page_says_why(client_as: ClientAs) -> None:
    actions.escalate(by=None, on=today() + timedelta(days=60))
    step = Step.objects.filter(pk__in=Escalation.objects.values("step"), actual_start__isnull=True)[0]
    address = f"/projects/steps/{step.pk}/remove/"
    answer = client_as("zhongxin").post(address, {"version": step.version, "reason": "不办了"})
    assert answer.status_code == 422
    assert "该事项已有提级记录" in answer.content.decode()
    assert Step.objects.filter(pk=step.pk).exists()
