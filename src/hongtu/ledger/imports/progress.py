"""How far a dry run or an import is, told while it runs, and the wish to stop, heard while it runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from hongtu.ledger.models import ImportJob, ImportPhase, ImportProgress
from hongtu.ledger.sheets import Stopped

# Shares of the bar, in hundredths: where each phase begins and ends in a dry run. Measured on 5,000 rows.
SHARES = {
    ImportPhase.WAITING: (0, 0),
    ImportPhase.READING: (0, 45),
    ImportPhase.COLUMNS: (45, 75),
    ImportPhase.COMPARING: (75, 100),
}
REPEATED = 0.5
"""An import repeats the dry run first; that takes about half of its time."""


class Reporter:
    """Writes progress over a connection of its own: the import's transaction is not seen from outside
    before it ends, and must not be. Raises Stopped when the person asked to stop or started anew."""

    def __init__(self, job: int, round_: int) -> None:
        self.job, self.round = job, round_
        self.connection = connection.copy()
        self.last = 0.0
        self.phase: str = ImportPhase.WAITING

    def at(self, phase: ImportPhase, done: int, total: int) -> None:
        """`done` of `total` rows or columns of a phase; written at most five times a second, and at the
        beginning of each phase."""
        now = time.monotonic()
        if phase == self.phase and now - self.last < 0.2:
            return
        self.last, self.phase = now, phase
        with self.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE ledger_importprogress SET phase = %s, done = %s, total = %s "
                "WHERE job_id = %s RETURNING stop, round",
                [phase, done, total, self.job],
            )
            row = cursor.fetchone()
        if row is not None and (row[0] or row[1] != self.round):
            raise Stopped(f"stopped in {phase} after {done}")

    def close(self) -> None:
        self.connection.close()


@contextmanager
def reporter(job: int, round_: int) -> Iterator[Reporter]:
    made = Reporter(job, round_)
    try:
        yield made
    finally:
        made.close()


def progress_of(job: ImportJob) -> ImportProgress:
    """How far a job is; all zeros for one that never began."""
    return ImportProgress.objects.filter(job=job).first() or ImportProgress(job=job)


def share(progress: ImportProgress, *, writing: bool) -> int:
    """Whole percent of the bar; `writing`: of a confirmed import, else of a dry run."""
    part = min(1.0, progress.done / progress.total) if progress.total else 0.0
    if progress.phase == ImportPhase.WRITING:
        return round(100 * (REPEATED + (1 - REPEATED) * part))
    low, high = SHARES[ImportPhase(progress.phase)]
    return round((low + (high - low) * part) * (REPEATED if writing else 1))
