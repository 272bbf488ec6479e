"""Finds the header of a table and tells data rows from titles, notes, totals and blanks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hongtu.ledger.sheets.columns import SheetSpec
from hongtu.ledger.sheets.grid import MergedRange, RawSheet, RawWorkbook
from hongtu.ledger.sheets.mapping import ACCEPT, Label, Mapping, Matcher, match_columns
from hongtu.ledger.sheets.messages import Refusal
from hongtu.ledger.sheets.units import stated_units
from hongtu.ledger.sheets.values import is_blank

SEARCH_ROWS = 40
HEADER_COLUMNS = 500
FUZZY_ROWS, FUZZY_COLUMNS = 15, 120
MERGED_CELLS = 200_000
FAULT_SHEETS = frozenset({"导入问题清单", "Import faults"})
OPTION_SHEETS = frozenset({"选项", "填表说明", "Options", "Instructions"})

_TOTALS = re.compile(
    r"(合计|总计|小计|共计|累计|汇总|总合计|本页合计|grandtotal|subtotal|totals?|sum)([（(].*[)）])?[:：]?",
    re.I,
)
_SECTION = re.compile(r"[（(]?[一二三四五六七八九十]+[)）]?[、.．,，\s]|[（(][一二三四五六七八九十]+[)）]")
_NOTE = re.compile(
    r"(注|备注|说明|填表说明|填报说明|填报人|填表人|制表|制表人|审核|审核人|单位负责人|联系人|联系电话|填报日期|"
    r"数据来源|note|notes|remark)s?\s*(\d*)\s*[:：.、]",
    re.I,
)
_EXAMPLES = frozenset({"示例", "样例", "填写示例", "例", "example"})


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no record: totals, section, note, numbering, header or example. `row` from 1."""

    row: int
    kind: str
    text: str


@dataclass(slots=True)
class Layout:
    """What was found: rows counted from 0; `data_rows` are the records in order."""

    header_rows: tuple[int, ...]
    labels: list[Label]
    stated: list[str] = field(default_factory=list)
    data_rows: list[int] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)


