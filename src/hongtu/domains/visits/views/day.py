"""A leader's day: spots in order, on a map, with what is due nearby."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hongtu.domains.visits import actions, queries, rules
from hongtu.domains.visits.forms import AddDueForm, DayForm
from hongtu.domains.visits.models import Visit
from hongtu.domains.visits.views.common import STATUS_OF_VISIT, crumbs, day_url, visit_url
from hongtu.domains.visits.vocab import VisitState
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import district, today
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Cell, Column, Crumb, Row, Table
from hongtu.ui.maps import MapView, Place
from hongtu.ui.status import Status


def _chosen(request: PersonRequest) -> tuple[DayForm, Person | None, date]:
    leaders = queries.leaders()
    first = leaders.filter(pk=request.user.pk).first() or leaders.first()
    data = request.GET if request.GET.get("leader") else {"leader": first.pk if first else "", "on": today()}
    form = DayForm(data, leaders=leaders)
    if form.is_valid():
        return form, form.cleaned_data["leader"], form.cleaned_data["on"]
    return form, None, today()


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24}:{minute % 60:02d}"


def _appointment(visit: Visit) -> str:
    """Between when she is expected."""
    if visit.not_before is None and visit.not_after is None:
        return ""
    ends = [f"{moment:%H:%M}" if moment else "" for moment in (visit.not_before, visit.not_after)]
    return "–".join(ends)


def _table(visits: list[Visit], way: rules.Way) -> Table:
    """The day in its order; `way`: the visits that have a position, as they are numbered."""
    columns = [
        Column(_("顺序"), "number"),
        Column(_("走访对象"), frozen=True),
        Column(_("预计到达"), "nowrap"),
        Column(_("约定时间"), "nowrap"),
        Column(_("停留（分钟）"), "number"),
        Column(_("距上一站（公里）"), "number"),
        Column(_("责任单位或属地")),
        Column(_("状态"), "nowrap"),
    ]
    rows, before, arrivals = [], None, iter(way.arrivals)
    for number, visit in enumerate(visits, 1):
        here = visit.place.point if visit.place else None
        leg = f"{rules.distance(before, here):.1f}" if before and here else ""
        before = here or before
        rows.append(
            Row(
                [
                    str(number),
                    Cell(visit.name, visit_url(visit)),
                    _arrival(visit, next(arrivals)) if here else "—",
                    _appointment(visit),
                    str(visit.minutes),
                    leg,
                    str(visit.unit),
                    visit.get_state_display(),
                ]
            )
        )
    return Table(_("当日行程"), columns, rows, empty=_("这一天还没有安排"), identifier="route")


def _arrival(visit: Visit, minute: int) -> Cell:
    """When she gets there; after the appointment, with by how much."""
    closes = visit.not_after
    late = minute - (closes.hour * 60 + closes.minute) if closes else 0
    if late <= 0:
        return Cell(_clock(minute))
    text = _("%(time)s，晚 %(late)d 分钟") % {"time": _clock(minute), "late": late}
    return Cell(text, status=Status.LATE)


def _map(visits: list[Visit]) -> MapView:
    spots = [
        Place(
            f"{number}. {visit.name}",
            visit.place.geometry,
            STATUS_OF_VISIT[VisitState(visit.state)],
            visit.get_kind_display(),
            visit_url(visit),
            str(number),
        )
        for number, visit in enumerate(visits, 1)
        if visit.place
    ]
    points = [v.place.point for v in visits if v.place]
    if len(points) > 1:
        line: dict[str, Any] = {"type": "LineString", "coordinates": [list(p) for p in points]}
        spots.append(Place(_("行程（直线）"), line))
    found = district()
    outline = (found.outline.get("features") or [None])[0] if found else None
    return MapView(_("当日路线图"), spots, outline, identifier="day-map", table_url="#route", numbered=True)


@guard("visits.read")
def day(request: PersonRequest) -> HttpResponse:
    """The plan of one leader's day."""
    form, leader, on = _chosen(request)
    visits = queries.day(leader, on, request.user) if leader else []
    stops, pace = queries.stops(visits), queries.pace()
    present, best = rules.timetable(stops, range(len(stops)), pace), rules.route(stops, pace)
    due = queries.due_not_planned(leader, on, request.user) if leader else None
    context = {
        "form": form,
        "leader": leader,
        "on": on,
        "table": _table(visits, present),
        "map": _map(visits) if stops else None,
        "kilometres": present.kilometres,
        "shortest": best.kilometres,
        "late": present.late,
        "least_late": best.late,
        "ordered": (present.late, round(present.kilometres, 3)) <= (best.late, round(best.kilometres, 3)),
        "returns": _clock(present.arrivals[-1] + stops[-1].stay) if stops else "",
        "count": len(visits),
        "add": AddDueForm(due=due) if due is not None and due.exists() else None,
        "may_change": can(request.user, "visits.change"),
        "breadcrumbs": crumbs(Crumb(_("当日行程"))),
    }
    return render(request, "visits/day.html", context)


@guard("visits.change")
@require_POST
def day_order(request: PersonRequest) -> HttpResponse:
    """Put the day's spots in the order of a short route."""
    _form, leader, on = _chosen(request)
    if leader is None:
        return done(request, _("请先选择区领导和日期"), day_url(request.user.pk, on))
    visits = queries.day(leader, on, request.user)
    saved = actions.order_day(by=request.user, visits=visits)
    text = _("已按最短行程排序，少走 %(km).1f 公里") % {"km": saved}
    return done(request, text, day_url(leader.pk, on))


@guard("visits.change")
@require_POST
def day_add(request: PersonRequest) -> HttpResponse:
    """Put assigned projects that are due on the day."""
    _form, leader, on = _chosen(request)
    if leader is None:
        return done(request, _("请先选择区领导和日期"), day_url(request.user.pk, on))
    form = AddDueForm(request.POST, due=queries.due_not_planned(leader, on, request.user))
    if form.is_valid():
        made = attempt(
            form,
            lambda: actions.add_due(by=request.user, pairings=list(form.cleaned_data["pairings"]), on=on),
        )
        if made:
            text = _("已加入 %(count)d 个走访") % {"count": len(made)}
            return done(request, text, day_url(leader.pk, on))
    return done(request, _("请至少选择一个挂点项目"), day_url(leader.pk, on))
