"""Why each date is what it is: from a step back to what fixes it, a law or a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.projects import queries
from hongtu.domains.projects.queries import risk as reads
from hongtu.domains.projects.rules.laws import matters_of
from hongtu.domains.projects.views.common import crumbs
from hongtu.domains.projects.views.limits import demanded
from hongtu.domains.projects.views.limits import lines as limit_lines
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get
from hongtu.kernel.chains.limits import limits_of
from hongtu.kernel.chains.models import Step, StepLimit
from hongtu.kernel.chains.vocab import DurationUnit, LimitKind, LimitState, RelationType, Whose
from hongtu.kernel.profile.models import today
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.formats import isodate
from hongtu.ui.status import Status


@guard("projects.read")
def why(request: PersonRequest, pk: int) -> HttpResponse:
    """Why a step lies where it does: from it back to what fixes the date, a law or a person."""
    from hongtu.engines.schedule.cpm import schedule
    from hongtu.engines.schedule.paths import driving_chain
    from hongtu.kernel.chains.scheduling import network

    step = get(Step, pk, by=request.user)
    project = queries.project_of(step.chain, request.user)
    steps = {s.pk: s for s in step.chain.steps.select_related("unit", "person")}
    net = network(step.chain, list(steps.values()), queries.relations_of(step.chain), today())
    result = schedule(net)
    links = driving_chain(net, result, str(step.pk))
    path = [int(link.activity.id) for link in links]
    limits = [x for x in limits_of(step.chain).filter(step__in=path) if x.state == LimitState.IN_FORCE]
    demands = {x.step_id: x for x in limits if x.kind == LimitKind.START_AFTER}
    matters = reads.approval_matters(today())
    rows = [_link_row(link, steps, result, demands, matters) for link in links]
    columns = [
        Column(_("事项"), frozen=True),
        Column(_("为什么是这个日期"), "long"),
        Column(_("开始"), "date"),
        Column(_("完成"), "date"),
        Column(_("时差（工作日）"), "number"),
        Column(_("谁的时间"), "nowrap"),
        Column(_("责任单位"), "nowrap"),
        Column(_("责任人"), "nowrap"),
        Column(_("法定与承诺时限"), "long"),
    ]
    last = steps[int(links[-1].activity.id)]
    context = {
        "project": project,
        "step": step,
        "table": Table(_("日期由来"), columns, rows, identifier="why"),
        "root": last,
        "root_reason": _reason(links[-1], steps, demands),
        "limits": limit_lines(limits),
        "root_law": _law(last, matters),
        "float": round(float(result.total_float_days[result.index[str(step.pk)]])),
        "chain_url": reverse("projects:chain", args=[project.pk]),
        "breadcrumbs": crumbs(project, _("日期由来")),
    }
    return render(request, "projects/why.html", context)


def _reason(link: Any, steps: dict[int, Step], demands: dict[int, StepLimit]) -> str:
    """One link in words."""
    step = steps[int(link.activity.id)]
    kind = link.reason.value
    if kind == "predecessor":
        before = steps[int(link.relation.predecessor)]
        words = _("要等“%(before)s”（%(type)s）") % {
            "before": before.name,
            "type": RelationType(link.relation.type.value).label,
        }
        lag = link.relation.lag
        if lag.amount:
            unit = _("自然日") if lag.elapsed else _("工作日")
            words += _("，间隔%(n)s%(unit)s") % {"n": f"{lag.amount:g}", "unit": unit}
        return words
    if kind == "actual":
        return _("已实际完成")
    if kind == "constraint" and step.pk in demands:
        return demanded(demands[step.pk])
    if kind == "constraint":
        return _("计划规定不早于%s") % isodate(step.start_no_earlier_than or step.planned_start)
    if kind == "data-date":
        return _("正在进行，余下工作从今日算起") if step.actual_start else _("尚未开始，最早从今日算起")
    return _("链条的最早开始日期")


def _law(step: Step, matters: Sequence[Mapping[str, str]]) -> str:
    """The matters behind a step: their statutory and committed days, and the law that sets them."""
    words = []
    for row in matters_of(step.matters, matters):
        unit = DurationUnit(row["day_unit"]).label
        days = _("承诺%(n)s%(unit)s") % {"n": row["committed_days"], "unit": unit}
        if row["statutory_days"]:
            days = _("法定%(n)s%(unit)s") % {"n": row["statutory_days"], "unit": unit} + _("、") + days
        basis = f"《{row['statutory_basis']}》" if row["statutory_basis"] else ""
        words.append(f"{row['code']} {row['name']}{_('：')}{days}{basis}")
    return _("；").join(words) or "—"


def _link_row(
    link: Any,
    steps: dict[int, Step],
    result: Any,
    demands: dict[int, StepLimit],
    matters: Sequence[Mapping[str, str]],
) -> Row:
    step = steps[int(link.activity.id)]
    slack = round(float(result.total_float_days[result.index[link.activity.id]]))
    status = None if step.actual_finish or slack >= 0 else Status.LATE
    unit = DurationUnit(step.duration_unit).label
    days = _("工期%(n)s%(unit)s") % {"n": step.duration, "unit": unit}
    fixed = _("，法定不得缩短") if step.whose == Whose.STATUTORY else ""
    return Row(
        [
            f"{step.sequence}. {step.name}",
            f"{_reason(link, steps, demands)}；{days}{fixed}",
            isodate(result.start_day(link.activity.id)),
            isodate(result.finish_day(link.activity.id)),
            Cell("—" if step.actual_finish else str(slack), status=status),
            step.get_whose_display(),
            step.unit.name,
            step.person.name if step.person else "—",
            _law(step, matters),
        ]
    )
