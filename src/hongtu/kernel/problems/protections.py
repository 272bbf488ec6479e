"""Who reaches a problem: those who own it now, answer for it, received it, or live where it lies."""

from hongtu.kernel.access.policies import Policy, protect
from hongtu.kernel.problems.models import (
    Category,
    Decision,
    Evidence,
    Following,
    LogEntry,
    Problem,
    Reporter,
    Result,
    Suspension,
)

UNITS = ("owner_unit__path", "handling_unit__path", "lead_unit__path", "desk__path", "subdistrict__path")
PEOPLE = ("handler", "reported_by")


def _through(prefix: str = "") -> Policy:
    """The policy of a problem, or of what belongs to one by `prefix`."""
    return Policy(
        "problems",
        unit_paths=tuple(prefix + path for path in UNITS),
        person_paths=tuple(prefix + path for path in PEOPLE),
        confidentiality=prefix + "confidentiality",
    )


def install() -> None:
    """Register the policies; called once when Django starts."""
    protect(Problem, _through())
    for model in (Decision, LogEntry, Evidence, Following, Reporter, Result, Suspension):
        protect(model, _through("problem__"))
    protect(Category, Policy("problems", everyone=True))
