"""What is in an uploaded file: its sheets, how the columns of one are matched, a few of their values.

Kept with the import, so that the page on which columns are corrected need not read the workbook again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hongtu.ledger.declaration import Ledger
from hongtu.ledger.imports.files import content
from hongtu.ledger.models import ImportJob
from hongtu.ledger.sheets import Mapping, SheetSpec, analyse, choose_sheet, open_table
from hongtu.ledger.sheets.grid import RawSheet
from hongtu.ledger.spec import import_spec

SAMPLES, LOOKED_AT, SHOWN = 3, 30, 24


@dataclass(frozen=True)
class Examined:
    """A file's digest, the proposed mapping of one sheet, and its layout as plain data:
    `sheets` (name, rows, hidden), `rows` of all of them, `samples` by column number."""

    digest: str
    mapping: Mapping
    layout: dict[str, Any]


def examine(given: bytes, spec: SheetSpec, sheet: str | None = None) -> Examined:
    """Read the file and match the columns of `sheet`, or of the one that fits best. Raises Refusal."""
    workbook = open_table(given)
    chosen = choose_sheet(workbook, spec, sheet)
    _layout, mapping = analyse(chosen, spec)
    first = (mapping.header_rows[-1] if mapping.header_rows else -1) + 1
    layout = {
        "sheets": [[one.name, len(one.rows), one.hidden] for one in workbook.sheets],
        "rows": sum(len(one.rows) for one in workbook.sheets),
        "samples": {str(m.column): _samples(chosen, first, m.column) for m in mapping.matches},
    }
    return Examined(workbook.digest, mapping, layout)


def mapping_of(job: ImportJob, ledger: Ledger) -> tuple[Mapping, dict[str, Any]]:
    """The mapping and layout kept with an import; read anew for one that came by the command line."""
    if job.mapping and job.layout:
        return Mapping.from_data(job.mapping), job.layout
    found = examine(content(job), import_spec(ledger, job.owner), job.mapping.get("sheet"))
    return (Mapping.from_data(job.mapping) if job.mapping else found.mapping), found.layout


def _samples(sheet: RawSheet, first: int, column: int) -> str:
    found: list[str] = []
    for number in range(first, min(len(sheet.rows), first + LOOKED_AT)):
        value = sheet.value(number, column)
        if value not in (None, "") and len(found) < SAMPLES:
            found.append(str(value)[:SHOWN])
    return "；".join(found)
