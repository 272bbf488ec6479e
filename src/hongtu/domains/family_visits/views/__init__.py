"""Pages of the room of family visits."""

from hongtu.domains.family_visits.views.home import (
    home,
    official,
    official_edit,
    official_new,
    official_release,
    plan,
)
from hongtu.domains.family_visits.views.needs import confirm, need, needs, settle
from hongtu.domains.family_visits.views.room import (
    log,
    members,
    purge,
    retention,
    setting,
    settings,
    withdraw,
)
from hongtu.domains.family_visits.views.visit import cancel, need_new, record, visit

__all__ = [
    "cancel",
    "confirm",
    "home",
    "log",
    "members",
    "need",
    "need_new",
    "needs",
    "official",
    "official_edit",
    "official_new",
    "official_release",
    "plan",
    "purge",
    "record",
    "retention",
    "setting",
    "settings",
    "settle",
    "visit",
    "withdraw",
]
