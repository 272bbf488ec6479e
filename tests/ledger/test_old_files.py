"""Uploaded workbooks are removed after thirty days; one whose import still waits is not."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hongtu.kernel.people.models import Person, Unit
from hongtu.ledger.imports.files import remove_old
from hongtu.ledger.models import ImportJob, ImportState
from tests.ledger.test_import import ROWS, check, upload, workbook


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def aged(path: Path) -> None:
    then = time.time() - 31 * 86_400
    os.utime(path, (then, then))


def test_old_uploads_go_and_say_so(
    folder: Path, unit: Unit, centre: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(centre)
    fresh, old, waiting = (check(client, upload(client, workbook(ROWS))) for _ in range(3))
    ImportJob.objects.filter(pk=waiting.pk).update(state=ImportState.QUEUED)
    stray = folder / "imports" / "stray"
    stray.write_bytes(b"x")
    for path in (folder / old.file, folder / waiting.file, stray):
        aged(path)

    assert remove_old() == 2
    assert (folder / fresh.file).exists()
    assert (folder / waiting.file).exists()
    assert not (folder / old.file).exists()
    assert remove_old() == 0

    url = f"/ledgers/units/import/{old.pk}/"
    assert client.get(url).status_code == 200, "what the dry run said is still there"
    for ask in (
        lambda: client.get(f"{url}?columns=1", follow=True),
        lambda: client.get(f"{url}faults.xlsx", follow=True),
        lambda: client.post(f"{url}check/", follow=True),
    ):
        answer = ask()
        assert answer.redirect_chain == [("/ledgers/units/import/", 302)]
        assert "重新上传" in answer.content.decode()
