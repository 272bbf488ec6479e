"""The pages: what staff and residents can do there, what they cannot see, and how many queries it takes."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hongtu.kernel.problems import actions
from hongtu.kernel.problems.models import Decision, Problem
from hongtu.kernel.problems.terms import now
from tests.kernel.problems.conftest import Story, photo

As = Callable[[str], Client]


def picture(name: str = "p.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo().content, "image/jpeg")


def form(story: Story, kinds: Any, **more: Any) -> dict[str, Any]:
    return {
        "category": kinds["road"].pk,
        "description": "人行道塌了一块",
        "subdistrict": story.house["street"].pk,
        "public": "on",
        **more,
    }


def test_a_report_works_without_scripts_and_shows_code_and_link_once(
    client: Client, story: Story, kinds: Any
) -> None:
    done = client.post("/problems/report/", form(story, kinds, photos=[picture(), picture()]), follow=True)
    problem = Problem.objects.get()
    text = done.content.decode()
    assert problem.reporters.get().code in text and "/problems/mine/" in text
    assert problem.evidence.count() == 2 and problem.confidentiality == 0
    assert Client().get("/problems/report/done/").status_code == 302


def test_a_report_with_faults_keeps_what_was_written(client: Client, story: Story, kinds: Any) -> None:
    back = client.post(
        "/problems/report/", form(story, kinds, subdistrict="", photos=SimpleUploadedFile("x.jpg", b"no"))
    )
    assert back.status_code == 422
    assert "人行道塌了一块" in back.content.decode() and "不是能打开的照片" in back.content.decode()
    assert not Problem.objects.exists()


def test_a_robot_that_fills_the_hidden_field_reports_nothing(
    client: Client, story: Story, kinds: Any
) -> None:
    assert client.post("/problems/report/", form(story, kinds, website="http://spam")).status_code == 302
    assert not Problem.objects.exists()


def test_one_address_may_not_report_for_ever(client: Client, story: Story, kinds: Any) -> None:
    answers = [client.post("/problems/report/", form(story, kinds)).status_code for _n in range(11)]
    assert answers == [302] * 10 + [429]


def test_what_is_not_to_be_published_is_not(client: Client, story: Story, kinds: Any) -> None:
    client.post("/problems/report/", {k: v for k, v in form(story, kinds).items() if k != "public"})
    assert Problem.objects.get().confidentiality == 1


def test_photos_are_private_until_somebody_clears_them(
    client: Client, story: Story, kinds: Any, as_: As
) -> None:
    from hongtu.domains.problems import actions as own

    problem = story.report(category=kinds["road"], confidentiality=0, photos=[photo()])
    piece = problem.evidence.get()
    assert client.get(f"/problems/photos/{piece.pk}.jpg").status_code == 404
    assert client.get(f"/problems/photos/internal/{piece.pk}.jpg").status_code == 302
    assert as_("desk").get(f"/problems/photos/internal/{piece.pk}.jpg").status_code == 200
    assert as_("other").get(f"/problems/photos/internal/{piece.pk}.jpg").status_code == 404
    own.publish_photos(by=story.cast["desk"], problem=problem, photos=[piece.pk])
    assert client.get(f"/problems/photos/{piece.pk}.jpg")["Content-Type"] == "image/jpeg"


def test_the_code_opens_a_state_and_no_words(client: Client, story: Story, kinds: Any) -> None:
    problem = story.working(category=kinds["road"], contact=actions.Contact("王", "13812345678"))
    page = client.post("/problems/follow/", {"code": problem.reporters.get().code}).content.decode()
    assert "办理中" in page
    assert "13812345678" not in page and "先清理假山再划线" not in page
    assert client.post("/problems/follow/", {"code": "AAAAA-22222"}).status_code == 422


def test_somebody_elses_following_cannot_be_answered(client: Client, story: Story, kinds: Any) -> None:
    mine, other = story.answering("甲"), story.answering("乙")
    address = f"/problems/mine/{story.links[mine.pk]}/answer/{other.followings.get().pk}/"
    assert client.post(address, {"verdict": "confirmed", "satisfaction": "satisfied"}).status_code == 404
    assert client.get("/problems/mine/nonsense/").status_code == 404


def test_the_work_from_triage_to_result_on_the_pages(
    story: Story, kinds: Any, as_: As, client: Client
) -> None:
    problem = story.report(category=kinds["parking"], confidentiality=0, photos=[photo()])

    def press(part: str, step: str, **fields: Any) -> None:
        page = as_(part).get(f"/problems/{problem.pk}/")
        assert f"/problems/{problem.pk}/{step}/" in page.content.decode(), (part, step)
        problem.refresh_from_db()
        address = f"/problems/{problem.pk}/{step}/"
        done = as_(part).post(address, {"version": problem.version, **fields})
        assert done.status_code == 302, done.content.decode()
        problem.refresh_from_db()

    press("desk", "triage", title="没有停车位", category=kinds["parking"].pk, urgency="complex")
    press("desk", "assign", unit=story.house["housing"].pk)
    press("officer", "sign")
    press("officer", "contact", text="见了面")
    press("officer", "measures", measures="清理假山")
    press(
        "officer", "close", proposal="solved", summary="改建车位", photos=picture(), measure="parking_spaces",
        amount="55", cost="38.6", funding="微实事",
    )  # fmt: skip
    press("desk", "verify")
    done = client.post(
        f"/problems/mine/{story.links[problem.pk]}/answer/{problem.followings.get().pk}/",
        {"verdict": "confirmed", "satisfaction": "satisfied"},
    )
    assert done.status_code == 302
    problem.refresh_from_db()
    assert problem.state == "solved" and str(problem.result.quantities.get()) == "停车位 55.00个"
    public = client.get("/problems/results/").content.decode()
    assert "没有停车位" in public and "55" in public
    from hongtu.boards.figures import figures

    assert figures()["parking_spaces"] == 55


def test_the_doer_is_not_offered_to_verify(story: Story, as_: As) -> None:
    problem = story.closing()
    assert (
        f"/problems/{problem.pk}/verify/"
        not in as_("officer").get(f"/problems/{problem.pk}/").content.decode()
    )
    refused = as_("officer").post(f"/problems/{problem.pk}/verify/", {"version": problem.version})
    assert refused.status_code == 403


def test_other_offices_find_nothing_there(story: Story, as_: As) -> None:
    problem = story.assigned()
    for address in (f"/problems/{problem.pk}/", f"/problems/{problem.pk}/sign/"):
        assert as_("other").get(address).status_code == 404
    assert problem.title not in as_("other").get("/problems/my-day/").content.decode()
    assert problem.title not in as_("other").get("/ledgers/problems/").content.decode()


def test_a_confidential_problem_does_not_exist_for_others(story: Story, as_: As) -> None:
    pages = ("/problems/my-day/", "/problems/measures/", "/problems/measures/rows/", "/ledgers/problems/")

    def seen() -> list[str]:
        client = as_("desk")
        shown = [client.get(p).content.decode().split('id="content"')[1].split("<footer")[0] for p in pages]
        return [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page) for page in shown]

    story.report("平常")
    before = seen()
    secret = story.report("不能说的", confidentiality=3)
    assert seen() == before
    assert as_("desk").get(f"/problems/{secret.pk}/").status_code == 404


def test_a_request_is_decided_on_my_day(story: Story, as_: As) -> None:
    problem = story.working()
    day = problem.due_at.date().replace(year=problem.due_at.year + 1).isoformat()
    address = f"/problems/{problem.pk}/extend/"
    assert (
        as_("officer")
        .post(address, {"version": problem.version, "until": day, "reason": "等材料"})
        .status_code
        == 302
    )
    decision = Decision.objects.get()
    assert "等材料" in as_("leader").get("/problems/my-day/").content.decode()
    as_("leader").post(f"/problems/requests/{decision.pk}/", {"version": decision.version, "grant": "1"})
    problem.refresh_from_db()
    assert problem.extensions == 1


def test_possible_duplicates_are_suggested_and_nothing_is_merged(story: Story, as_: As) -> None:
    spot = actions.Spot(115.86, 28.68)
    story.report("凤鸣路窨井盖松动", spot=spot)
    far = story.report("物业乱收费")
    new = story.report("凤鸣路井盖松动响声大", spot=actions.Spot(115.8605, 28.6802))
    page = as_("desk").get(f"/problems/{new.pk}/").content.decode()
    assert "凤鸣路窨井盖松动" in page and "疑似重复" in page and far.title not in page
    assert Problem.objects.filter(state="merged").count() == 0


@pytest.mark.parametrize(
    "name", ["response", "solved_whole", "solved_narrow", "satisfied", "excluded", "overdue"]
)
def test_every_number_opens_its_rows(story: Story, as_: As, name: str) -> None:
    story.solved()
    client = as_("centre")
    assert f"rows={name}" in client.get("/problems/measures/").content.decode()
    assert client.get(f"/problems/measures/rows/?rows={name}").status_code == 200
    assert client.get("/problems/measures/rows/?rows=nonsense").status_code == 404


def test_every_number_is_that_of_the_rows_it_opens(story: Story, as_: As) -> None:
    """Reports of every fate, two of them without an office or a sub-district, one with two reporters."""
    shared = story.solved("好")
    story.answering("等答复")
    story.report("还没交办", at=now() - timedelta(days=30))
    actions.report(by=None, source="hotline", title="没有街道", at=now() - timedelta(days=1))
    actions.join_report(by=None, problem=story.working("两人报"))
    story.to("decline", story.report("不受理"), "desk", reason="不归区里")
    client, checked = as_("centre"), 0
    actions.answer(by=None, following=shared.followings.get(), verdict="confirmed", satisfaction="satisfied")
    for cut in ("", "?source=web", f"?subdistrict={story.house['street'].pk}"):
        html = client.get(f"/problems/measures/{cut}").content.decode()
        for address, number in re.findall(r'href="(/problems/measures/rows/[^"]+)"[^>]*>\s*(\d+)\s*<', html):
            facts = client.get(address.replace("&amp;", "&")).content.decode().split('page-facts">')[1]
            counted = re.findall(r"\d+", facts.split("</span>")[0])
            assert counted[-1] == number, (address, facts[:80])
            checked += 1
    assert checked > 60


@pytest.mark.parametrize("address", ["/problems/my-day/", "/problems/measures/", "/problems/results/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    story: Story, kinds: Any, as_: As, address: str, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_("desk")
    story.solved(category=kinds["road"], confidentiality=0)
    story.report()
    client.get(address)

    def count() -> int:
        from django.core.cache import cache

        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen.captured_queries)

    few = count()
    for _n in range(5):
        story.solved(category=kinds["road"], confidentiality=0)
        story.report()
    assert count() <= few <= 40
