"""What project owners, responsible units and approving offices can be assessed by out of the projects room.

A plan counts as it was first entered: moving a date, lowering a month's money, relabelling whose days a
step is or taking a step out raises no rate, and a step that was added later counts only when it was missed.
What is right about such a change goes through an approved excuse. A project whose light two people set to
免责 is excused while that approval is in force.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from hongtu.domains.projects import rules, vocab
from hongtu.domains.projects.models import LightChange, MonthlyInvestment, PeriodReport, Project
from hongtu.engines.vocabulary import mark
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.chains.vocab import DurationUnit, Whose
from hongtu.kernel.indicators.knowledge import Moment
from hongtu.kernel.indicators.registry import Fact, Indicator, register
from hongtu.kernel.indicators.vocab import Measure, Subject

SUBJECT = "projects.project"
CRITICAL_WEIGHT = 2.0
REGISTER_WITHIN = timedelta(days=31)
"""开工满1个月应入统 (银川 2025)."""
RECORD_WITHIN = 10
"""Working days within which a finish is to be recorded; later it counts as finished on the day of record."""
ADOPTED_AFTER = timedelta(days=1)
"""A chain is made in one go; a step entered later than this was added to it."""
BUILDERS = frozenset({Subject.OWNER, Subject.RESPONSIBLE})
OFFICES = frozenset({Subject.OFFICE})
PROJECT = (
    "name", "owner_id", "responsible_unit_id", "key_project", "stage", "planned_start", "planned_finish",
    "actual_start", "actual_finish", "registered_on",
)  # fmt: skip
STEP = (
    "chain_id", "name", "unit_id", "whose", "critical", "duration", "duration_unit", "planned_start",
    "planned_finish", "actual_start", "actual_finish",
)  # fmt: skip


def _unit(project: Any, subject: Subject) -> int:
    return int(project.owner_id if subject is Subject.OWNER else project.responsible_unit_id)


def _projects(moment: Moment) -> dict[int, Any]:
    """The projects of the list; one that was only in reserve when it was entered, and still is, is none
    yet."""
    first = moment.first(Project, PROJECT)
    return {
        row.row_key: row
        for row in moment.rows(Project, PROJECT)
        if not (row.stage == vocab.Stage.RESERVE and _entered(first, row).stage == vocab.Stage.RESERVE)
    }


def _entered(first: dict[int, Any], row: Any) -> Any:
    """The row as it was first entered."""
    return first.get(row.row_key, row)


def _excused(moment: Moment) -> set[int]:
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


# -- money ----------------------------------------------------------------------------------------


def investment(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Done against the plan of the closed months of the year, 万元; the plan at its highest."""
    year, last = rules.last_closed_month(moment.on)
    if year != moment.on.year:
        return
    most = moment.most(MonthlyInvestment, "plan")
    planned: dict[int, float] = defaultdict(float)
    done: dict[int, float] = defaultdict(float)
    for row in moment.rows(MonthlyInvestment, ("project_id", "month", "plan", "done"), Q(year=year)):
        if row.month > last:
            continue
        planned[row.project_id] += float(most.get(row.row_key, row.plan))
        done[row.project_id] += float(row.done)
    excused, annual = _excused(moment), moment.most(Project, "annual_plan")
    for key, project in _projects(moment).items():
        if planned[key] <= 0:  # no plan by months: evenly over the year, as the lights do
            planned[key] = float(annual.get(key, 0)) * last / 12
        if planned[key] <= 0:
            continue
        share = done[key] / planned[key]
        yield Fact(
            _unit(project, subject),
            key,
            project.name,
            done[key],
            planned[key],
            state=mark("达到序时") if share >= 1 else mark("低于序时"),
            why=mark("1—%(month)s月计划%(plan)s万元，完成%(done)s万元"),
            facts={"month": last, "plan": f"{planned[key]:.0f}", "done": f"{done[key]:.0f}"},
            excused=key in excused,
        )


# -- steps ----------------------------------------------------------------------------------------


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
    projects = _projects(moment)
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
    excused = _excused(moment)
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
            _unit(step.project, subject),
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


# -- starts, finishes, statistics -----------------------------------------------------------------


def _milestone(moment: Moment, subject: Subject, planned: str, actual: str) -> Iterator[Fact]:
    first, excused = moment.first(Project, PROJECT), _excused(moment)
    for key, project in _projects(moment).items():
        due, done = getattr(_entered(first, project), planned), getattr(project, actual)
        if not moment.since <= due < moment.on:
            continue
        kept = done is not None and done <= moment.on
        yield Fact(
            _unit(project, subject),
            key,
            project.name,
            float(kept),
            state=mark("已实现") if kept else mark("未实现"),
            why=mark("计划%(due)s"),
            facts={"due": due.isoformat()},
            excused=key in excused,
        )


