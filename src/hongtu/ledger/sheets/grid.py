"""The neutral form of a table after reading: rows of plain values and the merged ranges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class Percentage(float):
    """A number the sheet shows as a percentage; the value is the fraction (0.25 is shown as 25 %)."""

    __slots__ = ()


class CellError(str):
    """An error value such as #REF!; `=` stands for a formula whose result was never stored."""

    __slots__ = ()


NOT_CALCULATED = CellError("=")


@dataclass(frozen=True, slots=True)
class MergedRange:
    """A merged block, rows and columns counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class RawSheet:
    """`rows[i]` is sheet row i + 1; rows are as long as their last cell, absent cells are None.

    Values are None, str, int, float, Percentage, bool, date, datetime, time or CellError.
    """

    name: str
    rows: list[list[Any]]
    merged: list[MergedRange] = field(default_factory=list)
    hidden: bool = False

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def value(self, row: int, column: int) -> Any:
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        return self.rows[row][column]


@dataclass(slots=True)
class RawWorkbook:
    sheets: list[RawSheet]
    file_type: str
    digest: str
    encoding: str = ""
    delimiter: str = ""


def column_letter(column: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(reference: str) -> int:
    """`AB12` -> 27. Remembers the letters: a sheet asks for the same few columns row after row."""
    letters = reference.rstrip("0123456789")
    known = _INDEX_OF.get(letters)
    if known is not None:
        return known
    index = 0
    for letter in letters[:4]:
        index = index * 26 + ord(letter) - 64
    if len(_INDEX_OF) < 20_000:
        _INDEX_OF[letters] = index - 1
    return index - 1


_INDEX_OF: dict[str, int] = {}
