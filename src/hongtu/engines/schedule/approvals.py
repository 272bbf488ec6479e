"""A network of approval matters (审批事项) as a plan: who prepares, who decides, who merely waits.

The engine takes the matters as rows; it ships none. Each matter becomes two activities: the owner's
preparation (`P07.prepare`) and the department's handling (`P07`). A matter that does not apply to a type of
project is left out and its successors inherit its predecessors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .bulk import BulkPlan
from .calendars import Calendar
from .errors import MissingActivityError, NegativeDurationError, ScheduleError
from .model import Activity, Duration, Network, Owner, OwnerKind, Relation

PREPARE = ".prepare"
WORKING, CALENDAR = "工", "自"
OWNER_RUN = "建设单位自办"
INTERMEDIARY = "中介服务"
NOTICE = "公示等待"
BUILDER = Owner(OwnerKind.OWNER, "建设单位")


class MatterError(ScheduleError):
    """A row of matters that cannot be read."""

    code = "schedule.invalid-matter"


@dataclass(frozen=True)
class Matter:
    """One approval matter; days are in `unit`: working days or calendar days."""

    id: str
    name: str
    department: str
    kind: str
    committed_days: float
    preparation_days: float
    calendar_days: bool
    predecessors: tuple[str, ...]
    applies: frozenset[str]
    statutory_days: float | None = None
    statutory_basis: str = ""
    stage: str = ""

    @property
    def days(self) -> float:
        """Preparation and handling together."""
        return self.committed_days + self.preparation_days

    @property
    def handled_by_government(self) -> bool:
        """Whether handling consumes a department's days (not the owner's, an intermediary's or a notice)."""
        return self.kind not in (OWNER_RUN, INTERMEDIARY, NOTICE)

    def duration(self, days: float) -> Duration:
        """Days of this matter as a duration in its unit."""
        return Duration.calendar_days(days) if self.calendar_days else Duration.days(days)


def load_matters(rows: Iterable[Mapping[str, str]]) -> tuple[Matter, ...]:
    """Matters from rows with the columns id, name, dept, type, commit_days, prep_days, unit, preds, applies.

    Optional: stage, legal_days, legal_basis. `preds` is a comma-separated list or "-"; `unit` 工 or 自.
    Raises `MatterError` naming row and column, `MissingActivityError` for an unknown predecessor.
    """
    matters = tuple(_matter(number, row) for number, row in enumerate(rows, start=2))
    known = {matter.id for matter in matters}
    for matter in matters:
        for predecessor in matter.predecessors:
            if predecessor not in known:
                raise MissingActivityError(
                    f"Predecessor {predecessor!r} of {matter.name} ({matter.id}) is not among the matters.",
                    subjects=(predecessor, matter.id),
                    remedy="Add the matter or remove it from preds.",
                )
    return matters


def _matter(number: int, row: Mapping[str, str]) -> Matter:
    def days(column: str) -> float:
        text = (row.get(column) or "").strip() or "0"
        try:
            amount = float(text)
        except ValueError as wrong:
            raise MatterError(
                f"Row {number}, column {column}: {text!r} is not a number of days.",
                subjects=(row.get("id", ""),),
                remedy="Give a number.",
            ) from wrong
        if amount < 0:
            raise NegativeDurationError(
                f"Row {number}, column {column}: {text} days is negative.",
                subjects=(row.get("id", ""),),
                remedy="Give zero or more.",
            )
        return amount

    unit = (row.get("unit") or "").strip()
    if unit not in (WORKING, CALENDAR):
        raise MatterError(
            f"Row {number}, column unit: {unit!r} is neither {WORKING} nor {CALENDAR}.",
            subjects=(row.get("id", ""),),
            remedy="Say whether the days are working or calendar days.",
        )
    listed = (row.get("preds") or "").replace("，", ",").split(",")
    return Matter(
        id=row["id"].strip(),
        name=row["name"].strip(),
        department=(row.get("dept") or "").strip(),
        kind=(row.get("type") or "").strip(),
        committed_days=days("commit_days"),
        preparation_days=days("prep_days"),
        calendar_days=unit == CALENDAR,
        predecessors=tuple(p.strip() for p in listed if p.strip() and p.strip() != "-"),
        applies=frozenset((row.get("applies") or "").strip()),
        statutory_days=days("legal_days") or None,
        statutory_basis=(row.get("legal_basis") or "").strip(),
        stage=(row.get("stage") or "").strip(),
    )


def select(matters: Sequence[Matter], project_type: str) -> dict[str, tuple[Matter, tuple[str, ...]]]:
    """The matters of a project type with their predecessors among themselves.

    A predecessor that does not apply is replaced by its own predecessors, and theirs.
    """
    by_id = {matter.id: matter for matter in matters}

    def reach(id: str, seen: frozenset[str]) -> list[str]:
        if id in seen:
            return []
        if project_type in by_id[id].applies:
            return [id]
        return [up for p in by_id[id].predecessors for up in reach(p, seen | {id})]

    chosen = {}
    for matter in matters:
        if project_type in matter.applies:
            ups = [up for p in matter.predecessors for up in reach(p, frozenset())]
            chosen[matter.id] = matter, tuple(dict.fromkeys(ups))
    return chosen


