"""120 annual chains of ten steps each: what was planned, what happened until the data date (示例)."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

from hongtu.domains.projects import queries
from hongtu.domains.projects.demo.cast import Cast
from hongtu.domains.projects.demo.named import NAMED
from hongtu.domains.projects.models import ChainTemplate, Project
from hongtu.kernel.calendar.working import WorkingCalendar, working_calendar
from hongtu.kernel.chains.actions import Link, NewChain
from hongtu.kernel.profile.models import today

SEED = 20250427
# How a project fares: share of projects, then the range of working days each finished step took longer.
FORTUNES = ((0.80, (-3, 0)), (0.90, (-1, 2)), (0.96, (0, 5)), (1.0, (3, 11)))
_LINES = {"preparation": "approval", "construction": "construction", "problem": "construction"}
_APPROVALS = ("批复", "许可证", "施工许可", "手续", "备案", "证", "环评", "验收")
# Which office approves what, by a word of the step; everything else goes to the approval bureau (示例).
_OFFICES = (
    ("规划", "ZRZY"), ("用地", "ZRZY"), ("用规证", "ZRZY"), ("工规证", "ZRZY"), ("土地", "ZRZY"), ("环评", "STHJ"),
    ("初步设计", "FGW"), ("可研", "FGW"), ("开工", "ZJJ"), ("消防", "ZJJ"), ("竣工", "ZJJ"),
)  # fmt: skip
_FACTS = {facts["name"]: facts for facts in NAMED}


def annual_chains(projects: Sequence[Project], cast: Cast) -> list[NewChain]:
    """One chain per project out of its type's template, shifted to its promise, with its past."""
    dice = random.Random(SEED)
    calendar = working_calendar()
    templates: dict[str, list[ChainTemplate]] = {}
    for item in ChainTemplate.objects.order_by("type", "month", "sequence"):
        templates.setdefault(item.type, []).append(item)
    return [_chain(p, templates[_template(p)], cast, calendar, dice) for p in projects]


def _template(project: Project) -> str:
    """A building that is already under way follows the continued chain."""
    if project.type == "government_building" and project.stage == "building":
        return "continued_building"
    return str(project.type)


def _chain(
    project: Project,
    items: Sequence[ChainTemplate],
    cast: Cast,
    calendar: WorkingCalendar,
    dice: random.Random,
) -> NewChain:
    year = today().year
    promised, promise = _promise(project, items, year, calendar)
    finishes = _finishes(items, year, promised, calendar, dice)
    # The papers say of the named ones that they are on schedule or ahead of it.
    fortune = 0.0 if project.name in _FACTS else dice.random()
    slow = next(span for share, span in FORTUNES if fortune < share)
    steps: list[dict[str, Any]] = []
    start, late = calendar.add(date(year, 1, 2), 0), 0
    for number, (item, finish) in enumerate(zip(items, finishes, strict=True), 1):
        finish = max(finish, start)
        step = _step(project, item, number, start, finish, cast, calendar)
        late = _past(step, late + (dice.randint(*slow) if late <= 12 else 0), calendar)
        steps.append(step)
        start = calendar.add(finish, 1)
    last = steps[-1]
    last["name"] = promise if project.name in _FACTS else last["name"]
    return NewChain(
        chain={
            "subject_label": queries.SUBJECT, "subject_key": project.pk, "title": project.name, "year": year,
            "unit": project.responsible_unit, "start": date(year, 1, 1), "promised": promised, "promise": promise,
        },
        steps=steps,
        links=[Link(n, n + 1) for n in range(1, len(steps))],
    )  # fmt: skip


def _promise(
    project: Project, items: Sequence[ChainTemplate], year: int, calendar: WorkingCalendar
) -> tuple[date, str]:
    if facts := _FACTS.get(project.name):
        return facts["promise"]
    return calendar.add(date(year, 12, 31), 0), items[-1].item


def _finishes(
    items: Sequence[ChainTemplate], year: int, promised: date, calendar: WorkingCalendar, dice: random.Random
) -> list[date]:
    """Planned finishes: the usual months, squeezed so that the last falls on the promise."""
    first = date(year, 1, 2)
    span = (promised - first).days
    usual = [(date(year, item.month, 1) - first).days + dice.randint(8, 26) for item in items]
    scale = span / max(usual)
    days = [first.toordinal() + max(3, round(u * scale)) for u in usual]
    finishes = [calendar.add(date.fromordinal(d), 0) for d in sorted(days)]
    finishes[-1] = promised if calendar.is_working(promised) else calendar.add(promised, -1)
    return [min(f, finishes[-1]) for f in finishes]


def _step(
    project: Project, item: ChainTemplate, number: int, start: date, finish: date, cast: Cast,
    calendar: WorkingCalendar,
) -> dict[str, Any]:  # fmt: skip
    approval = item.segment == "preparation" and any(w in item.item for w in _APPROVALS)
    built = item.segment == "construction"
    office = next((code for word, code in _OFFICES if word in item.item), "XZSP")
    unit = project.owner if built else cast.department(office) if approval else project.responsible_unit
    return {
        "sequence": number, "name": item.item, "segment": item.segment, "line": _LINES[item.segment],
        "unit": unit, "person": project.owner_contact if built else project.liaison, "critical": item.critical,
        "whose": "contractor" if built else "department" if approval else "owner",
        "duration": max(1, calendar.count(start, finish) + 1), "planned_start": start, "planned_finish": finish,
        "evidence_required": item.evidence, "matters": item.matters,
    }  # fmt: skip


def _past(step: dict[str, Any], late: int, calendar: WorkingCalendar) -> int:
    """Write what had happened by the data date; returns by how many working days the chain now lags."""
    now = today()
    began = calendar.add(step["planned_start"], max(0, late - 2)) if late > 2 else step["planned_start"]
    ended = calendar.add(step["planned_finish"], late) if late else step["planned_finish"]
    ended = max(ended, began)
    if ended < now:
        step.update(actual_start=began, actual_finish=ended, evidence=f"{step['evidence_required']}（示例）")
    elif began < now:
        step["actual_start"] = began
        step["remaining_duration"] = max(1, calendar.count(now, ended) + 1)
    return late
