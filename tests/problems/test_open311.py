"""GeoReport v2, method by method, from the words of the specification. Each case names what it asserts."""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from hongtu.domains.problems import actions as own
from hongtu.domains.problems.models import ApiKey
from hongtu.kernel.problems import actions
from hongtu.kernel.problems.models import Category, Problem
from hongtu.kernel.problems.terms import now
from tests.kernel.problems.conftest import DONE, Story, photo
from tests.problems.conftest import KEY, body

V2 = "/open311/v2"
ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)$")
FORMATS = ("xml", "json")
SERVICE = ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
REQUEST = (
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
    "address", "address_id", "zipcode", "lat", "long", "media_url",
)  # fmt: skip


def read(response: Any, form: str) -> Any:
    """The document as plain lists and dictionaries, whatever the format."""
    if form == "json":
        return json.loads(response.content)
    return plain(ElementTree.fromstring(response.content))


def plain(element: ElementTree.Element) -> Any:
    lists = {"services", "service_requests", "errors", "attributes", "values", "formats", "endpoints"}
    if element.tag in lists:
        return [plain(child) for child in element]
    if len(element):
        return {child.tag: plain(child) for child in element}
    return element.text


def posted(api: Client, form: str = "json", **fields: Any) -> Any:
    return api.post(f"{V2}/requests.{form}", body(**fields))


@pytest.fixture
def request_id(api: Client) -> str:
    return read(posted(api), "json")[0]["service_request_id"]


# -- formats ---------------------------------------------------------------------------------------

PATHS = ("services", "services/lift", "requests", "discovery")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("form", "media"), [("xml", "text/xml; charset=utf-8"), ("json", "application/json; charset=utf-8")]
)
def test_the_content_type_of_each_format(api: Client, path: str, form: str, media: str) -> None:
    response = api.get(f"{V2}/{path}.{form}")
    assert (response.status_code, response["Content-Type"]) == (200, media)


@pytest.mark.parametrize("path", PATHS)
def test_xml_begins_with_its_declaration_and_encoding(api: Client, path: str) -> None:
    content = api.get(f"{V2}/{path}.xml").content
    assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert b"xmlns" not in content, "no foreign namespaces"


@pytest.mark.parametrize("path", PATHS)
def test_text_is_utf_8_and_not_escaped_to_ascii(api: Client, path: str, request_id: str) -> None:
    for form in FORMATS:
        content = api.get(f"{V2}/{path}.{form}").content.decode("utf-8")
        assert "\\u" not in content and "&#" not in content


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("path", "root"),
    [("services", "services"), ("services/lift", "service_definition"), ("requests", "service_requests")],
)
def test_the_root_of_each_document(api: Client, request_id: str, form: str, path: str, root: str) -> None:
    response = api.get(f"{V2}/{path}.{form}")
    if form == "xml":
        assert ElementTree.fromstring(response.content).tag == root
    else:
        kind = dict if root == "service_definition" else list
        assert isinstance(json.loads(response.content), kind), "the wrapper becomes an array"


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_format_is_a_bad_request(api: Client, path: str) -> None:
    response = api.get(f"{V2}/{path}.yaml")
    assert response.status_code == 400
    assert read(response, "xml")[0]["code"] == "400"


# -- GET services ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", SERVICE)
def test_every_service_has_each_field(api: Client, form: str, name: str) -> None:
    services = read(api.get(f"{V2}/services.{form}"), form)
    assert len(services) == 20
    assert all(name in service for service in services)


def test_services_say_whether_there_are_further_questions(api: Client) -> None:
    found = {s["service_code"]: s["metadata"] for s in read(api.get(f"{V2}/services.json"), "json")}
    assert found["lift"] is True and found["road"] is False
    xml = {s["service_code"]: s["metadata"] for s in read(api.get(f"{V2}/services.xml"), "xml")}
    assert xml["lift"] == "true" and xml["road"] == "false"


