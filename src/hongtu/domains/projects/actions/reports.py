"""Monthly reports in two steps: filled in and submitted by one, approved or returned by another."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.projects import vocab
from hongtu.domains.projects.actions.lights import refresh
from hongtu.domains.projects.models import MonthlyInvestment, PeriodReport, Project
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.people.models import Person


@action("projects.save_report")
def save_report(
    *, by: Person | None, record: Project, period: str, version: int | None, **fields: Any
) -> PeriodReport:
    """Fill in a month's report (draft). Approved or submitted reports cannot be changed."""
    require(by, "projects.change", record)
    found = record.reports.filter(period=period).first()
    if found is None:
        found = PeriodReport.objects.create(project=record, period=period, filled_by=by, **fields)
    else:
        if found.state not in (vocab.ReportState.DRAFT, vocab.ReportState.RETURNED):
            raise InvalidInput(_("该期报告已报送，不能再修改。"), code="projects.report_closed")
        found.revise(version or found.version, filled_by=by, **fields)
    note(found, period=period)
    return found


@action("projects.submit_report")
def submit_report(*, by: Person | None, report: PeriodReport, version: int) -> PeriodReport:
    """Hand a report in for review."""
    require(by, "projects.change", report.project)
    if report.state not in (vocab.ReportState.DRAFT, vocab.ReportState.RETURNED):
        raise InvalidInput(_("该期报告已报送。"), code="projects.report_closed")
    report.revise(version, state=vocab.ReportState.SUBMITTED, submitted_at=timezone.now(), return_reason="")
    note(report)
    refresh(projects=[report.project_id])
    return report


@action("projects.decide_report")
def decide_report(
    *, by: Person | None, report: PeriodReport, version: int, approve: bool, reason: str = ""
) -> PeriodReport:
    """Second step: another person approves the report (money is booked) or returns it with a reason."""
    require(by, "projects.approve", report.project)
    if by is not None and by.pk == report.filled_by_id:
        raise NotAllowed(_("填报人不能审核自己的报告。"), code="projects.own_report")
    if report.state != vocab.ReportState.SUBMITTED:
        raise InvalidInput(_("只有待审核的报告可以审核。"), code="projects.report_not_submitted")
    if not approve and not reason.strip():
        raise InvalidInput(
            _("退回必须写明理由。"), code="projects.reason_required", fields={"reason": [_("请填写。")]}
        )
    state = vocab.ReportState.APPROVED if approve else vocab.ReportState.RETURNED
    report.revise(version, state=state, approved_by=by, approved_at=timezone.now(), return_reason=reason)
    if approve:
        _book(report)
    note(report, reason=reason, approved=approve)
    refresh(projects=[report.project_id])
    return report


def _book(report: PeriodReport) -> None:
    year, month = (int(part) for part in report.period.split("-"))
    row = report.project.months.filter(year=year, month=month).first()
    if row:
        row.revise(row.version, done=report.done)
    else:
        MonthlyInvestment.objects.create(project=report.project, year=year, month=month, done=report.done)
    project = report.project
    if report.period >= project.last_report:
        project.revise(
            project.version,
            progress=report.progress,
            this_period=report.this_period,
            next_plan=report.next_plan,
            last_report=report.period,
        )


@action("projects.load_history")
def load_history(
    *, by: Person | None, months: Sequence[Mapping[str, Any]], reports: Sequence[Mapping[str, Any]]
) -> None:
    """Take over the books of an earlier system: month rows, and reports that count as approved there (with
    `submitted_at` when it is known)."""
    require(by, "projects.manage")
    MonthlyInvestment.objects.bulk_create((MonthlyInvestment(**row) for row in months), batch_size=2000)
    now = timezone.now()
    PeriodReport.objects.bulk_create(
        (
            PeriodReport(**{"submitted_at": now, "approved_at": now, **row}, state=vocab.ReportState.APPROVED)
            for row in reports
        ),
        batch_size=2000,
    )
    note(months=len(months), reports=len(reports))
    refresh(projects=sorted({row["project"].pk for row in months}))
