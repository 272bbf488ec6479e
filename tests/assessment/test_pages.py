"""The pages as people use them: rights, drill-down to rows, two people, frozen rankings, documents."""

import io
import re
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from django.test import Client
from docx import Document

from hongtu.domains.assessment import actions, rules
from hongtu.domains.assessment.models import Adjustment, Excuse, Falsification, Objection, Ranking, Scheme
from hongtu.domains.assessment.queries.scoring import result
from hongtu.domains.projects.models import Project
from hongtu.kernel.access.policies import objects
from hongtu.kernel.audit.models import Entry
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.chains.models import Step
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.profile.models import today

ClientAs = Callable[..., Client]
People = Callable[[str], Person]
pytestmark = pytest.mark.usefixtures("district")


def text(answer: Any) -> str:
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


@pytest.mark.parametrize("subject", [s.value for s in Subject])
def test_every_score_opens_to_as_many_rows_as_it_counts(subject: str, client_as: ClientAs) -> None:
    client = client_as("lingdao")
    assert client.get(f"/assessment/ranking/{subject}/").status_code == 200
    found = result(Subject(subject), today())
    line = next(s for s in found.lines if s.rank)
    page = client.get(f"/assessment/ranking/{subject}/{line.unit}/").content.decode()
    for item in line.items:
        if not item.tally.rows:
            continue
        address = f"/assessment/ranking/{subject}/{line.unit}/{item.key}/"
        assert f'href="{address}"' in page
        listed = client.get(address).content.decode()
        rows = len(re.findall(r'<th scope="row"', listed))
        assert rows == min(item.tally.rows, 50), item.title
        assert "不在您的查看权限内" not in listed


def test_both_denominators_stand_on_the_page_of_an_excused_unit(client_as: ClientAs) -> None:
    excuse = Excuse.objects.get(state="approved")
    found = result(Subject.OWNER, today()).by_unit[excuse.unit_id]
    tally = next(i for i in found.items if i.key == "steps").tally
    assert tally.excused == 1 and tally.narrow < tally.whole
    page = text(client_as("lingdao").get(f"/assessment/ranking/owner/{excuse.unit_id}/steps/"))
    assert "全部应计" in page and "剔除免责后应计" in page and "经批准免责" in page
    without = [f for f in result(Subject.OWNER, today()).facts[excuse.unit_id, "steps"] if f.excused]
    assert [f.key for f in without] == [excuse.record]


def test_a_unit_sees_its_own_score_and_only_the_rows_it_may_read(client_as: ClientAs, person: People) -> None:
    owner = person("yezhu")
    client, other = client_as("yezhu"), Unit.objects.get(code="OWNER02")
    page = text(client.get("/assessment/ranking/owner/"))
    assert owner.unit is not None and owner.unit.name in page and other.name not in page.split("等您决定")[0]
    assert client.get(f"/assessment/ranking/owner/{other.pk}/").status_code == 404
    assert client.get(f"/assessment/ranking/owner/{other.pk}/steps/").status_code == 404
    listed = client.get(f"/assessment/ranking/owner/{owner.unit_id}/steps/").content.decode()
    opened = re.findall(r"/projects/(\d+)/chain/", listed)
    assert opened
    for key in set(opened):
        assert objects(Project, by=owner).filter(pk=key).exists()
    officer = person("zhujian")
    line = result(Subject.RESPONSIBLE, today()).by_unit[officer.unit_id or 0]
    for item in line.items:
        if item.tally.rows:
            shown = client_as("zhujian").get(f"/assessment/ranking/responsible/{officer.unit_id}/{item.key}/")
            assert shown.status_code == 200


def test_who_has_no_part_gets_no_page(client_as: ClientAs) -> None:
    for address in ("/assessment/ranking/owner/", "/assessment/ranking/owner/compare/"):
        assert client_as("shenji").get(address).status_code == 403
    assert Client().get("/assessment/ranking/owner/").status_code == 302
    for address in ("/assessment/schemes/new/", "/assessment/adjustments/new/"):
        assert client_as("yezhu").get(address).status_code == 403
        assert client_as("lingdao").get(address).status_code == 403, "who decides does not propose"


def test_a_day_without_a_scheme_says_so(client_as: ClientAs) -> None:
    page = text(client_as("lingdao").get("/assessment/ranking/owner/?on=1999-01-01"))
    assert "那一刻还没有施行的考核办法" in page
    assert client_as("lingdao").get("/assessment/ranking/owner/ranking.xlsx?on=1999-01-01").status_code == 404
    assert client_as("lingdao").get("/assessment/ranking/nobody/").status_code == 404


