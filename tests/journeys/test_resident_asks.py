"""A resident on a phone gets her answer whole, is handed to the helper for the rest; a corrected record is
in the next answer; a project owner ticks her handbook and prints it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hongtu.boards.assistant import knowledge
from hongtu.domains.matters.models import Guide, HandbookTick
from hongtu.domains.projects.models import Project
from tests.journeys.axe import violations
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _by_words(settings: Any) -> None:
    settings.HONGTU_SENTENCE_MODEL = "off"
    knowledge.forget()


def ask(page: Any, question: str) -> None:
    page.fill("#ask-question", question)
    page.get_by_role("button", name="问一问").click()
    page.locator(".turn-asker p", has_text=question).last.wait_for()


def test_a_resident_on_a_phone(visit: Callable[..., Visitor]) -> None:
    resident = visit(width=390)
    page = resident.open("/matters/")
    ask(page, "居住证怎么办")
    answer = page.locator(".turn-assistant").last
    for words in (
        "12号公安协同帮办窗口",
        "房屋租赁合同",
        "法定15",
        "首次申领免收",
        "0791-0000 0101",
        "第1版",
    ):
        assert words in answer.inner_text(), words
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    ask(page, "我和邻居合租没有合同怎么弄呀")
    page.locator("summary", has_text="转给首席帮办员").click()
    page.fill("#contact", "示例电话")
    page.get_by_role("button", name="转给她").click()
    page.locator("#handover", has_text="首席帮办员").wait_for()
    assert resident.complaints == []

    helper = visit("bangban").open("/assistant/queue/")
    helper.get_by_text("合租").first.click()
    helper.fill("[name=reply]", "房东出具住宿说明就可以。")
    helper.get_by_role("button", name="答复").click()
    helper.locator(".message", has_text="已答复").wait_for()
    page.reload()
    page.get_by_text("房东出具住宿说明就可以").wait_for()


def test_a_corrected_record_is_in_the_next_answer(visit: Callable[..., Visitor]) -> None:
    guide = Guide.objects.get(matter__code="BB136")
    editor = visit("bianji").open(f"/ledgers/guides/{guide.pk}/")
    editor.get_by_role("button", name="修订（新版本）").click()
    editor.locator("summary", has_text="收费").click()
    editor.fill("[name=fee]", "全部免费，自五月起")
    editor.get_by_role("button", name="保存并送审").click()
    editor.locator(".message", has_text="已送审").wait_for()
    chief = visit("bangban").open("/matters/review/")
    chief.locator("#waiting a").first.click()
    chief.get_by_role("button", name="发布").click()
    chief.locator(".message", has_text="已发布").wait_for()
    page = visit(width=390).open("/assistant/")
    ask(page, "居住证多少钱")
    assert "全部免费，自五月起" in page.locator(".turn-assistant").last.inner_text()


def test_a_pdf_becomes_a_guide_that_the_assistant_tells(visit: Callable[..., Visitor]) -> None:
    examples = Path(__file__).resolve().parents[2] / "examples"
    editor = visit("bianji").open("/matters/import/")
    editor.set_input_files("#import-file", str(examples.parent / "README.md"))
    editor.get_by_role("button", name="上传并识别").click()
    editor.locator("code", has_text="document.wrong_type").wait_for()
    editor.set_input_files("#import-file", str(examples / "guide-table.pdf"))
    editor.get_by_role("button", name="上传并识别").click()
    editor.get_by_text("认出36/78项要素").wait_for()
    assert violations(editor) == []
    editor.select_option("[name=theme-0]", "housing")
    editor.get_by_role("button", name="确认，建立草稿").click()
    editor.locator(".message", has_text="已建立草稿").wait_for()
    assert violations(editor) == []
    editor.locator("summary", has_text="有效期").click()
    editor.fill("[name=effective_from]", "2025-01-01")
    editor.get_by_role("button", name="保存并送审").click()
    editor.locator(".message", has_text="已送审").wait_for()
    chief = visit("bangban").open("/matters/review/")
    chief.locator("#waiting a", has_text="电动自行车").click()
    chief.locator("#changes", has_text="现场勘验3个工作日").wait_for()
    chief.get_by_role("button", name="发布").click()
    chief.locator(".message", has_text="已发布").wait_for()
    page = visit(width=390).open("/assistant/")
    ask(page, "电动自行车充电设施安装怎么办")
    told = page.locator(".turn-assistant").last.inner_text()
    assert "相邻业主同意书" in told and "法定20" in told


def test_a_handbook_is_ticked_and_printed(visit: Callable[..., Visitor]) -> None:
    project = Project.objects.get(name__contains="行知中学九年")
    owner = visit("zhongxin")
    page = owner.open(f"/handbook/{project.pk}/")
    entry = page.locator("#P02")
    entry.locator("summary").click()
    entry.get_by_role("button", name="标为已办结").click()
    page.locator("#P02", has_text="办结").wait_for()
    assert HandbookTick.objects.get(project=project.pk, matter__code="P02").done_on
    for page_size in ("a5", "a4"):
        printed = page.request.get(f"{owner.address}/handbook/{project.pk}/book-{page_size}.pdf")
        assert printed.status == 200 and printed.body()[:5] == b"%PDF-"
    word = page.request.get(f"{owner.address}/handbook/{project.pk}/handbook.docx")
    assert word.status == 200 and word.body()[:2] == b"PK"
    owner.open(f"/manual/{project.pk}/")
    page.locator("#D1 summary").click()
    page.locator("#D1").get_by_role("button", name="使用单位已书面确认").click()
    page.locator("#D1", has_text="清单1/").wait_for()
    assert violations(page) == []
    assert owner.complaints == []


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("path", ["/matters/", "/matters/m/BB136/", "/assistant/"])
def test_the_public_pages_are_accessible(visit: Callable[..., Visitor], path: str, width: int) -> None:
    page = visit(width=width).open(path)
    assert violations(page) == []
