"""A meeting's decision as a limit of a chain: chosen on its screen, planned at once, kept."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from hongtu.domains.dispatch import actions, queries
from hongtu.domains.dispatch.models import AgendaItem, Meeting
from hongtu.domains.projects import actions as projects
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.chains.limiting import Demand
from hongtu.kernel.chains.models import Baseline, Step, StepLimit
from hongtu.kernel.chains.vocab import LimitKind
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.profile.models import today

ClientAs = Callable[..., Client]
pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture
def item() -> AgendaItem:
    """An item about a step that has not begun."""
    meeting = Meeting.objects.get(state="planned", level=2)
    step = Step.objects.filter(actual_start=None, planned_start__gt=today() + timedelta(20)).latest("pk")
    made = actions.add_item(
        by=None, meeting=meeting, name="压茬推进", unit=Unit.objects.get(code="ZJJ"), due_on=soon(meeting)
    )
    return made.revise(made.version, step=step)


def soon(meeting: Meeting) -> date:
    return meeting.held_on + timedelta(days=7)


def decided(item: AgendaItem, demand: Demand, by: Person | None = None) -> StepLimit:
    actions.decide(
        by=by, item=item, version=item.version, decision="按此执行", unit=item.unit,
        due_on=soon(item.meeting), demand=demand,
    )  # fmt: skip
    return queries.limits_of(item)[0]


def test_chosen_on_the_screen_it_moves_the_chain_and_says_why(item: AgendaItem, client_as: ClientAs) -> None:
    client, step = client_as("zhongxin"), item.step
    assert step is not None
    page = client.get(f"/dispatch/{item.meeting_id}/?item={item.pk}").content.decode()
    assert "作为链条约束" in page
    later = step.forecast_start + timedelta(days=40)
    answer = client.post(
        f"/dispatch/items/{item.pk}/",
        {
            "version": item.version, "decision": "待管线迁改后进场", "unit": item.unit_id,
            "due_on": soon(item.meeting),
            "limit": "start_after", "limit_on": later, "decide": "1",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    step.refresh_from_db()
    assert step.start_no_earlier_than == later and step.forecast_start >= later
    assert "议定" in str(Baseline.objects.filter(chain=step.chain).latest("known_since").name)
    chain_page = client.get(f"/projects/{step.chain.subject_key}/chain/").content.decode()
    decision = f"/dispatch/{item.meeting_id}/?item={item.pk}#item"
    assert "会议约束" in chain_page and decision in chain_page
    why = client.get(f"/projects/steps/{step.pk}/why/").content.decode()
    assert item.meeting.name in why and decision in why


def test_a_date_or_number_is_asked_for_beside_its_field(item: AgendaItem, client_as: ClientAs) -> None:
    given = {"version": item.version, "decision": "x", "unit": item.unit_id, "due_on": soon(item.meeting)}
    answer = client_as("zhongxin").post(
        f"/dispatch/items/{item.pk}/", {**given, "limit": "duration_cap", "decide": "1"}
    )
    assert answer.status_code == 422 and "约束天数" in answer.content.decode()
    item.refresh_from_db()
    assert item.outcome == "pending" and not StepLimit.objects.exists()


def test_finish_by_uses_up_the_float(item: AgendaItem) -> None:
    step = item.step
    assert step is not None
    last = step.forecast_finish - timedelta(days=30)
    decided(item, Demand(LimitKind.FINISH_BY, day=last))
    step.refresh_from_db()
    assert step.latest_finish <= last and step.total_float < 0


def test_a_cap_shortens_the_step(item: AgendaItem) -> None:
    step = item.step
    assert step is not None and step.duration > 3
    before = step.forecast_finish
    decided(item, Demand(LimitKind.DURATION_CAP, days=3))
    step.refresh_from_db()
    assert step.duration == 3 and step.forecast_finish < before


def test_the_plan_cannot_go_against_it_but_may_be_stricter(item: AgendaItem) -> None:
    step = item.step
    assert step is not None
    later = step.forecast_start + timedelta(days=40)
    decided(item, Demand(LimitKind.START_AFTER, day=later))
    step.refresh_from_db()
    with pytest.raises(InvalidInput, match="已议定") as refused:
        projects.revise_step(
            by=None, step=step, version=step.version, changes={"start_no_earlier_than": None}, reason="提前"
        )
    assert refused.value.code == "chains.bound_by_decision"
    stricter = later + timedelta(days=7)
    projects.revise_step(
        by=None, step=step, version=step.version, changes={"start_no_earlier_than": stricter}, reason="再等"
    )
    assert Step.objects.get(pk=step.pk).start_no_earlier_than == stricter


def test_another_decision_replaces_it_and_a_reason_lifts_it(item: AgendaItem, client_as: ClientAs) -> None:
    step = item.step
    assert step is not None
    original = step.start_no_earlier_than
    first = decided(item, Demand(LimitKind.START_AFTER, day=step.forecast_start + timedelta(days=40)))
    other = actions.add_item(
        by=None, meeting=Meeting.objects.get(state="planned", level=4), name="再议", unit=item.unit,
        due_on=soon(Meeting.objects.get(state="planned", level=4)),
    )  # fmt: skip
    other = other.revise(other.version, step=step)
    second = decided(other, Demand(LimitKind.START_AFTER, day=step.forecast_start + timedelta(days=20)))
    first.refresh_from_db()
    assert (first.state, first.replaced_by_id) == ("replaced", second.pk)
    client = client_as("zhongxin")
    address = f"/dispatch/limits/{second.pk}/lift/"
    assert client.post(address, {"version": second.version, "reason": " "}).status_code == 422
    assert client_as("zhujian").post(
        address, {"version": second.version, "reason": "不干了"}
    ).status_code in (403, 404)
    assert client.post(address, {"version": second.version, "reason": "管线已迁改"}).status_code == 302
    step.refresh_from_db()
    second.refresh_from_db()
    assert step.start_no_earlier_than == original
    assert (second.state, second.ended_reason) == ("lifted", "管线已迁改")


def test_two_decisions_may_not_contradict_each_other(item: AgendaItem) -> None:
    step = item.step
    assert step is not None
    day = step.forecast_start + timedelta(days=40)
    decided(item, Demand(LimitKind.START_AFTER, day=day))
    other = actions.add_item(
        by=None, meeting=item.meeting, name="再议", unit=item.unit, due_on=soon(item.meeting)
    )
    step_of_other = step
    item.refresh_from_db()
    item.revise(item.version, step=None)
    other = other.revise(other.version, step=step_of_other)
    with pytest.raises(InvalidInput, match="矛盾"):
        decided(other, Demand(LimitKind.FINISH_BY, day=day - timedelta(days=1)))
