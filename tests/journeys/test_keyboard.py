"""The whole import with the keyboard alone: no mouse is touched after the page is open."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hongtu.domains.projects.models import Project
from tests.journeys.steps import FOCUSED, Visitor, tab_to

pytestmark = pytest.mark.browser
WORKBOOK = Path(__file__).resolve().parents[2] / "examples/major-projects-office-style.xlsx"


def test_importing_without_a_mouse(visit: Callable[..., Visitor], worker: None) -> None:
    centre = visit("zhongxin")
    page = centre.open("/ledgers/projects/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)[2] == "跳到正文", "the first stop skips the menu"
    page.keyboard.press("Enter")
    tab_to(page, "导入")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="第一步：选择文件").wait_for()
    tab_to(page, identifier="import-file")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(WORKBOOK)
    tab_to(page, "上传并核对列")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="第二步：核对列").wait_for()
    tab_to(page, "预检")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="第三步：预检结果").wait_for(timeout=60_000)
    tab_to(page, "确认导入")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="导入结果：已导入").wait_for(timeout=60_000)
    assert Project.objects.filter(progress__contains="5月上旬更新").count() == 29
    tab_to(page, "查看台账")
    page.keyboard.press("Enter")
    page.get_by_text("共 241 条").first.wait_for()
    assert centre.complaints == []
