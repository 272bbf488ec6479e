"""What all writes of the room share: the chain, sealing, refusals."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from hongtu.domains.family_visits import queries, rules
from hongtu.domains.family_visits.models import Entry, Record, ratchet
from hongtu.kernel.audit.actions import action
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def room_action(code: str) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """`@action` whose audit row goes to the room's own chain."""
    return action(code, chain=Entry)


def sealed(key: UUID, contents: Mapping[str, Any], until: date) -> dict[str, Any]:
    """Values of the two fields that belong together: the sealed text and how long it can be opened."""
    return {"sealed": ratchet().seal(until, str(key), dict(contents)), "expires_on": until}


def resealed(record: Record, changes: Mapping[str, Any], until: date | None = None) -> dict[str, Any]:
    """The same for a record that has texts already: changed ones replace old ones."""
    return sealed(record.pk, {**record.contents(), **changes}, until or record.expires_on)


def until(since: date) -> date:
    return rules.expires_on(since, queries.retention_months())


def refuse(code: str, message: str, **fields: str) -> InvalidInput:
    """A refusal; texts under the names of fields stand beside them."""
    return InvalidInput(
        message, code=f"family_visits.{code}", fields={name: [text] for name, text in fields.items()}
    )


def filled(**texts: str) -> None:
    """Raise InvalidInput naming every text that is blank."""
    blank = {name: _("请填写。") for name, text in texts.items() if not text.strip()}
    if blank:
        raise refuse("incomplete", _("还差几项，请补齐。"), **blank)


def member(person: Person, field: str) -> None:
    if person not in queries.members():
        raise refuse("not_a_member", _("只能选本室成员。"), **{field: _("只能选本室成员。")})
