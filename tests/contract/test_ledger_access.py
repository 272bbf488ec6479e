"""Who may do what: every role on every endpoint of every ledger, with a record in reach and one out of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hongtu.kernel.access.roles import ROLES
from hongtu.ledger.declaration import Ledger
from tests.contract.examples import Example
from tests.contract.world import SCOPED, World

Make = Callable[..., Any]
PEOPLE = [*ROLES, "nobody"]
JSON = "application/json"


def attempts(ledger: Ledger, key: int) -> list[tuple[str, str, str, str, int]]:
    """(verb, method, address, body, answer when allowed) of every endpoint about a record or the ledger.

    Bodies are wrong on purpose: whoever passes the door gets 422, 404 or a page, and nothing is written.
    """
    slug = ledger.slug
    bad = json.dumps({"version": 1, "no_such_field": 1})
    page, api = f"/ledgers/{slug}/", f"/api/v1/{slug}/"
    found = [
        ("read", "get", page, "", 200),
        ("read", "get", f"{page}{key}/", "", 200),
        ("export", "get", f"{page}export.xlsx", "", 200),
        ("export", "get", f"{page}export.csv", "", 200),
        ("read", "get", api, "", 200),
        ("read", "get", f"{api}{key}", "", 200),
        ("change", "get", f"{page}new/", "", 200),
        ("change", "get", f"{page}{key}/edit/", "", 200),
        ("change", "post", f"{page}new/", "", 422),
        ("read", "post", f"{page}views/999/delete/", "", 404),
        ("change", "patch", f"{api}{key}", json.dumps({"version": 10**6}), 200),
        ("change", "post", api, bad, 422),
    ]
    if ledger.update is None:
        found = [attempt for attempt in found if attempt[0] != "change"]
    if ledger.sheet is not None:
        found += [
            ("change", "get", f"{page}template.xlsx", "", 200),
            ("change", "get", f"{page}import/", "", 200),
            ("change", "post", f"{page}import/", "", 422),
            *(
                ("change", "get", f"{page}import/999/{part}", "", 404)
                for part in ("", "progress/", "faults.xlsx")
            ),
            *(
                ("change", "post", f"{page}import/999/{part}/", "", 404)
                for part in ("check", "confirm", "stop")
            ),
        ]
    return found


def ask(client: Any, method: str, url: str, body: str) -> int:
    if body:
        return int(client.generic(method.upper(), url, body, content_type=JSON).status_code)
    return int(getattr(client, method)(url).status_code)


@pytest.mark.parametrize("role", PEOPLE)
def test_role_by_endpoint(ledger: Ledger, role: str, make: Make, world: World, login: Callable) -> None:
    record = make(1)
    client = login(world.people[role])
    for verb, method, url, body, allowed in attempts(ledger, record.pk):
        holds = role in ROLES and ROLES[role].grants(ledger.permission(verb))
        got = ask(client, method, url, body)
        assert got == (allowed if holds else 403), (role, method, url, got)


def test_out_of_reach_looks_like_missing(
    ledger: Ledger, case: Example, out_of_reach: dict[str, Any], make: Make, world: World, login: Callable
) -> None:
    """People of HOUSING do not learn that a record of SCHOOLS exists."""
    near, far = make(1), make(2, **out_of_reach)
    for role in sorted(SCOPED):
        if not ROLES[role].grants(ledger.permission("read")):
            continue
        client = login(world.people[role])
        page = client.get(f"/ledgers/{ledger.slug}/").content.decode()
        assert ledger.url_of(near) in page
        assert ledger.url_of(far) not in page
        for url in (f"/ledgers/{ledger.slug}/{far.pk}/", f"/api/v1/{ledger.slug}/{far.pk}"):
            assert client.get(url).status_code == 404, (role, url)
        exported = client.get(f"/ledgers/{ledger.slug}/export.csv")
        if exported.status_code == 200:
            assert str(far) not in exported.content.decode("utf-8-sig")
        if ROLES[role].grants(ledger.permission("change")):
            assert client.get(f"/ledgers/{ledger.slug}/{far.pk}/edit/").status_code == 404
            answer = client.patch(
                f"/api/v1/{ledger.slug}/{far.pk}",
                json.dumps({"version": far.version, next(iter(case.change)): "Taken"}),
                content_type=JSON,
            )
            assert answer.status_code == 404


def test_nobody_logged_in_gets_no_further_than_the_door(
    ledger: Ledger, make: Make, world: World, client: Any
) -> None:
    record = make(1)
    for _verb, method, url, body, _allowed in attempts(ledger, record.pk):
        got = ask(client, method, url, body)
        assert got == (401 if url.startswith("/api/") else 302), (method, url, got)
