"""Every write on visits."""

from hongtu.domains.visits import queries  # noqa: F401 - the policies of the room are registered there
from hongtu.domains.visits.actions.programme import (
    adopt_plan,
    convert,
    pair,
    revise_conversion,
    revise_pairing,
    revise_plan,
    topics,
)
from hongtu.domains.visits.actions.visits import (
    add_due,
    add_finding,
    cancel,
    hold,
    order_day,
    plan_visit,
    revise_finding,
    revise_visit,
)

__all__ = [
    "add_due",
    "add_finding",
    "adopt_plan",
    "cancel",
    "convert",
    "hold",
    "order_day",
    "pair",
    "plan_visit",
    "revise_conversion",
    "revise_finding",
    "revise_pairing",
    "revise_plan",
    "revise_visit",
    "topics",
]
