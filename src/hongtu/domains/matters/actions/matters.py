"""Enter and change matters; their texts live in guides."""

from collections.abc import Mapping, Sequence
from typing import Any

from hongtu.domains.matters.actions.parts import assess_matter
from hongtu.domains.matters.models import Matter
from hongtu.kernel.access.policies import require, require_all
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base import bulk
from hongtu.kernel.people.models import Person
from hongtu.kernel.pinyin import initials, sort_key


def prepared(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as stored: the pinyin keys are worked out here, never typed in."""
    ready = dict(fields)
    if "name" in ready:
        ready["pinyin"] = sort_key(ready["name"])[:500]
        ready["initials"] = initials(ready["name"])[:120]
    return ready


@action("matters.register")
def register(*, by: Person | None, **values: Any) -> Matter:
    """A new matter; it is not shown to residents until a guide of it is published."""
    require(by, "matters.change")
    made = Matter.objects.create(**prepared(values))
    require(by, "matters.change", made)
    note(made, name=made.name, code=made.code)
    return made


@action("matters.revise")
def revise(*, by: Person | None, record: Matter, version: int, **changes: Any) -> Matter:
    require(by, "matters.change", record)
    note(record, fields=sorted(changes))
    record.revise(version, **prepared(changes))
    assess_matter(record)
    return record


@action("matters.import_matters")
def import_matters(
    *,
    by: Person | None,
    create: Sequence[Mapping[str, Any]],
    update: Sequence[tuple[Matter, Mapping[str, Any]]],
    source: Mapping[str, Any],
) -> list[Any]:
    """Many matters at once, each within the importer's rights."""
    require(by, "matters.change")
    require_all(by, "matters.change", Matter, [matter.pk for matter, _changes in update])
    keys = bulk.write(
        Matter,
        create=[prepared(row) for row in create],
        update=[(matter, prepared(changes)) for matter, changes in update],
    )
    require_all(by, "matters.change", Matter, keys)
    note(created=len(create), updated=len(update), **source)
    return keys
