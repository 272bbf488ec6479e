from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hongtu.kernel.people.models import Person
from hongtu.ledger.declaration import Ledger, ledgers
from tests.contract.examples import EXAMPLES, Example
from tests.contract.world import World, build

SLUGS = sorted(ledger.slug for ledger in ledgers())

# What a test's fixture asks of its ledger.
ONLY: dict[str, Callable[[Ledger], bool]] = {
    "editable": lambda ledger: ledger.update is not None,
    "sheet_ledger": lambda ledger: ledger.sheet is not None,
    "out_of_reach": lambda ledger: EXAMPLES[ledger.slug].outside is not None,
}


def pytest_generate_tests(metafunc: Any) -> None:
    """A test runs for every ledger it has something to say about, and is not collected for the others."""
    if "ledger" in metafunc.fixturenames:
        kinds = [applies for name, applies in ONLY.items() if name in metafunc.fixturenames]
        found = [ledger for ledger in ledgers() if all(applies(ledger) for applies in kinds)]
        metafunc.parametrize("ledger", found, ids=lambda ledger: ledger.slug, scope="session")


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
    """A ledger that is edited by hand."""
    return ledger


@pytest.fixture
def sheet_ledger(ledger: Ledger) -> Ledger:
    """A ledger that declares a workbook."""
    return ledger


@pytest.fixture
def out_of_reach(case: Example, world: World) -> Any:
    """Values that put a record out of the reach of HOUSING's people; for ledgers that have such records."""
    assert case.outside is not None
    return case.outside(world)


@pytest.fixture
def login() -> Callable[[Person], Client]:
    def client(person: Person) -> Client:
        made = Client()
        made.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return made

    return client
