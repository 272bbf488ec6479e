"""Opens a document whatever it is: the one entrance for uploads."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from hongtu.ledger.documents.blocks import Block, Document
from hongtu.ledger.documents.safety import DOCUMENT_LIMITS, MOST_PAGES, check_document
from hongtu.ledger.sheets.grid import RawSheet
from hongtu.ledger.sheets.messages import Refusal
from hongtu.ledger.sheets.reading import open_table
from hongtu.ledger.sheets.safety import Limits

PDF_SECONDS = 30  # by the clock; the child's own limit is in processor seconds (pdf_child.py)


def open_document(data: bytes, *, limits: Limits = DOCUMENT_LIMITS) -> Document:
    """The paragraphs and table rows of a Word, PDF or Excel file. Raises `Refusal`."""
    kind = check_document(data, limits)
    pages = 0
    if kind == "docx":
        blocks = tuple(_word(data))
    elif kind == "pdf":
        blocks, pages = _pdf(data)
    else:
        blocks = tuple(block for sheet in open_table(data, limits=limits).sheets for block in _sheet(sheet))
    if not any(any(block.cells) for block in blocks):
        raise Refusal("document.empty")
    return Document(kind, blocks, hashlib.sha256(data).hexdigest(), pages)


def _word(data: bytes) -> Iterator[Block]:
    from docx import Document as open_word
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    try:
        body = open_word(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        raise Refusal("file.damaged", detail=str(error)[:80]) from error
    paragraph = table = 0
    for item in body.iter_inner_content():
        if isinstance(item, Table):
            table += 1
            for number, cells in enumerate(_word_rows(item), 1):
                yield Block(cells, number, table=table)
            continue
        paragraph += 1
        if text := item.text.strip():
            style = (item.style.name or "").lower() if item.style is not None else ""
            heading = style.startswith(("heading", "title", "标题"))  # not for translation: style names
            yield Block((text,), paragraph, heading=heading)


def _word_rows(table: Any) -> Iterator[tuple[str, ...]]:
    """Cells as they are seen: one merged over columns once, one merged over rows again in each row."""
    for row in table.rows:
        cells: list[str] = []
        before = None
        for cell in row.cells:
            if cell._tc is not before:
                cells.append(_cell_text(cell))
            before = cell._tc
        yield tuple(cells)


def _cell_text(cell: Any) -> str:
    """The lines of a cell; a table inside it gives a line a row, its cells divided by `|`."""
    lines = []
    for item in cell.iter_inner_content():
        if hasattr(item, "rows"):
            lines += [" | ".join(part.replace("\n", " ") for part in row) for row in _word_rows(item)]
        elif text := item.text.strip():
            lines.append(text)
    return "\n".join(lines)


def _sheet(sheet: RawSheet) -> Iterator[Block]:
    if sheet.hidden:
        return
    for number, row in enumerate(sheet.rows, 1):
        cells = ["" if value is None else str(value).strip() for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield Block(tuple(cells), number, table=1, sheet=sheet.name)


def _pdf(data: bytes) -> tuple[tuple[Block, ...], int]:
    """Read in a process of its own under limits of time and memory: no check foresees all of this format."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "hongtu.ledger.documents.pdf_child", str(MOST_PAGES)],
            input=data,
            capture_output=True,
            timeout=PDF_SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
        raise Refusal("document.unreadable") from error
    if "refusal" in answer:
        raise Refusal(answer["refusal"], **answer["params"])
    return tuple(Block(**{**b, "cells": tuple(b["cells"])}) for b in answer["blocks"]), answer["pages"]
