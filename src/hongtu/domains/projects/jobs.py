"""Scheduled work of the projects room."""

from procrastinate.contrib.django import app

from hongtu.domains.projects import actions
from hongtu.domains.projects.actions.solving import solve_run


@app.periodic(
    cron="10 16 * * *"
)  # 00:10 in China: a new day may turn lights without anybody touching a record
@app.task(queueing_lock="projects.refresh_lights", name="projects.refresh_lights", pass_context=False)
def refresh_lights(timestamp: int) -> int:
    """Judge the whole district anew; running it twice changes nothing more."""
    return actions.refresh_lights(by=None)


@app.periodic(cron="20 16 * * *")  # 00:20 in China, after the lights
@app.task(queueing_lock="projects.refresh_risks", name="projects.refresh_risks", pass_context=False)
def refresh_risks(timestamp: int) -> int:
    """Analyse the risk of all chains anew; running it twice changes nothing more."""
    return actions.refresh_risks(by=None)


@app.task(name="projects.solve_joint")
def solve_joint(run_id: int) -> str:
    """Search joint schedules for a queued run, with progress and stop; running it again does nothing more."""
    return solve_run(run_id)
