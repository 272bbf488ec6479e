"""A resident reports a problem on her phone, follows it by code, and answers by her private link."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hongtu.domains.problems import actions as own
from hongtu.kernel.problems.models import Evidence, Problem
from hongtu.kernel.problems.vocab import State
from hongtu.site import profiles
from tests.journeys.axe import violations
from tests.journeys.steps import tab_to
from tests.kernel.problems.conftest import DONE, Story, photo
from tests.kernel.problems.world import make_cast, make_house

pytestmark = pytest.mark.browser


@contextmanager
def page_of(browser: Any, width: int, **more: Any) -> Iterator[Any]:
    """A page that speaks Chinese. Faults of its console fail the journey."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN", **more)
    page = context.new_page()
    page.on(
        "console",
        lambda m: faults.append(m.text) if m.type == "error" and " 422 " not in m.text else None,
    )
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.set_default_timeout(15_000)
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:
    with page_of(browser, 390, has_touch=True) as page:
        yield page


@pytest.fixture
def desktop(browser: Any) -> Iterator[Any]:
    with page_of(browser, 1440) as page:
        # Playwright takes over file choosers only from the first listener on, and not at once: listen early.
        page.on("filechooser", lambda chooser: None)
        yield page


@pytest.fixture
def story(transactional_db: None, unit: Any, settings: Any, tmp_path: Path) -> Story:
    settings.MEDIA_ROOT = tmp_path
    house = make_house(unit)
    rows = profiles.rows(profiles.FOLDER / "honggutan", "problem_categories.csv")
    own.load_categories(by=None, rows=rows)
    return Story(house, make_cast(house))


def with_position() -> bytes:
    """A photo as a phone makes it: turned, and with the place where it was taken."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (1200, 800), "gray").save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_a_resident_reports_follows_and_answers(phone: Any, live_server: Any, story: Story) -> None:
    phone.goto(f"{live_server.url}/problems/")
    assert violations(phone) == []
    phone.get_by_role("link", name="开始上报").click()

    # what: the next step is refused until something is written
    phone.get_by_role("button", name="下一步").click()
    assert phone.locator("[name=description]").is_visible()
    phone.locator("[name=category]").select_option(label="道路破损")
    phone.locator("[name=description]").fill("凤鸣路人行道塌了一块，老人绊倒了")
    phone.locator("[name=photos]").set_input_files(
        {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": with_position()}
    )
    assert violations(phone) == []
    phone.get_by_role("button", name="下一步").click()

    # where: sub-district, address, a tap on the map
    phone.locator("[name=subdistrict]").select_option(label="示例街道")
    phone.locator("[name=address]").fill("凤鸣路 12 号")
    phone.locator(".map-picker .map").click(position={"x": 120, "y": 90})
    assert phone.locator("[name=position]").input_value()
    assert violations(phone) == []
    phone.get_by_role("button", name="下一步").click()

    # who
    phone.locator("[name=name]").fill("示例居民")
    phone.locator("[name=phone]").fill("13800000000")
    assert violations(phone) == []
    phone.get_by_role("button", name="提交").click()
    phone.wait_for_url("**/report/done/")
    assert violations(phone) == []
    code = phone.locator("#follow-code").inner_text()
    link = phone.locator("#private-link").inner_text()

    problem = Problem.objects.get()
    assert problem.place is not None and problem.subdistrict == story.house["street"]
    kept = Image.open(Evidence.objects.get().file)
    assert kept.size == (800, 1200) and not kept.getexif(), "upright, without hidden data"

    # the office works
    story.to("triage", problem, "desk")
    story.to("assign", problem, "desk", unit=story.house["housing"])

    # she looks by her code: the state, no words of anybody
    phone.goto(f"{live_server.url}/problems/follow/")
    phone.locator("[name=code]").fill(code.lower())
    phone.get_by_role("button", name="查询").click()
    phone.get_by_text("待签收").wait_for()
    assert "13800000000" not in phone.content()
    assert violations(phone) == []

    story.to("sign", problem, "officer")
    story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[photo()])
    story.to("verify", problem, "desk")

    # by her private link she disputes, and the work goes on
    phone.goto(link)
    assert violations(phone) == []
    phone.get_by_label("没有解决，请继续办").check()
    phone.get_by_label("不满意", exact=True).check()
    phone.get_by_role("button", name="提交答复").click()
    phone.get_by_role("alert").wait_for()  # a dispute needs a word
    phone.get_by_label("没有解决，请继续办").check()
    phone.get_by_label("不满意", exact=True).check()
    phone.locator("[name=comment]").fill("只补了一半")
    phone.get_by_role("button", name="提交答复").click()
    phone.get_by_text("办理中").first.wait_for()
    problem.refresh_from_db()
    assert (problem.state, problem.disputes) == (State.WORKING, 1)


def test_a_resident_reports_follows_and_answers_without_a_mouse(
    desktop: Any, live_server: Any, story: Story, tmp_path: Path
) -> None:
    page, keys = desktop, desktop.keyboard
    file = tmp_path / "IMG.jpg"
    file.write_bytes(with_position())
    page.goto(f"{live_server.url}/problems/")
    tab_to(page, "开始上报")
    keys.press("Enter")
    page.locator("[name=description]").wait_for()

    tab_to(page, identifier="id_category")
    keys.type("道路")
    keys.press("ArrowDown")
    tab_to(page, identifier="id_description")
    keys.type("凤鸣路人行道塌了一块")
    tab_to(page, identifier="id_photos")
    with page.expect_file_chooser() as chooser:
        keys.press("Enter")
    chooser.value.set_files(file)
    tab_to(page, "下一步")
    keys.press("Enter")

    page.locator("[name=subdistrict]").wait_for()
    tab_to(page, identifier="id_subdistrict")
    keys.press("ArrowDown")
    tab_to(page, "地图：方向键移动，回车设定中心为位置")
    keys.press("Enter")
    placed = page.locator("[name=position]").input_value()
    keys.press("ArrowRight")
    page.wait_for_function("() => !document.querySelector('.leaflet-pan-anim')")
    keys.press("Enter")
    moved = page.locator("[name=position]").input_value()
    assert float(moved.split(",")[0]) > float(placed.split(",")[0]), "the map went east"
    tab_to(page, "下一步")
    keys.press("Enter")

    page.locator("[name=name]").wait_for()
    tab_to(page, identifier="id_phone")
    keys.type("13800000000")
    tab_to(page, "提交")
    keys.press("Enter")
    page.wait_for_url("**/report/done/")
    code = page.locator("#follow-code").inner_text()
    link = page.locator("#private-link").inner_text()
    problem = Problem.objects.get()
    assert problem.place is not None and Evidence.objects.count() == 1 and problem.category is not None

    story.to("triage", problem, "desk")
    story.to("assign", problem, "desk", unit=story.house["housing"])
    story.to("sign", problem, "officer")
    story.to("ask_to_close", problem, "officer", outcome=DONE, photos=[photo()])
    story.to("verify", problem, "desk")

    page.goto(f"{live_server.url}/problems/follow/")
    tab_to(page, identifier="id_code")
    keys.type(code)
    keys.press("Enter")
    page.get_by_text(problem.number).first.wait_for()

    page.goto(link)
    tab_to(page, identifier="id_verdict_0")
    keys.press("Space")
    tab_to(page, identifier="id_satisfaction_0")
    keys.press("Space")
    tab_to(page, "提交答复")
    keys.press("Enter")
    page.get_by_text("已解决").first.wait_for()
    problem.refresh_from_db()
    assert (problem.state, problem.outcome) == (State.SOLVED, "solved")
