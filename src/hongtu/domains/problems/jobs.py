"""Scheduled work of the problems room."""

from procrastinate.contrib.django import app

from hongtu.kernel.problems.actions import refresh_costs, sweep
from hongtu.kernel.problems.ranking import is_stale
from hongtu.kernel.profile.models import district


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="problems.sweep", name="problems.sweep", pass_context=False)
def sweep_clocks(timestamp: int) -> None:
    """Clocks that ran out, each told once. A district whose date stands still has no clock to run."""
    found = district()
    if found is not None and found.data_date is None:
        sweep(by=None)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="problems.refresh_costs", name="problems.refresh_costs", pass_context=False)
def compute_costs(timestamp: int) -> int:
    """What open problems and late steps cost, where a plan, a problem or the day changed; nothing
    otherwise."""
    return refresh_costs(by=None) if is_stale() else 0
