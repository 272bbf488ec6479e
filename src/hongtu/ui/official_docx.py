"""Official documents as Word, laid out after GB/T 9704-2012 (党政机关公文格式).

Sizes from the standard: A4, text area 156 x 225 mm, 37 mm above it and 28 mm to its left; title in size
2 小标宋, body in size 3 仿宋, headings of the first level in 黑体, of the second in 楷体; 22 lines of
28 characters on a page; page number in size 4 宋体 between dashes, right on odd and left on even pages.
The red head (版头): the issuer's or the minutes' mark in red 小标宋, its upper edge 35 mm below that of the
text area; two lines below it the number, 4 mm under that a red line over the whole text width. Minutes
(纪要格式) list 出席, 请假 and 列席 after the text, the word in 黑体, further lines under the first name; the
imprint (版记) stands at the foot of the last page: 抄送, then who prints it and when.
The file names the fonts and embeds none: the machines documents are edited on have them.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)
"""二号, 三号 and 四号 in points."""
TITLE_FONT = "方正小标宋简体"  # not for translation: font name
BODY_FONT = "仿宋_GB2312"  # not for translation: font name
NUMBER_FONT = "宋体"  # not for translation: font name
HEADING_FONTS = ("黑体", "楷体_GB2312", "仿宋_GB2312")  # not for translation: font names
LATIN_FONT = "Times New Roman"
LINES, CHARACTERS = 22, 28
TEXT_WIDTH, TEXT_HEIGHT = Mm(156), Mm(225)
RED = RGBColor(0xFF, 0, 0)
HEAD_FROM_TOP, LINE_UNDER_NUMBER = Mm(35), Mm(4)
HEAD_SIZE, NARROWEST = 48, 0.6
"""The mark of the red head in points, and how narrow its characters may become before they become smaller."""
IMPRINT_LINE, TABLE_LINE = Pt(24), Pt(20)
THICK, THIN = 8, 6
"""Lines of 0.35 and 0.25 mm in eighths of a point (ECMA-376 17.3.4)."""
ORDINALS = "〇一二三四五六七八九"  # not for translation: numerals of the official layout


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the body: ``kind`` is ``text``, ``heading1``, ``heading2``, ``heading3`` or ``table``.

    ``rows`` hold a table, the first one its head; ``widths`` their shares of the text width.
    """

    kind: str
    text: str = ""
    rows: Sequence[Sequence[str]] = ()
    widths: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Imprint:
    """The 版记: who gets a copy, who prints the document, and when."""

    office: str
    date: dt.date
    copy_to: str = ""


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """What a document consists of, from top to bottom.

    ``letterhead`` is the mark of the red head (发文机关标志, of minutes 纪要标志), if any; ``number`` the
    document number (发文字号), ``released_by`` the 签发人 beside it; ``addressees`` 主送机关; ``signer`` and
    ``date`` stand at the end on the right; ``attendance`` lists (出席, names), (请假, names) ... of minutes.
    """

    title: str
    blocks: Sequence[Block]
    signer: str = ""
    date: dt.date | None = None
    addressees: str = ""
    number: str = ""
    attachments: Sequence[str] = ()
    letterhead: str = ""
    released_by: str = ""
    attendance: Sequence[tuple[str, str]] = ()
    imprint: Imprint | None = None


