"""What the pages of this room share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.kernel.places.actions import located
from hongtu.kernel.problems.actions import Spot
from hongtu.kernel.problems.models import Evidence, Problem, Quantity
from hongtu.kernel.problems.terms import now
from hongtu.kernel.problems.vocab import OPEN, Outcome, Phase, State
from hongtu.ui.status import Status
from hongtu.ui.widgets import Position


def problem_url(key: int) -> str:
    return reverse("problems:detail", args=[key])


def status_of(problem: Problem, at: datetime | None = None) -> Status:
    """Shape of a problem: late once its clock ran out, done when solved. Lists give `at`, read once."""
    if problem.state in OPEN:
        if problem.state == State.SUSPENDED:
            return Status.EXCUSED
        late = problem.clock_due_at is not None and problem.clock_due_at < (at or now())
        return Status.LATE if late else Status.NORMAL
    return {
        Outcome.SOLVED: Status.DONE,
        Outcome.EXCLUDED: Status.EXCUSED,
        Outcome.OPEN: Status.NOT_DUE,
    }.get(Outcome(problem.outcome), Status.WARNING)


@dataclass(frozen=True)
class Card:
    """A result card: before and after, how much, for how much money."""

    problem: Problem
    summary: str
    before: Evidence | None = None
    after: Evidence | None = None
    quantities: list[Quantity] = field(default_factory=list)
    cost: Any = None
    funding: str = ""


def result_card(problem: Problem) -> Card | None:
    """The card of a problem with a result; only photos cleared for the public."""
    result = getattr(problem, "result", None)
    if result is None:
        return None
    photos = getattr(problem, "photos", None)
    if photos is None:
        photos = list(problem.evidence.filter(public=True, photo=True))
    return Card(
        problem,
        result.summary,
        next((p for p in photos if p.phase == Phase.BEFORE), None),
        next((p for p in reversed(photos) if p.phase == Phase.AFTER), None),
        list(result.quantities.all()),
        result.cost,
        result.funding,
    )


def picture(found: Evidence | None) -> FileResponse:
    """The bytes of a photo; Http404 when there is none, or when its file was lost (restored without
    files)."""
    if found is None or not found.file.storage.exists(str(found.file.name)):
        raise Http404(_("没有这张照片。"))
    return FileResponse(found.file.open("rb"), content_type="image/jpeg")


def spot_of(position: Position | None) -> Spot | None:
    """A position of the form as the spine takes it."""
    if position is None:
        return None
    longitude, latitude = position.corners[0]
    return Spot(longitude, latitude, position.system)


def wgs84(spot: Spot) -> tuple[float, float]:
    """Longitude and latitude of a spot as the house keeps them."""
    point = located({"type": "Point", "coordinates": [spot.longitude, spot.latitude]}, spot.system)
    return float(point["longitude"]), float(point["latitude"])
