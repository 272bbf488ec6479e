"""People get their own workbook back with the faults marked, and a template that helps."""

from __future__ import annotations

import io

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from hongtu.ledger.sheets import mark_faults, open_table, parse_workbook, write_template
from hongtu.ledger.sheets.marking import ERROR_COLOUR
from tests.ledger.sheets.cast import PROJECTS, saved, xlsx

FAULTY = xlsx(
    ["重大项目台账"],
    ["项目名称", "项目代码", "总投资", "开工时间"],
    ["示例中学", "C1", "约三亿", "2025.4.1"],
    ["示例大道", "C1", 5, "=2025-4"],
    [None, "C3", 7, None],
    merged=("A1:D1",),
)


def marked(source: bytes, language: str = "zh"):
    parsed = parse_workbook(open_table(source), PROJECTS)
    stream = io.BytesIO()
    mark_faults(source, parsed.faults, stream, language=language)
    return parsed, stream.getvalue()


def test_faulty_cells_are_coloured_and_commented_and_the_rest_is_untouched():
    book = load_workbook(io.BytesIO(FAULTY))
    book.active["A3"].font = Font(name="仿宋", size=14, bold=True)
    book.active["C3"].comment = Comment("去年也是这样写的", "someone")
    book.active.column_dimensions["A"].width = 33
    parsed, result = marked(saved(book))
    sheet = load_workbook(io.BytesIO(result))["台账"]
    coloured = {
        c.coordinate for row in sheet.iter_rows() for c in row if c.fill.start_color.rgb == ERROR_COLOUR
    }
    assert coloured == {"C3", "B4", "D4", "A5"} == {fault.cell for fault in parsed.errors}
    assert "约三亿" in sheet["C3"].comment.text and "value.not_number" in sheet["C3"].comment.text
    assert "去年也是这样写的" in sheet["C3"].comment.text
    assert (sheet["A3"].font.name, sheet["A3"].font.size) == ("仿宋", 14)
    assert sheet.column_dimensions["A"].width == 33 and sheet["D4"].value == "=2025-4"
    assert [str(block) for block in sheet.merged_cells.ranges] == ["A1:D1"]


def test_the_list_names_every_fault_and_is_not_taken_for_data():
    parsed, result = marked(FAULTY)
    rows = list(load_workbook(io.BytesIO(result))["导入问题清单"].iter_rows(values_only=True))
    assert [row[6] for row in rows[1:]] == [fault.code for fault in parsed.faults]
    assert rows[1][1:3] == (3, "C")
    again = parse_workbook(open_table(result), PROJECTS)
    assert again.sheet == "台账" and [f.code for f in again.faults] == [f.code for f in parsed.faults]


def test_a_corrected_copy_is_clean_when_marked_again():
    _, result = marked(FAULTY)
    book = load_workbook(io.BytesIO(result))
    sheet = book["台账"]
    for cell, value in {"C3": 30000, "B4": "C2", "D4": "2025-04-01", "A5": "示例公园"}.items():
        sheet[cell] = value
    parsed, clean = marked(saved(book))
    assert parsed.faults == []
    sheet = load_workbook(io.BytesIO(clean))["台账"]
    assert all(c.comment is None and c.fill.fill_type is None for row in sheet.iter_rows() for c in row)


def test_a_csv_comes_back_as_a_marked_workbook_without_formulas():
    source = "项目名称,总投资,备注\n示例中学,很多,'=1+1\n=2+2,3,\n".encode("gb18030")
    _, result = marked(source, "en")
    book = load_workbook(io.BytesIO(result))
    assert book["CSV"]["B2"].fill.start_color.rgb == ERROR_COLOUR
    assert "not a number" in book["CSV"]["B2"].comment.text
    assert book["CSV"]["C2"].value == "=1+1" and book["CSV"]["C2"].data_type == "s"
    assert "Import faults" in book.sheetnames


def test_the_template_has_drop_downs_rules_and_an_example_that_is_not_imported():
    stream = io.BytesIO()
    write_template(stream, PROJECTS)
    book = load_workbook(io.BytesIO(stream.getvalue()))
    sheet = book["台账"]
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert {str(v.sqref).split(":")[0] for v in lists} == {"D2", "M2"}
    assert book["选项"].sheet_state == "hidden" and book["选项"]["D1"].value == "社会民生"
    assert "必填" in sheet["B1"].comment.text and "万元" in sheet["G1"].comment.text
    assert parse_workbook(open_table(stream.getvalue()), PROJECTS).rows == []
    for column, value in {1: 1, 2: "示例中学", 7: "1.2亿", 4: "社会民生"}.items():
        sheet.cell(3, column).value = value
    parsed = parse_workbook(open_table(saved(book)), PROJECTS)
    assert parsed.faults == [] and len(parsed.rows) == 1
    assert {m.key for m in parsed.mapping.matches} - {None} == {c.key for c in PROJECTS.columns}


def test_the_english_template_is_understood_too():
    stream = io.BytesIO()
    write_template(stream, PROJECTS, language="en")
    parsed = parse_workbook(open_table(stream.getvalue()), PROJECTS)
    assert parsed.rows == [] and parsed.mapping.missing(PROJECTS) == []
