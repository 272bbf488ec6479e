"""The demonstration district as a fixture: loaded once a machine, cloned a worker, rolled back a test.

The district lives in a database of its own beside the test database, so that tests which expect an empty
one are not disturbed. `district` runs a test inside a transaction that is rolled back; `own_district` gives
a clone (PostgreSQL copies a template database in a fraction of a second) in which everything really commits,
for tests with threads, browsers or other processes.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import setup_databases, teardown_databases

import hongtu
from hongtu.kernel.people.models import Person

PACKAGE = Path(hongtu.__file__).parent
PREFIX, UNFINISHED = "hongtu_demonstration_", "hongtu_unfinished_demonstration"
EMPTY, UNFINISHED_EMPTY = "hongtu_migrated_", "hongtu_unfinished_migrated"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@contextmanager
def on_database(name: str) -> Iterator[None]:
    """Let every new connection of this process go to the database `name`."""
    before = connections.settings["default"]["NAME"]
    connections.close_all()
    connections.settings["default"]["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connections.settings["default"]["NAME"] = before


def url_of(name: str) -> str:
    """DATABASE_URL of a database on this worker's server, for a process of its own."""
    server = connections.settings["default"]
    login = f"{quote(server['USER'])}:{quote(server['PASSWORD'] or '')}"
    if server["HOST"].startswith("/"):
        return f"postgresql://{login}@/{name}?host={quote(server['HOST'], safe='')}"
    return f"postgresql://{login}@{server['HOST']}:{server['PORT'] or 5432}/{name}"


def run_outside(statement: str) -> None:
    """Run a statement that cannot run inside the database it is about."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(statement)


def clone(source: str, name: str) -> str:
    """A copy of a database under a new name."""
    run_outside(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    left = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'"
    run_outside(left)  # a connection that a thread of an earlier test kept would forbid the copy
    run_outside(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return name


def drop(name: str) -> None:
    run_outside(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def load_into(source: str, name: str) -> str:
    """Clone an empty migrated database and load the demonstration district into it."""
    from hongtu.site import demonstration

    clone(source, name)
    with on_database(name):
        assert demonstration.load()
    return name


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Workers and sessions on one server take turns (an advisory lock of the maintenance database)."""
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT pg_advisory_lock(hashtext('hongtu demonstration'))")
        yield


def _forget_others(prefix: str, name: str) -> bool:
    """Drop databases of earlier states of the sources; whether the one of this state is there."""
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        kept = {row[0] for row in cursor.fetchall()}
    for old in kept - {name}:
        drop(old)
    return name in kept


def migrated_once() -> str:
    """An empty database with all tables, from which every worker's test database is copied."""
    digest = hashlib.sha256((PACKAGE.parents[1] / "requirements/development.txt").read_bytes())
    for path in sorted(PACKAGE.rglob("migrations/*.py")):
        digest.update(path.read_bytes())
    name = f"{EMPTY}{digest.hexdigest()[:16]}"
    if not _forget_others(EMPTY, name):
        run_outside(f'DROP DATABASE IF EXISTS "{UNFINISHED_EMPTY}" WITH (FORCE)')
        run_outside(f'CREATE DATABASE "{UNFINISHED_EMPTY}"')
        with on_database(UNFINISHED_EMPTY):
            call_command("migrate", verbosity=0)
        run_outside(f'ALTER DATABASE "{UNFINISHED_EMPTY}" RENAME TO "{name}"')
    return name


def loaded_once(source: str) -> str:
    """A loaded database that all workers and later sessions copy; made anew when any source changes.

    HONGTU_KEEP_DEMONSTRATION=1 makes it anew for changed migrations only: for who edits a page, not the data.
    """
    digest = hashlib.sha256()
    only = "migrations/*.py" if os.environ.get("HONGTU_KEEP_DEMONSTRATION") else "*"
    for path in sorted(PACKAGE.rglob(only)):
        if path.suffix in {".py", ".csv", ".yaml", ".geojson", ".json"} and path.is_file():
            digest.update(path.read_bytes())
    name = f"{PREFIX}{digest.hexdigest()[:16]}"
    if not _forget_others(PREFIX, name):
        run_outside(f'DROP DATABASE IF EXISTS "{UNFINISHED}" WITH (FORCE)')
        load_into(source, UNFINISHED)
        run_outside(f'ALTER DATABASE "{UNFINISHED}" RENAME TO "{name}"')
    return name


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    """Test databases are copies of one that was migrated once: migrating takes half a minute a worker."""
    with django_db_blocker.unblock(), one_at_a_time():
        connections.settings["default"]["TEST"]["TEMPLATE"] = migrated_once()


@pytest.fixture(scope="session")
def empty_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Name of the migrated, empty test database of this worker.

    pytest-django makes one only when a collected test asks for `db`; else we make it here.
    """
    settings = connections.settings["default"]
    if settings["NAME"].startswith("test_"):
        yield str(settings["NAME"])
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield str(settings["NAME"])
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def demonstration_database(empty_database: str, django_db_blocker: Any) -> Iterator[str]:
    """Name of a database that holds the demonstration district and is never written to."""
    with django_db_blocker.unblock():
        name = f"{empty_database}_district"
        with one_at_a_time():
            clone(loaded_once(migrated_once()), name)
        yield name
        drop(name)


@pytest.fixture
def district(demonstration_database: str, django_db_blocker: Any) -> Iterator[None]:
    """The demonstration district; what the test writes is rolled back."""
    with django_db_blocker.unblock(), on_database(demonstration_database), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def own_district(demonstration_database: str, django_db_blocker: Any) -> Iterator[str]:
    """A clone of the demonstration district in which writes commit; the name of its database."""
    with django_db_blocker.unblock():
        name = clone(demonstration_database, f"{demonstration_database}_clone")
        with on_database(name):
            yield name
        drop(name)


@pytest.fixture
def person() -> Callable[[str], Person]:
    """`person("zhongxin")`: one of the demonstration's log-ins."""
    return lambda username: Person.objects.get(username=username)


@pytest.fixture
def client_as(person: Callable[[str], Person]) -> Callable[[str], Client]:
    """`client_as("zhongxin")`: a test client logged in as one of the cast."""

    def make(username: str) -> Client:
        client = Client()
        client.force_login(person(username), backend=BACKEND)
        return client

    return make
