"""Scheduled work of the consultation room."""

from procrastinate.contrib.django import app

from hongtu.domains.consultation import actions


@app.periodic(cron="25 17 * * *")
@app.task(
    queueing_lock="consultation.forget_attempts", name="consultation.forget_attempts", pass_context=False
)
def forget_attempts(timestamp: int) -> None:
    """Forget who objected how often: it serves the limit only."""
    actions.forget_attempts(by=None)
