"""Fifty real workers killed with kill -9 in the middle of dry runs and imports; each time another worker
takes up the stalled job. Nothing lost, nothing doubled, nothing without its audit row."""

import io
import itertools
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from openpyxl import Workbook

from hongtu.kernel.access.models import Assignment
from hongtu.kernel.audit import chain
from hongtu.kernel.audit.models import Entry
from hongtu.kernel.people.models import Person, Unit
from hongtu.ledger import actions
from hongtu.ledger.jobs import retry_stalled
from hongtu.ledger.models import ImportJob, ImportState
from hongtu.ledger.sheets import open_table
from tests.conftest import make_unit
from tests.mortal_workers import Workers, forget_jobs, heartbeats_stop

ROWS, SEED = 40, 20261121
IMPORTS, CHECKS_KILLED, WRITES_KILLED = 10, 2, 3
"""Ten imports, each killed twice in its dry run and three times while it is carried out: fifty kills."""

looks = itertools.count()


def grow_cold() -> None:
    """As if half a minute had passed since the dead worker's last heartbeat, and the minute's look for
    stalled jobs were due."""
    heartbeats_stop()
    lock = f"look {next(looks)}"  # the worker's own minute may have queued one too, which nobody works off
    retry_stalled.configure(queue="imports", queueing_lock=lock).defer(timestamp=0)


def killed_at(workers: Workers, statement: int) -> None:
    """A worker that is killed at this statement of its job."""
    killed, _printed = workers.run(statement)
    assert killed
    grow_cold()


def finish(workers: Workers) -> int:
    """A worker that lives until the queue is empty; how many statements its job took."""
    killed, printed = workers.run(0)
    assert not killed
    return int(printed[0].removeprefix("statements "))


@pytest.fixture
def workers(tmp_path: Path, settings: Any, transactional_db: None) -> Iterator[Workers]:
    settings.MEDIA_ROOT = tmp_path / "files"
    forget_jobs()
    made = Workers(Path(__file__).with_name("kill_worker.py"), tmp_path)
    yield made
    made.close()


@pytest.fixture
def owner(transactional_db: None) -> Person:
    district = make_unit("D", "示例区", "district")
    made = Person(username="wang", name="wang", pinyin="wang", unit=district, password="!")
    made.save()
    Assignment.objects.create(person=made, role="promotion_centre", unit=district)
    return made


def started(owner: Person, number: int) -> ImportJob:
    """An import of new units whose dry run waits in the queue."""
    book = Workbook()
    book.active.append(["编码", "名称", "类别", "上级单位"])
    for row in range(ROWS):
        book.active.append([f"K{number}-{row}", f"单位{number}-{row}", "部门", "D"])
    target = io.BytesIO()
    book.save(target)
    stored = default_storage.save(f"imports/{number}", ContentFile(target.getvalue()))
    digest = open_table(target.getvalue()).digest
    job = actions.start_import(
        by=owner, ledger="units", file=stored, file_name=f"{number}.xlsx", digest=digest, mapping={}
    )
    return actions.queue_check(job, mapping={}, layout={}, create_missing=False)


def confirm(job: ImportJob) -> None:
    job.refresh_from_db()
    actions.queue_import(by=job.owner, job=job, mode="all", fingerprint=job.fingerprint)


def state_of(job: ImportJob) -> tuple[str, int, int]:
    """(state, rows written, audit rows) of an import."""
    job.refresh_from_db()
    number = job.file_name.removesuffix(".xlsx")
    rows = Unit.objects.filter(code__startswith=f"K{number}-").count()
    audit = Entry.objects.filter(action="people.import_units", detail__contains={"import": job.pk}).count()
    return job.state, rows, audit


def test_fifty_workers_killed(workers: Workers, owner: Person) -> None:
    dice = random.Random(SEED)
    jobs = [started(owner, 0)]
    in_check = finish(workers)
    confirm(jobs[0])
    in_import = finish(workers)
    assert state_of(jobs[0]) == (ImportState.DONE, ROWS, 1)
    assert in_import > in_check > 5

    def moment(number: int, statements: int) -> int:
        """Somewhere in the middle; of the first import at once after it committed."""
        return 10 * statements if number == 1 else dice.randint(1, statements)

    found: Counter[str] = Counter()
    for number in range(1, IMPORTS + 1):
        job = started(owner, number)
        jobs.append(job)
        for _ in range(CHECKS_KILLED):
            killed_at(workers, moment(number, in_check))
            state = state_of(job)
            assert state in ((ImportState.CHECKING, 0, 0), (ImportState.CHECKED, 0, 0))
            found[state[0]] += 1
        finish(workers)
        assert state_of(job) == (ImportState.CHECKED, 0, 0)
        confirm(job)
        for _ in range(WRITES_KILLED):
            killed_at(workers, moment(number, in_import))
            state = state_of(job)
            assert state in ((ImportState.QUEUED, 0, 0), (ImportState.DONE, ROWS, 1))
            found[state[0]] += 1
        finish(workers)
        assert state_of(job) == (ImportState.DONE, ROWS, 1)

    assert sum(found.values()) == 50
    assert min(found[s] for s in ("checking", "checked", "queued", "done")) > 0, "killed before and after"
    assert Unit.objects.count() == 1 + ROWS * len(jobs)
    history = Unit.pgh_event_models["insert"].objects
    assert history.filter(pgh_label="insert").count() == Unit.objects.count(), "one history row a record"
    assert Entry.objects.filter(action="people.import_units").count() == len(jobs)
    chain.verify()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT status FROM procrastinate_jobs WHERE queue_name = 'imports'")
        assert cursor.fetchall() == [("succeeded",)], "the queue has nothing left over"
