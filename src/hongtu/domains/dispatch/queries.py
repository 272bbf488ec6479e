"""Every read of the dispatch, scoped by the person who asks."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone

from hongtu.domains.dispatch.models import AgendaItem, Escalation, Meeting
from hongtu.domains.dispatch.vocab import MeetingKind, MeetingState, Outcome
from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.policies import Policy, assignments, get, objects, protect
from hongtu.kernel.access.roles import ROLES, Confidentiality
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.chains.models import Step, StepLimit
from hongtu.kernel.notices import queries as notices
from hongtu.kernel.notices import recipients
from hongtu.kernel.notices.deadlines import Dated, Dates, register
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import ranking
from hongtu.kernel.problems.costs import Cost
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.vocab import OPEN, Kind, Source

DOMAIN = "dispatch"
# Read by all of the dispatch; run by the desk that prepares a meeting and by who chairs it, whatever her
# unit.
protect(Meeting, Policy(DOMAIN, unit_paths=("desk__path",), person_paths=("chair",), everyone=True))
protect(
    AgendaItem,
    Policy(DOMAIN, unit_paths=("meeting__desk__path",), person_paths=("meeting__chair",), everyone=True),
)
protect(Escalation, Policy(DOMAIN, everyone=True))

DISPATCHED = Q(kind=Kind.ORDER) | Q(source__in=(Source.VISIT, Source.STEP, Source.MEETING))
"""What the dispatch cares for; residents' problems have clocks and desks of their own."""

OPENLY = Q(problem__isnull=True) | Q(problem__confidentiality__lte=Confidentiality.INTERNAL)
"""Costs that may stand in the papers of a meeting, which everybody in the dispatch reads."""


def meeting(key: int, by: Person | None, to: str = "read") -> Meeting:
    """One meeting; Http404 when it is hidden or missing."""
    return get(Meeting, key, by=by, to=to)


MEETING = "dispatch.meeting"


def install() -> None:
    """Meetings in reminders and calendars; called once when Django starts."""
    register(Dates(DOMAIN, _due_between, _due_of))


def _due_between(first: date, last: date) -> Iterator[Dated]:
    for found in _planned().filter(held_on__range=(first, last)):
        desk = recipients.people_at(found.desk, "dispatch.change")
        yield _dated(found, frozenset({found.chair_id, *desk}))


def _due_of(person: Person) -> Iterator[Dated]:
    """Meetings she chairs or whose desk she works at; what is past waits for its minutes."""
    if objects(Meeting, by=person).exists():
        own = notices.own_units(person, "dispatch.change")
        hers = Q(chair=person) | Q(desk__in=own)
        yield from (_dated(found) for found in _planned().filter(hers))


def _planned() -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(state=MeetingState.PLANNED).select_related("desk", "chair")
    return rows.order_by("held_on", "begins_at", "pk")


def moment_of(meeting: Meeting) -> datetime:
    """When it begins."""
    return timezone.make_aware(datetime.combine(meeting.held_on, meeting.begins_at))


def _dated(found: Meeting, people: frozenset[int] = frozenset()) -> Dated:
    text = Sentence(mark("%(place)s，%(chair)s主持"), {"place": found.place, "chair": str(found.chair)})
    return Dated(
        MEETING, found.pk, found.name, text, moment_of(found), found.version, found.changed_at, people
    )


def items(meeting: Meeting) -> QuerySet[AgendaItem]:
    return meeting.items.select_related(
        "meeting", "problem__cost", "step__chain", "unit", "person", "order__handling_unit"
    ).order_by("sequence")


ITEM = "dispatch.agendaitem"


def limits_of(item: AgendaItem) -> QuerySet[StepLimit]:
    """What the meeting demanded of a step with this item, the newest first."""
    return StepLimit.objects.filter(source_label=ITEM, source_key=item.pk).select_related("step__chain")


def limit(key: int) -> StepLimit:
    """A limit that a meeting decided on; Http404 otherwise."""
    return get_object_or_404(StepLimit.objects.select_related("step__chain"), pk=key, source_label=ITEM)


def item_of(limit: StepLimit) -> AgendaItem:
    """The decision behind a limit."""
    return AgendaItem.objects.select_related("meeting").get(pk=limit.source_key)


def minuted(by: Person) -> QuerySet[AgendaItem]:
    """Items of meetings whose minutes were issued, without those about a problem above her ceiling."""
    rows = objects(AgendaItem, by=by).filter(meeting__state=MeetingState.ISSUED)
    ceiling = max((int(ROLES[held.role].ceiling) for held in assignments(by)), default=-1)
    for link in ("problem", "order"):
        rows = rows.filter(Q(**{f"{link}__isnull": True}) | Q(**{f"{link}__confidentiality__lte": ceiling}))
    return rows.select_related("meeting", "unit")


