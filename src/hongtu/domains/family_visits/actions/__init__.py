"""Every write of the room; each leaves its row in the room's own chain."""

from hongtu.domains.family_visits import queries  # noqa: F401 - the policies of the room are registered there
from hongtu.domains.family_visits.actions.needs import ask, confirm, settle
from hongtu.domains.family_visits.actions.officials import register_official, release, revise_official
from hongtu.domains.family_visits.actions.retention import purge
from hongtu.domains.family_visits.actions.room import (
    admit,
    install,
    looked,
    open_room,
    revise_setting,
    withdraw,
)
from hongtu.domains.family_visits.actions.visits import cancel, hold, keep_draft, plan

__all__ = [
    "admit",
    "ask",
    "cancel",
    "confirm",
    "hold",
    "install",
    "keep_draft",
    "looked",
    "open_room",
    "plan",
    "purge",
    "register_official",
    "release",
    "revise_official",
    "revise_setting",
    "settle",
    "withdraw",
]
