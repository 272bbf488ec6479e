"""Every read of the notices: a person sees her own, of what she may still see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from hongtu.kernel.access.policies import assignments, can, objects
from hongtu.kernel.access.roles import ROLES, Confidentiality
from hongtu.kernel.chains.models import Step
from hongtu.kernel.notices import deadlines as rooms
from hongtu.kernel.notices.models import CalendarLink, Delivery, Notice
from hongtu.kernel.notices.vocab import DeliveryState
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.problems.models import Problem

MOST_DEADLINES = 500
COUNTED = 99


def notices(person: Person) -> QuerySet[Notice]:
    """Her notices, newest first, without those of problems that are hidden from her by now."""
    visible = objects(Problem, by=person).order_by().values("pk")
    return Notice.objects.filter(person=person).filter(Q(problem=None) | Q(problem__in=visible))


def unread(person: Person) -> int:
    """How many she has not read, counted to one hundred."""
    return len(notices(person).filter(read_at=None).order_by().values_list("pk")[: COUNTED + 1])


def dead_letters(person: Person) -> QuerySet[Delivery]:
    """Her messages that were given up, the latest first."""
    rows = Delivery.objects.filter(person=person, state=DeliveryState.DEAD)
    return rows.prefetch_related("notices").order_by("-due_at")


def undelivered() -> QuerySet[Delivery]:
    """Everybody's messages that were given up: whose, by which way, why; never what they say."""
    rows = Delivery.objects.filter(state=DeliveryState.DEAD).select_related("person__unit")
    return rows.defer("subject", "body").order_by("-due_at")


def calendar_link(person: Person) -> CalendarLink | None:
    """Her calendar address in force."""
    return CalendarLink.objects.filter(person=person, revoked_at=None).first()


def person_of_link(digest: str) -> Person | None:
    """Whose calendar an address opens; None for a closed one and for an account that is closed."""
    rows = CalendarLink.objects.filter(digest=digest, revoked_at=None, person__is_active=True)
    found = rows.select_related("person").first()
    return found.person if found else None


@dataclass(frozen=True)
class Deadline:
    """Something of hers with its date: a moment for problems and orders, a whole day for steps."""

    label: str
    key: int
    title: str
    due: datetime | date
    note: str
    version: int
    changed_at: datetime
    late: bool


def own_units(person: Person, permission: str) -> list[int]:
    """Units below the district whose work is hers by a role with this permission."""
    found = Q(pk__in=[])
    for held in assignments(person):
        if ROLES[held.role].grants(permission) and held.unit.kind != UnitKind.DISTRICT:
            found |= Q(path__startswith=held.unit.path)
    return list(Unit.objects.filter(found).values_list("pk", flat=True))


def open_problems(person: Person) -> QuerySet[Problem]:
    """Problems and orders that wait for her or, without a handler, for her unit; public and internal ones
    only, since a calendar lies outside the house."""
    units = own_units(person, "problems.change")
    hers = Q(handler=person) | Q(handler=None, owner_unit__in=units)
    rows = objects(Problem, by=person).filter(hers, confidentiality__lte=Confidentiality.INTERNAL)
    return rows.exclude(clock="").order_by("clock_due_at", "pk")[:MOST_DEADLINES]


def open_steps(person: Person) -> QuerySet[Step]:
    """Unfinished steps that are hers or, without a person, her unit's."""
    if not can(person, "projects.read"):
        return Step.objects.none()
    units = own_units(person, "projects.change")
    hers = Q(person=person) | Q(person=None, unit__in=units)
    rows = Step.objects.filter(hers, actual_finish=None).select_related("chain")
    return rows.order_by("planned_finish", "pk")[:MOST_DEADLINES]


def deadlines(person: Person, now: datetime, today: date) -> list[Deadline]:
    """What her calendar shows: problems and orders, steps, then what rooms have of dates for her."""
    found = [
        Deadline(
            label="problem_spine.problem",
            key=p.pk,
            title=p.title,
            due=p.clock_due_at,
            note=f"{p.number} {p.get_state_display()} {p.get_clock_display()}",
            version=p.version,
            changed_at=p.changed_at,
            late=p.clock_due_at < now,
        )
        for p in open_problems(person)
        if p.clock_due_at is not None
    ]
    found += [
        Deadline(
            label="chains.step",
            key=s.pk,
            title=f"{s.chain.title}：{s.name}",
            due=s.planned_finish,
            note=s.get_segment_display(),
            version=s.version,
            changed_at=s.changed_at,
            late=s.planned_finish < today,
        )
        for s in open_steps(person)
    ]
    found += [_of_room(dated, now, today) for source in rooms.sources() for dated in source.of(person)]
    return found


def _of_room(dated: rooms.Dated, now: datetime, today: date) -> Deadline:
    return Deadline(
        label=dated.label,
        key=dated.key,
        title=dated.title,
        due=dated.due,
        note=str(dated.note),
        version=dated.version,
        changed_at=dated.changed_at,
        late=rooms.is_late(dated, now, today),
    )