def undone(level: int, before: date) -> QuerySet[AgendaItem]:
    """Decisions of earlier meetings of this level whose order is still open, the dearest first."""
    rows = AgendaItem.objects.filter(
        meeting__level=level,
        meeting__state=MeetingState.ISSUED,
        meeting__held_on__lte=before,
        outcome=Outcome.DECIDED,
        order__state__in=OPEN,
    )
    rows = rows.select_related("order__handling_unit", "order__cost", "step", "person", "meeting")
    return rows.order_by(*ranking.dearest("order__cost__"), "due_on", "pk")


def escalated(level: int) -> QuerySet[Escalation]:
    """What was escalated to this level, is still open, and was not decided on since; the dearest first."""
    rows = Escalation.objects.filter(level=level).filter(
        Q(problem__state__in=OPEN) | Q(step__actual_finish__isnull=True, step__isnull=False)
    )
    decided = AgendaItem.objects.filter(
        outcome__in=(Outcome.DECIDED, Outcome.RAISED), meeting__level__gte=level
    )
    rows = rows.exclude(problem__in=decided.filter(problem__isnull=False).values("problem"))
    rows = rows.exclude(step__in=decided.filter(step__isnull=False).values("step"))
    rows = rows.select_related("problem__handling_unit", "problem__handler", "problem__owner_unit")
    rows = rows.select_related("problem__step", "problem__cost", "step__unit", "step__person")
    own = FilteredRelation("step__costs", condition=Q(step__costs__problem__isnull=True))
    rows = rows.annotate(own=own).alias(
        **{
            f"cost_{name}": Coalesce(F(f"problem__cost__{name}"), F(f"own__{name}"))
            for name in ranking.MEASURES
        }
    )
    return rows.order_by(*ranking.dearest("cost_"), "-days", "pk")


def costly(limit: int, problems_elsewhere: Iterable[int], steps_elsewhere: Iterable[int]) -> list[Cost]:
    """What costs most to leave alone and is not on the agenda already: the dearest of each chain, without
    what an open order sees to and what is above the papers of a meeting."""
    rows = Cost.objects.filter(days__gt=0).filter(OPENLY).exclude(problem__in=list(problems_elsewhere))
    decided = AgendaItem.objects.filter(order__state__in=OPEN)
    rows = rows.exclude(step__in=list(steps_elsewhere)).exclude(
        step__in=decided.filter(step__isnull=False).values("step")
    )
    rows = rows.exclude(problem__in=decided.values("order"))
    shown = rows.select_related(
        "step__chain",
        "step__unit",
        "step__person",
        "problem__handling_unit",
        "problem__owner_unit",
        "problem__handler",
    )
    found: dict[int, Cost] = {}
    for cost in shown.order_by(*ranking.dearest(), "pk")[: limit * 40]:
        found.setdefault(cost.step.chain_id, cost)
        if len(found) == limit:
            break
    return list(found.values())


def dear(late_days: float, chance_lost: float) -> QuerySet[Cost]:
    """What costs at least so much, the dearest first."""
    rows = Cost.objects.filter(Q(late_days__gte=late_days) | Q(chance_lost__gte=chance_lost)).filter(OPENLY)
    return rows.select_related("problem", "step__chain").order_by(*ranking.dearest(), "pk")


def overdue_problems(on: date) -> QuerySet[Problem]:
    """Open problems of the dispatch whose running clock is past."""
    rows = Problem.objects.filter(
        DISPATCHED, state__in=OPEN, clock_due_at__date__lt=on, confidentiality__lte=Confidentiality.INTERNAL
    )
    return rows.order_by("pk")


def overdue_steps(on: date) -> QuerySet[Step]:
    rows = Step.objects.filter(actual_finish__isnull=True, excused=False, planned_finish__lt=on)
    return rows.select_related("chain").order_by("pk")


def rhythm(by: Person | None) -> dict[int, dict[str, date | None]]:
    """{level: {"held": last meeting with minutes, "planned": the next one}}."""
    rows = objects(Meeting, by=by).order_by().values("level").annotate(
        held=Max("held_on", filter=Q(state=MeetingState.ISSUED)),
        planned=Min("held_on", filter=Q(state=MeetingState.PLANNED)),
    )  # fmt: skip
    return {row["level"]: {"held": row["held"], "planned": row["planned"]} for row in rows}


def open_orders(by: Person | None) -> QuerySet[AgendaItem]:
    """Orders of all meetings that are not finished, the next deadline first."""
    rows = objects(AgendaItem, by=by).filter(order__state__in=OPEN, outcome=Outcome.DECIDED)
    return rows.select_related("order__handling_unit", "meeting", "person").order_by("due_on", "pk")


def figures(by: Person | None = None) -> dict[str, Any]:
    """Joint meetings and site dispatches that were held, minutes issued."""
    rows = Meeting.objects.all() if by is None else objects(Meeting, by=by)
    held = rows.filter(state=MeetingState.ISSUED)
    return held.aggregate(
        joint_meetings=Count("pk", filter=Q(kind=MeetingKind.JOINT)),
        site_dispatches=Count("pk", filter=Q(kind=MeetingKind.SITE)),
    )
