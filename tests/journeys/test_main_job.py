"""The promotion centre's main job: the workbook in, the wall right, a promise moved, the wall printed."""

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from hongtu.domains.projects import queries
from hongtu.domains.projects.models import Project
from hongtu.kernel.audit import chain as audit_chain
from hongtu.kernel.audit.models import Entry
from hongtu.kernel.chains.models import Baseline
from tests.journeys.steps import Visitor, open_project
from tests.shared_data import shared

pytestmark = pytest.mark.browser
WORKBOOK = Path(__file__).resolve().parents[2] / "examples/major-projects-office-style.xlsx"
SCHOOL = "行知中学"


def import_workbook(centre: Visitor) -> Any:
    """Through the page: choose, match columns, check, confirm, progress, result."""
    page = centre.open("/ledgers/projects/")
    page.get_by_role("link", name="导入", exact=True).click()
    page.set_input_files("#import-file", WORKBOOK)
    page.get_by_role("button", name="上传并核对列").click()
    page.get_by_role("heading", name="第二步：核对列").wait_for()
    page.get_by_role("button", name="预检").click()
    page.get_by_role("heading", name="第三步：预检结果").wait_for(timeout=60_000)
    counts = re.sub(r"\s+", " ", page.locator(".figures").inner_text())
    assert "修改 29 行" in counts
    assert "不变 212 行" in counts
    page.get_by_role("button", name="确认导入").click()
    page.get_by_role("heading", name="导入结果：已导入").wait_for(timeout=60_000)
    return page


def figures_on(page: Any) -> str:
    return re.sub(r"\s+", " ", page.locator(".figures").inner_text())


def latest_starts(page: Any) -> dict[str, str]:
    """Step name -> latest start, as the chain's table shows them."""
    rows = page.locator("#chain-steps tbody tr")
    heads = page.locator("#chain-steps thead th").all_inner_texts()
    column = heads.index("最迟开始")
    found = {}
    for number in range(rows.count()):
        cells = rows.nth(number).locator("th, td").all_inner_texts()
        found[cells[0]] = cells[column]
    return found


def move_promise(page: Any, to: date, reason: str) -> None:
    page.fill("[name=promised]", to.isoformat())
    page.fill("[name=reason] >> nth=0", reason)
    page.get_by_role("button", name="调整承诺日期").click()
    page.locator(".message", has_text=f"承诺日期已改为{to}").wait_for()


def test_from_the_offices_workbook_to_the_printed_wall(
    visit: Callable[..., Visitor], worker: None, address: str
) -> None:
    centre = visit("zhongxin")
    import_workbook(centre)
    assert Project.objects.filter(progress__contains="5月上旬更新").count() == 29
    assert (
        Entry.objects.filter(action="projects.import_rows").latest("sequence").actor_label == "示例·推进中心"
    )

    wall = centre.open("/")
    shown = figures_on(wall)
    for words in ("241 个", "1,655.70 亿元", "275.67 亿元"):
        assert words in shown
    wall.locator(".figure", has_text="重大项目").click()
    wall.get_by_text("共 241 条").first.wait_for()

    key = int(open_project(centre, SCHOOL))
    school = Project.objects.get(pk=key)
    assert school.light == "normal"
    chain = queries.chain_of(school)
    assert chain is not None
    page = centre.page
    page.get_by_role("link", name="编辑链条与承诺").click()
    page.wait_for_load_state("networkidle")
    before = latest_starts(page)
    earlier = date(chain.promised.year, chain.promised.month - 1, min(chain.promised.day, 28))
    move_promise(page, earlier, "区里要求提前一个月移交")
    after = latest_starts(page)
    moved = [name for name, day in before.items() if day != "—" and after[name] != "—"]
    assert len(moved) >= 5
    assert all(after[name] < before[name] for name in moved)
    assert "承诺日期调整前" in page.locator("#baselines").inner_text()
    assert Baseline.objects.filter(chain=chain).count() == 1

    page = centre.open(f"/ledgers/projects/{key}/")
    school.refresh_from_db()
    assert school.light in ("warning", "late"), "the earlier promise cannot hold on the present plan"
    lights = page.locator("#lights").inner_text()
    assert {"warning": "预警", "late": "滞后"}[school.light] in lights
    assert "误承诺日期" in lights
    assert earlier.isoformat() in page.locator("#chain").inner_text()

    page = centre.open("/")
    page.get_by_text("打印与导出").click()
    link = page.get_by_role("link", name="A0挂图（PDF）").get_attribute("href")
    response = page.request.get(address + link, timeout=120_000)
    assert response.ok
    sheet = PdfReader(io.BytesIO(response.body()))
    assert len(sheet.pages) == 1
    assert SCHOOL in re.sub(r"\s", "", sheet.pages[0].extract_text())
    assert audit_chain.verify(None).sequence > 0
    assert centre.complaints == []


@pytest.mark.shared
@pytest.mark.parametrize("name", ["task-links-project2019-mspdi.xml", "percent-complete-8.4.xer"])
def test_a_schedule_file_becomes_a_chain_through_the_page(visit: Callable[..., Visitor], name: str) -> None:
    file = shared(f"data/schedules/{name}")
    project = Project.objects.filter(key_project=False, stage="building").first()
    assert project is not None
    centre = visit("zhongxin")
    page = centre.open(f"/ledgers/projects/{project.pk}/")
    page.get_by_role("link", name="建立链条").click()
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="保存").click()
    page.locator(".message", has_text="已建立年度链条").wait_for()
    chain = queries.chain_of(project)
    assert chain is not None
    steps = list(chain.steps.order_by("sequence"))
    assert page.locator("#chain-steps tbody tr").count() == len(steps) > 3
    assert steps[0].name in page.locator("#chain-steps").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出Project文件").click()
    assert download.value.suggested_filename.endswith(".xml")
    assert centre.complaints == []
