"""Guides: reviewed by two, kept as they were, in force only between their dates."""

from datetime import date, timedelta

import pytest

from hongtu.domains.matters import actions, queries
from hongtu.domains.matters.models import ForbiddenRequest, Guide
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today
from tests.matters.conftest import login


def test_every_matter_of_the_demonstration_is_told_in_full(talks: None) -> None:
    assert queries.figures(today()) == {
        "matters": 163,
        "approvals": 70,
        "assists": 58,
        "handovers_waiting": 3,
    }
    for guide in queries.whole(today()):
        assert guide.department and guide.fee and guide.phone and guide.result, guide
        assert guide.materials.all() and len(guide.steps.all()) >= 3 and guide.offices.all(), guide
        assert guide.promised_days is not None and guide.matter.demonstration, guide


def _next(permit: Guide, editor: Person, **changes: object) -> Guide:
    made = actions.next_version(by=editor, guide=permit, **changes)
    return actions.submit(by=editor, guide=made, version=made.version)


def test_a_version_needs_two_people_and_leaves_the_old_one_alone(
    permit: Guide, editor: Person, chief: Person
) -> None:
    waiting = _next(permit, editor, fee="一律不收费")
    assert queries.public_guide("BB136", today()).fee == permit.fee
    assert list(queries.waiting(chief)) == [waiting]
    published = actions.decide(by=chief, guide=waiting, version=waiting.version, publish=True)
    found = queries.public_guide("BB136", today())
    assert (found.pk, found.number, found.fee) == (published.pk, 2, "一律不收费")
    assert [m.name for m in found.materials.all()] == [m.name for m in permit.materials.all()]
    permit.refresh_from_db()
    assert permit.state == "published" and "首次申领免收" in permit.fee


def test_nobody_publishes_her_own_version(permit: Guide, chief: Person) -> None:
    waiting = _next(permit, chief, fee="免费")
    with pytest.raises(NotAllowed) as refusal:
        actions.decide(by=chief, guide=waiting, version=waiting.version, publish=True)
    assert refusal.value.code == "matters.own_guide"


def test_an_editor_may_not_publish(permit: Guide, editor: Person, chief: Person) -> None:
    waiting = _next(permit, chief, fee="免费")
    with pytest.raises(NotAllowed):
        actions.decide(by=editor, guide=waiting, version=waiting.version, publish=True)


def test_a_return_needs_a_reason_and_comes_back_to_its_writer(
    permit: Guide, editor: Person, chief: Person
) -> None:
    waiting = _next(permit, editor, fee="免费")
    with pytest.raises(InvalidInput):
        actions.decide(by=chief, guide=waiting, version=waiting.version, publish=False)
    actions.decide(by=chief, guide=waiting, version=waiting.version, publish=False, reason="缺依据")
    assert [g.return_reason for g in queries.drafts(editor)] == ["缺依据"]


def test_a_changed_published_version_becomes_a_draft(permit: Guide, editor: Person) -> None:
    made = actions.revise_guide(by=editor, record=permit, version=permit.version, fee="免费")
    assert (made.number, made.state, made.fee) == (2, "draft", "免费")


