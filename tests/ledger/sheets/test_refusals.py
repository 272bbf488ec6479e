"""Files that must not be opened are refused with a stable code before anything parses them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from hongtu.ledger.sheets import Limits, RawSheet, Refusal, Stopped, open_table, parse
from hongtu.ledger.sheets.grid import MergedRange
from hongtu.ledger.sheets.messages import REFUSALS
from tests.ledger.sheets.cast import PROJECTS, part, repacked, xlsx

GOOD = xlsx(["项目名称", "总投资"], ["示例中学", 1])
SHEET = "xl/worksheets/sheet1.xml"


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as result:
        for name, content in parts.items():
            result.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def relation(kind: str, target: str) -> bytes:
    return (
        '<?xml version="1.0"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
        f" "
        f'Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()


def doctype(entity: str) -> bytes:
    sheet = part(GOOD, SHEET).decode()
    body = sheet[sheet.index("<worksheet") :]
    return f'<?xml version="1.0"?><!DOCTYPE worksheet [{entity}]>{body}'.encode()


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"".join(s.encode("utf-16-le") for s in streams)


MACRO_TYPES = part(GOOD, "[Content_Types].xml").replace(
    b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
)
CASES = {
    "empty": (b"", "file.empty"),
    "blank": (b"\n\n  ", "file.empty"),
    "pdf": (b"%PDF-1.7 ...", "file.wrong_type"),
    "picture": (b"\x89PNG\r\n\x1a\n", "file.wrong_type"),
    "program": (b"MZ\x90\x00", "file.wrong_type"),
    "binary": (b"abc\x00\x01\x02\x03" * 10, "file.wrong_type"),
    "plain zip": (archive(a=b"x"), "file.wrong_type"),
    "word": (archive(word__document=b"<w/>", x=b"y"), "file.wrong_type"),
    "ods": (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "file.open_document"),
    "xlsb": (repacked(GOOD, {"xl/workbook.bin": b"x"}), "file.binary_workbook"),
    "xls": (ole("Workbook"), "file.legacy_xls"),
    "encrypted": (ole("EncryptionInfo", "EncryptedPackage"), "file.encrypted"),
    "old word": (ole("WordDocument"), "file.wrong_type"),
    "html as xls": (b"<html><table><tr><td>1</td></tr></table></html>", "file.html_table"),
    "macros": (repacked(GOOD, {"xl/vbaProject.bin": b"x"}), "file.macros"),
    "macro content type": (repacked(GOOD, {"[Content_Types].xml": MACRO_TYPES}), "file.macros"),
    "excel 4 macros": (repacked(GOOD, {"xl/macrosheets/sheet1.xml": b"<m/>"}), "file.macros"),
    "external book": (
        repacked(GOOD, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
        "file.external_links",
    ),
    "data connection": (repacked(GOOD, {"xl/connections.xml": b"<c/>"}), "file.external_links"),
    "external picture": (
        repacked(
            GOOD, {"xl/drawings/_rels/drawing1.xml.rels": relation("image", "http://example.org/a.png")}
        ),
        "file.external_links",
    ),
    "external entity": (
        repacked(GOOD, {SHEET: doctype('<!ENTITY x SYSTEM "file:///etc/passwd">')}),
        "file.document_type",
    ),
    "billion laughs": (
        repacked(GOOD, {SHEET: doctype('<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">')}),
        "file.document_type",
    ),
    "doctype in utf-16": (
        repacked(GOOD, {"xl/styles.xml": '<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16")}),
        "file.document_type",
    ),
    "odd encoding": (
        repacked(GOOD, {"xl/styles.xml": b'<?xml version="1.0" encoding="cp037"?><a/>'}),
        "file.document_type",
    ),
    "broken xml": (repacked(GOOD, {SHEET: b"<worksheet><sheetData><row>"}), "file.damaged"),
    "cut off": (GOOD[: len(GOOD) // 2], "file.damaged"),
    "no csv encoding": (b"\xff\xfe\x00\xd8\x00", "file.encoding"),
    "csv quotes": ("项目名称,总投资\n".encode() + b'"' + b"a" * 140_000, "file.csv_broken"),
}


@pytest.mark.parametrize("name", CASES)
def test_refused_with_its_code(name):
    data, code = CASES[name]
    with pytest.raises(Refusal) as refusal:
        open_table(data)
    assert refusal.value.code == code
    assert refusal.value.message("zh") != refusal.value.message("en")


def test_every_declared_refusal_of_files_is_exercised():
    covered = {code for _, code in CASES.values()} | {"file.bomb", "file.too_large", "file.too_many_cells"}
    assert {code for code in REFUSALS if code.startswith("file.")} == covered


def test_hyperlinks_are_ordinary():
    data = repacked(
        GOOD, {"xl/worksheets/_rels/sheet1.xml.rels": relation("hyperlink", "http://example.org")}
    )
    assert len(open_table(data).sheets) == 1


def test_a_bomb_of_one_large_part_is_refused_by_its_declared_size():
    stream = io.BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as result, result.open("xl/a.bin", "w") as big:
        for _ in range(20):
            big.write(bytes(1024 * 1024))
    with pytest.raises(Refusal) as refusal:
        open_table(stream.getvalue())
    assert refusal.value.code == "file.bomb"


def test_a_lying_size_does_not_get_a_bomb_past_the_limits():
    """The directory declares 1,000 bytes; the stream holds 30 MB."""
    name, content = b"xl/media/b.bin", bytes(30 * 1024 * 1024)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    good = io.BytesIO(GOOD)
    with zipfile.ZipFile(good, "a") as result:
        result.writestr(name.decode(), packed)
    data = bytearray(good.getvalue())
    size = struct.pack("<I", len(packed))
    start = data.index(b"PK\x03\x04", data.index(name) - 30)
    directory = data.rindex(b"PK\x01\x02", 0, data.rindex(name))
    for at, method, declared in ((start, 8, 22), (directory, 10, 24)):
        data[at + method : at + method + 2] = struct.pack("<H", 8)
        assert data[at + declared : at + declared + 4] == size
        data[at + declared : at + declared + 4] = struct.pack("<I", 1000)
    with pytest.raises(Refusal) as refusal:
        open_table(bytes(data))
    assert refusal.value.code in ("file.damaged", "file.bomb")


def test_too_many_entries_are_refused_before_the_directory_is_read():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as result:
        for number in range(2_100):
            result.writestr(f"xl/{number}", b"")
    with pytest.raises(Refusal) as refusal:
        open_table(stream.getvalue())
    assert refusal.value.code == "file.bomb"


def test_total_inflated_size_is_limited():
    with pytest.raises(Refusal) as refusal:
        open_table(GOOD, limits=Limits(inflated_bytes=2_000))
    assert refusal.value.code == "file.bomb"


def test_cells_are_counted_before_they_are_parsed():
    data = xlsx(*[[1] * 20] * 20)
    assert open_table(data, limits=Limits(cells=400)).sheets
    for limits in (Limits(cells=399), Limits(columns=10)):
        with pytest.raises(Refusal) as refusal:
            open_table(data, limits=limits)
        assert refusal.value.code == "file.too_many_cells"


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    with pytest.raises(Refusal) as refusal:
        open_table(path, limits=Limits(file_bytes=100))
    assert refusal.value.code == "file.too_large"
    assert open_table(path).sheets[0].rows[1] == ["示例中学", 1]


def test_a_stop_ends_the_reading_and_progress_is_reported():
    data = xlsx(*[[number] for number in range(1_200)])
    with pytest.raises(Stopped):
        open_table(data, stop=lambda: True)
    seen = []
    open_table(data, progress=lambda done, total: seen.append(done))
    assert seen == sorted(seen) and seen[-1] >= 1_000


@pytest.mark.parametrize("block", [MergedRange(0, 0, 40, 16_000), MergedRange(1, 0, 5_000, 0)])
def test_made_up_overlapping_merged_cells_are_refused(block):
    sheet = RawSheet("s", [["项目名称", "总投资"], *[["示例中学", 1]] * 5_000], [block] * 100)
    with pytest.raises(Refusal) as refusal:
        parse(sheet, PROJECTS)
    assert refusal.value.code == "file.bomb"
