"""Gives people their own workbook back: faulty cells marked, a comment in each, a list of faults."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import column_index_from_string

from hongtu.ledger.sheets.grid import RawSheet
from hongtu.ledger.sheets.headers import FAULT_SHEETS
from hongtu.ledger.sheets.messages import Fault, Progress, StopCheck, Ticker
from hongtu.ledger.sheets.reading import open_table
from hongtu.ledger.sheets.safety import DEFAULT_LIMITS, Limits
from hongtu.ledger.sheets.template import AUTHOR, _put, put_value
from hongtu.ledger.sheets.writing import Target, save_workbook

ERROR_COLOUR = "FFFFC7C1"
WARNING_COLOUR = "FFFFEBB3"
_OURS = {ERROR_COLOUR, WARNING_COLOUR}
MAX_MARKS = 5_000
"""Comments beyond this make a workbook too slow to open; the list sheet still names every fault."""
MAX_LISTED = 20_000


def mark_faults(
    source: bytes,
    faults: Sequence[Fault],
    target: Target,
    *,
    language: str = "zh",
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
    stop: StopCheck | None = None,
) -> None:
    """Writes a marked copy of `source` (.xlsx, or CSV turned into .xlsx).

    Formats, formulas, widths, merged cells and pictures stay; openpyxl does not carry charts and shapes over.
    Marks of an earlier run are taken off first. Raises what `open_table` raises for a file it refuses.
    """
    raw = open_table(source, limits=limits, stop=stop)
    ticker = Ticker(progress, stop, len(faults), every=100)
    if raw.file_type == "csv":
        workbook = _from_table(raw.sheets[0], ticker)
    else:
        workbook = load_workbook(io.BytesIO(source))
        _clear_marks(workbook)
    by_cell: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        cell = fault.cell or (f"A{fault.row}" if fault.row else "")
        if cell and fault.sheet in workbook.sheetnames:
            by_cell[fault.sheet, cell].append(fault)
    for done, ((name, cell), found) in enumerate(by_cell.items()):
        ticker.step(done)
        if done >= MAX_MARKS:
            break
        _mark(workbook[name], cell, found, language)
    _list_sheet(workbook, faults, language)
    ticker.now(len(faults))
    save_workbook(workbook, target)


def _from_table(sheet: RawSheet, ticker: Ticker) -> Workbook:
    workbook = Workbook()
    target = workbook.active
    assert target is not None
    target.title = sheet.name
    for number, row in enumerate(sheet.rows, start=1):
        ticker.step(number)
        for column, value in enumerate(row, start=1):
            if value is not None:
                put_value(target.cell(number, column), value)
    return workbook


def _clear_marks(workbook: Workbook) -> None:
    for name in FAULT_SHEETS & set(workbook.sheetnames):
        del workbook[name]
    for sheet in workbook.worksheets:
        for cell in list(sheet._cells.values()):
            comment = getattr(cell, "comment", None)
            ours = comment is not None and comment.author == AUTHOR
            if ours and cell.fill.start_color.rgb in _OURS:
                cell.fill = PatternFill()
                cell.comment = None


def _mark(sheet: Any, reference: str, faults: list[Fault], language: str) -> None:
    cell = sheet[reference]
    if isinstance(cell, MergedCell):  # only the first cell of a merged block can carry a comment
        for block in sheet.merged_cells.ranges:
            if reference in block:
                cell = sheet.cell(block.min_row, block.min_col)
                break
    serious = any(fault.level == "error" for fault in faults)
    cell.fill = PatternFill("solid", start_color=ERROR_COLOUR if serious else WARNING_COLOUR)
    lines = [f"{fault.message(language)} [{fault.code}]" for fault in faults]
    if cell.comment is not None:
        lines.append(str(cell.comment.text))
    comment = Comment("\n".join(lines), AUTHOR)
    comment.width, comment.height = 360, 60 + 40 * len(lines)
    cell.comment = comment


def _list_sheet(workbook: Workbook, faults: Sequence[Fault], language: str) -> None:
    chinese = language.startswith("zh")
    sheet = workbook.create_sheet("导入问题清单" if chinese else "Import faults")
    titles = (
        ("工作表", "行", "列", "单元格内容", "问题", "程度", "代码")
        if chinese
        else ("Sheet", "Row", "Column", "Value", "Fault", "Level", "Code")
    )
    levels = {"error": "须改正", "warning": "请核对"} if chinese else {"error": "error", "warning": "check"}
    for index, title in enumerate(titles, start=1):
        _put(sheet, 1, index, title, bold=True)
    for row, fault in enumerate(faults[:MAX_LISTED], start=2):
        values = (
            fault.sheet, fault.row or "", fault.column, fault.value, fault.message(language),
            levels.get(fault.level, fault.level), fault.code,
        )  # fmt: skip
        for index, value in enumerate(values, start=1):
            put_value(sheet.cell(row, index), value)
        if fault.cell and fault.sheet in workbook.sheetnames and column_index_from_string(fault.column):
            link = sheet.cell(row, 2)
            quoted = fault.sheet.replace("'", "''")
            link.hyperlink = f"#'{quoted}'!{fault.cell}"
            link.font = Font(color="FF1F5FA8", underline="single")
    if len(faults) > MAX_LISTED:
        rest = len(faults) - MAX_LISTED
        put_value(sheet.cell(MAX_LISTED + 2, 5), f"另有 {rest} 条" if chinese else f"{rest} more")
    for letter, width in zip("ABCDEFG", (16, 8, 8, 28, 70, 10, 26), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
