"""Which projects are assessed, for whom they count, and which of them two people excused."""

from __future__ import annotations

from typing import Any

from hongtu.domains.projects import rules, vocab
from hongtu.domains.projects.models import LightChange, Project
from hongtu.kernel.indicators.knowledge import Moment
from hongtu.kernel.indicators.vocab import Subject

SUBJECT = "projects.project"
PROJECT = (
    "name", "owner_id", "responsible_unit_id", "key_project", "stage", "planned_start", "planned_finish",
    "actual_start", "actual_finish", "registered_on",
)  # fmt: skip


def unit_of(project: Any, subject: Subject) -> int:
    return int(project.owner_id if subject is Subject.OWNER else project.responsible_unit_id)


def assessed(moment: Moment) -> dict[int, Any]:
    """The projects of the list; one that was only in reserve when it was entered, and still is, is none
    yet."""
    first = moment.first(Project, PROJECT)
    return {
        row.row_key: row
        for row in moment.rows(Project, PROJECT)
        if not (row.stage == vocab.Stage.RESERVE and as_entered(first, row).stage == vocab.Stage.RESERVE)
    }


def as_entered(first: dict[int, Any], row: Any) -> Any:
    """The row as it was first entered."""
    return first.get(row.row_key, row)


def excused_projects(moment: Moment) -> set[int]:
    """Projects that two people excused, while the approval is in force."""
    fields = ("project_id", "light", "state", "until", "decided_at", "asked_by_id", "decided_by_id")
    approved = [
        change
        for change in moment.rows(LightChange, fields)
        if change.state == vocab.LightChangeState.APPROVED and change.asked_by_id != change.decided_by_id
    ]
    last = {change.project_id: change for change in sorted(approved, key=lambda c: c.decided_at)}
    return {
        key for key, change in last.items() if change.light == rules.EXCUSED and change.until >= moment.on
    }
