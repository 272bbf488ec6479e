"""Two discipline officers visit a family; what it asked for gets its result; nobody else knows."""

from collections.abc import Callable
from typing import Any

import pytest

from hongtu.domains.family_visits.models import Entry, Official, Visit
from hongtu.domains.projects.demo import PASSWORD
from hongtu.kernel.audit import chain
from tests.journeys.axe import violations
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.browser
SAID = "家里老人要人照看"


def enter(visitor: Visitor, username: str) -> Any:
    """Log in; members of the room begin there."""
    page = visitor.open("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#due").wait_for()
    return page


def submit(page: Any, name: str, then: str) -> None:
    """Press a button and wait for the message that says it was done."""
    page.get_by_role("button", name=name, exact=True).click()
    page.locator(".messages", has_text=then).wait_for()


def test_a_family_is_visited_and_nobody_else_knows(visit: Callable[..., Visitor], address: str) -> None:
    lead, phone = visit(), visit(width=390)

    # whom next: never visited comes first
    page = enter(lead, "jijianlead")
    assert violations(page) == []
    row = page.locator("#due tbody tr").first
    assert "尚未家访" in row.inner_text()
    row.locator("th a").click()
    page.locator("#plan [name=companion]").select_option(label="示例·纪检负责人")
    assert violations(page) == []
    submit(page, "安排家访", "已安排家访")
    there = page.url

    # at the family's, with a phone: half a record is kept on the server, nothing on the phone
    page = enter(phone, "jijian")
    page.goto(there)
    assert violations(page) == []
    page.locator("[name=greeting]").fill(SAID)
    submit(page, "先存到服务器", "本机没有保存")
    page.reload()
    assert page.locator("[name=greeting]").input_value() == SAID
    kept = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert SAID not in kept and kept.startswith("[{},"), kept  # HTMX notes the address of the tab, no more
    page.get_by_role("button", name="完成家访记录").click()
    page.locator("#record .error-summary").wait_for()  # four of five are missing
    for name in ("work", "needs", "conduct", "summary"):
        page.locator(f"[name={name}]").fill("谈到了（示例）")
    submit(page, "完成家访记录", "家访记录已完成")
    page.locator("#needs [name=asked]").fill("想问托老服务怎么申请（示例）")
    submit(page, "记下这件诉求", "诉求已记下")
    assert violations(page) == []

    # the need: answered by one, confirmed by the other
    page.locator("#needs li a").first.click()
    page.locator("[name=result]").fill("已把公开的申请渠道告诉家属（示例）")
    submit(page, "已答复家属", "等另一位成员回访")
    assert page.get_by_role("button", name="记下回访").count() == 0
    other = lead.page
    other.goto(page.url)
    assert violations(other) == []
    submit(other, "记下回访", "已办结")

    # the log shows both, and holds
    other.goto(f"{address}/family-visits/log/")
    assert "示例·纪检干部" in other.locator("#log").inner_text()
    assert violations(other) == []
    chain.verify(chain=Entry)

    # the administrator finds nothing there, and nothing in the audit log
    outside = visit("guanli").page
    assert outside.goto(there).status == 404
    assert "政治家访" not in outside.content()
    auditor = visit("shenji").page
    auditor.goto(f"{address}/ledgers/audit/?q=family")
    assert auditor.locator("#ledger-table tbody a").count() == 0

    held = Visit.objects.get(pk=there.partition("#")[0].rstrip("/").rsplit("/", 1)[1])
    assert held.contents()["greeting"] == SAID and SAID not in held.sealed
    assert Official.objects.get(pk=held.official_id).last_visit_on == held.held_on