def test_every_service_answers_at_once(api: Client) -> None:
    assert {s["type"] for s in read(api.get(f"{V2}/services.json"), "json")} == {"realtime"}


def test_service_codes_are_unique(api: Client) -> None:
    codes = [s["service_code"] for s in read(api.get(f"{V2}/services.json"), "json")]
    assert len(codes) == len(set(codes))


def test_keywords_are_comma_delimited(api: Client) -> None:
    found = {s["service_code"]: s["keywords"] for s in read(api.get(f"{V2}/services.json"), "json")}
    assert found["parking"] == "停车, 车位, 乱停"


def test_a_service_out_of_use_is_not_listed(api: Client, kinds: dict[str, Category]) -> None:
    kinds["road"].revise(kinds["road"].version, active=False)
    assert "road" not in {s["service_code"] for s in read(api.get(f"{V2}/services.json"), "json")}
    assert api.get(f"{V2}/services/road.json").status_code == 404


def test_names_follow_the_language_of_the_client(api: Client) -> None:
    found = read(api.get(f"{V2}/services.json", HTTP_ACCEPT_LANGUAGE="en"), "json")
    assert "Road damage" in {s["service_name"] for s in found}


# -- GET service definition ------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_a_definition_repeats_its_code(api: Client, form: str) -> None:
    assert read(api.get(f"{V2}/services/lift.{form}"), form)["service_code"] == "lift"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "name",
    ["variable", "code", "datatype", "required", "datatype_description", "order", "description", "values"],
)
def test_every_attribute_has_each_field(api: Client, form: str, name: str) -> None:
    asked = read(api.get(f"{V2}/services/lift.{form}"), form)["attributes"]
    assert len(asked) == 3 and all(name in a for a in asked)


def test_attributes_are_typed_and_ordered(api: Client) -> None:
    asked = read(api.get(f"{V2}/services/lift.json"), "json")["attributes"]
    assert [a["order"] for a in asked] == [1, 2, 3]
    assert [a["datatype"] for a in asked] == ["string", "singlevaluelist", "multivaluelist"]
    assert [a["required"] for a in asked] == [True, False, False]
    assert {a["variable"] for a in asked} == {True}


@pytest.mark.parametrize("form", FORMATS)
def test_the_values_of_a_list_have_key_and_name(api: Client, form: str) -> None:
    asked = read(api.get(f"{V2}/services/lift.{form}"), form)["attributes"][2]
    assert [sorted(v) for v in asked["values"]] == [["key", "name"]] * 3


@pytest.mark.parametrize("form", FORMATS)
def test_an_unknown_service_code_is_not_found(api: Client, form: str) -> None:
    response = api.get(f"{V2}/services/dragons.{form}")
    assert response.status_code == 404
    (error,) = read(response, form)
    assert str(error["code"]) == "404" and "dragons" in error["description"]


def test_a_service_without_questions_has_a_definition_without_attributes(api: Client) -> None:
    assert read(api.get(f"{V2}/services/road.json"), "json")["attributes"] == []


# -- POST request ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_a_post_returns_the_id_and_no_token(api: Client, form: str) -> None:
    response = posted(api, form)
    assert response.status_code == 200
    (found,) = read(response, form)
    assert re.fullmatch(r"\d{4}-\d{6}", found["service_request_id"])
    assert "token" not in found and "service_notice" in found and "account_id" in found


def test_the_posted_request_can_be_read_at_once(api: Client, request_id: str) -> None:
    (found,) = read(api.get(f"{V2}/requests/{request_id}.json"), "json")
    assert (found["service_request_id"], found["status"]) == (request_id, "open")


@pytest.mark.parametrize("key", [None, "", "wrong"])
@pytest.mark.parametrize("form", FORMATS)
def test_a_missing_or_wrong_key_is_forbidden(api: Client, key: str | None, form: str) -> None:
    response = posted(api, form, api_key=key)
    assert response.status_code == 403
    (error,) = read(response, form)
    assert str(error["code"]) == "403" and "api_key" in error["description"]
    assert Problem.objects.count() == 0


