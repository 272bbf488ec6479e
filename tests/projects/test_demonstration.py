"""The demonstration district is the same on every machine, and so is its ledger file."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from hongtu.boards.figures import figures
from hongtu.domains.projects.models import Project
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.roles import CLOSED_ROLES
from hongtu.kernel.audit.models import Entry
from hongtu.kernel.people.models import Person
from hongtu.ledger.models import ImportJob
from hongtu.site.importing import import_file
from tests.demonstration import drop, load_into, on_database

WORKBOOK = Path(__file__).resolve().parents[2] / "examples/major-projects-office-style.xlsx"
# The house and this room; other rooms answer for their own demonstration records.
APPS = {"people", "access", "places", "profile", "calendar", "chains", "projects"}
MOMENTARY = {
    "date_joined",
    "created_at",
    "changed_at",
    "password",
    "submitted_at",
    "approved_at",
    "at",
    "last_login",
}


def digests() -> dict[str, str]:
    """One digest of all rows for each of our tables, moments and salted passwords left out."""
    found = {}
    for model in apps.get_models():
        label = model._meta.label
        if model._meta.app_label not in APPS or label.endswith("Event"):
            continue
        names = [f.attname for f in model._meta.concrete_fields if f.attname not in MOMENTARY]
        kept = model._base_manager.order_by("pk")
        if model is Assignment:  # those of closed rooms have keys drawn by chance
            kept = kept.exclude(role__in=CLOSED_ROLES)
        rows = list(kept.values_list(*names))
        found[label] = f"{len(rows)} {hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()}"
    return found


def test_loading_it_twice_gives_the_same_rows(empty_database: str, django_db_blocker: Any) -> None:
    found = []
    with django_db_blocker.unblock():
        for time in ("first", "again"):
            database = load_into(empty_database, f"{empty_database}_{time}")
            try:
                with on_database(database):
                    found.append(digests())
            finally:
                drop(database)
    first, second = found
    assert first["projects.Project"].startswith("241 ")
    assert first == second


def test_nothing_real_is_passed_off_and_everything_is_marked(district: None) -> None:
    assert not Project.objects.filter(demonstration=False).exists()
    assert all("示例" in name for name in Person.objects.values_list("name", flat=True))


def test_people_cannot_log_in_unless_they_are_listed(district: None) -> None:
    from hongtu.site.demonstration import log_ins

    listed = {name for name, _password, _role in log_ins()}
    able = {p.username for p in Person.objects.all() if p.has_usable_password()}
    assert able == listed


@pytest.fixture
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_the_office_workbook_changes_29_rows_once(district: None, _files: None) -> None:
    def run(dry_run: bool) -> dict[str, Any]:
        return import_file(
            WORKBOOK, "projects", "zhongxin", mode="all", dry_run=dry_run, step=lambda _words: None
        )

    before = figures()
    checked = run(dry_run=True)["counts"]
    assert (checked["changed"], checked["unchanged"], checked["new"], checked["faulty"]) == (29, 212, 0, 0)
    assert not ImportJob.objects.exists(), "a dry run leaves nothing"
    done = run(dry_run=False)
    assert done["state"] == "done"
    assert Project.objects.filter(progress__contains="5月上旬更新").count() == 29
    entry = Entry.objects.filter(action="projects.import_rows").latest("sequence")
    assert (entry.detail["file"], entry.detail["changed"]) == (WORKBOOK.name, 29)
    again = run(dry_run=False)["counts"]
    assert (again["changed"], again["unchanged"], again["new"]) == (0, 241, 0)
    assert figures() == before, "the file holds the same money"


def test_its_page_queries_do_not_grow_with_the_row(
    district: None, client_as: Callable[[str], Any], django_assert_max_num_queries: Any
) -> None:
    client = client_as("zhongxin")
    key = Project.objects.filter(key_project=True).values_list("pk", flat=True)[0]
    with django_assert_max_num_queries(60, connection=connection):
        assert client.get(f"/ledgers/projects/{key}/").status_code == 200
