"""Exports that equal the view: its columns, filters stated, totals on top; as .xlsx or CSV, streamed."""

from __future__ import annotations

import codecs
import csv
import io
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from hongtu.ledger.sheets.cells import (
    csv_text,
    display_value,
    fits_float,
    header_text,
    like_formula,
    number_format,
    xlsx_text,
)
from hongtu.ledger.sheets.columns import NUMBER_KINDS, SheetColumn, SheetSpec
from hongtu.ledger.sheets.messages import Progress, StopCheck, Ticker

HEADER_FILL = PatternFill("solid", start_color="FFE3ECF5")
TOTALS_FILL = PatternFill("solid", start_color="FFF4F4F0")
_LINE = Side(style="thin", color="FFB8BFC6")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
PAPER_A3 = "8"
_ENCODINGS = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "gb18030": "gb18030"}

Target = str | os.PathLike[str] | BinaryIO


@dataclass(frozen=True, kw_only=True)
class View:
    """What the list page shows, to be exported as it is.

    `filters` are (name, value) pairs in words; `totals` are in stored units; `units` maps a column to the
    unit it is displayed in; `count` is the number of rows where known (for progress and the totals row).
    """

    keys: Sequence[str] | None = None
    filters: Sequence[tuple[str, str]] = ()
    totals: Mapping[str, Any] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    data_date: str = ""
    count: int = 0
    language: str = "zh"
    frozen_key: str = ""


