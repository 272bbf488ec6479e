"""Values that not every reader of a record sees whole: telephone numbers as 138****1234."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from hongtu.kernel.access import policies

if TYPE_CHECKING:
    from hongtu.ledger.columns import Column

LEADING, TRAILING = 3, 4


@dataclass(frozen=True)
class Mask:
    """Who sees a value whole: holders of `permission`, the person herself, and people whose own unit is the
    record's `unit`; everybody else sees its first three and last four characters."""

    permission: str
    unit: str = "unit_id"

    def hides(self, record: Any, reader: Any) -> bool:
        """Whether `reader` gets the masked value of `record`. None is the house itself and sees all."""
        if reader is None or policies.can(reader, self.permission) or record.pk == reader.pk:
            return False
        unit = getattr(record, self.unit)
        return unit is None or unit != reader.unit_id


def masked(value: Any) -> str:
    """`13812341234` -> `138****1234`; what is too short to keep anything is hidden whole."""
    text = str(value or "")
    if len(text) < LEADING + TRAILING + 2:
        return "*" * len(text)
    return f"{text[:LEADING]}{'*' * (len(text) - LEADING - TRAILING)}{text[-TRAILING:]}"


def _read(column: Column, reader: Any, record: Any) -> Any:
    value = column.read(record)
    assert column.mask is not None
    return masked(value) if column.mask.hides(record, reader) else value


def for_reader(columns: Iterable[Column], reader: Any) -> list[Column]:
    """The columns as this person may read them."""
    return [c if c.mask is None else replace(c, value=partial(_read, c, reader)) for c in columns]


def hidden_fields(columns: Sequence[Column], record: Any, reader: Any) -> frozenset[str]:
    """Names of the fields of `record` that this person sees masked."""
    return frozenset(c.name for c in columns if c.mask is not None and c.mask.hides(record, reader))
