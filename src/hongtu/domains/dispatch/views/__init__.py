"""Pages of the dispatch room that a ledger cannot express."""

from hongtu.domains.dispatch.views.meetings import (
    draw,
    home,
    issue,
    item,
    item_new,
    lift,
    meeting,
    minutes,
    next_meeting,
)

__all__ = ["draw", "home", "issue", "item", "item_new", "lift", "meeting", "minutes", "next_meeting"]
