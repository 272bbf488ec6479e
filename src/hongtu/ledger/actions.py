"""Writes of the machinery's own records: saved views, imports, API tokens."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.audit.models import Entry
from hongtu.kernel.base.errors import InvalidInput
from hongtu.ledger.models import (
    ApiToken,
    ImportJob,
    ImportMode,
    ImportProgress,
    ImportState,
    SavedView,
)
from hongtu.ledger.queries import token_digest


@action("ledger.save_view")
def save_view(*, by: Any, ledger: str, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep a view under a name; a view of the same name is replaced."""
    name = name.strip()
    if not name or len(name) > 60:
        raise InvalidInput(_("视图名称要有 1 到 60 个字。"), fields={"name": [_("1 到 60 个字")]})
    if len(query) > 2000:
        raise InvalidInput(_("筛选条件太长，存不下。请少选几项。"), fields={"query": [_("太长")]})
    found = SavedView.objects.filter(owner=by, ledger=ledger, name=name).first()
    if found is None:
        found = SavedView.objects.create(owner=by, ledger=ledger, name=name, query=query, shared=shared)
    else:
        found.revise(found.version, query=query, shared=shared)
    note(found, ledger=ledger, name=name)
    return found


@action("ledger.delete_view")
def delete_view(*, by: Any, view: SavedView) -> None:
    note(view, ledger=view.ledger, name=view.name)
    SavedView.objects.filter(pk=view.pk, owner=by).delete()


@action("ledger.issue_token")
def issue_token(*, by: Any, name: str, expires_on: date) -> tuple[ApiToken, str]:
    """A new token of `by` and its text, which is never kept and cannot be shown again."""
    text = f"hongtu_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        person=by, name=name.strip()[:60] or "API", digest=token_digest(text), expires_on=expires_on
    )
    note(token, name=token.name, expires_on=expires_on.isoformat())
    return token, text


@action("ledger.revoke_token")
def revoke_token(*, by: Any, token: ApiToken) -> ApiToken:
    note(token, name=token.name)
    return token.revise(token.version, revoked=True)


@action("ledger.start_import")
def start_import(
    *,
    by: Any,
    ledger: str,
    file: str,
    file_name: str,
    digest: str,
    mapping: dict[str, Any],
    layout: dict[str, Any] | None = None,
) -> ImportJob:
    """Keep an uploaded workbook, what is in it and how its columns were matched."""
    job = ImportJob.objects.create(
        owner=by,
        ledger=ledger,
        file=file,
        file_name=file_name[:200],
        digest=digest,
        mapping=mapping,
        layout=layout or {},
    )
    ImportProgress.objects.create(job=job)
    note(job, ledger=ledger, file=job.file_name, digest=digest)
    return job


def record_mapping(job: ImportJob, mapping: dict[str, Any], layout: dict[str, Any]) -> None:
    """The person chose another sheet; an earlier dry run no longer counts."""
    job.mapping, job.layout, job.state, job.fingerprint = mapping, layout, ImportState.MAPPING, ""
    job.failure = {}
    job.save(update_fields=["mapping", "layout", "state", "fingerprint", "failure"])


def record_wish(job: ImportJob, *, create_missing: bool) -> None:
    """Whether names nobody bears yet become records with the import; the dry run is then due again."""
    job.create_missing, job.state, job.fingerprint = create_missing, ImportState.MAPPING, ""
    job.save(update_fields=["create_missing", "state", "fingerprint"])


def _next_round(job: ImportJob, **progress: Any) -> int:
    """Begin anew: whatever still runs for the job learns that it is not wanted any more."""
    ImportProgress.objects.filter(job=job).update(round=F("round") + 1, phase="", stop=False, **progress)
    return int(ImportProgress.objects.values_list("round", flat=True).get(job=job))


@transaction.atomic
def queue_check(
    job: ImportJob, *, mapping: dict[str, Any], layout: dict[str, Any], create_missing: bool
) -> ImportJob:
    """Have the dry run done in the background, also again after it or the import was stopped."""
    from hongtu.ledger.jobs import run_check

    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    if locked.state in {ImportState.QUEUED, ImportState.CHECKING, ImportState.DONE}:
        return locked
    locked.mapping, locked.layout, locked.create_missing = mapping, layout, create_missing
    locked.state, locked.fingerprint = ImportState.CHECKING, ""
    locked.failure, locked.finished_at = {}, None
    locked.save()
    number = _next_round(locked, done=0, total=0)
    run_check.defer(job_id=locked.pk, round=number, language=get_language() or "zh-hans")
    return locked


