"""How durations spread by default, and approval matters in the words of the engine."""

from collections.abc import Iterable, Mapping
from typing import Any

# Spread of durations as multiples of the planned, by whose days they are; what moves together. An office
# edits them as the rule “projects.risk”; steps of one name and unit are learned from the past.
RISK_RULES: dict[str, Any] = {
    "spread": {
        "owner": [0.85, 1.3],
        "department": [0.6, 2.0],
        "statutory": [1.0, 1.05],
        "contractor": [0.85, 1.35],
    },
    "correlation": {"owner": 0.2, "department": 0.3, "contractor": 0.35},
}

# Types of the approval network; a continued building has its permits and follows the government one.
_APPROVAL_TYPES = {
    "government_building": "A",
    "continued_building": "A",
    "road": "B",
    "commercial_building": "C",
    "industry": "D",
    "renovation": "E",
    "water_farmland": "F",
}


def approval_type(project_type: str) -> str:
    """The engine's letter of a project type."""
    return _APPROVAL_TYPES[project_type]


def approval_rows(matters: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Matters as the profile keeps them (approvals.csv), in the words `engines.schedule.approvals` reads."""
    return [
        {
            "id": row["code"],
            "stage": row["stage"],
            "name": row["name"],
            "dept": row["department"],
            "type": row["kind"],
            "legal_days": row["statutory_days"],
            "legal_basis": row["statutory_basis"],
            "commit_days": row["committed_days"],
            "prep_days": row["preparation_days"],
            "unit": "自" if row["day_unit"] == "calendar_day" else "工",
            "preds": ",".join(row["predecessors"].split()) or "-",
            "applies": "".join(sorted({_APPROVAL_TYPES[t] for t in row["project_types"].split()})),
        }
        for row in matters
    ]
