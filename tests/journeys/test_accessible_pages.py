"""axe-core finds nothing on the pages people work with, wide and on a phone; nothing sticks out sideways."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.axe import violations
from tests.journeys.steps import Visitor, open_project

pytestmark = pytest.mark.browser


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
        "/ledgers/projects/import/",
        f"/projects/{key}/chain/",
        f"/projects/{key}/light/",
        f"/projects/{key}/stage/",
        f"/projects/{key}/reports/2025-05/",
        f"/projects/{key}/evidence/new/",
        "/projects/reports/",
    ):
        page: Any = centre.open(path)
        faults += [f"{path} {fault}" for fault in violations(page)]
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            faults.append(f"{path} sticks out {beyond} px")
    assert not faults, "\n".join(faults)
    assert not centre.complaints


@pytest.mark.parametrize("width", [390, 1440])
def test_the_log_in_page_too(visit: Callable[..., Visitor], width: int) -> None:
    nobody = visit(width=width)
    assert violations(nobody.open("/accounts/login/")) == []
