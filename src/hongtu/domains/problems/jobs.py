"""Scheduled work of the problems room."""

from procrastinate.contrib.django import app

from hongtu.kernel.problems.actions import sweep
from hongtu.kernel.profile.models import district


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="problems.sweep", name="problems.sweep", pass_context=False)
def sweep_clocks(timestamp: int) -> None:
    """Clocks that ran out, each told once. A district whose date stands still has no clock to run."""
    found = district()
    if found is not None and found.data_date is None:
        sweep(by=None)
