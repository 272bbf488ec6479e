"""Enumerations with a label, without a framework: what `vocab.py` of a domain is made of."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A string enumeration whose members carry a Chinese label: `NEW = "new", "新建"`.

    The label is a translation source; `hongtu.kernel.base.choices.choices()` translates it.
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value
        return member


def mark(text: str) -> str:
    """Mark a text for translation without translating it (the extraction tool looks for `mark(`)."""
    return text
