"""The pages of consultation: who sees what, what is said where, what the public may do."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook
from pypdf import PdfReader

from hongtu.boards.figures import figures
from hongtu.domains.consultation import actions, queries
from hongtu.domains.consultation.models import Household, Objection, Poll, Posting, Topic
from hongtu.domains.consultation.vocab import Step
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.people.models import Person, Unit
from hongtu.site.importing import import_file
from tests.consultation.conftest import Story, small_estate

ClientAs = Callable[..., Client]
PARKING, CHARGING, PLAYGROUND = (
    "凤鸣苑小区假山群改建停车位",
    "电动自行车集中充电棚选址",
    "小区儿童活动场地修缮",
)


def page(client: Client, address: str, status: int = 200, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == status, answer.content.decode()[:400]
    return answer.content.decode()


def topic(name: str) -> Topic:
    return Topic.objects.get(name=name)


def words(html: str) -> str:
    """What is read, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.usefixtures("district")
class TestStaff:
    def test_home_shows_what_waits_the_most_urgent_first(self, client_as: ClientAs) -> None:
        html = page(client_as("shequ"), "/consultations/")
        rows = re.search(r'id="waiting".*?</table>', html, re.S)
        assert rows is not None
        assert words(rows[0]).index("老年活动室") < words(rows[0]).index("儿童活动场地")
        assert "滞后" in words(rows[0]) and "24/24" in html

    def test_the_chain_has_eleven_steps_with_words(self, client_as: ClientAs) -> None:
        html = page(client_as("shequ"), f"/consultations/{topic(CHARGING).pk}/")
        steps = re.findall(r'<li class="eleven-step[^"]*"[^>]*>(.*?)</li>', html, re.S)
        read = [words(s).split() for s in steps]
        assert [r[0] for r in read] == [str(n) for n in range(1, 12)]
        assert [r[-1] for r in read] == ["已完成"] * 4 + ["进行中"] + ["未开始"] * 6
        assert html.count('aria-current="step"') == 1
        assert "协商会还没有召开" in words(html)

    def test_a_finished_topic_shows_what_came_of_it(self, client_as: ClientAs) -> None:
        found = topic(PARKING)
        read = words(page(client_as("jiedao"), f"/consultations/{found.pk}/"))
        assert "已落实" in read and "有利益冲突，表决时回避" in read and "死一补一" in read
        assert found.conclusions.get().tasks.get().problem.number in read

    def test_every_move_that_is_open_has_a_page(self, client_as: ClientAs, story: Story) -> None:
        seen = set()
        for step in (Step.SCREEN, Step.INVITE, Step.PREPARE, Step.DISCUSS, Step.CONCLUDE, Step.POST,
                     Step.ASSIGN, Step.SUPERVISE):  # fmt: skip
            story.to(step)
            for name in ("shequ", "jiedao"):
                html = page(client_as(name), f"/consultations/{story.topic.pk}/")
                for slug in re.findall(rf'href="/consultations/{story.topic.pk}/([a-z-]+)/"', html):
                    assert "<form" in page(client_as(name), f"/consultations/{story.topic.pk}/{slug}/")
                    seen.add(slug)
        assert {"screen", "invite", "declare", "situation", "option", "notice", "conclude", "post", "task",
                "inspect"} <= seen  # fmt: skip

    def test_a_refused_move_keeps_what_was_typed_and_says_why(
        self, client_as: ClientAs, story: Story
    ) -> None:
        address = f"/consultations/{story.topic.pk}/screen/"
        answer = client_as("jiedao").post(
            address, {"version": story.topic.version, "verdict": "decline", "reason": ""}
        )
        assert answer.status_code == 422 and "请写明理由" in answer.content.decode()
        assert client_as("shequ").get(address).status_code == 403, "screening is the sub-district's"

    def test_an_option_is_entered_with_its_money(self, client_as: ClientAs, story: Story) -> None:
        story.to(Step.PREPARE)
        given = {
            "version": story.topic.version, "name": "换新", "description": "做法", "cost": "10",
            "source_1": "owners", "amount_1": "6", "source_2": "owners", "amount_2": "4",
        }  # fmt: skip
        address = f"/consultations/{story.topic.pk}/option/"
        twice = client_as("shequ").post(address, given)
        assert twice.status_code == 422 and "已经填过" in twice.content.decode()
        answer = client_as("shequ").post(address, {**given, "source_2": "subdistrict"}, follow=True)
        assert "换新" in words(answer.content.decode())
        assert [str(f) for f in story.topic.options.get().funds.all()] == [
            "业主分摊 6.0000",
            "街道微实事资金 4.0000",
        ]

    def test_the_owners_vote_shows_sums_shares_and_the_article(self, client_as: ClientAs) -> None:
        poll = Poll.objects.get(topic=topic(CHARGING))
        read = words(page(client_as("shequ"), f"/consultations/polls/{poll.pk}/"))
        assert "第二百七十八条" in read and "四分之三以上同意" in read
        found = queries.result(poll)
        assert f"{found.sums.people_voting} {found.sums.people}" in read
        assert "目前未达到法定要求" in read and "不满足" in read

    def test_ballots_are_entered_as_they_lie_on_the_pile(self, client_as: ClientAs) -> None:
        poll = Poll.objects.get(topic=topic(CHARGING))
        before = poll.ballots.count()
        left = Household.objects.filter(estate=poll.estate, counted=True, standing="delivered")
        rooms = [h.room for h in left.exclude(ballots__poll=poll)][:3]
        address = f"/consultations/polls/{poll.pk}/cast/"
        wrong = client_as("shequ").post(address, {"consent": f"{rooms[0]}、99-999", "oppose": ""})
        assert wrong.status_code == 422 and "99-999" in wrong.content.decode()
        assert poll.ballots.count() == before
        client_as("shequ").post(address, {"consent": f"{rooms[0]}，{rooms[1]}\n{rooms[2]}", "oppose": ""})
        assert poll.ballots.count() == before + 3

    def test_the_archive_is_one_file_with_everything(self, client_as: ClientAs) -> None:
        found = topic("凤凰花园小区外墙渗漏脱落修缮")
        answer = client_as("jiedao").get(f"/consultations/{found.pk}/archive.pdf")
        assert answer["Content-Type"] == "application/pdf"
        text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.content)).pages)
        text = re.sub(r"\s+", "", text)
        for part in (found.number, "利益冲突声明", "费用测算", "少数意见", "业主表决", "公示期内没有异议",
                     "612", "示例·政协委员", "3万余平方米"):  # fmt: skip
            assert part in text, part


