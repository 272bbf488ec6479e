"""The leader opens the ranking, looks behind a score, compares it with a past date, takes it as Excel."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hongtu.domains.assessment.models import Excuse, Scheme
from hongtu.domains.assessment.queries.scoring import result
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.profile.models import today
from tests.journeys.axe import violations
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.browser


def heading(page: Any, text: str) -> None:
    page.get_by_role("heading", name=text, level=1).wait_for()


@pytest.mark.parametrize("width", [1440, 390])
def test_from_the_ranking_to_the_records_and_back_home(
    visit: Callable[..., Visitor], tmp_path: Path, width: int
) -> None:
    leader = visit("lingdao", width)
    page = leader.open("/assessment/")
    heading(page, "考核排名")
    excuse = Excuse.objects.select_related("unit").get(state="approved")
    name = excuse.unit.name
    row = page.locator("#ranking tr", has_text=name)
    score = row.locator("td.number").nth(1).inner_text()
    faults = violations(page)

    row.get_by_role("link", name=name).click()
    heading(page, name)
    line = page.locator("#items tr", has_text="节点按期率")
    counted = line.locator("td").last.inner_text()
    faults += violations(page)
    line.get_by_role("link", name=counted, exact=True).click()
    heading(page, "节点按期率")
    page.get_by_text(f"共 {counted} 条").wait_for()
    assert page.locator("#facts tr", has_text="经批准免责").count() == 1, "the excused row says so"
    faults += violations(page)
    page.locator("#facts tbody a").first.click()
    page.locator("#chart").wait_for()

    page = leader.open("/assessment/ranking/owner/")
    page.get_by_role("link", name="对比", exact=True).click()
    heading(page, "考核对比")
    page.fill("[name=on2]", "2025-02-28")
    page.get_by_role("button", name="对比").click()
    page.wait_for_url(re.compile("on2=2025-02-28"))
    page.get_by_text("截至2025-02-28，按现在所知").wait_for()
    then = result(Subject.OWNER, today().replace(month=2, day=28)).by_unit[excuse.unit_id]
    cells = page.locator("#differences tr", has_text=name).locator("td")
    assert [cells.nth(n).inner_text() for n in (0, 1)] == [f"{then.total:.2f}", score]
    faults += violations(page)

    page = leader.open("/assessment/ranking/owner/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Excel").click()
    target = tmp_path / "ranking.xlsx"
    waiting.value.save_as(target)
    rows = list(openpyxl.load_workbook(target).active.iter_rows(values_only=True))
    [found] = [r for r in rows if r[1] == name]
    assert f"{found[2]:.2f}" == score
    assert faults == [] and leader.complaints == []


def test_a_proposed_scheme_is_adopted_beside_its_simulation(visit: Callable[..., Visitor]) -> None:
    proposed = Scheme.objects.get(state="proposed")
    leader = visit("lingdao", 1440)
    page = leader.open("/assessment/")
    page.get_by_role("link", name=re.compile(re.escape(proposed.name))).click()
    heading(page, proposed.name)
    assert page.locator("#differences tbody tr").count() > 5
    assert violations(page) == []
    page.get_by_role("button", name="审定施行").click()
    page.locator(".message", has_text="已审定").wait_for()
    proposed.refresh_from_db()
    assert proposed.state == "adopted"
    assert leader.complaints == []