def test_a_withdrawn_key_is_forbidden(api: Client) -> None:
    key = ApiKey.objects.get()
    own.withdraw_key(by=None, record=key, version=key.version)
    assert posted(api).status_code == 403


def test_the_key_is_kept_as_a_hash(api: Client) -> None:
    assert KEY not in str(ApiKey.objects.values())


WRONG: list[tuple[dict[str, Any], int]] = [
    ({"service_code": None}, 400),
    ({"service_code": ""}, 400),
    ({"service_code": "dragons"}, 404),
    ({"jurisdiction_id": "elsewhere.gov"}, 404),
    ({"lat": None, "long": None}, 400),
    ({"lat": "", "long": "", "address_string": ""}, 400),
    ({"lat": None}, 400),
    ({"long": None}, 400),
    ({"lat": "north"}, 400),
    ({"lat": "nan"}, 400),
    ({"lat": "91"}, 400),
    ({"long": "181"}, 400),
    ({"long": "1e2"}, 400),
    ({"email": "nobody"}, 400),
    ({"description": "长" * 4001}, 400),
    ({"media_url": "javascript:alert(1)"}, 400),
    ({"media_url": "file:///etc/passwd"}, 400),
    ({"service_code": "lift"}, 400),
    ({"service_code": "lift", "attribute[block]": ""}, 400),
    ({"service_code": "lift", "attribute[block]": "3", "attribute[trapped]": "perhaps"}, 400),
    ({"service_code": "lift", "attribute[block]": "3", "attribute[faults][]": ["door", "dragon"]}, 400),
    ({"service_code": "lift", "attribute[block]": ["3", "4"]}, 400),
    ({"service_code": "noise", "attribute[nights]": "many"}, 400),
    ({"service_code": "noise", "attribute[since]": "yesterday"}, 400),
    ({"service_code": "noise", "attribute[since]": "2025-04-01T00:00:00"}, 400),
]


@pytest.mark.parametrize(("fields", "status"), WRONG)
def test_a_faulty_post_says_so_and_writes_nothing(api: Client, fields: dict[str, Any], status: int) -> None:
    for form in FORMATS:
        response = posted(api, form, **fields)
        assert response.status_code == status
        for error in read(response, form):
            assert str(error["code"]) == str(status) and error["description"]
    assert Problem.objects.count() == 0


def test_several_faults_come_back_together(api: Client) -> None:
    faults = read(posted(api, lat="north", email="nobody", media_url="x"), "json")
    assert len(faults) == 3


RIGHT: list[dict[str, Any]] = [
    {"lat": None, "long": None, "address_string": "学府大道 1 号"},
    {"lat": None, "long": None, "address_id": "A-77"},
    {"description": ""},
    {"description": None},
    {"description": "第一行\n第二行 <b>不是标记</b> & \x0b"},
    {"email": "", "phone": "", "first_name": "", "last_name": "", "device_id": "", "account_id": ""},
    {"email": "wang@example.org", "first_name": "John", "last_name": "Smith", "device_id": "tt1"},
    {"jurisdiction_id": ""},
    {"jurisdiction_id": "D"},
    {"service_code": "lift", "attribute[block]": "3栋1单元"},
    {"service_code": "lift", "attribute[block]": "3", "attribute[faults][]": ["door", "noise"]},
    {"service_code": "noise", "attribute[nights]": "5", "attribute[since]": "2025-04-01T22:00:00+08:00"},
    {"media_url": "https://example.org/p.jpg"},
    {"description": "长" * 4000},
]


@pytest.mark.parametrize("fields", RIGHT)
def test_a_right_post_is_accepted_and_read_back_in_both_formats(api: Client, fields: dict[str, Any]) -> None:
    response = posted(api, **fields)
    assert response.status_code == 200, response.content.decode()
    number = read(response, "json")[0]["service_request_id"]
    one, two = (read(api.get(f"{V2}/requests/{number}.{form}"), form)[0] for form in FORMATS)
    assert one["service_request_id"] == two["service_request_id"] == number


