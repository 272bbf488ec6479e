"""Every write of the assessment."""

from hongtu.domains.assessment.actions.conduct import (
    appeal,
    ask_adjustment,
    ask_excuse,
    decide_adjustment,
    decide_appeal,
    decide_excuse,
    decide_falsification,
    report_falsification,
)
from hongtu.domains.assessment.actions.publishing import decide_objection, object_to, publish
from hongtu.domains.assessment.actions.schemes import (
    adopt,
    draft_scheme,
    load_schemes,
    propose,
    refuse,
    revise_scheme,
)

__all__ = [
    "adopt",
    "appeal",
    "ask_adjustment",
    "ask_excuse",
    "decide_adjustment",
    "decide_appeal",
    "decide_excuse",
    "decide_falsification",
    "decide_objection",
    "draft_scheme",
    "load_schemes",
    "object_to",
    "propose",
    "publish",
    "refuse",
    "report_falsification",
    "revise_scheme",
]
