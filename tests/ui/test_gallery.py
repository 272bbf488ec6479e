"""The gallery in a real browser: accessible, within its policy, usable by keyboard, on a phone too."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import override_settings
from django.test.testcases import LiveServerThread

from tests.journeys.axe import violations

pytestmark = pytest.mark.browser
PATH = "/ui/gallery/"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server of the interface alone, with the content policy of the house; no database."""
    from tests.ui import settings as small

    changed = {
        name: getattr(small, name)
        for name in (
            "MIDDLEWARE",
            "TEMPLATES",
            "ROOT_URLCONF",
            "SESSION_ENGINE",
            "MESSAGE_STORAGE",
            "ALLOWED_HOSTS",
        )
    }
    with override_settings(**changed):
        thread = LiveServerThread("127.0.0.1", StaticFilesHandler, port=0)
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        if thread.error:
            raise thread.error
        yield f"http://127.0.0.1:{thread.port}"
        thread.terminate()
        thread.join()


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Any]:
    """`visit(width, language, large)` -> page with what its console complained about in `page.complaints`."""
    contexts = []

    def visit(width: int = 1440, language: str = "zh-CN", large: bool = False) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale=language)
        contexts.append(context)
        if large:
            context.add_cookies([{"name": "hongtu_large_type", "value": "1", "url": address}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
        page.goto(address + PATH)
        page.wait_for_selector(".chart svg")
        page.wait_for_selector(".map-mark")
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_and_the_policy_stops_nothing(visit: Any, width: int) -> None:
    page = visit(width)
    assert violations(page) == []
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"


def test_english_is_english(visit: Any) -> None:
    page = visit(language="en-GB")
    assert page.get_attribute("html", "lang") == "en"
    text = page.inner_text("body")
    assert not [line for line in text.splitlines() if any("\u4e00" <= c <= "\u9fff" for c in line)]


def test_large_type_is_a_quarter_larger(visit: Any) -> None:
    def size(page: Any) -> float:
        return float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))

    assert size(visit(large=True)) == pytest.approx(1.25 * size(visit()))
    assert violations(visit(large=True)) == []


def test_everything_to_touch_on_a_phone_is_44_pixels_high(visit: Any) -> None:
    page = visit(390)
    controls = (
        "button, .button, select, .site-nav a, .pagination a, .tabs a, "
        "input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=file])"
    )
    small = page.evaluate(
        """controls => Array.from(document.querySelectorAll(controls))
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)
        .filter(e => !e.closest('.clamp-toggle, .chart-tools'))
        .map(e => e.outerHTML.slice(0, 90) + ' ' + e.getBoundingClientRect().height)""",
        controls,
    )
    assert small == []


def test_a_chart_turns_into_its_table_by_keyboard(visit: Any) -> None:
    page = visit()
    button = page.locator("#bars [data-table-toggle]")
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator("#bars-chart-table").is_visible()
    assert page.locator("#bars .chart").is_hidden()
    assert button.get_attribute("aria-pressed") == "true"
    page.keyboard.press("Enter")
    assert page.locator("#bars .chart").is_visible()


def test_a_dialog_opens_holds_the_focus_and_closes_with_escape(visit: Any) -> None:
    page = visit()
    page.locator("[data-opens=confirm]").focus()
    page.keyboard.press("Enter")
    assert page.locator("#confirm").is_visible()
    assert page.evaluate("document.getElementById('confirm').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert page.locator("#confirm").is_hidden()


def test_the_first_tab_leads_past_the_header(visit: Any) -> None:
    page = visit()
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.locator("body").press("Tab")
    page.locator(".skip-link").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_progress_moves_on_until_it_is_done(visit: Any) -> None:
    page = visit()
    page.wait_for_selector("#gallery-progress:not([hx-get])", timeout=20_000)
    assert "100%" in page.inner_text("#gallery-progress")


def test_a_position_is_set_on_the_map_and_by_keyboard(visit: Any) -> None:
    page = visit()
    field = page.locator("#id_place")
    before = field.input_value()
    canvas = page.locator(".map-picker .map")
    canvas.scroll_into_view_if_needed()
    canvas.click(position={"x": 200, "y": 60})
    clicked = field.input_value()
    assert clicked != before and len(clicked.split(",")) == 2
    canvas.focus()
    page.keyboard.press("Enter")
    assert field.input_value() != clicked


def test_menus_close_with_escape_and_give_the_focus_back(visit: Any) -> None:
    page = visit()
    summary = page.locator(".site-nav details.menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".site-nav .menu-panel").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".site-nav .menu-panel").is_hidden()
    assert summary.evaluate("e => e === document.activeElement")


@pytest.mark.parametrize(("grip", "moved"), [(0.5, "both"), (1.0, "finish")])
def test_dragging_a_step_asks_for_a_reason_with_the_new_dates(visit: Any, grip: float, moved: str) -> None:
    page = visit()
    bar = page.locator('g[data-step="0-8"]')
    bar.scroll_into_view_if_needed()
    before = [bar.get_attribute("data-start"), bar.get_attribute("data-finish")]
    box = bar.locator("rect").first.bounding_box()
    x, y = box["x"] + box["width"] * grip - (2 if grip == 1 else 0), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    assert page.locator("#move-step").is_visible()
    after = [page.locator("#move-start").input_value(), page.locator("#move-finish").input_value()]
    assert after[1] > before[1]
    assert (after[0] > before[0]) == (moved == "both")
    assert page.locator('[data-chain-field="key"]').input_value() == "0-8"


def test_a_drag_can_be_taken_back_with_escape(visit: Any) -> None:
    page = visit()
    bar = page.locator('g[data-step="0-8"]')
    bar.scroll_into_view_if_needed()
    box = bar.locator("rect").first.bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] + 4, steps=3)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert page.locator("#move-step").is_hidden()
    assert bar.get_attribute("transform") is None
