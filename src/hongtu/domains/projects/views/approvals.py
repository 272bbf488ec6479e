"""The approvals of a project planned backwards from a permit date: calendar days, and whose days they are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hongtu.domains.projects import queries
from hongtu.domains.projects.forms import ApprovalPlanForm
from hongtu.domains.projects.queries import risk as reads
from hongtu.domains.projects.rules import risk as risk_rules
from hongtu.domains.projects.views.approval_check import approval_check_table
from hongtu.domains.projects.views.common import crumbs
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains.vocab import Whose
from hongtu.kernel.profile.models import today
from hongtu.ui import charts
from hongtu.ui.components import Cell, Column, Figure, Row, Table
from hongtu.ui.formats import grouped, isodate
from hongtu.ui.status import Status

if TYPE_CHECKING:
    from hongtu.engines.schedule.backward import BackwardPlan
    from hongtu.engines.schedule.model import Network

PERMITS = ("P48", "P55")
"""The construction permit, or what stands for it where there is none (water and farmland): the first of these
that applies. What comes after is acceptance."""


@guard("projects.read")
def approvals(request: PersonRequest, pk: int) -> HttpResponse:
    """Latest starts of every approval so that the permit is there on the day."""
    project = queries.project(pk, request.user)
    usual = project.planned_start if project.planned_start > today() else today() + timedelta(365)
    start: dict[str, Any] = {"type": project.type, "permit": usual}
    form = ApprovalPlanForm(request.GET if request.GET.get("permit") else None, initial=start)
    given = form.cleaned_data if form.is_bound and form.is_valid() else start
    matters = reads.approval_matters(today())
    context: dict[str, Any] = {
        "project": project,
        "form": form,
        "breadcrumbs": crumbs(project, _("审批倒排")),
    }
    if matters:
        context |= _planned(matters, given["type"], given["permit"])
    return render(request, "projects/approvals.html", context)


def _planned(rows: list[dict[str, str]], project_type: str, permit: date) -> dict[str, Any]:
    from hongtu.engines.schedule.approvals import approval_network, load_matters, select
    from hongtu.engines.schedule.backward import plan_backward
    from hongtu.kernel.chains.scheduling import engine_calendar

    matters, letter = load_matters(risk_rules.approval_rows(rows)), risk_rules.approval_type(project_type)
    chosen = select(matters, letter)
    until = next((code for code in PERMITS if code in chosen), list(chosen)[-1])
    calendar = engine_calendar(working_calendar())
    net = approval_network(matters, letter, today(), calendar, until=until)
    plan = plan_backward(net, {until: permit})
    laws = {m.id: (m.statutory_basis, m.stage) for m in matters}
    chain = {link.activity.id for link in plan.chain}
    earliest = plan.result.finish_day(until)
    figures = [
        Figure(
            _("最早可取得施工许可"), isodate(earliest), status=Status.NORMAL if plan.feasible else Status.LATE
        ),
        Figure(_("从今日起需要"), grouped((earliest - today()).days + 1), _("自然日")),
        Figure(_("事项"), grouped(len({s.activity.id.split(".")[0] for s in plan.steps})), _("项")),
        Figure(_("最迟开始已过"), grouped(len(plan.too_late)), _("项"), note=_("倒排到许可日期")),
    ]
    return {
        "figures": figures,
        "shares": _shares(plan),
        "share_table": _share_table(plan),
        "table": _table(plan, net, laws, chain),
        "feasible": plan.feasible,
        "shortfall": round(plan.shortfall_days),
        "check": approval_check_table(matters, project_type, until, plan),
        "caveat": calendar.caveat(today(), max(permit, earliest)),
    }


def _party(kind: str) -> str:
    """Whose days; the engine counts intermediaries as contractors."""
    return _("中介机构") if kind == "contractor" else str(dict(Whose.choices).get(kind, kind))


def _shares(plan: BackwardPlan) -> charts.Chart:
    """Whose calendar days the deciding chain consists of."""
    return charts.bar(
        _("关键线路上的时间是谁的"),
        [f"{s.owner.name}（{_party(s.owner.kind.value)}）" for s in plan.shares],
        [charts.Series(_("自然日"), [round(s.calendar_days) for s in plan.shares])],
        identifier="approval-shares",
        horizontal=True,
        unit=_("自然日"),
        height="tall",
    )


def _share_table(plan: BackwardPlan) -> Table:
    columns = [Column(_("谁的时间"), frozen=True), Column(_("自然日"), "number"), Column(_("占比"), "number")]
    totals: dict[str, float] = {}
    for share in plan.shares:
        totals[share.owner.kind.value] = totals.get(share.owner.kind.value, 0.0) + share.calendar_days
    whole = sum(totals.values()) or 1.0
    rows = [
        Row([_party(kind), grouped(days), f"{days / whole:.0%}"])
        for kind, days in sorted(totals.items(), key=lambda item: -item[1])
    ]
    return Table(_("各方占用的时间"), columns, rows, identifier="approval-parties")


def _table(plan: BackwardPlan, net: Network, laws: dict[str, tuple[str, str]], chain: set[str]) -> Table:
    columns = [
        Column(_("事项"), frozen=True),
        Column(_("谁的时间"), "nowrap"),
        Column(_("办理单位")),
        Column(_("最早开始"), "date"),
        Column(_("最迟开始"), "date"),
        Column(_("最迟完成"), "date"),
        Column(_("时差（工作日）"), "number"),
        Column(_("关键线路"), "nowrap"),
        Column(_("依据"), "long"),
    ]
    rows = []
    for step in plan.steps:
        key = step.activity.id
        late = step.slack_days < 0
        finish = plan.result.finish_day(key, late=True)
        rows.append(
            Row(
                [
                    f"{key.split('.')[0]} {step.activity.name}",
                    _party(step.owner.kind.value),
                    step.owner.name,
                    isodate(step.earliest_start.date()),
                    isodate(step.latest_start.date()),
                    isodate(finish),
                    Cell(grouped(step.slack_days), status=Status.LATE if late else None),
                    "★" if key in chain else "",
                    laws.get(key, ("", ""))[0] or "—",
                ]
            )
        )
    return Table(_("审批事项倒排表"), columns, rows, identifier="approvals")
