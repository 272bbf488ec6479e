"""The uploaded workbooks: reading one, and removing those whose time is up."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.kernel.base.errors import HongtuError
from hongtu.ledger.models import ImportJob, ImportState

FOLDER = "imports"
KEPT = timedelta(days=30)


def content(job: ImportJob) -> bytes:
    """The uploaded file. HongtuError `import.file_gone` when it was removed."""
    try:
        with default_storage.open(job.file) as stream:
            return bytes(stream.read())
    except FileNotFoundError as error:
        raise _gone(job) from error


def require(job: ImportJob) -> None:
    """HongtuError `import.file_gone` when the uploaded file was removed."""
    if not default_storage.exists(job.file):
        raise _gone(job)


def _gone(job: ImportJob) -> HongtuError:
    text = _("上传的文件已超过保存期限（%(days)d 天）并被清除，请重新上传。") % {"days": KEPT.days}
    return HongtuError(text, code="import.file_gone", file=job.file_name)


def remove_old() -> int:
    """Delete files older than 30 days, also those that no import knows; how many. A file whose import still
    or dry run waits to be carried out stays, whatever its age."""
    if not default_storage.exists(FOLDER):
        return 0
    busy = ImportJob.objects.filter(state__in=[ImportState.QUEUED, ImportState.CHECKING])
    waiting = set(busy.values_list("file", flat=True))
    limit, removed = timezone.now() - KEPT, 0
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if path not in waiting and default_storage.get_modified_time(path) < limit:
            default_storage.delete(path)
            removed += 1
    return removed