@transaction.atomic
def finish_check(key: int, round_: int, **found: Any) -> str:
    """Keep what a dry run found, unless it was stopped or begun anew meanwhile; the state afterwards."""
    job = ImportJob.objects.select_for_update(of=("self",)).select_related("progress").get(pk=key)
    if job.state == ImportState.CHECKING and job.progress.round == round_:
        record_check(job, **found)
    return job.state


@transaction.atomic
def close_check(key: int, round_: int, failure: dict[str, Any]) -> str:
    """A dry run that did not come to its end, refused or stopped: back to the columns, nothing lost."""
    job = ImportJob.objects.select_for_update(of=("self",)).select_related("progress").get(pk=key)
    if job.state == ImportState.CHECKING and job.progress.round == round_:
        job.state, job.failure = ImportState.MAPPING, failure
        job.save(update_fields=["state", "failure"])
        _next_round(job)
    return job.state


def record_check(
    job: ImportJob,
    *,
    counts: dict[str, int],
    preview: list[Any],
    missing: Sequence[Any] = (),
    fingerprint: str,
    failure: str = "",
) -> None:
    """Keep what the dry run found; `failure` is the code of why it had to be repeated."""
    job.counts, job.preview, job.missing, job.fingerprint = counts, preview, list(missing), fingerprint
    job.state, job.failure = ImportState.CHECKED, {"code": failure} if failure else {}
    job.save(update_fields=["counts", "preview", "missing", "fingerprint", "state", "failure"])


@action("ledger.queue_import")
def queue_import(*, by: Any, job: ImportJob, mode: str, fingerprint: str) -> ImportJob:
    """Confirm the dry run that was shown. Raises InvalidInput when it is not the present one."""
    from hongtu.ledger.jobs import run_import

    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    if locked.state != ImportState.CHECKED or locked.fingerprint != fingerprint:
        raise InvalidInput(_("预检结果已经变化，请重新核对后再确认。"), code="import.not_checked")
    if mode not in ImportMode.values:
        raise InvalidInput(_("没有这种导入方式。"), fields={"mode": [_("请选择一种")]})
    counts = locked.counts
    if counts["whole_file"] or (mode == ImportMode.ALL_OR_NOTHING and counts["faulty"]):
        raise InvalidInput(
            _("文件里有错误的行。请改正后重新上传，或选择“只导入无误的行”。"), code="import.faulty_rows"
        )
    locked.mode, locked.state = mode, ImportState.QUEUED
    locked.save(update_fields=["mode", "state"])
    _next_round(locked, done=0, total=counts["new"] + counts["changed"])
    run_import.defer(job_id=locked.pk, language=get_language() or "zh-hans")
    note(locked, ledger=locked.ledger, mode=mode)
    return locked


@action("ledger.stop_import")
def stop_import(*, by: Any, job: ImportJob) -> None:
    """Stop an import: at once while nobody carries it out (its row is free), else at the next row it
    reports. Nothing is then written."""
    ImportProgress.objects.filter(job=job).update(stop=True)
    waiting = ImportJob.objects.select_for_update(skip_locked=True)
    if waiting.filter(pk=job.pk, state=ImportState.QUEUED).first():
        close_import(job.pk, ImportState.STOPPED, {})
    note(job, ledger=job.ledger)


def finish_import(job: ImportJob, counts: dict[str, int]) -> None:
    """Mark DONE, inside the transaction that wrote the rows."""
    entry = Entry.objects.filter(detail__contains={"import": job.pk}).order_by("-sequence").first()
    job.state, job.counts, job.failure = ImportState.DONE, counts, {}
    job.finished_at, job.context = timezone.now(), entry.context if entry else None
    job.save(update_fields=["state", "counts", "failure", "finished_at", "context"])


def close_import(key: int, state: str, failure: dict[str, Any]) -> str:
    """An import that did not happen: stopped or failed. One that is done stays done."""
    changed = ImportJob.objects.filter(pk=key, state=ImportState.QUEUED).update(
        state=state, failure=failure, finished_at=timezone.now()
    )
    return state if changed else str(ImportJob.objects.values_list("state", flat=True).get(pk=key))
