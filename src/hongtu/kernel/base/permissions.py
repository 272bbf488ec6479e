"""Asking whether someone may write, from below the floor that knows the answer.

People, calendar and places lie below access, because roles are held by people over units. Their
actions ask here; `kernel.access` installs the answer when Django starts. Until then every question
is refused with a RuntimeError, so that a forgotten installation cannot open a door.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Model

Check = Callable[[Any, str, Model | None], None]
CheckAll = Callable[[Any, str, type[Model], Collection[Any]], None]

_installed: dict[str, Any] = {}


def install(*, check: Check, check_all: CheckAll) -> None:
    """Called once by `kernel.access`."""
    _installed.update(check=check, check_all=check_all)


def require(person: Any, permission: str, record: Model | None = None) -> None:
    """Raise NotAllowed unless `person` holds the permission (on this record, when one is given)."""
    _answer("check")(person, permission, record)


def require_all(person: Any, permission: str, model: type[Model], keys: Collection[Any]) -> None:
    """Raise NotAllowed unless `person` holds the permission on every row of `keys`; one query."""
    _answer("check_all")(person, permission, model, keys)


def _answer(name: str) -> Callable[..., None]:
    try:
        return _installed[name]
    except KeyError:
        raise RuntimeError(
            "hongtu.kernel.access is not installed: nobody can answer for permissions"
        ) from None
