"""What people write into a cell, and what is stored or said about it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from hongtu.ledger.sheets import CATALOG, Ambiguous, Problem, SheetColumn, SheetSpec, parse
from hongtu.ledger.sheets.dates import parse_date
from hongtu.ledger.sheets.grid import CellError, Percentage, RawSheet
from hongtu.ledger.sheets.units import unit_in_header
from tests.ledger.sheets.cast import PROJECTS, xlsx

D = datetime.date


def one(header: str, *values, spec: SheetSpec = PROJECTS, **options):
    """Parses one column beside a name column; returns (values, faults)."""
    rows = [
        ["项目名称", "项目代码", header],
        *[[f"项目甲{i}", f"C{i}", value] for i, value in enumerate(values)],
    ]
    parsed = parse(RawSheet("s", rows), spec, **options)
    match = parsed.mapping.matches[2]
    return [row[match.key] for row in parsed.rows], [f for f in parsed.faults if f.row]


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2025年4月1日", D(2025, 4, 1), D(2025, 4, 1)),
        ("２０２５年４月１日", D(2025, 4, 1), D(2025, 4, 1)),
        ("2025 年 4 月", D(2025, 4, 1), D(2025, 4, 30)),
        ("2025.4.1", D(2025, 4, 1), D(2025, 4, 1)),
        ("2025.04", D(2025, 4, 1), D(2025, 4, 30)),
        ("2025-04", D(2025, 4, 1), D(2025, 4, 30)),
        ("2024/2", D(2024, 2, 1), D(2024, 2, 29)),
        ("20250401", D(2025, 4, 1), D(2025, 4, 1)),
        (20250401, D(2025, 4, 1), D(2025, 4, 1)),
        ("202504", D(2025, 4, 1), D(2025, 4, 30)),
        (45748, D(2025, 4, 1), D(2025, 4, 1)),
        ("45748", D(2025, 4, 1), D(2025, 4, 1)),
        (2025.12, D(2025, 12, 1), D(2025, 12, 31)),
        ("二〇二五年十二月二十一日", D(2025, 12, 21), D(2025, 12, 21)),
        ("25年4月", D(2025, 4, 1), D(2025, 4, 30)),
        ("2025年4月上旬", D(2025, 4, 1), D(2025, 4, 10)),
        ("2025年4月底前", D(2025, 4, 30), D(2025, 4, 30)),
        ("2025年底", D(2025, 12, 31), D(2025, 12, 31)),
        ("2025年第二季度", D(2025, 4, 1), D(2025, 6, 30)),
        ("2025-04-01 00:00:00", D(2025, 4, 1), D(2025, 4, 1)),
        ("2025-04-01T08:30:00+08:00", D(2025, 4, 1), D(2025, 4, 1)),
        (datetime.datetime(2025, 4, 1, 9, 30), D(2025, 4, 1), D(2025, 4, 1)),
    ],
)
def test_dates_as_people_write_them(written, first, last):
    assert parse_date(written, month_day="first") == first
    assert parse_date(written, month_day="last") == last


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2025年13月", "value.not_date"),
        ("2025-02-30", "value.not_date"),
        ("尽快", "value.not_date"),
        ("2025年", "value.date_incomplete"),
        ("4月1日", "value.date_without_year"),
        (True, "value.not_date"),
        (12.5, "value.not_date"),
        (Percentage(0.5), "value.not_date"),
    ],
)
def test_what_is_no_date_says_why(written, code):
    problem = parse_date(written)
    assert isinstance(problem, Problem) and problem.code == code


def test_a_date_without_a_year_takes_the_year_of_the_report():
    values, faults = one("开工时间", "4月1日", "12.5", default_year=2025)
    assert values == [D(2025, 4, 1), D(2025, 12, 5)] and not faults


def test_the_number_2025_1_is_asked_about_because_it_may_be_october():
    values, faults = one("开工时间", 2025.1)
    assert values == [D(2025, 1, 1)]
    assert [(f.code, f.level) for f in faults] == [("value.month_ambiguous", "warning")]


@pytest.mark.parametrize(
    ("header", "written", "stored"),
    [
        ("总投资", "１，２３４．５", Decimal("1234.5")),
        ("总投资", "1,234.50", Decimal("1234.5")),
        ("总投资", "¥12", Decimal(12)),
        ("总投资（元）", 120000, Decimal(12)),
        ("总投资/亿元", 1.2, Decimal(12000)),
        ("总投资 单位：亿元", 0.1 + 0.2, Decimal(3000)),
        ("总投资", "3亿元", Decimal(30000)),
        ("总投资", "(1,200)", Decimal(-1200)),
        ("总投资", "1.5e3", Decimal(1500)),
        ("用地面积（平方米）", 10000, Decimal(15)),
        ("用地面积(公顷)", 1, Decimal(15)),
        ("用地面积（万㎡）", 1, Decimal(15)),
        ("完成率", "25%", Decimal(25)),
        ("完成率", "２５．５％", Decimal("25.5")),
        ("完成率", Percentage(0.255), Decimal("25.5")),
        ("完成率（%）", 0.5, Decimal("0.5")),
        ("完成率", 0.5, Decimal(50)),
        ("完成率", 50, Decimal(50)),
        ("楼栋数", "７", 7),
        ("楼栋数", 7.0, 7),
        ("是否入统", "√", True),
        ("是否入统", "×", False),
        ("是否入统", "是", True),
        ("是否入统", "无", False),
        ("是否入统", 1, True),
        ("项目类别", "民生", "livelihood"),
        ("项目类别", "mixed", "mixed"),
        ("项目级别", "民生、混合/PPP", ("livelihood", "mixed")),
        ("项目级别", "民生/基础设施", ("livelihood", "infrastructure")),
        ("备注", 123.0, "123"),
        ("备注", "  甲\r\n乙 ", "甲\n乙"),
        ("总投资", "—", None),
        ("开工时间", "/", None),
    ],
)
def test_values_as_people_write_them(header, written, stored):
    values, faults = one(header, written)
    assert values == [stored]
    assert [f.code for f in faults if f.code != "value.required"] == []


@pytest.mark.parametrize(
    ("header", "written", "code"),
    [
        ("总投资", "约五千", "value.not_number"),
        ("总投资", "12亩", "value.not_number"),
        ("总投资", "1e30", "value.number_too_large"),
        ("总投资", "1,23", "value.not_number"),
        ("楼栋数", "7.5", "value.not_integer"),
        ("是否入统", "也许", "value.not_boolean"),
        ("项目类别", "社会民省", "value.choice_unknown"),
        ("项目级别", "民生、其它", "value.choice_unknown"),
        ("项目代码", "一" * 31, "value.too_long"),
        ("备注", 360113198001011234, "value.digits_lost"),
        ("总投资", CellError("#REF!"), "value.cell_error"),
        ("总投资", CellError("="), "value.not_calculated"),
    ],
)
def test_a_wrong_value_is_a_fault_with_place_and_advice(header, written, code):
    rows = [["项目名称", "总投资", "x"], ["示例", 1, None]]
    column = {"总投资": 1}.get(header, 2)
    rows[0][column], rows[1][column] = header, written
    parsed = parse(RawSheet("表", rows), PROJECTS)
    found = [f for f in parsed.faults if f.code == code]
    assert len(found) == 1
    assert (found[0].sheet, found[0].row, found[0].column) == ("表", 2, "ABC"[column])
    assert found[0].message("zh") and found[0].message("en")
    assert parsed.good() == []


def test_a_near_word_is_proposed():
    _, faults = one("项目类别", "社会民省")
    assert "社会民生" in faults[-1].message("zh") and "Did you mean" in faults[-1].message("en")


def test_references_are_resolved_in_one_call_and_told_apart():
    calls = []

    def resolve(names):
        calls.append(sorted(names))
        return {"示例一局": 11, "示例二局": Ambiguous(2)}

    column = SheetColumn(
        key="owner", zh="建设单位", kind="reference", resolve=resolve, reference_names=("示例一局",)
    )
    several = SheetColumn(key="others", zh="配合单位", kind="references", resolve=resolve)
    spec = SheetSpec(name="s", zh="表", columns=(column, several))
    rows = [
        ["建设单位", "配合单位"],
        ["示例一局", "示例一局、示例一局"],
        ["示例一局", None],
        ["示例二局", None],
        ["示例一句", "无此"],
    ]
    parsed = parse(RawSheet("s", rows), spec)
    assert [row["owner"] for row in parsed.rows] == [11, 11, None, None]
    assert parsed.rows[0]["others"] == (11, 11)
    assert len(calls) == 2 and len(calls[0]) == 3
    codes = [f.code for f in parsed.faults]
    assert codes == ["value.reference_ambiguous", "value.reference_unknown", "value.reference_unknown"]
    assert "示例一局" in parsed.faults[1].message("zh")


def test_a_validator_of_the_domain_brings_its_own_words():
    def even(value):
        return None if value % 2 == 0 else Problem("towers.odd", zh="须为双数", en="must be even")

    spec = SheetSpec(
        name="s", zh="表", columns=(SheetColumn(key="n", zh="楼栋数", kind="integer", validators=(even,)),)
    )
    parsed = parse(RawSheet("s", [["楼栋数"], [3], [4]]), spec)
    assert [row["n"] for row in parsed.rows] == [None, 4]
    assert (parsed.faults[0].code, parsed.faults[0].message("en")) == ("towers.odd", "must be even")


def test_a_repeated_key_names_the_first_row_and_falls_back_to_the_second_key():
    rows = [
        ["项目名称", "项目代码", "总投资"],
        ["甲项目", "C1", 1],
        ["乙项目", "C1", 1],
        ["丙项目", None, 1],
        ["丙项目", None, 1],
    ]
    parsed = parse(RawSheet("s", rows), PROJECTS)
    assert [(f.code, f.cell, f.params["first_row"]) for f in parsed.faults] == [
        ("row.duplicate_key", "B3", 2),
        ("row.duplicate_key", "A5", 4),
    ]
    assert [number for number, _ in parsed.good()] == [2, 4]


def test_a_missing_required_column_blocks_the_whole_sheet():
    parsed = parse(RawSheet("s", [["项目名称", "项目代码"], ["甲项目", "C1"]]), PROJECTS)
    assert [(f.code, f.field) for f in parsed.faults] == [("value.column_missing", "total")]
    assert parsed.good() == []


def test_too_many_decimals_are_rounded_and_said():
    values, faults = one("总投资", "1.23456")
    assert values == [Decimal("1.2346")]
    assert [(f.code, f.level) for f in faults] == [("value.rounded", "warning")]


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("总投资（万元）", "万元"), ("总投资[亿]", "亿元"), ("面积/亩", "亩"),
        ("建筑面积(万㎡，地上)", "万平方米"),
        ("完成率%", "%"), ("设计/施工/监理", None), ("投资（含税）", None), ("单位", None),
    ],
)  # fmt: skip
def test_units_are_read_from_headers(header, unit):
    assert unit_in_header(header) == unit


def test_every_sentence_exists_in_both_languages_with_the_same_blanks():
    import string

    for code, (chinese, english) in CATALOG.items():
        blanks = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (chinese, english)
        ]
        assert blanks[0] == blanks[1], code
        assert any(ord(letter) > 0x4E00 for letter in chinese), code


def test_errors_and_percentages_survive_the_reading_of_a_real_file():
    import io

    from openpyxl import load_workbook

    from hongtu.ledger.sheets import open_table
    from tests.ledger.sheets.cast import saved

    book = load_workbook(
        io.BytesIO(xlsx(["项目名称", "总投资", "完成率"], ["甲项目", "=1/0", 0.25], ["乙项目", 3, 0.5]))
    )
    book.active["C2"].number_format = "0.0%"
    book.active["C3"].number_format = '"约"0%'
    sheet = open_table(saved(book)).sheets[0]
    assert [type(sheet.rows[i][2]) for i in (1, 2)] == [Percentage, Percentage]
    parsed = parse(sheet, PROJECTS)
    assert [f.code for f in parsed.faults] == ["value.not_calculated"]
    assert [row["ratio"] for row in parsed.rows] == [Decimal(25), Decimal(50)]
