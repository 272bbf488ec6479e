"""Every write of the dispatch."""

from hongtu.domains.dispatch.actions.agenda import cost_of, levels
from hongtu.domains.dispatch.actions.escalating import escalate
from hongtu.domains.dispatch.actions.meetings import (
    add_item,
    convene,
    decide,
    defer,
    draw_agenda,
    issue,
    lift_limit,
    next_meeting,
    plan_meeting,
    raise_item,
    revise_meeting,
)

__all__ = [
    "add_item",
    "convene",
    "cost_of",
    "decide",
    "defer",
    "draw_agenda",
    "escalate",
    "issue",
    "levels",
    "lift_limit",
    "next_meeting",
    "plan_meeting",
    "raise_item",
    "revise_meeting",
]
