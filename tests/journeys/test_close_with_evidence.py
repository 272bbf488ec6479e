"""A problem closed with a photo as evidence and verified by somebody else, both with the keyboard alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from hongtu.kernel.problems.models import Problem
from tests.journeys.steps import Visitor, tab_to

pytestmark = pytest.mark.browser


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "after.jpg"
    Image.new("RGB", (640, 480), "#5b7f5b").save(path)
    return path


def test_the_work_is_shown_and_somebody_else_looks_at_it(visit: Callable[..., Visitor], photo: Path) -> None:
    problem = Problem.objects.filter(owner_unit__code="ZJJ", state="working", step__isnull=False)[0]
    doer = visit("zhujian")
    page = doer.open("/problems/my-day/?band=blocking")
    tab_to(page, problem.title)
    page.keyboard.press("Enter")
    page.locator("#cost").wait_for()
    tab_to(page, "申请销号")
    page.keyboard.press("Enter")
    page.locator("#id_summary").wait_for()
    tab_to(page, identifier="id_summary")
    page.keyboard.type("许可证已核发，现场已进场")
    tab_to(page, identifier="id_photos")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(photo)
    tab_to(page, "申请销号")
    page.keyboard.press("Enter")
    page.locator(".message", has_text="已完成：申请销号").wait_for()
    assert page.get_by_role("link", name="复核通过").count() == 0, "she cannot verify her own work"

    checker = visit("zhongxin")
    page = checker.open(f"/problems/{problem.pk}/")
    tab_to(page, "复核通过")
    page.keyboard.press("Enter")
    page.locator("#id_text").wait_for()
    tab_to(page, identifier="id_text")
    page.keyboard.type("现场核对无误")
    tab_to(page, "复核通过")
    page.keyboard.press("Enter")
    page.locator(".message", has_text="已完成：复核通过").wait_for()
    problem.refresh_from_db()
    assert problem.state == "answering" and problem.verified_at is not None
    assert problem.evidence.get(phase="after").verified_by == checker_of(problem)
    assert doer.complaints == checker.complaints == []


def checker_of(problem: Problem) -> object:
    return problem.log.filter(move="verify").latest("pk").by