def approval_network(
    matters: Sequence[Matter],
    project_type: str,
    start: date,
    calendar: Calendar,
    *,
    until: str | None = None,
    data_date: date | None = None,
    works_days: float = 0,
    works: str = "C02",
) -> Network:
    """The matters of one project type as a plan on a statutory calendar.

    `until` keeps only a matter and what leads to it; `works_days` is the length, in calendar days, of the
    construction itself (matter `works`). Raises KeyError when `until` does not apply to the type.
    """
    chosen = select(matters, project_type)
    if until is not None:
        chosen = _leading_to(chosen, until)
    activities: list[Activity] = []
    relations: list[Relation] = []
    for matter, predecessors in chosen.values():
        first = matter.id
        if matter.preparation_days:
            first = matter.id + PREPARE
            activities.append(
                Activity(
                    first,
                    f"{matter.name}（准备）",
                    matter.duration(matter.preparation_days),
                    owner=BUILDER,
                )
            )
            relations.append(Relation(first, matter.id))
        length = works_days if matter.id == works and works_days else matter.committed_days
        activities.append(
            Activity(matter.id, matter.name, matter.duration(length), owner=handling_party(matter))
        )
        relations += [Relation(before, first) for before in predecessors]
    return Network(activities, relations, start, calendars=(calendar,), data_date=data_date)


def handling_party(matter: Matter) -> Owner:
    """Whose days the handling of a matter consumes."""
    if matter.kind == NOTICE:
        return Owner(OwnerKind.STATUTORY, matter.department)
    if matter.kind == OWNER_RUN:
        return BUILDER
    if matter.kind == INTERMEDIARY:
        return Owner(OwnerKind.CONTRACTOR, matter.department)
    return Owner(OwnerKind.DEPARTMENT, matter.department)


def _leading_to(
    chosen: dict[str, tuple[Matter, tuple[str, ...]]], until: str
) -> dict[str, tuple[Matter, tuple[str, ...]]]:
    wanted, todo = {until}, [until]
    while todo:
        for before in chosen[todo.pop()][1]:
            if before not in wanted:
                wanted.add(before)
                todo.append(before)
    return {id: entry for id, entry in chosen.items() if id in wanted}


@dataclass(frozen=True)
class NominalPath:
    """The longest path to a matter at the rule of thumb 5 working days = 7 calendar days."""

    matters: int
    relations: int
    calendar_days: int
    path: tuple[str, ...]
    government_days: float
    """Committed working days of government departments on the path."""


def nominal_path(
    matters: Sequence[Matter], project_type: str, until: str, *, since: str | None = None
) -> NominalPath:
    """Longest path to `until` without a calendar: a working day counts 7/5 of a calendar day.

    For comparing procedures, not for dating: real calendars come with `approval_network`. With `since` only
    what follows that matter counts. The arithmetic is exact, in fifths of a day; rounding comes last.
    """
    chosen = select(matters, project_type)
    if since is not None:
        after = {since}
        for id in _sorted(chosen):
            if any(before in after for before in chosen[id][1]):
                after.add(id)
        scope = {id: (m, tuple(p for p in ps if p in after)) for id, (m, ps) in chosen.items() if id in after}
    else:
        scope = chosen
    ids = list(scope)
    place = {id: i for i, id in enumerate(ids)}
    edges = [(place[before], place[id]) for id, (_, ups) in scope.items() for before in ups]
    fifths = [round(m.days * (5 if m.calendar_days else 7)) for m, _ in scope.values()]
    plan = BulkPlan(len(ids), [a for a, _ in edges], [b for _, b in edges])
    result = plan.run(fifths)
    finish = result.in_order(result.early_finish)
    path = [until]
    while ups := scope[path[-1]][1]:
        path.append(max(ups, key=lambda id: finish[place[id]]))
    path.reverse()
    government = sum(
        scope[id][0].committed_days
        for id in path
        if scope[id][0].handled_by_government and not scope[id][0].calendar_days
    )
    total = sum(len(ups) for _, ups in chosen.values())
    days = (2 * int(finish[place[until]]) + 5) // 10
    return NominalPath(len(chosen), total, days, tuple(path), government)


def _sorted(chosen: dict[str, tuple[Matter, tuple[str, ...]]]) -> list[str]:
    ids = list(chosen)
    place = {id: i for i, id in enumerate(ids)}
    edges = [(place[before], place[id]) for id, (_, ups) in chosen.items() for before in ups]
    plan = BulkPlan(len(ids), [a for a, _ in edges], [b for _, b in edges])
    return [ids[i] for i in plan.layout.order.tolist()]
