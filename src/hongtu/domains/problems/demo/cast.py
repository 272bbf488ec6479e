"""Who plays in the demonstration: a desk in every sub-district, somebody in every office."""

from __future__ import annotations

from dataclasses import dataclass

from hongtu.kernel.access.demonstration import fictional
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.problems.models import Category

OFFICES = ("ZJJ", "CGJ", "STHJ", "JTJ", "WJW", "NYJ", "ZDXM")


@dataclass(frozen=True)
class Cast:
    """desks and workers by unit code; `checkers` verify what a sub-district did itself."""

    units: dict[str, Unit]
    desks: dict[str, Person]
    workers: dict[str, Person]
    checkers: list[Person]
    leader: Person
    categories: dict[str, Category]

    @property
    def subdistricts(self) -> list[str]:
        return sorted(code for code, unit in self.units.items() if unit.kind == UnitKind.SUBDISTRICT)


@action("problems.demonstration_cast")
def make_cast(*, by: Person | None) -> Cast:
    """People without a log-in, beside the accounts the demonstration already has."""
    units = {u.code: u for u in Unit.objects.exclude(kind__in=(UnitKind.COMMUNITY, UnitKind.COMPANY))}
    streets = sorted(c for c, u in units.items() if u.kind == UnitKind.SUBDISTRICT)
    root = next(u for u in units.values() if u.kind == UnitKind.DISTRICT)
    offices = [code for code in OFFICES if code in units]
    desks = {
        c: _person(f"desk-{c}", f"示例·{units[c].name}受理", units[c], "subdistrict_helper") for c in streets
    }
    workers = {
        c: _person(f"work-{c}", f"示例·{units[c].name}经办"[:60], units[c], role)
        for codes, role in ((offices, "department_officer"), (streets, "subdistrict_helper"))
        for c in codes
    }
    checkers = [_person(f"check-{n}", f"示例·复核员{n}", root, "promotion_centre") for n in (1, 2)]
    leader = _person("leader-problems", "示例·分管领导", root, "district_leader")
    note(people=len(desks) + len(workers) + 3)
    return Cast(units, desks, workers, checkers, leader, {c.code: c for c in Category.objects.all()})


def _person(username: str, name: str, unit: Unit, role: str) -> Person:
    person = fictional(username, name, unit)
    person.save()
    Assignment.objects.create(person=person, role=role, unit=unit)
    return person
