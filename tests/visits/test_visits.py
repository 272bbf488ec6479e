"""Visits as people use them: plan, order, hold, write down; and the six figures with the rows behind them."""

import io
import re
from collections.abc import Callable
from datetime import time
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from hongtu.boards.figures import figures
from hongtu.domains.visits import actions, queries, rules
from hongtu.domains.visits.models import Conversion, Finding, Pairing, Visit
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.profile.models import today

ClientAs = Callable[..., Client]
pytestmark = pytest.mark.usefixtures("district")


def photo() -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(stream, "PNG")
    return SimpleUploadedFile("spot.png", stream.getvalue(), "image/png")


def planned() -> Visit:
    return Visit.objects.filter(state="planned").order_by("pk")[0]


@pytest.mark.parametrize(
    ("key", "figure", "address"),
    [
        ("visits", 85, "/ledgers/visits/?state=done"),
        ("solved_on_the_spot", 19, "/ledgers/findings/?disposal=solved"),
        ("problems_listed", 29, "/ledgers/findings/?disposal=listed"),
        ("rectification_plans", 8, "/ledgers/rectification-plans/"),
        ("research_topics", 32, "/ledgers/research-topics/"),
        ("results", 32, "/ledgers/research-results/"),
    ],
)
def test_a_figure_of_the_papers_opens_the_rows_it_counts(
    key: str, figure: int, address: str, client_as: ClientAs
) -> None:
    assert figures()[key] == figure
    page = client_as("zhongxin").get(address).content.decode()
    assert re.search(rf"\b{figure}\b", re.search(r'role="status"[^>]*>(.*?)</', page, re.S)[1])  # type: ignore[index]


def test_the_figures_follow_the_records() -> None:
    before = queries.figures()
    actions.add_finding(by=None, visit=planned(), name="x", disposal="solved", solution="y", confirmed_by="z")
    line = Conversion.objects.latest("pk")
    actions.revise_conversion(by=None, record=line, version=line.version, result="")
    after = queries.figures()
    assert after["solved_on_the_spot"] == before["solved_on_the_spot"] + 1
    assert after["results"] == before["results"] - 1
    line.topic.refresh_from_db()
    assert line.topic.state == "open"


def test_a_result_needs_evidence_and_a_date() -> None:
    line = Conversion.objects.latest("pk")
    with pytest.raises(InvalidInput) as refused:
        actions.revise_conversion(by=None, record=line, version=line.version, evidence="")
    assert set(refused.value.fields) == {"evidence"}


def test_quick_entry_lists_a_problem_with_photo_that_can_be_followed(client_as: ClientAs) -> None:
    client, visit = client_as("zhongxin"), planned()
    answer = client.post(
        f"/visits/{visit.pk}/findings/",
        {"name": "围挡占道", "disposal": "listed", "photos": photo()},
        follow=True,
    )
    problem = Problem.objects.latest("pk")
    assert problem.source == "visit" and problem.title == "围挡占道"
    assert problem.evidence.count() == 1
    assert problem.number in answer.content.decode()
    assert Finding.objects.get(problem=problem).visit == visit


def test_solved_on_the_spot_says_how_and_who_confirmed(
    client_as: ClientAs, settings: Any, tmp_path: Any
) -> None:
    client, visit = client_as("zhongxin"), planned()
    refused = client.post(f"/visits/{visit.pk}/findings/", {"name": "积水", "disposal": "solved"})
    assert refused.status_code == 422
    assert "须有现场确认人" in refused.content.decode()
    assert not Finding.objects.filter(visit=visit).exists()
    client.post(
        f"/visits/{visit.pk}/findings/",
        {"name": "积水", "disposal": "solved", "solution": "抽排", "confirmed_by": "监理", "photos": photo()},
    )
    made = Finding.objects.get(visit=visit)
    shown = client.get(f"/visits/photos/{made.photos.get().pk}.jpg")
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")


def test_holding_a_visit_moves_the_due_date_of_the_assigned_project() -> None:
    visit = planned()
    pairing = Pairing.objects.get(chain=visit.chain)
    actions.hold(by=None, visit=visit, version=visit.version, summary="看过")
    pairing.refresh_from_db()
    assert pairing.last_visit == today()
    assert pairing.due_on == rules.due_on(pairing.since, today(), pairing.every_days)
    with pytest.raises(InvalidInput):
        actions.revise_visit(by=None, record=visit, version=visit.version, companions="x")


