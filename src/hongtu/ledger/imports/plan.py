"""The dry run: what each row of a file would do, worked out for the whole file at once.

A row is new, changed, unchanged or faulty. Existing rows are found by the sheet's keys in one query;
an empty cell leaves the stored value alone. Nothing is written here.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Field, Model, Q

from hongtu.kernel.access import policies
from hongtu.ledger.columns import field_of
from hongtu.ledger.declaration import Ledger, Missing
from hongtu.ledger.imports.checks import constraint_problems, unique_problems
from hongtu.ledger.imports.missing import Drafts
from hongtu.ledger.sheets import (
    Fault,
    Mapping,
    ParsedSheet,
    Problem,
    Progress,
    RawWorkbook,
    StopCheck,
    parse_workbook,
)
from hongtu.ledger.sheets.grid import column_letter
from hongtu.ledger.spec import import_spec, is_required, stored

NOT_ALLOWED = Problem(
    "row.not_allowed",
    zh="这条记录已存在，但不在您的权限范围内。",  # not for translation: see en
    en="This record exists but lies outside your rights.",
)
SAME_RECORD = Problem(
    "row.same_record",
    zh="这一行与前面的一行指向同一条记录。请只保留一行。",  # not for translation: see en
    en="This row means the same record as an earlier row. Keep one of them.",
)
REQUIRED = Problem("value.required")


@dataclass
class RowPlan:
    """What one row would do. `changes` pairs a field with its value before and after, as stored."""

    number: int
    verdict: str
    values: dict[str, Any]
    record: Any = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass
class Plan:
    """What the whole file would do."""

    ledger: Ledger
    parsed: ParsedSheet
    rows: list[RowPlan]
    faults: list[Fault]
    drafts: Drafts

    def of(self, verdict: str) -> list[RowPlan]:
        return [row for row in self.rows if row.verdict == verdict]

    @property
    def create(self) -> list[dict[str, Any]]:
        """Values of the rows to insert; empty cells are left to the model's defaults."""
        return [{n: v for n, v in row.values.items() if v is not None} for row in self.of("new")]

    @property
    def update(self) -> list[tuple[Any, dict[str, Any]]]:
        return [(r.record, {n: after for n, (_b, after) in r.changes.items()}) for r in self.of("changed")]

    @property
    def counts(self) -> dict[str, int]:
        found = {verdict: len(self.of(verdict)) for verdict in ("new", "changed", "unchanged", "faulty")}
        found["rows"] = len(self.rows)
        found["skipped"] = len(self.parsed.skipped)
        found["whole_file"] = sum(fault.row == 0 and fault.level == "error" for fault in self.faults)
        found["warnings"] = sum(fault.level != "error" for fault in self.faults)
        return found

    @cached_property
    def missing(self) -> list[tuple[Missing, list[Model]]]:
        """Records to make first, by kind: those that rows to be written use; before the importer has
        agreed to it, all that could be made."""
        used: set[int] | None = None
        if self.drafts.create:
            rows = [*self.create, *(changes for _record, changes in self.update)]
            used = {id(value) for row in rows for value in row.values()}
        return self.drafts.by_kind(used)

    @property
    def fingerprint(self) -> str:
        """Same file, same database: same fingerprint. It tells whether a confirmation is still for this."""
        digest = hashlib.sha256(self.parsed.file_digest.encode())
        for row in self.rows:
            key = (row.record.pk, row.record.version) if row.record is not None else None
            digest.update(repr((row.number, row.verdict, key, sorted(row.changes))).encode())
        for kind, drafts in self.missing if self.drafts.create else ():
            digest.update(repr((kind.key, sorted(str(draft) for draft in drafts))).encode())
        return digest.hexdigest()


def make_plan(
    ledger: Ledger,
    by: Any,
    workbook: RawWorkbook,
    mapping: Mapping | None = None,
    *,
    create_missing: bool = False,
    progress: Progress | None = None,
    stop: StopCheck | None = None,
) -> Plan:
    """The plan of a workbook. Raises Refusal when no header is found, Stopped when `stop` says so.

    `create_missing`: names that nobody bears yet, in columns for which the ledger knows how, become records
    with the import instead of faults.
    """
    drafts = Drafts(ledger, by, create=create_missing)
    spec = import_spec(ledger, by, drafts=drafts)
    parsed = parse_workbook(workbook, spec, mapping=mapping, progress=progress, stop=stop)
    planner = _Planner(ledger, by, parsed)
    rows = planner.rows()
    return Plan(ledger, parsed, rows, sorted(planner.faults, key=lambda f: (f.row, f.column)), drafts)