@pytest.mark.parametrize(
    ("material", "code"),
    [
        ("亲属关系证明", "matters.must_not_ask"),
        ("其他相关材料", "matters.catch_all_material"),
    ],
)
def test_what_must_not_be_asked_is_refused_when_it_is_saved(
    permit: Guide, editor: Person, material: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        actions.next_version(by=editor, guide=permit, parts={"materials": [{"name": material}]})
    assert refusal.value.code == code
    assert material in refusal.value.fields["materials"][0]


def test_a_draft_asks_for_nothing_that_was_forbidden_meanwhile(
    permit: Guide, editor: Person, chief: Person
) -> None:
    made = actions.next_version(by=editor, guide=permit, parts={"materials": [{"name": "居住登记凭条"}]})
    made = actions.submit(by=editor, guide=made, version=made.version)
    ForbiddenRequest.objects.create(phrase="居住登记凭条", reason="已可共享核验")
    with pytest.raises(InvalidInput) as refusal:
        actions.decide(by=chief, guide=made, version=made.version, publish=True)
    assert refusal.value.code == "matters.must_not_ask"


def test_a_promise_beyond_the_law_is_refused(permit: Guide, editor: Person) -> None:
    made = actions.next_version(by=editor, guide=permit, promised_days=40)
    with pytest.raises(InvalidInput) as refusal:
        actions.submit(by=editor, guide=made, version=made.version)
    assert refusal.value.code == "matters.promise_beyond_law"


def test_dates_decide_what_residents_read(permit: Guide, editor: Person, chief: Person) -> None:
    tomorrow, end = today() + timedelta(1), today() + timedelta(10)
    made = actions.next_version(
        by=editor, guide=permit, fee="新标准", effective_from=tomorrow, expires_on=end
    )
    made = actions.submit(by=editor, guide=made, version=made.version)
    actions.decide(by=chief, guide=made, version=made.version, publish=True)

    def read(day: date) -> list[str]:
        return list(queries.in_force(day).filter(matter__code="BB136").values_list("fee", flat=True))

    assert read(today()) == [permit.fee]
    assert read(tomorrow) == ["新标准"] == read(end)
    assert read(end + timedelta(1)) == [], "an expired version does not bring its predecessor back"


def test_overdue_reviews_are_listed(stock: None) -> None:
    day = date(2025, 4, 25)
    late = queries.overdue(day)
    assert late and all(g.reviewed_on < day - timedelta(180) for g in late)


def test_a_resident_is_told_that_a_review_is_overdue(stock: None, visitor: object) -> None:
    late = queries.overdue(today()).first()
    assert late is not None
    page = visitor.get(f"/matters/m/{late.matter.code}/").content.decode()  # type: ignore[attr-defined]
    assert "核校日期已过" in page
    assert "核校日期已过" not in visitor.get("/matters/m/BB136/").content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["居住证", "jzz", "juzhuzheng", "暂住证", "JZZ"])
def test_residents_find_a_matter_by_name_pinyin_and_what_they_call_it(
    stock: None, visitor: object, text: str
) -> None:
    page = visitor.get("/matters/", {"q": text})  # type: ignore[attr-defined]
    assert "居住证申领帮办" in page.content.decode()


def test_the_public_page_needs_no_account_and_shows_the_version(stock: None, visitor: object) -> None:
    page = visitor.get("/matters/m/BB136/").content.decode()  # type: ignore[attr-defined]
    for words in ("房屋租赁合同", "绿茵路", "15日内", "第1版", "示例数据，以本地公布为准", "12号公安协同"):
        assert words in page, words
    assert visitor.get("/matters/m/NOPE/").status_code == 404  # type: ignore[attr-defined]


def test_a_bundle_asks_for_each_paper_once(stock: None, visitor: object) -> None:
    page = visitor.get("/matters/bundles/newborn/").content.decode()  # type: ignore[attr-defined]
    assert "新生儿落户指引" in page and "材料只交一次" in page
    assert visitor.get("/matters/bundles/none/").status_code == 404  # type: ignore[attr-defined]


def test_the_editor_page_saves_rows_and_refuses_a_bad_one(permit: Guide, editor: Person) -> None:
    client = login(editor)
    response = client.post(f"/matters/guides/{permit.pk}/next/")
    url = response["Location"]
    form = client.get(url).context["form"]
    data = {k: v for k, v in form.initial.items() if v is not None and k != "places"}
    bad = client.post(url, {**data, "materials": "身份证 | 也许"})
    assert bad.status_code == 422 and "也许" in bad.content.decode()
    good = client.post(url, {**data, "materials": "身份证 | 必要 | 政府部门核发 | 是", "submit": "1"})
    assert good.status_code == 302
    made = Guide.objects.get(matter=permit.matter, number=2)
    assert made.state == "submitted"
    assert [(m.name, m.source, m.held_by_government) for m in made.materials.all()] == [
        ("身份证", "government", True)
    ]
    assert made.offices.get().place_id == permit.offices.get().place_id
