"""Pages of the assessment that a ledger cannot express."""

from hongtu.domains.assessment.views.cases import (
    adjustment,
    adjustment_new,
    appeal,
    appeal_decide,
    excuse,
    excuse_new,
    falsification,
    falsification_new,
    objection,
)
from hongtu.domains.assessment.views.compare import compare
from hongtu.domains.assessment.views.published import (
    correct,
    object_to,
    published,
    published_excel,
    published_word,
)
from hongtu.domains.assessment.views.ranking import (
    home,
    publish,
    ranking,
    ranking_excel,
    ranking_word,
    unit,
)
from hongtu.domains.assessment.views.rows import rows
from hongtu.domains.assessment.views.schemes import (
    scheme,
    scheme_decide,
    scheme_edit,
    scheme_new,
    scheme_propose,
)

__all__ = [
    "adjustment",
    "adjustment_new",
    "appeal",
    "appeal_decide",
    "compare",
    "correct",
    "excuse",
    "excuse_new",
    "falsification",
    "falsification_new",
    "home",
    "object_to",
    "objection",
    "publish",
    "published",
    "published_excel",
    "published_word",
    "ranking",
    "ranking_excel",
    "ranking_word",
    "rows",
    "scheme",
    "scheme_decide",
    "scheme_edit",
    "scheme_new",
    "scheme_propose",
    "unit",
]
