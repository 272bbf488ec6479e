"""The client `georeport` from PyPI, unmodified, against a live server."""

from typing import Any

import pytest
import requests as http
from georeport import GeoReport

from hongtu.domains.problems import actions as own
from hongtu.kernel.problems.models import Problem
from tests.problems.conftest import KEY, body


@pytest.fixture
def world(transactional_db: None, live_server: Any, kinds: Any, story: Any) -> Any:
    own.issue_key(by=None, name="app", key=KEY)
    story.solved("一", category=kinds["road"], confidentiality=0)
    story.report("二", category=kinds["lift"], confidentiality=0)
    return f"{live_server.url}/open311/v2"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_client_reads_everything(world: str, form: str) -> None:
    client = GeoReport(world, jurisdiction="D", output_format=form)
    services = client.get_service_list()
    assert {s["service_code"] for s in services} >= {"road", "lift", "parking"}
    definition = client.get_service_definition("lift")
    assert definition["service_code"] == "lift"
    found = client.get_service_requests()
    assert len(found) == 2
    (closed,) = _list(client.get_service_requests(status="closed"))
    assert closed["service_code"] == "road"
    one = client.get_service_request(closed["service_request_id"])
    assert one == closed
    many = client.get_service_requests(service_request_id=",".join(r["service_request_id"] for r in found))
    assert len(many) == 2


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]  # xmltodict unwraps a list of one


def test_the_client_raises_on_what_is_not_there(world: str) -> None:
    client = GeoReport(world)
    for call in (
        lambda: client.get_service_request("1999-000001"),
        lambda: client.get_service_definition("x"),
    ):
        with pytest.raises(http.HTTPError) as refusal:
            call()
        assert refusal.value.response.status_code == 404


def test_a_plain_form_post_over_the_wire(world: str) -> None:
    answer = http.post(f"{world}/requests.json", data=body(description="井盖松动"), timeout=10)
    (made,) = answer.json()
    found = GeoReport(world).get_service_request(made["service_request_id"])
    assert found["description"] == "井盖松动" and found["status"] == "open"
    assert Problem.objects.filter(number=made["service_request_id"], source="open311").exists()
