"""The newspaper's case on screen: open the conflict, slide through time, compare, sign on both sides."""

from collections.abc import Callable

import pytest

from tests.journeys.axe import violations
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


@pytest.mark.usefixtures("worker")
def test_two_parties_agree_and_their_chains_follow(visit: Visit) -> None:
    centre = visit("zhongxin")
    centre.open("/projects/faces/")
    page = centre.page
    words = page.locator("[data-conflict-words]")
    assert "1" in words.inner_text(), "the slider opens on the first day of the conflict"
    before = page.locator("[data-day-words]").inner_text()
    page.locator("#faces-day").focus()
    page.keyboard.press("End")
    page.wait_for_function("day => document.querySelector('[data-day-words]').textContent > day", arg=before)
    assert page.locator("[data-active] li").count() > 0

    page.fill("#seconds", "5")
    page.locator(".faces-ask button").click()
    page.wait_for_selector("table.alternatives", timeout=60_000)
    assert page.locator("table.alternatives thead th").count() >= 4, "three alternatives side by side"
    assert "已证明最优" in page.locator("table.alternatives").inner_text()
    page.locator("[data-plans] input").nth(1).check()
    assert "没有冲突" in page.locator("[data-conflict-words]").inner_text()
    assert violations(page) == []
    page.locator("table.alternatives form button").first.click()
    page.wait_for_selector("#parties")
    agreement = page.url
    assert page.locator("#parties form").count() == 0, "the centre signs for nobody"

    for user, answer in (("yezhu", "等待其他方"), ("jijiu", "协议生效")):
        party = visit(user)
        party.page.goto(agreement)
        party.page.locator("#parties form button").click()
        party.page.wait_for_selector(f"text={answer}")
    assert violations(party.page) == []

    page.goto(agreement)
    page.locator("#applied a").first.click()
    page.wait_for_selector("#chain-steps")
    assert "进入作业面" in page.locator("#chain-steps").inner_text()
    centre.open("/projects/faces/")
    assert "0处冲突" in page.locator(".page-facts").first.inner_text()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_are_accessible(visit: Visit, width: int) -> None:
    visitor = visit("zhongxin", width=width)
    for path in ("/projects/faces/", "/projects/faces/upload/", "/projects/6/rescue/"):
        visitor.open(path)
        assert violations(visitor.page) == [], path
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width, path
