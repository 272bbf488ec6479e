"""Pages of the matters room that a ledger cannot express."""

from hongtu.domains.matters.views.public import bundle_page, matter_list, matter_page
from hongtu.domains.matters.views.review import guide_decide, guide_edit, guide_first, guide_next, review

__all__ = [
    "bundle_page",
    "guide_decide",
    "guide_edit",
    "guide_first",
    "guide_next",
    "matter_list",
    "matter_page",
    "review",
]
