"""CSV as offices send it: UTF-8 with or without a mark, GB18030, UTF-16; comma, tab, semicolon or bar."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from typing import Any

from hongtu.ledger.sheets.grid import RawSheet
from hongtu.ledger.sheets.messages import Refusal, Ticker
from hongtu.ledger.sheets.safety import Limits

_DELIMITERS = (",", "\t", ";", "|", "，")
_GUARDED = re.compile(r"'+(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def decode(data: bytes) -> tuple[str, str]:
    """(text, encoding). Raises `Refusal` when the bytes are no text in a known encoding."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _checked(_decoded(data, encoding)), encoding
    even, odd = data[:2000:2].count(0), data[1:2000:2].count(0)
    # UTF-16 without a mark: each comma, digit and line end brings a zero byte, nearly all on one side.
    if max(even, odd) > 1 and max(even, odd) > 3 * min(even, odd):
        encoding = "utf-16-be" if even > odd else "utf-16-le"
        return _checked(_decoded(data, encoding)), encoding
    try:
        return _checked(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        return _checked(_decoded(data, "gb18030")), "gb18030"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refusal("file.encoding", position=error.start) from error


def _checked(text: str) -> str:
    found = _CONTROL.search(text[:200_000])
    if found:
        raise Refusal("file.wrong_type", found="二进制数据 (binary data)")
    return text


def sniff_delimiter(text: str) -> str:
    """The delimiter under which the first lines agree best on more than one field; a comma if none does."""
    sample = "\n".join(text.splitlines()[:60])
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            counts = Counter(len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if row)
        except csv.Error:
            continue
        wide = {width: times for width, times in counts.items() if width > 1}
        if not wide:
            continue
        width, times = max(wide.items(), key=lambda pair: (pair[1], pair[0]))
        score = times / sum(counts.values()) * min(width, 20)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def read_delimited(data: bytes, limits: Limits, ticker: Ticker) -> tuple[RawSheet, str, str]:
    """(sheet, encoding, delimiter). All values are text; a guard `'` before a formula sign is taken off."""
    text, encoding = decode(data)
    delimiter = sniff_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[Any]] = []
    cells = 0
    try:
        for fields in reader:
            rows.append([_unguarded(value) if value else None for value in fields])
            cells += len(fields)
            if cells > limits.cells or len(fields) > limits.columns:
                raise Refusal("file.too_many_cells", cells=cells, limit=limits.cells)
            ticker.step(len(rows))
    except csv.Error as error:
        raise Refusal("file.csv_broken", row=len(rows) + 1, detail=str(error)) from error
    return RawSheet("CSV", rows), encoding, delimiter


def _unguarded(value: str) -> str:
    return value[1:] if value[0] == "'" and _GUARDED.match(value) else value
