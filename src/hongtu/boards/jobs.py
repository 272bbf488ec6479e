"""Background work that needs the rooms and the way out of the house together."""

import logging

from procrastinate.contrib.django import app

from hongtu.adapters import gateways
from hongtu.boards.notices import links
from hongtu.kernel.notices import actions
from hongtu.kernel.notices.actions.telling import QUEUE, TASK
from hongtu.kernel.profile.models import district

log = logging.getLogger("hongtu.notices")


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE, queueing_lock=TASK, name=TASK, pass_context=False)
def deliver_notices(timestamp: int) -> dict[str, int]:
    """Work off the outbox. Woken by whoever fills it, and every minute for what was to wait."""
    told = actions.drain(gateways.send, gateways.route, links.outside)
    if told:
        log.info("notices: %s", dict(told))
    return dict(told)


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="notices.remind", name="notices.remind", pass_context=False)
def remind(timestamp: int) -> int:
    """Tell of deadlines that come near, each once. A district whose date stands still has none."""
    found = district()
    return actions.remind(by=None) if found is not None and found.data_date is None else 0
