"""Who is concerned: the one who works on it, else those of her unit who hold the right, else the unit above.

Never the one who just did it, and never somebody whose ceiling does not reach the matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.policies import objects
from hongtu.kernel.access.roles import ROLES
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems.models import Problem


def people_at(
    unit: Unit | None, permission: str, *, confidentiality: int = 1, up_to_district: bool = False
) -> set[int]:
    """People who hold `permission` at `unit`, else at the nearest unit above it that has any.

    The district itself is reached only when asked for: what a unit without an account leaves undone stands
    in the desk's queue, and must not fill the bell of the whole centre.
    """
    if unit is None:
        return set()
    codes = unit.path.strip("/").split("/")
    paths = ["/".join(codes[:n]) + "/" for n in range(len(codes), 0, -1)]
    if not up_to_district and len(paths) > 1:
        paths.pop()
    roles = [
        r.code
        for r in ROLES.values()
        if not r.closed and int(r.ceiling) >= confidentiality and r.grants(permission)
    ]
    found: dict[str, set[int]] = {}
    rows = Assignment.objects.filter(role__in=roles, unit__path__in=paths, person__is_active=True)
    for path, person in rows.values_list("unit__path", "person_id"):
        found.setdefault(path, set()).add(person)
    return next((found[path] for path in paths if path in found), set())


def workers(problem: Problem) -> set[int]:
    """Who works on it: its handler when she may still see it, else the people of the handling unit."""
    handler = problem.handler
    if handler is not None and may_read(handler, problem):
        return {handler.pk}
    unit = problem.handling_unit or problem.owner_unit or problem.desk
    return people_at(unit, "problems.change", confidentiality=problem.confidentiality)


def desk(problem: Problem) -> set[int]:
    """Who receives and assigns it."""
    return people_at(
        problem.desk, "problems.triage", confidentiality=problem.confidentiality, up_to_district=True
    )


def verifiers(problem: Problem) -> set[int]:
    """Who may verify the work: not those who had a hand in it."""
    unit = problem.owner_unit or problem.desk
    found = people_at(unit, "problems.triage", confidentiality=problem.confidentiality, up_to_district=True)
    return found - set(problem.doers)


def approvers(problem: Problem) -> set[int]:
    """Who may decide what was asked for it."""
    found = people_at(
        problem.desk, "problems.approve", confidentiality=problem.confidentiality, up_to_district=True
    )
    return found - set(problem.doers)


def reporter(problem: Problem) -> set[int]:
    """The member of staff who reported it."""
    found = problem.reported_by
    return {found.pk} if found is not None and may_read(found, problem) else set()


def may_read(person: Person, problem: Problem) -> bool:
    return person.is_active and objects(Problem, by=person).filter(pk=problem.pk).exists()


def active(people: Iterable[int]) -> set[int]:
    """Those of them who can log in."""
    return set(Person.objects.filter(pk__in=set(people), is_active=True).values_list("pk", flat=True))