def squeezed(value: Any) -> str:
    """Text without any space: `合　　计` is 合计."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value)))


class _Anchors:
    """Merged ranges by the rows they touch."""

    def __init__(self, merged: list[MergedRange], last_row: int) -> None:
        self.fill: dict[tuple[int, int], tuple[int, int]] = {}
        spent = 0
        for block in merged:
            if block.top > last_row:
                continue
            bottom, right = min(block.bottom, last_row), min(block.right, 2_000)
            spent += (bottom - block.top + 1) * (right - block.left + 1)
            if spent > MERGED_CELLS:  # only an overlapping, hence made-up, list gets here
                raise Refusal("file.bomb", part="mergeCells", detail=f"> {MERGED_CELLS}")
            for row in range(block.top, bottom + 1):
                for column in range(block.left, right + 1):
                    self.fill[row, column] = (block.top, block.left)

    def value(self, sheet: RawSheet, row: int, column: int) -> Any:
        top, left = self.fill.get((row, column), (row, column))
        return sheet.value(top, left)


def _line(sheet: RawSheet, anchors: _Anchors, row: int, width: int) -> list[str]:
    values = (anchors.value(sheet, row, column) for column in range(width))
    return ["" if is_blank(value) else " ".join(str(value).split()) for value in values]


def _labels(sheet: RawSheet, anchors: _Anchors, rows: range, width: int) -> list[Label]:
    """Joined header lines by column; a blank in an upper line takes the group to its left."""
    lines = [_line(sheet, anchors, row, width) for row in rows]
    for upper, lower in pairwise(lines):
        for column in range(1, width):
            spread = not upper[column] and lower[column] and lower[column - 1] and upper[column - 1]
            if spread and lower[column - 1] != upper[column - 1]:
                upper[column] = upper[column - 1]
    labels = []
    for column in range(width):
        parts = tuple(dict.fromkeys(line[column] for line in lines if line[column]))
        if parts:
            labels.append(Label(column, parts))
    return labels


def find_header(sheet: RawSheet, spec: SheetSpec) -> tuple[float, tuple[int, ...], list[Label]] | None:
    """(score, header rows, labels) of the best header among the first rows, or None."""
    last = min(len(sheet.rows), SEARCH_ROWS)
    anchors = _Anchors(sheet.merged, last)
    matcher = Matcher(spec)
    best: tuple[float, tuple[int, ...], list[Label]] | None = None
    for fuzzy in (False, True):
        for bottom in range(min(last, FUZZY_ROWS) if fuzzy else last):
            width = len(sheet.rows[bottom]) if sheet.rows[bottom] else 0
            for height in (1, 2, 3):
                if height > bottom + 1:
                    break
                rows = range(bottom - height + 1, bottom + 1)
                span = max([width, *(len(sheet.rows[row]) for row in rows)])
                span = min(span, FUZZY_COLUMNS if fuzzy else HEADER_COLUMNS)
                found = _score(sheet, anchors, matcher, rows, span, fuzzy)
                if found and (best is None or found[0] > best[0] + 0.3):
                    best = (found[0], tuple(rows), found[1])
        if best and best[0] >= min(2, len(spec.columns)):
            return best
    return best


def _score(
    sheet: RawSheet, anchors: _Anchors, matcher: Matcher, rows: range, width: int, fuzzy: bool
) -> tuple[float, list[Label]] | None:
    labels = _labels(sheet, anchors, rows, width)
    if not labels:
        return None
    found: dict[str, float] = {}
    for label in labels:
        if any(len(line) > 60 for line in label.lines[-1:]):
            continue
        scores = matcher.scores(label.lines, fuzzy)
        if scores:
            key, (score, _) = max(scores.items(), key=lambda item: item[1][0])
            if score >= ACCEPT:
                found[key] = max(found.get(key, 0.0), score)
    return (sum(found.values()), labels) if found else None


def choose_sheet(workbook: RawWorkbook, spec: SheetSpec, name: str | None = None) -> RawSheet:
    """The sheet to import: by name when given, else the one whose header fits best (visible ones first)."""
    if name is not None:
        for sheet in workbook.sheets:
            if sheet.name == name:
                return sheet
        raise Refusal("sheet.missing", name=name, present="、".join(s.name for s in workbook.sheets))
    candidates = [s for s in workbook.sheets if s.name not in FAULT_SHEETS | OPTION_SHEETS and s.rows]
    best: tuple[float, RawSheet] | None = None
    for sheet in candidates:
        found = find_header(sheet, spec)
        score = (found[0] if found else 0.0) - (1000 if sheet.hidden else 0)
        if best is None or score > best[0]:
            best = (score, sheet)
    if best is None:
        raise Refusal("file.empty")
    return best[1]


def analyse(
    sheet: RawSheet, spec: SheetSpec, header_rows: tuple[int, ...] | None = None
) -> tuple[Layout, Mapping]:
    """The layout of a sheet and the proposed mapping.

    `header_rows` (from 0, consecutive) is the user's word where the header is; else the best is sought.
    Raises `Refusal("sheet.no_header")` when no line carries a single known column name.
    """
    if header_rows:
        rows = header_rows
        lines = range(rows[0], rows[-1] + 1)
        labels = _labels(sheet, _Anchors(sheet.merged, rows[-1] + 1), lines, sheet.width)
    else:
        found = find_header(sheet, spec)
        if found is None:
            raise Refusal("sheet.no_header", name=sheet.name, rows=min(len(sheet.rows), SEARCH_ROWS))
        _, rows, labels = found
    stated: list[str] = []
    for row in sheet.rows[: rows[-1] + 1]:
        for value in row:
            if isinstance(value, str) and "单位" in value and len(value) < 200:
                stated.extend(stated_units(value))
    layout = Layout(rows, labels, stated)
    mapping = match_columns(spec, sheet.name, rows, labels, stated)
    classify_rows(sheet, spec, mapping, layout)
    return layout, mapping


def layout_for(sheet: RawSheet, spec: SheetSpec, mapping: Mapping) -> Layout:
    """The layout under a mapping the user has corrected."""
    layout = Layout(mapping.header_rows, [Label(m.column, (m.label,)) for m in mapping.matches])
    classify_rows(sheet, spec, mapping, layout)
    return layout


def classify_rows(sheet: RawSheet, spec: SheetSpec, mapping: Mapping, layout: Layout) -> None:
    """Fills `data_rows` and `skipped`."""
    layout.data_rows, layout.skipped = [], []
    first = layout.header_rows[-1] + 1
    mapped = {m.column: spec.by_key[m.key] for m in mapping.matches if m.key}
    required = [column for column, field_ in mapped.items() if field_.required]
    merged_rows = {block.top: block for block in sheet.merged if block.right - block.left >= 2}
    header = [
        [squeezed(value) for value in sheet.rows[row] if not is_blank(value)] for row in layout.header_rows
    ]
    for number in range(first, len(sheet.rows)):
        row = sheet.rows[number]
        filled = [(column, value) for column, value in enumerate(row) if not is_blank(value)]
        if not filled:
            continue
        kind = None
        value = filled[0][1]
        if mapped and not any(column in mapped for column, _ in filled) and isinstance(value, int | float):
            continue  # a line that only carries its running number
        if isinstance(value, str) or number == first:
            kind = _kind_of(row, filled, mapped, required, number, first, number in merged_rows, header)
        if kind is None:
            layout.data_rows.append(number)
        else:
            layout.skipped.append(SkippedRow(number + 1, kind, str(value)[:60]))


def _kind_of(
    row: list[Any],
    filled: list[tuple[int, Any]],
    mapped: dict[int, Any],
    required: list[int],
    number: int,
    first: int,
    merged: bool,
    header: list[list[str]],
) -> str | None:
    text = squeezed(filled[0][1])
    if number == first and _is_numbering(filled):
        return "numbering"
    if (
        any(words and text == words[0] and len(words) == len(filled) for words in header)
        and [squeezed(value) for _, value in filled] in header
    ):
        return "header"
    if text.lower() in _EXAMPLES and filled[0][0] not in mapped:
        return "example"
    blanks = [column for column in required if column >= len(row) or is_blank(row[column])]
    for _, value in filled[:3]:
        if isinstance(value, str) and len(value) < 40 and _TOTALS.fullmatch(squeezed(value)):
            return "totals"
    if len(filled) <= 3 and _NOTE.match(text):
        return "note"
    mostly_blank = len(blanks) * 2 >= max(len(required), 1) and bool(blanks)
    if _SECTION.match(str(filled[0][1]).strip()) and (mostly_blank or len(filled) == 1):
        return "section"
    if len(filled) == 1 and (merged or len(text) > 60) and (blanks or not required):
        return "note" if len(text) > 60 else "section"
    return None


def _is_numbering(filled: list[tuple[int, Any]]) -> bool:
    """The line `1 2 3 4` or `甲 乙 1 2 3` that statistical tables carry under their header."""
    words = [squeezed(value) for _, value in filled]
    if len(words) < 4:
        return False
    letters = [word for word in words if word in set("甲乙丙丁戊己庚辛")]
    digits = words[len(letters) :]
    start = 1 if not digits or digits[0] in ("1", "(1)", "1.0") else None
    wanted = [str(index) for index in range(1, len(digits) + 1)]
    return start == 1 and [word.strip("()") for word in digits] == wanted
