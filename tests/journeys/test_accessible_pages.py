"""axe-core finds nothing on the pages people work with, on a phone, a tablet and a desk; nothing sticks out
sideways. Each page is opened once and looked at in all three widths."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from hongtu.domains.assessment.models import Adjustment, Excuse, Falsification, Ranking
from hongtu.domains.consultation.models import Meeting as ConsultationMeeting
from hongtu.domains.consultation.models import Poll, Posting, Topic
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
from tests.journeys.axe import WIDTHS, faults_of, violations
from tests.journeys.steps import Visitor, open_project

pytestmark = pytest.mark.browser

WORKBOOK = Path(__file__).resolve().parents[2] / "examples/major-projects-office-style.xlsx"


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
            f"/dispatch/{issued.pk}/?item={issued.items.all()[0].pk}",
            "/ledgers/meetings/new/",
            "/visits/",
            "/ledgers/visits/new/",
            "/visits/programme/",
            f"/visits/day/?leader={planned.leader_id}&on={planned.visited_on}",
            f"/visits/{planned.pk}/",
            f"/visits/{held.pk}/",
            "/ledgers/units/",
            "/tokens/",
            "/api/",
        ),
    )


def test_states_of_a_meeting_and_a_visit(visit: Callable[..., Visitor]) -> None:
    """What a form says when it is refused, and what opens over the page."""
    centre = visit("zhongxin")
    meeting = Meeting.objects.filter(state=MeetingState.PLANNED).order_by("pk")[0]
    planned = Visit.objects.filter(state=VisitState.PLANNED).order_by("pk")[0]
    page = centre.open(f"/dispatch/{meeting.pk}/")
    page.get_by_role("button", name="议定，下一个").click()
    page.locator("[aria-invalid=true]").first.wait_for()
    faults = faults_of(page)
    page = centre.open(f"/dispatch/{meeting.pk}/")
    page.get_by_role("button", name="加议题").click()
    page.locator("dialog[open]").wait_for()
    faults += faults_of(page)
    page = centre.open(f"/visits/{planned.pk}/")
    page.get_by_label("现场解决", exact=True).check()
    faults += faults_of(page)
    page.context.set_offline(True)
    page.fill("#finding-form [name=name]", "断网时的问题")
    page.get_by_role("button", name="记下这个问题").click()
    page.locator("#field-queue", has_text="断网时的问题").wait_for()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        faults += violations(page)
    assert not faults, "\n".join(faults)


def test_every_page_of_a_consultation(visit: Callable[..., Visitor]) -> None:
    topics = {t.step: t.pk for t in Topic.objects.filter(state="open")}
    posted = topics["post"]
    meeting = ConsultationMeeting.objects.get(topic=topics["discuss"], state="noticed")
    held = ConsultationMeeting.objects.filter(state="held").order_by("pk")[0]
    poll = Poll.objects.filter(closed_on=None).order_by("pk")[0]
    closed = Poll.objects.exclude(closed_on=None).order_by("pk")[0]
    sums = "matter=8&people=100&area=9000&people_voting=70&area_voting=6400"
    root = "/consultations"
    look_at(
        visit("shequ"),
        (
            f"{root}/",
            *(f"{root}/{key}/" for key in topics.values()),
            f"{root}/meetings/{meeting.pk}/",
            f"{root}/meetings/{held.pk}/",
            f"{root}/polls/{poll.pk}/",
            f"{root}/polls/{closed.pk}/",
            f"{root}/calculator/?{sums}&people_consenting=52&area_consenting=4800",
            f"{root}/public/{Posting.objects.get(conclusion__topic=posted).pk}/",
            f"{root}/results/",
            "/ledgers/consultations/new/",
        ),
    )


def test_every_move_of_a_consultation(visit: Callable[..., Visitor]) -> None:
    """The form of each move that is open in the demonstration, once; the others: test_consultation."""
    seen: set[str] = set()
    for username in ("shequ", "jiedao", "jumin"):
        visitor = visit(username)
        for topic in Topic.objects.filter(state="open").order_by("pk"):
            page = visitor.open(f"/consultations/{topic.pk}/")
            links = page.locator(f"a[href^='/consultations/{topic.pk}/']").evaluate_all(
                "found => found.map(link => link.getAttribute('href'))"
            )
            moves = {link.split("/")[3]: link for link in links if link.endswith("/")}
            fresh = {move: link for move, link in moves.items() if move not in seen}
            seen |= set(fresh)
            look_at(visitor, fresh.values())
    assert len(seen) > 5, sorted(seen)


def test_every_page_of_an_assessment_and_the_notices(visit: Callable[..., Visitor]) -> None:
    published = Ranking.objects.order_by("pk")[0]
    unit = published.lines[0]["unit"]
    item = published.lines[0]["items"][0]["key"]
    scheme = published.scheme_id
    ranking = f"/assessment/ranking/{published.subject}"
    cases = [
        f"/assessment/{name}/{model.objects.order_by('pk')[0].pk}/"
        for name, model in (
            ("excuses", Excuse),
            ("adjustments", Adjustment),
            ("falsifications", Falsification),
        )
        if model.objects.exists()
    ]
    look_at(
        visit("zhongxin"),
        (
            "/assessment/",
            f"{ranking}/",
            f"{ranking}/compare/",
            f"{ranking}/{unit}/",
            f"{ranking}/{unit}/{item}/",
            f"/assessment/schemes/{scheme}/",
            "/assessment/schemes/new/",
            f"/assessment/published/{published.pk}/",
            *cases,
            "/notices/",
            "/notices/?show=all",
            "/notices/settings/",
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
