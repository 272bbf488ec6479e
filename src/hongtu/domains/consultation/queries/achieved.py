"""What consultations led to, as the public may read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from hongtu.domains.consultation.models import Evaluation
from hongtu.domains.consultation.vocab import Satisfaction, TaskState
from hongtu.kernel.problems.models import Quantity
from hongtu.kernel.problems.vocab import ResultState


def rows() -> QuerySet[Quantity]:
    """Quantities of results that stand and are cleared for the public, of tasks that were carried out, newest
    first."""
    found = Quantity.objects.filter(
        result__problem__consultation_task__state=TaskState.DONE,
        result__state=ResultState.STANDING,
        result__published=True,
    )
    topic = "result__problem__consultation_task__conclusion__topic"
    found = found.select_related(
        f"{topic}__community", f"{topic}__estate", "result__problem__consultation_task__conclusion__posting"
    )
    return found.order_by("-result__problem__consultation_task__done_on", "pk")


def sums() -> list[dict[str, Any]]:
    """{measure, label, unit, total} of everything achieved, by measure."""
    found = rows().order_by().values("measure", "label", "unit").annotate(total=Sum("amount"))
    return [dict(row) for row in found.order_by("measure")]


def satisfaction_of(topics: Iterable[int]) -> dict[int, tuple[int, int]]:
    """(not dissatisfied, all) evaluations by topic."""
    found = Evaluation.objects.filter(topic__in=topics).order_by().values("topic")
    happy = Count("pk", filter=~Q(satisfaction=Satisfaction.DISSATISFIED))
    return {row["topic"]: (row["happy"], row["n"]) for row in found.annotate(happy=happy, n=Count("pk"))}
