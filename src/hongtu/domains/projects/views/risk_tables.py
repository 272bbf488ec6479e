"""The risk register on the risk page: events and what measures win, branches, three-point durations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.projects.models import Project
from hongtu.kernel.chains.models import Chain, RiskEvent, Step
from hongtu.kernel.chains.vocab import DurationUnit
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.formats import grouped, isodate, percent

if TYPE_CHECKING:
    from hongtu.engines.schedule.risk import Effect, RiskModel
    from hongtu.kernel.chains.risk_register import Register


def registered(project: Project, chain: Chain, model: RiskModel, runs: int, editable: bool) -> dict[str, Any]:
    """Tables of the register, and the same futures without and with the measures that are planned."""
    from hongtu.engines.schedule.risk import RiskSettings, compare_measures
    from hongtu.kernel.chains.risk_register import measure_of, register

    found = register([chain])
    present = {activity.id for activity in model.network.activities}
    settings = RiskSettings(runs, sensitivity=False, criticality=False)
    single = {
        event.pk: compare_measures(model, [measure_of(event, present)], settings).effects[0]
        for event in found.planned()
    }
    measures = [measure_of(event, present) for event in found.planned()]
    together = compare_measures(model, measures, settings).effects[0] if measures else None
    steps = list(chain.steps.filter(actual_finish=None).order_by("sequence"))
    return {
        "events": event_table(project, found, single, editable),
        "branches": branch_table(project, found, editable),
        "estimates": estimate_table(steps),
        "measures": before_after(together) if together else None,
        "measures_effect": together,
        "measures_gained": round(together.p80_days_gained) if together else 0,
        "measures_cost": grouped(sum(measure.cost for measure in measures)),
    }


def before_after(effect: Effect) -> Table:
    """Chance and dates of the promise in the same futures, without and with measures."""
    before, after = effect.before, effect.after
    columns = [Column("", frozen=True), Column(_("现在"), "date"), Column(_("采取措施后"), "date")]
    rows = [
        Row([_("按期概率"), percent(before.chance or 0, 0), percent(after.chance or 0, 0)]),
        Row([_("P50完成日期"), isodate(before.p50), isodate(after.p50)]),
        Row([_("P80完成日期"), isodate(before.p80), isodate(after.p80)]),
        Row([_("P95完成日期"), isodate(before.p95), isodate(after.p95)]),
    ]
    return Table(_("措施前后"), columns, rows, identifier="before-after")


def event_table(project: Project, found: Register, effects: dict[int, Effect], editable: bool) -> Table:
    """Events of the chain with their measures and what each would win on its own."""
    columns = [
        Column(_("风险事件"), frozen=True),
        Column(_("发生概率"), "number"),
        Column(_("影响（天）"), "nowrap"),
        Column(_("影响的事项"), "long"),
        Column(_("应对措施"), "long"),
        Column(_("措施后"), "nowrap"),
        Column(_("费用（元）"), "number"),
        Column(_("P80提前（工作日）"), "number"),
        Column(_("按期概率提高"), "number"),
    ]
    rows = [_event_row(project, event, effects.get(event.pk), editable) for event in found.events]
    return Table(_("风险事件与措施"), columns, rows, identifier="events-table", empty=_("还没有登记风险事件"))


def _event_row(project: Project, event: RiskEvent, effect: Effect | None, editable: bool) -> Row:
    url = reverse("projects:risk-event", args=[project.pk, event.pk]) if editable else ""
    after = "—"
    if event.measure or event.probability_after is not None or event.impact_after < 100:
        chance = event.probability if event.probability_after is None else event.probability_after
        left = {"chance": f"{chance:g}", "share": event.impact_after}
        after = _("概率%(chance)s%%，天数%(share)s%%") % left
        after += _("（已落实）") if event.in_force else ""
    who = f"（{event.unit.name}）" if event.unit else ""
    gained = won = "—"
    if effect is not None:
        gained, won = f"{effect.p80_days_gained:g}", percent(effect.chance_gained, 0)
    return Row(
        [
            Cell(event.name, url),
            f"{event.probability:g}%",
            f"{event.least_days} / {event.likely_days} / {event.most_days}",
            "、".join(f"{s.sequence}. {s.name}" for s in event.steps.all()),
            f"{event.measure}{who}" if event.measure else "—",
            after,
            grouped(event.cost) if event.cost else "—",
            gained,
            won,
        ]
    )


def branch_table(project: Project, found: Register, editable: bool) -> Table:
    """Ways of each branch with their probabilities and the steps only they need."""
    columns = [
        Column(_("概率分支"), frozen=True),
        Column(_("走法")),
        Column(_("概率"), "number"),
        Column(_("只在这种走法时做的事项"), "long"),
    ]
    rows = []
    for branch in found.branches:
        url = reverse("projects:risk-branch", args=[project.pk, branch.pk]) if editable else ""
        for way in branch.ways.all():
            steps = "、".join(f"{s.sequence}. {s.name}" for s in way.steps.all()) or "—"
            rows.append(Row([Cell(branch.name, url), way.name, f"{way.probability:g}%", steps]))
    return Table(_("概率分支"), columns, rows, identifier="branches-table", empty=_("还没有登记概率分支"))


def estimate_table(steps: Sequence[Step]) -> Table:
    """Steps that carry an estimate of their own."""
    columns = [
        Column(_("事项"), frozen=True),
        Column(_("计划工期"), "number"),
        Column(_("乐观工期"), "number"),
        Column(_("最可能工期"), "number"),
        Column(_("悲观工期"), "number"),
        Column(_("工期单位"), "nowrap"),
    ]
    rows = [
        Row(
            [
                f"{step.sequence}. {step.name}",
                str(step.duration),
                str(step.optimistic),
                str(step.most_likely),
                str(step.pessimistic),
                str(DurationUnit(step.duration_unit).label),
            ]
        )
        for step in steps
        if step.optimistic is not None
    ]
    empty = _("没有事项单独估计过，工期按历史和默认值变动")
    return Table(_("三点工期"), columns, rows, identifier="estimates-table", empty=empty)
