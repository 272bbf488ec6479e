"""The three writes every plain register has: a new row, a changed row, many rows out of a workbook.

A register is a table without rules of its own beyond its fields and the rights to it. A room that has to
check, compute or tell something at a write keeps an action of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base import bulk
from hongtu.kernel.base.models import Versioned
from hongtu.kernel.base.permissions import require, require_all

Row = TypeVar("Row", bound=Versioned)


class RegisterActions(NamedTuple, Generic[Row]):
    """What a ledger takes as `create`, `update` and `bulk`."""

    create: Callable[..., Row]
    update: Callable[..., Row]
    bulk: Callable[..., list[Any]]


def register_actions(
    model: type[Row],
    codes: tuple[str, str, str],
    permission: str,
    *,
    after: Callable[[], None] | None = None,
) -> RegisterActions[Row]:
    """The three actions of a register.

    `codes` are their stable names (create, update, bulk), `permission` is needed for all of them, before a
    write and on what was written, so that nobody moves a row out of her own scope. `after` runs in each of
    their transactions. What is refused leaves nothing written: NotAllowed, StaleVersion or InvalidInput.
    """
    created, updated, imported = codes

    def done() -> None:
        if after is not None:
            after()

    @action(created)
    def create(*, by: Any, **values: Any) -> Row:
        require(by, permission)
        made = model._default_manager.create(**values)
        require(by, permission, made)
        note(made, name=str(made))
        done()
        return made

    @action(updated)
    def update(*, by: Any, record: Row, version: int, **changes: Any) -> Row:
        require(by, permission, record)
        note(record, fields=sorted(changes))
        record.revise(version, **changes)
        require(by, permission, record)
        done()
        return record

    return RegisterActions(create, update, _importing(model, imported, permission, done))


def _importing(
    model: type[Row], code: str, permission: str, done: Callable[[], None]
) -> Callable[..., list[Any]]:
    @action(code)
    def write(
        *,
        by: Any,
        create: Sequence[Mapping[str, Any]],
        update: Sequence[tuple[Row, Mapping[str, Any]]],
        source: Mapping[str, Any],
    ) -> list[Any]:
        require_all(by, permission, model, [record.pk for record, _changes in update])
        keys = bulk.write(model, create=create, update=update)
        require_all(by, permission, model, keys)
        note(created=len(create), updated=len(update), **source)
        done()
        return keys

    return write
