"""What residents may see, and the kinds of problem a district starts with."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems.models import Category, Problem


@action("problems.publish_photos")
def publish_photos(*, by: Person | None, problem: Problem, photos: Sequence[int]) -> int:
    """Show these photos to the public, and no other of the problem: somebody looked for faces and plates."""
    require(by, "problems.triage", problem)
    chosen = set(photos)
    changed = 0
    for piece in problem.evidence.filter(photo=True):
        if piece.public != (piece.pk in chosen):
            piece.revise(piece.version, public=piece.pk in chosen)
            changed += 1
    note(problem, public=sorted(chosen))
    return changed


@action("problems.load_categories")
def load_categories(*, by: Person | None, rows: Sequence[Mapping[str, Any]]) -> int:
    """The kinds of problem of a profile; `unit` is a unit's code where the district has it,
    `attributes` JSON as `Category.attributes`."""
    require(by, "problems.manage")
    units = {u.code: u for u in Unit.objects.filter(code__in={r["unit"] for r in rows if r["unit"]})}
    made = Category.objects.bulk_create(
        Category(
            **{name: row[name] for name in ("code", "name", "english", "group", "urgency", "keywords")},
            description=row["description"],
            unit=units.get(row["unit"]),
            attributes=json.loads(row.get("attributes") or "[]"),
        )
        for row in rows
    )
    note(categories=len(made))
    return len(made)
