"""Pages of the matters room that a ledger cannot express."""

from hongtu.domains.matters.views.attachments import guide_attach, guide_detach, guide_file, guide_material
from hongtu.domains.matters.views.exports import guide_export
from hongtu.domains.matters.views.imports import guide_import, guide_import_job
from hongtu.domains.matters.views.public import bundle_page, matter_list, matter_page
from hongtu.domains.matters.views.review import (
    guide_decide,
    guide_edit,
    guide_first,
    guide_next,
    incomplete,
    review,
)

__all__ = [
    "bundle_page",
    "guide_attach",
    "guide_decide",
    "guide_detach",
    "guide_edit",
    "guide_export",
    "guide_file",
    "guide_first",
    "guide_import",
    "guide_import_job",
    "guide_material",
    "guide_next",
    "incomplete",
    "matter_list",
    "matter_page",
    "review",
]
