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


@app.periodic(cron="20 16 * * *")  # 00:20 in China, after the lights
@app.task(queueing_lock="projects.refresh_risks", name="projects.refresh_risks", pass_context=False)
def refresh_risks(timestamp: int) -> int:
    """Analyse the risk of all chains anew; running it twice changes nothing more."""
    return actions.refresh_risks(by=None)
