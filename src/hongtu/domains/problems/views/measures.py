"""Response, solved, satisfied: always with both denominators, each number opening the rows it counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hongtu.domains.problems import queries
from hongtu.domains.problems.forms import MeasureFilter
from hongtu.domains.problems.views.staff import PER_PAGE, page_number, table
from hongtu.domains.problems.vocab import Measure
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.people.models import Unit
from hongtu.kernel.problems import measures
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.terms import now
from hongtu.kernel.profile.models import rule, today
from hongtu.ui.components import Cell, Column, Crumb, Pages, Row, Table
from hongtu.ui.formats import percent


def period(form: MeasureFilter) -> tuple[datetime, datetime, dict[str, Any]]:
    """The moments of the period and the narrowing; the last 120 days when nothing is said."""
    given = form.cleaned_data if form.is_valid() else {}
    end: date = given.get("end") or today()
    start: date = given.get("start") or end - timedelta(days=120)
    narrow = {name: given[name].pk for name in ("subdistrict", "category") if given.get(name)}
    narrow |= {"source": given["source"]} if given.get("source") else {}
    edges = [timezone.make_aware(datetime.combine(d, time())) for d in (start, end + timedelta(days=1))]
    return edges[0], edges[1], narrow


def _address(request: PersonRequest, name: str, **more: Any) -> str:
    kept = {k: v for k, v in request.GET.items() if k in MeasureFilter.base_fields and v}
    return reverse("problems:measure-rows") + "?" + urlencode({**kept, **more, "rows": name})


@guard("problems.read")
@require_GET
def page(request: PersonRequest) -> HttpResponse:
    """The rates of a period, by sub-district and by first responsible office."""
    form = MeasureFilter(request.GET or None)
    start, end, narrow = period(form)
    at = now()
    rows = queries.measured(request.user, start, end, **narrow)
    groups = measures.grouped(rows, at)
    counts = measures.summed(groups)
    rates = measures.rates_of(counts | measures.answers(rows))
    asides = [
        (_("上报"), counts["all"], _address(request, "all")),
        (_("办理中"), counts["open"], _address(request, "open")),
        (_("超过原时限未办结"), counts["overdue"], _address(request, "overdue")),
        (_("办结但未解决"), counts["not_solved"], _address(request, "not_solved")),
        (_("两级审核剔除"), counts["excluded"], _address(request, "excluded")),
        (_("重办过"), counts["redone"], _address(request, "redone")),
        (_("有过异议"), counts["disputed"], _address(request, "disputed")),
    ]
    score = measures.score(rates, rule("problems.measures"))
    return render(
        request,
        "problems/measures.html",
        {
            "filter": form,
            "start": start,
            "end": end - timedelta(days=1),
            "table": _rates_table(request, rates),
            "asides": asides,
            "score": None if score is None else f"{100 * score:.1f}",
            "weights": rule("problems.measures"),
            "by_subdistrict": _by(request, groups, "subdistrict", _("街道（镇）"), _("未填街道（镇）")),
            "by_office": _by(request, groups, "lead_unit", _("首接单位"), _("尚未交办")),
        },
    )


def _rates_table(request: PersonRequest, rates: Mapping[str, measures.Rate]) -> Table:
    lines = [
        Row(
            [
                _(measure.label),
                Cell(str(rate.counted), _address(request, rate.key)),
                Cell(str(rate.whole), _address(request, f"{rate.key}_whole")),
                percent(rate.of_whole),
                Cell(str(rate.narrow), _address(request, f"{rate.key}_narrow")),
                percent(rate.of_narrow),
                NARROW[measure](),
            ]
        )
        for measure in Measure
        for rate in [rates[measure.value]]
    ]
    columns = [
        Column(_("指标"), frozen=True),
        Column(_("达到"), "number"),
        Column(_("全部应计"), "number"),
        Column(_("占全部应计"), "number"),
        Column(_("剔除后应计"), "number"),
        Column(_("占剔除后"), "number"),
        Column(_("剔除了什么"), "long"),
    ]
    return Table(_("指标"), columns, lines, identifier="rates")


NARROW = {
    Measure.RESPONSE: lambda: _("两级审核认定的不合理诉求"),
    Measure.SOLVED: lambda: _("两级审核认定的不合理诉求"),
    Measure.IN_TIME: lambda: _("两级审核认定的不合理诉求"),
    Measure.SATISFIED: lambda: _("没有答复回访的反映人"),
}


def _by(request: PersonRequest, groups: list[dict[str, Any]], field: str, label: str, unknown: str) -> Table:
    """The same rates for each unit; not ranked by a rate, but by how much they had to do."""
    of: dict[int | None, list[dict[str, Any]]] = {}
    for group in groups:
        of.setdefault(group[field], []).append(group)
    units = Unit.objects.in_bulk([key for key in of if key])
    found = {key: measures.summed(rows) for key, rows in of.items()}
    columns = [
        Column(label, frozen=True),
        Column(_("上报"), "number"),
        Column(_("应办结"), "number"),
        Column(_("解决"), "number"),
        Column(_("解决率（全部）"), "number"),
        Column(_("解决率（剔除后）"), "number"),
        Column(_("按期解决率（全部）"), "number"),
        Column(_("响应率（全部）"), "number"),
        Column(_("超时未结"), "number"),
    ]
    lines = []
    for key, row in sorted(found.items(), key=lambda item: (-item[1]["all"], item[0] or 0)):
        rate = {k: (row[k], row[f"{k}_whole"], row[f"{k}_narrow"]) for k in ("solved", "in_time", "response")}
        more = {field: key} if key else {"without": field}
        lines.append(
            Row(
                [
                    units[key].name if key else unknown,
                    Cell(str(row["all"]), _address(request, "all", **more)),
                    Cell(str(rate["solved"][1]), _address(request, "solved_whole", **more)),
                    Cell(str(rate["solved"][0]), _address(request, "solved", **more)),
                    _share(rate["solved"][0], rate["solved"][1]),
                    _share(rate["solved"][0], rate["solved"][2]),
                    _share(rate["in_time"][0], rate["in_time"][1]),
                    _share(rate["response"][0], rate["response"][1]),
                    Cell(str(row["overdue"]), _address(request, "overdue", **more)),
                ]
            )
        )
    return Table(label, columns, lines, empty=_("这段时间没有上报"), identifier=f"by-{field}")


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "—"


@guard("problems.read")
@require_GET
def rows(request: PersonRequest) -> HttpResponse:
    """The rows behind one number."""
    form = MeasureFilter(request.GET or None)
    start, end, narrow = period(form)
    lead = request.GET.get("lead_unit", "")
    if lead.isascii() and lead.isdigit() and len(lead) < 12:
        narrow["lead_unit"] = int(lead)
    if request.GET.get("without") in ("subdistrict", "lead_unit"):
        narrow[request.GET["without"] + "__isnull"] = True
    name = request.GET.get("rows", "all")
    measured = queries.measured(request.user, start, end, **narrow)
    try:
        found = queries.drill(measured, name, now())
    except KeyError:
        raise Http404(_("没有这个数字。")) from None
    number = page_number(request)
    kept = {k: v for k, v in request.GET.items() if v}
    pages = Pages(number, found.count(), PER_PAGE, kept)
    listed: list[Problem] = list(
        found.order_by("-reported_at", "-id")[(number - 1) * PER_PAGE : number * PER_PAGE]
    )
    shown = table(
        listed, pages=pages, empty=_("没有符合条件的事项"), identifier="rows", label=_("明细"), source=True
    )
    crumbs = [Crumb(_("响应、解决、满意"), reverse("problems:measures")), Crumb(_("明细"))]
    return render(
        request,
        "problems/rows.html",
        {
            "table": shown,
            "breadcrumbs": crumbs,
            "total": pages.total,
            "reporters": queries.reporters_behind(measured, name),
        },
    )
