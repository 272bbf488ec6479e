"""A ledger in the style of a real office: title rows, merged two-line header, units, totals row, notes.

Used for the demonstration's workbook and to test import against what people really send.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from hongtu.ledger.sheets.cells import display_value, number_format
from hongtu.ledger.sheets.columns import NUMBER_KINDS, SheetColumn, SheetSpec
from hongtu.ledger.sheets.messages import Progress, StopCheck, Ticker
from hongtu.ledger.sheets.template import put_value
from hongtu.ledger.sheets.writing import BORDER, PAPER_A3, Target, column_width, save_workbook

_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, kw_only=True)
class OfficeStyle:
    """How this office writes its ledger.

    `date_form`: serial (real dates), dotted (2025.4.1), chinese (2025年4月), digits (20250401) or mixed.
    `section_key` groups rows under headings such as `一、社会民生（35 项）`, each with its subtotal.
    """

    title: str
    office: str = ""
    period: str = ""
    notes: Sequence[str] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    date_form: str = "serial"
    section_key: str = ""
    full_width_digits: bool = False
    with_sequence: bool = True
    with_totals: bool = True
    keys: Sequence[str] | None = None


_DATE_FORMS = ("serial", "dotted", "chinese", "digits")


def write_office_workbook(
    target: Target,
    spec: SheetSpec,
    rows: Iterable[Mapping[str, Any]],
    style: OfficeStyle,
    *,
    progress: Progress | None = None,
    stop: StopCheck | None = None,
) -> None:
    """Writes `rows` (stored values) as such a workbook. Column order is that of the spec or `style.keys`."""
    records = list(rows)
    writer = _OfficeWriter(spec, style)
    ticker = Ticker(progress, stop, len(records), every=100)
    row = writer.titles()
    row = writer.header(row)
    row = writer.body(records, row, ticker)
    if style.with_totals:
        row = writer.totals(records, row, "合计")
    writer.notes(row)
    ticker.now(len(records))
    save_workbook(writer.workbook, target)


class _OfficeWriter:
    def __init__(self, spec: SheetSpec, style: OfficeStyle) -> None:
        self.spec, self.style = spec, style
        self.columns = spec.select(style.keys)
        self.offset = 1 if style.with_sequence else 0
        self.width = len(self.columns) + self.offset
        self.workbook = Workbook()
        sheet = self.workbook.active
        assert sheet is not None
        self.sheet: Any = sheet
        sheet.title = (spec.sheet_name or spec.zh)[:31]

    def put(self, row: int, column: int, value: Any, bold: bool = False, form: str | None = None) -> None:
        cell = self.sheet.cell(row, column)
        put_value(cell, value)
        cell.border, cell.alignment = BORDER, _CENTRE
        if bold:
            cell.font = Font(bold=True)
        if form and not isinstance(value, str):
            cell.number_format = form

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if (top, left) != (bottom, right):
            self.sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)

    def titles(self) -> int:
        put_value(self.sheet.cell(1, 1), self.style.title)
        self.sheet.cell(1, 1).font = Font(bold=True, size=20)
        self.sheet.cell(1, 1).alignment = _CENTRE
        self.merge(1, 1, 1, self.width)
        self.sheet.row_dimensions[1].height = 36
        line = [f"填报单位：{self.style.office}" if self.style.office else "", self.style.period]
        put_value(self.sheet.cell(2, 1), "　　".join(part for part in line if part) or None)
        self.merge(2, 1, 2, self.width)
        return 3

    def unit(self, column: SheetColumn) -> str:
        return self.style.units.get(column.key, column.unit)

    def header(self, row: int) -> int:
        """Two lines: groups merged over their columns, ungrouped columns merged downwards."""
        if self.style.with_sequence:
            self.put(row, 1, "序号", bold=True)
            self.merge(row, 1, row + 1, 1)
        place = 1 + self.offset
        for group, members in groupby(self.columns, key=lambda column: column.group_zh):
            run = list(members)
            units = {self.unit(column) for column in run}
            common = next(iter(units)) if len(units) == 1 and len(run) > 1 else ""
            if group and len(run) > 1:
                self.put(row, place, f"{group}({common})" if common else group, bold=True)
                self.merge(row, place, row, place + len(run) - 1)
            for index, column in enumerate(run):
                unit = "" if common and group else self.unit(column)
                title = f"{column.zh}\n（{unit}）" if unit else column.zh
                if group and len(run) > 1:
                    self.put(row + 1, place + index, title, bold=True)
                else:
                    self.put(row, place + index, title, bold=True)
                    self.merge(row, place + index, row + 1, place + index)
                self.sheet.column_dimensions[get_column_letter(place + index)].width = column_width(column)
            place += len(run)
        self._page(row + 1)
        return row + 2

    def _page(self, header_end: int) -> None:
        name = self.sheet.cell(header_end + 1, 2 + self.offset).coordinate
        self.sheet.freeze_panes = name
        self.sheet.print_title_rows = f"1:{header_end}"
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.page_setup.paperSize = PAPER_A3
        self.sheet.page_setup.fitToWidth, self.sheet.page_setup.fitToHeight = 1, 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def body(self, records: list[Mapping[str, Any]], row: int, ticker: Ticker) -> int:
        sections: dict[Any, list[Mapping[str, Any]]] = {}
        for record in records:
            sections.setdefault(record.get(self.style.section_key), []).append(record)
        number = 0
        for place, (value, members) in enumerate(sections.items()):
            if self.style.section_key:
                word = display_value(self.spec.column(self.style.section_key), value) or "其他"
                numeral = _NUMERALS[place] if place < len(_NUMERALS) else str(place + 1)
                row = self.totals(members, row, f"{numeral}、{word}（{len(members)}项）")
            for record in members:
                ticker.step(number)
                number += 1
                if self.style.with_sequence:
                    self.put(row, 1, number)
                for index, column in enumerate(self.columns, start=1 + self.offset):
                    value, form = self.value(column, record.get(column.key), number)
                    self.put(row, index, value, form=form)
                row += 1
        return row

    def value(self, column: SheetColumn, value: Any, number: int) -> tuple[Any, str]:
        shown = display_value(column, value, "zh", self.style.units.get(column.key))
        form = number_format(column)
        if shown is None:
            return None, form
        if column.kind == "boolean":
            return ("√" if value else "×"), form
        if column.kind in ("date", "month"):
            return self._date(shown, column.kind, number), form
        if column.kind == "percent":
            return shown / 100, form
        if column.kind in NUMBER_KINDS and self.style.full_width_digits:
            return f"{shown:,f}".translate(str.maketrans("0123456789", "０１２３４５６７８９")), form
        if isinstance(shown, Decimal) and len(shown.as_tuple().digits) > 15:
            return f"{shown:f}", form
        return shown, form

    def _date(self, date: datetime.date, kind: str, number: int) -> Any:
        form = self.style.date_form
        if form == "mixed":
            form = _DATE_FORMS[number % len(_DATE_FORMS)]
        if kind == "month":
            return {
                "dotted": f"{date.year}.{date.month:02}", "chinese": f"{date.year}年{date.month}月",
                "digits": f"{date:%Y%m}",
            }.get(form, date)  # fmt: skip
        return {
            "dotted": f"{date.year}.{date.month}.{date.day}",
            "chinese": f"{date.year}年{date.month}月{date.day}日",
            "digits": f"{date:%Y%m%d}",
        }.get(form, date)

    def totals(self, records: Sequence[Mapping[str, Any]], row: int, label: str) -> int:
        """A row with the label over the first columns and the sums of the columns declared as totals."""
        first = next((i for i, c in enumerate(self.columns) if c.total), len(self.columns)) + self.offset
        self.put(row, 1, label, bold=True)
        self.merge(row, 1, row, max(first, 1))
        for index, column in enumerate(self.columns, start=1 + self.offset):
            if column.total and index > first:
                total = sum((Decimal(record.get(column.key) or 0) for record in records), Decimal(0))
                value, form = self.value(column, total, 0)
                self.put(row, index, value, bold=True, form=form)
        return row + 1

    def notes(self, row: int) -> None:
        for note in self.style.notes:
            put_value(self.sheet.cell(row, 1), note)
            self.sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
            self.merge(row, 1, row, self.width)
            row += 1
