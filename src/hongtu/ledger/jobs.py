"""Background work of the ledgers: the queue calls, the import module does."""

from __future__ import annotations

import logging
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

log = logging.getLogger("hongtu.ledger")

RETRIES = 3
RETRY = RetryStrategy(max_attempts=RETRIES, wait=5)


def _last(context: JobContext) -> bool:
    """Whether a failure now is final; counted before the attempt, as the queue does."""
    return context.job is not None and context.job.attempts >= RETRIES


def _unexpected(context: JobContext) -> dict[str, str]:
    """What the page says of an error nobody foresaw; the log has it in full under the same number."""
    number = context.job.id if context.job is not None else 0
    text = _("程序出了意外，没有写入任何内容。请把编号 %(number)s 告诉系统管理员。") % {"number": number}
    return {"code": "import.unexpected", "message": text}


@app.task(queue="imports", name="ledger.run_check", retry=RETRY, pass_context=True)
def run_check(context: JobContext, job_id: int, round: int, language: str) -> str:
    """Do the dry run of an uploaded workbook; safe to run twice."""
    from hongtu.ledger import actions
    from hongtu.ledger.imports import run

    with translation.override(language):
        try:
            state = run.run_check(job_id, round)
        except Exception:
            if _last(context):
                actions.close_check(job_id, round, _unexpected(context))
            raise
    log.info("dry run %s: %s", job_id, state)
    return state


@app.task(queue="imports", name="ledger.run_import", retry=RETRY, pass_context=True)
def run_import(context: JobContext, job_id: int, language: str = "zh-hans") -> str:
    """Carry out a confirmed import; safe to run twice."""
    from hongtu.ledger import actions
    from hongtu.ledger.imports import run
    from hongtu.ledger.models import ImportState

    with translation.override(language):
        try:
            state = run.run(job_id)
        except Exception:
            if _last(context):
                actions.close_import(job_id, ImportState.FAILED, _unexpected(context))
            raise
    log.info("import %s: %s", job_id, state)
    return state


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="ledger.remove_old_files", name="ledger.remove_old_files")
def remove_old_files(timestamp: int) -> int:
    """Uploaded workbooks hold personal data and are not kept for ever; what was imported is in the ledger."""
    from hongtu.ledger.imports.files import remove_old

    removed = remove_old()
    log.info("%s uploaded workbooks removed", removed)
    return removed


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ledger.retry_stalled", name="ledger.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> int:
    """Take up jobs whose worker died (no heartbeat); every task of the house is safe to repeat."""
    manager: Any = app.job_manager
    stalled = list(await manager.get_stalled_jobs())
    for job in stalled:
        await manager.retry_job(job)
    return len(stalled)