def official_docx(content: OfficialDocument) -> bytes:
    """The document as a ``.docx`` file."""
    document = Document()
    _lay_out(document)
    if content.letterhead:
        _red_head(document, content)
    elif content.number:
        _paragraph(document, content.number, centre=True)
    _paragraph(document, "", font=BODY_FONT)
    _paragraph(document, content.title, TITLE_FONT, SIZE_2, centre=True, line=Pt(33))
    _paragraph(document, "", font=BODY_FONT)
    if content.addressees:
        _paragraph(document, f"{content.addressees}：")
    for block in content.blocks:
        _block(document, block)
    _ending(document, content)
    _attendance(document, content.attendance)
    if content.imprint:
        _imprint(document, content.imprint)
    _page_numbers(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def official_date(day: dt.date) -> str:
    """A date as official documents write it, in Arabic digits without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"  # not for translation: official layout


def ordinal(number: int) -> str:
    """1 -> 一, 12 -> 十二, 23 -> 二十三; for headings of the first level."""
    tens, ones = divmod(number, 10)
    if not 1 <= number <= 99:
        raise ValueError(f"a heading number lies between 1 and 99, not {number}")
    return (
        ("" if tens == 0 else "十" if tens == 1 else f"{ORDINALS[tens]}十")  # not for translation: numerals
        + (ORDINALS[ones] if ones else "")
    )


def _lay_out(document: DocumentType) -> None:
    """Page, margins, the grid of 22 lines by 28 characters, and the default text."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.right_margin = Emu(Mm(210) - Mm(28) - TEXT_WIDTH)
    section.bottom_margin = Emu(Mm(297) - Mm(37) - TEXT_HEIGHT)
    section.footer_distance = Mm(28)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(_twips(TEXT_HEIGHT) // LINES))
    style = document.styles["Normal"]
    style.font.size = SIZE_3
    style.font.name = LATIN_FONT
    properties = style.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
    # 28 characters of size 3 are wider than 156 mm. A grid of characters would close them up in Word and WPS,
    # but LibreOffice then gives each of them two cells; characters that stand closer do the same everywhere.
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), str(math.floor(20 * (Emu(TEXT_WIDTH).pt / CHARACTERS - SIZE_3.pt))))
    properties.insert_element_before(closer, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")


def _twips(length: Any) -> int:
    return round(Emu(length).pt * 20)


def _dress(run: Run, font: str, size: Any) -> None:
    """Font and size of a run; Chinese and Latin letters have fonts of their own."""
    run.font.size = size
    run.font.name = LATIN_FONT
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _paragraph(
    document: DocumentType,
    text: str,
    font: str = BODY_FONT,
    size: Any = SIZE_3,
    *,
    centre: bool = False,
    indent: bool = False,
    line: Any = None,
    right: float = 0,
) -> Paragraph:
    """A paragraph on the grid. ``indent`` moves its first line in by two characters, ``right`` sets it to
    the right with so many characters free behind it."""
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = line or Pt(round(Emu(TEXT_HEIGHT).pt / LINES, 1))
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        layout.right_indent = Pt(size.pt * right)
    if indent:
        layout.first_line_indent = Pt(size.pt * 2)
        # In characters as well, so that a change of size in Word keeps the two-character indent.
        paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")
    if text:
        _dress(paragraph.add_run(text), font, size)
    return paragraph


def _block(document: DocumentType, block: Block) -> None:
    if block.kind == "text":
        _paragraph(document, block.text, indent=True)
    elif block.kind.startswith("heading"):
        font = HEADING_FONTS[int(block.kind[-1]) - 1]
        _paragraph(document, block.text, font, indent=True).paragraph_format.keep_with_next = True
    elif block.kind == "table":
        _table(document, block)
    else:
        raise ValueError(f"unknown kind of block {block.kind!r}")


def _table(document: DocumentType, block: Block) -> None:
    """A table over the whole text width in size 4, its head repeated on every page."""
    table = document.add_table(rows=0, cols=len(block.rows[0]))
    table.style = "Table Grid"
    table.autofit = False
    widths = block.widths or [1 / len(block.rows[0])] * len(block.rows[0])
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(int(TEXT_WIDTH * width))
    for number, row in enumerate(block.rows):
        line = table.add_row()
        properties = line._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, text, width in zip(line.cells, row, widths, strict=True):
            cell.width = Emu(int(TEXT_WIDTH * width))
            paragraph = cell.paragraphs[0]
            layout = paragraph.paragraph_format
            layout.space_after, layout.line_spacing = Pt(0), TABLE_LINE
            _dress(paragraph.add_run(text), HEADING_FONTS[0] if number == 0 else BODY_FONT, SIZE_4)
            if number == 0:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _ending(document: DocumentType, content: OfficialDocument) -> None:
    """Attachments, then signer and date on the right."""
    if content.attachments:
        _paragraph(document, "")
        for number, name in enumerate(content.attachments, start=1):
            mark = "附件：" if number == 1 else "　　　"  # not for translation: official layout
            count = f"{number}. " if len(content.attachments) > 1 else ""
            _paragraph(document, f"{mark}{count}{name}", indent=True)
    if content.signer:
        _paragraph(document, "")
        _paragraph(document, "")
        _paragraph(document, content.signer, right=4)
    if content.date:
        _paragraph(document, official_date(content.date), right=4)


def _red_head(document: DocumentType, content: OfficialDocument) -> None:
    """The mark, the row of the number, and the red line under it; two lines free before the title."""
    mark = document.add_paragraph()
    mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
    mark.paragraph_format.space_before, mark.paragraph_format.space_after = HEAD_FROM_TOP, Pt(0)
    run = mark.add_run(content.letterhead)
    # A whisker less than the line, or rounding in Word would break it.
    wide = sum(1 if ord(letter) > 0x2E80 else 0.55 for letter in content.letterhead)
    share = 0.97 * Emu(TEXT_WIDTH).pt / (HEAD_SIZE * wide)
    _dress(run, TITLE_FONT, Pt(int(HEAD_SIZE * min(1, share / NARROWEST))))
    run.font.color.rgb = RED
    if share < 1:
        scale = OxmlElement("w:w")
        scale.set(qn("w:val"), str(round(100 * max(share, NARROWEST))))
        run._element.get_or_add_rPr().append(scale)
    for _empty in range(2):
        _paragraph(document, "")
    row = _paragraph(document, "", centre=not content.released_by)
    if content.released_by:
        _ends(row, content.number, f"签发人：{content.released_by}", SIZE_3)  # not for translation: layout
    elif content.number:
        _dress(row.add_run(content.number), BODY_FONT, SIZE_3)
    _line_under(row)
    _paragraph(document, "")


def _ends(paragraph: Paragraph, left: str, right: str, size: Any) -> None:
    """Two texts at the ends of a line, one character free on either side."""
    paragraph.paragraph_format.tab_stops.add_tab_stop(Emu(TEXT_WIDTH - size), WD_TAB_ALIGNMENT.RIGHT)
    _dress(paragraph.add_run(f"\u3000{left}\t{right}"), BODY_FONT, size)


def _line_under(paragraph: Paragraph) -> None:
    """The red line between head and text."""
    borders = OxmlElement("w:pBdr")
    borders.append(_border("bottom", 12, "FF0000", round(Emu(LINE_UNDER_NUMBER).pt)))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", "w:spacing", "w:ind", "w:jc"
    )


