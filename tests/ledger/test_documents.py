"""Word and PDF read into blocks; files that are wrong or could harm are refused with a stable code."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfWriter

from hongtu.ledger.documents import Refusal, check_document, open_document

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def packed(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def word(**more: bytes) -> bytes:
    """A Word file with further parts inside."""
    stream = io.BytesIO()
    document = Document()
    document.add_paragraph("一、受理条件")
    document.save(stream)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in more.items():
            archive.writestr(name, content)
    return stream.getvalue()


def pdf(pages: int = 1, password: str = "") -> bytes:
    """Pages without any text, as a scan has them."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def pdf_bomb() -> bytes:
    """A page whose content unpacks to 200 MB."""
    packer = zlib.compressobj(9)
    content = b"".join(packer.compress(b" " * 2**20) for _mb in range(200)) + packer.flush()
    head = b"%PDF-1.4\n1 0 obj\n<</Length " + str(len(content)).encode() + b"/Filter/FlateDecode>>\nstream\n"
    return head + content + b"\nendstream\nendobj\n%%EOF"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack("<504x")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"\0" * 100, "file.empty"),
        (OLE + "WordDocument".encode("utf-16-le"), "document.legacy_doc"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "file.encrypted"),
        (word(**{"word/vbaProject.bin": b"x"}), "document.macros"),
        (word(**{"word/extra.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "file.document_type"),
        (word(**{"word/media/big.bin": b"\0" * (40 * 2**20)}), "file.bomb"),
        (packed(word__document=b"x"), "document.wrong_type"),
        (word()[:-40], "file.damaged"),
        (b"\x89PNG\r\n\x1a\n0000", "document.wrong_type"),
        ("受理条件：无".encode(), "document.wrong_type"),
        (b"MZ\x90\x00", "document.wrong_type"),
        (pdf_bomb(), "file.bomb"),
        (b"%PDF-1.4\nnot a PDF after all", "file.damaged"),
        (pdf(), "document.no_text"),
        (pdf(61), "document.too_long"),
        (pdf(password="geheim"), "document.encrypted_pdf"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_file_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        open_document(data)
    assert refusal.value.code == code
    assert refusal.value.message("zh") != refusal.value.message("en")


def test_a_document_that_names_its_template_is_read(tmp_path: Path) -> None:
    """Word writes the author's template as an external file as a rule; it is never fetched."""
    relations = (
        b'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/'
        b'package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships/attachedTemplate" Target="file:///C:/Normal.dotm" '
        b'TargetMode="External"/></Relationships>'
    )
    assert check_document(word(**{"word/_rels/settings.xml.rels": relations})) == "docx"


def test_rows_and_paragraphs_have_their_places() -> None:
    table = open_document((EXAMPLES / "guide-table.docx").read_bytes())
    first = next(block for block in table.blocks if block.table)
    assert (first.cells, first.table, first.number, first.page) == (
        ("事项名称", "电动自行车充电设施安装申请"),
        1,
        1,
        0,
    )
    printed = open_document((EXAMPLES / "guide-table.pdf").read_bytes())
    assert printed.pages == 2
    assert {block.page for block in printed.blocks} == {1, 2}


def test_word_and_pdf_of_one_document_say_the_same() -> None:
    def told(name: str) -> list[tuple[str, ...]]:
        return [block.cells for block in open_document((EXAMPLES / name).read_bytes()).blocks if block.table]

    word_rows, pdf_rows = told("guide-table.docx"), told("guide-table.pdf")
    assert [row for row in word_rows if len(row) == 2] == [row for row in pdf_rows if len(row) == 2]
