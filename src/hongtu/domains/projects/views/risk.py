"""Risk of a chain, why each date is what it is, and what a dragged bar would do before it is saved."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hongtu.domains.projects import actions, queries, rules
from hongtu.domains.projects.forms import MoveForm
from hongtu.domains.projects.queries import risk as reads
from hongtu.domains.projects.views.common import crumbs
from hongtu.domains.projects.views.limits import demanded
from hongtu.domains.projects.views.limits import lines as limit_lines
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains.limits import limits_of
from hongtu.kernel.chains.models import Chain, Step, StepLimit
from hongtu.kernel.chains.vocab import DurationUnit, LimitKind, LimitState, RelationType, Whose
from hongtu.kernel.profile.models import rule, today
from hongtu.ui import charts
from hongtu.ui.components import Cell, Column, Figure, Row, Table
from hongtu.ui.formats import grouped, isodate, lateness, percent
from hongtu.ui.status import Status

if TYPE_CHECKING:
    from hongtu.engines.schedule.risk import Driver, RiskResult

RUNS = 10_000
PREVIEW_RUNS = 2_000
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
    """A step by its name; a common cause by whose days it moves."""
    words = dict(Whose.choices)
    if driver.kind.value == "cause":
        return _("共同因素：%s") % words.get(driver.id, driver.id)
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
    before, after = effect.before, effect.after
    columns = [Column("", frozen=True), Column(_("现在"), "date"), Column(_("采取措施后"), "date")]
    rows = [
        Row([_("按期概率"), percent(before.chance or 0, 0), percent(after.chance or 0, 0)]),
        Row([_("P50完成日期"), isodate(before.p50), isodate(after.p50)]),
        Row([_("P80完成日期"), isodate(before.p80), isodate(after.p80)]),
        Row([_("P95完成日期"), isodate(before.p95), isodate(after.p95)]),
    ]
    table = Table(_("措施前后"), columns, rows, identifier="measure-table")
    return {"step": step, "table": table, "gained": round(effect.p80_days_gained)}


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
    curve = charts.risk_curve(
        _("完成日期的可能性"),
        promise.curve(),
        [(_("承诺"), chain.promised), ("P80", promise.p80)],
        identifier="risk-curve",
        height="tall",
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
        "runs": grouped(result.runs),
        "half_width": round(result.half_width_days, 1),
        "breadcrumbs": crumbs(project, _("工期风险")),
    }
    return render(request, "projects/risk.html", context)


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
    rows = [_link_row(link, steps, result, demands) for link in links]
    columns = [
        Column(_("事项"), frozen=True),
        Column(_("开始"), "date"),
        Column(_("完成"), "date"),
        Column(_("时差（工作日）"), "number"),
        Column(_("为什么是这个日期"), "long"),
        Column(_("谁的时间"), "nowrap"),
        Column(_("责任单位"), "nowrap"),
        Column(_("责任人"), "nowrap"),
    ]
    last = steps[int(links[-1].activity.id)]
    context = {
        "project": project,
        "step": step,
        "table": Table(_("日期由来"), columns, rows, identifier="why"),
        "root": last,
        "root_reason": _reason(links[-1], steps, demands),
        "limits": limit_lines(limits),
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


def _link_row(link: Any, steps: dict[int, Step], result: Any, demands: dict[int, StepLimit]) -> Row:
    step = steps[int(link.activity.id)]
    slack = round(float(result.total_float_days[result.index[link.activity.id]]))
    status = None if step.actual_finish or slack >= 0 else Status.LATE
    unit = DurationUnit(step.duration_unit).label
    days = _("工期%(n)s%(unit)s") % {"n": step.duration, "unit": unit}
    return Row(
        [
            f"{step.sequence}. {step.name}",
            isodate(result.start_day(link.activity.id)),
            isodate(result.finish_day(link.activity.id)),
            Cell("—" if step.actual_finish else str(slack), status=status),
            f"{_reason(link, steps, demands)}；{days}"
            + (_("，法定不得缩短") if step.whose == Whose.STATUTORY else ""),
            step.get_whose_display(),
            step.unit.name,
            step.person.name if step.person else "—",
        ]
    )


@guard("projects.change")
@require_POST
def preview(request: PersonRequest, pk: int) -> HttpResponse:
    """What the dates in the drag dialog would do: finish, float, light, chance. Saves nothing."""
    project = queries.project(pk, request.user, to="change")
    chain = chain_or_404(project)
    form = MoveForm(request.POST)
    form.fields["reason"].required = False
    if not form.is_valid() or form.cleaned_data["start"] > form.cleaned_data["finish"]:
        return render(request, "projects/parts/preview.html", {"fault": _("请填写先后正确的两个日期。")})
    given = form.cleaned_data
    moved = get(Step, given["step"], by=request.user)
    if moved.chain_id != chain.pk:
        raise Http404(_("该事项不属于这个项目。"))
    before = list(chain.steps.select_related("unit").order_by("sequence"))
    after = list(chain.steps.select_related("unit").order_by("sequence"))
    for step in after:
        if step.pk == moved.pk:
            for name, value in actions.dragged(step, given["start"], given["finish"]).items():
                setattr(step, name, value)
            step.replanned += int(step.planned_finish != moved.planned_finish)
    return render(request, "projects/parts/preview.html", _effects(chain, before, after, moved))


def _effects(chain: Chain, before: list[Step], after: list[Step], moved: Step) -> dict[str, Any]:
    old, new = _judged(chain, before), _judged(chain, after)
    calendar = working_calendar()
    columns = [Column(_("事项"), frozen=True), Column(_("现在预计"), "date"), Column(_("调整后"), "date")]
    columns.append(Column(_("变化"), "nowrap"))
    rows = []
    for step in before:
        was, now = old["dates"][step.pk].forecast_finish, new["dates"][step.pk].forecast_finish
        if was == now:
            continue
        days = calendar.count(was, now)
        words = lateness(days) if days > 0 else _("提前%s个工作日") % -days
        rows.append(Row([f"{step.sequence}. {step.name}", isodate(was), isodate(now), words]))
    return {
        "chain": chain,
        "facts": [
            (_("链条预计完成"), isodate(old["finish"]), isodate(new["finish"])),
            (_("按期概率"), percent(old["chance"], 0), percent(new["chance"], 0)),
            (_("P80完成日期"), isodate(old["p80"]), isodate(new["p80"])),
            (
                _("本事项时差（工作日）"),
                str(old["dates"][moved.pk].total_float),
                str(new["dates"][moved.pk].total_float),
            ),
        ],
        "light_before": _light(before, old["dates"]),
        "light_after": _light(after, new["dates"]),
        "broken": new["finish"] > chain.promised,
        "days_over": calendar.count(chain.promised, new["finish"]),
        "table": Table(
            _("受影响的事项"), columns, rows, identifier="preview-steps", empty=_("没有其他事项受影响")
        ),
    }


def _light(steps: list[Step], dates: dict[int, Any]) -> str:
    """The worst light of the chain's steps under these dates, as its status."""
    data, calendar, now = rule("projects.lights"), working_calendar(), today()
    verdicts = []
    for s in steps:
        slack = dates[s.pk].total_float
        facts = rules.StepFacts(
            s.planned_finish, s.actual_start, s.actual_finish, s.critical, s.replanned, s.excused, slack
        )
        verdicts.append(rules.step_light(facts, data, now, calendar.count).light)
    return str(rules.worst(verdicts))


def _judged(chain: Chain, steps: list[Step]) -> dict[str, Any]:
    """Dates and risk of a chain as these (unsaved) steps would have it."""
    from hongtu.engines.schedule.cpm import schedule
    from hongtu.engines.schedule.risk import RiskSettings, assess_risk
    from hongtu.kernel.chains import scheduling

    net = scheduling.network(chain, steps, queries.relations_of(chain), today())
    dates = scheduling.dates(net, schedule(net))
    model = reads.risk_model([chain], today(), steps={chain.pk: steps})
    found = assess_risk(model, RiskSettings(PREVIEW_RUNS, sensitivity=False, criticality=False)).promises[0]
    finish: date = max(d.forecast_finish for d in dates.values())
    return {"dates": dates, "finish": finish, "chance": found.chance or 0.0, "p80": found.p80}
