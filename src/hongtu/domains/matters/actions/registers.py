"""What must not be asked of residents, what others handle, and what a project has ticked off."""

from collections.abc import Mapping, Sequence
from typing import Any

from hongtu.domains.matters.models import ForbiddenRequest, HandbookTick, ManualTick, Matter, Referral
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base import bulk
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today


@action("matters.register_forbidden")
def register_forbidden(*, by: Person | None, **values: Any) -> ForbiddenRequest:
    require(by, "matters.manage")
    made = ForbiddenRequest.objects.create(**values)
    note(made, phrase=made.phrase)
    return made


@action("matters.revise_forbidden")
def revise_forbidden(
    *, by: Person | None, record: ForbiddenRequest, version: int, **changes: Any
) -> ForbiddenRequest:
    require(by, "matters.manage", record)
    note(record, fields=sorted(changes))
    return record.revise(version, **changes)


@action("matters.import_forbidden")
def import_forbidden(
    *,
    by: Person | None,
    create: Sequence[Mapping[str, Any]],
    update: Sequence[tuple[ForbiddenRequest, Mapping[str, Any]]],
    source: Mapping[str, Any],
) -> list[Any]:
    require(by, "matters.manage")
    keys = bulk.write(ForbiddenRequest, create=create, update=update)
    note(created=len(create), updated=len(update), **source)
    return keys


@action("matters.register_referral")
def register_referral(*, by: Person | None, **values: Any) -> Referral:
    require(by, "matters.manage")
    made = Referral.objects.create(**values)
    note(made, name=made.name)
    return made


@action("matters.revise_referral")
def revise_referral(*, by: Person | None, record: Referral, version: int, **changes: Any) -> Referral:
    require(by, "matters.manage", record)
    note(record, fields=sorted(changes))
    return record.revise(version, **changes)


@action("matters.import_referrals")
def import_referrals(
    *,
    by: Person | None,
    create: Sequence[Mapping[str, Any]],
    update: Sequence[tuple[Referral, Mapping[str, Any]]],
    source: Mapping[str, Any],
) -> list[Any]:
    require(by, "matters.manage")
    keys = bulk.write(Referral, create=create, update=update)
    note(created=len(create), updated=len(update), **source)
    return keys


@action("matters.tick")
def tick(*, by: Person | None, project: int, matter: Matter, material: str = "", done: bool) -> HandbookTick:
    """Tick an approval (or one material of it) off for a project, or take the tick back.

    The caller has checked that `by` may change the project, which this room does not know.
    """
    require(by, "matters.read")
    row, _made = HandbookTick.objects.get_or_create(project=project, matter=matter, material=material[:200])
    row.revise(row.version, done_on=today() if done else None, by=by)
    note(row, project=project, matter=matter.code, material=material, done=done)
    return row


@action("matters.tick_manual")
def tick_manual(*, by: Person | None, project: int, node: str, item: str = "", done: bool) -> ManualTick:
    """Tick a node of the full-cycle manual (or one item of its checklist) off, or take the tick back.

    The caller has checked that `by` may change the project and that the manual in force has the node.
    """
    require(by, "matters.read")
    row, _made = ManualTick.objects.get_or_create(project=project, node=node[:20], item=item[:200])
    row.revise(row.version, done_on=today() if done else None, by=by)
    note(row, project=project, node=node, item=item, done=done)
    return row
