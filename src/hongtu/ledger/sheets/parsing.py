"""From a raw sheet and a mapping to typed rows and faults, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from hongtu.ledger.sheets.columns import NUMBER_KINDS, Ambiguous, SheetColumn, SheetSpec
from hongtu.ledger.sheets.digest import row_digest, rows_digest
from hongtu.ledger.sheets.grid import CellError, Percentage, RawSheet, RawWorkbook, column_letter
from hongtu.ledger.sheets.headers import (
    MERGED_CELLS,
    Layout,
    SkippedRow,
    analyse,
    choose_sheet,
    layout_for,
    squeezed,
)
from hongtu.ledger.sheets.mapping import ColumnMatch, Mapping
from hongtu.ledger.sheets.messages import Fault, Problem, Progress, Refusal, StopCheck, Ticker
from hongtu.ledger.sheets.units import factor
from hongtu.ledger.sheets.values import converter, hint, is_blank, parse_number, shown


@dataclass
class ParsedSheet:
    """Typed rows of a sheet. `rows[i]` is sheet row `numbers[i]`; a faulty field is None in its row."""

    spec: SheetSpec
    sheet: str
    mapping: Mapping
    rows: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)
    file_digest: str = ""

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.level == "error"]

    @cached_property
    def bad_numbers(self) -> frozenset[int]:
        """Sheet rows with at least one error."""
        return frozenset(fault.row for fault in self.errors)

    def good(self) -> list[tuple[int, dict[str, Any]]]:
        """(sheet row, values) of the rows without an error; none when an error concerns the whole sheet."""
        if 0 in self.bad_numbers:
            return []
        return [
            (number, row)
            for number, row in zip(self.numbers, self.rows, strict=True)
            if number not in self.bad_numbers
        ]

    @cached_property
    def digests(self) -> list[str]:
        """One content digest per row."""
        return [row_digest(row) for row in self.rows]

    @cached_property
    def content_digest(self) -> str:
        return rows_digest(self.digests)

    def key_of(self, row: dict[str, Any]) -> tuple[str, tuple[Any, ...]] | None:
        """(which key, its values) that identify a row: the first declared key whose parts are all there."""
        for key in self.spec.keys:
            values = tuple(row.get(part) for part in key)
            if all(value is not None for value in values):
                return "+".join(key), values
        return None


def parse_workbook(
    workbook: RawWorkbook,
    spec: SheetSpec,
    *,
    sheet_name: str | None = None,
    mapping: Mapping | None = None,
    default_year: int | None = None,
    progress: Progress | None = None,
    stop: StopCheck | None = None,
) -> ParsedSheet:
    """Chooses the sheet, finds the header unless `mapping` is given, and parses."""
    name = mapping.sheet if mapping else sheet_name
    sheet = choose_sheet(workbook, spec, name)
    parsed = parse(sheet, spec, mapping=mapping, default_year=default_year, progress=progress, stop=stop)
    parsed.file_digest = workbook.digest
    return parsed


def parse(
    sheet: RawSheet,
    spec: SheetSpec,
    *,
    mapping: Mapping | None = None,
    default_year: int | None = None,
    progress: Progress | None = None,
    stop: StopCheck | None = None,
) -> ParsedSheet:
    """Typed rows and faults. `default_year` completes dates without a year (4月1日).

    `progress` counts columns. Raises `Refusal("sheet.no_header")` and `Stopped`.
    """
    if mapping is None:
        layout, mapping = analyse(sheet, spec)
    else:
        layout = layout_for(sheet, spec, mapping)
    matched = [match for match in mapping.matches if match.key]
    ticker = Ticker(progress, stop, total=len(matched), every=1)
    parsed = ParsedSheet(spec, sheet.name, mapping, skipped=layout.skipped)
    parsed.numbers = [number + 1 for number in layout.data_rows]
    parsed.rows = [{} for _ in layout.data_rows]
    filler = _vertical_fill(sheet, layout)
    for done, match in enumerate(matched):
        ticker.now(done)
        _ColumnParser(sheet, spec, match, layout, parsed, default_year, filler).run()
    ticker.now(len(matched))
    _missing_columns(spec, mapping, parsed)
    _duplicate_keys(parsed, mapping)
    _totals(sheet, spec, mapping, layout, parsed)
    parsed.faults.sort(key=lambda fault: (fault.row, len(fault.column), fault.column))
    return parsed


def _vertical_fill(sheet: RawSheet, layout: Layout) -> dict[tuple[int, int], int]:
    """(row, column) -> the row that holds the value, for merged cells that span several data rows."""
    if not layout.data_rows:
        return {}
    first = layout.data_rows[0]
    fill: dict[tuple[int, int], int] = {}
    filled = 0
    for block in sheet.merged:
        if block.top >= first and block.bottom > block.top:
            if filled > MERGED_CELLS:
                raise Refusal("file.bomb", part="mergeCells", detail=f"> {MERGED_CELLS}")
            filled += min(block.bottom, len(sheet.rows)) - block.top
            for row in range(block.top + 1, min(block.bottom, len(sheet.rows)) + 1):
                fill[row, block.left] = block.top
    return fill


class _ColumnParser:
    """All cells of one column; equal cells are converted once."""

    def __init__(
        self,
        sheet: RawSheet,
        spec: SheetSpec,
        match: ColumnMatch,
        layout: Layout,
        parsed: ParsedSheet,
        default_year: int | None,
        filler: dict[tuple[int, int], int],
    ) -> None:
        assert match.key is not None
        self.column: SheetColumn = spec.by_key[match.key]
        self.match, self.layout, self.parsed, self.filler = match, layout, parsed, filler
        self.index = match.column
        self.letter = column_letter(match.column)
        rows = sheet.rows
        self.values = [
            rows[number][self.index] if self.index < len(rows[number]) else None
            for number in layout.data_rows
        ]
        if filler:
            self._fill(sheet)
        unit = match.unit
        if self.column.kind == "percent" and (unit is None or unit == self.column.unit):
            unit = self._percent_unit()
        self.convert = converter(self.column, unit, default_year)

    def _fill(self, sheet: RawSheet) -> None:
        """Words merged over several rows count for each; a number would be counted twice, so it does not."""
        numeric = self.column.kind in NUMBER_KINDS
        warned: set[int] = set()
        for place, number in enumerate(self.layout.data_rows):
            source = self.filler.get((number, self.index))
            if source is None or is_blank(sheet.value(source, self.index)):
                continue
            if not numeric:
                self.values[place] = sheet.value(source, self.index)
            elif source not in warned:
                warned.add(source)
                value = sheet.value(source, self.index)
                self.fault(source + 1, value, Problem("value.merged_number", level="warning"))

    def _percent_unit(self) -> str:
        """Bare numbers all within -1..1 with a fraction among them are shares, not percentage points."""
        if "%" in self.match.label or "％" in self.match.label or self.match.how == "user":
            return self.match.unit or self.column.unit
        bare = [v for v in self.values if isinstance(v, int | float) and not isinstance(v, bool | Percentage)]
        fractions = any(float(value) != int(value) for value in bare)
        return "小数" if fractions and all(abs(value) <= 1 for value in bare) else self.column.unit

    def fault(self, row: int, value: Any, problem: Problem) -> None:
        column = self.column
        params = {"title": (column.zh, column.en or column.zh), "value": shown(value), **problem.params}
        self.parsed.faults.append(
            Fault(
                self.parsed.sheet, row, self.letter, column.key, problem.code, params, shown(value),
                problem.level, problem.zh, problem.en,
            )
        )  # fmt: skip

    def run(self) -> None:
        if self.column.kind in ("reference", "references"):
            results = self._references()
        else:
            cache: dict[tuple[type, Any], tuple[Any, Problem | None]] = {}
            results = []
            for value in self.values:
                if value is None:
                    results.append((None, None))
                    continue
                known = (value.__class__, value)
                result = cache.get(known)
                if result is None:
                    result = cache[known] = self._checked(value)
                results.append(result)
        key, required = self.column.key, self.column.required
        for row, number, value, (stored, problem) in zip(
            self.parsed.rows, self.parsed.numbers, self.values, results, strict=True
        ):
            row[key] = stored
            if problem is not None:
                self.fault(number, value, problem)
            if stored is None and required and (problem is None or problem.level != "error"):
                self.fault(number, value, Problem("value.required"))

    def _checked(self, value: Any) -> tuple[Any, Problem | None]:
        stored, problem = self.convert(value)
        if stored is None:
            return stored, problem
        limit = self.column.max_length
        if limit is not None and isinstance(stored, str) and len(stored) > limit:
            return None, Problem("value.too_long", {"length": len(stored), "limit": limit})
        for validate in self.column.validators:
            found = validate(stored)
            if found is not None:
                return (None if found.level == "error" else stored), found
        return stored, problem

    def _references(self) -> list[tuple[Any, Problem | None]]:
        converted = [(None, None) if value is None else self._checked(value) for value in self.values]
        resolve = self.column.resolve
        if resolve is None:
            return converted
        names: dict[str, None] = {}
        for stored, _ in converted:
            for name in stored if isinstance(stored, tuple) else [stored]:
                if name is not None:
                    names[name] = None
        answers = resolve(list(names))
        return [
            (stored, problem) if stored is None else self._resolved(stored, answers)
            for stored, problem in converted
        ]

    def _resolved(self, stored: Any, answers: Any) -> tuple[Any, Problem | None]:
        many = isinstance(stored, tuple)
        objects = []
        for name in stored if many else (stored,):
            answer = answers.get(name)
            if answer is None:
                near = hint(name, list(self.column.reference_names))
                return None, Problem("value.reference_unknown", {"value": shown(name), "hint": near})
            if isinstance(answer, Ambiguous):
                return None, Problem(
                    "value.reference_ambiguous", {"value": shown(name), "count": answer.count}
                )
            objects.append(answer)
        return (tuple(objects) if many else objects[0]), None


def _missing_columns(spec: SheetSpec, mapping: Mapping, parsed: ParsedSheet) -> None:
    for column in mapping.missing(spec):
        params = {"title": (column.zh, column.en or column.zh)}
        parsed.faults.append(Fault(parsed.sheet, 0, "", column.key, "value.column_missing", params, ""))


def _duplicate_keys(parsed: ParsedSheet, mapping: Mapping) -> None:
    first: dict[tuple[str, tuple[Any, ...]], int] = {}
    for number, row in zip(parsed.numbers, parsed.rows, strict=True):
        key = parsed.key_of(row)
        if key is None:
            continue
        earlier = first.setdefault(key, number)
        if earlier == number:
            continue
        name = key[0].split("+")[0]
        match = mapping.column_of(name)
        value = " + ".join(shown(part) for part in key[1])
        parsed.faults.append(
            Fault(
                parsed.sheet, number, column_letter(match.column) if match else "", name,
                "row.duplicate_key", {"value": value, "first_row": earlier}, value,
            )
        )  # fmt: skip


def _totals(sheet: RawSheet, spec: SheetSpec, mapping: Mapping, layout: Layout, parsed: ParsedSheet) -> None:
    """Warns where the file's own grand total is not the sum of its rows."""
    totals = [skip for skip in layout.skipped if skip.kind == "totals" and not _is_subtotal(skip.text)]
    if not totals or not parsed.rows or len(totals) > 1:
        return
    number = totals[0].row
    for match in mapping.matches:
        column = spec.by_key[match.key] if match.key else None
        if column is None or column.kind not in ("integer", "decimal", "money"):
            continue
        value = sheet.value(number - 1, match.column)
        if is_blank(value) or isinstance(value, CellError) or parse_number(value) is None:
            continue
        lenient = replace(column, kind="decimal", max_digits=30)
        stated, problem = converter(lenient, match.unit, None)(value)
        total = sum((Decimal(row[column.key] or 0) for row in parsed.rows), Decimal(0))
        if stated is None or (problem and problem.level == "error"):
            continue
        # Each row may have been rounded to the last place shown, so allow half of it per row.
        rate = factor(match.unit, column.unit) if match.unit and column.unit else Fraction(1)
        slack = (
            Decimal("0.005") * max(1, len(parsed.rows)) * Decimal(rate.numerator) / Decimal(rate.denominator)
        )
        if abs(stated - total) > slack:
            params = {
                "title": (column.zh, column.en or column.zh), "value": shown(value), "stored": f"{total:f}",
            }  # fmt: skip
            letter = column_letter(match.column)
            parsed.faults.append(
                Fault(
                    parsed.sheet, number, letter, column.key, "row.total_differs", params, shown(value),
                    "warning",
                )
            )  # fmt: skip


def _is_subtotal(text: str) -> bool:
    return squeezed(text).startswith(("小计", "本页", "sub", "Sub"))


def faults_of(parsed: Sequence[ParsedSheet]) -> list[Fault]:
    return [fault for sheet in parsed for fault in sheet.faults]
