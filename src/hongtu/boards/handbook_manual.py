"""The full-cycle manual of a project (项目全周期手册): four lines, key nodes, what to do, bring and check.

The nodes are a rule of the profile (`matters.manual`), edited as any other rule; a project sees those of its
type. What is ticked off is kept per project; a node that stands for approvals follows their ticks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hongtu.boards.handbook import LETTERS
from hongtu.domains.matters import queries as matters
from hongtu.domains.projects.vocab import ProjectType
from hongtu.kernel.chains.vocab import Line
from hongtu.kernel.profile.models import rule
from hongtu.ui.status import Status

RULE = "matters.manual"
# Letters of the manual's `types` by the letters of the approval network.
TYPES = {"A": "G", "B": "R", "C": "C", "D": "I", "E": "N", "F": "W"}
PARTS = ("documents", "checks")


@dataclass(frozen=True)
class Item:
    """One line of a node's checklist: a document to have or a thing to check. `key` names it in its node."""

    key: str
    text: str
    done_on: date | None


@dataclass(frozen=True)
class Carried:
    """An approval that a node carries, with its guide when one is in force."""

    code: str
    name: str
    done_on: date | None


@dataclass(frozen=True)
class Node:
    """A key node of one line."""

    code: str
    line: str
    name: str
    who: str
    office: str
    steps: tuple[str, ...]
    documents: tuple[Item, ...]
    checks: tuple[Item, ...]
    cautions: tuple[str, ...]
    approvals: tuple[Carried, ...]
    ticked_on: date | None

    @property
    def by_approvals(self) -> bool:
        return bool(self.approvals)

    @property
    def done_on(self) -> date | None:
        """When it was ticked off, or when the last of its approvals was."""
        days = [a.done_on for a in self.approvals]
        if self.ticked_on:
            return self.ticked_on
        return max(d for d in days if d) if days and all(days) else None

    @property
    def items(self) -> tuple[Item, ...]:
        return (*self.documents, *self.checks)

    @property
    def ready(self) -> int:
        return sum(item.done_on is not None for item in self.items)

    @property
    def status(self) -> str:
        if self.done_on:
            return Status.DONE.value
        begun = self.ready or any(a.done_on for a in self.approvals)
        return Status.NORMAL.value if begun else Status.NOT_DUE.value


@dataclass(frozen=True)
class ManualLine:
    """One of the four lines with its nodes in order."""

    key: str
    label: str
    nodes: tuple[Node, ...]

    @property
    def done(self) -> int:
        return sum(node.done_on is not None for node in self.nodes)


@dataclass(frozen=True)
class Manual:
    """A project's manual as of a day."""

    project: Any
    lines: tuple[ManualLine, ...]
    today: date

    @property
    def nodes(self) -> tuple[Node, ...]:
        return tuple(node for line in self.lines for node in line.nodes)

    @property
    def done(self) -> int:
        return sum(line.done for line in self.lines)


def build(project: Any, today: date) -> Manual:
    """The manual of one project: the nodes of its type, with what is ticked off."""
    letter = LETTERS[ProjectType(project.type)]
    rows = [row for row in _rule(today) if not row["types"] or TYPES[letter] in row["types"]]
    names = {
        row["id"]: row["name"]
        for row in matters.approvals(today)
        if not row["applies"] or letter in row["applies"]
    }
    ticks, approved = matters.manual_ticks(project.pk), matters.ticks(project.pk)
    days = {key: tick.done_on for key, tick in ticks.items()}
    done = {code: tick.done_on for (code, material), tick in approved.items() if not material}
    nodes = [_node(row, names, days, done) for row in rows]
    lines = tuple(
        ManualLine(line.value, str(line.label), tuple(n for n in nodes if n.line == line.value))
        for line in Line
    )
    return Manual(project, lines, today)


def _rule(today: date) -> list[dict[str, Any]]:
    """The nodes in force; none in a district that was started before there was a manual."""
    try:
        found: list[dict[str, Any]] = rule(RULE, today)["nodes"]
    except LookupError:
        return []
    return found


def _node(
    row: dict[str, Any],
    names: dict[str, str],
    ticks: dict[tuple[str, str], date | None],
    approved: dict[str, date | None],
) -> Node:
    code = row["code"]

    def items(part: str) -> tuple[Item, ...]:
        return tuple(
            Item(f"{part}:{text}"[:200], text, ticks.get((code, f"{part}:{text}"[:200])))
            for text in row[part]
        )

    return Node(
        code=code,
        line=row["line"],
        name=row["name"],
        who=row["who"],
        office=row["office"],
        steps=tuple(row["steps"]),
        documents=items("documents"),
        checks=items("checks"),
        cautions=tuple(row["cautions"]),
        approvals=tuple(Carried(c, names[c], approved.get(c)) for c in row["approvals"] if c in names),
        ticked_on=ticks.get((code, "")),
    )


def find(manual: Manual, code: str) -> Node | None:
    """A node of this project's manual by its code."""
    return next((node for node in manual.nodes if node.code == code), None)


def next_nodes(manual: Manual) -> Sequence[Node]:
    """The first open node of each line: what the project should be at."""
    return [node for line in manual.lines if (node := next((n for n in line.nodes if not n.done_on), None))]
