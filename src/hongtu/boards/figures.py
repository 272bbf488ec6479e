"""The district's headline figures, each domain adding its own."""

from typing import Any

from hongtu.domains.dispatch import queries as dispatch
from hongtu.domains.matters import queries as matters
from hongtu.domains.problems import queries as problems
from hongtu.domains.projects import queries as projects
from hongtu.domains.visits import queries as visits
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today


def figures(by: Person | None = None) -> dict[str, Any]:
    """Every figure, recomputed from records; `by` None means the whole district."""
    return {
        **projects.figures(by, today=today()),
        **problems.figures(by),
        **visits.figures(by),
        **dispatch.figures(by),
        **matters.figures(today()),
    }
