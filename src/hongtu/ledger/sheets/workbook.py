"""Reads the cells of an .xlsx by streaming its XML through expat (see docs/adr on why not a library).

Keeps what the usual fast readers drop and an import needs: which numbers are shown as percentages, errors,
formulas without a stored result, merged ranges. Call `safety.check` first.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable
from posixpath import normpath
from typing import Any
from xml.parsers import expat

from hongtu.ledger.sheets.grid import (
    NOT_CALCULATED,
    CellError,
    MergedRange,
    Percentage,
    RawSheet,
    column_index,
)
from hongtu.ledger.sheets.messages import Refusal, Ticker
from hongtu.ledger.sheets.safety import Limits

Attributes = dict[str, str]

# ECMA-376 part 1, 18.8.30: built-in formats that show dates, and the East Asian ones WPS and Excel use.
_DATE_FORMATS = frozenset({14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58})
_TIME_FORMATS = frozenset({18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56})
_PERCENT_FORMATS = frozenset({9, 10})
_FORMAT_NOISE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?")
_EPOCH_1900 = datetime.datetime(1899, 12, 30)
_EPOCH_1904 = datetime.datetime(1904, 1, 1)
_NUMBER, _DATE, _PERCENT = 0, 1, 2


def read_workbook(archive: zipfile.ZipFile, limits: Limits, ticker: Ticker) -> list[RawSheet]:
    """All worksheets in their order. Raises `Refusal` when the XML is broken or beyond the limits."""
    try:
        names = {name.lower(): name for name in archive.namelist()}
        relations = _relations(archive, names)
        sheets, epoch = _sheet_list(archive, relations)
        shared_name = names.get("xl/sharedstrings.xml")
        shared = _shared_texts(archive, shared_name, limits) if shared_name else []
        styles = _style_kinds(archive, names.get("xl/styles.xml"))
        result = []
        for title, part, hidden in sheets:
            real = names.get(part.lower())
            if real is None:
                continue  # a chart sheet, or a part the workbook lists but does not hold
            sheet = _SheetReader(title, shared, styles, epoch, limits, ticker).read(archive, real)
            sheet.hidden = hidden
            result.append(sheet)
        return result
    except (expat.ExpatError, KeyError, IndexError, ValueError, OverflowError) as error:
        raise Refusal("file.damaged", detail=str(error)[:80]) from error


def _parser(part: str) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: Any) -> None:
        raise Refusal("file.document_type", part=part[:60])

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    """The name without its prefix: some programs write `x:row`. A prefix cannot change what we look for."""
    return name.rpartition(":")[2]


def _walk(archive: zipfile.ZipFile, part: str, visit: Callable[[str, Attributes], None]) -> None:
    parser = _parser(part)
    parser.StartElementHandler = lambda name, attributes: visit(_local(name), attributes)
    with archive.open(part) as stream:
        parser.ParseFile(stream)


def _relations(archive: zipfile.ZipFile, names: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    part = names.get("xl/_rels/workbook.xml.rels")
    if part is None:
        raise Refusal("file.damaged", detail="workbook.xml.rels")

    def visit(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = attributes["Target"]
            path = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
            found[attributes["Id"]] = path

    _walk(archive, part, visit)
    return found


def _sheet_list(
    archive: zipfile.ZipFile, relations: dict[str, str]
) -> tuple[list[tuple[str, str, bool]], datetime.datetime]:
    sheets: list[tuple[str, str, bool]] = []
    epoch = _EPOCH_1900

    def visit(name: str, attributes: Attributes) -> None:
        nonlocal epoch
        if name == "workbookPr" and attributes.get("date1904", "0").lower() in ("1", "true"):
            epoch = _EPOCH_1904
        elif name == "sheet":
            identifier = next(value for key, value in attributes.items() if _local(key) == "id")
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append((attributes["name"], relations.get(identifier, ""), hidden))

    _walk(archive, "xl/workbook.xml", visit)
    return sheets, epoch


def _shared_texts(archive: zipfile.ZipFile, part: str, limits: Limits) -> list[str]:
    texts: list[str] = []
    buffer: list[str] = []
    in_text = phonetic = False
    size = 0

    def start(name: str, _: Attributes) -> None:
        nonlocal in_text, phonetic, buffer
        local = _local(name)
        if local == "si":
            buffer = []
        elif local == "t":
            in_text = not phonetic
        elif local == "rPh":
            phonetic = True

    def end(name: str) -> None:
        nonlocal in_text, phonetic, size
        local = _local(name)
        if local == "si":
            text = unescape("".join(buffer))
            size += len(text)
            if size > limits.shared_text:
                raise Refusal("file.bomb", part=part, detail=f"{size} characters")
            texts.append(text)
        elif local == "t":
            in_text = False
        elif local == "rPh":
            phonetic = False

    parser = _parser(part)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda data: buffer.append(data) if in_text else None
    with archive.open(part) as stream:
        parser.ParseFile(stream)
    return texts


def unescape(text: str) -> str:
    """`_x000D_` stands for a carriage return and the like (ECMA-376 part 1, 22.4.2.4)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def format_kind(number_format: str) -> int:
    """Whether a number format shows a number, a date or time, or a percentage."""
    plain = _FORMAT_NOISE.sub("", number_format.split(";")[0]).lower()
    if plain == "general" or not plain:
        return _NUMBER
    if "%" in plain:
        return _PERCENT
    return _DATE if re.search(r"[ymdhs]|年|月|日", plain) and "0.0" not in plain else _NUMBER


