"""Pages of the projects room that a ledger cannot express."""

from hongtu.domains.projects.views.chains import chain, chain_export, chain_new, promise, step, step_move
from hongtu.domains.projects.views.changes import (
    evidence_file,
    evidence_new,
    light_change,
    light_changes,
    light_decide,
    stage,
)
from hongtu.domains.projects.views.reports import report, report_decide, reports

__all__ = [
    "chain",
    "chain_export",
    "chain_new",
    "evidence_file",
    "evidence_new",
    "light_change",
    "light_changes",
    "light_decide",
    "promise",
    "report",
    "report_decide",
    "reports",
    "stage",
    "step",
    "step_move",
]
