"""A month's report: the owner fills it in and submits, the promotion centre returns it, then approves it."""

from collections.abc import Callable
from typing import Any

import pytest

from hongtu.domains.projects.models import Project
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.browser
PERIOD = "2025-05"


def fill_in(page: Any, done: str) -> None:
    page.fill("[name=done]", done)
    page.fill("[name=progress]", "三层楼板浇筑完成60%")
    page.fill("[name=this_period]", "浇筑三层楼板")
    page.fill("[name=next_plan]", "四层楼板")
    page.get_by_role("button", name="报送").click()
    page.locator(".message", has_text="已报送").wait_for()


def decide(page: Any, button: str, reason: str, answer: str) -> None:
    page.fill("[name=reason]", reason)
    page.get_by_role("button", name=button).click()
    page.locator(".message", has_text=answer).wait_for()


def test_owner_and_centre_agree_on_a_month(visit: Callable[..., Visitor]) -> None:
    owner, centre = visit("yezhu", 390), visit("zhongxin")
    project = Project.objects.filter(owner__code="OWNER01", stage="building").first()
    assert project is not None
    before = project.done_this_year
    report = f"/projects/{project.pk}/reports/{PERIOD}/"

    fill_in(owner.open(report), "1200")
    page = owner.open(report)
    assert page.locator("[name=done]").count() == 0, "a submitted report is no form any more"
    assert page.get_by_role("button", name="审核通过").count() == 0, "she cannot approve it herself"

    waiting = centre.open("/projects/reports/")
    waiting.get_by_role("link", name=f"{project.name} {PERIOD}").click()
    waiting.wait_for_load_state("networkidle")
    decide(waiting, "退回", "金额与合同不符", "已退回")
    page = owner.open(report)
    assert "金额与合同不符" in page.locator("main").inner_text()
    fill_in(page, "120")
    decide(centre.open(report), "审核通过", "", "已审核通过")

    project.refresh_from_db()
    assert project.done_this_year == before + 120
    assert "120" in centre.open(f"/ledgers/projects/{project.pk}/").locator("#reports").inner_text()
    assert owner.complaints == centre.complaints == []


def test_a_light_is_changed_by_two_people(visit: Callable[..., Visitor]) -> None:
    late = Project.objects.filter(light="late", key_project=True).first()
    assert late is not None
    page = visit("zhongxin").open(f"/projects/{late.pk}/light/")
    page.select_option("[name=light]", "excused")
    page.fill("[name=reason]", "上跨高铁等待天窗期")
    page.fill("[name=until]", "2025-12-31")
    page.get_by_role("button", name="保存").click()
    page.locator(".message", has_text="待他人审批").wait_for()

    leader = visit("lingdao", 390).open("/projects/light-changes/")
    leader.get_by_role("button", name="批准", exact=True).click()
    leader.locator(".message", has_text="已处理").wait_for()
    late.refresh_from_db()
    assert (late.light, late.excused) == ("excused", True)
    assert "免责" in leader.locator("#lights").inner_text()
