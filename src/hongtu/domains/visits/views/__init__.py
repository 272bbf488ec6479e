"""Pages of the visits room that a ledger cannot express."""

from hongtu.domains.visits.views.day import day, day_add, day_order
from hongtu.domains.visits.views.home import home, programme
from hongtu.domains.visits.views.visit import cancel, finding_new, hold, photo, visit

__all__ = [
    "cancel",
    "day",
    "day_add",
    "day_order",
    "finding_new",
    "hold",
    "home",
    "photo",
    "programme",
    "visit",
]
