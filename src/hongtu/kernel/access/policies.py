"""Scoped queries: the only way to an object.

Each kind of record has one Policy. `objects(Model, by=person)` gives the rows this person may
read; `get(Model, key, by=person)` gives one of them, or raises Http404 so that a hidden record
and a missing one look alike; `require(person, permission, obj)` guards a write.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.roles import ROLES, Confidentiality
from hongtu.kernel.base.errors import NotAllowed
from hongtu.kernel.people.models import Person, Unit

Record = TypeVar("Record", bound=Model)
NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Policy:
    """How one model is protected.

    domain: first half of its permissions. unit_paths: lookups that lead to the `path` of the units
    whose people see the row (any of them). person_paths: lookups to a person who sees it herself.
    confidentiality: name of the row's confidentiality field, empty when all its rows are INTERNAL.
    everyone: read and exported whole by all who hold the permission; changed within `unit_paths`
    when these are given.
    hidden: boolean fields that take a row out of sight for everyone, whatever her role.
    without: rows that exist for nobody here, for instance roles of a closed room.
    level: how confidential all rows are when there is no such field; a lower ceiling sees none of them.
    about: lookups to the person a row is about; she herself never sees it.
    """

    domain: str
    unit_paths: tuple[str, ...] = ()
    person_paths: tuple[str, ...] = ()
    confidentiality: str = ""
    everyone: bool = False
    hidden: tuple[str, ...] = ()
    without: Q | None = None
    level: Confidentiality = Confidentiality.INTERNAL
    about: tuple[str, ...] = ()

    def permission(self, verb: str) -> str:
        return f"{self.domain}.{verb}"

    def scope(self, person: Any, verb: str) -> Q:
        """The rows on which `person` may do `verb`."""
        held = [a for a in assignments(person) if ROLES[a.role].grants(self.permission(verb))]
        if not held:
            return NOTHING
        rows = reduce(or_, (self._scope_of(a, person, verb) for a in held))
        for path in self.about:
            rows &= ~Q(**{path: person.pk})
        return rows & ~self.without if self.without else rows

    def _scope_of(self, assignment: Assignment, person: Person, verb: str) -> Q:
        role = ROLES[assignment.role]
        everywhere = role.whole_district or (self.everyone and (verb != "change" or not self._bound))
        rows = Q() if everywhere else self.within(assignment, person)
        if self.confidentiality:
            rows &= Q(**{f"{self.confidentiality}__lte": int(role.ceiling)})
        elif role.ceiling < self.level:
            return NOTHING
        for flag in self.hidden:
            rows &= Q(**{flag: False})
        return rows

    @property
    def _bound(self) -> bool:
        """Whether rows belong to units or people at all."""
        return bool(self.unit_paths or self.person_paths)

    def within(self, assignment: Assignment, person: Person) -> Q:
        """Rows of the unit and those below. The units are named by their keys, not looked up by path beside
        each row: the database then reads her rows by index, however many there are of others."""
        own = []
        for path in self.unit_paths:
            link = path.removesuffix("path").removesuffix("__")
            known = (
                {f"{link}__in": units_below(assignment)}
                if link
                else {"path__startswith": assignment.unit.path}
            )
            own.append(Q(**known))
        own += [Q(**{path: person.pk}) for path in self.person_paths]
        return reduce(or_, own) if own else NOTHING


_policies: dict[type[Model], Policy] = {}


def protect(model: type[Model], policy: Policy) -> None:
    """Register the one policy of a model."""
    _policies[model] = policy


def policy_of(model: type[Model]) -> Policy:
    """The model's policy. A model without one cannot be reached at all: LookupError."""
    try:
        return _policies[model]
    except KeyError:
        raise LookupError(f"{model._meta.label} has no access policy") from None


def protected_models() -> Iterable[type[Model]]:
    return _policies.keys()


def assignments(person: Any) -> list[Assignment]:
    """A person's roles, read once per person object. Nobody logged in: none."""
    if person is None or not getattr(person, "is_authenticated", False) or not person.is_active:
        return []
    if not hasattr(person, "_assignments"):
        person._assignments = list(Assignment.objects.filter(person=person).select_related("unit"))
    return list(person._assignments)


def units_below(assignment: Assignment) -> list[int]:
    """Keys of the unit at which a role is held and of all below; read once, like the role itself."""
    found: list[int] | None = getattr(assignment, "_units_below", None)
    if found is None:
        rows = Unit.objects.filter(path__startswith=assignment.unit.path)
        found = assignment._units_below = list(rows.values_list("pk", flat=True))  # type: ignore[attr-defined]
    return found


def can(person: Any, permission: str) -> bool:
    """Whether any of her roles grants the permission somewhere."""
    return any(ROLES[a.role].grants(permission) for a in assignments(person))


def objects(model: type[Record], *, by: Any, to: str = "read") -> QuerySet[Record]:
    """The rows of `model` on which `by` may do `to`."""
    scope = policy_of(model).scope(by, to)
    rows = model._default_manager.filter(scope)
    if scope and _may_repeat(model):
        # DISTINCT would make counts, sums and locks of the caller costly or impossible.
        return model._default_manager.filter(pk__in=rows.values("pk"))
    return rows


def _may_repeat(model: type[Model]) -> bool:
    """Scopes over many-to-many lookups may repeat a row."""
    policy = policy_of(model)
    for path in (*policy.unit_paths, *policy.person_paths):
        options = model._meta
        for part in path.split("__"):
            try:
                found = options.get_field(part)
            except FieldDoesNotExist:  # the last part may be a transform, which has no field
                break
            if found.many_to_many or found.one_to_many:
                return True
            if found.is_relation and found.related_model:
                options = found.related_model._meta
    return False


def get(model: type[Record], key: Any, *, by: Any, to: str = "read") -> Record:
    """One row by primary key within the scope; Http404 otherwise."""
    found = objects(model, by=by, to=to).filter(pk=key).first()
    if found is None:
        raise Http404(_("没有这条记录，或您无权查看。"))
    return found


def require_all(person: Any, permission: str, model: type[Model], keys: Collection[Any]) -> None:
    """Raise NotAllowed unless `person` holds the permission on every row of `keys`; one query."""
    if person is None:
        return
    require(person, permission)
    verb = permission.split(".", 1)[1]
    reached = objects(model, by=person, to=verb).filter(pk__in=list(keys)).count()
    if reached != len(set(keys)):
        raise NotAllowed(
            _("有 %(count)d 行不在您的权限范围内，没有写入。") % {"count": len(set(keys)) - reached},
            permission=permission,
            rows=len(set(keys)) - reached,
        )


def require(person: Any, permission: str, record: Model | None = None) -> None:
    """Raise NotAllowed unless `person` holds the permission (on this record, when one is given).

    `person` None means the house itself: demonstration, jobs, command line.
    """
    if person is None:
        return
    verb = permission.split(".", 1)[1]
    if record is None or record._state.adding:
        allowed = can(person, permission)
    else:
        allowed = objects(type(record), by=person, to=verb).filter(pk=record.pk).exists()
    if not allowed:
        raise NotAllowed(_("您没有执行该操作的权限。"), permission=permission)
