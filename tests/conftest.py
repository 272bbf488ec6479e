"""The named cast of the tests, and the house's own rules made testable."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pgtrigger
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from hongtu.kernel.access.models import Assignment
from hongtu.kernel.people.models import Person, Unit
from tests.demonstration import (  # noqa: F401 - fixtures of every folder below
    client_as,
    demonstration_database,
    district,
    django_db_modify_db_settings,
    empty_database,
    own_district,
    person,
)

CHROMIUM = os.environ.get("HONGTU_CHROMIUM", "/usr/bin/chromium")

# A busy machine is no fault of the code: speed is measured in bench/, not here.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


@pytest.fixture(autouse=True, scope="session")
def _nothing_to_survive(django_db_blocker: Any) -> None:
    """The embedded server of the tests need not survive a power cut: copies are then far quicker."""
    if os.environ.get("DATABASE_URL"):
        return
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"ALTER SYSTEM SET {name} = off")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()


@pytest.fixture(autouse=True, scope="session")
def _flush_may_truncate() -> Iterator[None]:
    """Django empties tables between transactional tests; the audit chains refuse TRUNCATE by trigger."""
    original = TransactionTestCase._fixture_teardown
    sealed = [f"{m._meta.label}:{t.name}" for m, t in pgtrigger.registered() if t.name == "no_truncate"]

    def teardown(self: Any) -> None:
        with pgtrigger.ignore(*sealed):
            original(self)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """The calendar and the like are kept in the process's cache: the district of another test is not ours."""
    cache.clear()


@pytest.fixture
def unit(db: None) -> Unit:
    """The district itself."""
    return make_unit("D", "示例区", "district")


def make_unit(code: str, name: str, kind: str, parent: Unit | None = None) -> Unit:
    path = f"{parent.path if parent else ''}{code}/"
    return Unit.objects.create(code=code, name=name, kind=kind, parent=parent, path=path, pinyin=name)


@pytest.fixture
def make_person(unit: Unit) -> Callable[..., Person]:
    """`make_person("wang", "promotion_centre", unit)`: an account with one role over a unit."""

    def make(username: str, role: str = "", at: Unit | None = None) -> Person:
        made = Person(username=username, name=username, pinyin=username, unit=at or unit)
        made.set_password("demonstration-1")
        made.save()
        if role:
            Assignment.objects.create(person=made, role=role, unit=at or unit)
        return made

    return make


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not os.path.exists(CHROMIUM):
        pytest.skip(f"no Chromium at {CHROMIUM}; set HONGTU_CHROMIUM")
    # The driver runs an event loop in this thread, in which Django would refuse to touch its database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
