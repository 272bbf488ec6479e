"""The cast of the spine again, with kinds of problem and a client for each part."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hongtu.domains.problems import actions
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems.models import Category
from hongtu.site import profiles
from tests.kernel.problems.conftest import cast, house, story  # noqa: F401

KEY = "a-key-of-the-tests"


@pytest.fixture
def kinds(house: dict[str, Unit]) -> dict[str, Category]:  # noqa: F811
    rows = profiles.rows(profiles.FOLDER / "honggutan", "problem_categories.csv")
    actions.load_categories(by=None, rows=rows)
    return {c.code: c for c in Category.objects.all()}


@pytest.fixture
def api(kinds: dict[str, Category], client: Client) -> Client:
    """A client of the API; the key is KEY."""
    actions.issue_key(by=None, name="测试应用", key=KEY)
    return client


@pytest.fixture
def as_(cast: dict[str, Person]) -> Callable[[str], Client]:  # noqa: F811
    """`as_("officer")`: a browser in which she is logged in."""

    def make(part: str) -> Client:
        client = Client()
        client.force_login(cast[part], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


def body(**fields: Any) -> dict[str, Any]:
    """A valid POST of a request, with these fields changed; None leaves one out."""
    whole = {
        "api_key": KEY,
        "service_code": "road",
        "lat": "28.68",
        "long": "115.86",
        "description": "路面塌了一块",
    }
    return {k: v for k, v in {**whole, **fields}.items() if v is not None}
