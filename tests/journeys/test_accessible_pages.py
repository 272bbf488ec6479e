"""axe-core finds nothing on the pages people work with, wide and on a phone; nothing sticks out sideways."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hongtu.ledger.imports.run import run_check
from hongtu.ledger.models import ImportJob
from tests.journeys.axe import violations
from tests.journeys.steps import Visitor, open_project

pytestmark = pytest.mark.browser


WORKBOOK = Path(__file__).resolve().parents[2] / "examples/major-projects-office-style.xlsx"


def faults_of(page: Any) -> list[str]:
    """What axe finds on the page as it stands, and whether it sticks out of the window."""
    page.wait_for_load_state("networkidle")
    place = page.url.split("/", 3)[3]
    beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = [f"/{place} {fault}" for fault in violations(page)]
    return [*found, f"/{place} sticks out {beyond} px"] if beyond > 0 else found


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_to_complain_about(visit: Callable[..., Visitor], width: int) -> None:
    centre = visit("zhongxin", width)
    key = open_project(centre, "行知中学")
    faults: list[str] = []
    for path in (
        "/",
        "/steps/",
        "/ledgers/projects/",
        f"/ledgers/projects/{key}/",
        f"/ledgers/projects/{key}/edit/",
        f"/projects/{key}/chain/",
        f"/projects/{key}/light/",
        f"/projects/{key}/stage/",
        f"/projects/{key}/reports/2025-05/",
        f"/projects/{key}/evidence/new/",
        "/projects/reports/",
    ):
        faults += faults_of(centre.open(path))
    assert not faults, "\n".join(faults)
    assert not centre.complaints


@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_of_an_import(visit: Callable[..., Visitor], width: int) -> None:
    page = visit("zhongxin", width).open("/ledgers/projects/import/")
    faults = faults_of(page)
    page.set_input_files("#import-file", WORKBOOK)
    page.get_by_role("button", name="上传并核对列").click()
    page.get_by_role("heading", name="第二步：核对列").wait_for()
    faults += faults_of(page)
    page.get_by_role("button", name="预检").click()
    page.get_by_role("heading", name="正在预检").wait_for()  # nobody works the queue here, so it stays
    faults += faults_of(page)
    run_check(ImportJob.objects.latest("pk").pk)
    page.get_by_role("heading", name="第三步：预检结果").wait_for()
    faults += faults_of(page)
    page.get_by_role("button", name="确认导入").click()
    page.get_by_role("heading", name="正在导入").wait_for()
    faults += faults_of(page)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_log_in_page_too(visit: Callable[..., Visitor], width: int) -> None:
    nobody = visit(width=width)
    assert violations(nobody.open("/accounts/login/")) == []
