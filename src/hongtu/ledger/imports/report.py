"""The dry run in words: the rows a person looks at before confirming."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from hongtu.ledger.imports.plan import Plan, RowPlan
from hongtu.ledger.spec import language

SHOWN = 300
ORDER = {"faulty": 0, "changed": 1, "new": 2, "unchanged": 3}


def summary(plan: Plan) -> list[dict[str, Any]]:
    """Up to 300 rows as plain data, faulty ones first: row, verdict, label, changes, faults."""
    faults: dict[int, list[dict[str, str]]] = {}
    for fault in plan.faults:
        entry = {
            "cell": fault.cell,
            "code": fault.code,
            "level": fault.level,
            "zh": fault.message("zh"),
            "en": fault.message("en"),
        }
        faults.setdefault(fault.row, []).append(entry)
    rows = (
        [{"row": 0, "verdict": "faulty", "label": "", "changes": [], "faults": faults[0]}]
        if 0 in faults
        else []
    )
    ordered = sorted(plan.rows, key=lambda r: (ORDER[r.verdict], r.number))
    shown = [r for r in ordered if r.verdict != "unchanged" or r.number in faults][:SHOWN]
    return [*rows, *(_row(plan, r, faults.get(r.number, [])) for r in shown)]


def missing_names(plan: Plan) -> list[dict[str, Any]]:
    """Names nobody bears yet that could be (or will be) made with the import, by kind, as plain data."""
    return [
        {"key": kind.key, "names": sorted(str(draft) for draft in drafts)} for kind, drafts in plan.missing
    ]


def _row(plan: Plan, row: RowPlan, faults: list[dict[str, str]]) -> dict[str, Any]:
    names = _Names(plan)
    return {
        "row": row.number,
        "verdict": row.verdict,
        "label": _label(plan, row),
        "changes": [
            [n, names.text(n, b, row.record), names.text(n, a, None)] for n, (b, a) in row.changes.items()
        ],
        "faults": faults,
    }


class _Names:
    """A stored value as people read it; the value before of a reference is read from its record."""

    def __init__(self, plan: Plan) -> None:
        self.ledger = plan.ledger

    def text(self, name: str, value: Any, record: Model | None) -> str:
        column = self.ledger.column(name)
        if column.kind == "reference" and record is not None:
            value = getattr(record, name)
        return column.text(value)


def _label(plan: Plan, row: RowPlan) -> str:
    if row.record is not None:
        return str(row.record)
    for name in (plan.ledger.name_column, *(part for key in plan.parsed.spec.keys for part in key)):
        if row.values.get(name) not in (None, ""):
            return plan.ledger.column(name).text(row.values[name])
    return ""


def message(fault: dict[str, str]) -> str:
    """The sentence of a fault in the reader's language."""
    return fault[language()]
