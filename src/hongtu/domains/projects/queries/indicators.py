"""What project owners, responsible units and approving offices can be assessed by out of the projects room.

A plan counts as it was first entered: moving a date, lowering a month's money, relabelling whose days a
step is or taking a step out raises no rate, and a step that was added later counts only when it was missed.
What is right about such a change goes through an approved excuse. A project whose light two people set to
免责 is excused while that approval is in force.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from hongtu.domains.projects import rules, vocab
from hongtu.domains.projects.models import MonthlyInvestment, PeriodReport, Project
from hongtu.domains.projects.queries.assessed import PROJECT, as_entered, assessed, excused_projects, unit_of
from hongtu.domains.projects.queries.step_indicators import approvals, saved, steps, steps_in_reach
from hongtu.engines.vocabulary import mark
from hongtu.kernel.chains.models import Step
from hongtu.kernel.indicators.knowledge import Moment
from hongtu.kernel.indicators.registry import Fact, Indicator, register
from hongtu.kernel.indicators.vocab import Measure, Subject

REGISTER_WITHIN = timedelta(days=31)
"""开工满1个月应入统 (银川 2025)."""
BUILDERS = frozenset({Subject.OWNER, Subject.RESPONSIBLE})
OFFICES = frozenset({Subject.OFFICE})


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
    excused, annual = excused_projects(moment), moment.most(Project, "annual_plan")
    for key, project in assessed(moment).items():
        if planned[key] <= 0:  # no plan by months: evenly over the year, as the lights do
            planned[key] = float(annual.get(key, 0)) * last / 12
        if planned[key] <= 0:
            continue
        share = done[key] / planned[key]
        yield Fact(
            unit_of(project, subject),
            key,
            project.name,
            done[key],
            planned[key],
            state=mark("达到序时") if share >= 1 else mark("低于序时"),
            why=mark("1—%(month)s月计划%(plan)s万元，完成%(done)s万元"),
            facts={"month": last, "plan": f"{planned[key]:.0f}", "done": f"{done[key]:.0f}"},
            excused=key in excused,
        )


# -- starts, finishes, statistics -----------------------------------------------------------------


def _milestone(moment: Moment, subject: Subject, planned: str, actual: str) -> Iterator[Fact]:
    first, excused = moment.first(Project, PROJECT), excused_projects(moment)
    for key, project in assessed(moment).items():
        due, done = getattr(as_entered(first, project), planned), getattr(project, actual)
        if not moment.since <= due < moment.on:
            continue
        kept = done is not None and done <= moment.on
        yield Fact(
            unit_of(project, subject),
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
    excused = excused_projects(moment)
    for key, project in assessed(moment).items():
        began = project.actual_start
        if began is None or began < moment.since or began + REGISTER_WITHIN >= moment.on:
            continue
        kept = project.registered_on is not None and project.registered_on <= moment.on
        yield Fact(
            unit_of(project, subject),
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
        for key, project in assessed(moment).items():
            if key not in keyed:
                continue
            at = filed.get((key, period))
            day = timezone.localtime(at).date() if at else None
            kept = day is not None and day <= due
            state = (
                mark("按时填报") if kept else mark("逾期填报") if day and day <= moment.on else mark("未填报")
            )
            yield Fact(
                unit_of(project, subject),
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
    projects = assessed(moment)
    for row in moment.rows(PeriodReport, ("project_id", "period", "submitted_at")):
        project = projects.get(row.project_id)
        at = row.submitted_at
        if project is None or not row.period.startswith(f"{moment.on.year}-"):
            continue
        if (at is None or at >= moment.end) and row.row_key not in back:
            continue
        bad = row.row_key in back
        yield Fact(
            unit_of(project, subject),
            row.project_id,
            f"{project.name} {row.period}",
            float(bad),
            part=row.period,
            state=mark("被退回") if bad else mark("未被退回"),
        )


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
                f"projects.{key}", title, BUILDERS, Project, collect, measure, meaning,
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
                f"projects.{key}", title, subjects, Step, collect, measure, meaning, steps_in_reach,
                roster=key == "approvals",
            )
        )  # fmt: skip
