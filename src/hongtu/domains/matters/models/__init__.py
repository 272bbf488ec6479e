"""Records of the matters room."""

from hongtu.domains.matters.models.guides import (
    Approval,
    Bundle,
    BundleItem,
    ForbiddenRequest,
    Guide,
    GuideFile,
    GuideStanding,
    GuideStep,
    Material,
    Matter,
    Office,
    Referral,
)
from hongtu.domains.matters.models.talk import (
    Conversation,
    Feedback,
    Handover,
    Turn,
)
from hongtu.domains.matters.models.ticks import (
    HandbookTick,
    ManualTick,
)

__all__ = [
    "Approval",
    "Bundle",
    "BundleItem",
    "Conversation",
    "Feedback",
    "ForbiddenRequest",
    "Guide",
    "GuideFile",
    "GuideStanding",
    "GuideStep",
    "HandbookTick",
    "Handover",
    "ManualTick",
    "Material",
    "Matter",
    "Office",
    "Referral",
    "Turn",
]
