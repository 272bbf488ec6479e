"""List, detail and form of a declared model, as their users meet them."""

from collections.abc import Callable

import pytest
from django.test import Client

from hongtu.kernel.people import actions
from hongtu.kernel.people.models import Person, Unit
from hongtu.ledger.models import SavedView
from tests.conftest import make_unit

Login = Callable[[Person], Client]


@pytest.fixture
def departments(unit: Unit) -> list[Unit]:
    made = []
    for code, name, kind in (
        ("HOUSING", "住房和城乡建设局", "department"),
        ("WATER", "农业农村水利局", "department"),
        ("SHAJING", "沙井街道", "subdistrict"),
    ):
        made.append(actions.register_unit(by=None, code=code, name=name, kind=kind, parent=unit))
    return made


def rows(html: str) -> str:
    return html[html.index('id="ledger-table"') :] if 'id="ledger-table"' in html else ""


def test_the_list_shows_filters_and_counts(departments: list[Unit], centre: Person, client_of: Login) -> None:
    page = client_of(centre).get("/ledgers/units/?kind=department").content.decode()
    assert "共 2 条" in page
    assert "住房和城乡建设局" in rows(page)
    assert "沙井街道" not in rows(page)


@pytest.mark.parametrize("typed", ["沙井", "shajing", "sha jing", "SHAJ"])
def test_search_takes_characters_and_pinyin(
    departments: list[Unit], centre: Person, client_of: Login, typed: str
) -> None:
    page = client_of(centre).get("/ledgers/units/", {"q": typed}).content.decode()
    assert "共 1 条" in page
    assert "沙井街道" in rows(page)


def test_names_sort_by_pinyin_in_both_directions(
    departments: list[Unit], centre: Person, client_of: Login
) -> None:
    client = client_of(centre)
    up = rows(client.get("/ledgers/units/?sort=name&kind=department").content.decode())
    down = rows(client.get("/ledgers/units/?sort=-name&kind=department").content.decode())
    assert up.index("农业农村水利局") < up.index("住房和城乡建设局")  # n before z
    assert down.index("住房和城乡建设局") < down.index("农业农村水利局")


def test_a_second_sort_key_keeps_the_first(departments: list[Unit], centre: Person, client_of: Login) -> None:
    page = client_of(centre).get("/ledgers/units/?sort=kind").content.decode()
    assert "sort=name%2Ckind" in page


def test_columns_come_from_the_address(departments: list[Unit], centre: Person, client_of: Login) -> None:
    page = rows(client_of(centre).get("/ledgers/units/?columns=code").content.decode())
    head = page[: page.index("</thead>")]
    assert "编码" in head
    assert "上级单位" not in head


def test_htmx_gets_the_rows_only(departments: list[Unit], centre: Person, client_of: Login) -> None:
    response = client_of(centre).get("/ledgers/units/?kind=department", headers={"HX-Request": "true"})
    page = response.content.decode()
    assert page.lstrip().startswith('<div id="ledger-rows"')
    assert "<html" not in page
    assert response["HX-Push-Url"].endswith("/ledgers/units/?kind=department")


def test_a_filter_that_makes_no_sense_is_named(centre: Person, client_of: Login) -> None:
    page = client_of(centre).get("/ledgers/calendar-days/?date_from=昨天").content.decode()
    assert "看不懂“昨天”" in page


