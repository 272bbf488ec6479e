"""Background work of the ledgers: the queue calls, the import module does."""

from __future__ import annotations

import logging
from typing import Any

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

log = logging.getLogger("hongtu.ledger")


@app.task(queue="imports", name="ledger.run_import", retry=RetryStrategy(max_attempts=3, wait=5))
def run_import(job_id: int) -> str:
    """Carry out a confirmed import; safe to run twice."""
    from hongtu.ledger.imports.run import run

    state = run(job_id)
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
