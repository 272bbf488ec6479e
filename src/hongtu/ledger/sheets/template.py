"""The empty workbook people fill in: drop-downs, rules as comments, an example row that import skips."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from hongtu.ledger.sheets.cells import header_text, like_formula, xlsx_text
from hongtu.ledger.sheets.columns import SheetColumn, SheetSpec
from hongtu.ledger.sheets.writing import BORDER, HEADER_FILL, Target, _cell_value, column_width, save_workbook

AUTHOR = "Hongtu 宏图"
_REQUIRED_FILL = PatternFill("solid", start_color="FFFBE9D7")
_EXAMPLE_FONT = Font(italic=True, color="FF6B7680")
LAST_ROW = 5_000
_KINDS = {
    "text": ("文字", "text"), "integer": ("整数", "whole number"), "decimal": ("数", "number"),
    "money": ("金额", "amount"), "percent": ("百分数，如 25%", "percentage, e.g. 25%"),
    "date": ("日期，如 2025-04-01", "date, e.g. 2025-04-01"),
    "month": ("年月，如 2025-04", "month, like 2025-04"),
    "boolean": ("填 是 或 否", "是 or 否"), "choice": ("从下拉选项中选", "choose from the list"),
    "choices": ("可选多项，用顿号隔开", "several options, separated by 、"),
    "reference": ("写名称", "a name"), "references": ("写名称，多个用顿号隔开", "names, separated by 、"),
}  # fmt: skip


def rule_text(column: SheetColumn, language: str = "zh") -> str:
    """The rules of a column in words, for its comment and the instructions sheet."""
    chinese = language.startswith("zh")
    place = 0 if chinese else 1
    parts = [("必填" if chinese else "Required") if column.required else ("选填" if chinese else "Optional")]
    parts.append(_KINDS[column.kind][place])
    if column.unit and column.kind != "percent":
        parts.append(f"单位 {column.unit}" if chinese else f"in {column.unit}")
    if column.max_length:
        parts.append(f"最多 {column.max_length} 字" if chinese else f"at most {column.max_length} characters")
    if column.choices:
        words = [choice.title(language) for choice in column.choices]
        parts.append(("选项：" if chinese else "Options: ") + "、".join(words))
    if help_text := column.help(language):
        parts.append(help_text)
    return ("；" if chinese else "; ").join(parts)


def write_template(
    target: Target, spec: SheetSpec, *, language: str = "zh", keys: list[str] | None = None
) -> None:
    """Writes the template: sheet to fill in, instructions, hidden options for the drop-downs."""
    chinese = language.startswith("zh")
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = (spec.sheet_name or spec.title(language))[:31]
    options = workbook.create_sheet("选项" if chinese else "Options")
    options.sheet_state = "hidden"
    columns = spec.select(keys)
    _put(sheet, 1, 1, "序号" if chinese else "No.", bold=True)
    _put(sheet, 2, 1, "示例" if chinese else "Example")
    sheet.cell(2, 1).font = _EXAMPLE_FONT
    for index, column in enumerate(columns, start=2):
        title = header_text(column, language)
        cell = _put(sheet, 1, index, f"{title} *" if column.required else title, bold=True)
        cell.fill = _REQUIRED_FILL if column.required else HEADER_FILL
        comment = Comment(rule_text(column, language), AUTHOR)
        comment.width, comment.height = 320, 120
        cell.comment = comment
        _example(sheet, index, column, language)
        sheet.column_dimensions[get_column_letter(index)].width = column_width(column, language)
        if validation := _validation(workbook, options, column, index, language):
            sheet.add_data_validation(validation)
            letter = get_column_letter(index)
            validation.add(f"{letter}2:{letter}{LAST_ROW}")
    sheet.row_dimensions[1].height = 36
    sheet.freeze_panes = "C2"
    _instructions(workbook, columns, language)
    workbook.active = 0
    save_workbook(workbook, target)


def _put(sheet: Any, row: int, column: int, value: Any, bold: bool = False) -> Any:
    cell = sheet.cell(row, column)
    put_value(cell, value)
    cell.border = BORDER
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center" if bold else None)
    if bold:
        cell.font = Font(bold=True)
        cell.fill = HEADER_FILL
    return cell


def put_value(cell: Any, value: Any) -> None:
    """Sets a cell; text stays text whatever it begins with."""
    if isinstance(value, str):
        value = xlsx_text(value)
        cell.value = value
        cell.data_type = "s"
        cell.quotePrefix = like_formula(value)
    else:
        cell.value = value


def _example(sheet: Any, index: int, column: SheetColumn, language: str) -> None:
    value, _, form = _cell_value(column, column.example, language, None)
    if value is None and column.choices:
        value = column.choices[0].title(language)
    cell = _put(sheet, 2, index, value)
    cell.font = _EXAMPLE_FONT
    for row in range(2, 12):  # the first rows show the format; the rest takes what people type
        sheet.cell(row, index).number_format = form


def _validation(
    workbook: Workbook, options: Any, column: SheetColumn, index: int, language: str
) -> DataValidation | None:
    words: list[str] = []
    if column.kind == "choice":
        words = [choice.title(language) for choice in column.choices]
    elif column.kind == "boolean":
        words = ["是", "否"]
    elif column.kind == "reference":
        words = list(column.reference_names)
    if words:
        letter = get_column_letter(index)
        for row, word in enumerate(words, start=1):
            put_value(options.cell(row, index), word)
        name = f"hongtu_options_{index}"
        reference = f"'{options.title}'!${letter}$1:${letter}${len(words)}"
        workbook.defined_names[name] = DefinedName(name, attr_text=reference)
        # A reference may be new to us, so its list only helps; a choice must be one of the options.
        style = "warning" if column.kind == "reference" else "stop"
        validation = DataValidation(type="list", formula1=f"={name}", allow_blank=True, errorStyle=style)
    elif column.kind == "integer":
        validation = DataValidation(type="whole", operator="between", formula1="-1E+15", formula2="1E+15")
    elif column.kind == "text" and column.max_length:
        validation = DataValidation(
            type="textLength", operator="lessThanOrEqual", formula1=str(column.max_length)
        )
    else:
        return (
            None  # dates and amounts are typed in many ways that import understands; a rule would refuse them
        )
    validation.allow_blank = True
    validation.showErrorMessage = True
    validation.errorTitle = column.title(language)[:32]
    validation.error = rule_text(column, language)[:225]
    return validation


def _instructions(workbook: Workbook, columns: tuple[SheetColumn, ...], language: str) -> None:
    chinese = language.startswith("zh")
    sheet = workbook.create_sheet("填表说明" if chinese else "Instructions", 1)
    for index, word in enumerate(("列", "规则") if chinese else ("Column", "Rule"), start=1):
        _put(sheet, 1, index, word, bold=True)
    for row, column in enumerate(columns, start=2):
        _put(sheet, row, 1, header_text(column, language))
        _put(sheet, row, 2, rule_text(column, language))
    sheet.column_dimensions["A"].width = 28
    sheet.column_dimensions["B"].width = 90
    sheet.freeze_panes = "A2"