def test_answers_and_contact_are_kept_but_not_published(api: Client) -> None:
    number = read(
        posted(
            api, service_code="lift", **{"attribute[block]": "3", "phone": "13812345678", "email": "a@b.org"}
        ),
        "json",
    )[0]["service_request_id"]
    problem = Problem.objects.get(number=number)
    assert problem.attributes == {"block": "3"}
    assert problem.reporters.get().phone == "13812345678"
    for form in FORMATS:
        assert b"13812345678" not in api.get(f"{V2}/requests/{number}.{form}").content


def test_a_photo_may_come_with_the_post(api: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    picture = SimpleUploadedFile("p.jpg", photo().content, "image/jpeg")
    number = read(posted(api, media=picture), "json")[0]["service_request_id"]
    assert Problem.objects.get(number=number).evidence.count() == 1
    assert read(posted(api, media=SimpleUploadedFile("p.jpg", b"MZ")), "json")[0]["code"] == 400


def test_one_address_cannot_flood_the_district(api: Client) -> None:
    answers = [posted(api).status_code for _n in range(11)]
    assert answers == [200] * 10 + [429]


# -- GET requests ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", REQUEST)
def test_every_request_has_each_field(api: Client, request_id: str, form: str, name: str) -> None:
    assert name in read(api.get(f"{V2}/requests.{form}"), form)[0]


@pytest.mark.parametrize("name", ["requested_datetime", "updated_datetime", "expected_datetime"])
def test_dates_carry_their_zone(api: Client, request_id: str, name: str) -> None:
    for form in FORMATS:
        assert ZONED.match(read(api.get(f"{V2}/requests.{form}"), form)[0][name])


def test_positions_are_numbers_in_wgs84(api: Client, request_id: str) -> None:
    (found,) = read(api.get(f"{V2}/requests.json"), "json")
    assert (found["lat"], found["long"]) == (28.68, 115.86)


def test_an_empty_field_is_null_in_json_and_an_empty_element_in_xml(api: Client, request_id: str) -> None:
    assert read(api.get(f"{V2}/requests.json"), "json")[0]["zipcode"] is None
    assert b"<zipcode/>" in api.get(f"{V2}/requests.xml").content


def test_no_rows_is_an_empty_list(api: Client) -> None:
    assert read(api.get(f"{V2}/requests.json"), "json") == []
    assert read(api.get(f"{V2}/requests.xml"), "xml") == []


def stamp(days: float) -> str:
    return (now() - dt.timedelta(days=days)).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def aged(story: Story, kinds: dict[str, Category]) -> Callable[..., Problem]:
    """A public report of some age."""

    def make(days: float, code: str = "road", **more: Any) -> Problem:
        return story.report(
            "旧事", category=kinds[code], confidentiality=0, at=now() - dt.timedelta(days=days), **more
        )

    return make


def numbers(api: Client, **query: str) -> set[str]:
    response = api.get(f"{V2}/requests.json", query)
    assert response.status_code == 200, response.content.decode()
    return {r["service_request_id"] for r in read(response, "json")}


def test_without_dates_the_most_recent_90_days(api: Client, aged: Callable[..., Problem]) -> None:
    young, old = aged(89), aged(91)
    assert numbers(api) == {young.number}
    assert numbers(api, start_date=stamp(100)) == {young.number, old.number}
    assert numbers(api, start_date="", end_date="", status="", service_code="") == {young.number}


def test_a_range_of_dates(api: Client, aged: Callable[..., Problem]) -> None:
    a, b, c = aged(10), aged(50), aged(120)
    assert numbers(api, start_date=stamp(60), end_date=stamp(40)) == {b.number}
    assert numbers(api, end_date=stamp(45)) == {b.number, c.number}
    assert numbers(api, start_date=stamp(20)) == {a.number}


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2025-01-01T00:00:00Z", "end_date": "2025-04-02T00:00:00Z"},
        {"start_date": "2025-04-02T00:00:00Z", "end_date": "2025-01-01T00:00:00Z"},
        {"start_date": "2025-01-01"},
        {"start_date": "2025-01-01T00:00:00"},
        {"start_date": "2025-02-30T00:00:00Z"},
        {"start_date": "last week"},
        {"end_date": "0001-01-01T00:00:00Z"},
        {"start_date": "9999-12-31T00:00:00Z"},
        {"status": "maybe"},
        {"status": "open,maybe"},
        {"page": "0"},
        {"page_size": "many"},
    ],
)
def test_a_faulty_query_is_a_bad_request(api: Client, query: dict[str, str]) -> None:
    for form in FORMATS:
        response = api.get(f"{V2}/requests.{form}", query)
        assert response.status_code == 400
        assert str(read(response, form)[0]["code"]) == "400"


