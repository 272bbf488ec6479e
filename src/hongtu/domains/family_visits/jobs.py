"""Scheduled work of the room. It runs every night whether there is anything or not."""

from procrastinate.contrib.django import app

from hongtu.domains.family_visits import actions


@app.periodic(cron="40 16 * * *")  # 00:40 in China
@app.task(queueing_lock="closed_rooms.purge", name="closed_rooms.purge", pass_context=False)
def purge(timestamp: int) -> None:
    """Delete what has served its time; no count is returned, since results can be read outside the room."""
    actions.purge(by=None)
