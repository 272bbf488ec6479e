"""The three lights of a project, decided by editable rules. Pure: dates and numbers in, a light out."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hongtu.engines.vocabulary import mark

_PREDECESSOR = re.compile(
    r"(\d+)\s*(FS|SS|FF|SF)?\s*(?:([+-])\s*(\d+)\s*(d|ed|天|工作日|自然日)?)?", re.IGNORECASE
)

NOT_DUE, NORMAL, WARNING, LATE, DONE, EXCUSED = "not_due", "normal", "warning", "late", "done", "excused"
_SEVERITY = {DONE: 0, NOT_DUE: 1, EXCUSED: 1, NORMAL: 2, WARNING: 3, LATE: 4}

# Working days in [start, finish), negative when finish lies before start.
CountWorkingDays = Callable[[date, date], int]


@dataclass(frozen=True)
class Verdict:
    """A light with its reason: `reason` is a translatable pattern, `facts` its values."""

    light: str
    reason: str = ""
    facts: Mapping[str, Any] | None = None
    days_late: int = 0


@dataclass(frozen=True)
class StepFacts:
    """What the node light looks at. `total_float` in working days, None while it is not computed."""

    planned_finish: date
    actual_start: date | None
    actual_finish: date | None
    critical: bool
    replanned: int
    excused: bool
    total_float: int | None = None


def worst(lights: Iterable[str]) -> str:
    """The worst of several lights; NOT_DUE when there is none. Finished only when all are."""
    found = list(lights)
    return max(found, key=_SEVERITY.__getitem__) if found else NOT_DUE


def step_light(step: StepFacts, rules: Mapping[str, Any], today: date, count: CountWorkingDays) -> Verdict:
    """Light of one chain step by the `node` rules.

    Overdue days are working days after the planned finish. Beside that counts whether the chain's promise
    can still hold through it (negative total float); the worse of the two wins.
    """
    if step.actual_finish is not None:
        return Verdict(DONE)
    if step.excused:
        return Verdict(EXCUSED, mark("经批准免责"))
    overdue = max(0, count(step.planned_finish, today))
    own, promise = _own_light(step, rules["node"], overdue), _promise_light(step, rules["promise"])
    if own is None:
        return promise
    worse = promise.light == LATE and own.light != LATE
    return replace(promise, days_late=overdue) if worse else own


def _own_light(step: StepFacts, node: Mapping[str, Any], overdue: int) -> Verdict | None:
    """By how long it is overdue and how often it was planned anew; None when neither says anything."""
    limit = node["critical_late_from"] if step.critical else node["late_from"]
    if step.replanned >= node["late_after_replans"] and overdue == 0:
        return Verdict(WARNING, mark("同一节点已调整计划 %(times)s 次"), {"times": step.replanned})
    if step.replanned >= node["late_after_replans"]:
        return Verdict(LATE, mark("已调整计划 %(times)s 次仍逾期"), {"times": step.replanned}, overdue)
    if overdue >= limit:
        return Verdict(LATE, mark("逾期 %(days)s 个工作日"), {"days": overdue}, overdue)
    if overdue >= node["warning_from"]:
        return Verdict(WARNING, mark("逾期 %(days)s 个工作日"), {"days": overdue}, overdue)
    return None


def _promise_light(step: StepFacts, promise: Mapping[str, Any]) -> Verdict:
    short = -(step.total_float or 0)
    if short >= promise["late_from"]:
        return Verdict(LATE, mark("按现计划将误承诺日期 %(days)s 个工作日"), {"days": short}, 0)
    if short >= promise["warning_from"]:
        return Verdict(WARNING, mark("按现计划将误承诺日期 %(days)s 个工作日"), {"days": short}, 0)
    return Verdict(NORMAL if step.actual_start else NOT_DUE)


def due_soon(step: StepFacts, rules: Mapping[str, Any], today: date, count: CountWorkingDays) -> bool:
    """Whether the step carries the “临期” mark: unfinished and due within the rule's working days."""
    if step.actual_finish is not None:
        return False
    return 0 <= count(today, step.planned_finish) <= rules["node"]["due_soon_within"]


def planned_to_date(annual_plan: Decimal, monthly: Mapping[int, Decimal], month: int) -> Decimal:
    """Cumulated plan of the year up to and with `month` (万元): by months, else evenly over twelve."""
    if any(monthly.values()):
        return sum((amount for at, amount in monthly.items() if at <= month), Decimal(0))
    return annual_plan * month / 12


