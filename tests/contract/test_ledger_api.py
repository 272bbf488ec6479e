"""The API of every ledger: the same records, the same checks, typed."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from hongtu.ledger.declaration import Ledger
from tests.contract.examples import Example
from tests.contract.world import World, whole

Make = Callable[..., Any]


def payload(values: dict[str, Any]) -> str:
    plain = {n: getattr(v, "pk", v) for n, v in values.items()}
    return json.dumps(plain, cls=DjangoJSONEncoder)


def test_list_and_get_agree(ledger: Ledger, make: Make, world: World, login: Callable) -> None:
    record = make(1)
    client = login(world.wang)
    listed = client.get(f"/api/v1/{ledger.slug}/", {"per_page": 500}).json()
    assert listed["count"] == whole(ledger.model).count()
    single = client.get(f"/api/v1/{ledger.slug}/{record.pk}").json()
    assert single in listed["items"]
    assert (single["id"], single["version"]) == (record.pk, getattr(record, "version", 0))
    for name in ledger.totals:
        total = sum((getattr(r, name) for r in ledger.model._default_manager.all()), Decimal(0))
        assert Decimal(listed["totals"][name]) == total


def test_create_and_update(
    editable: Ledger, ledger: Ledger, case: Example, world: World, login: Callable
) -> None:
    client = login(world.wang)
    values = case.values(world, 5)
    made = client.post(f"/api/v1/{ledger.slug}/", payload(values), content_type="application/json")
    assert made.status_code == 201, made.json()
    body = made.json()
    url = f"/api/v1/{ledger.slug}/{body['id']}"
    changed = client.patch(
        url, payload({"version": body["version"], **case.change}), content_type="application/json"
    )
    assert changed.status_code == 200, changed.json()
    record = ledger.model._default_manager.get(pk=body["id"])
    assert {n: getattr(record, n) for n in case.change} == case.change
    stale = client.patch(
        url,
        payload({"version": body["version"], **dict.fromkeys(case.change, case.rivals[1])}),
        content_type="application/json",
    )
    assert stale.status_code == 409, stale.json()
    assert set(stale.json()) >= {"mine", "theirs", "current_version", "code", "message"}


@pytest.mark.parametrize("method", ["post", "patch"])
def test_an_unknown_field_is_refused(
    editable: Ledger, ledger: Ledger, make: Make, world: World, login: Callable, method: str
) -> None:
    record = make(1)
    url = f"/api/v1/{ledger.slug}/" + ("" if method == "post" else str(record.pk))
    answer = getattr(login(world.wang), method)(
        url, json.dumps({"version": 1, "no_such_field": 1}), content_type="application/json"
    )
    assert answer.status_code == 422
    assert "no_such_field" in answer.json()["fields"]


def test_every_operation_is_described(ledger: Ledger, world: World, login: Callable) -> None:
    paths = login(world.wang).get("/api/v1/openapi.json").json()["paths"]
    if ledger.update is None:
        assert set(paths[f"/api/v1/{ledger.slug}/"]) == {"get"}
        return
    assert {"get", "post"} <= paths[f"/api/v1/{ledger.slug}/"].keys()
    assert {"get", "patch"} <= paths[f"/api/v1/{ledger.slug}/{{key}}"].keys()
