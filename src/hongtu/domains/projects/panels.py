"""The parts of a project's page that a declaration alone cannot draw."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongtu.domains.projects import queries, rules
from hongtu.domains.projects.models import Project
from hongtu.kernel.access.policies import objects
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains.models import Baseline, Chain, Step
from hongtu.kernel.chains.vocab import Light, Line
from hongtu.kernel.profile.models import district, rule, today
from hongtu.ledger.panels import Panel
from hongtu.ui import charts
from hongtu.ui.chain_svg import Chain as ChainRow
from hongtu.ui.chain_svg import ChainChart, Timescale
from hongtu.ui.chain_svg import Step as Bar
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.formats import isodate, lateness, wan
from hongtu.ui.maps import MapView, Place
from hongtu.ui.status import Status

Ghosts = Mapping[int, tuple[date, date]]
"""Where a baseline had each step."""


def ghosts(baseline: Baseline | None) -> Ghosts:
    """The planned dates of a baseline by step."""
    rows = baseline.steps if baseline else ()
    return {
        row["id"]: (date.fromisoformat(row["planned_start"]), date.fromisoformat(row["planned_finish"]))
        for row in rows
    }


def bars(
    steps: Iterable[Any], *, movable: bool = False, reasons: bool = False, before: Ghosts | None = None
) -> list[Bar]:
    """Chain steps as bars: what happened, else what is forecast; the plan below where it differs.

    `movable`: unfinished steps can be dragged; what is dragged then is the plan. `reasons`: a bar leads
    to the page that says why it lies where it does. `before`: dates of the baseline, shown where they differ.
    """
    drawn = []
    for step in steps:
        start = step.actual_start or step.forecast_start or step.planned_start
        finish = step.actual_finish or step.forecast_finish or step.planned_finish
        late = lateness(step.days_late) if step.days_late else ""
        drawn.append(
            Bar(
                step.name,
                start,
                max(start, finish),
                Status(step.light),
                step.planned_start,
                step.planned_finish,
                step.critical,
                late,
                url=reverse("projects:why", args=[step.pk]) if reasons else "",
                key=str(step.pk),
                movable=movable and step.actual_finish is None,
                ghost=ghost if (ghost := (before or {}).get(step.pk)) != (start, finish) else None,
            )
        )
    return drawn


def step_table(steps: Sequence[Step], chain: Chain) -> Table:
    """The chain as rows: plan, forecast, latest, float in working days, whose days, light."""
    columns = [
        Column(_("事项"), frozen=True),
        Column(_("环节"), "nowrap"),
        Column(_("责任单位")),
        Column(_("谁的时间"), "nowrap"),
        Column(_("计划开始"), "date"),
        Column(_("计划完成"), "date"),
        Column(_("最迟开始"), "date"),
        Column(_("预计完成"), "date"),
        Column(_("实际完成"), "date"),
        Column(_("时差（工作日）"), "number"),
        Column(_("亮灯"), "nowrap"),
    ]
    rows = [
        Row(
            [
                f"{s.sequence}. {s.name}{'★' if s.critical else ''}",
                s.get_segment_display(),
                s.unit.name,
                s.get_whose_display(),
                isodate(s.planned_start),
                isodate(s.planned_finish),
                "—" if s.actual_start else isodate(s.latest_start),
                Cell(isodate(s.forecast_finish), reverse("projects:why", args=[s.pk])),
                isodate(s.actual_finish),
                "—" if s.actual_finish or s.total_float is None else str(s.total_float),
                Cell(lateness(s.days_late) if s.days_late else "", status=Status(s.light)),
            ],
            key=str(s.pk),
        )
        for s in steps
    ]
    return Table(chain.title, columns, rows, identifier="chain-steps", empty=_("还没有链条事项"))


class ChainPanel(Panel):
    """The annual chain: promise, chart, table, what is already too late and whose days it costs."""

    title = gettext_lazy("年度推进工作链条图")
    key = "chain"
    template = "projects/parts/chain.html"
    scripts = ("charts",)

    def context(self, record: Any, request: Any, ledger: Any, *, movable: bool = False) -> dict[str, Any]:
        chain = queries.chain_of(record)
        if chain is None:
            return {"chain": None}
        steps = list(chain.steps.select_related("unit", "person").order_by("sequence"))
        now, calendar = today(), working_calendar()
        first = min([s.planned_start for s in steps], default=chain.start)
        last = max([s.forecast_finish or s.planned_finish for s in steps], default=chain.promised)
        scale = Timescale(min(first, chain.start), max(last, chain.promised), now)
        editable = objects(Project, by=request.user, to="change").filter(pk=record.pk).exists()
        baseline = queries.baselines(chain).first()
        drawn = bars(steps, movable=movable and editable, reasons=True, before=ghosts(baseline))
        rows = [_chain_row(step, bar, editable) for step, bar in zip(steps, drawn, strict=True)]
        late = [
            s
            for s in steps
            if not s.actual_finish and s.latest_start and s.latest_start < now and not s.actual_start
        ]
        forecast = max([s.forecast_finish for s in steps if s.forecast_finish], default=None)
        slack = calendar.count(forecast, chain.promised) if forecast else None
        return {
            "chain": chain,
            "chart": ChainChart(
                self.title,
                rows,
                scale,
                columns=[_("责任单位")],
                name_heading=_("事项"),
                identifier="project-chain",
                table_url="#chain-steps",
                move_dialog="move-step" if movable and editable else "",
                ghost_words=_("虚框：基准计划“%s”") % baseline.name if baseline else "",
            ),
            "table": step_table(steps, chain),
            "forecast": forecast,
            "slack": slack,
            "slack_words": lateness(-slack) if slack is not None and slack < 0 else "",
            "too_late": [(s, calendar.count(s.latest_start, now)) for s in late if s.latest_start],
            "estimate": calendar.is_estimate(chain.promised, scale.end),
            "editable": editable,
        }


def _chain_row(step: Step, bar: Bar, editable: bool) -> ChainRow:
    """A row of the chart: the name leads to the form of the step where she may change it."""
    return ChainRow(
        f"{step.sequence}. {step.name}",
        [bar],
        [step.unit.name],
        Status(step.light),
        lateness(step.days_late) if step.days_late else "",
        reverse("projects:step", args=[step.pk]) if editable else "",
        str(step.pk),
    )


class LinesPanel(Panel):
    """The four lines of a project's life side by side."""

    title = gettext_lazy("四条主线")
    key = "lines"
    template = "projects/parts/lines.html"

    def context(self, record: Any, request: Any, ledger: Any) -> dict[str, Any]:
        chain = queries.chain_of(record)
        steps = list(chain.steps.order_by("sequence")) if chain else []
        lines = [
            (line.label, [(s, Status(s.light).value) for s in steps if s.line == line.value]) for line in Line
        ]
        return {"lines": lines}


