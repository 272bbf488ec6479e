"""Opens a table file whatever it is: the one entrance for uploads."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile

from hongtu.ledger.sheets.delimited import read_delimited
from hongtu.ledger.sheets.grid import RawWorkbook
from hongtu.ledger.sheets.messages import Progress, Refusal, StopCheck, Ticker
from hongtu.ledger.sheets.safety import DEFAULT_LIMITS, Limits, check
from hongtu.ledger.sheets.workbook import read_workbook


def load(source: bytes | str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The file's bytes; a file above the limit is refused before it is read."""
    if isinstance(source, bytes):
        return source
    size = os.path.getsize(source)
    if size > limits.file_bytes:
        limit = round(limits.file_bytes / 2**20, 1)
        raise Refusal("file.too_large", size_mb=round(size / 2**20, 1), limit_mb=limit)
    with open(source, "rb") as stream:
        return stream.read()


def open_table(
    source: bytes | str | os.PathLike[str],
    *,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
    stop: StopCheck | None = None,
) -> RawWorkbook:
    """All sheets of an .xlsx, or the one table of a CSV. Raises `Refusal`, or `Stopped` when `stop` says so.

    `progress` counts rows read; the total is not known beforehand and given as 0.
    """
    data = load(source, limits)
    file_type = check(data, limits, stop)
    digest = hashlib.sha256(data).hexdigest()
    ticker = Ticker(progress, stop)
    if file_type == "text":
        sheet, encoding, delimiter = read_delimited(data, limits, ticker)
        return RawWorkbook([sheet], "csv", digest, encoding, delimiter)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = read_workbook(archive, limits, ticker)
    return RawWorkbook(sheets, "xlsx", digest)
