"""Scheduled work of the projects room."""

from procrastinate.contrib.django import app

from hongtu.domains.projects import actions


@app.periodic(
    cron="10 16 * * *"
)  # 00:10 in China: a new day may turn lights without anybody touching a record
@app.task(queueing_lock="projects.refresh_lights", name="projects.refresh_lights", pass_context=False)
def refresh_lights(timestamp: int) -> int:
    """Judge the whole district anew; running it twice changes nothing more."""
    return actions.refresh_lights(by=None)
