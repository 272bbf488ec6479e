"""Errors that people see: a stable code, what is wrong, what to do; never a bare string."""

from typing import Any


class HongtuError(Exception):
    """Base of every refusal. `code` is stable and documented; `message` is already in words.

    `where` holds what a reader needs to find the place: file, row, field, object.
    """

    code = "hongtu.refused"

    def __init__(self, message: str, *, code: str | None = None, **where: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.where = where

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "message": str(self.message), "where": self.where}


class InvalidInput(HongtuError):
    """Fields that cannot be accepted; `fields` maps a field name to its messages."""

    code = "input.invalid"

    def __init__(
        self,
        message: str,
        *,
        fields: dict[str, list[str]] | None = None,
        code: str | None = None,
        **where: Any,
    ) -> None:
        super().__init__(message, code=code, **where)
        self.fields = fields or {}

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "fields": self.fields}


class NotAllowed(HongtuError):
    """The person may not do this (the object itself may be visible to her)."""

    code = "access.not_allowed"


class StaleVersion(HongtuError):
    """Somebody else changed the record meanwhile. `mine` is kept, `theirs` shows what changed."""

    code = "record.stale"

    def __init__(
        self,
        message: str,
        *,
        expected: int,
        current: int,
        mine: dict[str, Any],
        theirs: dict[str, Any],
        **where: Any,
    ) -> None:
        super().__init__(message, **where)
        self.expected, self.current = expected, current
        self.mine, self.theirs = mine, theirs

    def as_dict(self) -> dict[str, Any]:
        return {
            **super().as_dict(),
            "expected_version": self.expected,
            "current_version": self.current,
            "mine": self.mine,
            "theirs": self.theirs,
        }
