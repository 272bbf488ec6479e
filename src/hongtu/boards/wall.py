"""What the wall shows, in a number of queries that does not grow with the district."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Sum, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongtu.boards import dangers, week
from hongtu.domains.projects import queries as projects
from hongtu.domains.projects import rules, vocab
from hongtu.domains.projects.panels import bars
from hongtu.domains.projects.queries import risk as risk_reads
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems.actions import fresh_costs
from hongtu.kernel.profile.models import District
from hongtu.ui import charts
from hongtu.ui.chain_svg import Chain as ChainRow
from hongtu.ui.chain_svg import ChainChart, Timescale
from hongtu.ui.components import Cell, Column, Figure, Row, Table
from hongtu.ui.formats import grouped, lateness, percent, yi
from hongtu.ui.maps import MapView
from hongtu.ui.maps import Place as Site
from hongtu.ui.status import Status

MOST_CHAINS = 120
MOST_SITES = 400
MOST_RISKS = 8

# The worst first: what a leader must see is on top.
SEVERITY = Case(
    *(When(light=light, then=Value(n)) for n, light in enumerate(("late", "warning", "normal", "not_due"))),
    default=Value(9),
    output_field=IntegerField(),
)
_BRIEF = (
    "pk",
    "name",
    "light",
    "light_reason",
    "days_late",
    "kind",
    "annual_plan",
    "done_this_year",
    "responsible_unit__name",
    "leader__name",
    "place__longitude",
    "place__latitude",
    "place__geometry",
)


@dataclass(frozen=True)
class Wall:
    """Everything on the wall, ready for the template."""

    figures: list[Figure]
    lights: list[tuple[Status, int, str]]
    sites: MapView
    sites_left_out: int
    chains: ChainChart
    chains_left_out: int
    due: Table
    due_count: int
    due_url: str
    changed: Table
    fields: charts.Chart
    curve: charts.Chart
    dangers: Table
    risks: Table
    risk_words: str


def ledger_url(query: str = "", **extra: Any) -> str:
    """The ledger's list with the wall's own filter, so that a figure opens the rows it counts."""
    parts = [part for part in (query, urlencode(extra)) if part]
    return reverse("ledger:list", args=["projects"]) + ("?" + "&".join(parts) if parts else "")


def steps_url(query: str = "", **extra: Any) -> str:
    """The list of chain steps under the wall's own filter."""
    return reverse("boards:steps") + "?" + "&".join(part for part in (query, urlencode(extra)) if part)


def build(by: Person, condition: Q, query: str, district: District | None, today: date) -> Wall:
    """Collect the wall for one reader and filter. `query` is the filter as it stands in the address."""
    fresh_costs()
    rows = projects.projects(by).filter(condition).order_by()
    keys = rows.values("pk")
    figures, lights = _figures(rows, keys, query, today)
    sites, more_sites = _sites(rows, district, query)
    chains, more_chains = _chains(rows, today)
    due, due_count = week.due(keys, today)
    return Wall(
        figures=figures,
        lights=lights,
        sites=sites,
        sites_left_out=more_sites,
        chains=chains,
        chains_left_out=more_chains,
        due=due,
        due_count=due_count,
        due_url=steps_url(query, state="soon"),
        changed=week.changed(keys, today),
        fields=_fields(rows, query),
        curve=_curve(keys, today),
        dangers=dangers.table(dangers.dear_blocks(by, keys)),
        risks=_risks(keys, today),
        risk_words=_risk_words(keys, today),
    )


def _figures(
    rows: QuerySet[Any], keys: QuerySet[Any], query: str, today: date
) -> tuple[list[Figure], list[tuple[Status, int, str]]]:
    found = projects.sums(keys, today=today)
    share = percent(found["on_time_rate"]) if found["on_time_rate"] is not None else "—"
    done = found["done_this_year_wan"] / found["annual_plan_wan"] if found["annual_plan_wan"] else None
    figures = [
        Figure(
            _("重大项目"), grouped(found["projects"]), pgettext("measure word", "个"), url=ledger_url(query)
        ),
        Figure(
            _("总投资"),
            yi(found["total_investment_wan"]),
            _("亿元"),
            url=ledger_url(query, sort="-total_investment"),
        ),
        Figure(
            _("年度计划投资"),
            yi(found["annual_plan_wan"]),
            _("亿元"),
            url=ledger_url(query, sort="-annual_plan"),
        ),
        Figure(
            _("本年完成投资"),
            yi(found["done_this_year_wan"]),
            _("亿元"),
            note=_("完成年度计划的%s") % percent(done) if done is not None else "",
            url=ledger_url(query, sort="-done_this_year"),
        ),
        Figure(
            _("链条事项按期率"),
            share,
            note=_("%(kept)s / %(due)s 项到期")
            % {"kept": grouped(found["steps_kept"]), "due": grouped(found["steps_due"])},
            url=steps_url(query, state="due"),
        ),
    ]
    counts = dict(rows.values_list("light").annotate(n=Count("pk")))
    lights = [
        (status, counts.get(status.value, 0), ledger_url(query, light=status.value))
        for status in Status
        if counts.get(status.value)
    ]
    return figures, lights


