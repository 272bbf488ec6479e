from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hongtu.kernel.people.models import Person
from hongtu.ledger.declaration import Ledger, ledgers
from tests.contract.examples import EXAMPLES, Example
from tests.contract.world import World, build

SLUGS = sorted(ledger.slug for ledger in ledgers())


def pytest_generate_tests(metafunc: Any) -> None:
    if "ledger" in metafunc.fixturenames:
        metafunc.parametrize("ledger", list(ledgers()), ids=lambda ledger: ledger.slug, scope="session")


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def case(ledger: Ledger) -> Example:
    return EXAMPLES[ledger.slug]


@pytest.fixture
def make(ledger: Ledger, case: Example, world: World) -> Callable[..., Any]:
    """`make(3, title="x")`: a record out of the example's values, written by the ledger's own action."""

    def record(number: int = 1, **more: Any) -> Any:
        if case.make is not None:
            return case.make(world, number)
        return ledger.create(by=None, **{**case.values(world, number), **more})

    return record


@pytest.fixture
def editable(ledger: Ledger) -> Ledger:
    """For tests of writing; a ledger that nobody writes by hand has nothing to show there."""
    if ledger.update is None:
        pytest.skip("this ledger is not edited by hand")
    return ledger


@pytest.fixture
def login() -> Callable[[Person], Client]:
    def client(person: Person) -> Client:
        made = Client()
        made.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return made

    return client