def investment_light(done: Decimal, planned: Decimal, rules: Mapping[str, Any]) -> Verdict:
    """Light of the money: done this year against the plan cumulated to the last closed month (万元)."""
    if planned <= 0:
        return Verdict(NOT_DUE)
    ratio = done / planned
    facts = {"percent": f"{ratio * 100:.0f}"}
    if ratio >= Decimal(str(rules["investment"]["normal_from"])):
        return Verdict(NORMAL)
    reason = mark("投资完成序时计划的 %(percent)s%%")
    warning = ratio >= Decimal(str(rules["investment"]["warning_from"]))
    return Verdict(WARNING if warning else LATE, reason, facts)


def report_light(
    submitted: bool, due: date, rules: Mapping[str, Any], today: date, count: CountWorkingDays
) -> Verdict:
    """Light of reporting: working days the period's report is overdue."""
    if submitted:
        return Verdict(NORMAL)
    overdue = max(0, count(due, today))
    reason, facts = mark("报告期未填报，逾期 %(days)s 个工作日"), {"days": overdue}
    if overdue >= rules["report"]["late_from"]:
        return Verdict(LATE, reason, facts, overdue)
    if overdue >= rules["report"]["warning_from"]:
        return Verdict(WARNING, reason, facts, overdue)
    return Verdict(NORMAL)


def last_closed_month(today: date) -> tuple[int, int]:
    """Year and month whose books are closed on `today`: the month before."""
    return (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)


def report_due(year: int, month: int, rules: Mapping[str, Any]) -> date:
    """The day by which a month's report is due: the rule's day of the following month."""
    following = (year, month + 1) if month < 12 else (year + 1, 1)
    return date(*following, rules["report"]["due_day"])


def on_time_rate(steps: Iterable[tuple[date, date | None, bool]], today: date) -> tuple[int, int]:
    """(kept, due) over `(planned finish, actual finish, excused)`: excused steps leave both.

    A step counts as due once its planned finish has passed or it is finished; it is kept when it was
    finished by its planned finish.
    """
    kept = due = 0
    for planned, actual, excused in steps:
        if excused or (actual is None and planned >= today):
            continue
        due += 1
        kept += actual is not None and actual <= planned
    return kept, due


@dataclass(frozen=True)
class GateFacts:
    """What a stage gate looks at: the dates and papers a project has."""

    has_code: bool
    has_responsible_unit: bool
    actual_start: bool
    actual_finish: bool
    registered: bool
    evidence: frozenset[str]


def gate_faults(stage: str, facts: GateFacts, gates: Mapping[str, Any]) -> list[str]:
    """What is still missing before a project may enter `stage`: keys of the gate's requirements.

    A requirement is the name of a GateFacts flag, or `evidence:<kind>`.
    """
    missing = []
    for need in gates.get(stage, {}).get("requires", ()):
        if need.startswith("evidence:"):
            if need.removeprefix("evidence:") not in facts.evidence:
                missing.append(need)
        elif not getattr(facts, need):
            missing.append(need)
    return missing


@dataclass(frozen=True)
class Predecessor:
    """One entry of a “前置” cell: the step's number, the relation, the lag and its unit."""

    number: int
    type: str = "FS"
    lag: int = 0
    calendar_days: bool = False


def parse_predecessors(text: str) -> list[Predecessor]:
    """`3; 4SS+2; 5FF-1自然日` -> predecessors. ValueError names the part that cannot be read.

    The notation of Microsoft Project: number, relation (FS when left out), lag in working days, `ed` or
    自然日 for calendar days. Full-width signs and Chinese separators are understood.
    """
    plain = text.translate(str.maketrans("，；、＋－０１２３４５６７８９", ",;,+-0123456789"))
    found = []
    for part in (p.strip() for p in re.split(r"[,;\s](?=\d)|[,;]", plain)):
        if not part:
            continue
        match = _PREDECESSOR.fullmatch(part)
        if match is None:
            raise ValueError(part)
        number, kind, sign, amount, unit = match.groups()
        lag = int(amount or 0) * (-1 if sign == "-" else 1)
        found.append(
            Predecessor(int(number), (kind or "FS").upper(), lag, (unit or "").lower() in ("ed", "自然日"))
        )
    return found


def write_predecessors(entries: Iterable[Predecessor]) -> str:
    """The text `parse_predecessors` reads back."""
    parts = []
    for entry in entries:
        kind = "" if entry.type == "FS" and not entry.lag else entry.type
        lag = f"{entry.lag:+d}{'自然日' if entry.calendar_days else ''}" if entry.lag else ""
        parts.append(f"{entry.number}{kind}{lag}")
    return "; ".join(parts)
