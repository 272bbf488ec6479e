"""A visit written down on a phone whose connection breaks: nothing is lost, nothing kept twice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from hongtu.domains.visits.models import Finding, Visit
from hongtu.kernel.problems.models import Problem
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.browser


def test_what_is_written_without_a_network_arrives_when_it_is_back(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    planned = Visit.objects.filter(state="planned").order_by("pk")[0]
    Image.new("RGB", (80, 60), "grey").save(tmp_path / "spot.png")
    recorder = visit("zhongxin", width=390)
    page = recorder.open(f"/visits/{planned.pk}/")
    page.fill("#finding-form [name=name]", "围挡占道")
    page.set_input_files("#finding-form [name=photos]", tmp_path / "spot.png")
    page.context.set_offline(True)
    page.get_by_role("button", name="记下这个问题").click()
    page.locator("#field-queue", has_text="围挡占道").wait_for()
    expect(page.locator("#finding-form [name=name]")).to_have_value("")  # ready for the next one
    assert not Finding.objects.filter(visit=planned).exists()

    page.fill("#hold-form [name=summary]", "看到一半")
    page.context.set_offline(False)
    page.locator("#findings .found", has_text="围挡占道").wait_for()
    found = Finding.objects.get(visit=planned)
    assert Problem.objects.get(finding=found).evidence.count() == 1
    expect(page.locator("#hold-form [name=summary]")).to_have_value("看到一半")  # a draft survives the reload
    page.get_by_role("button", name="完成走访").click()
    page.locator(".message", has_text="走访记录已保存").wait_for()
    planned.refresh_from_db()
    assert (planned.state, planned.summary) == ("done", "看到一半")
    assert page.locator("#field-queue").is_hidden()
