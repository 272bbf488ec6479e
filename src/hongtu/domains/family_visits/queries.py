"""Every read of the room, scoped: officers see what they are responsible for or went to, the lead sees all,
and nobody sees what is about herself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from hongtu.domains.family_visits import rules
from hongtu.domains.family_visits.models import (
    Element,
    Entry,
    Need,
    Official,
    PostRisk,
    Record,
    Retention,
    Setting,
    Visit,
)
from hongtu.domains.family_visits.vocab import NeedState, VisitState
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.policies import Policy, can, get, objects, protect
from hongtu.kernel.access.roles import CLOSED_ROLES, ROLES, Confidentiality
from hongtu.kernel.base.sealing import Unreadable
from hongtu.kernel.people.models import Person

DOMAIN = "family_visits"
ROLES_HERE = [r.code for r in ROLES.values() if r.closed and r.grants("family_visits.read")]


def _policy(*paths: str, about: tuple[str, ...] = ()) -> Policy:
    everyone = not paths
    return Policy(
        DOMAIN, person_paths=paths, about=about, level=Confidentiality.CONFIDENTIAL, everyone=everyone
    )


protect(Official, _policy("officer", "visits__visitor", "visits__companion", about=("account",)))
protect(Visit, _policy("visitor", "companion", "official__officer", about=("official__account",)))
protect(
    Need,
    _policy(
        "owner",
        "visit__visitor",
        "visit__companion",
        "visit__official__officer",
        about=("visit__official__account",),
    ),
)
for model in (PostRisk, Element, Retention):
    protect(model, _policy())


def is_lead(person: Person) -> bool:
    return can(person, "family_visits.manage")


def members() -> list[Person]:
    """Who is in the room, by name."""
    held = Assignment.objects.filter(role__in=ROLES_HERE).values("person")
    return list(Person.objects.filter(pk__in=held, is_active=True).order_by("pinyin"))


def assignments_here() -> list[tuple[Assignment, str]]:
    """Who holds which role of the room, with the role's title."""
    rows = Assignment.objects.filter(role__in=CLOSED_ROLES & set(ROLES_HERE)).select_related("person")
    return [(row, str(ROLES[row.role].title)) for row in rows.order_by("role", "person__pinyin")]


def elements() -> list[Element]:
    return list(Element.objects.order_by("sequence"))


def retention_months() -> int:
    """LookupError when the room was never opened (`hongtu family-visits open`)."""
    found = Retention.objects.first()
    if found is None:
        raise LookupError("the room of family visits is not open yet: hongtu family-visits open USERNAME")
    return found.months


def opened(record: Record) -> dict[str, Any]:
    """A record's texts, empty when their key is gone: the page says so instead of failing."""
    try:
        return record.contents()
    except Unreadable:
        return {"unreadable": True}


@dataclass(frozen=True)
class Due:
    """An official on the due list."""

    official: Official
    texts: dict[str, Any]
    proposal: rules.Proposal
    planned: Visit | None


def due_list(by: Person, now: date) -> list[Due]:
    """All officials she may see, the most urgent first, with the visit already planned."""
    planned: dict[UUID, Visit] = {}
    for visit in objects(Visit, by=by).filter(state=VisitState.PLANNED).order_by("-planned_on"):
        planned[visit.official_id] = visit
    found = []
    for official in objects(Official, by=by).select_related("risk", "officer"):
        months = official.risk.interval_months
        proposal = rules.propose(months, official.last_visit_on, official.registered_on, now)
        found.append(Due(official, opened(official), proposal, planned.get(official.pk)))
    return sorted(found, key=lambda d: rules.rank(d.proposal, d.official.risk.interval_months))


def official(pk: UUID, by: Person, to: str = "read") -> Official:
    return get(Official, pk, by=by, to=to)


def visit(pk: UUID, by: Person, to: str = "read") -> Visit:
    return get(Visit, pk, by=by, to=to)


def need(pk: UUID, by: Person, to: str = "read") -> Need:
    return get(Need, pk, by=by, to=to)


def needs(by: Person) -> list[Need]:
    """What families asked for, what is open first, by deadline."""
    rows = objects(Need, by=by).select_related("visit__official", "owner")
    return sorted(rows, key=lambda n: (n.state == NeedState.CLOSED, n.due_on, str(n.pk)))


def counts(by: Person, now: date) -> dict[str, int]:
    """Figures of the room's first page, within what she may see."""
    own_needs = objects(Need, by=by).exclude(state=NeedState.CLOSED)
    return {
        "held": objects(Visit, by=by).filter(state=VisitState.HELD, held_on__year=now.year).count(),
        "open_needs": own_needs.count(),
        "late_needs": own_needs.filter(due_on__lt=now).count(),
    }


def about_herself(person: Person) -> set[str]:
    """Keys of the records about her, which she does not see in the log either."""
    found = (
        Official.objects.filter(account=person),
        Visit.objects.filter(official__account=person),
        Need.objects.filter(visit__official__account=person),
    )
    return {str(key) for rows in found for key in rows.values_list("pk", flat=True)}


def log(by: Person) -> QuerySet[Entry]:
    """The whole chain but what is about herself, newest first."""
    rows = Entry.objects.order_by("-sequence")
    own = about_herself(by)
    if own:
        listed = Q()
        for key in own:
            listed |= Q(detail__records__contains=[key])
        # Lists name everybody on them; such a line stays, without saying whom (`views.log` shows known ones).
        rows = rows.exclude(Q(object_key__in=own) | (listed & ~Q(detail__page__in=["home", "needs"])))
    return rows


def readers(record: Record) -> list[Entry]:
    """Who looked at a record or changed it, newest first."""
    key = str(record.pk)
    about = Q(object_key=key) | Q(detail__records__contains=[key])
    return list(Entry.objects.filter(about).order_by("-sequence")[:50])


def expired(now: date) -> dict[type[Record], list[UUID]]:
    """Keys of what must be deleted on this day."""
    return {
        model: list(model.objects.filter(expires_on__lt=now).values_list("pk", flat=True))
        for model in (Need, Visit, Official)
    }


def outlook(by: Person) -> list[tuple[date, str, int]]:
    """(last day, kind, number) of what she may see, the next to go first."""
    found: dict[tuple[date, str], int] = {}
    for model in (Official, Visit, Need):
        for day in objects(model, by=by).values_list("expires_on", flat=True):
            key = (day, str(model._meta.verbose_name))
            found[key] = found.get(key, 0) + 1
    return [(day, kind, number) for (day, kind), number in sorted(found.items())]


def purges() -> Iterable[Entry]:
    """What the retention job deleted: when and how many, never what."""
    return Entry.objects.filter(action="family_visits.purge").order_by("-sequence")[:20]


def role_choices() -> list[tuple[str, str]]:
    return [(code, str(ROLES[code].title)) for code in ROLES_HERE]


SETTINGS: dict[str, type[Setting]] = {"risk": PostRisk, "element": Element, "retention": Retention}


def setting(kind: str, pk: UUID, by: Person) -> Setting:
    """One row of what the room goes by; Http404 for a kind or a row that does not exist."""
    model = SETTINGS.get(kind)
    if model is None:
        raise Http404
    return get(model, pk, by=by)


def settings_rows(by: Person) -> list[tuple[str, list[Any]]]:
    return [(kind, list(objects(model, by=by).order_by("sequence"))) for kind, model in SETTINGS.items()]
