"""Carrying out a dry run, and a confirmed import: in the background, safe to repeat, safe to kill.

A dry run writes nothing but what it found. An import locks its own row, plans the file again, runs the
ledger's bulk action (its rows, their history and its audit row) and marks itself DONE, all in one
transaction. Killed at any moment it has either happened with its audit row or not at all; run again it
finds DONE and does nothing.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hongtu.kernel.access import policies
from hongtu.kernel.base import bulk
from hongtu.kernel.base.errors import HongtuError
from hongtu.ledger import actions
from hongtu.ledger.declaration import Ledger, find
from hongtu.ledger.imports.files import content
from hongtu.ledger.imports.plan import Plan, make_plan
from hongtu.ledger.imports.progress import Reporter, progress_of, reporter
from hongtu.ledger.imports.report import missing_names, summary
from hongtu.ledger.models import ImportJob, ImportMode, ImportPhase, ImportState
from hongtu.ledger.sheets import Mapping, Refusal, Stopped, open_table
from hongtu.ledger.spec import language


def check(job: ImportJob, ledger: Ledger, report: Reporter | None = None) -> Plan:
    """What a job's file would do with its mapping. HongtuError `import.file_gone` when its time was up."""
    mapping = Mapping.from_data(job.mapping) if job.mapping else None
    rows = int(job.layout.get("rows", 0))

    def reading(done: int, _total: int) -> None:
        if report is not None:
            report.at(ImportPhase.READING, done, rows)

    def columns(done: int, total: int) -> None:
        if report is not None:
            report.at(ImportPhase.COLUMNS if done < total else ImportPhase.COMPARING, done % total, total)

    reading(0, 0)
    workbook = open_table(content(job), progress=reading)
    return make_plan(
        ledger, job.owner, workbook, mapping, create_missing=job.create_missing, progress=columns
    )


def run_check(key: int, round_: int | None = None) -> str:
    """Carry out the dry run `key` if it is still wanted; the job's state afterwards. Idempotent."""
    job = ImportJob.objects.select_related("owner", "progress").get(pk=key)
    wanted = progress_of(job).round
    if job.state != ImportState.CHECKING or round_ not in (None, wanted):
        return job.state
    try:
        with reporter(key, wanted) as report:
            plan = check(job, _permitted(job), report)
    except Stopped:
        return actions.close_check(key, wanted, {})
    except Refusal as refusal:
        failure = {"code": refusal.code, "message": refusal.message(language())}
        return actions.close_check(key, wanted, failure)
    except HongtuError as refusal:
        return actions.close_check(key, wanted, {"code": refusal.code, "message": str(refusal.message)})
    return actions.finish_check(key, wanted, **found_by(plan))


def found_by(plan: Plan) -> dict[str, Any]:
    """What is kept of a dry run."""
    return {
        "counts": plan.counts,
        "preview": summary(plan),
        "missing": missing_names(plan),
        "fingerprint": plan.fingerprint,
    }


def run(key: int) -> str:
    """Carry out the import `key` if it is waiting; its state afterwards. Idempotent."""
    try:
        with transaction.atomic():
            job = ImportJob.objects.select_for_update().select_related("owner").get(pk=key)
            if job.state == ImportState.QUEUED:
                with reporter(key, progress_of(job).round) as report:
                    _write(job, report)
            return job.state
    except Stopped:
        return actions.close_import(key, ImportState.STOPPED, {})
    except Refusal as refusal:
        failure = {"code": refusal.code, "message": refusal.message(language())}
    except HongtuError as refusal:
        failure = {"code": refusal.code, "message": str(refusal.message)}
    return actions.close_import(key, ImportState.FAILED, failure)


def _permitted(job: ImportJob) -> Ledger:
    """The job's ledger, if its owner may still write into it."""
    ledger = find(job.ledger)
    if ledger is None or ledger.bulk is None:
        raise HongtuError(_("这本台账不能导入。"), code="import.no_ledger")
    policies.require(job.owner, ledger.permission("change"))
    return ledger


def _write(job: ImportJob, report: Reporter) -> None:
    """Plan once more and write, unless the data changed since the person looked."""
    ledger = _permitted(job)
    assert ledger.bulk is not None
    plan = check(job, ledger, report)
    if plan.fingerprint != job.fingerprint:
        actions.record_check(job, **found_by(plan), failure="import.changed_meanwhile")
        return
    if plan.counts["whole_file"] or (job.mode == ImportMode.ALL_OR_NOTHING and plan.counts["faulty"]):
        raise HongtuError(
            _("文件里有错误的行，按“全部无误才导入”没有写入任何内容。"), code="import.faulty_rows"
        )
    create, update = plan.create, plan.update
    total = len(create) + len(update)
    report.at(ImportPhase.WRITING, 0, total)
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
        tick = partial(_written, report, total)
        with bulk.reporting(tick), bulk.preparing(partial(plan.drafts.store, job.owner, plan.missing)):
            ledger.bulk(by=job.owner, create=create, update=update, source=source)
        bulk.refresh_statistics()
    actions.finish_import(job, plan.counts)


def _written(report: Reporter, total: int, done: int) -> None:
    report.at(ImportPhase.WRITING, done, total)
