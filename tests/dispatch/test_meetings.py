"""A meeting from its drawn agenda to the minutes, and what the next one opens with."""

import io
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from docx import Document

from hongtu.boards.figures import figures
from hongtu.domains.dispatch import actions, queries
from hongtu.domains.dispatch.models import AgendaItem, Escalation, Meeting
from hongtu.kernel.base.errors import InvalidInput, StaleVersion
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.profile.models import today

ClientAs = Callable[..., Client]


def planned(level: int) -> Meeting:
    return Meeting.objects.get(state="planned", level=level)


@pytest.mark.usefixtures("district")
@pytest.mark.parametrize(
    ("key", "figure", "query"),
    [("joint_meetings", 3, "kind=joint"), ("site_dispatches", 12, "kind=site")],
)
def test_a_figure_opens_the_meetings_it_counts(
    key: str, figure: int, query: str, client_as: ClientAs
) -> None:
    assert figures()[key] == figure
    page = client_as("zhongxin").get(f"/ledgers/meetings/?state=issued&{query}").content.decode()
    assert re.search(rf"\b{figure}\b", re.search(r'role="status"[^>]*>(.*?)</', page, re.S)[1])  # type: ignore[index]


@pytest.mark.usefixtures("district")
def test_the_agenda_opens_with_what_the_last_meeting_decided_and_did_not_happen() -> None:
    meeting = planned(4)
    items = list(queries.items(meeting))
    assert items[0].origin == "undone"
    last = meeting.previous
    assert last is not None
    undone = {i.problem_id for i in items if i.origin == "undone"}
    assert {i.order_id for i in last.items.all()} <= undone
    order = ["undone", "escalated", "days", "added"]
    assert [order.index(i.origin) for i in items] == sorted(order.index(i.origin) for i in items)
    assert all(i.path and i.unit and i.due_on > meeting.held_on and i.explanation for i in items)


@pytest.mark.usefixtures("district")
def test_drawing_again_adds_nothing() -> None:
    meeting = planned(2)
    before = list(meeting.items.values_list("pk", flat=True))
    assert before
    assert actions.draw_agenda(by=None, meeting=meeting) == 0
    assert list(meeting.items.values_list("pk", flat=True)) == before


@pytest.mark.usefixtures("district")
def test_a_meeting_is_run_on_one_screen_to_numbered_minutes(client_as: ClientAs) -> None:
    client, meeting = client_as("zhongxin"), planned(2)
    items = list(queries.items(meeting))
    fresh = next(i for i in items if i.problem_id is None)
    address = f"/dispatch/items/{fresh.pk}/"
    given = {"version": fresh.version, "decision": "本周完成", "unit": fresh.unit_id}
    refused = client.post(address, {**given, "due_on": meeting.held_on, "decide": "1"})
    assert refused.status_code == 422 and "时限须晚于会议日期" in refused.content.decode()
    due = meeting.held_on + timedelta(days=7)
    answer = client.post(address, {**given, "due_on": due, "decide": "1"})
    fresh.refresh_from_db()
    order = fresh.order
    assert order is not None and order.kind == "order" and order.state == "assigned"
    assert order.handling_unit_id == fresh.unit_id and order.due_at.astimezone().date() == due
    after = next(i.pk for i in items if i.sequence > fresh.sequence)
    assert f"item={after}#" in answer["Location"]
    with pytest.raises(InvalidInput, match="没有结论"):
        actions.issue(by=None, meeting=meeting, version=meeting.version, signed_by="甲")
    for item in items:
        if item.pk != fresh.pk:
            actions.defer(by=None, item=item, version=item.version, decision="下次再议")
    lists = {"attendees": "各责任单位", "absent": "区水利局", "observers": "", "copy_to": "区政府办"}
    client.post(f"/dispatch/{meeting.pk}/issue/", {"version": meeting.version, "signed_by": "甲", **lists})
    meeting.refresh_from_db()
    assert meeting.number.endswith("号") and meeting.state == "issued"
    document = Document(io.BytesIO(client.get(f"/dispatch/{meeting.pk}/minutes.docx").content))
    text = "\n".join(p.text for p in document.paragraphs)
    assert meeting.number in text and "本周完成" in text
    assert "出席：各责任单位" in text and "请假：区水利局" in text and "列席" not in text
    assert text.startswith("红谷滩区重大项目调度会议纪要")
    orders, imprint = document.tables
    assert order.number in orders.rows[1].cells[-1].text
    assert imprint.rows[0].cells[0].text == "抄送：区政府办。"
    coming = actions.next_meeting(by=None, meeting=meeting, held_on=due + timedelta(days=3))
    opening = queries.items(coming)[0]
    assert opening.origin == "undone" and coming.items.filter(problem=order, origin="undone").exists()


@pytest.mark.usefixtures("district")
def test_an_order_that_was_not_done_is_decided_on_again_without_a_second_order() -> None:
    item = AgendaItem.objects.filter(meeting=planned(4), origin="undone")[0]
    before = Problem.objects.count()
    due = item.meeting.held_on + timedelta(days=5)
    decided = actions.decide(
        by=None, item=item, version=item.version, decision="限期", unit=item.unit, due_on=due
    )
    assert decided.order == item.problem and Problem.objects.count() == before


@pytest.mark.usefixtures("district")
def test_raising_an_item_tells_the_next_level_once() -> None:
    item = AgendaItem.objects.filter(meeting=planned(2), origin__in=("escalated", "days"))[0]
    actions.raise_item(by=None, item=item, version=item.version, decision="需区领导协调")
    told = Escalation.objects.get(cause="meeting")
    assert told.level == 3 and "需区领导协调" in str(told.reason)