def started(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Started, of those that were to start this year by the day."""
    return _milestone(moment, subject, "planned_start", "actual_start")


def finished(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Completed, of those that were to be completed this year by the day."""
    return _milestone(moment, subject, "planned_finish", "actual_finish")


def registered(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """In the statistics, of those that started this year and more than a month ago."""
    excused = _excused(moment)
    for key, project in _projects(moment).items():
        began = project.actual_start
        if began is None or began < moment.since or began + REGISTER_WITHIN >= moment.on:
            continue
        kept = project.registered_on is not None and project.registered_on <= moment.on
        yield Fact(
            _unit(project, subject),
            key,
            project.name,
            float(kept),
            state=mark("已入统") if kept else mark("未入统"),
            why=mark("%(began)s开工，满一个月应入统"),
            facts={"began": began.isoformat()},
            excused=key in excused,
        )


# -- reporting ------------------------------------------------------------------------------------


def reports(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Monthly reports of key projects handed in by their day; taking a project off the key list helps
    nothing."""
    lights = moment.rule("projects.lights")
    filed = {
        (r.project_id, r.period): r.submitted_at
        for r in moment.rows(PeriodReport, ("project_id", "period", "state", "submitted_at"))
        if r.state in (vocab.ReportState.SUBMITTED, vocab.ReportState.APPROVED)
    }
    keyed = moment.ever(Project, Q(key_project=True))
    for month in range(1, 13):
        due = rules.report_due(moment.on.year, month, lights)
        if due >= moment.on:
            return
        period = f"{moment.on.year}-{month:02}"
        for key, project in _projects(moment).items():
            if key not in keyed:
                continue
            at = filed.get((key, period))
            day = timezone.localtime(at).date() if at else None
            kept = day is not None and day <= due
            state = (
                mark("按时填报") if kept else mark("逾期填报") if day and day <= moment.on else mark("未填报")
            )
            yield Fact(
                _unit(project, subject),
                key,
                f"{project.name} {period}",
                float(kept),
                part=period,
                state=state,
                why=mark("应于%(due)s前填报"),
                facts={"due": due.isoformat()},
            )


def returned(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Reports that were sent back at any time, of all that were handed in."""
    back = moment.ever(PeriodReport, Q(state=vocab.ReportState.RETURNED))
    projects = _projects(moment)
    for row in moment.rows(PeriodReport, ("project_id", "period", "submitted_at")):
        project = projects.get(row.project_id)
        at = row.submitted_at
        if project is None or not row.period.startswith(f"{moment.on.year}-"):
            continue
        if (at is None or at >= moment.end) and row.row_key not in back:
            continue
        bad = row.row_key in back
        yield Fact(
            _unit(project, subject),
            row.project_id,
            f"{project.name} {row.period}",
            float(bad),
            part=row.period,
            state=mark("被退回") if bad else mark("未被退回"),
        )


def _project_url(fact: Fact) -> str:
    return reverse("ledger:detail", args=["projects", fact.key])


def _step_url(fact: Fact) -> str:
    return reverse("projects:why", args=[fact.key])


def install() -> None:
    """Register the indicators of the room."""
    of_projects: Any = (
        (
            "investment",
            mark("投资完成"),
            investment,
            Measure.MONEY,
            mark("完成投资与原定序时计划之比，按金额加权"),
        ),
        ("started", mark("按计划开工"), started, Measure.ITEMS, mark("已开工的，占原计划到期应开工的")),
        ("finished", mark("按计划竣工"), finished, Measure.ITEMS, mark("已竣工的，占原计划到期应竣工的")),
        ("registered", mark("入统"), registered, Measure.ITEMS, mark("已入统的，占开工满一个月的")),
        ("reports", mark("按时填报"), reports, Measure.ITEMS, mark("按时报送的，占应报送的")),
        ("returned", mark("填报退回"), returned, Measure.ITEMS, mark("曾被退回的，占已报送的")),
    )
    for key, title, collect, measure, meaning in of_projects:
        register(
            Indicator(
                f"projects.{key}", title, BUILDERS, Project, collect, measure, meaning, _project_url,
                roster=key == "investment",
            )
        )  # fmt: skip
    of_steps: Any = (
        (
            "steps",
            mark("节点按期"),
            BUILDERS,
            steps,
            Measure.WEIGHT,
            mark("按原定日期完成的，占到期的；关键节点计2"),
        ),
        (
            "approvals",
            mark("按时办结"),
            OFFICES,
            approvals,
            Measure.ITEMS,
            mark("承诺期内办结的，占已办结和超期未办结的"),
        ),
        ("saved", mark("提前办结"), OFFICES, saved, Measure.SHARE, mark("1减实际天数与承诺天数之比，取平均")),
    )
    for key, title, subjects, collect, measure, meaning in of_steps:
        register(
            Indicator(
                f"projects.{key}", title, subjects, Step, collect, measure, meaning, _step_url,
                roster=key == "approvals",
            )
        )  # fmt: skip
