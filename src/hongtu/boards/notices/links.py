"""Where a notice leads: the page of what it is about."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse

from hongtu.kernel.chains.models import Step
from hongtu.kernel.notices.models import Notice


def _step(key: int) -> str:
    step = Step.objects.select_related("chain").filter(pk=key).first()
    if step is None or step.chain.subject_label != "projects.project":
        return ""
    return reverse("projects:chain", args=[step.chain.subject_key])


PAGES: dict[str, Callable[[int], str]] = {
    "problem_spine.problem": lambda key: reverse("problems:detail", args=[key]),
    "chains.step": _step,
    "dispatch.escalation": lambda _key: reverse("dispatch:home"),
    "dispatch.meeting": lambda key: reverse("dispatch:meeting", args=[key]),
    "visits.visit": lambda key: reverse("visits:visit", args=[key]),
    "visits.pairing": lambda key: reverse("ledger:detail", args=["assigned-projects", key]),
    "consultation.topic": lambda key: reverse("consultation:topic", args=[key]),
    **{
        f"consultation.{name}": lambda key: reverse("consultation:meeting", args=[key])
        for name in ("meeting", "material", "minutes")
    },
    "assessment.excuse": lambda key: reverse("assessment:excuse", args=[key]),
    "assessment.adjustment": lambda key: reverse("assessment:adjustment", args=[key]),
    "assessment.falsification": lambda key: reverse("assessment:falsification", args=[key]),
    "assessment.objection": lambda key: reverse("assessment:objection", args=[key]),
    "assessment.ranking": lambda key: reverse("assessment:published", args=[key]),
    "projects.faceagreement": lambda key: reverse("projects:agreement", args=[key]),
    "projects.lightchange": lambda _key: reverse("projects:light-changes"),
    "matters.guide": lambda _key: reverse("matters:review"),
}


def page_of(label: str, key: int | None) -> str:
    """The path of a page, empty when there is none. Whether she may see it is the page's own affair."""
    made = PAGES.get(label)
    return made(key or 0) if made else ""


def outside(notice: Notice | None) -> str:
    """The whole address of a notice, or of the list, for a message; empty when HONGTU_ADDRESS is not set."""
    if not settings.HONGTU_ADDRESS:
        return ""
    path = reverse("boards:notice", args=[notice.pk]) if notice else reverse("boards:notices")
    return settings.HONGTU_ADDRESS + path
