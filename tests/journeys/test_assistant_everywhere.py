"""The assistant with a language model, in a frame of another site, and for staff: as people meet it."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from hongtu.boards.assistant import knowledge, records
from tests import model_server as server_of
from tests.journeys.axe import violations
from tests.journeys.steps import Visitor
from tests.model_server import ModelServer, running

pytestmark = pytest.mark.browser
PHONE = "咨询电话：0791-0000 0101（示例）。"


@pytest.fixture(autouse=True)
def _by_words(settings: Any) -> None:
    settings.HONGTU_SENTENCE_MODEL = "off"
    knowledge.forget()
    records.forget()


@pytest.fixture
def model(settings: Any) -> Iterator[ModelServer]:
    with running() as found:
        settings.HONGTU_CHAT = {
            "url": found.url, "model": "small", "key": "", "network": "host", "wait": 3.0, "within": 20.0,
        }  # fmt: skip
        yield found


def ask(page: Any, question: str) -> Any:
    page.fill("#ask-question", question)
    page.get_by_role("button", name="问一问").click()
    page.locator(".turn-asker p", has_text=question).last.wait_for()
    return page.locator(".turn-assistant").last


def test_the_plain_answer_comes_first_and_checked_sentences_follow(
    visit: Callable[..., Visitor], model: ModelServer
) -> None:
    def slow(handler: Any, given: dict[str, Any]) -> None:
        handler.begin()
        handler.piece(PHONE)
        handler.server.let_go.wait(60)
        handler.piece("本事项一律免费！承诺10个工作日办结。")
        handler.piece("", "stop")
        handler.chunk(b"data: [DONE]\n\n")
        handler.end()

    model.chat = slow
    resident = visit(width=390)
    answer = ask(resident.open("/assistant/"), "居住证怎么办")
    answer.locator(".rewording p", has_text="0791-0000 0101").wait_for()
    assert "12号公安协同帮办窗口" in answer.locator(".answer-lines").inner_text(), "the plain answer is there"
    assert answer.locator(".rewording div p").count() == 1, "sentences come while the model still speaks"
    model.let_go.set()
    answer.locator(".rewording p", has_text="承诺10个工作日办结").wait_for()
    assert "免费" not in answer.locator(".rewording").inner_text()
    assert violations(resident.page) == []
    assert resident.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert resident.complaints == []


@pytest.mark.parametrize("behaviour", [server_of.breaks_off(PHONE), server_of.fails(500)])
def test_a_rewording_that_fails_is_taken_back(
    visit: Callable[..., Visitor], model: ModelServer, behaviour: server_of.Behaviour
) -> None:
    model.chat = behaviour
    resident = visit(width=390)
    page = resident.open("/assistant/")
    answer = ask(page, "居住证怎么办")
    answer.locator(".rewording").wait_for(state="detached")
    assert "12号公安协同帮办窗口" in answer.inner_text() and resident.complaints == []


@pytest.fixture
def other_site(address: str) -> Iterator[str]:
    """Somebody else's page with the widget on it, from another origin; it sets no cookie of its own."""
    page = (
        f'<!doctype html><title>x</title><link rel="icon" href="data:,">'
        f'<script src="{address}/static/assistant/widget.js" async></script>'
        "<hongtu-assistant></hongtu-assistant>"
    ).encode()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{site.server_address[1]}"
        site.shutdown()
        thread.join()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_widget_answers_on_another_site_without_a_cookie(
    visit: Callable[..., Visitor], other_site: str, settings: Any, width: int
) -> None:
    settings.HONGTU_WIDGET_SITES = [other_site]
    stranger = visit(width=width)
    stranger.page.goto(f"{other_site}/")
    frame = stranger.page.frame_locator("iframe")
    frame.locator("#question").fill("居住证要带什么")
    frame.get_by_role("button", name="问一问").click()
    frame.locator(".answer-lines", has_text="居住证申领表").wait_for()
    frame.locator("#handover summary").click()
    frame.get_by_role("button", name="转给她").click()
    frame.locator(".message-info", has_text="答复时限").wait_for()
    frame.locator("select").first.select_option("outdated")
    frame.get_by_role("button", name="反馈").click()
    frame.get_by_text("已收到反馈").wait_for()
    assert stranger.page.context.cookies() == [] and stranger.complaints == []


def test_a_site_that_is_not_named_cannot_frame_it(visit: Callable[..., Visitor], other_site: str) -> None:
    stranger = visit()
    stranger.page.goto(f"{other_site}/")
    with stranger.page.expect_event("console", lambda m: "frame-ancestors" in m.text):
        stranger.page.reload()


@pytest.mark.parametrize("width", [390, 1440])
def test_staff_ask_and_come_to_the_record(visit: Callable[..., Visitor], width: int) -> None:
    officer = visit("zhongxin", width=width)
    page = officer.open("/assistant/")
    page.get_by_role("link", name="工作人员：问问题、纪要和成果").click()
    page.fill("#staff-question", "假山改停车位")
    page.get_by_role("button", name="问一问").click()
    page.locator("mark", has_text="停车").first.wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".turn h2 a").first.click()
    page.wait_for_url("**/problems/*/")
    assert officer.complaints == []


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("path", ["/assistant/queue/", "/assistant/unanswered/", "/assistant/widget/"])
def test_the_desks_pages_are_accessible(visit: Callable[..., Visitor], path: str, width: int) -> None:
    page = visit("bangban", width=width).open(path)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_helpers_correction_becomes_a_reviewed_version(visit: Callable[..., Visitor]) -> None:
    resident = visit(width=390)
    page = resident.open("/assistant/")
    ask(page, "居住证多少钱")
    page.locator("summary", has_text="转给首席帮办员").click()
    page.fill("#contact", "示例电话")
    page.get_by_role("button", name="转给她").click()
    page.locator("#handover", has_text="首席帮办员").wait_for()

    helper = visit("bangban").open("/assistant/queue/")
    helper.get_by_role("link", name="居住证多少钱").click()
    helper.fill("[name=reply]", "今年起都不收费了。")
    helper.select_option("[name=field]", "fee")
    helper.fill("[name=text]", "全部免费，自五月起")
    helper.get_by_role("button", name="答复").click()
    helper.locator(".message", has_text="已答复").wait_for()
    helper.locator("#answered a", has_text="起草中").click()
    helper.get_by_role("link", name="编辑草稿").click()
    assert helper.locator("[name=fee]").input_value() == "全部免费，自五月起"
    helper.get_by_role("button", name="保存并送审").click()
    helper.locator(".message", has_text="已送审").wait_for()
    assert "全部免费" not in ask(page, "居住证收费吗").inner_text(), "what nobody reviewed is not told"

    centre = visit("zhongxin").open("/matters/review/")
    centre.locator("#waiting a").first.click()
    centre.get_by_role("button", name="发布").click()
    centre.locator(".message", has_text="已发布").wait_for()
    told = ask(page, "居住证要交多少费用").inner_text()
    assert "全部免费，自五月起" in told and "第2版" in told
