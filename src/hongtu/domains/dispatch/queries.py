"""Every read of the dispatch, scoped by the person who asks."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from hongtu.domains.dispatch.models import AgendaItem, Escalation, Meeting
from hongtu.domains.dispatch.vocab import MeetingKind, MeetingState, Outcome
from hongtu.kernel.access.policies import Policy, assignments, get, objects, protect
from hongtu.kernel.access.roles import ROLES
from hongtu.kernel.chains.models import Step
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.vocab import OPEN, Kind, Source

DOMAIN = "dispatch"
for _model in (Meeting, AgendaItem, Escalation):
    protect(_model, Policy(DOMAIN, everyone=True))

DISPATCHED = Q(kind=Kind.ORDER) | Q(source__in=(Source.VISIT, Source.STEP, Source.MEETING))
"""What the dispatch cares for; residents' problems have clocks and desks of their own."""


def meeting(key: int, by: Person | None, to: str = "read") -> Meeting:
    """One meeting; Http404 when it is hidden or missing."""
    return get(Meeting, key, by=by, to=to)


def items(meeting: Meeting) -> QuerySet[AgendaItem]:
    return meeting.items.select_related(
        "problem", "step__chain", "unit", "person", "order__handling_unit"
    ).order_by("sequence")


def minuted(by: Person) -> QuerySet[AgendaItem]:
    """Items of meetings whose minutes were issued, without those about a problem above her ceiling."""
    rows = objects(AgendaItem, by=by).filter(meeting__state=MeetingState.ISSUED)
    ceiling = max((int(ROLES[held.role].ceiling) for held in assignments(by)), default=-1)
    for link in ("problem", "order"):
        rows = rows.filter(Q(**{f"{link}__isnull": True}) | Q(**{f"{link}__confidentiality__lte": ceiling}))
    return rows.select_related("meeting", "unit")


def undone(level: int, before: date) -> QuerySet[AgendaItem]:
    """Decisions of earlier meetings of this level whose order is still open, the oldest first."""
    rows = AgendaItem.objects.filter(
        meeting__level=level,
        meeting__state=MeetingState.ISSUED,
        meeting__held_on__lte=before,
        outcome=Outcome.DECIDED,
        order__state__in=OPEN,
    )
    return rows.select_related("order__handling_unit", "step", "person", "meeting").order_by("due_on", "pk")


def escalated(level: int) -> QuerySet[Escalation]:
    """What was escalated to this level, is still open, and was not decided on since."""
    rows = Escalation.objects.filter(level=level).filter(
        Q(problem__state__in=OPEN) | Q(step__actual_finish__isnull=True, step__isnull=False)
    )
    decided = AgendaItem.objects.filter(
        outcome__in=(Outcome.DECIDED, Outcome.RAISED), meeting__level__gte=level
    )
    rows = rows.exclude(problem__in=decided.filter(problem__isnull=False).values("problem"))
    rows = rows.exclude(step__in=decided.filter(step__isnull=False).values("step"))
    return rows.select_related("problem__handling_unit", "problem__handler", "step__unit", "step__person")


def costly(limit: int, leave_out: Iterable[int]) -> list[Step]:
    """Open steps that cost most working days: late ones, and ones with negative float."""
    rows = Step.objects.filter(actual_finish__isnull=True, excused=False).filter(
        Q(days_late__gt=0) | Q(total_float__lt=0)
    )
    decided = AgendaItem.objects.filter(order__state__in=OPEN, step__isnull=False)
    rows = rows.exclude(pk__in=list(leave_out)).exclude(pk__in=decided.values("step"))
    ranked = rows.select_related("chain", "unit", "person").order_by("-days_late", "total_float", "pk")
    return list(ranked[:limit])


def overdue_problems(on: date) -> QuerySet[Problem]:
    """Open problems of the dispatch whose running clock is past."""
    rows = Problem.objects.filter(DISPATCHED, state__in=OPEN, clock_due_at__date__lt=on)
    return rows.order_by("pk")


def overdue_steps(on: date) -> QuerySet[Step]:
    rows = Step.objects.filter(actual_finish__isnull=True, excused=False, planned_finish__lt=on)
    return rows.select_related("chain").order_by("pk")


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
