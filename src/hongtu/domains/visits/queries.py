"""Every read of visits, scoped by the person who asks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from hongtu.domains.visits import rules
from hongtu.domains.visits.models import (
    Conversion,
    Finding,
    Pairing,
    RectificationPlan,
    SitePhoto,
    Topic,
    Visit,
)
from hongtu.domains.visits.vocab import Aspect, Disposal, VisitState
from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.policies import Policy, can, get, objects, protect
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.notices.deadlines import Dated, Dates, register
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.vocab import OPEN
from hongtu.kernel.profile.models import rule

DOMAIN, DAY = "visits", "visits.day"


def _through(prefix: str = "") -> Policy:
    """The policy of a visit, or of what belongs to one by `prefix`."""
    return Policy(
        DOMAIN,
        unit_paths=(prefix + "unit__path",),
        person_paths=(prefix + "leader", prefix + "recorder"),
    )


protect(Visit, _through())
protect(Finding, _through("visit__"))
protect(SitePhoto, _through("visit__"))
for _model in (Topic, Conversion, RectificationPlan):
    protect(_model, Policy(DOMAIN, everyone=True, unit_paths=("unit__path",)))
protect(Pairing, Policy(DOMAIN, everyone=True, unit_paths=("chain__unit__path",)))


def visit(key: int, by: Person | None, to: str = "read") -> Visit:
    """One visit; Http404 when it is hidden or missing."""
    return get(Visit, key, by=by, to=to)


def day(leader: Person, on: date, by: Person | None) -> list[Visit]:
    """A leader's visits of a day in the order of the route, as far as `by` may see them."""
    rows = objects(Visit, by=by).filter(leader=leader, visited_on=on).exclude(state=VisitState.CANCELLED)
    return list(rows.select_related("place", "unit", "leader", "chain").order_by("sequence", "id"))


def last_visit(visit: Visit, by: Person | None) -> Visit | None:
    """When somebody was last at the same spot: the same project, else the same name."""
    rows = objects(Visit, by=by).filter(state=VisitState.DONE).exclude(pk=visit.pk)
    rows = rows.filter(visited_on__lte=visit.visited_on)
    rows = rows.filter(chain=visit.chain_id) if visit.chain_id else rows.filter(name=visit.name)
    return rows.select_related("leader").order_by("-visited_on", "-pk").first()


def still_open(visit: Visit, by: Person | None) -> list[Problem]:
    """What was found here before, or holds up the project, and is not closed yet: what to look at now."""
    here = Q(finding__visit__name=visit.name)
    if visit.chain_id:
        here |= Q(finding__visit__chain=visit.chain_id) | Q(step__chain=visit.chain_id)
    rows = objects(Problem, by=by).filter(here, state__in=OPEN)
    return list(rows.exclude(finding__visit=visit).order_by("due_at", "pk").distinct()[:10])


def pace() -> rules.Pace:
    """How a day goes, by the rule in force; a district set up before there was one has the usual pace."""
    try:
        data = rule(DAY)
    except LookupError:
        return rules.Pace()
    hours, minutes = map(int, str(data["begins"]).split(":"))
    return rules.Pace(hours * 60 + minutes, float(data["speed_kmh"]), float(data["detour"]))


def stops(visits: Iterable[Visit]) -> list[rules.Stop]:
    """The spots of visits that have a position."""
    return [
        rules.Stop(v.place.point, v.minutes, _minute(v.not_before), _minute(v.not_after))
        for v in visits
        if v.place
    ]


def _minute(moment: time | None) -> int | None:
    return None if moment is None else moment.hour * 60 + moment.minute


def due(by: Person | None, until: date) -> QuerySet[Pairing]:
    """Assigned projects whose visit is due by a day, the longest overdue first."""
    rows = objects(Pairing, by=by).filter(due_on__lte=until)
    return rows.select_related("leader", "chain", "place").order_by("due_on", "id")


def due_not_planned(leader: Person, on: date, by: Person | None) -> QuerySet[Pairing]:
    """Her assigned projects due within the next week that the day's plan does not have yet."""
    planned = Visit.objects.filter(leader=leader, visited_on=on, chain__isnull=False).exclude(
        state=VisitState.CANCELLED
    )
    return due(by, on + timedelta(days=7)).filter(leader=leader).exclude(chain__in=planned.values("chain"))


@dataclass(frozen=True)
class Rounds:
    """How far a leader is with her assigned projects: all of them, overdue ones, due within two weeks, and
    her visits to them this year."""

    leader: Person
    projects: int
    overdue: int
    soon: int
    visits: int


