"""Chain steps as facts: kept on the promised day, and approvals within their committed days."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from hongtu.domains.projects.models import Project
from hongtu.domains.projects.queries.assessed import SUBJECT, assessed, excused_projects, unit_of
from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.policies import objects
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.chains.vocab import DurationUnit, Whose
from hongtu.kernel.indicators.knowledge import Moment
from hongtu.kernel.indicators.registry import Fact
from hongtu.kernel.indicators.vocab import Subject

CRITICAL_WEIGHT = 2.0
RECORD_WITHIN = 10
"""Working days within which a finish is to be recorded; later it counts as finished on the day of record."""
ADOPTED_AFTER = timedelta(days=1)
"""A chain is made in one go; a step entered later than this was added to it."""
STEP = (
    "chain_id", "name", "unit_id", "whose", "critical", "duration", "duration_unit", "planned_start",
    "planned_finish", "actual_start", "actual_finish",
)  # fmt: skip


@dataclass(frozen=True)
class _StepRow:
    """A step with its plan as promised: `promised` is the row as first entered, `added` later than its
    chain."""

    now: Any
    promised: Any
    project: Any
    chain: Any
    added: bool
    gone: bool
    finished: date | None


def _steps(moment: Moment) -> Iterator[_StepRow]:
    """The steps of the year's chains, those that were taken out included."""
    projects = assessed(moment)
    chains = {
        c.row_key: c
        for c in moment.rows(
            Chain, ("subject_key",), Q(subject_label=SUBJECT, kind="annual", year=moment.on.year)
        )
        if c.subject_key in projects
    }
    first = moment.first(Step, STEP)
    made = moment.first(Chain, ())
    claims = {} if moment.clock_stands else moment.changes(Step, "actual_finish")
    for rows, gone in ((moment.rows(Step, STEP), False), (moment.deleted(Step, STEP), True)):
        for row in rows:
            chain = chains.get(row.chain_id)
            if chain is None:
                continue
            promised = first[row.row_key]
            added = promised.pgh_created_at > made[chain.row_key].pgh_created_at + ADOPTED_AFTER
            yield _StepRow(
                row, promised, projects[chain.subject_key], chain, added, gone,
                None if gone else _finished(row, claims.get(row.row_key, []), moment),
            )  # fmt: skip


def _finished(row: Any, claims: Sequence[tuple[datetime, str, date]], moment: Moment) -> date | None:
    """When it was finished, as far as known on the day.

    A finish is to be recorded within RECORD_WITHIN working days; one recorded later counts from its record.
    So a date that is written back counts no better than what was first said.
    """
    day: date | None = row.actual_finish
    if day is None or day > moment.on:
        return None
    honest = [value if label == "insert" else _recorded(value, at, moment) for at, label, value in claims]
    if honest:
        day = max(day, min(honest))
    return day if day <= moment.on else None


def _recorded(day: date, at: datetime, moment: Moment) -> date:
    recorded = timezone.localtime(at).date()
    return recorded if moment.calendar.count(day, recorded) > RECORD_WITHIN else day


def _states(step: _StepRow, due: date, moment: Moment) -> tuple[bool, str, str]:
    """(kept, state, why) of a step that was due."""
    if step.gone:
        return False, mark("到期前删除"), mark("计划%(due)s完成，已从链条删除")
    moved = step.now.planned_finish != due
    if step.finished is None:
        return (
            False,
            mark("逾期未完成"),
            mark("原计划%(due)s完成，现计划%(now)s") if moved else mark("计划%(due)s完成"),
        )
    kept = step.finished <= due
    return (
        kept,
        mark("按期") if kept else mark("逾期完成"),
        mark("原计划%(due)s完成，后改%(now)s，实际%(finished)s")
        if moved
        else mark("计划%(due)s，实际%(finished)s完成"),
    )


def steps(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Steps kept of steps due, critical ones counting double; the days of offices and the law are not
    counted."""
    excused = excused_projects(moment)
    for step in _steps(moment):
        due = step.promised.planned_finish
        if step.promised.whose in (Whose.DEPARTMENT, Whose.STATUTORY):
            continue
        if not (
            moment.since <= due < moment.on or (step.finished is not None and due.year == moment.on.year)
        ):
            continue
        kept, state, why = _states(step, due, moment)
        if step.added and kept:
            continue  # adding easy steps to a chain raises no rate
        weight = CRITICAL_WEIGHT if step.promised.critical or step.now.critical else 1.0
        yield Fact(
            unit_of(step.project, subject),
            step.now.row_key,
            f"{step.project.name}：{step.now.name}",
            weight * kept,
            weight,
            state=state,
            why=why,
            excused=step.project.row_key in excused,
            facts={
                "due": due.isoformat(),
                "now": step.now.planned_finish.isoformat(),
                "finished": step.finished.isoformat() if step.finished else "",
            },
        )


# -- approvals ------------------------------------------------------------------------------------


def _approvals(moment: Moment) -> Iterator[tuple[_StepRow, int, int, date]]:
    """Approvals begun by the day: (step, committed days, days used so far, due day), in the unit of the
    commitment."""
    begun = moment.changes(Step, "actual_start")
    for step in _steps(moment):
        said = [value for _at, _label, value in begun.get(step.now.row_key, [])]
        began = min(said) if said and step.now.actual_start else step.now.actual_start
        if step.promised.whose != Whose.DEPARTMENT or began is None or began > moment.on:
            continue
        committed = max(1, step.promised.duration)
        if step.promised.duration_unit == DurationUnit.CALENDAR_DAY:
            due = began + timedelta(days=committed - 1)
            used = ((step.finished or moment.on) - began).days + 1
        else:
            due = moment.calendar.add(began, committed - 1)
            used = moment.calendar.count(began, (step.finished or moment.on) + timedelta(days=1))
        yield step, committed, max(1, used), due


def _approval(step: _StepRow, value: float, state: str, committed: int, used: int) -> Fact:
    return Fact(
        int(step.promised.unit_id),
        step.now.row_key,
        f"{step.project.name}：{step.now.name}",
        value,
        state=state,
        why=mark("承诺%(committed)s天，实际%(used)s天"),
        facts={"committed": committed, "used": used},
    )


def approvals(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Settled within the committed days, of what was settled or should have been: leaving one open helps
    nothing."""
    for step, committed, used, due in _approvals(moment):
        if step.finished is None and due >= moment.on:
            continue
        kept = step.finished is not None and step.finished <= due
        state = mark("承诺期内办结") if kept else mark("超期办结") if step.finished else mark("超期未办结")
        yield _approval(step, float(kept), state, committed, used)


def saved(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """The share of the committed days that was not needed, of what was settled or should have been."""
    for step, committed, used, due in _approvals(moment):
        if step.finished is None and due >= moment.on:
            continue
        share = max(0.0, 1 - used / committed) if step.finished else 0.0
        state = mark("提前") if share else mark("未提前")
        yield _approval(step, share, state, committed, used)


def steps_in_reach(by: Any, keys: Collection[int]) -> dict[int, str]:
    """Who may read a project may read the steps of its chain."""
    rows = Step.objects.filter(pk__in=keys, chain__subject_label=SUBJECT).values_list(
        "pk", "chain__subject_key"
    )
    projects = dict(rows)
    seen = set(objects(Project, by=by).filter(pk__in=set(projects.values())).values_list("pk", flat=True))
    return {step: reverse("projects:chain", args=[key]) for step, key in projects.items() if key in seen}
