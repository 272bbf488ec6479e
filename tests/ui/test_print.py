"""PDF and Word: what comes out of the printer."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.utils import translation
from docx import Document
from docx.shared import Mm, Pt, RGBColor
from pypdf import PdfReader

from hongtu.ui import gallery_visuals
from hongtu.ui.official_docx import (
    Block,
    Imprint,
    OfficialDocument,
    official_date,
    official_docx,
    ordinal,
)
from hongtu.ui.print import html_to_pdf, pdf_response
from hongtu.ui.print_chains import SMALLEST_LANE, lane_height, print_chains

DAY = dt.date(2025, 4, 25)


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture(scope="module")
def ledger() -> PdfReader:
    with translation.override("zh-hans"):
        chart = gallery_visuals.chain_chart(40, 10)
        return PdfReader(io.BytesIO(print_chains(chart, "示例区链条图", issuer="示例中心", data_date=DAY)))


def fonts(reader: PdfReader) -> set[str]:
    found = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            found.add(font.get_object()["/BaseFont"].split("+")[-1])
    return found


def test_the_head_repeats_and_every_page_is_numbered(ledger: PdfReader) -> None:
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in ledger.pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert "序号 名称" in text
        assert f"数据截至 2025-04-25 · 第 {number}/{len(pages)} 页" in text


def test_every_chain_is_on_paper_with_the_word_of_its_status(ledger: PdfReader) -> None:
    text = "".join(page.extract_text() for page in ledger.pages)
    for number in range(1, 41):
        assert f"示例事项 {number:03d}" in text
    assert "滞后 6 个工作日" in text


def test_only_the_font_that_travels_with_the_product_is_used(ledger: PdfReader) -> None:
    assert fonts(ledger)
    assert all("Hongtu" in name for name in fonts(ledger)), fonts(ledger)


def test_a_ledger_page_is_a3(ledger: PdfReader) -> None:
    box = ledger.pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == (420, 297)


def test_a_wall_chart_of_120_chains_is_one_a0_sheet() -> None:
    chart = gallery_visuals.chain_chart(120, 10)
    assert lane_height(chart, "a0-landscape") > SMALLEST_LANE
    reader = PdfReader(io.BytesIO(print_chains(chart, "示例区链条图", page="a0-landscape", data_date=DAY)))
    assert len(reader.pages) == 1
    assert round(float(reader.pages[0].mediabox.width) / 72 * 25.4) == 1189
    assert "示例事项 120" in reader.pages[0].extract_text()


def test_print_reaches_no_address_outside_the_installation(tmp_path, caplog) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("body::before { content: 'stolen' }")
    html = (
        f'<link rel="stylesheet" href="{secret.as_uri()}">'
        '<link rel="stylesheet" href="http://192.0.2.1/x.css"><img src="/files/none.png"><p>ok</p>'
    )
    text = PdfReader(io.BytesIO(html_to_pdf(html))).pages[0].extract_text()
    assert "ok" in text and "stolen" not in text


def test_chinese_file_names_survive_the_answer() -> None:
    header = pdf_response(b"%PDF", "链条图.pdf")["Content-Disposition"]
    assert header.startswith("inline") and "%E9%93%BE" in header


@pytest.fixture(scope="module")
def word() -> bytes:
    return official_docx(
        OfficialDocument(
            "关于重点项目推进情况的报告",
            [
                Block("heading1", f"{ordinal(1)}、总体情况"),
                Block("text", "截至4月25日，按期率87.4%。"),
                Block("table", rows=[["序号", "事项"], ["1", "示例"]], widths=(0.2, 0.8)),
            ],
            signer="示例中心",
            date=DAY,
            addressees="区委、区政府",
            number="示重推〔2025〕4号",
        )
    )


def part(word: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(word)).read(name).decode()


def test_word_page_follows_the_standard(word: bytes) -> None:
    section = Document(io.BytesIO(word)).sections[0]
    assert abs(section.page_width - Mm(210)) < Mm(0.1) and abs(section.page_height - Mm(297)) < Mm(0.1)
    for given, wanted in ((section.top_margin, 37), (section.left_margin, 28), (section.right_margin, 26)):
        assert abs(given - Mm(wanted)) < Mm(0.1)
    assert abs(section.page_height - section.top_margin - section.bottom_margin - Mm(225)) < Mm(0.1)


def test_word_page_holds_22_lines_of_28_characters(word: bytes) -> None:
    pitch = int(re.search(r'w:linePitch="(\d+)"', part(word, "word/document.xml"))[1])  # type: ignore[index]
    closer = int(re.search(r'<w:spacing w:val="(-?\d+)"/>', part(word, "word/styles.xml"))[1])  # type: ignore[index]
    assert int(Mm(225).pt * 20 // pitch) == 22
    assert int(Mm(156).pt / (16 + closer / 20)) == 28


def test_word_title_and_body_have_their_fonts_and_sizes(word: bytes) -> None:
    runs = {p.text: p.runs[0] for p in Document(io.BytesIO(word)).paragraphs if p.runs}
    title, body = runs["关于重点项目推进情况的报告"], runs["截至4月25日，按期率87.4%。"]
    assert title.font.size == Pt(22) and 'w:eastAsia="方正小标宋简体"' in title._element.xml
    assert body.font.size == Pt(16) and 'w:eastAsia="仿宋_GB2312"' in body._element.xml
    assert 'w:eastAsia="黑体"' in runs["一、总体情况"]._element.xml


def test_word_pages_are_numbered_on_alternate_sides(word: bytes) -> None:
    section = Document(io.BytesIO(word)).sections[0]
    assert "PAGE" in section.footer._element.xml and 'w:jc w:val="right"' in section.footer._element.xml
    assert 'w:jc w:val="left"' in section.even_page_footer._element.xml
    assert "evenAndOddHeaders" in part(word, "word/settings.xml")


def test_word_table_head_repeats(word: bytes) -> None:
    assert part(word, "word/document.xml").count("<w:tblHeader/>") == 1


@pytest.fixture(scope="module")
def minutes() -> bytes:
    return official_docx(
        OfficialDocument(
            "示例区重大项目部门联席会纪要",
            [Block("text", "会议议定：限期清除。")],
            number="调度纪要〔2025〕4号",
            letterhead="示例区重大项目调度会议纪要",
            released_by="示例甲",
            attendance=(("出席", "各部门主要负责人"), ("请假", ""), ("列席", "各街道")),
            imprint=Imprint("示例区重大项目推进中心", DAY, "区委办公室。"),
        )
    )


def test_minutes_open_with_a_red_head_and_a_red_line(minutes: bytes) -> None:
    first = Document(io.BytesIO(minutes)).paragraphs
    mark = first[0]
    assert mark.text == "示例区重大项目调度会议纪要"
    assert mark.runs[0].font.color.rgb == RGBColor(255, 0, 0)
    assert abs(mark.paragraph_format.space_before - Mm(35)) < Mm(0.1)
    scale = int(re.search(r'<w:w w:val="(\d+)"', mark._p.xml)[1])  # type: ignore[index]
    assert mark.runs[0].font.size.pt * scale / 100 * len(mark.text) <= Mm(156).pt
    row = next(p for p in first if "调度纪要〔2025〕4号" in p.text)
    assert "签发人：示例甲" in row.text
    assert 'w:color="FF0000"' in row._p.xml and "<w:bottom " in row._p.xml


def test_minutes_list_who_was_there_under_the_words_of_the_standard(minutes: bytes) -> None:
    lines = [
        p for p in Document(io.BytesIO(minutes)).paragraphs if p.text.startswith(("出席", "请假", "列席"))
    ]
    assert [p.text for p in lines] == ["出席：各部门主要负责人", "列席：各街道"], "an empty list is left out"
    assert 'w:eastAsia="黑体"' in lines[0].runs[0]._element.xml
    assert 'w:eastAsia="仿宋_GB2312"' in lines[0].runs[1]._element.xml


def test_the_imprint_stands_between_lines_at_the_foot_of_the_page(minutes: bytes) -> None:
    table = Document(io.BytesIO(minutes)).tables[-1]
    assert [row.cells[0].text for row in table.rows] == [
        "抄送：区委办公室。",
        "\u3000示例区重大项目推进中心\t2025年4月25日印发",
    ]
    place = re.search(r'w:tblpY="(\d+)"', table._tbl.xml)
    assert place and Mm(220).pt * 20 < int(place[1]) < Mm(262).pt * 20
    lines = dict(re.findall(r'<w:(top|bottom|insideH) w:val="single" w:sz="(\d)"', table._tbl.xml))
    assert lines == {"top": "8", "bottom": "8", "insideH": "6"}


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五")]
)
def test_headings_are_numbered_in_chinese(number: int, text: str) -> None:
    assert ordinal(number) == text


def test_official_dates_have_no_leading_zeros() -> None:
    assert official_date(dt.date(2025, 4, 5)) == "2025年4月5日"