def test_ordering_a_day_gives_the_shortest_way_the_page_promised(client_as: ClientAs, person: Any) -> None:
    leader = person("lingdao")
    client = client_as("lingdao")
    address = f"?leader={leader.pk}&on={today()}"
    page = client.get(f"/visits/day/{address}")
    assert page.context["kilometres"] > page.context["shortest"]
    assert not page.context["ordered"]
    client.post(f"/visits/day/order/{address}")
    again = client.get(f"/visits/day/{address}")
    assert again.context["kilometres"] == pytest.approx(page.context["shortest"])
    assert again.context["ordered"]


def test_an_appointment_goes_before_the_shortest_way(client_as: ClientAs, person: Any) -> None:
    leader = person("lingdao")
    client, address = client_as("lingdao"), f"?leader={leader.pk}&on={today()}"
    client.post(f"/visits/day/order/{address}")
    first = Visit.objects.get(leader=leader, visited_on=today(), sequence=1, state="planned")
    last = Visit.objects.filter(leader=leader, visited_on=today(), state="planned").latest("sequence")
    actions.revise_visit(by=None, record=last, version=last.version, not_before=time(9), not_after=time(9, 5))
    page = client.get(f"/visits/day/{address}")
    assert page.context["late"] > 0 and "约定时间合计要晚" in page.content.decode()
    client.post(f"/visits/day/order/{address}")
    again = client.get(f"/visits/day/{address}")
    assert again.context["late"] == 0
    assert Visit.objects.get(pk=last.pk).sequence < Visit.objects.get(pk=first.pk).sequence or last == first


def test_an_entry_that_is_sent_again_is_kept_once(client_as: ClientAs) -> None:
    client, visit = client_as("zhongxin"), planned()
    given = {"name": "围挡占道", "disposal": "listed", "client_key": str(uuid4())}
    script = {"X-Requested-With": "XMLHttpRequest"}
    for _again in range(2):
        assert client.post(f"/visits/{visit.pk}/findings/", given, headers=script).status_code == 204
    assert Finding.objects.filter(visit=visit).count() == 1
    client.logout()
    refused = client.post(f"/visits/{visit.pk}/findings/", {**given, "client_key": ""}, headers=script)
    assert refused.status_code != 204, "what was not kept must not look as if it were"


def test_photos_of_a_visit_are_kept_and_shown_to_those_who_may_read_it(
    client_as: ClientAs, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client, visit = client_as("zhongxin"), planned()
    client.post(
        f"/visits/{visit.pk}/hold/",
        {"version": visit.version, "summary": "看过", "photos": [photo(), photo()]},
    )
    shots = list(visit.photos.all())
    assert len(shots) == 2
    address = f"/visits/photos/{shots[0].pk}.jpg"
    assert address in client.get(f"/visits/{visit.pk}/").content.decode()
    assert b"".join(client.get(address).streaming_content).startswith(b"\xff\xd8")
    assert client_as("yezhu").get(address).status_code in (403, 404)


def test_due_projects_are_put_on_the_day(client_as: ClientAs, person: Any) -> None:
    leader = person("lingdao")
    due = list(queries.due_not_planned(leader, today(), leader))
    assert due
    address = f"?leader={leader.pk}&on={today()}"
    client_as("lingdao").post(f"/visits/day/add/{address}", {"pairings": [due[0].pk]})
    assert Visit.objects.filter(chain=due[0].chain, visited_on=today(), state="planned").exists()
    assert due[0] not in queries.due_not_planned(leader, today(), leader)


def test_who_may_not_see_visits_gets_neither_pages_nor_writes(client_as: ClientAs, person: Any) -> None:
    assert client_as("yezhu").get("/visits/").status_code == 403
    outsider: Person = person("zhujian")
    with pytest.raises(NotAllowed):
        actions.hold(by=outsider, visit=planned(), version=planned().version, summary="x")


def test_the_pages_speak_english(client_as: ClientAs) -> None:
    client = client_as("lingdao")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Visits to assigned projects due" in client.get("/visits/").content.decode()
    assert "Common prosperity" in client.get("/visits/programme/").content.decode()


def test_each_number_of_a_leaders_assigned_projects_opens_its_rows(client_as: ClientAs) -> None:
    client = client_as("zhongxin")
    page = client.get("/visits/").content.decode()
    table = re.search(r'id="rounds".*?</table>', page, re.S)
    assert table
    links = re.findall(r'href="(/ledgers/assigned-projects/\?[^"]+)"[^>]*>(\d+)<', table[0])
    assert len(links) > 10
    for address, number in links[:6]:
        rows = client.get(address.replace("&amp;", "&")).content.decode()
        assert re.search(rf"\b{number}\b", re.search(r'role="status"[^>]*>(.*?)</', rows, re.S)[1])  # type: ignore[index]
