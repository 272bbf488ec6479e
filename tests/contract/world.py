"""The small world of the contract: a district, two departments, a sub-district, people of every role.

Names are in ASCII, so that an English page of it has no Chinese character but those of the interface.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Model, QuerySet

from hongtu import site
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.roles import CLOSED_ROLES, ROLES
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.profile.models import RuleSet


@dataclass
class World:
    district: Unit
    housing: Unit
    schools: Unit
    subdistrict: Unit
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def wang(self) -> Person:
        """Holds every role of the whole district (the centre, the administrator, the auditor), and a helper
        over the district."""
        return self.people["wang"]


def _unit(code: str, kind: str, parent: Unit | None = None) -> Unit:
    path = f"{parent.path if parent else ''}{code}/"
    name = code.title()
    return Unit.objects.create(code=code, name=name, kind=kind, parent=parent, path=path, pinyin=code.lower())


def build() -> World:
    """Everything, in the database."""
    district = _unit("DISTRICT", "district")
    world = World(
        district,
        _unit("HOUSING", "department", district),
        _unit("SCHOOLS", "department", district),
        _unit("SHAJING", "subdistrict", district),
    )
    for code in ROLES:
        at = world.housing if code in SCOPED else district
        world.people[code] = _person(code, at, code)
    world.people["wang"] = _person(
        "wang", district, "promotion_centre", "administrator", "auditor", "subdistrict_helper"
    )
    world.people["nobody"] = _person("nobody", district)
    _rules()
    return world


def _rules() -> None:
    """The rules every district starts from, under ASCII titles."""
    rules = yaml.safe_load((Path(site.__file__).parent / "profiles/standard/rules.yaml").read_text("utf-8"))
    RuleSet.objects.bulk_create(
        RuleSet(key=key, title=key, basis="", data=rule["data"], effective_from=date(2000, 1, 1))
        for key, rule in rules.items()
    )


SCOPED = {code for code, role in ROLES.items() if not role.whole_district}


def _person(name: str, at: Unit, *roles: str) -> Person:
    person = Person(username=name, name=name.title(), pinyin=name, unit=at, password="!")
    person.save()
    for role in roles:
        Assignment.objects.create(person=person, role=role, unit=at)
    return person


def roles_with(permission: str) -> set[str]:
    """Codes of the roles that grant a permission."""
    return {code for code, role in ROLES.items() if role.grants(permission)}


def whole(model: type[Model]) -> QuerySet[Any]:
    """All records of a model that a ledger may show: roles of closed rooms exist for nobody there."""
    rows = model._default_manager.all()
    return rows.exclude(role__in=CLOSED_ROLES) if model is Assignment else rows


def as_form_value(value: Any) -> Any:
    """A Python value as a browser would send it."""
    if hasattr(value, "pk"):
        return str(value.pk)
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, list | tuple):
        return [as_form_value(v) for v in value]
    return str(value)
