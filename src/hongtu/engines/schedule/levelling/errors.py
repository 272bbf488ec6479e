"""The refusal that every part of levelling raises: a stable code and a sentence to act on."""

from __future__ import annotations


class LevellingError(ValueError):
    """Input that cannot be levelled.

    `code` is stable and may be relied upon; `subject` names the task, resource or file line at fault;
    the message says what is wrong and what to do.
    """

    def __init__(self, code: str, message: str, subject: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.subject = subject
