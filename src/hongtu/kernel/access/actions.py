"""Who holds which role where, and passwords set by an administrator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.policies import require
from hongtu.kernel.access.roles import ROLE_CHOICES
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.events import publish
from hongtu.kernel.people.models import Person


@dataclass(frozen=True)
class PasswordSet:
    """Somebody else set this person's password, and could now log in as her."""

    person: Person


def _known_role(values: Mapping[str, Any]) -> None:
    """Roles of closed rooms are given inside those rooms; here they are as unknown as a misspelt one."""
    if "role" in values and values["role"] not in dict(ROLE_CHOICES):
        text = _("没有这个角色。")
        raise InvalidInput(text, fields={"role": [text]}, code="access.unknown_role")


@action("access.grant")
def grant(*, by: Person | None, **values: Any) -> Assignment:
    """Give a person a role over a unit. Raises InvalidInput when she holds it there already."""
    require(by, "access.change")
    _known_role(values)
    if Assignment.objects.filter(**values).exists():
        text = _("该人员在这个单位已有此角色。")
        raise InvalidInput(text, fields={"role": [text]}, code="access.role_held")
    made = Assignment.objects.create(**values)
    note(made, person=made.person_id, role=made.role, unit=made.unit_id)
    return made


@action("access.revise_grant")
def revise_grant(*, by: Person | None, record: Assignment, version: int, **changes: Any) -> Assignment:
    """Change a role or its unit; the history keeps who held what when."""
    require(by, "access.change", record)
    _known_role(changes)
    note(record, changes={k: str(v) for k, v in changes.items()})
    return record.revise(version, **changes)


@action("access.set_password")
def set_password(*, by: Person | None, person: Person, version: int, password: str) -> Person:
    """Set a password for somebody, who should change it at her next log-in. The password is not recorded."""
    require(by, "access.change")
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidInput(
            _("密码不符合要求。"), fields={"password": list(error.messages)}, code="access.weak_password"
        ) from error
    person.set_password(password)
    hashed = person.password
    saved = person.revise(version, password=hashed)
    publish(PasswordSet(saved))
    note(saved)
    return saved
