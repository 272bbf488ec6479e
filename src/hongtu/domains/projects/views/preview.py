"""What a dragged bar would do before it is saved: dates, floats, lights, chance, money, neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hongtu.domains.projects import actions, queries, rules
from hongtu.domains.projects.forms import MoveForm
from hongtu.domains.projects.models import WorkFace
from hongtu.domains.projects.queries import risk as reads
from hongtu.domains.projects.views.risk import chain_or_404
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.profile.models import rule, today
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.formats import grouped, isodate, lateness, percent
from hongtu.ui.status import Status

PREVIEW_RUNS = 2_000


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
    columns += [Column(_("变化"), "nowrap"), Column(_("时差（工作日）"), "nowrap")]
    columns.append(Column(_("亮灯"), "nowrap"))
    rows = []
    lights = _step_lights(before, old["dates"]), _step_lights(after, new["dates"])
    for step in before:
        was, now = old["dates"][step.pk], new["dates"][step.pk]
        if was.forecast_finish == now.forecast_finish and lights[0][step.pk] == lights[1][step.pk]:
            continue
        days = calendar.count(was.forecast_finish, now.forecast_finish)
        words = lateness(days) if days > 0 else _("提前%s个工作日") % -days if days else _("不变")
        light = lights[1][step.pk]
        cells = [f"{step.sequence}. {step.name}", isodate(was.forecast_finish), isodate(now.forecast_finish)]
        slack = f"{was.total_float} → {now.total_float}"
        rows.append(Row([*cells, words, slack, Cell("", status=Status(light))]))
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
            (_("P80时推迟到下年的投资（万元）"), _delayed(chain, old["p80"]), _delayed(chain, new["p80"])),
        ],
        "faces": _faces(before, new["dates"]),
        "light_before": _light(lights[0].values()),
        "light_after": _light(lights[1].values()),
        "broken": new["finish"] > chain.promised,
        "days_over": calendar.count(chain.promised, new["finish"]),
        "table": Table(
            _("受影响的事项"), columns, rows, identifier="preview-steps", empty=_("没有其他事项受影响")
        ),
    }


def _delayed(chain: Chain, p80: date) -> str:
    """Money of this year's plan that the next year would see if the chain finished at its P80 date."""
    from hongtu.engines.schedule.consequence import Spending

    months = reads.planned_money([chain.subject_key]).get(chain.subject_key, {})
    plan = Spending({month: float(amount) for month, amount in months.items()})
    return grouped(plan.delayed((p80 - chain.promised).days, today(), date(today().year + 1, 1, 1)), 0)


def _faces(steps: list[Step], dates: dict[int, Any]) -> list[tuple[WorkFace, Step]]:
    """Work faces whose window no longer holds the dates of their step: the neighbours have to be asked."""
    by_key = {step.pk: step for step in steps if step.actual_finish is None}
    found = []
    for face in WorkFace.objects.filter(step__in=by_key).order_by("start"):
        step = by_key[face.step_id or 0]
        if dates[step.pk].forecast_start > face.finish or dates[step.pk].forecast_finish < face.start:
            found.append((face, step))
    return found


def _step_lights(steps: list[Step], dates: dict[int, Any]) -> dict[int, str]:
    """The light of each step under these dates."""
    data, calendar, now = rule("projects.lights"), working_calendar(), today()
    found = {}
    for s in steps:
        slack = dates[s.pk].total_float
        facts = rules.StepFacts(
            s.planned_finish, s.actual_start, s.actual_finish, s.critical, s.replanned, s.excused, slack
        )
        found[s.pk] = rules.step_light(facts, data, now, calendar.count).light
    return found


def _light(lights: Iterable[str]) -> str:
    """The worst of some lights, as its status."""
    return str(rules.worst(list(lights)))


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
