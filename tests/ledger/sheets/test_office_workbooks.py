"""Workbooks in the style of a real office are understood as a person would."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pytest
from openpyxl import Workbook

from hongtu.ledger.sheets import (
    OfficeStyle,
    Refusal,
    analyse,
    open_table,
    parse,
    parse_workbook,
    write_office_workbook,
)
from hongtu.ledger.sheets.grid import RawSheet
from tests.ledger.sheets.cast import PROJECTS, ROAD, SCHOOL, saved, xlsx


def office(**changes: object) -> bytes:
    style = OfficeStyle(
        title="红谷滩区重大项目台账（示例）", office="示例中心", period="2025年5月",
        notes=("注：1. 本表每月25日前报送。", "填报人：示例    联系电话：0791-00000000"), **changes,
    )  # fmt: skip
    stream = io.BytesIO()
    write_office_workbook(stream, PROJECTS, [SCHOOL, ROAD], style)
    return stream.getvalue()


@pytest.mark.parametrize("date_form", ["serial", "dotted", "chinese", "digits", "mixed"])
@pytest.mark.parametrize("section_key", ["", "kind"])
@pytest.mark.parametrize("full_width_digits", [False, True])
def test_an_office_ledger_comes_back_as_it_was_written(date_form, section_key, full_width_digits):
    data = office(date_form=date_form, section_key=section_key, full_width_digits=full_width_digits)
    parsed = parse_workbook(open_table(data), PROJECTS)
    assert [fault.message("en") for fault in parsed.faults] == []
    assert parsed.rows == [SCHOOL, ROAD]
    kinds = [row.kind for row in parsed.skipped]
    assert kinds.count("totals") == 1 and kinds.count("note") == 2
    assert kinds.count("section") == (2 if section_key else 0)


def test_amounts_written_in_yi_are_stored_in_wan_exactly():
    parsed = parse_workbook(open_table(office(units={"total": "亿元", "year_plan": "亿元"})), PROJECTS)
    assert [row["total"] for row in parsed.rows] == [Decimal(35000), Decimal(8000)]
    assert parsed.rows[0]["year_plan"] == Decimal("12000.5")
    assert parsed.mapping.column_of("total").unit == "亿元"


def test_two_line_header_with_the_unit_in_the_group():
    data = xlsx(
        ["全区重大项目情况表"],
        ["单位：亿元、亩"],
        [],
        ["序号", "项目名称", "投资(万元)", None, "用地面积"],
        [None, None, "总投资", "年度计划"],
        [1, "示例中学", "３５，０００", 12000, "８０亩"],
        [2, "示例大道", "1.2亿", "—", "15000㎡"],
        ["合  计", None, 47000, 12000, None],
        merged=("A1:E1", "C4:D4", "A4:A5", "B4:B5", "E4:E5"),
    )
    parsed = parse_workbook(open_table(data), PROJECTS)
    assert [row["total"] for row in parsed.rows] == [Decimal(35000), Decimal(12000)]
    assert [row["year_plan"] for row in parsed.rows] == [Decimal(12000), None]
    assert [row["land"] for row in parsed.rows] == [Decimal(80), Decimal("22.5")]
    assert parsed.mapping.header_rows == (3, 4)
    assert parsed.numbers == [6, 7]
    assert parsed.faults == []


def test_a_unit_stated_once_above_the_table_holds_for_all_amounts():
    data = xlsx(
        ["台账", None, None, "单位：亿元"], ["项目名称", "总投资", "年度计划"], ["示例中学", 3.5, 1.2]
    )
    row = parse_workbook(open_table(data), PROJECTS).rows[0]
    assert (row["total"], row["year_plan"]) == (Decimal(35000), Decimal(12000))


def test_an_office_called_unit_is_no_unit_of_money():
    data = xlsx(["填报单位：万元镇", "责任单位：元"], ["项目名称", "总投资"], ["示例中学", 3.5])
    assert parse_workbook(open_table(data), PROJECTS).rows[0]["total"] == Decimal("3.5")


def test_group_words_without_merged_cells_reach_over_their_columns():
    sheet = RawSheet("s", [["项目名称", "投资", None], [None, "总投资", "年度计划"], ["示例中学", 1, 2]])
    parsed = parse(sheet, PROJECTS)
    assert parsed.rows == [{"name": "示例中学", "total": Decimal(1), "year_plan": Decimal(2)}]


def test_a_total_that_does_not_add_up_is_pointed_out_without_blocking():
    data = xlsx(["项目名称", "总投资（万元）"], ["示例中学", 100], ["示例大道", 50], ["合计（2个）", 160])
    parsed = parse_workbook(open_table(data), PROJECTS)
    assert [(f.code, f.cell, f.level) for f in parsed.faults] == [("row.total_differs", "B4", "warning")]
    assert len(parsed.good()) == 2


def test_totals_on_top_numbering_line_repeated_header_and_blank_lines_are_no_records():
    data = xlsx(
        ["序号", "项目名称", "项目代码", "总投资"],
        ["甲", "乙", 1, 2],
        ["总计", None, None, 30],
        [1, "示例中学", "A-1", 10],
        [],
        ["序号", "项目名称", "项目代码", "总投资"],
        [2, "示例大道", "A-2", 20],
        [3],
        ["备注：以上均为示例"],
    )
    parsed = parse_workbook(open_table(data), PROJECTS)
    assert [row["name"] for row in parsed.rows] == ["示例中学", "示例大道"]
    assert [row.kind for row in parsed.skipped] == ["numbering", "totals", "header", "note"]


def test_words_merged_over_rows_count_for_each_but_a_number_only_once():
    data = xlsx(
        ["项目名称", "建设单位", "总投资"],
        ["示例一期", "示例公司", 100],
        ["示例二期", None, None],
        merged=("B2:B3", "C2:C3"),
    )
    parsed = parse_workbook(open_table(data), PROJECTS)
    assert [row["owner"] for row in parsed.rows] == ["示例公司", "示例公司"]
    assert [row["total"] for row in parsed.rows] == [Decimal(100), None]
    assert {f.code for f in parsed.faults} == {"value.merged_number", "value.required"}


def test_the_user_corrects_the_mapping_and_it_survives_storage():
    data = xlsx(["名称", "代号", "投资总额度", "数"], ["示例中学", "A-1", 3.5, 7])
    book = open_table(data)
    _, mapping = analyse(book.sheets[0], PROJECTS)
    assert mapping.column_of("name").how == "synonym"
    assert mapping.matches[2].key is None and mapping.matches[2].suggestions
    corrected = (
        mapping.assign(PROJECTS, 2, "total").with_unit(PROJECTS, 2, "亿元").assign(PROJECTS, 3, "towers")
    )
    restored = type(corrected).from_data(corrected.as_data())
    assert restored == corrected
    row = parse_workbook(book, PROJECTS, mapping=restored).rows[0]
    assert (row["total"], row["towers"]) == (Decimal(35000), 7)
    moved = corrected.assign(PROJECTS, 3, "total")
    assert moved.matches[2].key is None and moved.column_of("total").column == 3
    with pytest.raises(Refusal, match=r"mapping\.unknown_unit"):
        corrected.with_unit(PROJECTS, 2, "亩")


def test_slightly_different_headers_are_matched_and_scored():
    data = xlsx(
        ["项目 名称*", "建设单位名称", "总投资额(万元)", "竣工时间"], ["示例中学", "甲", 5, "2025年8月"]
    )
    parsed = parse_workbook(open_table(data), PROJECTS)
    assert parsed.rows[0]["end"] == datetime.date(2025, 8, 31)
    assert parsed.mapping.column_of("name").score > 0.95
    suggested = {key for match in parsed.mapping.matches for key, _ in match.suggestions}
    assert {"owner", "total"} <= suggested


def test_the_sheet_that_fits_is_chosen_among_several():
    workbook = Workbook()
    workbook.active.append(["目录"])
    data = workbook.create_sheet("项目")
    data.append(["项目名称", "总投资"])
    data.append(["示例中学", 1])
    hidden = workbook.create_sheet("旧表")
    hidden.sheet_state = "hidden"
    hidden.append(["项目名称", "总投资", "项目代码"])
    parsed = parse_workbook(open_table(saved(workbook)), PROJECTS)
    assert parsed.sheet == "项目" and len(parsed.rows) == 1
    with pytest.raises(Refusal, match=r"sheet\.missing"):
        parse_workbook(open_table(saved(workbook)), PROJECTS, sheet_name="没有")


def test_a_table_without_a_known_header_is_refused_by_name():
    with pytest.raises(Refusal) as refusal:
        parse_workbook(open_table(xlsx(["甲", "乙"], [1, 2], title="表一")), PROJECTS)
    assert refusal.value.code == "sheet.no_header"
    assert "表一" in refusal.value.message("zh")


def test_the_user_may_say_where_the_header_is():
    sheet = RawSheet("s", [["代号", "金额"], ["甲项目", 1], ["乙项目", 2]])
    _, mapping = analyse(sheet, PROJECTS, header_rows=(0,))
    mapping = mapping.assign(PROJECTS, 0, "name").assign(PROJECTS, 1, "total")
    parsed = parse(sheet, PROJECTS, mapping=mapping)
    assert [(row["name"], row["total"]) for row in parsed.rows] == [("甲项目", 1), ("乙项目", 2)]
