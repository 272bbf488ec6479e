"""A person issues herself a key to the API, sees it once, uses it, and takes it back."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from hongtu.kernel.audit.models import Entry
from hongtu.kernel.people.models import Person

BACKEND = "django.contrib.auth.backends.ModelBackend"


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def issue(client: Client, days: int = 30) -> str:
    """The token's text, out of the page that shows it."""
    date = (timezone.localdate() + timedelta(days=days)).isoformat()
    page = client.post("/tokens/", {"name": "夜间同步", "expires_on": date}).content.decode()
    found = re.search(r"hongtu_[\w-]{40,}", page)
    assert found, page[-3000:]
    return found.group()


def calls(text: str) -> int:
    return Client().get("/api/v1/units/", headers={"Authorization": f"Bearer {text}"}).status_code


def test_a_token_is_shown_once_works_and_is_revoked(make_person: Callable[..., Person]) -> None:
    client = logged_in(make_person("wang", "promotion_centre"))
    text = issue(client)
    assert calls(text) == 200
    page = client.get("/tokens/").content.decode()
    assert "夜间同步" in page
    assert text not in page
    key = re.search(r"/tokens/(\d+)/revoke/", page).group(1)
    other = logged_in(make_person("chen", "subdistrict_helper"))
    assert other.post(f"/tokens/{key}/revoke/").status_code == 404
    assert calls(text) == 200
    assert "已撤销" in client.post(f"/tokens/{key}/revoke/", follow=True).content.decode()
    assert calls(text) == 401
    recorded = repr(list(Entry.objects.values_list("action", "detail")))
    assert "ledger.revoke_token" in recorded
    assert text not in recorded


def test_a_token_without_an_end_in_sight_is_refused(make_person: Callable[..., Person]) -> None:
    client = logged_in(make_person("wang", "promotion_centre"))
    for days in (-1, 1000):
        date = (timezone.localdate() + timedelta(days=days)).isoformat()
        answer = client.post("/tokens/", {"name": "夜间同步", "expires_on": date})
        assert answer.status_code == 422
        assert "一年以内" in answer.content.decode()


def test_the_description_lists_every_operation(make_person: Callable[..., Person]) -> None:
    client = logged_in(make_person("wang", "promotion_centre"))
    assert 'href="/api/"' in client.get("/tokens/").content.decode()
    page = client.get("/api/").content.decode()
    document = client.get("/api/v1/openapi.json").json()
    assert len(document["paths"]) > 10
    for path, operations in document["paths"].items():
        assert page.count(f"<code>{path}</code>") == len(operations), path
    assert "<script>" not in page