class _Planner:
    def __init__(self, ledger: Ledger, by: Any, parsed: ParsedSheet) -> None:
        self.ledger, self.by, self.parsed = ledger, by, parsed
        self.faults: list[Fault] = list(parsed.faults)
        self.bad = set(parsed.bad_numbers)
        present = {match.key for match in parsed.mapping.matches if match.key}
        self.fields: dict[str, Field | None] = {
            n: field_of(ledger.model, n) for n in ledger.sheet_columns if n in present
        }
        self.many = {n for n, f in self.fields.items() if f is not None and f.many_to_many}

    def fault(self, number: int, name: str, problem: Problem, value: Any = None) -> None:
        """Add a fault at a row and field; an error makes the row faulty."""
        match = self.parsed.mapping.column_of(name) if name else None
        column = self.parsed.spec.by_key.get(name)
        title = (column.zh, column.en or column.zh) if column else ("", "")
        shown = "" if value is None else str(value)
        self.faults.append(
            Fault(
                self.parsed.sheet,
                number,
                column_letter(match.column) if match else "",
                name,
                problem.code,
                {"title": title, "value": shown, **problem.params},
                shown,
                problem.level,
                problem.zh,
                problem.en,
            )
        )
        if problem.level == "error":
            self.bad.add(number)

    def rows(self) -> list[RowPlan]:
        plans = []
        for number, raw in zip(self.parsed.numbers, self.parsed.rows, strict=True):
            values = {n: stored(self.fields.get(n), v) for n, v in raw.items()}
            plans.append(RowPlan(number, "new", values))
        self._find_records(plans)
        for plan in plans:
            if plan.number not in self.bad:
                self._compare(plan)
        self._check(plans)
        whole = 0 in self.bad
        for plan in plans:
            if whole or plan.number in self.bad:
                plan.verdict = "faulty"
        return plans

    def _find_records(self, plans: Sequence[RowPlan]) -> None:
        """The stored record of each row, and whether she may change it: three queries."""
        assert self.ledger.sheet is not None
        keys = [key for key in self.ledger.sheet.keys if all(part in self.fields for part in key)]
        index = _index(self.ledger.model, keys, plans, self.many)
        within: Any = policies.objects(self.ledger.model, by=self.by, to=self.ledger.verb("change"))
        found = {record.pk for records in index.values() for record in records.values()}
        reached = set(within.filter(pk__in=found).values_list("pk", flat=True)) if self.by else found
        taken: dict[Any, int] = {}
        for plan in plans:
            for key in keys:
                record = index[key].get(_key(plan.values, key) or ())
                if record is None:
                    continue
                plan.record = record
                if record.pk not in reached:
                    self.fault(plan.number, key[0], NOT_ALLOWED, plan.values[key[0]])
                elif taken.setdefault(record.pk, plan.number) != plan.number:
                    self.fault(plan.number, key[0], SAME_RECORD, plan.values[key[0]])
                break

    def _compare(self, plan: RowPlan) -> None:
        assert self.ledger.sheet is not None
        if plan.record is None:
            for name in self.ledger.sheet_columns:
                if plan.values.get(name) in (None, "", []) and is_required(self.ledger, name):
                    self.fault(plan.number, name, REQUIRED)
            return
        for name, field_ in self.fields.items():
            value = plan.values.get(name)
            if value is None or field_ is None or name in self.ledger.sheet.only_new:
                continue
            before = _present(plan.record, name, field_, name in self.many)
            if not _same(before, value, name in self.many):
                plan.changes[name] = (before, value)
        plan.verdict = "changed" if plan.changes else "unchanged"

    def _check(self, plans: Sequence[RowPlan]) -> None:
        """Domain rules, the model's constraints and uniqueness, over what would stand there afterwards."""
        assert self.ledger.sheet is not None
        good = [p for p in plans if p.number not in self.bad and p.verdict != "unchanged"]
        for plan in good:
            problems = dict(constraint_problems(self.ledger.model, plan.record, plan.values))
            if self.ledger.sheet.check is not None:
                problems.update(self.ledger.sheet.check(plan.values))
            for name, problem in problems.items():
                self.fault(plan.number, name, problem, plan.values.get(name))
        good = [p for p in good if p.number not in self.bad]
        found = unique_problems(self.ledger.model, [(p.number, p.record, p.values) for p in good])
        for number, name, problem, value in found:
            self.fault(number, name, problem, value)


Keyed = dict[tuple[Any, ...], Any]


def _key(values: dict[str, Any], key: tuple[str, ...]) -> tuple[Any, ...] | None:
    found = tuple(values.get(part) for part in key)
    return None if any(part in (None, "") for part in found) else found


def _index(
    model: type[Model], keys: Sequence[tuple[str, ...]], plans: Sequence[RowPlan], many: set[str]
) -> dict[tuple[str, ...], Keyed]:
    """Stored records by each key, read in one query (their many-to-many fields in one more each)."""
    condition, asked = Q(pk__in=[]), False
    for key in keys:
        wanted = {found[0] for plan in plans if (found := _key(plan.values, key))}
        if wanted:
            condition, asked = condition | Q(**{f"{key[0]}__in": wanted}), True
    records: list[Any] = []
    if asked:
        records = list(model._default_manager.filter(condition).prefetch_related(*many))
    index: dict[tuple[str, ...], Keyed] = {key: {} for key in keys}
    for record in records:
        for key in keys:
            parts = tuple(getattr(record, part) for part in key)
            if all(part not in (None, "") for part in parts):
                index[key][parts] = record
    return index


def _present(record: Any, name: str, field_: Field, many: bool) -> Any:
    if many:
        return list(getattr(record, name).all())
    return getattr(record, field_.attname)


def _same(before: Any, after: Any, many: bool) -> bool:
    if many:
        return {o.pk for o in before} == {o.pk for o in after}
    if isinstance(after, Model):
        return after.pk is not None and bool(before == after.pk)
    if isinstance(before, Decimal) or isinstance(after, Decimal):
        return before is not None and Decimal(before) == Decimal(after)
    if isinstance(before, float) and isinstance(after, float):
        return math.isclose(before, after, rel_tol=1e-12)  # a cell holds fifteen digits
    return bool(before == after)
