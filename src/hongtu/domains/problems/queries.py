"""Every read of this room, scoped by the person who asks; what residents see is marked so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from hongtu.domains.problems.models import ApiKey
from hongtu.domains.problems.rules import georeport
from hongtu.kernel.access.policies import Policy, objects, protect
from hongtu.kernel.access.roles import Confidentiality
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.problems import measures
from hongtu.kernel.problems import queries as spine
from hongtu.kernel.problems.models import Evidence, Following, LogEntry, Problem, Reporter
from hongtu.kernel.problems.vocab import OPEN, TERMINAL, Kind, Outcome, Phase, ResultState

protect(ApiKey, Policy("problems", everyone=True))
PUBLIC_KINDS = (Kind.PROBLEM, Kind.TICKET)


def subdistricts() -> QuerySet[Unit]:
    """Sub-districts and towns, in the order of their codes."""
    return Unit.objects.filter(kind=UnitKind.SUBDISTRICT).order_by("code")


def published() -> QuerySet[Problem]:
    """What anyone may see: reports whose reporter agreed to it."""
    return Problem.objects.filter(confidentiality=Confidentiality.PUBLIC, kind__in=PUBLIC_KINDS)


def results(subdistrict: int | None = None) -> QuerySet[Problem]:
    """Public list problem -> result: solved, published, newest first, with photos and quantities."""
    rows = published().filter(origin=True, outcome=Outcome.SOLVED)  # as the index has it
    rows = rows.filter(result__state=ResultState.STANDING, result__published=True)
    if subdistrict:
        rows = rows.filter(subdistrict=subdistrict)
    photos = Prefetch("evidence", Evidence.objects.filter(public=True, photo=True), to_attr="photos")
    return (
        rows.select_related("result", "subdistrict", "category", "handling_unit")
        .prefetch_related("result__quantities", photos)
        .order_by("-closed_at", "-id")
    )


def featured(most: int) -> list[Problem]:
    """The published results that took the most, of those that show before and after."""
    both = Q(evidence__public=True, evidence__phase=Phase.BEFORE)
    rows = results().filter(both, result__cost__isnull=False).distinct()
    return list(rows.order_by("-result__cost", "-id")[:most])


def results_counted() -> dict[int | None, int]:
    """Number of published results by sub-district; None: those that name none."""
    return dict(results().order_by().values_list("subdistrict").annotate(n=Count("pk")))


def results_by_subdistrict(counted: Mapping[int | None, int]) -> list[tuple[int, str, int]]:
    """(key, name, number of published results) of every sub-district."""
    return [(unit.pk, unit.name, counted.get(unit.pk, 0)) for unit in subdistricts()]


def public_photo(key: int) -> Evidence | None:
    """A photo anyone may see: marked public, of a public problem."""
    return Evidence.objects.filter(
        pk=key, public=True, photo=True, problem__confidentiality=Confidentiality.PUBLIC
    ).first()


def photo(key: int, by: Person) -> Evidence | None:
    """A photo within her rights."""
    return objects(Evidence, by=by).filter(pk=key, photo=True).first()


def reporter_by_code(code: str) -> Reporter | None:
    """The reporter with a code; what the code opens is a status, no words of anybody."""
    return Reporter.objects.filter(code=code.strip().upper()).select_related("problem").first()


def followed(reporter: Reporter) -> list[Following]:
    """What she waits for: the problem she reported, or what became of it."""
    rows = reporter.followings.filter(active=True).select_related(
        "problem", "problem__handling_unit", "problem__category", "problem__result"
    )
    return list(rows.order_by("id"))


def public_log(problem: Problem) -> QuerySet[Any]:
    """The lines of its record that its reporters may read."""
    return problem.log.filter(public=True).select_related("unit")


def followers(problem: Problem) -> QuerySet[Following]:
    return problem.followings.filter(active=True).select_related("reporter", "reporter__problem")


def photos_of(problem: Problem) -> dict[str, list[Evidence]]:
    """Photos by phase, those of what was merged into it included."""
    rows = Evidence.objects.filter(Q(problem=problem) | Q(problem__merged_into=problem), photo=True)
    found: dict[str, list[Evidence]] = {phase.value: [] for phase in Phase}
    for piece in rows.order_by("id"):
        found[piece.phase].append(piece)
    return found


def measured(by: Person, start: datetime, end: datetime, **narrow: Any) -> QuerySet[Problem]:
    """The reports of a period within her rights: by the moment they were made, which nobody can change."""
    rows = objects(Problem, by=by).filter(reported_at__gte=start, reported_at__lt=end)
    return rows.filter(**{name: value for name, value in narrow.items() if value})


def drill(rows: QuerySet[Problem], name: str, at: datetime) -> QuerySet[Any]:
    """The rows behind one number of the measures page; LookupError for a number that is not there."""
    whole = measures.origins(rows).select_related(*spine.SHOWN)
    if name in measures.ANSWERS:
        return whole.filter(
            pk__in=Reporter.objects.filter(measures.ANSWERS[name], problem__in=rows.order_by().values("pk"))
            .order_by()
            .values("problem")
        )
    return whole.filter(measures.conditions(at)[name])


def reporters_behind(rows: QuerySet[Problem], name: str) -> int | None:
    """How many reporters a number of the measures page counts; None where it counts reports."""
    if name not in measures.ANSWERS:
        return None
    return measures.reporters(rows).filter(measures.ANSWERS[name]).count()


def georeport_requests(query: georeport.Query) -> QuerySet[Problem]:
    """Rows of GET requests, newest first, with all that an entry needs, in two queries."""
    rows = published().filter(category__isnull=False)
    if query.keys:
        rows = rows.filter(number__in=query.keys)
    else:
        rows = rows.filter(reported_at__gte=query.start, reported_at__lte=query.end)
        if query.codes:
            rows = rows.filter(category__code__in=query.codes)
        if len(set(query.statuses)) == 1:
            rows = rows.filter(state__in=sorted(OPEN if query.statuses[0] == "open" else TERMINAL))
    first = (query.page - 1) * query.page_size
    last = Subquery(LogEntry.objects.filter(problem=OuterRef("pk")).order_by("-id").values("at")[:1])
    photos = Prefetch("evidence", Evidence.objects.filter(public=True, photo=True), to_attr="photos")
    return (
        rows.select_related("category", "handling_unit", "place", "merged_into", "subdistrict", "result")
        .annotate(last_at=last)
        .prefetch_related(photos)
        .order_by("-reported_at", "-id")[first : first + query.page_size]
    )


def figures(by: Person | None = None) -> dict[str, Any]:
    """Headline figures out of the records themselves. `by` None: the whole district.

    parking_spaces, lifts, facade_m2 ... : sums over the results that stand (verified by somebody else, not
    disputed). problems counts reports as they were made; problems_solved those that count as solved.
    """
    rows = Problem.objects.all() if by is None else objects(Problem, by=by)
    ours = rows.filter(kind__in=PUBLIC_KINDS)
    own = ours.filter(origin=True).aggregate(
        problems=Count("pk"), problems_solved=Count("pk", filter=Q(outcome="solved"))
    )
    sums = {name: int(v) if v == int(v) else float(v) for name, v in spine.quantities(rows).items()}
    return {**own, **sums}