@pytest.mark.usefixtures("district")
class TestRights:
    def test_a_representative_sees_her_own_tables_and_may_only_answer(self, client_as: ClientAs) -> None:
        client = client_as("jumin")
        seen = page(client, f"/consultations/{topic(CHARGING).pk}/")
        assert f"/consultations/{topic(CHARGING).pk}/declare/" in seen
        assert f"/consultations/{topic(CHARGING).pk}/invite/" not in seen
        assert client.get(f"/consultations/{topic(CHARGING).pk}/invite/").status_code == 403
        form = page(client, f"/consultations/{topic(CHARGING).pk}/declare/")
        assert "示例·居民代表" in form and "示例·物业经理" not in form
        poll = Poll.objects.get(topic=topic(CHARGING))
        assert client.get(f"/consultations/polls/{poll.pk}/").status_code == 403
        assert client.get("/ledgers/households/").status_code == 403

    def test_another_community_does_not_know_of_it(self, client_as: ClientAs) -> None:
        other = Person.objects.create(
            username="other", name="other", pinyin="other", unit=Unit.objects.get(code="360113004003")
        )
        unit = Unit.objects.get(code="360113004003")
        Assignment.objects.create(person=other, role="community_worker", unit=unit)
        client = client_as("other")
        assert client.get(f"/consultations/{topic(PARKING).pk}/").status_code == 404
        assert client.get("/consultations/999999/").status_code == 404
        assert PARKING not in page(client, "/ledgers/consultations/")
        assert "Y001" not in page(client, "/ledgers/households/")

    def test_people_without_the_wall_begin_on_a_page_of_theirs(self) -> None:
        client = Client()
        answer = client.post(
            "/accounts/login/", {"login": "jumin", "password": "hongtu-shili-2025"}, follow=True
        )
        assert answer.status_code == 200 and answer.request["PATH_INFO"] == "/consultations/"