def _style_kinds(archive: zipfile.ZipFile, part: str | None) -> dict[str, int]:
    """Style index as written in the `s` attribute -> kind, for those that are not plain numbers."""
    if part is None:
        return {}
    own: dict[int, int] = {}
    kinds: dict[str, int] = {}
    inside = False
    count = 0

    def visit(name: str, attributes: Attributes) -> None:
        nonlocal inside, count
        if name == "numFmt":
            own[int(attributes["numFmtId"])] = format_kind(attributes.get("formatCode", ""))
        elif name in ("cellXfs", "cellStyles", "cellStyleXfs", "dxfs"):
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            number = int(attributes.get("numFmtId", "0"))
            kind = own.get(number, _NUMBER)
            if number in _DATE_FORMATS or number in _TIME_FORMATS:
                kind = _DATE
            elif number in _PERCENT_FORMATS:
                kind = _PERCENT
            if kind:
                kinds[str(count)] = kind
            count += 1

    _walk(archive, part, visit)
    return kinds


def serial_date(serial: float, epoch: datetime.datetime = _EPOCH_1900) -> Any:
    """An Excel serial number as date, datetime or time; the number itself where it is no date.

    The 1900 system counts a 29 February 1900 that never was, so serials below 60 lie one day later.
    """
    if serial < 0 or serial >= 2_958_466:
        return serial
    if 0 <= serial < 1 and epoch is _EPOCH_1900:
        seconds = round(serial * 86_400)
        return (datetime.datetime.min + datetime.timedelta(seconds=seconds)).time() if serial else serial
    if serial < 60 and epoch is _EPOCH_1900:
        serial += 1
    days = int(serial)
    seconds = round((serial - days) * 86_400)
    moment = epoch + datetime.timedelta(days=days, seconds=seconds)
    return moment if seconds else moment.date()


class _SheetReader:
    """One pass over one sheet. Handlers are closures over locals: that is what makes expat fast in Python."""

    def __init__(
        self,
        name: str,
        shared: list[str],
        styles: dict[str, int],
        epoch: datetime.datetime,
        limits: Limits,
        ticker: Ticker,
    ) -> None:
        self.sheet = RawSheet(name, [])
        self.shared, self.styles, self.epoch = shared, styles, epoch
        self.limits, self.ticker = limits, ticker

    def read(self, archive: zipfile.ZipFile, part: str) -> RawSheet:
        parser = _parser(part)
        start, end, characters = self._handlers()
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = characters
        with archive.open(part) as stream:
            parser.ParseFile(stream)
        rows = self.sheet.rows
        while rows and not any(value is not None for value in rows[-1]):
            rows.pop()
        return self.sheet

    def _handlers(self) -> tuple[Any, Any, Any]:
        convert, rows, ticker = self._convert, self.sheet.rows, self.ticker
        merge, limit = self._merge, self.limits.columns
        row: list[Any] = []
        kind = style = reference = None
        text: list[str] = []
        wanted = formula = phonetic = False
        prefix = ""

        def start(name: str, attributes: Attributes) -> None:
            nonlocal kind, style, reference, wanted, formula, row, phonetic, prefix
            local = _local(name) if prefix else name
            if local == "c":
                kind, style = attributes.get("t"), attributes.get("s")
                reference = attributes.get("r")
                formula = False
                text.clear()
            elif local == "v" or local == "t":
                wanted = not phonetic
            elif local == "f":
                formula = True
            elif local == "row":
                row = []
                number = int(attributes.get("r", len(rows) + 1)) - 1
                self._pad_rows(number)
                rows.append(row)
                ticker.step(number)
            elif local == "rPh":
                phonetic = True
            elif local == "mergeCell":
                merge(attributes["ref"])
            elif name.endswith(":worksheet"):
                prefix = name[: -len("worksheet")]

        def end(name: str) -> None:
            nonlocal wanted, phonetic
            local = _local(name) if prefix else name
            if local == "c":
                if not text and not formula:
                    return
                column = column_index(reference) if reference else len(row)
                gap = column - len(row)
                if column >= limit:
                    raise Refusal("file.too_many_cells", cells=f"{column + 1} 列/columns", limit=limit)
                if gap > 0:
                    row.extend([None] * gap)
                value = convert(kind, style, "".join(text), formula)
                if gap < 0:
                    row[column] = value
                else:
                    row.append(value)
            elif local == "v" or local == "t":
                wanted = False
            elif local == "rPh":
                phonetic = False

        def characters(data: str) -> None:
            if wanted:
                text.append(data)

        return start, end, characters

    def _pad_rows(self, number: int) -> None:
        missing = number - len(self.sheet.rows)
        if missing < 0:
            raise Refusal("file.damaged", detail=f"row {number + 1}")
        if number >= 1_048_576:
            raise Refusal("file.too_many_cells", cells=f"{number + 1} 行/rows", limit=1_048_576)
        self.sheet.rows.extend([] for _ in range(missing))

    def _merge(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference.replace("$", ""))
        if found and found[3] and len(self.sheet.merged) < 200_000:
            top, left = int(found[2]) - 1, column_index(found[1])
            self.sheet.merged.append(MergedRange(top, left, int(found[4]) - 1, column_index(found[3])))

    def _convert(self, kind: str | None, style: str | None, text: str, formula: bool) -> Any:
        if kind == "s":
            return self.shared[int(text)] or None
        if kind is None or kind == "n":
            if not text:
                return NOT_CALCULATED if formula else None
            number: Any = float(text)
            shown = self.styles.get(style or "")
            if shown == _DATE:
                return serial_date(number, self.epoch)
            if shown == _PERCENT:
                return Percentage(number)
            return int(number) if number.is_integer() and abs(number) < 1e15 else number
        if kind == "b":
            return text.strip() == "1"
        if kind == "e":
            return CellError(text)
        if kind == "d":
            moment = datetime.datetime.fromisoformat(text)
            return moment if moment.time() != datetime.time() else moment.date()
        return unescape(text) or None
