"""What is exported comes back the same, and no text ever becomes a formula."""

from __future__ import annotations

import datetime
import io
import re
from csv import reader
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from hongtu.ledger.sheets import Stopped, View, open_table, parse_workbook, write_csv, write_xlsx
from tests.ledger.sheets.cast import PROJECTS, ROAD, SCHOOL

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    '=cmd|"/C calc"!A0',
    "'=1",
    "''-2",
]

letters = (
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff")
        | st.sampled_from("=+-@'＝,，;\t\n\"、一"),
        min_size=1,
        max_size=30,
    )
    .map(str.strip)
    .filter(bool)
)
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
dates = st.dates(datetime.date(1950, 1, 1), datetime.date(2100, 12, 31))
values = sorted(choice.value for choice in PROJECTS.column("kind").choices)
records = st.fixed_dictionaries(
    {
        "name": letters.map(lambda text: "项目甲" + text),
        "code": st.none(),
        "kind": st.none() | st.sampled_from(values),
        "levels": st.none() | st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple),
        "land": st.none() | amounts,
        "total": amounts,
        "year_plan": st.none() | amounts,
        "ratio": st.none() | st.decimals(min_value=-1000, max_value=1000, places=4),
        "start": st.none() | dates,
        "end": st.none() | dates,
        "period": st.none() | dates.map(lambda date: date.replace(day=1)),
        "registered": st.none() | st.booleans(),
        "towers": st.none() | st.integers(-(10**12), 10**12),
        "owner": st.none() | letters,
        "remark": st.none() | letters,
    }
)
tables = st.lists(records, min_size=1, max_size=4, unique_by=lambda row: row["name"])
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def reread(data: bytes):
    parsed = parse_workbook(open_table(data), PROJECTS)
    assert [(f.code, f.value) for f in parsed.errors] == []
    return parsed


@quick
@given(tables)
def test_xlsx_comes_back_the_same(rows):
    stream = io.BytesIO()
    view = View(totals={"total": sum(row["total"] for row in rows)})
    assert write_xlsx(stream, PROJECTS, rows, view) == len(rows)
    assert reread(stream.getvalue()).rows == rows


@quick
@given(tables, st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_csv_comes_back_the_same(rows, encoding):
    stream = io.BytesIO()
    write_csv(stream, PROJECTS, rows, encoding=encoding)
    assert reread(stream.getvalue()).rows == rows


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_come_back(language):
    stream = io.BytesIO()
    write_xlsx(stream, PROJECTS, [SCHOOL, ROAD], View(language=language, units={"total": "亿元"}))
    assert reread(stream.getvalue()).rows == [SCHOOL, ROAD]


def test_the_same_content_has_the_same_digest_in_every_format():
    xlsx, csv = io.BytesIO(), io.BytesIO()
    write_xlsx(xlsx, PROJECTS, [SCHOOL, ROAD], View(units={"total": "亿元"}))
    write_csv(csv, PROJECTS, [SCHOOL, ROAD], encoding="gb18030")
    first, second = reread(xlsx.getvalue()), reread(csv.getvalue())
    assert first.content_digest == second.content_digest and first.file_digest != second.file_digest
    changed = io.BytesIO()
    write_csv(changed, PROJECTS, [SCHOOL, {**ROAD, "total": Decimal("8000.01")}])
    third = reread(changed.getvalue())
    assert third.digests[0] == first.digests[0] and third.digests[1] != first.digests[1]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_like_a_formula_stays_text(text):
    rows = [{**ROAD, "remark": text, "owner": text}]
    stream, csv = io.BytesIO(), io.BytesIO()
    write_xlsx(stream, PROJECTS, rows)
    sheet = load_workbook(io.BytesIO(stream.getvalue())).active
    cells = [cell for row in sheet.iter_rows(min_row=4) for cell in row if isinstance(cell.value, str)]
    assert all(cell.data_type != "f" for cell in cells)
    marked = [cell for cell in cells if cell.value.strip() == text.strip() and not text.startswith("'")]
    assert all(cell.quotePrefix for cell in marked) and len(marked) == (0 if text.startswith("'") else 2)
    write_csv(csv, PROJECTS, rows, encoding="utf-8")
    for line in reader(io.StringIO(csv.getvalue().decode(), newline="")):
        for field in line:
            assert not re.match(r"\s*[=+@＝＋－＠]|\s*-\D|[\t\r]", field), field
    if text == text.strip():
        assert reread(csv.getvalue()).rows == rows and reread(stream.getvalue()).rows == rows


def test_an_export_says_what_it_shows_and_prints_on_a3():
    view = View(
        keys=("name", "total", "start"),
        filters=(("责任单位", "示例中心"),),
        totals={"total": Decimal(43000)},
        units={"total": "亿元"},
        data_date="2025-05-31",
        count=2,
    )
    stream = io.BytesIO()
    write_xlsx(stream, PROJECTS, [SCHOOL, ROAD], view)
    sheet = load_workbook(stream).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "重大项目台账"
    assert "责任单位：示例中心" in rows[1][0] and "2025-05-31" in rows[1][0]
    assert rows[2] == ["项目名称", "总投资（亿元）", "开工时间"]
    assert rows[3] == ["合计（2）", 4.3, None]
    assert rows[4][:2] == ["示例中学", 3.5] and len(rows) == 6
    assert sheet.freeze_panes == "B5" and sheet["B5"].number_format.startswith("#,##0.00")
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "8")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.print_title_rows == "$1:$4"


def test_a_stopped_export_leaves_no_file(tmp_path):
    for write, name in ((write_xlsx, "a.xlsx"), (write_csv, "a.csv")):
        with pytest.raises(Stopped):
            write(tmp_path / name, PROJECTS, [SCHOOL], stop=lambda: True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_of_any_office_is_understood(encoding, delimiter):
    lines = [
        ["红谷滩区台账"],
        ["项目名称", "总投资（亿元）", "开工时间"],
        ["示例中学䶮", "3.5", "2025.4.1"],
        ["合计", "3.5", ""],
    ]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    book = open_table(text.encode(encoding))
    parsed = parse_workbook(book, PROJECTS)
    assert parsed.rows == [
        {"name": "示例中学䶮", "total": Decimal(35000), "start": datetime.date(2025, 4, 1)}
    ]
    assert book.delimiter == delimiter
