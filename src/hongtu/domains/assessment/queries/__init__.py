"""Every read of the assessment, scoped by the person who asks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from hongtu.domains.assessment.models import (
    Adjustment,
    Excuse,
    Falsification,
    Objection,
    Ranking,
    Scheme,
    Simulation,
)
from hongtu.domains.assessment.vocab import Charge, Decision, ObjectionState, SchemeState
from hongtu.kernel.access.policies import Policy, get, objects, protect
from hongtu.kernel.indicators.knowledge import Moment
from hongtu.kernel.people.models import Person, Unit

DOMAIN = "assessment"
OWN = Policy(DOMAIN, unit_paths=("unit__path",))
REACH = Policy(DOMAIN, unit_paths=("path",))
for _open in (Scheme, Simulation, Ranking):
    protect(_open, Policy(DOMAIN, everyone=True))
for _own in (Excuse, Adjustment, Falsification, Objection):
    protect(_own, OWN)


def schemes(by: Person | None, to: str = "read") -> QuerySet[Scheme]:
    """Schemes; one that is still being drafted is seen by those who draft."""
    rows = objects(Scheme, by=by, to=to).select_related("proposed_by", "adopted_by")
    return rows if objects(Scheme, by=by, to="manage").exists() else rows.exclude(state=SchemeState.DRAFT)


def scheme(key: int, by: Person | None, to: str = "read") -> Scheme:
    return get(Scheme, key, by=by, to=to)


def reach(by: Person) -> set[int] | None:
    """Units whose unpublished scores she may see; None means all."""
    scope = REACH.scope(by, "read")
    return None if scope == Q() else set(Unit.objects.filter(scope).values_list("pk", flat=True))


def whole_district(by: Person) -> bool:
    """Whether she sees every unit's scores as they stand."""
    return reach(by) is None


def rankings(by: Person | None) -> QuerySet[Ranking]:
    """Published rankings without their lines."""
    return objects(Ranking, by=by).select_related("scheme", "published_by").defer("lines")


def latest(subject: str, before: date | None = None) -> Ranking | None:
    """The last published ranking of a subject that no other one corrects."""
    rows = Ranking.objects.filter(subject=subject, superseded_by=None)
    if before is not None:
        rows = rows.filter(on__lt=before)
    return rows.order_by("-on", "-published_at").first()


def waiting(by: Person) -> dict[str, QuerySet[Any]]:
    """What she may decide: other people's requests only."""
    schemes = objects(Scheme, by=by, to="approve").filter(state=SchemeState.PROPOSED)
    charges = objects(Falsification, by=by, to="approve")
    open_charges = Q(state=Charge.REPORTED) & ~Q(reported_by=by)
    appeals = Q(state=Charge.APPEALED) & ~Q(reported_by=by) & ~Q(decided_by=by)
    excuses = objects(Excuse, by=by, to="approve").filter(state=Decision.ASKED).exclude(asked_by=by)
    adjustments = objects(Adjustment, by=by, to="approve").filter(state=Decision.ASKED)
    objections = objects(Objection, by=by, to="approve").filter(state=ObjectionState.OPEN)
    return {
        "schemes": schemes.exclude(proposed_by=by),
        "excuses": excuses.select_related("unit"),
        "adjustments": adjustments.exclude(asked_by=by).select_related("unit"),
        "falsifications": charges.filter(open_charges | appeals).select_related("unit"),
        "objections": objections.exclude(asked_by=by).select_related("unit", "ranking"),
    }


def adjustments_of(by: Person, unit: int, subject: str, moment: Moment) -> list[Adjustment]:
    """Approved adjustments that the score of the day contains, as they stand now, within her rights."""
    fields = ("unit_id", "subject", "state", "on")
    keys = [
        r.row_key
        for r in moment.rows(Adjustment, fields)
        if r.unit_id == unit and r.subject == subject and r.state == Decision.APPROVED
        and moment.since <= r.on <= moment.on
    ]  # fmt: skip
    return list(objects(Adjustment, by=by).filter(pk__in=keys).order_by("on"))


def charges_of(by: Person, unit: int, subject: str, moment: Moment) -> list[Falsification]:
    """Findings of falsified data about the unit in the year, whatever became of them, within her rights."""
    keys = [
        r.row_key
        for r in moment.rows(Falsification, ("unit_id", "subject", "occurred_on"))
        if r.unit_id == unit and r.subject == subject and moment.since <= r.occurred_on <= moment.on
    ]
    return list(objects(Falsification, by=by).filter(pk__in=keys).order_by("occurred_on"))


def known_since() -> datetime | None:
    """The first moment of which the house knows anything by which a score could be replayed."""
    event = Scheme.pgh_event_model  # type: ignore[attr-defined]
    found: datetime | None = event.objects.order_by("pgh_id").values_list("pgh_created_at", flat=True).first()
    return found
