"""Staff pages: my day, one problem with everything that can be done to it, a report taken by staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongtu.domains.problems import actions, queries
from hongtu.domains.problems.forms import ReportForm
from hongtu.domains.problems.views.common import picture, problem_url, result_card, spot_of, status_of
from hongtu.domains.problems.views.offers import offers
from hongtu.domains.problems.vocab import Band
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get, objects
from hongtu.kernel.access.roles import Confidentiality
from hongtu.kernel.chains import neighbours
from hongtu.kernel.chains.models import Step
from hongtu.kernel.problems import actions as spine
from hongtu.kernel.problems import queries as spine_queries
from hongtu.kernel.problems import ranking
from hongtu.kernel.problems.actions import Contact
from hongtu.kernel.problems.cost_words import in_short
from hongtu.kernel.problems.costs import Cost
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.terms import now
from hongtu.kernel.problems.vocab import Source
from hongtu.ledger.costs import cost_table, days_cell
from hongtu.ledger.history import history
from hongtu.ledger.pages import attempt, form_status
from hongtu.ui.components import Cell, Column, Crumb, Entry, Pages, Row, Tab, Table

PER_PAGE = 50


def moment(at: Any, year: int) -> str:
    """`04-25 17:30` of this year, with the year otherwise."""
    local = timezone.localtime(at)
    return local.strftime("%m-%d %H:%M" if local.year == year else "%Y-%m-%d %H:%M")


def table(rows: list[Problem], *, source: bool = False, **more: Any) -> Table:
    """Problems as the queue and the drill-down show them; with `source`, how each came in."""
    at, costs = now(), ranking.costs_of(rows)
    columns = [
        Column(_("标题"), "long", frozen=True),
        Column(_("编号"), "nowrap"),
        Column(_("状态"), "nowrap"),
        Column(_("现在解决可省（工作日）"), "number"),
        Column(_("计时"), "nowrap"),
        Column(_("本环节时限"), "nowrap"),
        Column(_("办结时限"), "nowrap"),
        Column(_("当前责任单位")),
        Column(_("类别"), "nowrap"),
        Column(_("街道（镇）"), "nowrap"),
        *([Column(_("来源"), "nowrap")] if source else []),
    ]
    lines = [
        Row(
            [
                Cell(p.title, problem_url(p.pk)),
                p.number,
                Cell(p.get_state_display(), status=status_of(p, at)),
                days_cell(costs.get(p.pk)),
                p.get_clock_display() if p.clock else "",
                moment(p.clock_due_at, at.year) if p.clock_due_at else "",
                moment(p.due_at, at.year),
                str(p.owner_unit) if p.owner_unit else "",
                str(p.category) if p.category else "",
                str(p.subdistrict) if p.subdistrict else "",
                *([p.get_source_display()] if source else []),
            ],
            key=str(p.pk),
        )
        for p in rows
    ]
    return Table(more.pop("label", _("问题")), columns, lines, **more)


def page_number(request: PersonRequest) -> int:
    given = request.GET.get("page", "1")
    return max(1, int(given[:6])) if given.isascii() and given.isdigit() else 1


@guard("problems.read")
@require_GET
def my_day(request: PersonRequest) -> HttpResponse:
    """What waits for me and my unit, the most urgent first or what holds up most days; what I may decide.
    The number of queries does not grow with the rows."""
    at = now()
    spine.fresh_costs()
    counts = spine_queries.queue_counts(request.user, at)
    chosen = request.GET.get("band", "")
    rows = spine_queries.queue(request.user)
    if chosen in spine_queries.bands(at):
        rows = rows.filter(spine_queries.bands(at)[chosen])
        if chosen == Band.BLOCKING:
            rows = rows.order_by(*ranking.dearest("cost__"), "clock_due_at", "id")
    else:
        chosen = ""
    number = page_number(request)
    total = counts[chosen or "everything"]
    here = reverse("problems:my-day")
    tabs = [
        Tab(_("全部"), here, not chosen, counts["everything"]),
        *(
            Tab(_(band.label), f"{here}?band={band.value}", chosen == band.value, counts[band.value])
            for band in Band
        ),
    ]
    pages = Pages(number, total, PER_PAGE, {"band": chosen} if chosen else {})
    shown = table(
        list(rows[(number - 1) * PER_PAGE : number * PER_PAGE]),
        label=_("我的待办"),
        pages=pages,
        empty=_("没有待办，今天可以去现场看看。"),
        identifier="queue",
    )
    decisions = list(spine_queries.waiting_decisions(request.user)[:20])
    return render(
        request,
        "problems/my_day.html",
        {"tabs": tabs, "table": shown, "decisions": decisions, "late": counts["late"]},
    )


@guard("problems.read")
@require_GET
def detail(request: PersonRequest, pk: int) -> HttpResponse:
    """One problem: where it stands, what can be done, who waits, proof, result, what happened."""
    problem = spine_queries.problem(pk, request.user)
    if problem.step_id:
        spine.fresh_costs()
    cost = Cost.objects.filter(problem=problem).first()
    may_change = objects(Problem, by=request.user, to="change").filter(pk=pk).exists()
    may_triage = objects(Problem, by=request.user, to="triage").filter(pk=pk).exists()
    alike = spine_queries.alike(problem, request.user) if may_triage and problem.clock else []
    log = [
        Entry(line.at, line.get_move_display(), by=str(line.by or line.unit or ""), text=line.text)
        for line in problem.log.select_related("by", "unit").order_by("-id")[:100]
    ]
    return render(
        request,
        "problems/detail.html",
        {
            "problem": problem,
            "status": status_of(problem),
            "offers": offers(problem, request.user, may_change=may_change, may_triage=may_triage),
            "alike": alike,
            "cost": cost,
            "cost_words": in_short(cost) if cost else "",
            "cost_table": cost_table(cost, request.user) if cost else None,
            "chain_url": neighbours.url_of(problem.step.chain) if problem.step else "",
            "may_block": may_change and bool(problem.clock),
            "followers": list(queries.followers(problem)) if may_change or may_triage else [],
            "may_answer": may_triage and problem.state == "answering",
            "photos": queries.photos_of(problem),
            "may_publish": may_triage and problem.confidentiality == Confidentiality.PUBLIC,
            "card": result_card(problem),
            "decisions": list(problem.decisions.select_related("asked_by", "decided_by", "first_by")),
            "parts": list(problem.parts.all()),
            "merged": list(problem.merged.all()),
            "log": log,
            "history": history(problem, 20),
            "breadcrumbs": [
                Crumb(_("问题台账"), reverse("ledger:list", args=["problems"])),
                Crumb(problem.number),
            ],
        },
    )


@guard("problems.change")
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """A problem taken by staff: hotline, grid, on the spot, or (`?step=`) what holds up a step of a chain."""
    form = ReportForm(request.POST or None, request.FILES or None)
    step = get(Step, request.GET["step"], by=request.user) if request.GET.get("step", "").isdigit() else None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        position = given["position"]
        made = attempt(
            form,
            lambda: spine.report(
                by=request.user,
                source=Source.STEP if step else Source.GRID,
                step=step,
                title=given["description"].strip().splitlines()[0][:60],
                description=given["description"],
                category=given["category"],
                subdistrict=given["subdistrict"],
                address=given["address"],
                spot=spot_of(position),
                contact=Contact(given["name"], given["phone"]),
                photos=given["photos"],
            ),
        )
        if made:
            messages.success(request, _("已登记：%s") % made.problem.number)
            return HttpResponseRedirect(
                problem_url(made.problem.pk)
                if objects(Problem, by=request.user).filter(pk=made.problem.pk).exists()
                else reverse("problems:my-day")
            )
    return render(
        request,
        "problems/report.html",
        {"form": form, "parts": form.parts(), "staff": True, "step": step},
        status=form_status(form),
    )


@guard("problems.triage")
@require_POST
def publish(request: PersonRequest, pk: int) -> HttpResponse:
    """Show the photos that are ticked to the public, and no other."""
    problem = spine_queries.problem(pk, request.user, "triage")
    chosen = [int(key) for key in request.POST.getlist("photo") if key.isascii() and key.isdigit()]
    actions.publish_photos(by=request.user, problem=problem, photos=chosen)
    shown = problem.evidence.filter(public=True).count()
    messages.success(request, _("公开的照片：%d 张") % shown)
    return HttpResponseRedirect(problem_url(pk) + "#photos")


@guard("problems.read")
@require_GET
def photo(request: PersonRequest, pk: int) -> FileResponse:
    """A photo within her rights."""
    return picture(queries.photo(pk, request.user))
