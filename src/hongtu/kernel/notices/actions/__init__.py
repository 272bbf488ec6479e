"""Every write of the notices."""

from hongtu.kernel.notices.actions.outbox import drain
from hongtu.kernel.notices.actions.own import (
    issue_link,
    keep_preference,
    mark_all_read,
    mark_read,
    retry,
    revoke_link,
    send_test,
)
from hongtu.kernel.notices.actions.reminding import remind
from hongtu.kernel.notices.actions.telling import News, tell

__all__ = [
    "News",
    "drain",
    "issue_link",
    "keep_preference",
    "mark_all_read",
    "mark_read",
    "remind",
    "retry",
    "revoke_link",
    "send_test",
    "tell",
]
