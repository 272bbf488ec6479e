"""Records of the projects room: the ledger in `projects`, ground and agreements in `faces`."""

from hongtu.domains.projects.models.faces import (
    FaceAgreement,
    FaceSignature,
    FaceTerms,
    JointRun,
    WorkFace,
)
from hongtu.domains.projects.models.projects import (
    ChainTemplate,
    Evidence,
    LightChange,
    MonthlyInvestment,
    PeriodReport,
    Project,
)

__all__ = [
    "ChainTemplate",
    "Evidence",
    "FaceAgreement",
    "FaceSignature",
    "FaceTerms",
    "JointRun",
    "LightChange",
    "MonthlyInvestment",
    "PeriodReport",
    "Project",
    "WorkFace",
]