def test_create_then_detail_with_history(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    response = client.post(
        "/ledgers/units/new/", {"code": "EDU", "name": "教育体育局", "kind": "department", "parent": unit.pk}
    )
    made = Unit.objects.get(code="EDU")
    assert response.url == f"/ledgers/units/{made.pk}/"
    assert (made.path, made.pinyin) == ("D/EDU/", "jiao yu ti yu ju")
    client.post(f"/ledgers/units/{made.pk}/edit/", {**fields(made), "name": "教育局"})
    page = client.get(f"/ledgers/units/{made.pk}/").content.decode()
    assert "<del>教育体育局</del>" in page
    assert "<ins>教育局</ins>" in page
    assert "wang" in page


def fields(unit: Unit) -> dict[str, object]:
    return {
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.kind,
        "parent": unit.parent_id or "",
        "credit_code": unit.credit_code,
        "version": unit.version,
    }


def test_a_faulty_form_keeps_what_was_typed(unit: Unit, centre: Person, client_of: Login) -> None:
    response = client_of(centre).post(
        "/ledgers/units/new/", {"code": "D", "name": "重复的编码", "kind": "department"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="重复的编码"' in page
    assert "请先改正以下问题" in page
    assert 'href="#id_code"' in page


def test_an_objection_of_the_action_lands_on_its_field(unit: Unit, centre: Person, client_of: Login) -> None:
    response = client_of(centre).post(
        "/ledgers/units/new/", {"code": "有空 格", "name": "甲", "kind": "department"}
    )
    assert response.status_code == 422
    assert "编码用字母、数字" in response.content.decode()
    assert not Unit.objects.filter(name="甲").exists()


def test_the_loser_of_two_edits_keeps_her_text_and_overrules_only_her_own_fields(
    departments: list[Unit], centre: Person, client_of: Login, make_person: Callable[..., Person]
) -> None:
    record = departments[0]
    seen = fields(record)
    url = f"/ledgers/units/{record.pk}/edit/"
    other = make_person("li", "promotion_centre")
    client_of(other).post(url, {**seen, "name": "住建局（李改）", "short_name": "住建局"})
    client = client_of(centre)
    response = client.post(url, {**seen, "name": "住建局（王改）"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "<ins>住建局（王改）</ins>" in page, "hers"
    assert "住建局（李改）" in page, "theirs"
    assert "li" in page
    assert 'value="住建局（王改）"' in page, "her text is still in the form"
    record.refresh_from_db()
    assert record.name == "住建局（李改）", "nothing was overwritten"
    again = {**fields(record), "name": "住建局（王改）"}
    assert f'name="version" value="{record.version}"' in page
    assert client.post(url, again).status_code == 302
    record.refresh_from_db()
    assert (record.name, record.short_name) == ("住建局（王改）", "住建局")


def test_a_stale_form_never_puts_back_a_field_its_writer_left_alone(
    departments: list[Unit], centre: Person, client_of: Login
) -> None:
    record = departments[0]
    seen = fields(record)
    actions.revise_unit(by=None, record=record, version=1, short_name="住建局")
    url = f"/ledgers/units/{record.pk}/edit/"
    response = client_of(centre).post(url, {**seen, "name": "新名"})
    assert response.status_code == 409
    assert 'name="short_name" value="住建局"' in response.content.decode()


def test_a_reader_sees_no_way_to_write_and_is_refused(
    departments: list[Unit], helper: Person, client_of: Login
) -> None:
    client = client_of(helper)
    assert "/ledgers/units/new/" not in client.get("/ledgers/units/").content.decode()
    assert client.get("/ledgers/units/new/").status_code == 403
    assert client.post(f"/ledgers/units/{departments[0].pk}/edit/", {"name": "x"}).status_code == 403


def test_nobody_logged_in_is_sent_to_the_log_in(client: Client, db: None) -> None:
    response = client.get("/ledgers/units/?kind=department")
    assert response.status_code == 302
    assert response.url == "/accounts/login/?next=/ledgers/units/%3Fkind%3Ddepartment"


def test_an_unknown_ledger_does_not_exist(centre: Person, client_of: Login) -> None:
    assert client_of(centre).get("/ledgers/nothing/").status_code == 404


def test_a_view_is_saved_opened_and_deleted(
    departments: list[Unit], centre: Person, helper: Person, client_of: Login
) -> None:
    client = client_of(centre)
    client.post("/ledgers/units/views/", {"name": "部门", "query": "kind=department", "shared": "1"})
    view = SavedView.objects.get()
    assert "部门" in client.get("/ledgers/units/").content.decode()
    others = client_of(helper)
    assert f"view={view.pk}" in others.get("/ledgers/units/").content.decode(), "shared with colleagues"
    assert others.post(f"/ledgers/units/views/{view.pk}/delete/").status_code == 404, "not hers to delete"
    client.post(f"/ledgers/units/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_the_number_of_queries_does_not_depend_on_the_rows(
    unit: Unit, centre: Person, client_of: Login, django_assert_max_num_queries: Callable
) -> None:
    for number in range(60):
        make_unit(f"U{number}", f"单位{number}", "department", unit)
    client = client_of(centre)
    client.get("/ledgers/units/")
    with django_assert_max_num_queries(15):
        page = client.get("/ledgers/units/").content.decode()
    assert "共 61 条" in page
    assert page.count("<tr id=") == 50
