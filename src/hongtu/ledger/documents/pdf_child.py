"""Reads one PDF from standard input into blocks, as JSON on standard output; run as a process of its own.

pdfplumber was chosen because it alone gives the cells of a table by its ruling lines, with their page.
"""

from __future__ import annotations

import io
import json
import re
import sys
from typing import Any

CPU_SECONDS = 20
MEMORY = 280 * 1024 * 1024
PAGE_NUMBER = re.compile(r"[-—–\s]*(?:第?\s*\d+\s*页?)(?:\s*[/，,共]?\s*共?\s*\d+\s*页?)?[-—–\s]*")
ITEM = re.compile(
    r"(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}(?:[、．]|\.(?!\d)))"
)


def limit() -> None:
    """Bound processor time and memory where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def refuse(code: str, **params: Any) -> dict[str, Any]:
    return {"refusal": code, "params": params}


def read(data: bytes, most_pages: int) -> dict[str, Any]:
    """{"blocks": [...], "pages": n}, or {"refusal": code, "params": {...}}."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            pages = len(document.pages)
            if pages > most_pages:
                return refuse("document.too_long", pages=pages, limit=most_pages)
            blocks: list[dict[str, Any]] = []
            for page in document.pages:
                blocks += _page(page, blocks)
                page.close()
    except PdfminerException as error:
        inner = error.args[0] if error.args else None
        if isinstance(inner, PDFPasswordIncorrect):
            return refuse("document.encrypted_pdf")
        return refuse("file.damaged", detail=str(inner)[:80] or "PDF")
    except PDFPasswordIncorrect:
        return refuse("document.encrypted_pdf")
    except (PDFException, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return refuse("file.damaged", detail=str(error)[:80] or "PDF")
    except MemoryError:
        return refuse("document.unreadable")
    if not any(any(block["cells"]) for block in blocks):
        return refuse("document.no_text", pages=pages)
    return {"blocks": blocks, "pages": pages}


def _page(page: Any, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Paragraphs and table rows of a page from top to bottom."""
    tables = page.find_tables()
    boxes = [table.bbox for table in tables]

    def outside(thing: dict[str, Any]) -> bool:
        x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        return not any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)

    found: list[tuple[float, dict[str, Any]]] = []
    number = sum(1 for block in before if not block["table"])
    for top, text in _paragraphs(page.filter(outside), page.height):
        number += 1
        found.append((top, {"cells": [text], "number": number, "page": page.page_number, "table": 0}))
    first = max((block["table"] for block in before), default=0) + 1
    for count, table in enumerate(tables, first):
        for row_number, row in enumerate(table.rows, 1):
            cells = [_cell(page, box) for box in row.cells]
            top = row.bbox[1]
            block = {"cells": _seen(cells), "number": row_number, "page": page.page_number, "table": count}
            found.append((top, block))
    return [block for _top, block in sorted(found, key=lambda pair: pair[0])]


def _seen(cells: list[str | None]) -> list[str]:
    """Without what a cell merged over columns covers; a first cell merged over rows stays, as empty."""
    return [cell or "" for n, cell in enumerate(cells) if cell is not None or n == 0]


def _cell(page: Any, box: Any) -> str | None:
    if box is None:
        return None
    return "\n".join(text for _top, text in _paragraphs(page.crop(box, strict=False), None, box[2]))


def _paragraphs(area: Any, height: float | None, right: float | None = None) -> list[tuple[float, str]]:
    """Lines joined into paragraphs: a line that reaches the right edge goes on in the next one."""
    lines = area.extract_text_lines(return_chars=True)
    if not lines:
        return []
    # Text outside a cell ends at the margin on the right, taken to be as wide as the one on the left.
    edge = (
        right
        if right is not None
        else max(area.width - min(line["x0"] for line in lines), *(line["x1"] for line in lines))
    )
    found: list[tuple[float, str]] = []
    open_line = False
    for line in lines:
        text = line["text"].strip()
        margin = height is not None and (line["top"] < 0.07 * height or line["bottom"] > 0.92 * height)
        if not text or (margin and PAGE_NUMBER.fullmatch(text)):
            continue
        size = max(char["size"] for char in line["chars"])
        if open_line and found and not ITEM.match(text):
            top, words = found[-1]
            blank = " " if words[-1:].isascii() and words[-1:].isalnum() and text[:1].isascii() else ""
            found[-1] = (top, f"{words}{blank}{text}")
        else:
            found.append((line["top"], text))
        open_line = line["x1"] > edge - 2.2 * size
    return found


def main() -> None:
    limit()
    answer = read(sys.stdin.buffer.read(), int(sys.argv[1]))
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


if __name__ == "__main__":
    main()
