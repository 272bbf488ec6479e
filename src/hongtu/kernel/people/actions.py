"""Writes of units and people. Pinyin keys and paths are worked out here, never typed in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from hongtu.kernel import pinyin
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base import bulk
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.base.permissions import require, require_all
from hongtu.kernel.people.models import Person, Unit, UnitKind

CODE = re.compile(r"[0-9A-Za-z._-]{1,32}")
PERSON_NAME = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff·0-9]{1,19}|[A-Za-z][A-Za-z .'-]{1,58}")


def _checked_unit(values: Mapping[str, Any], record: Unit | None = None) -> dict[str, Any]:
    """The values with their derived fields; InvalidInput names the field at fault."""
    found = dict(values)
    code = found.get("code", record.code if record else "")
    parent = found.get("parent", record.parent if record else None)
    if not CODE.fullmatch(code):
        text = _("编码用字母、数字、点、横线，不超过 32 位。")
        raise InvalidInput(text, fields={"code": [text]})
    if record is not None and parent is not None and parent.path.startswith(record.path):
        text = _("上级单位不能是它自己或它的下级。")
        raise InvalidInput(text, fields={"parent": [text]})
    found["path"] = f"{parent.path if parent else ''}{code}/"
    if "name" in found:
        found["pinyin"] = pinyin.sort_key(found["name"])
    return found


@action("people.register_unit")
def register_unit(*, by: Person | None, **values: Any) -> Unit:
    """A new unit below its parent."""
    require(by, "people.change")
    unit = Unit.objects.create(**_checked_unit(values))
    note(unit, name=unit.name, code=unit.code)
    return unit


@action("people.revise_unit")
def revise_unit(*, by: Person | None, record: Unit, version: int, **changes: Any) -> Unit:
    """Change a unit; when its place in the tree changes, the paths of all below it follow."""
    require(by, "people.change", record)
    note(record, fields=sorted(changes))
    before = record.path
    unit = record.revise(version, **_checked_unit(changes, record))
    if unit.path != before:
        _move_below(before, unit.path)
    return unit


def _move_below(before: str, after: str) -> None:
    from django.db.models import F, Value
    from django.db.models.functions import Concat, Substr
    from django.utils import timezone

    Unit.objects.filter(path__startswith=before).exclude(path=after).update(
        path=Concat(Value(after), Substr("path", len(before) + 1)),
        version=F("version") + 1,
        changed_at=timezone.now(),
    )


@action("people.import_units")
def import_units(
    *,
    by: Person | None,
    create: Sequence[Mapping[str, Any]],
    update: Sequence[tuple[Unit, Mapping[str, Any]]],
    source: Mapping[str, Any],
) -> list[Any]:
    """Many units at once. A parent must exist already: import the levels one after the other."""
    require(by, "people.change")
    require_all(by, "people.change", Unit, [unit.pk for unit, _changes in update])
    fresh = [(unit, unit.path, _checked_unit(changes, unit)) for unit, changes in update]
    keys = bulk.write(
        Unit,
        create=[_checked_unit(row) for row in create],
        update=[(unit, changes) for unit, _before, changes in fresh],
    )
    for _unit, before, changes in fresh:
        if changes["path"] != before:
            _move_below(before, changes["path"])
    note(created=len(create), updated=len(update), **source)
    return keys


def _district() -> Unit | None:
    return Unit.objects.filter(kind=UnitKind.DISTRICT, parent=None).order_by("pk").first()


def draft_companies(names: Sequence[str]) -> dict[str, Unit]:
    """Unsaved companies of these names under the district, one query; their codes are made up until somebody
    knows better. A text that can be no company's name is left out."""
    district = _district() if names else None
    if district is None:
        return {}
    drafts = {}
    for name in names:
        if 2 <= len(name) <= 100 and not name.isascii():
            values = {"code": f"company-{secrets.token_hex(6)}", "name": name, "parent": district}
            drafts[name] = Unit(kind=UnitKind.COMPANY, **_checked_unit(values))
    return drafts


def draft_people(names: Sequence[str]) -> dict[str, Person]:
    """Unsaved people of these names in the district, without accounts, one query. Several names in one cell
    are nobody's name and left out."""
    district = _district() if names else None
    if district is None:
        return {}
    drafts = {}
    for name in names:
        if PERSON_NAME.fullmatch(name):
            values = {"username": f"person-{secrets.token_hex(6)}", "name": name, "unit": district}
            drafts[name] = Person(**_new_person(values))
    return drafts


def store_drafts(*, by: Person | None, records: Sequence[Unit] | Sequence[Person]) -> None:
    """Save drafts inside the action that refers to them; its audit row names them."""
    require(by, "people.change")
    if records:
        model: Any = type(records[0])
        model.objects.bulk_create(records)
        require_all(by, "people.change", model, [record.pk for record in records])


def _checked_person(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    if "name" in found:
        found["pinyin"] = pinyin.sort_key(found["name"])
    return found


def _new_person(values: Mapping[str, Any]) -> dict[str, Any]:
    """A person without a password cannot log in; the administrator sets one."""
    from django.contrib.auth.hashers import make_password

    return {**_checked_person(values), "password": make_password(None)}


@action("people.register_person")
def register_person(*, by: Person | None, **values: Any) -> Person:
    require(by, "people.change")
    person = Person.objects.create(**_new_person(values))
    require_all(by, "people.change", Person, [person.pk])
    note(person, name=person.name)
    return person


@action("people.revise_person")
def revise_person(*, by: Person | None, record: Person, version: int, **changes: Any) -> Person:
    require(by, "people.change", record)
    note(record, fields=sorted(changes))
    return record.revise(version, **_checked_person(changes))


@action("people.import_people")
def import_people(
    *,
    by: Person | None,
    create: Sequence[Mapping[str, Any]],
    update: Sequence[tuple[Person, Mapping[str, Any]]],
    source: Mapping[str, Any],
) -> list[Any]:
    """Many people at once, each within the importer's rights."""
    require_all(by, "people.change", Person, [person.pk for person, _changes in update])
    keys = bulk.write(
        Person,
        create=[_new_person(row) for row in create],
        update=[(person, _checked_person(changes)) for person, changes in update],
    )
    require_all(by, "people.change", Person, keys)
    note(created=len(create), updated=len(update), **source)
    return keys
