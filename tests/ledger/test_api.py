"""The API of a ledger: same view, same rights, same checks as the pages; one shape of refusal."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hongtu.kernel.people import actions as people
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.places.models import Place
from hongtu.ledger import actions, places

Login = Callable[[Person], Client]
URL = "/api/v1/units/"


@pytest.fixture
def housing(unit: Unit) -> Unit:
    return people.register_unit(by=None, code="ZJJ", name="住建局", kind="department", parent=unit)


def send(client: Client, method: str, url: str, data: dict[str, Any], **headers: str) -> Any:
    return client.generic(method, url, json.dumps(data), content_type="application/json", headers=headers)


def test_a_list_filters_sorts_and_counts_as_the_page_does(
    housing: Unit, centre: Person, client_of: Login
) -> None:
    answer = client_of(centre).get(URL, {"kind": "department", "sort": "-name"}).json()
    assert answer["count"] == 1
    item = answer["items"][0]
    assert (item["id"], item["name"], item["version"]) == (housing.pk, "住建局", 1)
    assert item["parent"] == {"id": housing.parent_id, "name": "示例区"}


def test_a_record_is_created_and_read_back(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    made = send(
        client, "POST", URL, {"code": "EDU", "name": "教育局", "kind": "department", "parent": unit.pk}
    )
    assert made.status_code == 201, made.json()
    key = made.json()["id"]
    assert client.get(f"{URL}{key}").json()["name"] == "教育局"
    assert Unit.objects.get(pk=key).path == "D/EDU/"


def test_an_update_changes_only_what_is_sent(housing: Unit, centre: Person, client_of: Login) -> None:
    answer = send(client_of(centre), "PATCH", f"{URL}{housing.pk}", {"version": 1, "short_name": "住建"})
    assert answer.status_code == 200
    assert (answer.json()["short_name"], answer.json()["name"], answer.json()["version"]) == (
        "住建",
        "住建局",
        2,
    )


def test_a_stale_update_answers_409_with_both_texts(housing: Unit, centre: Person, client_of: Login) -> None:
    people.revise_unit(by=None, record=housing, version=1, name="她改的")
    answer = send(client_of(centre), "PATCH", f"{URL}{housing.pk}", {"version": 1, "name": "我改的"})
    assert answer.status_code == 409
    body = answer.json()
    assert body["code"] == "record.stale"
    assert (body["mine"]["name"], body["theirs"]["name"], body["current_version"]) == ("我改的", "她改的", 2)


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"code": "ZJJ", "name": "重复", "kind": "department"}, "code"),
        ({"code": "A B", "name": "空格", "kind": "department"}, "code"),
        ({"code": "A", "name": "类别不对", "kind": "什么"}, "kind"),
        ({"code": "A", "name": "没有上级", "kind": "department", "parent": 10**9}, "parent"),
        ({"code": "A", "kind": "department"}, "name"),
        ({"code": "A", "name": "多了", "kind": "department", "nmae": "x"}, "nmae"),
        ({"code": "A", "name": 5, "kind": "department"}, "name"),
    ],
)
def test_a_faulty_request_names_its_fields(
    housing: Unit, centre: Person, client_of: Login, payload: dict[str, Any], field: str
) -> None:
    answer = send(client_of(centre), "POST", URL, payload)
    assert answer.status_code == 422, answer.json()
    assert field in answer.json()["fields"]
    assert set(answer.json()) >= {"code", "message", "fields", "where"}
    assert Unit.objects.count() == 2


def test_who_may_not_is_refused_in_the_same_shape(
    housing: Unit, helper: Person, client_of: Login, client: Client
) -> None:
    reader = client_of(helper)
    assert reader.get(f"{URL}{housing.pk}").status_code == 200
    refused = send(reader, "PATCH", f"{URL}{housing.pk}", {"version": 1, "name": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.not_allowed")
    missing = reader.get(f"{URL}999999")
    assert (missing.status_code, missing.json()["code"]) == (404, "record.missing")
    nobody = client.get(URL)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "access.not_logged_in")


def test_a_session_needs_the_csrf_token(housing: Unit, centre: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(centre, backend="django.contrib.auth.backends.ModelBackend")
    refused = send(client, "PATCH", f"{URL}{housing.pk}", {"version": 1, "name": "x"})
    assert refused.status_code == 403
    housing.refresh_from_db()
    assert housing.name == "住建局"


def test_a_token_works_without_session_until_it_expires_or_is_revoked(housing: Unit, centre: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    token, text = actions.issue_token(
        by=centre, name="夜间同步", expires_on=dt.date.today() + dt.timedelta(days=2)
    )
    assert text not in (token.digest, token.name)
    header = {"Authorization": f"Bearer {text}"}
    answer = send(client, "PATCH", f"{URL}{housing.pk}", {"version": 1, "name": "经接口"}, **header)
    assert answer.status_code == 200, answer.json()
    actions.revoke_token(by=centre, token=token)
    assert client.get(URL, headers=header).status_code == 401
    _old, expired = actions.issue_token(by=centre, name="旧", expires_on=dt.date(2020, 1, 1))
    assert client.get(URL, headers={"Authorization": f"Bearer {expired}"}).status_code == 401


def test_the_description_is_typed(centre: Person, client_of: Login) -> None:
    document = client_of(centre).get("/api/v1/openapi.json").json()
    record = document["components"]["schemas"]["UnitsRecord"]["properties"]
    assert {"id", "version", "name", "parent"} <= record.keys()
    parameters = {p["name"] for p in document["paths"]["/api/v1/units/"]["get"]["parameters"]}
    assert {"q", "sort", "page", "kind", "parent"} <= parameters
    assert "409" in document["paths"]["/api/v1/units/{key}"]["patch"]["responses"]


def test_places_come_and_go_in_wgs84(unit: Unit, centre: Person, client_of: Login) -> None:
    made = send(
        client_of(centre),
        "POST",
        "/api/v1/places/",
        {"name": "大厦", "longitude": 115.86, "latitude": 28.69, "original_system": "gcj02"},
    )
    assert made.status_code == 201, made.json()
    place = Place.objects.get()
    assert 0.001 < 115.86 - place.longitude < 0.02
    assert place.original["coordinates"] == [115.86, 28.69]


def test_a_position_without_a_system_is_wgs84() -> None:
    """A change carries only what was given, so the system's default has to be known here as well."""
    point = {"type": "Point", "coordinates": [115.86, 28.69]}
    found = places.from_api({"geometry": point})
    assert found is not None and (found.geometry, found.system) == (point, "wgs84")
