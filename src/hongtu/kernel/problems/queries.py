"""Every read of the spine, scoped by the person who asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from hongtu.kernel.access.policies import assignments, can, get, objects
from hongtu.kernel.access.roles import ROLES, Confidentiality
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.problems import duplicates, rules
from hongtu.kernel.problems.models import Category, Decision, Problem, Quantity
from hongtu.kernel.problems.terms import now
from hongtu.kernel.problems.vocab import DecisionState, Kind, ResultState
from hongtu.kernel.profile.models import rule

Alike = tuple[Problem, duplicates.Likeness]
SHOWN = ("category", "owner_unit", "handling_unit", "lead_unit", "desk", "subdistrict", "handler")


def problems(by: Person | None, to: str = "read") -> QuerySet[Problem]:
    """The problems she may see, with what a list shows, in one query."""
    return objects(Problem, by=by, to=to).select_related(*SHOWN)


def problem(key: int, by: Person | None, to: str = "read") -> Problem:
    """One problem; Http404 when it is hidden or missing."""
    return get(Problem, key, by=by, to=to)


def categories() -> QuerySet[Category]:
    """The kinds of problem in use; they are no secret."""
    return Category.objects.filter(active=True)


def own_units(person: Person) -> list[int]:
    """The units whose work is hers: hers and below. The district's own desk is served by those who triage for
    the whole district."""
    found = Q(pk__in=[])
    for held in assignments(person):
        role = ROLES[held.role]
        if not role.grants("problems.read"):
            continue
        if held.unit.kind != UnitKind.DISTRICT:
            found |= Q(path__startswith=held.unit.path)
        if role.whole_district and role.grants("problems.triage"):
            found |= Q(kind=UnitKind.DISTRICT)
        elif held.unit.kind == UnitKind.DISTRICT and not role.whole_district:
            found |= Q(pk=held.unit_id)
    return list(Unit.objects.filter(found).values_list("pk", flat=True))


def bands(at: datetime) -> dict[str, Q]:
    """How the queue is cut: what is late, what falls due today, within three days, later, what holds up a
    chain."""
    midnight = at.astimezone().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    soon = midnight + timedelta(days=3)
    return {
        "late": Q(clock_due_at__lt=at),
        "today": Q(clock_due_at__gte=at, clock_due_at__lt=midnight),
        "soon": Q(clock_due_at__gte=midnight, clock_due_at__lt=soon),
        "later": Q(clock_due_at__gte=soon),
        "blocking": Q(cost__isnull=False),
    }


def queue(person: Person) -> QuerySet[Problem]:
    """What waits for her or her unit, the most urgent first. The unit's index leads, her rights narrow it."""
    ceilings = [int(ROLES[a.role].ceiling) for a in assignments(person)]
    rows = Problem.objects.filter(
        owner_unit__in=own_units(person), confidentiality__lte=max(ceilings, default=-1)
    )
    return rows.exclude(clock="").select_related(*SHOWN).order_by("clock_due_at", "id")


def queue_counts(person: Person, at: datetime) -> dict[str, int]:
    """Rows of the queue by band, in one query."""
    asked = {name: Count("pk", filter=where) for name, where in bands(at).items()}
    rows = queue(person).order_by().select_related(None)
    return rows.aggregate(everything=Count("pk"), **asked)


def waiting_decisions(person: Person) -> QuerySet[Decision]:
    """Requests she may decide: not her own, not about work she had a hand in."""
    if not can(person, "problems.approve"):
        return Decision.objects.none()
    rows = objects(Decision, by=person, to="approve").filter(
        state__in=(DecisionState.ASKED, DecisionState.FIRST)
    )
    rows = rows.exclude(asked_by=person).exclude(first_by=person)
    return rows.select_related("problem", "asked_by", "problem__handling_unit").order_by("asked_at")


def alike(problem: Problem, by: Person | None) -> list[tuple[Problem, duplicates.Likeness]]:
    """Open or recent problems that may be the same, best first; only among those she may triage."""
    data = rule("problems.duplicates")
    since = problem.reported_at - timedelta(days=int(data["days"]))
    rows = (
        problems(by, "triage")
        .select_related("place")
        .filter(reported_at__gte=since, state__in=sorted(rules.BEFORE_CLOSING))
    )
    near = Q(subdistrict=problem.subdistrict_id) if problem.subdistrict_id else Q()
    if problem.place is not None:
        degrees = float(data["metres"]) / 90_000
        near |= Q(
            place__longitude__range=(problem.place.longitude - degrees, problem.place.longitude + degrees),
            place__latitude__range=(problem.place.latitude - degrees, problem.place.latitude + degrees),
        )
    found = {p.pk: p for p in rows.filter(near).exclude(pk=problem.pk).order_by("-reported_at", "-id")[:300]}
    ranked = duplicates.rank(
        _report(problem),
        [_report(p) for p in found.values()],
        within=float(data["metres"]),
        text_share=float(data["text_share"]),
        least=float(data["from"]),
        most=int(data["most"]),
    )
    return [(found[like.key], like) for like in ranked]


def alike_published(text: str, point: tuple[float, float] | None, subdistrict: int | None) -> list[Alike]:
    """Open problems anyone may see that resemble what somebody is about to report; a hint, before it is
    sent."""
    data = rule("problems.duplicates")
    since = now() - timedelta(days=int(data["days"]))
    rows = Problem.objects.filter(
        confidentiality=Confidentiality.PUBLIC,
        kind__in=(Kind.PROBLEM, Kind.TICKET),
        reported_at__gte=since,
        state__in=sorted(rules.BEFORE_CLOSING),
    )
    near = Q(subdistrict=subdistrict) if subdistrict else Q()
    if point is not None:
        degrees = float(data["metres"]) / 90_000
        near |= Q(
            place__longitude__range=(point[0] - degrees, point[0] + degrees),
            place__latitude__range=(point[1] - degrees, point[1] + degrees),
        )
    found = {p.pk: p for p in rows.filter(near).select_related("place").order_by("-reported_at", "-id")[:300]}
    ranked = duplicates.rank(
        duplicates.Report(0, text, point),
        [_report(p) for p in found.values()],
        within=float(data["metres"]),
        text_share=float(data["text_share"]),
        least=float(data["from"]),
        most=int(data["most"]),
    )
    return [(found[like.key], like) for like in ranked]


def _report(problem: Problem) -> duplicates.Report:
    text = duplicates.texts((problem.title, problem.description))
    return duplicates.Report(problem.pk, text, problem.place.point if problem.place else None)


def quantities(rows: QuerySet[Problem]) -> dict[str, Decimal]:
    """{measure: sum} over the results that stand, of these problems."""
    found = Quantity.objects.filter(
        result__problem__in=rows.order_by().values("pk"), result__state=ResultState.STANDING
    )
    return dict(found.order_by().values_list("measure").annotate(total=Sum("amount")))
