"""Official documents as Word, laid out after GB/T 9704-2012 (党政机关公文格式).

Sizes from the standard: A4, text area 156 x 225 mm, 37 mm above it and 28 mm to its left; title in size
2 小标宋, body in size 3 仿宋, headings of the first level in 黑体, of the second in 楷体; 22 lines of
28 characters on a page; page number in size 4 宋体 between dashes, right on odd and left on even pages.
The file names the fonts and embeds none: the machines documents are edited on have them.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
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
class OfficialDocument:
    """What a document consists of, from top to bottom.

    ``number`` is the document number (发文字号), ``addressees`` the 主送机关, ``signer`` and ``date`` stand
    at the end on the right.
    """

    title: str
    blocks: Sequence[Block]
    signer: str = ""
    date: dt.date | None = None
    addressees: str = ""
    number: str = ""
    attachments: Sequence[str] = ()


def official_docx(content: OfficialDocument) -> bytes:
    """The document as a ``.docx`` file."""
    document = Document()
    _lay_out(document)
    if content.number:
        _paragraph(document, content.number, centre=True)
    _paragraph(document, "", font=BODY_FONT)
    _paragraph(document, content.title, TITLE_FONT, SIZE_2, centre=True, line=Pt(33))
    _paragraph(document, "", font=BODY_FONT)
    if content.addressees:
        _paragraph(document, f"{content.addressees}：")
    for block in content.blocks:
        _block(document, block)
    _ending(document, content)
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
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(_twips(TEXT_HEIGHT) // LINES))
    # Extra width a character, in 1/4096 of a point (ECMA-376 17.6.5): 28 characters fill 156 mm.
    spare = Emu(TEXT_WIDTH).pt / CHARACTERS - SIZE_3.pt
    grid.set(qn("w:charSpace"), str(round(spare * 4096)))
    style = document.styles["Normal"]
    style.font.size = SIZE_3
    style.font.name = LATIN_FONT
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)


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
        _paragraph(document, block.text, HEADING_FONTS[int(block.kind[-1]) - 1], indent=True)
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
    for number, row in enumerate(block.rows):
        line = table.add_row()
        properties = line._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, text, width in zip(line.cells, row, widths, strict=True):
            cell.width = Emu(int(TEXT_WIDTH * width))
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
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
