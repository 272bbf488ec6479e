"""axe-core finds nothing on the pages people work with, on a phone, a tablet and a desk; nothing sticks out
sideways. Each page is opened once and looked at in all three widths."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from hongtu.domains.dispatch.models import Meeting
from hongtu.domains.dispatch.vocab import MeetingState
from hongtu.domains.projects.queries import SUBJECT
from hongtu.domains.visits.models import Visit
from hongtu.domains.visits.vocab import VisitState
from hongtu.kernel.chains.models import Step
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.vocab import State
from hongtu.ledger.imports.run import run_check
from hongtu.ledger.models import ImportJob
from tests.journeys.axe import violations
from tests.journeys.steps import Visitor, open_project

pytestmark = pytest.mark.browser

WIDTHS = (1440, 768, 390)
WORKBOOK = Path(__file__).resolve().parents[2] / "examples/major-projects-office-style.xlsx"


def faults_of(page: Any) -> list[str]:
    """What axe finds on the page as it stands, and whether it sticks out of the window, in every width."""
    page.wait_for_load_state("networkidle")
    place, found = page.url.split("/", 3)[3], []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"/{place} at {width}: {fault}" for fault in violations(page)]
        # after axe, when the charts have followed the width
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            found.append(f"/{place} at {width}: sticks out {beyond} px")
    return found


def look_at(visitor: Visitor, paths: Iterable[str]) -> None:
    """Open each page and ask for nothing to complain about; all that there is, at once."""
    faults = [fault for path in paths for fault in faults_of(visitor.open(path))]
    assert not faults, "\n".join(faults)
    assert not visitor.complaints


def test_the_wall_and_a_project(visit: Callable[..., Visitor]) -> None:
    centre = visit("zhongxin")
    key = open_project(centre, "行知中学")
    step = Step.objects.filter(chain__subject_label=SUBJECT, chain__subject_key=key).first()
    assert step
    look_at(
        centre,
        (
            "/",
            "/steps/",
            "/ledgers/projects/",
            f"/ledgers/projects/{key}/",
            f"/ledgers/projects/{key}/edit/",
            f"/projects/{key}/chain/",
            f"/projects/{key}/light/",
            f"/projects/{key}/stage/",
            f"/projects/{key}/risk/",
            f"/projects/{key}/approvals/",
            f"/projects/{key}/reports/2025-05/",
            f"/projects/{key}/evidence/new/",
            "/projects/reports/",
            "/projects/faces/",
            f"/projects/steps/{step.pk}/",
        ),
    )


def test_problems_visits_and_dispatch(visit: Callable[..., Visitor]) -> None:
    problem = Problem.objects.filter(state=State.WORKING).order_by("pk").first()
    meeting = Meeting.objects.filter(state=MeetingState.PLANNED).order_by("pk").first()
    issued = Meeting.objects.filter(state=MeetingState.ISSUED).order_by("pk").first()
    planned = Visit.objects.filter(state=VisitState.PLANNED).order_by("pk").first()
    held = Visit.objects.filter(state=VisitState.DONE).order_by("pk").first()
    assert problem
    assert meeting
    assert issued
    assert planned
    assert held
    look_at(
        visit("zhongxin"),
        (
            "/problems/my-day/",
            "/problems/new/",
            f"/problems/{problem.pk}/",
            "/problems/measures/",
            "/dispatch/",
            f"/dispatch/{meeting.pk}/",
            f"/dispatch/{issued.pk}/",
            "/visits/",
            "/visits/programme/",
            f"/visits/day/?leader={planned.leader_id}&on={planned.visited_on}",
            f"/visits/{planned.pk}/",
            f"/visits/{held.pk}/",
            "/ledgers/units/",
            "/tokens/",
            "/api/",
        ),
    )


def test_what_a_resident_sees(visit: Callable[..., Visitor]) -> None:
    look_at(
        visit(),
        (
            "/accounts/login/",
            "/problems/",
            "/problems/report/",
            "/problems/follow/",
            "/problems/results/",
            "/matters/",
            "/assistant/",
        ),
    )


def test_every_page_of_an_import(visit: Callable[..., Visitor]) -> None:
    page = visit("zhongxin").open("/ledgers/projects/import/")
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
    page.get_by_role("button", name="停止").click()
    page.get_by_role("heading", name="导入结果：已停止").wait_for()
    faults += faults_of(page)
    assert not faults, "\n".join(faults)