class LightsPanel(Panel):
    """The light, its three parts, why, and lights set by hand."""

    title = gettext_lazy("亮灯")
    key = "lights"
    template = "projects/parts/lights.html"

    def context(self, record: Any, request: Any, ledger: Any) -> dict[str, Any]:
        parts = (
            (_("总灯"), record.light),
            (_("节点灯"), record.node_light),
            (_("投资灯"), record.investment_light),
            (_("填报灯"), record.report_light),
        )
        changes = [
            (c, Status(c.light).value)
            for c in record.light_changes.select_related("asked_by", "decided_by")[:10]
        ]
        return {
            "parts": [(label, Status(light).value) for label, light in parts],
            "changes": changes,
            "lights": Light.choices,
            "rules": rule("projects.lights"),
        }


class MoneyPanel(Panel):
    """Plan and done by month: a curve and its table."""

    title = gettext_lazy("投资：计划与完成")
    key = "money"
    template = "projects/parts/money.html"
    scripts = ("charts",)

    def context(self, record: Any, request: Any, ledger: Any) -> dict[str, Any]:
        now = today()
        months = queries.months(record, now.year)
        closed_year, closed = rules.last_closed_month(now)
        names = [_("%(month)d月") % {"month": m.month} for m in months]
        planned = _running([float(m.plan) for m in months])
        done = _running([float(m.done) for m in months])
        shown = [d if closed_year == now.year and n <= closed else None for n, d in enumerate(done, 1)]
        chart = charts.s_curve(
            _("投资：计划与完成"),
            names,
            planned,
            shown,
            identifier="project-money",
            unit=_("万元"),
            today=names[now.month - 1],
        )
        rows = [Row([n, wan(m.plan), wan(m.done)]) for n, m in zip(names, months, strict=True)]
        columns = [Column(_("月份")), Column(_("当月计划"), "number"), Column(_("当月完成"), "number")]
        totals = [_("合计"), wan(sum(m.plan for m in months)), wan(sum(m.done for m in months))]
        table = Table(
            _("各月投资"), columns, rows, totals=totals, unit=_("万元"), identifier="project-months"
        )
        return {"chart": chart, "table": table, "year": now.year}


def _running(values: Sequence[float]) -> list[float]:
    total, found = 0.0, []
    for value in values:
        total += value
        found.append(round(total, 2))
    return found


class MapPanel(Panel):
    """Where it is."""

    title = gettext_lazy("位置")
    key = "map"
    template = "projects/parts/map.html"
    scripts = ("map",)

    def shown(self, record: Any, request: Any, ledger: Any) -> bool:
        return record.place_id is not None

    def context(self, record: Any, request: Any, ledger: Any) -> dict[str, Any]:
        found = district()
        outline = (found.outline.get("features") or [None])[0] if found else None
        site = Place(record.name, record.place.geometry, Status(record.light), str(record.light_reason))
        return {"map": MapView(_("位置"), [site], outline, identifier="project-map")}


class ReportsPanel(Panel):
    """Monthly reports: filled in, submitted, approved or returned."""

    title = gettext_lazy("进展报告")
    key = "reports"
    template = "projects/parts/reports.html"

    def context(self, record: Any, request: Any, ledger: Any) -> dict[str, Any]:
        reports = record.reports.select_related("filled_by", "approved_by")[:12]
        year, month = rules.last_closed_month(today())
        return {"reports": reports, "period": f"{year}-{month:02}"}


class EvidencePanel(Panel):
    """Photos and documents that prove steps and reports."""

    title = gettext_lazy("佐证")
    key = "evidence"
    template = "projects/parts/evidence.html"

    def context(self, record: Any, request: Any, ledger: Any) -> dict[str, Any]:
        return {"evidence": record.evidence.select_related("step", "by")[:40]}
