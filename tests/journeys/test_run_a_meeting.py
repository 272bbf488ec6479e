"""A meeting run by its chair with the keyboard alone: decide, bind the chain, defer, raise, issue, plan."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hongtu.domains.dispatch import queries
from hongtu.domains.dispatch.models import AgendaItem, Escalation, Meeting
from tests.journeys.steps import Visitor, tab_to, type_date

pytestmark = pytest.mark.browser


def press(page: Any, words: str, said: str) -> None:
    """Tab to a button, press it, and wait for what the page says afterwards."""
    tab_to(page, words)
    page.keyboard.press("Enter")
    page.locator(".message", has_text=said).first.wait_for()


def shorter(meeting: Meeting, most: int) -> list[AgendaItem]:
    """The agenda cut to its first items, so that the journey stays short."""
    items = list(queries.items(meeting))
    for item in items[most:]:
        item.delete()
    return items[:most]


def test_a_chair_runs_a_meeting_without_a_mouse(visit: Callable[..., Visitor]) -> None:
    meeting = Meeting.objects.get(state="planned", level=2)
    first, second, third = shorter(meeting, 3)
    assert first.step is not None and third.step is not None
    chair = visit("lingdao")
    page = chair.open(f"/dispatch/{meeting.pk}/")

    tab_to(page, identifier="id_decision")
    page.keyboard.type("五个工作日内办结，逾期通报")
    tab_to(page, "作为链条约束")
    page.keyboard.press("Enter")
    tab_to(page, identifier="id_limit")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    tab_to(page, identifier="id_limit_days")
    page.keyboard.type("5")
    press(page, "议定，下一个", "已议定")

    page.get_by_role("heading", name=second.name).wait_for()
    tab_to(page, identifier="id_decision")
    page.keyboard.type("资料不齐，下次再议")
    press(page, "暂缓", "已暂缓")

    page.get_by_role("heading", name=third.name).wait_for()
    tab_to(page, identifier="id_decision")
    page.keyboard.type("需区领导协调")
    press(page, "提请上一级", "已提请上一级")

    tab_to(page, "印发纪要")
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    press(page, "印发纪要", "纪要已印发")
    tab_to(page, "会议纪要")
    with page.expect_download() as minutes:
        page.keyboard.press("Enter")
    assert minutes.value.suggested_filename.endswith(".docx")

    tab_to(page, "安排下次会议")
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    tab_to(page, identifier="id_held_on")
    type_date(page, "id_held_on", meeting.held_on + timedelta(days=10))
    press(page, "安排下次会议", "下次会议已安排")
    assert page.locator("#agenda tbody tr").first.locator("td, th").nth(2).inner_text() == "上次议定未落实"

    first.refresh_from_db()
    assert first.order is not None and first.order.state == "assigned"
    assert first.step.limits.get().days == 5
    assert [AgendaItem.objects.get(pk=i.pk).outcome for i in (second, third)] == ["deferred", "raised"]
    assert Escalation.objects.filter(cause="meeting", level=3).count() == 1
    assert chair.complaints == []