def test_exactly_90_days_are_allowed(api: Client) -> None:
    numbers(api, start_date="2025-01-01T00:00:00Z", end_date="2025-04-01T00:00:00Z")


def test_an_offset_and_its_utc_moment_are_the_same(api: Client, aged: Callable[..., Problem]) -> None:
    one = aged(10)
    local = (now() - dt.timedelta(days=11)).astimezone(dt.timezone(dt.timedelta(hours=8)))
    for text in (local.isoformat(timespec="seconds"), stamp(11)):
        assert numbers(api, start_date=text) == {one.number}


def test_by_service_code_one_or_several(api: Client, aged: Callable[..., Problem]) -> None:
    road, lift, noise = (aged(3, code) for code in ("road", "lift", "noise"))
    assert numbers(api, service_code="road") == {road.number}
    assert numbers(api, service_code="road,lift") == {road.number, lift.number}
    assert numbers(api) == {road.number, lift.number, noise.number}


def test_by_id_one_or_several_overriding_all_else(api: Client, aged: Callable[..., Problem]) -> None:
    a, b, _c = aged(200), aged(3), aged(3)
    both = f"{a.number},{b.number}"
    assert numbers(api, service_request_id=both) == {a.number, b.number}
    assert numbers(api, service_request_id=both, status="closed", start_date="nonsense") == {
        a.number,
        b.number,
    }


def test_by_status(api: Client, story: Story, kinds: dict[str, Category]) -> None:
    done = story.solved("好了", category=kinds["road"], confidentiality=0)
    still = story.report("还没", category=kinds["road"], confidentiality=0)
    assert numbers(api, status="closed") == {done.number}
    assert numbers(api, status="open") == {still.number}
    assert numbers(api, status="open,closed") == numbers(api) == {done.number, still.number}


def test_a_closed_request_was_updated_when_it_was_closed(api: Client, story: Story, kinds: Any) -> None:
    done = story.solved("好了", category=kinds["road"], confidentiality=0)
    (found,) = read(api.get(f"{V2}/requests.json"), "json")
    assert dt.datetime.fromisoformat(found["updated_datetime"]) == done.closed_at.replace(microsecond=0)
    assert found["status_notes"] == DONE.summary and found["agency_responsible"] == "住建"


def test_a_duplicate_is_closed_and_says_of_what(api: Client, story: Story, kinds: Any) -> None:
    one = story.report("一", category=kinds["road"], confidentiality=0)
    two = story.report("二", category=kinds["road"], confidentiality=0)
    story.to("merge", one, "desk", into=two, reason="同一处")
    (found,) = read(api.get(f"{V2}/requests/{one.number}.json"), "json")
    assert found["status"] == "closed" and two.number in found["status_notes"]