@pytest.mark.usefixtures("district")
class TestPublic:
    def posting(self) -> Posting:
        return Posting.objects.get(conclusion__topic=topic(PLAYGROUND))

    def test_anybody_reads_what_was_decided_for_how_much_and_by_whom(self) -> None:
        html = page(Client(), "/consultations/public/")
        assert PLAYGROUND in html and "公示中" in html
        one = Posting.objects.get(conclusion__topic=topic(PARKING))
        read = words(page(Client(), f"/consultations/public/{one.pk}/"))
        assert "停车位 55" in read and "38.60" in read and "凤凰洲街道" in read and "公示已结束" in read
        assert "示例·居民一" not in read and "示例·街道经办" not in read, "no names in public"

    def test_an_objection_needs_no_account_and_its_contact_is_not_shown(self) -> None:
        address = f"/consultations/public/{self.posting().pk}/"
        client = Client()
        given = {"text": "夜间灯光影响休息", "name": "王女士", "contact": "13912345678"}
        answer = client.post(address, given, follow=True)
        assert "您的异议已收到" in answer.content.decode()
        made = Objection.objects.latest("pk")
        assert (made.contact, made.state) == ("13912345678", "open")
        worker = Person.objects.get(username="shequ")
        actions.answer_objection(by=worker, objection=made, version=made.version, answer="改到21点关灯")
        html = page(Client(), address)
        assert "改到21点关灯" in html and "夜间灯光" in html
        assert "13912345678" not in html and "王女士" not in html

    def test_the_form_is_limited_and_closed_after_its_period(self) -> None:
        address = f"/consultations/public/{self.posting().pk}/"
        for number in range(10):
            assert Client().post(address, {"text": f"异议内容{number}"}).status_code == 302
        answer = Client().post(address, {"text": "再来一条异议"})
        assert answer.status_code == 429 and "太频繁" in answer.content.decode()
        kept = Objection.objects.count()
        Client().post(address, {"text": "机器人", "website": "x"})
        assert Objection.objects.count() == kept
        old = Posting.objects.get(conclusion__topic=topic(PARKING))
        late = Client().post(
            f"/consultations/public/{old.pk}/", {"text": "现在才知道"}, REMOTE_ADDR="9.9.9.9"
        )
        assert late.status_code == 422 and "公示期已过" in late.content.decode()

    def test_what_is_not_posted_is_not_there(self) -> None:
        assert Client().get("/consultations/public/999999/").status_code == 404
        answer = Client().get(f"/consultations/{topic(PARKING).pk}/")
        assert answer.status_code == 302 and "login" in answer["Location"]

    def test_the_calculator_is_open_and_exact(self) -> None:
        given = {
            "matter": "8", "people": 300, "area": "30000", "people_voting": 200, "area_voting": "20000",
            "people_consenting": 150, "area_consenting": "15000",
        }  # fmt: skip
        read = words(page(Client(), "/consultations/calculator/", **given))
        assert "通过" in read and "66.66%" in read and "75.00%" in read and read.count("满足") == 4
        less = words(page(Client(), "/consultations/calculator/", **{**given, "area_consenting": "14999.99"}))
        assert "未通过" in less and "74.99%" in less
        wrong = page(Client(), "/consultations/calculator/", 422, **{**given, "people_voting": 301})
        assert "不能大于“业主总人数”" in wrong


def test_the_register_comes_out_of_the_offices_workbook(
    own_district: str, tmp_path: Path, settings: Any
) -> None:
    """Their own headings, a title above, a number of an owner for two flats; the same file twice changes
    nothing."""
    settings.MEDIA_ROOT = tmp_path
    estate = small_estate(Person.objects.get(username="shequ"), rooms=1)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["测试小区业主专有部分名册"])
    sheet.append(["小区名称", "房屋编号", "建筑面积（平方米）", "业主代码", "交付状态", "是否计入表决"])
    sheet.append(["测试小区", "1-0", "101.50", "Y7", "已交付业主", "是"])
    sheet.append(["测试小区", "1-1", 98, "Y7", "已交付业主", "是"])
    sheet.append(["测试小区", "车位1", 12.5, "", "建设单位未售", "否"])
    path = tmp_path / "名册.xlsx"
    book.save(path)
    found = import_file(path, "households", "shequ", mode="all", dry_run=False, step=lambda text: None)
    assert (found["counts"]["new"], found["counts"]["changed"]) == (2, 1), found
    kept = {h.room: h for h in Household.objects.filter(estate=estate)}
    assert (str(kept["1-0"].area), kept["1-1"].owner, kept["车位1"].counted) == ("101.50", "Y7", False)
    again = import_file(path, "households", "shequ", mode="all", dry_run=True, step=lambda text: None)
    assert (again["counts"]["new"], again["counts"]["changed"]) == (0, 0)


@pytest.mark.usefixtures("district")
@pytest.mark.parametrize(("measure", "total"), [("parking_spaces", 55), ("lifts", 36), ("facade_m2", 30000)])
def test_a_sum_of_the_papers_opens_the_results_it_adds_up(measure: str, total: int) -> None:
    assert figures()[measure] == total
    public = Client()
    page = public.get("/consultations/results/")
    assert f"{total:,}" in page.content.decode()
    rows = public.get("/consultations/results/", {"measure": measure})
    assert [figure.value for figure in rows.context["figures"]] == [f"{total:,}"]
    amounts = [str(row.cells[3]).split()[0].replace(",", "") for row in rows.context["table"].rows]
    assert sum(map(int, amounts)) == total
    assert "/consultations/public/" in rows.content.decode(), "each leads to what was decided"