def rounds(by: Person | None, on: date) -> list[Rounds]:
    """Every leader with assigned projects, who owes most first."""
    soon = Q(due_on__range=(on, on + timedelta(days=14)))
    counted = objects(Pairing, by=by).order_by().values("leader").annotate(
        projects=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=on)), soon=Count("pk", filter=soon)
    )  # fmt: skip
    done = objects(Visit, by=by).filter(state=VisitState.DONE, chain__isnull=False, visited_on__year=on.year)
    visits = dict(done.order_by().values_list("leader").annotate(n=Count("pk")))
    people = Person.objects.in_bulk([row["leader"] for row in counted])
    found = [
        Rounds(people[row["leader"]], row["projects"], row["overdue"], row["soon"],
               visits.get(row["leader"], 0))
        for row in counted
    ]  # fmt: skip
    return sorted(found, key=lambda r: (-r.overdue, -r.soon, r.leader.pinyin))


def leaders() -> QuerySet[Person]:
    """Who has visits or assigned projects."""
    return Person.objects.filter(
        Q(pk__in=Visit.objects.values("leader")) | Q(pk__in=Pairing.objects.values("leader"))
    ).order_by("pinyin")


def programme(by: Person | None, year: int) -> list[tuple[Aspect, list[Topic]]]:
    """The twelve aspects with their topics, each topic with its measures and results."""
    rows = objects(Topic, by=by).filter(year=year).select_related("leader", "unit")
    topics = list(rows.prefetch_related("conversions__unit").annotate(visited=Count("visits", distinct=True)))
    return [(aspect, [t for t in topics if t.aspect == aspect]) for aspect in Aspect]


def figures(by: Person | None = None) -> dict[str, Any]:
    """The six figures of the papers, counted from the records; `by` None: the whole district."""

    def rows(model: type[Any]) -> QuerySet[Any]:
        return model.objects.all() if by is None else objects(model, by=by)

    findings = rows(Finding).aggregate(
        solved=Count("pk", filter=Q(disposal=Disposal.SOLVED)),
        listed=Count("pk", filter=Q(disposal=Disposal.LISTED)),
    )
    return {
        "visits": rows(Visit).filter(state=VisitState.DONE).count(),
        "solved_on_the_spot": findings["solved"],
        "problems_listed": findings["listed"],
        "rectification_plans": rows(RectificationPlan).count(),
        "research_topics": rows(Topic).count(),
        "results": rows(Conversion).exclude(result="").count(),
    }


VISIT, PAIRING = "visits.visit", "visits.pairing"
CALENDAR_DAYS = 60
"""How far ahead a calendar shows assigned projects: each of them is due again and again."""


def install() -> None:
    """The room's dates in reminders and calendars; called once when Django starts."""
    register(Dates(DOMAIN, _due_between, _due_of))


def _due_between(first: date, last: date) -> Iterator[Dated]:
    yield from map(_dated_visit, _planned(Visit.objects.filter(visited_on__range=(first, last))))
    yield from map(_dated_pairing, _paired(Pairing.objects.filter(due_on__range=(first, last))))


def _due_of(person: Person) -> Iterator[Dated]:
    if not can(person, "visits.read"):
        return
    hers = objects(Visit, by=person).filter(Q(leader=person) | Q(recorder=person))
    yield from map(_dated_visit, _planned(hers))
    until = timezone.localdate() + timedelta(days=CALENDAR_DAYS)
    own = objects(Pairing, by=person).filter(leader=person, due_on__lte=until)
    yield from map(_dated_pairing, _paired(own))


def _planned(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    return rows.filter(state=VisitState.PLANNED).select_related("leader", "unit").order_by("visited_on", "pk")


def _paired(rows: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Assigned projects, without those that a planned visit will see to."""
    planned = Visit.objects.filter(state=VisitState.PLANNED, chain__isnull=False)
    return rows.exclude(chain__in=planned.values("chain")).order_by("due_on", "pk")


def moment_of(visit: Visit) -> datetime | date:
    """When she is expected, as far as a time was agreed."""
    if visit.not_before is None:
        return visit.visited_on
    return timezone.make_aware(datetime.combine(visit.visited_on, visit.not_before))


def _dated_visit(visit: Visit) -> Dated:
    text = Sentence(
        mark("%(on)s走访，%(leader)s带队，责任单位%(unit)s"),
        {"on": visit.visited_on, "leader": str(visit.leader), "unit": str(visit.unit)},
    )
    people = frozenset(key for key in (visit.leader_id, visit.recorder_id) if key)
    return Dated(VISIT, visit.pk, visit.name, text, moment_of(visit), visit.version, visit.changed_at, people)


def _dated_pairing(pairing: Pairing) -> Dated:
    text = Sentence(mark("挂点项目，%(due)s前应走访"), {"due": pairing.due_on})
    return Dated(
        PAIRING, pairing.pk, pairing.name, text, pairing.due_on, pairing.version, pairing.changed_at,
        frozenset({pairing.leader_id}),
    )  # fmt: skip
