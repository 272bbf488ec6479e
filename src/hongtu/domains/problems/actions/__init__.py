"""The writes of this room; the moves themselves are the spine's (`kernel.problems.actions`)."""

from hongtu.domains.problems.actions.intake import (
    issue_key,
    public_join,
    public_report,
    withdraw_key,
)
from hongtu.domains.problems.actions.publishing import load_categories, publish_photos

__all__ = [
    "issue_key",
    "load_categories",
    "public_join",
    "public_report",
    "publish_photos",
    "withdraw_key",
]
