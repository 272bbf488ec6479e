"""Carrying out a confirmed import: everything in one transaction, safe to repeat, safe to kill.

The import's own row is locked, the file planned again, the ledger's bulk action run (its rows, their
history and its audit row), and the import marked DONE, all in one transaction. Killed at any moment it
has either happened with its audit row or not at all; run again it finds DONE and does nothing.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hongtu.kernel.access import policies
from hongtu.kernel.base import bulk
from hongtu.kernel.base.errors import HongtuError
from hongtu.ledger import actions
from hongtu.ledger.declaration import Ledger, find
from hongtu.ledger.imports.files import content
from hongtu.ledger.imports.plan import Plan, make_plan
from hongtu.ledger.imports.report import missing_names, summary
from hongtu.ledger.models import ImportJob, ImportMode, ImportProgress, ImportState
from hongtu.ledger.sheets import Mapping, RawWorkbook, Refusal, Stopped, open_table
from hongtu.ledger.spec import language


def read(job: ImportJob) -> RawWorkbook:
    """The uploaded file, opened. HongtuError `import.file_gone` when its time was up."""
    return open_table(content(job))


def check(job: ImportJob, ledger: Ledger) -> Plan:
    """The dry run of a job's file with its mapping."""
    mapping = Mapping.from_data(job.mapping) if job.mapping else None
    return make_plan(ledger, job.owner, read(job), mapping, create_missing=job.create_missing)


class Reporter:
    """Progress and the wish to stop, over a connection of its own: the import's transaction is not seen
    from outside before it ends, and must not be."""

    def __init__(self, job: int) -> None:
        self.job = job
        self.connection = connection.copy()
        self.last = 0.0

    def __call__(self, done: int, total: int | None = None) -> None:
        """At most five times a second. Raises Stopped when the person asked to stop."""
        now = time.monotonic()
        if now - self.last < 0.2 and total is None:
            return
        self.last = now
        with self.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE ledger_importprogress SET done = %s, total = coalesce(%s, total) "
                "WHERE job_id = %s RETURNING stop",
                [done, total, self.job],
            )
            row = cursor.fetchone()
        if row is not None and row[0]:
            raise Stopped(f"stopped after {done} rows")

    def close(self) -> None:
        self.connection.close()


@contextmanager
def _reporter(job: int) -> Any:
    reporter = Reporter(job)
    try:
        yield reporter
    finally:
        reporter.close()


def run(key: int) -> str:
    """Carry out the import `key` if it is waiting; its state afterwards. Idempotent."""
    try:
        with _reporter(key) as report, transaction.atomic():
            job = ImportJob.objects.select_for_update().select_related("owner").get(pk=key)
            if job.state == ImportState.QUEUED:
                _write(job, report)
            return job.state
    except Stopped:
        return actions.close_import(key, ImportState.STOPPED, {})
    except Refusal as refusal:
        failure = {"code": refusal.code, "message": refusal.message(language())}
    except HongtuError as refusal:
        failure = {"code": refusal.code, "message": str(refusal.message)}
    return actions.close_import(key, ImportState.FAILED, failure)


def _write(job: ImportJob, report: Reporter) -> None:
    """Plan once more and write, unless the data changed since the person looked."""
    ledger = find(job.ledger)
    if ledger is None or ledger.bulk is None:
        raise HongtuError(_("这本台账不能导入。"), code="import.no_ledger")
    policies.require(job.owner, ledger.permission("change"))
    plan = check(job, ledger)
    if plan.fingerprint != job.fingerprint:
        actions.record_check(
            job,
            counts=plan.counts,
            preview=summary(plan),
            missing=missing_names(plan),
            fingerprint=plan.fingerprint,
            failure="import.changed_meanwhile",
        )
        return
    if plan.counts["whole_file"] or (job.mode == ImportMode.ALL_OR_NOTHING and plan.counts["faulty"]):
        raise HongtuError(
            _("文件里有错误的行，按“全部无误才导入”没有写入任何内容。"), code="import.faulty_rows"
        )
    create, update = plan.create, plan.update
    report(0, len(create) + len(update))
    source: dict[str, Any] = {
        "file": job.file_name,
        "digest": job.digest,
        "import": job.pk,
        "mode": job.mode,
        "unchanged": plan.counts["unchanged"],
        "faulty": plan.counts["faulty"],
    }
    if plan.drafts.create and plan.missing:
        source["created_with_it"] = {one["key"]: one["names"] for one in missing_names(plan)}
    if create or update:
        with bulk.reporting(report), bulk.preparing(partial(plan.drafts.store, job.owner, plan.missing)):
            ledger.bulk(by=job.owner, create=create, update=update, source=source)
    actions.finish_import(job, plan.counts)


def progress_of(job: ImportJob) -> ImportProgress | None:
    return ImportProgress.objects.filter(job=job).first()
