"""Looks at an uploaded file before anything opens it: what is it really, and could it harm us?

Nothing here trusts the file's name or what its directory says about sizes. Every part is inflated once in
pieces of 256 KB that are thrown away, so that a bomb costs no memory and no more time than the limits allow.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hongtu.ledger.sheets.messages import Refusal, StopCheck, Ticker

MB = 1024 * 1024
_CHUNK = 256 * 1024
_OVERLAP = 16  # a marker cut by a chunk's edge is still seen

FileType = Literal["xlsx", "text"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of what is accepted; the defaults leave room for 24,100 rows x 60 columns."""

    file_bytes: int = 50 * MB
    entries: int = 2_000
    inflated_bytes: int = 160 * MB
    part_bytes: int = 128 * MB
    ratio: int = 400
    ratio_from_bytes: int = 8 * MB
    cells: int = 2_000_000
    columns: int = 2_000
    shared_text: int = 60 * MB


DEFAULT_LIMITS = Limits()

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "Windows 程序 (program)"),
    (b"\x7fELF", "Linux 程序 (program)"),
    (b"SQLite format 3", "SQLite"),
)
_ZIP_KINDS: tuple[tuple[str, str], ...] = (
    ("word/", "Word 文档 (document)"),
    ("ppt/", "PowerPoint 演示 (presentation)"),
    ("META-INF/MANIFEST.MF", "Java 程序 (program)"),
    ("AndroidManifest.xml", "Android 应用 (application)"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXTERNAL = re.compile(rb"<Relationship\b[^>]*>")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def check(data: bytes, limits: Limits = DEFAULT_LIMITS, stop: StopCheck | None = None) -> FileType:
    """What the bytes are: `xlsx` or `text`. Raises `Refusal` with the reason for everything else."""
    if not data.strip(b"\x00 \r\n\t"):
        raise Refusal("file.empty")
    if len(data) > limits.file_bytes:
        raise Refusal(
            "file.too_large", size_mb=round(len(data) / MB, 1), limit_mb=round(limits.file_bytes / MB, 1)
        )
    if data.startswith(OLE):
        _refuse_ole(data)
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        check_archive(data, limits, Ticker(None, stop, every=1))
        return "xlsx"
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            raise Refusal("file.wrong_type", found=name)
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        raise Refusal("file.html_table")
    if head.startswith(b"<?xml"):
        raise Refusal("file.wrong_type", found="XML")
    return "text"


def _refuse_ole(data: bytes) -> None:
    # [MS-OFFCRYPTO] 1.3: an encrypted xlsx is an OLE file with this stream; the directory names are UTF-16LE.
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refusal("file.encrypted")
    if "WordDocument".encode("utf-16-le") in data:
        raise Refusal("file.wrong_type", found="Word 97 文档 (document)")
    if "PowerPoint Document".encode("utf-16-le") in data:
        raise Refusal("file.wrong_type", found="PowerPoint 97 演示 (presentation)")
    raise Refusal("file.legacy_xls")


def check_archive(
    data: bytes,
    limits: Limits,
    ticker: Ticker,
    kind: Callable[[zipfile.ZipFile, set[str]], None] | None = None,
) -> None:
    """Refuse an archive that is damaged, a bomb, or not of its `kind` (a workbook unless said otherwise)."""
    # The end record states the number of entries, so a huge directory is refused before it is parsed.
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if end < 0:
        raise Refusal("file.damaged", detail="zip")
    if data[end - 20 : end - 16] == b"PK\x06\x07" or data.count(b"PK\x01\x02") > limits.entries:
        raise Refusal("file.bomb", part="zip", detail=f"> {limits.entries}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive, limits, kind or _check_kind)
            _check_parts(archive, limits, ticker, workbook=kind is None)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        UnicodeDecodeError,
        OSError,
    ) as error:
        raise Refusal("file.damaged", detail=str(error)[:80]) from error


def _check_directory(
    archive: zipfile.ZipFile, limits: Limits, kind: Callable[[zipfile.ZipFile, set[str]], None]
) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise Refusal("file.damaged", detail="duplicate entry")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refusal("file.encrypted")
    kind(archive, set(names))
    declared = 0
    for entry in entries:
        declared += entry.file_size
        if entry.file_size > limits.part_bytes or declared > limits.inflated_bytes:
            raise Refusal("file.bomb", part=entry.filename[:60], detail=f"{declared // MB} MB")
        too_dense = entry.file_size > limits.ratio * max(entry.compress_size, 1)
        if too_dense and entry.file_size > limits.ratio_from_bytes:
            detail = f"{entry.file_size // max(entry.compress_size, 1)} : 1"
            raise Refusal("file.bomb", part=entry.filename[:60], detail=detail)


def _check_kind(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            if b"opendocument.spreadsheet" in part.read(200):
                raise Refusal("file.open_document")
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise Refusal("file.macros")
    if "xl/workbook.bin" in names:
        raise Refusal("file.binary_workbook")
    for prefix, found in _ZIP_KINDS:
        if any(name.startswith(prefix) for name in names):
            raise Refusal("file.wrong_type", found=found)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refusal("file.wrong_type", found="zip")
    for name in names:
        if name.startswith("xl/externalLinks/") or name == "xl/connections.xml":
            raise Refusal("file.external_links", part=name[:60])


def _check_parts(archive: zipfile.ZipFile, limits: Limits, ticker: Ticker, *, workbook: bool) -> None:
    total = cells = 0
    for number, entry in enumerate(archive.infolist()):
        ticker.now(number)
        is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        is_sheet = entry.filename.startswith("xl/worksheets/") and is_xml
        tail = b""
        size = 0
        with archive.open(entry) as part:
            while piece := part.read(_CHUNK):
                if is_xml:
                    if not size:
                        _check_encoding(piece, entry.filename)
                    joined = tail + piece
                    _check_markup(joined, entry.filename)
                    if is_sheet:
                        # `tail` holds at most 15 bytes; a cell counted there twice does no harm to a limit.
                        cells += joined.count(b"<c ") + joined.count(b"<c>") + joined.count(b"<c/>")
                    tail = piece[-_OVERLAP + 1 :]
                size += len(piece)
                if size > limits.part_bytes or total + size > limits.inflated_bytes:
                    raise Refusal("file.bomb", part=entry.filename[:60], detail=f"{(total + size) // MB} MB")
                if cells > limits.cells:
                    raise Refusal("file.too_many_cells", cells=cells, limit=limits.cells)
        total += size
        # A Word document names its template as an external file as a rule; nothing of it is ever fetched.
        if entry.filename.endswith(".rels") and workbook:
            _check_relations(archive.read(entry), entry.filename)
        elif entry.filename == "[Content_Types].xml" and b"macroEnabled" in archive.read(entry):
            raise Refusal("file.macros")


def _check_encoding(head: bytes, part: str) -> None:
    """Only encodings whose markup the scan below can see; Excel and WPS write UTF-8."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        return
    found = _ENCODING.search(head[:400])
    if found and found[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise Refusal("file.document_type", part=part[:60])
    if not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise Refusal("file.damaged", detail=part[:60])


def _check_markup(piece: bytes, part: str) -> None:
    plain = piece.replace(b"\x00", b"") if b"\x00" in piece else piece
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Refusal("file.document_type", part=part[:60])


def _check_relations(content: bytes, part: str) -> None:
    for relation in _EXTERNAL.findall(content.replace(b"\x00", b"")):
        external = re.search(rb"""TargetMode\s*=\s*["']External""", relation)
        if external and not re.search(rb"/relationships/hyperlink", relation):
            raise Refusal("file.external_links", part=part[:60])
