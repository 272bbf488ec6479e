"""Errors of the work-face engine: each has a stable code, names the record, and says what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input.

    `code` is stable and may be tested or translated; `feature` is the zero-based index in the file and
    `identifier` the record's own id, either may be None when the fault is not about one record.
    """

    code: str
    message: str
    hint: str
    feature: int | None = None
    identifier: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        where = []
        if self.feature is not None:
            where.append(f"feature {self.feature}")
        if self.identifier is not None:
            where.append(f"id {self.identifier!r}")
        if self.field is not None:
            where.append(f"field {self.field!r}")
        place = f" ({', '.join(where)})" if where else ""
        return f"[{self.code}]{place} {self.message} → {self.hint}"

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class WorksiteError(ValueError):
    """The input cannot be used; `faults` lists everything found, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))

    @property
    def code(self) -> str:
        return self.faults[0].code


class InfeasibleError(WorksiteError):
    """No joint schedule exists for a cluster under the moves that its parties allow."""


def fail(
    code: str, message: str, hint: str, *, identifier: str | None = None, field: str | None = None
) -> WorksiteError:
    """A WorksiteError with a single fault."""
    return WorksiteError([Fault(code, message, hint, identifier=identifier, field=field)])
