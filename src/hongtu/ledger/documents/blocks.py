"""The neutral form of a document after reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`table` 0, one cell) or a row of a table, with its place.

    page: from 1, 0 where the format knows no pages (Word). table: from 1 in the document. number: of the
    paragraph in the document, of the row in its table. sheet: name of the sheet (Excel). heading: set apart
    by its style.
    """

    cells: tuple[str, ...]
    number: int
    page: int = 0
    table: int = 0
    sheet: str = ""
    heading: bool = False

    @property
    def text(self) -> str:
        return self.cells[0] if self.cells else ""


@dataclass(frozen=True, slots=True)
class Document:
    """All blocks in reading order."""

    kind: Literal["docx", "pdf", "xlsx"]
    blocks: tuple[Block, ...]
    digest: str
    pages: int = 0
