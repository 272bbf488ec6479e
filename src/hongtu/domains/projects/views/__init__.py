"""Pages of the projects room that a ledger cannot express."""

from hongtu.domains.projects.views.chains import chain, chain_export, chain_new, promise
from hongtu.domains.projects.views.changes import (
    evidence_file,
    evidence_new,
    light_change,
    light_changes,
    light_decide,
    stage,
)
from hongtu.domains.projects.views.reports import report, report_decide, reports
from hongtu.domains.projects.views.steps import months, step, step_move, step_new, step_remove

__all__ = [
    "chain",
    "chain_export",
    "chain_new",
    "evidence_file",
    "evidence_new",
    "light_change",
    "light_changes",
    "light_decide",
    "months",
    "promise",
    "report",
    "report_decide",
    "reports",
    "stage",
    "step",
    "step_move",
    "step_new",
    "step_remove",
]
