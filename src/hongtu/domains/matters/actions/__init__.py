"""Every write on matters."""

from hongtu.domains.matters.actions.files import attach, detach
from hongtu.domains.matters.actions.guides import (
    decide,
    draft,
    import_guides,
    next_version,
    revise_guide,
    submit,
)
from hongtu.domains.matters.actions.imports import Target, import_documents
from hongtu.domains.matters.actions.loading import load
from hongtu.domains.matters.actions.matters import import_matters, register, revise
from hongtu.domains.matters.actions.parts import assess_all, material_row
from hongtu.domains.matters.actions.registers import (
    forbidden_requests,
    referrals,
    tick,
    tick_manual,
)
from hongtu.domains.matters.actions.talk import (
    answer_handover,
    converse,
    give_feedback,
    hand_over,
    keep_rewording,
    settle,
)

__all__ = [
    "Target",
    "answer_handover",
    "assess_all",
    "attach",
    "converse",
    "decide",
    "detach",
    "draft",
    "forbidden_requests",
    "give_feedback",
    "hand_over",
    "import_documents",
    "import_guides",
    "import_matters",
    "keep_rewording",
    "load",
    "material_row",
    "next_version",
    "referrals",
    "register",
    "revise",
    "revise_guide",
    "settle",
    "submit",
    "tick",
    "tick_manual",
]
