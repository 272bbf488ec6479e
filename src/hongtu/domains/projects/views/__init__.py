"""Pages of the projects room that a ledger cannot express."""

from hongtu.domains.projects.views.approvals import approvals
from hongtu.domains.projects.views.chains import chain, chain_export, chain_new, promise
from hongtu.domains.projects.views.changes import (
    evidence_file,
    evidence_new,
    light_change,
    light_changes,
    light_decide,
    stage,
)
from hongtu.domains.projects.views.face_forms import face, face_remove
from hongtu.domains.projects.views.faces import (
    agreement,
    agreement_propose,
    agreement_sign,
    agreement_withdraw,
    faces,
    faces_export,
    faces_upload,
    joint,
    joint_ask,
    joint_progress,
    joint_stop,
)
from hongtu.domains.projects.views.preview import preview
from hongtu.domains.projects.views.register import (
    estimates,
    risk_branch,
    risk_branch_remove,
    risk_event,
    risk_event_remove,
)
from hongtu.domains.projects.views.reports import report, report_decide, reports
from hongtu.domains.projects.views.rescue import rescue, rescue_apply
from hongtu.domains.projects.views.risk import risk
from hongtu.domains.projects.views.steps import months, step, step_move, step_new, step_remove
from hongtu.domains.projects.views.versions import versions
from hongtu.domains.projects.views.why import why

__all__ = [
    "agreement",
    "agreement_propose",
    "agreement_sign",
    "agreement_withdraw",
    "approvals",
    "chain",
    "chain_export",
    "chain_new",
    "estimates",
    "evidence_file",
    "evidence_new",
    "face",
    "face_remove",
    "faces",
    "faces_export",
    "faces_upload",
    "joint",
    "joint_ask",
    "joint_progress",
    "joint_stop",
    "light_change",
    "light_changes",
    "light_decide",
    "months",
    "preview",
    "promise",
    "report",
    "report_decide",
    "reports",
    "rescue",
    "rescue_apply",
    "risk",
    "risk_branch",
    "risk_branch_remove",
    "risk_event",
    "risk_event_remove",
    "stage",
    "step",
    "step_move",
    "step_new",
    "step_remove",
    "versions",
    "why",
]
