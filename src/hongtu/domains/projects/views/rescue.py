"""The rescue board: when a promise cannot hold, what could be done, what it costs, what it brings."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.models import Project
from hongtu.domains.projects.queries import rescue as reads
from hongtu.domains.projects.rules.rescue import Candidate, corrected
from hongtu.domains.projects.views.common import crumbs
from hongtu.engines.schedule.rescue import Alternative, Effect
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import objects
from hongtu.kernel.base.errors import HongtuError
from hongtu.ui.charts import Chart
from hongtu.ui.charts_tradeoff import Choice, tradeoff
from hongtu.ui.formats import grouped

_KINDS = {
    "crash": lambda: _("增加班组或班次"),
    "overlap": lambda: _("提前搭接"),
    "commitment": lambda: _("告知承诺"),
    "parallel": lambda: _("并联审批"),
    "resequence": lambda: _("取消先后次序"),
}
_COSTS = {"crash": lambda: _("元/天")}


def _board(project: Project) -> reads.Board:
    chain = queries.chain_of(project)
    if chain is None:
        raise Http404(_("该项目还没有年度链条。"))
    return reads.board(project, chain)


def _chosen(board: reads.Board, given: QueryDict) -> list[Candidate]:
    """The moves as filled in; untouched on the first visit."""
    return (
        corrected(board.offered, {k: v for k, v in given.items() if isinstance(v, str)})
        if any(name.startswith("cost-") for name in given)
        else board.offered
    )


def _wanted(board: reads.Board, given: QueryDict) -> date:
    try:
        return date.fromisoformat(given.get("wanted", ""))
    except ValueError:
        return board.chain.promised


@guard("projects.read")
@require_GET
def rescue(request: PersonRequest, pk: int) -> HttpResponse:
    """Moves to correct, and the sets of moves between cost and date."""
    project = queries.project(pk, request.user)
    board = _board(project)
    chosen, wanted = _chosen(board, request.GET), _wanted(board, request.GET)
    found, refusal = None, ""
    try:
        found = reads.alternatives(board, chosen, wanted)
    except HongtuError as error:
        refusal = error.message
    forecast = max(s.actual_finish or s.forecast_finish or s.planned_finish for s in board.steps)
    editable = objects(Project, by=request.user, to="change").filter(pk=project.pk).exists()
    cheapest = found.cheapest if found else None
    rows = [_alternative(a, board, a is cheapest) for a in found.alternatives] if found else []
    context = {
        "project": project,
        "chain": board.chain,
        "wanted": wanted,
        "forecast": forecast,
        "holds": forecast <= wanted,
        "moves": [_move(move, board) for move in chosen],
        "refusal": refusal,
        "found": found,
        "alternatives": rows,
        "tradeoff": _tradeoff(rows, forecast, wanted) if rows else None,
        "impossible": found is not None and cheapest is None and forecast > wanted,
        "editable": editable,
        "query": request.GET.urlencode(),
        "state": board.state,
        "breadcrumbs": crumbs(project, _("抢工方案")),
    }
    return render(request, "projects/rescue.html", context)


def _move(move: Candidate, board: reads.Board) -> dict[str, Any]:
    steps = board.by_key
    return {
        "key": move.key,
        "kind": _KINDS[move.kind](),
        "where": _between(steps, move.step, move.other),
        "days": move.days,
        "cost": move.cost,
        "unit": _COSTS.get(move.kind, lambda: _("元"))(),
        "use": move.use,
    }


def _between(steps: dict[int, Any], one: int, other: int = 0) -> str:
    first = f"{steps[one].sequence}. {steps[one].name}"
    return f"{first} → {steps[other].sequence}. {steps[other].name}" if other else first


def _alternative(found: Alternative, board: reads.Board, cheapest: bool) -> dict[str, Any]:
    return {
        "label": reads.label(found),
        "cost": grouped(found.cost),
        "yuan": round(found.cost),
        "finish": _day(found).isoformat(),
        "gained": round(found.gained_days),
        "keeps": found.keeps_promise,
        "cheapest": cheapest,
        "effects": [_effect(effect, board) for effect in found.effects],
    }


def _tradeoff(rows: list[dict[str, Any]], forecast: date, wanted: date) -> Chart:
    """Cost against date: nothing done, then each alternative that ends earlier than all cheaper ones."""
    choices = [Choice(_("不采取办法"), 0, forecast, forecast <= wanted)]
    for number, row in enumerate(rows, 1):
        finish = date.fromisoformat(row["finish"])
        if finish < choices[-1].finish:
            choices.append(Choice(_("方案%d") % number, row["yuan"], finish, bool(row["keeps"])))
    return tradeoff(_("费用与完成日期"), choices, wanted, identifier="rescue-tradeoff")


def _day(found: Alternative) -> date:
    """The day shown: a finish at midnight is the day before."""
    moment = found.finish
    if (moment.hour, moment.minute) == (0, 0):
        return date.fromordinal(moment.date().toordinal() - 1)
    return moment.date()


def _effect(effect: Effect, board: reads.Board) -> dict[str, Any]:
    move = effect.move
    if move.activity is not None:
        where = _between(board.by_key, int(move.activity))
    else:
        where = _between(board.by_key, *(int(end) for end in move.drop[0]))
    return {
        "kind": _KINDS[move.kind.value](),
        "where": where,
        "shorter": round(effect.level * move.days_per_level),
        "cost": grouped(effect.cost),
        "days": round(effect.days),
        "agreed_by": move.agreed_by,
    }


@guard("projects.change")
@require_POST
def rescue_apply(request: PersonRequest, pk: int) -> HttpResponse:
    """Carry out the alternative that was chosen, if the chain is still the one that was looked at."""
    project = queries.project(pk, request.user, to="change")
    board = _board(project)
    given = QueryDict(request.POST.get("query", ""))
    back = reverse("projects:rescue", args=[project.pk]) + f"?{given.urlencode()}"
    try:
        label = request.POST.get("alternative", "")
        match = reads.alternative_of(board, _chosen(board, given), _wanted(board, given), label)
        if match is None or request.POST.get("state") != board.state:
            messages.error(request, _("链条已有变化，请重新选择方案。"))
            return HttpResponseRedirect(back)
        actions.rescue_chain(
            by=request.user,
            record=project,
            board=board,
            alternative=match,
            reason=request.POST.get("reason", ""),
        )
    except HongtuError as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(back)
    messages.success(request, _("已按所选方案调整链条，原计划已存为基准计划。"))
    return HttpResponseRedirect(reverse("projects:chain", args=[project.pk]))
