"""Officials on the list: put on, corrected, taken off."""

from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from hongtu.domains.family_visits.actions.store import (
    filled,
    member,
    refuse,
    resealed,
    room_action,
    sealed,
    until,
)
from hongtu.domains.family_visits.models import Official, PostRisk
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import note
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

TEXTS = ("name", "unit", "post")


@room_action("family_visits.register_official")
def register_official(
    *,
    by: Person | None,
    name: str,
    unit: str,
    post: str,
    risk: PostRisk,
    officer: Person,
    account: Person | None = None,
    demonstration: bool = False,
) -> Official:
    """Put an official on the list. `account`: her own log-in, if any; she will not see this record."""
    require(by, "family_visits.manage")
    filled(name=name, unit=unit, post=post)
    member(officer, "officer")
    _not_herself(officer, account)
    key: UUID = uuid4()
    now = today()
    made = Official.objects.create(
        id=key,
        risk=risk,
        officer=officer,
        account=account,
        registered_on=now,
        demonstration=demonstration,
        **sealed(key, {"name": name.strip(), "unit": unit.strip(), "post": post.strip()}, until(now)),
    )
    note(made)
    return made


@room_action("family_visits.revise_official")
def revise_official(*, by: Person | None, record: Official, version: int, **changes: Any) -> Official:
    """Correct a text, the risk of the post, who is responsible. Confirmed like this, she is kept longer."""
    require(by, "family_visits.manage", record)
    texts = {name: changes.pop(name) for name in TEXTS if name in changes}
    filled(**texts)
    officer, account = changes.get("officer", record.officer), changes.get("account", record.account)
    if "officer" in changes:
        member(officer, "officer")
    _not_herself(officer, account)
    keep = max(record.expires_on, until(today()))
    note(record, fields=sorted([*changes, *texts]))
    return record.revise(version, **changes, **resealed(record, texts, keep))


def _not_herself(officer: Person, account: Person | None) -> None:
    if officer == account:
        raise refuse(
            "own_family",
            _("本人不能负责自己家的家访。"),
            officer=_("本人不能负责自己家的家访。"),
        )


@room_action("family_visits.release")
def release(*, by: Person | None, record: Official) -> None:
    """Take an official off the list: everything about her is deleted now, not hidden."""
    require(by, "family_visits.manage", record)
    note(record)
    record.delete()
