"""What the database would refuse, found beforehand and named by row: check constraints and uniqueness."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import CheckConstraint, F, Field, Model, Q, UniqueConstraint

from hongtu.ledger.sheets import Problem

_COMPARE: dict[str, Any] = {
    "exact": operator.eq,
    "gte": operator.ge,
    "lte": operator.le,
    "gt": operator.gt,
    "lt": operator.lt,
    "in": lambda a, b: a in b,
    "isnull": lambda a, b: (a is None) == b,
}


class _Unknown(Exception):
    """A condition this small reader does not understand; the database still guards it."""


def constraint_problems(
    model: type[Model], record: Model | None, values: Mapping[str, Any]
) -> Iterator[tuple[str, Problem]]:
    """Check constraints that the row would break, each on the last field it names."""
    for constraint in model._meta.constraints:
        if not isinstance(constraint, CheckConstraint):
            continue
        try:
            holds = _holds(constraint.condition, _State(model, record, values))
        except _Unknown:
            continue
        names = [n for n in _names(constraint.condition) if values.get(n) is not None]
        if holds is False and names:
            yield names[-1], _constraint_problem(model, constraint, names)


def _constraint_problem(model: type[Model], constraint: CheckConstraint, names: Sequence[str]) -> Problem:
    from hongtu.ledger.spec import both

    titles = [both(model._meta.get_field(n).verbose_name) for n in names]  # type: ignore[union-attr]
    chinese, english = "、".join(t[0] for t in titles), ", ".join(t[1] for t in titles)
    own = both(constraint.violation_error_message)
    if constraint.violation_error_message == constraint.default_violation_error_message:
        own = (
            f"“{chinese}”不符合要求（{constraint.name}）。请核对。",  # not for translation: see en
            f"The values of {english} break the rule {constraint.name}. Check their order and size.",
        )
    return Problem("row.constraint", {"rule": constraint.name}, zh=own[0], en=own[1])


class _State:
    """A field's value after the import."""

    def __init__(self, model: type[Model], record: Model | None, values: Mapping[str, Any]) -> None:
        self.model, self.record, self.values = model, record, values

    def value(self, name: str) -> Any:
        found = self.values.get(name)
        if found is None and self.record is not None:
            found = getattr(self.record, name)
        elif found is None:
            field = self.model._meta.get_field(name)
            found = field.get_default() if isinstance(field, Field) else None
        return found


def _referred(reference: Any) -> str:
    """The field an F() names."""
    return str(reference.name)


def _names(condition: Any) -> list[str]:
    names: list[str] = []
    for child in condition.children:
        if isinstance(child, Q):
            names += _names(child)
            continue
        name = str(child[0]).split("__")[0]
        names.append(name)
        if isinstance(child[1], F):
            names.append(_referred(child[1]))
    return list(dict.fromkeys(names))


def _holds(condition: Any, state: _State) -> bool | None:
    """SQL's three-valued answer: None (unknown) passes a check."""
    answers = [
        _holds(child, state) if isinstance(child, Q) else _compare(child, state)
        for child in condition.children
    ]
    found: bool | None
    if condition.connector == Q.AND:
        found = False if False in answers else None if None in answers else True
    elif condition.connector == Q.OR:
        found = True if True in answers else None if None in answers else False
    else:
        raise _Unknown(condition.connector)
    return None if found is None else found != condition.negated


def _compare(child: Any, state: _State) -> bool | None:
    if not isinstance(child, tuple):
        raise _Unknown(repr(child))
    name, _, lookup = child[0].partition("__")
    compare = _COMPARE.get(lookup or "exact")
    if compare is None:
        raise _Unknown(child[0])
    left = state.value(name)
    right = state.value(_referred(child[1])) if isinstance(child[1], F) else child[1]
    if lookup != "isnull" and (left is None or right is None):
        return None
    return bool(compare(left, right))


Row = tuple[int, Any, Mapping[str, Any]]


def unique_problems(model: type[Model], rows: Sequence[Row]) -> list[tuple[int, str, Problem, Any]]:
    """Rows whose unique values another row of the file or another stored record already has.

    One query for each unique field or constraint the rows touch. Empty values never collide.
    """
    found: list[tuple[int, str, Problem, Any]] = []
    for names in _unique_sets(model):
        touched = [r for r in rows if any(r[2].get(n) is not None for n in names)]
        found += _collisions(model, names, touched)
    return found


def _unique_sets(model: type[Model]) -> Iterable[tuple[str, ...]]:
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key and field.editable:
            yield (field.name,)
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields:
            yield tuple(constraint.fields)


def _collisions(
    model: type[Model], names: tuple[str, ...], rows: Sequence[Row]
) -> Iterator[tuple[int, str, Problem, Any]]:
    after = {}
    for number, record, values in rows:
        state = _State(model, record, values)
        parts = tuple(_plain(state.value(n)) for n in names)
        if not any(part in (None, "") for part in parts):
            after[number] = (record.pk if record is not None else None, parts)
    if not after:
        return
    firsts = {parts[0] for _pk, parts in after.values()}
    stored: dict[tuple[Any, ...], Any] = {}
    for pk, *parts in model._default_manager.filter(**{f"{names[0]}__in": firsts}).values_list("pk", *names):
        stored[tuple(parts)] = pk
    moving = {pk for pk, _parts in after.values()}
    seen: dict[tuple[Any, ...], int] = {}
    for number, (pk, parts) in after.items():
        value = " + ".join(str(part) for part in parts)
        if parts in seen:
            params = {"value": value, "first_row": seen[parts]}
            yield number, names[0], Problem("row.duplicate_key", params), value
        elif stored.get(parts, pk) != pk and stored[parts] not in moving:
            yield number, names[0], _taken(value), value
        seen.setdefault(parts, number)


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _taken(value: str) -> Problem:
    return Problem(
        "row.taken",
        {"value": value},
        zh=f"“{value}”已被另一条记录使用。请改值，或补上那条记录的编码。",  # not for translation: see en
        en=f"“{value}” belongs to another record already. Change it, or add the key of that record.",
    )