class _Styles:
    """Cell styles made once; a style array is shared by every cell that looks the same."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self._made: dict[tuple[str, str, bool], Any] = {}

    def array(self, role: str, form: str, quoted: bool) -> Any:
        key = (role, form, quoted)
        if key not in self._made:
            cell = WriteOnlyCell(self.sheet)
            cell.number_format = form
            cell.border = BORDER
            wrap = role != "number"
            cell.alignment = Alignment(vertical="center", wrap_text=wrap, horizontal=_align(role))
            if role in ("header", "totals"):
                cell.font = Font(bold=True)
                cell.fill = HEADER_FILL if role == "header" else TOTALS_FILL
            elif role == "title":
                cell.font, cell.border = Font(bold=True, size=16), Border()
                cell.alignment = Alignment(vertical="center")
            elif role == "statement":
                cell.font, cell.border = Font(color="FF4A5560"), Border()
                cell.alignment = Alignment(vertical="center")
            cell.quotePrefix = quoted
            self._made[key] = cell._style
        return self._made[key]

    def cell(self, value: Any, role: str, form: str = "General") -> WriteOnlyCell:
        cell = WriteOnlyCell(self.sheet)
        quoted = False
        if isinstance(value, str):
            value = xlsx_text(value)
            quoted = like_formula(value)
        if value is not None:
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # openpyxl would make `=...` a formula and `#N/A` an error
        cell._style = self.array(role, form, quoted)
        return cell


def _align(role: str) -> str | None:
    return {"header": "center", "number": "right", "date": "center"}.get(role)


def _cell_value(column: SheetColumn, value: Any, language: str, unit: str | None) -> tuple[Any, str, str]:
    """(value, role, number format) of one cell."""
    shown = display_value(column, value, language, unit)
    form = number_format(column)
    if isinstance(shown, bool) or shown is None or isinstance(shown, str):
        return shown, "text", "@"
    if isinstance(shown, Decimal | int) and column.kind in NUMBER_KINDS:
        number = Decimal(shown)
        if not fits_float(number):
            return f"{number:f}", "text", "@"
        return (number / 100 if column.kind == "percent" else number), "number", form
    return shown, "date", form


def write_xlsx(
    target: Target,
    spec: SheetSpec,
    rows: Iterable[Mapping[str, Any]],
    view: View | None = None,
    *,
    progress: Progress | None = None,
    stop: StopCheck | None = None,
) -> int:
    """Writes the view as .xlsx and returns the number of rows. A path appears once it is complete."""
    view = view or View()
    columns = spec.select(view.keys)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet((spec.sheet_name or spec.title(view.language))[:31])
    top = 4 if view.totals else 3
    _page_setup(sheet, columns, view, top)
    try:
        count = _append_rows(sheet, columns, rows, view, Ticker(progress, stop, view.count, every=200), spec)
        if (
            not view.totals
        ):  # with a totals row beneath the header, the filter would hide it among the records
            sheet.auto_filter.ref = f"A3:{get_column_letter(len(columns))}{count + 3}"
    except BaseException:
        sheet.close()  # ends openpyxl's generators and removes its temporary file
        sheet._writer.cleanup()
        raise
    save_workbook(workbook, target)
    return count


def _append_rows(
    sheet: Any,
    columns: Sequence[SheetColumn],
    rows: Iterable[Mapping[str, Any]],
    view: View,
    ticker: Ticker,
    spec: SheetSpec,
) -> int:
    styles = _Styles(sheet)
    language = view.language
    units = [view.units.get(column.key) for column in columns]
    plan = list(zip(columns, units, strict=True))
    sheet.append([styles.cell(spec.title(language), "title")])
    sheet.append([styles.cell(statement(view), "statement")])
    sheet.append([styles.cell(header_text(column, language, unit), "header") for column, unit in plan])
    if view.totals:
        sheet.append(_totals_row(styles, columns, units, view))
    count = 0
    for row in rows:
        ticker.step(count)
        sheet.append([styles.cell(*_cell_value(c, row.get(c.key), language, unit)) for c, unit in plan])
        count += 1
    ticker.now(count)
    return count


def _totals_row(
    styles: _Styles, columns: Sequence[SheetColumn], units: Sequence[str | None], view: View
) -> list[WriteOnlyCell]:
    label = "合计" if view.language.startswith("zh") else "Total"
    if view.count:
        label += f"（{view.count}）" if view.language.startswith("zh") else f" ({view.count})"
    place = next((i for i, column in enumerate(columns) if column.key not in view.totals), 0)
    cells = []
    for index, (column, unit) in enumerate(zip(columns, units, strict=True)):
        if index == place:
            cells.append(styles.cell(label, "totals"))
            continue
        value, role, form = _cell_value(column, view.totals.get(column.key), view.language, unit)
        cells.append(styles.cell(value, "totals", form if role == "number" else "General"))
    return cells


def statement(view: View) -> str:
    """The line under the title: filters and data date in words, so that a printed sheet explains itself."""
    chinese = view.language.startswith("zh")
    if view.filters:
        parts = [f"{name}{'：' if chinese else ': '}{value}" for name, value in view.filters]
        text = ("筛选 " if chinese else "Filters ") + ("；" if chinese else "; ").join(parts)
    else:
        text = "全部记录" if chinese else "All records"
    if view.data_date:
        text += f"  数据截至 {view.data_date}" if chinese else f"  Data as of {view.data_date}"
    return text


def _page_setup(sheet: Any, columns: Sequence[SheetColumn], view: View, top: int) -> None:
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column_width(column, view.language)
    keys = [column.key for column in columns]
    frozen = keys.index(view.frozen_key) + 1 if view.frozen_key in keys else 1
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{top + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = PAPER_A3
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"1:{top}"
    chinese = view.language.startswith("zh")
    sheet.oddFooter.center.text = "第 &P 页 / 共 &N 页" if chinese else "Page &P of &N"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5


def column_width(column: SheetColumn, language: str = "zh") -> float:
    """Width in characters: what is declared, else enough for the title and the usual value."""
    if column.width:
        return column.width
    usual = {"text": 18, "money": 14, "decimal": 12, "date": 12, "month": 11, "choices": 18}
    title = sum(2 if ord(letter) > 255 else 1 for letter in column.title(language)) + 4
    return float(min(max(usual.get(column.kind, 10), min(title, 16)), 40))


def save_workbook(workbook: Workbook, target: Target) -> None:
    """Saves to a stream, or to a path by way of a neighbouring temporary file."""
    if not isinstance(target, str | os.PathLike):
        workbook.save(target)
        return
    _replace(target, lambda stream: workbook.save(stream))


def _replace(target: str | os.PathLike[str], write: Any) -> None:
    path = os.fspath(target)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path) or ".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            write(stream)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def write_csv(
    target: Target,
    spec: SheetSpec,
    rows: Iterable[Mapping[str, Any]],
    view: View | None = None,
    *,
    encoding: str = "utf-8-sig",
    progress: Progress | None = None,
    stop: StopCheck | None = None,
) -> int:
    """Writes header and rows as CSV in `utf-8-sig` (the mark lets Excel see UTF-8), `utf-8` or `gb18030`.

    No title, filters or totals: a CSV is read by programs. Returns the number of rows.
    """
    if encoding not in _ENCODINGS:
        raise ValueError(f"encoding {encoding!r}: use one of {', '.join(_ENCODINGS)}")
    if isinstance(target, str | os.PathLike):
        count = 0

        def write(stream: BinaryIO) -> None:
            nonlocal count
            count = write_csv(stream, spec, rows, view, encoding=encoding, progress=progress, stop=stop)

        _replace(target, write)
        return count
    view = view or View()
    columns = spec.select(view.keys)
    if encoding == "utf-8-sig":
        target.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(target, encoding=_ENCODINGS[encoding], newline="")
    writer = csv.writer(text)
    units = [view.units.get(column.key) for column in columns]
    writer.writerow(
        csv_text(header_text(c, view.language, u, csv=True)) for c, u in zip(columns, units, strict=True)
    )
    ticker = Ticker(progress, stop, view.count)
    count = 0
    for row in rows:
        ticker.step(count)
        writer.writerow(
            _csv_value(display_value(c, row.get(c.key), view.language, u), c)
            for c, u in zip(columns, units, strict=True)
        )
        count += 1
    ticker.now(count)
    text.flush()
    text.detach()
    return count


def _csv_value(value: Any, column: SheetColumn) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        return csv_text(value)
    if column.kind == "month":
        return f"{value:%Y-%m}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