@pytest.mark.usefixtures("district")
def test_escalations_fire_once_and_a_jump_of_the_clock_loses_none() -> None:
    assert actions.escalate(by=None) == 0
    before = set(Escalation.objects.values_list("pk", flat=True))
    assert actions.escalate(by=None, on=today() + timedelta(days=60)) > 0
    assert actions.escalate(by=None, on=today() + timedelta(days=60)) == 0
    fresh = Escalation.objects.exclude(pk__in=before)
    jumped = fresh.filter(level=4, cause="clock").exclude(step=None)[0]
    rows = Escalation.objects.filter(step=jumped.step, since=jumped.since)
    assert sorted(rows.values_list("level", flat=True)) == [2, 3, 4]
    assert all(str(row.level) in str(row.reason) for row in rows)


def test_two_schedulers_at_once_tell_everybody_once(own_district: str) -> None:
    day = today() + timedelta(days=45)
    fired: list[int] = []
    failed: list[BaseException] = []
    start = threading.Barrier(2)

    def run() -> None:
        try:
            start.wait()
            fired.append(actions.escalate(by=None, on=day))
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    before = Escalation.objects.count()
    threads: list[Any] = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert sum(fired) > 0 and min(fired) == 0
    assert Escalation.objects.count() == before + sum(fired)


def at_once(*runs: Callable[[], Any]) -> tuple[list[Any], list[BaseException]]:
    """Results and failures of several people acting in the same moment."""
    start, made, failed = threading.Barrier(len(runs)), [], []

    def one(run: Callable[[], Any]) -> None:
        try:
            start.wait()
            made.append(run())
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads: list[Any] = [threading.Thread(target=one, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return made, failed


def test_two_people_at_the_same_meeting_do_not_decide_twice(own_district: str) -> None:
    meeting = planned(2)
    item = next(i for i in queries.items(meeting) if i.unit and not i.problem_id)
    orders = Problem.objects.filter(kind="order").count()

    def decide(words: str) -> Callable[[], Any]:
        mine = AgendaItem.objects.select_related("meeting", "unit").get(pk=item.pk)
        due = meeting.held_on + timedelta(days=7)
        return lambda: actions.decide(
            by=None, item=mine, version=mine.version, decision=words, unit=mine.unit, due_on=due
        )

    made, failed = at_once(decide("甲的议定"), decide("乙的议定"))
    assert len(made) == 1 and [type(f) for f in failed] == [StaleVersion]
    item.refresh_from_db()
    assert item.decision == made[0].decision
    assert Problem.objects.filter(kind="order").count() == orders + 1


def test_minutes_issued_at_once_have_numbers_of_their_own_and_nobody_decides_afterwards(
    own_district: str,
) -> None:
    first, second = planned(2), planned(4)
    for item in AgendaItem.objects.filter(meeting__in=(first, second)).select_related("meeting"):
        actions.defer(by=None, item=item, version=item.version, decision="下次再议")
    late = AgendaItem.objects.select_related("meeting").filter(meeting=first)[0]
    made, failed = at_once(
        *(lambda m=m: actions.issue(by=None, meeting=m, version=m.version, signed_by="甲")
          for m in (first, second))
    )  # fmt: skip
    assert not failed
    numbers = sorted(int(re.search(r"〕(\d+)号", m.number)[1]) for m in made)  # type: ignore[index]
    assert numbers[1] == numbers[0] + 1
    with pytest.raises(InvalidInput, match="纪要已印发"):
        actions.decide(
            by=None, item=late, version=late.version, decision="补议", unit=late.unit,
            due_on=first.held_on + timedelta(days=9),
        )  # fmt: skip


@pytest.mark.usefixtures("district")
def test_only_who_may_dispatch_sees_it(client_as: ClientAs) -> None:
    assert client_as("yezhu").get("/dispatch/").status_code == 403
    meeting = planned(2)
    officer = client_as("zhujian")
    assert officer.get(f"/dispatch/{meeting.pk}/").status_code == 200
    assert officer.post(f"/dispatch/{meeting.pk}/draw/").status_code == 404, "not hers to run"


@pytest.mark.usefixtures("district")
@pytest.mark.parametrize("username", ["lingdao", "zhujian"])
def test_who_chairs_a_meeting_issues_its_orders(username: str, client_as: ClientAs, person: Any) -> None:
    """A district leader as well as the head of a department; receiving problems is not what it takes."""
    chair, meeting = person(username), planned(2)
    meeting.revise(meeting.version, chair=chair)
    item = next(i for i in queries.items(meeting) if i.unit and not i.problem_id)
    due = meeting.held_on + timedelta(days=7)
    given = {
        "version": item.version,
        "decision": "本周完成",
        "unit": item.unit_id,
        "due_on": due,
        "decide": "1",
    }
    answer = client_as(username).post(f"/dispatch/items/{item.pk}/", given)
    assert answer.status_code == 302
    item.refresh_from_db()
    order = item.order
    assert order is not None and (order.state, order.kind) == ("assigned", "order")
    assert order.due_at.astimezone().date() == order.first_due_at.astimezone().date() == due
    assert [line.by for line in order.log.all()] == [chair] * 3


@pytest.mark.usefixtures("district")
def test_a_level_that_should_have_met_is_named_and_its_next_day_proposed(client_as: ClientAs) -> None:
    client = client_as("zhongxin")
    page = client.get("/dispatch/").content.decode()
    table = re.search(r'id="levels".*?</table>', page, re.S)
    assert table and "定责任、定时限、定路径" in table[0]
    assert "应于2025-05-26前召开，还没有安排" in table[0], "the third level met a month before"
    joint = Meeting.objects.filter(level=4, state="issued").latest("held_on")
    planned(4).delete()
    form = client.get(f"/dispatch/{joint.pk}/").context["next_form"]
    assert form.initial["held_on"] >= joint.held_on + timedelta(days=60)
