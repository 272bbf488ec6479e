"""Two people change the same project: the second is told, keeps her text, saves over what she has seen."""

from collections.abc import Callable

import pytest

from hongtu.domains.projects.models import Project
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.browser


def test_the_slower_editor_keeps_her_text(visit: Callable[..., Visitor]) -> None:
    project = Project.objects.get(name__contains="行知中学九年")
    path = f"/ledgers/projects/{project.pk}/edit/"
    centre, owner = visit("zhongxin"), visit("zhongxin")
    slow, quick = owner.open(path), centre.open(path)
    slow.fill("[name=alias]", "慢的一位写的别名")
    slow.fill("[name=builders]", "慢的一位写的单位")
    quick.fill("[name=builders]", "快的一位写的单位")
    quick.get_by_role("button", name="保存").click()
    quick.wait_for_url(f"**/ledgers/projects/{project.pk}/")

    slow.get_by_role("button", name="保存").click()
    slow.get_by_text("这条记录刚被他人修改，您的修改还没有保存").wait_for()
    project.refresh_from_db()
    assert (project.alias, project.builders) == ("", "快的一位写的单位"), "nothing was overwritten"
    assert slow.input_value("[name=alias]") == "慢的一位写的别名"
    assert slow.input_value("[name=builders]") == "慢的一位写的单位"
    shown = slow.locator("main").inner_text()
    assert "快的一位写的单位" in shown
    assert "示例·推进中心" in shown

    slow.get_by_role("button", name="保存").click()
    slow.wait_for_url(f"**/ledgers/projects/{project.pk}/")
    project.refresh_from_db()
    assert (project.alias, project.builders) == ("慢的一位写的别名", "慢的一位写的单位")


def test_a_stale_promise_is_refused_and_the_reason_stays(visit: Callable[..., Visitor]) -> None:
    project = Project.objects.get(name__contains="行知中学九年")
    path = f"/projects/{project.pk}/chain/"
    slow, quick = visit("zhongxin").open(path), visit("zhongxin").open(path)
    for page, day, reason in ((quick, "2025-08-30", "先改的"), (slow, "2025-08-29", "后改的理由")):
        page.fill("[name=promised]", day)
        page.fill("[name=reason] >> nth=0", reason)
    quick.get_by_role("button", name="调整承诺日期").click()
    quick.locator(".message", has_text="承诺日期已改为2025-08-30").wait_for()
    slow.get_by_role("button", name="调整承诺日期").click()
    slow.get_by_text("该记录刚被他人修改").first.wait_for()
    assert slow.input_value("[name=promised]") == "2025-08-29"
    assert slow.input_value("[name=reason]") == "后改的理由"
    assert "2025-08-30" in slow.locator("main").inner_text(), "what the other one chose is shown"
