"""Demonstration problems: the three cases of the seeds with their figures, and some two hundred ordinary ones in
every state, over four months; written through the spine's actions by people with parts to play. Deterministic
but for the private links; everything but the public facts of the three cases is fictional and marked 示例.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hongtu.domains.problems import actions
from hongtu.domains.problems.demo.cast import make_cast
from hongtu.domains.problems.demo.named import named_cases
from hongtu.domains.problems.demo.ordinary import ordinary_cases
from hongtu.kernel.people.models import Person

__all__ = ["API_KEY", "load"]

API_KEY = "shili-open311"
Report = Callable[[int, int], None]


def load(*, by: Person | None, categories: Sequence[Mapping[str, Any]], report: Report) -> None:
    """Write categories, people, a demonstration key, the named cases and the ordinary ones."""
    actions.load_categories(by=by, rows=categories)
    actions.issue_key(by=None, name="示例应用", key=API_KEY)
    cast = make_cast(by=by)
    named_cases(cast)
    ordinary_cases(cast, report)
