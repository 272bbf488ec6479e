"""Whoever is outside sees the same bytes with and without secret visits, over the whole URL table.

Dates and times of the moment, CSRF tokens and the moment of making a file are taken out; nothing else is.
Timing is not claimed. The test would fail on an ordinary visit: `test_the_comparison_sees_an_ordinary_visit`.
"""

import hashlib
import io
import logging
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from hongtu.domains.family_visits import actions, urls
from hongtu.domains.family_visits.models import PostRisk, Visit
from hongtu.kernel.access.roles import ROLES
from hongtu.kernel.profile.models import today
from hongtu.ledger.declaration import ledgers
from hongtu.site import rooms
from tests.contract.examples import EXAMPLES
from tests.contract.urls import views
from tests.contract.world import World, build
from tests.family_visits.conftest import TEXTS

OUTSIDERS = [code for code, role in ROLES.items() if not role.closed] + ["nobody", ""]
MARKS = ("Zhang Secret", "Secret office", "Secret wish", "family-visits", "family_visits", "政治家访", "纪检")
EVERYBODY_LOOKS_AT = {"people", "units", "roles", "audit", "visits", "problems"}
VOLATILE = re.compile(
    r"""csrfmiddlewaretoken"\s+value="[^"]+|X-CSRFToken":\s*"[^"]+|X-CSRFToken&quot;:\s*&quot;[^&]+"""
    r"""|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?"""
    r"""|name="client_key"\s+value="[^"]+"""
    r"""|/CreationDate\s*\([^)]*\)|/ModDate\s*\([^)]*\)|/ID\s*\[[^\]]*\]"""
)
HEADERS = (
    "Content-Type",
    "Location",
    "Vary",
    "Allow",
    "Content-Disposition",
    "Cache-Control",
    "Content-Language",
)
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
NEW_SECRET = "accounts/2fa/totp/activate/"
"""Offers a fresh random secret at each look: no two answers are alike."""
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
GUESSES = {"int": "1", "str": "a4", "slug": "work", "uuid": str(uuid.UUID(int=7)), "path": "x"}


