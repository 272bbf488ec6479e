"""Looks at an uploaded document before anything opens it."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import Literal

from hongtu.ledger.sheets.messages import Refusal, Ticker
from hongtu.ledger.sheets.safety import MB, OLE, SIGNATURES, Limits, check, check_archive

DOCUMENT_LIMITS = Limits(file_bytes=20 * MB, entries=1_000, inflated_bytes=64 * MB, part_bytes=32 * MB)
MOST_PAGES = 60
BODY_BYTES = 12 * MB  # of word/document.xml: its tree takes some ten times as much
_STREAM = re.compile(rb"stream\r?\n")
_CHUNK = 64 * 1024

DocumentType = Literal["docx", "pdf", "xlsx"]


def check_document(data: bytes, limits: Limits = DOCUMENT_LIMITS) -> DocumentType:
    """What the bytes are. Raises `Refusal` with the reason for everything that is not one of the three."""
    if not data.strip(b"\x00 \r\n\t"):
        raise Refusal("file.empty")
    if len(data) > limits.file_bytes:
        raise Refusal(
            "file.too_large", size_mb=round(len(data) / MB, 1), limit_mb=round(limits.file_bytes / MB, 1)
        )
    if data.startswith(OLE):
        _refuse_ole(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _check_office(data, limits)
    if b"%PDF-" in data[:1024]:
        _check_pdf(data, limits)
        return "pdf"
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            raise Refusal("document.wrong_type", found=name)
    other = "文本或其他文件 (text or other)"  # not for translation: the English stands beside it
    raise Refusal("document.wrong_type", found=other)


def _refuse_ole(data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refusal("file.encrypted")
    if "WordDocument".encode("utf-16-le") in data:
        raise Refusal("document.legacy_doc")
    raise Refusal("document.wrong_type", found="Office 97-2003")


def _check_office(data: bytes, limits: Limits) -> DocumentType:
    kind = "word"

    def seen(archive: zipfile.ZipFile, names: set[str]) -> None:
        nonlocal kind
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            kind = "sheet"
            return
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Refusal("document.macros")
        if "word/document.xml" not in names or "[Content_Types].xml" not in names:
            raise Refusal("document.wrong_type", found=_zip_kind(names))
        if archive.getinfo("word/document.xml").file_size > BODY_BYTES:
            raise Refusal("file.bomb", part="word/document.xml", detail=f"> {BODY_BYTES // MB} MB")

    check_archive(data, limits, Ticker(None, None), seen)
    if kind == "sheet":
        check(data, limits)
        return "xlsx"
    return "docx"


def _zip_kind(names: set[str]) -> str:
    if any(name.startswith("ppt/") for name in names):
        return "PowerPoint 演示 (presentation)"  # not for translation: the English stands beside it
    return "OpenDocument" if "mimetype" in names else "zip"


def _check_pdf(data: bytes, limits: Limits) -> None:
    """Inflate every packed stream once in pieces that are thrown away: a bomb ends here. Pictures are left
    out: whoever reads the text never unpacks them."""
    total = 0
    for match in _STREAM.finditer(data):
        head = data[max(0, match.start() - 400) : match.start()]
        head = head[head.rfind(b"obj") + 3 :] if b"obj" in head else head
        if b"/Image" in head or (b"FlateDecode" not in head and b"/Fl" not in head):
            continue
        total += _inflated(data, match.end(), limits.inflated_bytes - total)
        if total >= limits.inflated_bytes:
            raise Refusal("file.bomb", part="PDF", detail=f"> {limits.inflated_bytes // MB} MB")


def _inflated(data: bytes, start: int, most: int) -> int:
    """Bytes that the stream at `start` unpacks to, counted up to `most`."""
    unpacker, size, rest = zlib.decompressobj(), 0, memoryview(data)[start:]
    at = 0
    try:
        while not unpacker.eof and size < most and (at < len(rest) or unpacker.unconsumed_tail):
            piece = unpacker.unconsumed_tail or bytes(rest[at : at + _CHUNK])
            if not unpacker.unconsumed_tail:
                at += _CHUNK
            size += len(unpacker.decompress(piece, 4 * MB))
    except zlib.error:
        pass  # a damaged stream unpacks to what came so far; the reader says so when it matters
    return size