def _border(side: str, eighths: int, colour: str = "000000", space: int = 0) -> Any:
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", eighths), ("space", space), ("color", colour)):
        line.set(qn(f"w:{name}"), str(value))
    return line


def _attendance(document: DocumentType, lists: Sequence[tuple[str, str]]) -> None:
    """出席, 请假, 列席: two characters in, further lines under the first name."""
    given = [(label, names) for label, names in lists if names]
    for number, (label, names) in enumerate(given):
        if number == 0:
            _paragraph(document, "")
        row = _paragraph(document, f"{label}：", HEADING_FONTS[0])
        before = len(label) + 1
        row.paragraph_format.left_indent = SIZE_3 * (2 + before)
        row.paragraph_format.first_line_indent = -SIZE_3 * before
        _dress(row.add_run(names), BODY_FONT, SIZE_3)


def _imprint(document: DocumentType, imprint: Imprint) -> None:
    """A table without sides at the foot of the last page; a paragraph has to follow it in the file."""
    table = document.add_table(rows=0, cols=1)
    lines = 1
    if imprint.copy_to:
        names = f"{imprint.copy_to.rstrip('。')}。"  # not for translation: official layout
        row = _imprint_row(table)
        row.paragraph_format.left_indent = SIZE_4 * 4
        row.paragraph_format.first_line_indent = -SIZE_4 * 3
        row.paragraph_format.right_indent = SIZE_4
        _dress(row.add_run(f"抄送：{names}"), BODY_FONT, SIZE_4)  # not for translation: official layout
        lines += math.ceil(len(names) * SIZE_4 / (TEXT_WIDTH - 5 * SIZE_4))
    day = f"{official_date(imprint.date)}印发"  # not for translation: official layout
    _ends(_imprint_row(table), imprint.office, day, SIZE_4)
    _at_the_foot(table, IMPRINT_LINE * lines)
    last = document.add_paragraph().paragraph_format
    last.line_spacing_rule, last.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    last.space_before = last.space_after = Pt(0)


def _imprint_row(table: Table) -> Paragraph:
    line = table.add_row()
    line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    line.cells[0].width = TEXT_WIDTH
    paragraph = line.cells[0].paragraphs[0]
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, IMPRINT_LINE
    return paragraph


def _at_the_foot(table: Table, height: int) -> None:
    """Let a table of this height stand at the bottom of the text area with its three lines.

    Its upper edge is counted from the page's. LibreOffice keeps it right behind the text instead.
    """
    properties = table._tbl.tblPr
    place = OxmlElement("w:tblpPr")
    for name, value in (("vertAnchor", "page"), ("horzAnchor", "margin"), ("tblpX", "1"),
                        ("tblpY", str(_twips(Mm(37) + TEXT_HEIGHT - height)))):  # fmt: skip
        place.set(qn(f"w:{name}"), value)
    overlap, borders, margins = (OxmlElement(f"w:tbl{name}") for name in ("Overlap", "Borders", "CellMar"))
    overlap.set(qn("w:val"), "never")
    for side, size in (("top", THICK), ("bottom", THICK), ("insideH", THIN)):
        borders.append(_border(side, size))
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    after = ("w:bidiVisual", "w:tblStyleRowBandSize", "w:tblW", "w:jc", "w:tblLayout", "w:tblLook")
    properties.insert_element_before(place, "w:tblOverlap", *after)
    properties.insert_element_before(overlap, *after)
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(margins, "w:tblLook")


def _page_numbers(document: DocumentType) -> None:
    """“— 1 —”, on the right of odd pages and on the left of even ones, one character from the edge."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        layout = paragraph.paragraph_format
        layout.left_indent = layout.right_indent = SIZE_4
        _dress(paragraph.add_run("— "), NUMBER_FONT, SIZE_4)
        field = paragraph.add_run()
        _dress(field, NUMBER_FONT, SIZE_4)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = text
            field._element.append(element)
        _dress(paragraph.add_run(" —"), NUMBER_FONT, SIZE_4)