def plain(response: Any) -> tuple[Any, ...]:
    """Status, headers and body of an answer without the moment at which it was given."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            parts = [(n, file.read(n)) for n in sorted(file.namelist()) if "core.xml" not in n]
        body = repr(parts).encode()
    text = VOLATILE.sub("~", body.decode("utf-8", "replace"))
    return (response.status_code, *(response.headers.get(name) for name in HEADERS), text)


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Any, caplog: Any) -> World:
    caplog.set_level(logging.ERROR)  # thousands of refusals are meant
    settings.MEDIA_ROOT = tmp_path / "files"
    made = build()
    actions.open_room(by=None, lead=made.people["discipline_lead"])
    return made


@pytest.fixture
def keys(world: World) -> dict[str, Any]:
    """One record in every ledger: slug -> its key."""
    found = {}
    for index, ledger in enumerate(ledgers()):
        number = 1 + index % 9  # examples name what they need by number, and neighbours share some
        example = EXAMPLES[ledger.slug]
        if example.make is not None:
            record = example.make(world, number)
        else:
            assert ledger.create is not None
            record = ledger.create(by=None, **example.values(world, number))
        found[ledger.slug] = record.pk
    return found


def addresses(keys: dict[str, Any], slugs: set[str]) -> Iterator[str]:
    """The whole URL table, ledgers of `slugs` each with a record that exists."""
    for endpoint in views():
        route = endpoint.route
        if "(?P" in route or route == NEW_SECRET:  # the two former: addresses of a mail nobody sends
            continue
        if "<slug:slug>" in route:
            for slug in sorted(slugs):
                yield "/" + _filled(route.replace("<slug:slug>", slug), keys[slug])
        elif route.startswith("api/v1/"):
            slug = route.split("/")[2]
            if slug in slugs or slug not in keys:
                yield "/" + _filled(route, keys.get(slug, 1))
        else:
            yield "/" + _filled(route, keys.get(route.split("/")[0], 1))


def _filled(route: str, key: Any) -> str:
    route = route.replace("export.<str:form>", "export.xlsx").replace("^", "").replace("$", "")
    return PARAMETER.sub(
        lambda m: str(key) if m[2] in ("pk", "key") and m[1] != "slug" else GUESSES[m[1] or "str"], route
    )


def client_of(world: World, name: str, **more: Any) -> Client:
    client = Client(raise_request_exception=False, **more)
    if name:
        client.force_login(world.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def seen(world: World, name: str, paths: list[str], secret: str = "") -> dict[str, tuple[Any, ...]]:
    """Status and digest of what one of them is answered everywhere, and whether it names anything secret.

    What the looking itself writes is rolled back.
    """
    found = {}
    with transaction.atomic():
        client = client_of(world, name)
        for path in paths:
            answer = plain(client.get(path))
            text = repr(answer)
            told = [mark for mark in MARKS if mark in text and mark not in path]
            assert not told and not (secret and secret in text), (name, path, told)
            found[path] = (answer[0], hashlib.sha256(text.encode()).hexdigest())
        transaction.set_rollback(True)
    return found


def be_secret(world: World, client: Client | None = None) -> Visit:
    """Officials, visits, needs, reads, a new member, a deletion; through the room's pages and actions.

    `client`: the lead's, logged in before. That she logged in shows outside, as with anybody: her account's
    version rises with the time of her last log-in.
    """
    lead, officer = world.people["discipline_lead"], world.people["discipline_officer"]
    actions.admit(by=lead, person=world.people["nobody"], role="discipline_officer")
    actions.withdraw(by=lead, person=world.people["nobody"], reason="left")
    risk = PostRisk.objects.get(sequence=1)
    for account in (None, world.people["district_leader"], world.people["administrator"]):
        official = actions.register_official(
            by=lead, name="Zhang Secret", unit="Secret office", post="Secret post", risk=risk,
            officer=officer, account=account,
        )  # fmt: skip
        visit = actions.plan(by=lead, official=official, planned_on=today(), visitor=officer, companion=lead)
        visit = actions.hold(by=officer, visit=visit, version=1, held_on=today(), texts=TEXTS)
        need = actions.ask(by=officer, visit=visit, asked="Secret wish", owner=officer, due_on=today())
    actions.settle(
        by=officer, need=need, version=need.version, outcome="met", result="Secret help", told_on=today()
    )
    client = client or client_of(world, "discipline_lead")
    for path in ("", "needs/", "log/", f"visits/{visit.pk}/", f"officials/{visit.official_id}/"):
        assert client.get(f"/family-visits/{path}").status_code == 200, path
    assert client.post(f"/family-visits/officials/{visit.official_id}/release/").status_code == 302
    actions.purge(by=lead)
    return Visit.objects.latest("created_at")


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [path for path in before if before[path] != after[path]]


def test_every_outsider_is_answered_the_same_everywhere(world: World, keys: dict[str, Any]) -> None:
    some = list(dict.fromkeys(addresses(keys, EVERYBODY_LOOKS_AT)))
    whole = list(dict.fromkeys(addresses(keys, set(keys))))
    assert len(whole) > 300
    lead = client_of(world, "discipline_lead")
    looking = {**dict.fromkeys(OUTSIDERS, some), "wang": whole}
    before = {name: seen(world, name, paths) for name, paths in looking.items()}
    assert sum(answer[0] == 200 for answer in before["wang"].values()) > 150, "too little is compared"
    broken = {(name, p) for name, answers in before.items() for p in answers if answers[p][0] >= 500}
    assert broken == set(), "what fails tells more than what refuses"
    again = seen(world, "wang", some)
    assert [p for p in some if again[p] != before["wang"][p]] == [], "the comparison itself is not steady"

    secret = be_secret(world, lead)
    for name, paths in looking.items():
        after = seen(world, name, paths, str(secret.pk))
        assert differing(before[name], after) == [], name


def test_the_comparison_sees_an_ordinary_visit(world: World, keys: dict[str, Any]) -> None:
    """Proof that the test above can fail: what is not secret shows in lists, counts and the audit log."""
    paths = ["/ledgers/visits/", "/ledgers/audit/", "/visits/", "/ledgers/visits/export.xlsx"]
    before = seen(world, "wang", paths)
    visits = next(ledger for ledger in ledgers() if ledger.slug == "visits")
    assert visits.create is not None
    visits.create(by=world.wang, **EXAMPLES["visits"].values(world, 2))
    assert differing(before, seen(world, "wang", paths)) == paths


def test_the_openapi_document_and_the_menus_are_the_same_for_all(world: World) -> None:
    for name in ("wang", "nobody", "discipline_lead"):
        document = client_of(world, name).get("/api/v1/openapi.json")
        assert not any(mark in document.content.decode() for mark in MARKS), name
    wall = client_of(world, "wang").get("/ledgers/people/").content.decode()
    assert not any(mark in wall for mark in MARKS if mark != "纪检")


def room_routes() -> list[str]:
    """Every address of the room, filled with keys that exist nowhere, and ways to misspell them."""
    found = ["/family-visits"]
    for pattern in urls.urlpatterns:
        path = "/family-visits/" + PARAMETER.sub(lambda m: GUESSES[m[1] or "str"], str(pattern.pattern))
        found += [path, path.rstrip("/")]
    return [*found, "/family-visits/no-such-page/"]


@pytest.mark.parametrize("name", [*OUTSIDERS, "wang"])
def test_an_address_of_the_room_is_one_that_never_was(world: World, name: str) -> None:
    """Same status, headers and bytes as a misspelt address, whatever the method, CSRF checks included."""
    visit = be_secret(world) if name == "wang" else None
    paths = room_routes() + ([f"/family-visits/visits/{visit.pk}/"] if visit else [])
    client = client_of(world, name, enforce_csrf_checks=True)
    for path in paths:
        misspelt = path.replace("family-visits", "family-visitz")
        for method in METHODS if path in paths[:2] + paths[-2:] else ("get", "post"):
            mine, none = getattr(client, method)(path), getattr(client, method)(misspelt)
            assert mine.status_code == 404, (method, path)
            swapped = tuple(
                part.replace("family-visitz", "family-visits") if isinstance(part, str) else part
                for part in plain(none)
            )
            assert plain(mine) == swapped, (method, path)


def test_the_ordinary_url_table_does_not_have_the_room() -> None:
    assert not any(e.route.startswith("family-visits") for e in views())
    inside = {str(p.pattern) for p in get_resolver(rooms.__name__).url_patterns}
    assert "family-visits/" in inside


def test_figures_and_doctor_say_nothing(world: World) -> None:
    from hongtu.boards.figures import figures
    from hongtu.site import health

    def steady() -> tuple[Any, list[Any]]:
        probes: list[Callable[[], Iterator[Any]]] = [
            health._migrations, health._district, health._audit, health._worker, health._calendar,
        ]  # fmt: skip
        return figures(), [check for probe in probes for check in probe()]

    before = steady()
    be_secret(world)
    assert steady() == before


def test_a_backup_holds_no_word_and_no_key(world: World, settings: Any) -> None:
    """What lies in the database of the backup is encrypted, and the key lies outside the folders it packs."""
    visit = be_secret(world)
    assert visit.sealed and "greeted" not in visit.sealed
    assert Path(settings.MEDIA_ROOT) not in Path(settings.HONGTU_CLOSED_KEY).parents
