"""What is accepted at the door: kind by content, size, unpacked size. Refusal comes before parsing."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from .document import FileFormat
from .errors import refuse

MEGABYTE = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SUFFIXES = {
    ".mpp": {FileFormat.MPP},
    ".mpt": {FileFormat.MPP},
    ".xer": {FileFormat.XER},
    ".xlsx": {FileFormat.XLSX},
    ".pmxml": {FileFormat.PMXML},
    ".xml": {FileFormat.MSPDI, FileFormat.PMXML},
    ".mspdi": {FileFormat.MSPDI},
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one import. Defaults take a 50,000-activity plan and refuse what would hurt the server."""

    file_bytes: int = 128 * MEGABYTE
    unpacked_bytes: int = 96 * MEGABYTE
    unpacked_ratio: int = 200
    depth: int = 64
    records: int = 500_000
    worker_seconds: float = 120.0
    worker_megabytes: int = 512


def read_bytes(path: Path, limits: Limits) -> bytes:
    """The whole file, after its size was checked."""
    try:
        size = path.stat().st_size
    except OSError as fault:
        raise refuse("schedule-file.missing", file=path.name, place=fault.strerror or "") from fault
    if not path.is_file():
        raise refuse("schedule-file.missing", file=path.name)
    if size == 0:
        raise refuse("schedule-file.empty", file=path.name)
    if size > limits.file_bytes:
        raise refuse("schedule-file.too-large", file=path.name, size=size, limit=limits.file_bytes)
    try:
        return path.read_bytes()
    except OSError as fault:
        raise refuse("schedule-file.missing", file=path.name, place=fault.strerror or "") from fault


def detect(name: str, data: bytes, limits: Limits) -> FileFormat:
    """The kind of a file by its first bytes; refuses a name that promises something else."""
    found, described = _by_content(name, data, limits)
    suffix = Path(name).suffix.lower()
    promised = _SUFFIXES.get(suffix)
    if found is None:
        if promised:
            raise refuse("schedule-file.type-mismatch", file=name, suffix=suffix, found=described)
        raise refuse("schedule-file.type-unknown", file=name, found=described)
    if promised and found not in promised:
        raise refuse("schedule-file.type-mismatch", file=name, suffix=suffix, found=described)
    return found


def _by_content(name: str, data: bytes, limits: Limits) -> tuple[FileFormat | None, str]:
    if data.startswith(_OLE):
        return FileFormat.MPP, "OLE compound document"
    if data.startswith(b"PK\x03\x04"):
        check_archive(name, data, limits)
        return FileFormat.XLSX, "Excel workbook"
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"ERMHDR"):
        return FileFormat.XER, "Primavera XER"
    if head.startswith(b"<") or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        root = xml_root(name, data)
        if root == "http://schemas.microsoft.com/project Project":
            return FileFormat.MSPDI, "Microsoft Project XML"
        namespace, _, tag = root.rpartition(" ")
        if tag == "APIBusinessObjects":
            return FileFormat.PMXML, "Primavera XML"
        if tag == "Project" and not namespace:
            return FileFormat.MSPDI, "Microsoft Project XML"
        return None, f"XML <{tag}>"
    if head.startswith(b"%PDF"):
        return None, "PDF"
    return None, "text" if _looks_like_text(head) else "unknown binary data"


def _looks_like_text(head: bytes) -> bool:
    return not re.search(rb"[\x00-\x08\x0e-\x1f]", head)


def xml_root(name: str, data: bytes) -> str:
    """`namespace tag` of the root element. Refuses a document type before anything after it is read."""
    parser = expat.ParserCreate(namespace_separator=" ")
    roots: list[str] = []

    def doctype(doctype_name: str, *_rest: object) -> None:
        raise refuse("schedule-file.xml-unsafe", file=name, detail=f"DOCTYPE {doctype_name}")

    def start(tag: str, _attributes: object) -> None:
        roots.append(tag)

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    stream = io.BytesIO(data)
    try:
        while not roots and (chunk := stream.read(4096)):
            parser.Parse(chunk, False)
        if not roots:
            parser.Parse(b"", True)
    except expat.ExpatError as fault:
        if not roots:
            raise refuse("schedule-file.xml-broken", file=name, detail=str(fault)) from fault
    return roots[0]


def check_archive(name: str, data: bytes, limits: Limits) -> None:
    """Refuse an archive that is broken, no workbook, has macros or grows too much; unpacks nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        raise refuse("schedule-file.archive-broken", file=name, detail=str(fault)) from fault
    names = {member.filename for member in members}
    if any(n.lower().endswith("vbaproject.bin") for n in names):
        raise refuse("schedule-file.workbook-macros", file=name)
    if "xl/workbook.xml" not in names:
        raise refuse("schedule-file.type-unknown", file=name, found="ZIP archive without a workbook")
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked // max(1, len(data))
    if unpacked > limits.unpacked_bytes or (unpacked > 16 * MEGABYTE and ratio > limits.unpacked_ratio):
        raise refuse(
            "schedule-file.archive-unsafe", file=name, size=unpacked, ratio=ratio, limit=limits.unpacked_bytes
        )