def _sites(rows: QuerySet[Any], district: District | None, query: str) -> tuple[MapView, int]:
    placed = rows.filter(place__isnull=False)
    total = placed.count()
    worst = (
        placed.annotate(severity=SEVERITY).order_by("severity", "-annual_plan").values(*_BRIEF)[:MOST_SITES]
    )
    sites = [
        Site(
            p["name"],
            p["place__geometry"],
            Status(p["light"]),
            str(p["light_reason"]),
            week.project_url(p["pk"]),
            str(p["pk"]),
        )
        for p in worst
    ]
    outline = (district.outline.get("features") or [None])[0] if district else None
    view = MapView(
        _("项目位置图"), sites, outline, identifier="wall-map", tall=True, table_url=ledger_url(query)
    )
    return view, max(0, total - len(sites))


def _chains(rows: QuerySet[Any], today: date) -> tuple[ChainChart, int]:
    keyed = rows.filter(key_project=True)
    total = keyed.count()
    worst = list(
        keyed.annotate(severity=SEVERITY).order_by("severity", "sequence").values(*_BRIEF)[:MOST_CHAINS]
    )
    steps = projects.bars_of([p["pk"] for p in worst], today.year)
    lines = [
        ChainRow(
            p["name"],
            bars(steps[p["pk"]]),
            [p["responsible_unit__name"]],
            Status(p["light"]),
            lateness(p["days_late"]) if p["days_late"] else "",
            week.project_url(p["pk"]),
            str(p["pk"]),
        )
        for p in worst
        if p["pk"] in steps
    ]
    chart = ChainChart(
        _("年度推进工作链条图"),
        lines,
        Timescale.year(today.year, today),
        columns=[_("责任单位")],
        name_heading=_("项目名称"),
        table_url=reverse("boards:steps"),
        identifier="wall-chains",
    )
    return chart, max(0, total - len(worst))


def _risks(keys: QuerySet[Any], today: date) -> Table:
    """The projects most at risk of missing their promise, as the last analysis stored them."""
    rows = [
        Row(
            [
                Cell(r.chain.title, reverse("projects:risk", args=[r.chain.subject_key])),
                Cell(percent(r.chance, 0), status=chance_status(r.chance)),
                r.promised.isoformat(),
                r.p80.isoformat(),
                grouped(r.money_delayed),
            ]
        )
        for r in risk_reads.risks(keys, today.year)[:MOST_RISKS]
    ]
    columns = [
        Column(_("项目"), frozen=True),
        Column(_("按期概率"), "nowrap"),
        Column(_("承诺日期"), "date"),
        Column(_("P80完成日期"), "date"),
        Column(_("推迟到下年的投资（万元）"), "number"),
    ]
    return Table(_("最可能失约的项目"), columns, rows, identifier="wall-risks", empty=_("还没有风险分析结果"))


def chance_status(chance: float) -> Status:
    """Four in five is sound; a risk is a warning, not yet lateness."""
    return Status.NORMAL if chance >= 0.8 else Status.WARNING


def _risk_words(keys: QuerySet[Any], today: date) -> str:
    """How many promises will be kept in the mean, and the money that P80 dates push into the next year."""
    found = (
        risk_reads.risks(keys, today.year)
        .order_by()
        .aggregate(n=Count("pk"), kept=Sum("chance"), money=Sum("money_delayed"), on=Max("computed_on"))
    )
    if not found["n"]:
        return ""
    return _("%(n)s个有链条的项目，预计%(kept)s个按期；按P80推迟到下年的投资%(money)s亿元；计算于%(on)s") % {
        "n": grouped(found["n"]),
        "kept": grouped(found["kept"], 1),
        "money": yi(found["money"]),
        "on": found["on"].isoformat(),
    }


def _fields(rows: QuerySet[Any], query: str) -> charts.Chart:
    found: Mapping[str, Any] = {
        r["kind"]: r
        for r in rows.values("kind").annotate(plan=Sum("annual_plan"), done=Sum("done_this_year"))
    }
    kinds = [k for k in vocab.Kind if k.value in found and found[k.value]["plan"]]
    series = charts.Series(
        _("年度计划完成率"),
        [float(found[k.value]["done"] / found[k.value]["plan"]) for k in kinds],
        urls=[ledger_url(query, kind=k.value) for k in kinds],
    )
    return charts.bar(
        _("各领域年度投资完成率"),
        [_(k.label) for k in kinds],
        [series],
        identifier="fields",
        horizontal=True,
        share=True,
    )


def _curve(keys: QuerySet[Any], today: date) -> charts.Chart:
    months = projects.investment_by_month(today.year, keys)
    closed_year, closed = rules.last_closed_month(today)
    planned, done, sum_plan, sum_done = [], [], 0.0, 0.0
    for month in range(1, 13):
        sum_plan += float(months[month][0])
        sum_done += float(months[month][1])
        planned.append(round(sum_plan))
        done.append(round(sum_done) if closed_year == today.year and month <= closed else None)
    names = [_("%(month)d月") % {"month": m} for m in range(1, 13)]
    return charts.s_curve(
        _("年度投资计划与完成"),
        names,
        planned,
        done,
        identifier="curve",
        unit=_("万元"),
        today=names[today.month - 1],
    )
