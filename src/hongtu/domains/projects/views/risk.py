"""Risk of a chain: the curve, what drives it, its register, what a measure would win."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hongtu.domains.projects import queries
from hongtu.domains.projects.models import Project
from hongtu.domains.projects.queries import risk as reads
from hongtu.domains.projects.views.common import crumbs
from hongtu.domains.projects.views.risk_tables import before_after, registered
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import objects
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.chains.vocab import Whose
from hongtu.kernel.profile.models import today
from hongtu.ui import charts
from hongtu.ui.charts_risk import risk_curve
from hongtu.ui.components import Cell, Column, Figure, Row, Table
from hongtu.ui.formats import grouped, isodate, percent
from hongtu.ui.status import Status

if TYPE_CHECKING:
    from hongtu.engines.schedule.risk import Driver, RiskResult

RUNS = 10_000
BARS = 10


def chain_or_404(project: Any) -> Chain:
    found = queries.chain_of(project)
    if found is None or not found.steps.exists():
        raise Http404(_("该项目还没有年度链条。"))
    return found


def chance_status(chance: float) -> Status:
    """How a probability of keeping a promise is shown: four in five is sound. A risk is never “late” yet."""
    return Status.NORMAL if chance >= 0.8 else Status.WARNING


def _figures(promise: Any) -> list[Figure]:
    chance = promise.chance or 0.0
    return [
        Figure(
            _("按期概率"),
            percent(chance, 0),
            note=_("承诺%s") % isodate(promise.due),
            status=chance_status(chance),
        ),
        Figure(_("P50完成日期"), isodate(promise.p50), note=_("一半可能在此日之前完成")),
        Figure(_("P80完成日期"), isodate(promise.p80), note=_("八成可能在此日之前完成")),
        Figure(_("P95完成日期"), isodate(promise.p95)),
        Figure(_("平均滞后"), grouped(promise.mean_delay_days, 1), _("工作日"), note=_("按期时计为零")),
    ]


def driver_name(driver: Driver) -> str:
    """A step by its name; a common cause by whose days it moves; events and branches say what they are."""
    words = dict(Whose.choices)
    if driver.kind.value == "cause":
        return _("共同因素：%s") % words.get(driver.id, driver.id)
    if driver.kind.value == "event":
        return _("风险事件：%s") % driver.name
    if driver.kind.value == "branch":
        return _("概率分支：%s") % driver.name
    return driver.name


def _driver_table(result: RiskResult) -> Table:
    columns = [
        Column(_("因素"), frozen=True),
        Column(_("秩相关"), "number"),
        Column(_("最好五分之一"), "number"),
        Column(_("最差五分之一"), "number"),
        Column(_("在关键线路上"), "number"),
        Column(_("措施"), "nowrap"),
    ]
    rows = [
        Row(
            [
                driver_name(d),
                f"{d.correlation:.2f}",
                f"{d.low_days:+.1f}",
                f"{d.high_days:+.1f}",
                "—" if d.criticality is None else percent(d.criticality, 0),
                Cell(_("假如按计划工期完成"), f"?firm={d.id}#measure") if d.kind.value == "activity" else "—",
            ]
        )
        for d in result.drivers
    ]
    return Table(
        _("影响完成日期的因素"),
        columns,
        rows,
        unit=_("工作日"),
        identifier="drivers",
        empty=_("没有未完成的事项"),
    )


def _measure(model: Any, key: str, steps: dict[str, Step]) -> dict[str, Any] | None:
    """Before and after one step is made to take exactly its planned duration."""
    from hongtu.engines.schedule.risk import Fixed, Mitigation, RiskSettings, Uncertainty, compare_measures

    step = steps.get(key)
    if step is None or step.actual_finish is not None:
        return None
    held = Mitigation(step.name, (Uncertainty(key, Fixed(step.duration)),))
    settings = RiskSettings(RUNS, sensitivity=False, criticality=False)
    effect = compare_measures(model, [held], settings).effects[0]
    return {"step": step, "table": before_after(effect), "gained": round(effect.p80_days_gained)}


@guard("projects.read")
def risk(request: PersonRequest, pk: int) -> HttpResponse:
    """Chance of the promised date, the curve, what drives it, and what a measure would win."""
    from hongtu.engines.schedule.risk import RiskSettings, assess_risk

    project = queries.project(pk, request.user)
    chain = chain_or_404(project)
    model = reads.risk_model([chain], today())
    result = assess_risk(model, RiskSettings(RUNS))
    promise = result.promises[0]
    steps = {str(s.pk): s for s in chain.steps.all()}
    editable = objects(Project, by=request.user, to="change").filter(pk=project.pk).exists()
    register = registered(project, chain, model, RUNS, editable)
    planned = register["measures_effect"]
    curve = risk_curve(
        _("完成日期的可能性"),
        promise.curve(),
        [(_("承诺"), chain.promised), ("P80", promise.p80)],
        identifier="risk-curve",
        height="tall",
        after=planned.after.curve() if planned else (),
    )
    bars = [charts.Influence(driver_name(d), d.low_days, d.high_days) for d in result.drivers[:BARS]]
    tornado = charts.tornado(
        _("对完成日期的影响"), bars, 0, identifier="risk-tornado", unit=_("工作日"), height="tall"
    )
    assumed = reads.risk_rules(today())
    words = dict(Whose.choices)
    spread = [
        (words.get(who, who), round(low * 100), round(high * 100), assumed.correlation.get(who, 0.0))
        for who, (low, high) in assumed.spread.items()
    ]
    context = {
        "project": project,
        "chain": chain,
        "figures": _figures(promise),
        "curve": curve,
        "tornado": tornado,
        "drivers": _driver_table(result),
        "measure": _measure(model, request.GET.get("firm", ""), steps),
        "spread": spread,
        "editable": editable,
        **register,
        "runs": grouped(result.runs),
        "half_width": round(result.half_width_days, 1),
        "breadcrumbs": crumbs(project, _("工期风险")),
    }
    return render(request, "projects/risk.html", context)
