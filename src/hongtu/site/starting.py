"""Start an empty district: its profile, chain templates, kinds of problem, assessment schemes, one
administrator."""

import secrets
from pathlib import Path

from django.contrib.auth.hashers import make_password

from hongtu.domains.assessment import actions as assessment
from hongtu.domains.problems import actions as problems
from hongtu.domains.projects import actions as projects
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.people.models import Person
from hongtu.kernel.pinyin import sort_key
from hongtu.kernel.profile.establish import establish
from hongtu.kernel.profile.models import today
from hongtu.site import profiles

FIRST_ROLES = ("administrator", "promotion_centre")


@action("site.start")
def _start(*, by: Person | None, folder: Path, username: str, password: str) -> Person:
    district = establish(by=by, profile=profiles.read(folder))
    projects.load_templates(by=by, rows=profiles.rows(folder, "chain_templates.csv"))
    problems.load_categories(by=by, rows=profiles.rows(folder, "problem_categories.csv"))
    assessment.load_schemes(
        by=by, rows=profiles.rows(folder, "assessment_schemes.csv"), since=today().replace(month=1, day=1)
    )
    person = Person(
        username=username,
        name=username,
        pinyin=sort_key(username),
        unit=district.unit,
        password=make_password(password),
    )
    person.save()
    for role in FIRST_ROLES:
        Assignment.objects.create(person=person, role=role, unit=district.unit)
    note(district, administrator=username)
    return person


def start(folder: Path, username: str) -> str:
    """Establish the district of a profile folder; the administrator's one-time password."""
    password = secrets.token_urlsafe(12)
    _start(by=None, folder=folder, username=username, password=password)
    return password
