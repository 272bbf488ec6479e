"""Workbooks people really have: read, understood, checked, marked, written. Plain Python, no framework."""

from hongtu.ledger.sheets.columns import Ambiguous, Choice, SheetColumn, SheetSpec
from hongtu.ledger.sheets.digest import row_digest, rows_digest
from hongtu.ledger.sheets.grid import RawSheet, RawWorkbook
from hongtu.ledger.sheets.headers import SkippedRow, analyse, choose_sheet
from hongtu.ledger.sheets.mapping import ColumnMatch, Mapping
from hongtu.ledger.sheets.marking import mark_faults
from hongtu.ledger.sheets.messages import CATALOG, Fault, Problem, Progress, Refusal, StopCheck, Stopped
from hongtu.ledger.sheets.office_style import OfficeStyle, write_office_workbook
from hongtu.ledger.sheets.parsing import ParsedSheet, parse, parse_workbook
from hongtu.ledger.sheets.reading import open_table
from hongtu.ledger.sheets.safety import DEFAULT_LIMITS, Limits
from hongtu.ledger.sheets.template import write_template
from hongtu.ledger.sheets.units import units_alike
from hongtu.ledger.sheets.writing import View, write_csv, write_xlsx

__all__ = [
    "CATALOG",
    "DEFAULT_LIMITS",
    "Ambiguous",
    "Choice",
    "ColumnMatch",
    "Fault",
    "Limits",
    "Mapping",
    "OfficeStyle",
    "ParsedSheet",
    "Problem",
    "Progress",
    "RawSheet",
    "RawWorkbook",
    "Refusal",
    "SheetColumn",
    "SheetSpec",
    "SkippedRow",
    "StopCheck",
    "Stopped",
    "View",
    "analyse",
    "choose_sheet",
    "mark_faults",
    "open_table",
    "parse",
    "parse_workbook",
    "row_digest",
    "rows_digest",
    "units_alike",
    "write_csv",
    "write_office_workbook",
    "write_template",
    "write_xlsx",
]