def test_excel_and_word_say_what_the_page_says(client_as: ClientAs) -> None:
    client = client_as("lingdao")
    lines = result(Subject.OWNER, today()).lines
    book = openpyxl.load_workbook(io.BytesIO(client.get("/assessment/ranking/owner/ranking.xlsx").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert "考核办法" in str(rows[1][0]) and str(today()) in str(rows[1][0])
    assert [(r[0], r[1]) for r in rows[3:]] == [(s.rank, s.name) for s in lines]
    assert [float(r[2]) for r in rows[3:] if r[2] is not None] == [
        s.total for s in lines if s.total is not None
    ]
    ranking = Ranking.objects.filter(subject="owner").latest("published_at")
    word = Document(io.BytesIO(client.get(f"/assessment/published/{ranking.pk}/ranking.docx").content))
    words = "\n".join(p.text for p in word.paragraphs)
    assert ranking.number in words and ranking.digest in words and "示例数据" in words
    table = [[c.text for c in row.cells] for row in word.tables[0].rows]
    assert [row[1] for row in table[1:]] == [s["name"] for s in ranking.lines if s["rank"] is not None]


def draft(centre: Person) -> Scheme:
    present = Scheme.objects.get(subject="office", state="adopted")
    data = deepcopy(present.data)
    data["items"][0]["points"], data["items"][1]["points"] = 50.0, 30.0
    return actions.draft_scheme(
        by=centre,
        name="审批部门办法修订",
        subject="office",
        data=data,
        effective_from=today() + timedelta(days=5),
    )


def test_a_scheme_is_simulated_and_adopted_by_two_people(client_as: ClientAs, person: People) -> None:
    made = draft(person("zhongxin"))
    address = f"/assessment/schemes/{made.pk}/"
    assert client_as("yezhu").get(address).status_code == 404, "a draft is seen by those who draft"
    centre, leader = client_as("zhongxin"), client_as("lingdao")
    assert centre.post(f"{address}propose/", {"version": made.version}).status_code == 302
    made.refresh_from_db()
    page = text(leader.get(address))
    assert "施行前的模拟" in page and "逐家对比" not in page.split("施行前的模拟")[0]
    assert centre.post(f"{address}decide/", {"version": made.version, "adopt": "1"}).status_code == 422
    assert leader.post(f"{address}decide/", {"version": made.version, "adopt": "1"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "adopted" and made.adopted_by == person("lingdao")
    with pytest.raises(InvalidInput, match="不能修改"):
        actions.revise_scheme(by=person("zhongxin"), record=made, version=made.version, name="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        Scheme.objects.filter(pk=made.pk).update(name="改", version=made.version + 1)


def test_a_scheme_is_edited_as_a_table(client_as: ClientAs) -> None:
    client, present = client_as("zhongxin"), Scheme.objects.get(subject="office", state="adopted")
    address = f"/assessment/schemes/new/?from={present.pk}"
    page = client.get(address).content.decode()
    assert page.count('name="items-') > 20
    lines = present.data["items"]
    body: dict[str, Any] = {
        "name": "新办法",
        "effective_from": today() + timedelta(days=9),
        "good_from": 90,
        "pass_from": 70,
        "adjustment_limit": 5,
        "least_points": 40,
        "objection_days": 3,
        "items-TOTAL_FORMS": len(lines),
        "items-INITIAL_FORMS": len(lines),
    }
    for n, line in enumerate(lines):
        body |= {f"items-{n}-{name}": value for name, value in line.items()}
    refused = client.post(address, {**body, "items-0-points": 10})
    assert refused.status_code == 422 and "各项分值合计须为100" in text(refused)
    assert client.post(address, body).status_code == 302
    made = Scheme.objects.get(name="新办法")
    assert made.state == "draft" and made.data["good_from"] == 90 and len(made.data["items"]) == len(lines)


def test_no_scheme_is_adopted_for_the_past(person: People) -> None:
    present = Scheme.objects.get(subject="office", state="adopted")
    made = actions.draft_scheme(
        by=person("zhongxin"),
        name="倒签",
        subject="office",
        data=present.data,
        effective_from=today() - timedelta(days=1),
    )
    actions.propose(by=person("zhongxin"), scheme=made, version=made.version)
    with pytest.raises(InvalidInput, match="不溯及既往"):
        actions.adopt(by=person("lingdao"), scheme=made, version=made.version)


def test_an_excuse_goes_from_the_row_to_the_denominator(client_as: ClientAs, person: People) -> None:
    owner, leader = person("yezhu"), client_as("lingdao")
    before = result(Subject.OWNER, today())
    fact = next(f for f in before.facts[owner.unit_id or 0, "steps"] if f.value < f.weight and not f.excused)
    listed = client_as("yezhu").get(f"/assessment/ranking/owner/{owner.unit_id}/steps/").content.decode()
    link = next(
        u.replace("&amp;", "&")
        for u in re.findall(r'href="(/assessment/excuses/new/[^"]+)"', listed)
        if f"record={fact.key}&" in u.replace("&amp;", "&")
    )
    asking = client_as("yezhu")
    assert asking.get(link).status_code == 200
    body = {"reason": "连日暴雨停工", "since": today() - timedelta(days=15), "basis": "气象预警"}
    assert asking.post(link, {**body, "reason": " "}).status_code == 422
    assert asking.post(link, body).status_code == 302
    asked = Excuse.objects.get(record=fact.key, state="asked")
    assert result(Subject.OWNER, today()).by_unit == before.by_unit, "asking alone changes nothing"
    address = f"/assessment/excuses/{asked.pk}/"
    given = {"version": asked.version, "answer": "属实", "approve": "1"}
    assert asking.post(address, given).status_code == 403
    assert leader.post(address, given).status_code == 302
    after = result(Subject.OWNER, today()).by_unit[owner.unit_id or 0]
    old, new = (
        next(i for i in line.items if i.key == "steps").tally
        for line in (before.by_unit[owner.unit_id or 0], after)
    )
    assert (new.whole, new.narrow, new.excused) == (old.whole, old.narrow - fact.weight, old.excused + 1)
    with pytest.raises(InvalidInput, match="已经申请过"):
        actions.ask_excuse(
            by=None,
            indicator="projects.steps",
            record=fact.key,
            name="x",
            unit=asked.unit,
            reason="x",
            basis="x",
            since=today(),
        )


def test_nobody_asks_for_what_she_cannot_see(client_as: ClientAs, person: People) -> None:
    own = objects(Project, by=person("yezhu")).values("pk")
    far = Step.objects.exclude(chain__subject_key__in=own).order_by("pk")[0]
    address = (
        f"/assessment/excuses/new/?indicator=projects.steps&record={far.pk}&unit={person('yezhu').unit_id}"
    )
    assert client_as("yezhu").get(address).status_code == 404
    with pytest.raises(NotAllowed):
        actions.ask_excuse(
            by=person("yezhu"),
            indicator="projects.steps",
            record=far.pk,
            name="x",
            unit=person("yezhu").unit,  # type: ignore[arg-type]
            reason="x",
            basis="x",
            since=today(),
        )


def test_falsified_data_void_the_score_until_a_third_person_quashes(
    client_as: ClientAs, person: People
) -> None:
    charge = Falsification.objects.get()
    line = result(Subject.OWNER, today()).by_unit[charge.unit_id]
    assert (line.total, line.veto) == (0, charge.name)
    page = text(client_as("lingdao").get("/assessment/ranking/owner/"))
    assert "一票否决" in page
    assert "因弄虚作假" in text(client_as("lingdao").get(f"/assessment/ranking/owner/{charge.unit_id}/"))
    with pytest.raises(NotAllowed):
        actions.appeal(by=person("jijiu"), charge=charge, version=charge.version, reason="不服")
    appealed = actions.appeal(by=None, charge=charge, version=charge.version, reason="发票日期系笔误")
    assert result(Subject.OWNER, today()).by_unit[charge.unit_id].total == 0, "the veto stands meanwhile"
    for username in ("zhongxin", "lingdao"):
        with pytest.raises(NotAllowed):
            actions.decide_appeal(
                by=person(username), charge=appealed, version=appealed.version, uphold=True, answer="维持"
            )
    actions.decide_appeal(by=None, charge=appealed, version=appealed.version, uphold=False, answer="证据不足")
    assert (result(Subject.OWNER, today()).by_unit[charge.unit_id].total or 0) > 0


def test_an_appeal_has_its_period(person: People, monkeypatch: pytest.MonkeyPatch) -> None:
    from hongtu.domains.assessment.actions import conduct

    charge = Falsification.objects.get()
    assert charge.appeal_until is not None
    monkeypatch.setattr(conduct, "today", lambda: charge.appeal_until + timedelta(days=1))
    with pytest.raises(InvalidInput, match="申诉期限"):
        actions.appeal(by=None, charge=charge, version=charge.version, reason="不服")


def test_the_database_keeps_the_two_people_apart(person: People) -> None:
    row, centre = Adjustment.objects.get(state="asked"), person("zhongxin")
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.filter(pk=row.pk).update(
            decided_by=centre, asked_by=centre, version=row.version + 1
        )


def test_a_published_ranking_is_frozen_and_its_seal_is_in_the_audit(client_as: ClientAs) -> None:
    client = client_as("lingdao")
    posted = client.post("/assessment/ranking/office/publish/", {"on": today(), "name": "四月通报"})
    made = Ranking.objects.latest("published_at")
    assert posted["Location"] == f"/assessment/published/{made.pk}/"
    entry = Entry.objects.filter(action="assessment.publish").latest("sequence")
    assert entry.detail["digest"] == made.digest == rules.digest(made.lines)
    for statement in (
        "UPDATE assessment_ranking SET name = 'x' WHERE id = %s",
        "DELETE FROM assessment_ranking WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [made.pk])
    future = client.post("/assessment/ranking/office/publish/", {"on": today() + timedelta(1), "name": "x"})
    assert future.status_code == 422 and "请选今天或更早的日期" in text(future)
    page = text(client.get(f"/assessment/published/{made.pk}/?check=1"))
    assert "与发布的完全一致" in page and "与内容相符" in page
    assert client_as("yezhu").get(f"/assessment/published/{made.pk}/").status_code == 200
    assert client_as("zhujian").post("/assessment/ranking/office/publish/", {}).status_code == 403


def test_an_objection_is_answered_and_corrected_by_another_ranking(
    client_as: ClientAs, person: People
) -> None:
    open_one = Objection.objects.get()
    ranking, leader = open_one.ranking, client_as("lingdao")
    stranger = Unit.objects.get(code="360113001")
    refused = client_as("jiedao").post(
        f"/assessment/published/{ranking.pk}/object/", {"unit": stranger.pk, "name": "x", "reason": "x"}
    )
    assert refused.status_code == 422
    address = f"/assessment/objections/{open_one.pk}/"
    given = {"version": open_one.version, "answer": "已核，补记回访", "approve": "1"}
    assert client_as("jiedao").post(address, given).status_code == 403
    assert leader.post(address, given).status_code == 302
    corrected = leader.post(
        f"/assessment/published/{ranking.pk}/correct/", {"on": ranking.on, "name": "更正通报"}
    )
    made = Ranking.objects.get(supersedes=ranking)
    assert corrected["Location"] == f"/assessment/published/{made.pk}/"
    assert Ranking.objects.get(pk=ranking.pk).digest == ranking.digest, "the first one stays as it was"
    assert "已由更正通报代替" in text(leader.get(f"/assessment/published/{ranking.pk}/"))
    assert made.number != ranking.number


def test_an_objection_comes_in_time(person: People, monkeypatch: pytest.MonkeyPatch) -> None:
    from hongtu.domains.assessment.actions import publishing

    ranking = Ranking.objects.filter(subject="owner").latest("published_at")
    monkeypatch.setattr(publishing, "today", lambda: ranking.objections_until + timedelta(days=1))
    with pytest.raises(InvalidInput, match="异议期限"):
        actions.object_to(
            by=person("yezhu"),
            ranking=ranking,
            unit=person("yezhu").unit,
            name="漏计",
            reason="x",  # type: ignore[arg-type]
        )


def test_the_demonstration_shows_one_of_each() -> None:
    assert Ranking.objects.count() == len(Subject)
    assert Falsification.objects.filter(state="confirmed").count() == 1
    assert Excuse.objects.filter(state="approved").count() == 1
    [proposed] = Scheme.objects.filter(state="proposed")
    assert proposed.simulations.count() == 1
    for subject in Subject:
        ranked = [s for s in result(subject, today()).lines if s.rank]
        assert len(ranked) >= 4, subject
    for model in (Ranking, Falsification, Excuse, Adjustment, Objection, Scheme):
        assert not model._default_manager.filter(demonstration=False).exists()
