"""Every write on matters."""

from hongtu.domains.matters.actions.guides import (
    decide,
    draft,
    import_guides,
    next_version,
    revise_guide,
    submit,
    write_parts,
)
from hongtu.domains.matters.actions.loading import load
from hongtu.domains.matters.actions.matters import import_matters, register, revise
from hongtu.domains.matters.actions.registers import (
    forbidden_requests,
    referrals,
    tick,
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
    "answer_handover",
    "converse",
    "decide",
    "draft",
    "forbidden_requests",
    "give_feedback",
    "hand_over",
    "import_guides",
    "import_matters",
    "keep_rewording",
    "load",
    "next_version",
    "referrals",
    "register",
    "revise",
    "revise_guide",
    "settle",
    "submit",
    "tick",
    "write_parts",
]
