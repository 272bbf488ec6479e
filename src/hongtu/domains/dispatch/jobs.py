"""Scheduled work of the dispatch."""

from procrastinate.contrib.django import app

from hongtu.domains.dispatch import actions


@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="dispatch.escalate", name="dispatch.escalate", pass_context=False)
def escalate(timestamp: int) -> int:
    """Tell the next level what ran out; running it twice tells nothing twice."""
    return actions.escalate(by=None)
