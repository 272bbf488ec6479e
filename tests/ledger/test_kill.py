"""Fifty times kill -9 in the middle of imports: nothing lost, doubled or without its audit row."""

import contextlib
import io
import os
import random
import select
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from openpyxl import Workbook

from hongtu.kernel.audit import chain
from hongtu.kernel.audit.models import Entry
from hongtu.kernel.people.models import Person, Unit
from hongtu.ledger import actions
from hongtu.ledger.declaration import find
from hongtu.ledger.imports import run
from hongtu.ledger.imports.report import summary
from hongtu.ledger.models import ImportJob, ImportState
from hongtu.ledger.sheets import open_table
from tests.conftest import make_unit

KILLS, ROWS, SEED = 50, 40, 20261121
ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    known = connection.settings_dict
    user, password = quote(known["USER"] or ""), quote(known["PASSWORD"] or "")
    host = quote(known["HOST"] or "", safe="")
    port = f"&port={known['PORT']}" if known["PORT"] else ""
    return f"postgresql://{user}:{password}@/{known['NAME']}?host={host}{port}"


class Victim:
    """The worker process; `work(key, after)` kills the child after a moment unless it is done by then."""

    def __init__(self, home: Path) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "HONGTU_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "hongtu.site.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("kill_worker.py"))],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def work(self, key: int, after: float | None) -> str:
        """`killed` or `ended 0`. `after` None lets it finish."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{key}\n")
        child = int(self._line())
        if after is not None and not select.select([self.process.stdout], [], [], after)[0]:
            with contextlib.suppress(ProcessLookupError):  # it ended in that very instant; its line says so
                os.kill(child, signal.SIGKILL)
        return self._line()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=20)


@pytest.fixture
def victim(tmp_path: Path, settings: Any, transactional_db: None) -> Iterator[Victim]:
    settings.MEDIA_ROOT = tmp_path / "files"
    made = Victim(tmp_path)
    yield made
    made.close()


def queued(owner: Person, number: int) -> ImportJob:
    """An import of new units, confirmed and waiting."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    book = Workbook()
    book.active.append(["编码", "名称", "类别", "上级单位"])
    for row in range(ROWS):
        book.active.append([f"K{number}-{row}", f"单位{number}-{row}", "部门", "D"])
    target = io.BytesIO()
    book.save(target)
    stored = default_storage.save(f"imports/{number}", ContentFile(target.getvalue()))
    job = actions.start_import(
        by=owner,
        ledger="units",
        file=stored,
        file_name=f"{number}.xlsx",
        digest=open_table(target.getvalue()).digest,
        mapping={},
    )
    plan = run.check(job, find("units"))
    actions.record_check(job, counts=plan.counts, preview=summary(plan), fingerprint=plan.fingerprint)
    return actions.queue_import(by=owner, job=job, mode="all", fingerprint=plan.fingerprint)


def state_of(job: ImportJob) -> tuple[str, int, int]:
    """(state, rows written, audit rows) of an import."""
    job.refresh_from_db()
    number = job.file_name.removesuffix(".xlsx")
    rows = Unit.objects.filter(code__startswith=f"K{number}-").count()
    audit = Entry.objects.filter(action="people.import_units", detail__contains={"import": job.pk}).count()
    return job.state, rows, audit


def test_fifty_kills(victim: Victim) -> None:
    from hongtu.kernel.access.models import Assignment

    dice = random.Random(SEED)
    district = make_unit("D", "示例区", "district")
    owner = Person(username="wang", name="wang", pinyin="wang", unit=district, password="!")
    owner.save()
    Assignment.objects.create(person=owner, role="promotion_centre", unit=district)

    outcomes: Counter[str] = Counter()
    jobs: list[ImportJob] = []
    span = 0.6  # grows and shrinks so that about half of the kills hit before the end
    while outcomes["killed"] < KILLS:
        job = jobs[-1] if jobs and jobs[-1].state == ImportState.QUEUED else queued(owner, len(jobs))
        if not jobs or jobs[-1] is not job:
            jobs.append(job)
        ended = victim.work(job.pk, dice.uniform(0, span))
        found = state_of(job)
        assert found in ((ImportState.QUEUED, 0, 0), (ImportState.DONE, ROWS, 1)), (ended, found)
        outcomes["killed" if ended == "killed" else "ended"] += 1
        span *= 1.15 if ended == "killed" and found[0] == ImportState.QUEUED else 0.85
        span = min(3.0, max(0.05, span))

    for job in jobs:
        victim.work(job.pk, None)
        assert state_of(job) == (ImportState.DONE, ROWS, 1)
    assert Unit.objects.count() == 1 + ROWS * len(jobs)
    history = Unit.pgh_event_models["insert"].objects
    assert history.filter(pgh_label="insert").count() == Unit.objects.count(), "one history row a record"
    chain.verify()
    assert len(jobs) > 1
    print(dict(outcomes), len(jobs), "imports")