def test_at_most_1000_rows_and_pages_of_them(api: Client, aged: Callable[..., Problem]) -> None:
    made = aged(1)
    fields = [f.name for f in Problem._meta.fields if f.name not in ("id", "number", "place")]
    values = {n: getattr(made, n) for n in fields}
    Problem.objects.bulk_create(Problem(**values, number=f"2000-{n:06}") for n in range(1, 1011))
    assert len(numbers(api)) == 1000
    assert len(numbers(api, page_size="9999")) == 1000
    assert len(numbers(api, page_size="7")) == 7
    assert len(numbers(api, page="2", page_size="1000")) == 11


def test_what_is_not_public_is_not_there(api: Client, story: Story, kinds: Any) -> None:
    hidden = story.report("内部", category=kinds["road"])
    assert numbers(api) == set()
    assert api.get(f"{V2}/requests/{hidden.number}.json").status_code == 404
    assert numbers(api, service_request_id=hidden.number) == set()


# -- GET one request, tokens, jurisdictions, methods -------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_one_request_is_a_list_of_one(api: Client, request_id: str, form: str) -> None:
    found = read(api.get(f"{V2}/requests/{request_id}.{form}"), form)
    assert [r["service_request_id"] for r in found] == [request_id]
    assert set(found[0]) == set(REQUEST)


@pytest.mark.parametrize("form", FORMATS)
def test_an_unknown_request_is_not_found(api: Client, form: str) -> None:
    assert api.get(f"{V2}/requests/1999-000001.{form}").status_code == 404


@pytest.mark.parametrize("form", FORMATS)
def test_a_token_leads_to_its_request(api: Client, request_id: str, form: str) -> None:
    code = Problem.objects.get(number=request_id).reporters.get().code
    (found,) = read(api.get(f"{V2}/tokens/{code}.{form}"), form)
    assert found == {"service_request_id": request_id, "token": code}


@pytest.mark.parametrize("form", FORMATS)
def test_an_unknown_token_is_not_found(api: Client, form: str) -> None:
    response = api.get(f"{V2}/tokens/12345.{form}")
    assert (response.status_code, str(read(response, form)[0]["code"])) == (404, "404")


@pytest.mark.parametrize("path", ["services", "services/lift", "requests"])
@pytest.mark.parametrize("form", FORMATS)
def test_another_jurisdiction_is_not_found_and_our_own_is(api: Client, path: str, form: str) -> None:
    assert api.get(f"{V2}/{path}.{form}?jurisdiction_id=elsewhere.gov").status_code == 404
    for mine in ("", "D", "示例区", "testserver"):
        assert api.get(f"{V2}/{path}.{form}", {"jurisdiction_id": mine}).status_code == 200


@pytest.mark.parametrize("path", ["services", "services/lift", "requests/2025-000001", "tokens/1"])
def test_posting_where_nothing_is_posted_is_a_bad_request(api: Client, path: str) -> None:
    assert api.post(f"{V2}/{path}.json", body()).status_code == 400


def test_a_post_needs_no_session_and_no_csrf_token(kinds: Any, api: Client) -> None:
    assert Client(enforce_csrf_checks=True).post(f"{V2}/requests.json", body()).status_code == 200


def test_pages_of_other_sites_may_read(api: Client) -> None:
    assert api.get(f"{V2}/services.json")["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("form", FORMATS)
def test_discovery_names_the_endpoint_and_its_formats(api: Client, form: str) -> None:
    found = read(api.get(f"{V2}/discovery.{form}"), form)
    (endpoint,) = found["endpoints"]
    assert endpoint["url"].endswith(V2) and endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"


def test_the_verified_outcome_reaches_the_client(api: Client, story: Story, kinds: Any) -> None:
    problem = story.answering("路坏", category=kinds["road"], confidentiality=0)
    assert read(api.get(f"{V2}/requests.json"), "json")[0]["status"] == "open", (
        "not before the reporter was asked"
    )
    actions.answer(by=None, following=problem.followings.get(), verdict="confirmed")
    assert read(api.get(f"{V2}/requests.json"), "json")[0]["status"] == "closed"
