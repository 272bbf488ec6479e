"""What families asked for: the list, and one of them until its result is confirmed."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hongtu.domains.family_visits import actions, queries
from hongtu.domains.family_visits.forms import ConfirmForm, SettleForm
from hongtu.domains.family_visits.models import Need
from hongtu.domains.family_visits.views.common import STATUS_OF_NEED, crumbs, lines, show
from hongtu.domains.family_visits.views.home import name_of
from hongtu.domains.family_visits.vocab import NeedState, Page
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Cell, Column, Crumb, Row, Table
from hongtu.ui.status import Status


def _status(need: Need) -> Status:
    if need.state != NeedState.CLOSED and need.due_on < today():
        return Status.LATE
    return STATUS_OF_NEED[NeedState(need.state)]


@guard("family_visits.read")
@require_GET
def needs(request: PersonRequest) -> HttpResponse:
    """Everything asked for that she may see."""
    found = queries.needs(request.user)
    columns = [
        Column(_("家属提出什么"), "long", frozen=True),
        Column(_("状态"), "nowrap"),
        Column(_("答复期限"), "date"),
        Column(_("负责办理"), "nowrap"),
        Column(_("结果"), "nowrap"),
        Column(_("退回次数"), "number"),
    ]
    rows = [
        Row(
            [
                Cell(
                    queries.opened(n).get("asked") or name_of({"unreadable": True}),
                    reverse("family_visits:need", args=[n.pk]),
                ),
                Cell(n.get_state_display(), status=_status(n)),
                n.due_on.isoformat(),
                str(n.owner),
                n.get_outcome_display() if n.outcome else "",
                str(n.returned),
            ]
        )
        for n in found
    ]
    table = Table(_("诉求清单"), columns, rows, empty=_("还没有诉求"), identifier="needs")
    context = {"table": table, "count": len(rows), "breadcrumbs": crumbs(Crumb(_("诉求清单")))}
    return show(request, Page.NEEDS, "needs.html", context, records=[n.pk for n in found])


def _page(request: PersonRequest, found: Need, **bound: Any) -> HttpResponse:
    start = {"version": found.version, "told_on": today()}
    forms = {
        "settle": bound.get("settle") or SettleForm(initial=start),
        "confirm": bound.get("confirm") or ConfirmForm(initial=start),
    }
    texts = queries.opened(found)
    title = texts.get("asked") or name_of({"unreadable": True})
    context = {
        "need": found,
        "texts": texts,
        "title": title,
        "settle": forms["settle"] if found.state == NeedState.OPEN else None,
        "confirm": forms["confirm"]
        if found.state == NeedState.ANSWERED and found.settled_by_id != request.user.pk
        else None,
        "own_answer": found.state == NeedState.ANSWERED and found.settled_by_id == request.user.pk,
        "readers": lines(queries.readers(found)),
        "breadcrumbs": crumbs(Crumb(_("诉求清单"), reverse("family_visits:needs")), Crumb(title[:20])),
    }
    return show(request, Page.NEED, "need.html", context, records=[found.pk], status=422 if bound else 200)


def _url(need: Need) -> str:
    return reverse("family_visits:need", args=[need.pk])


@guard("family_visits.read")
@require_GET
def need(request: PersonRequest, pk: UUID) -> HttpResponse:
    return _page(request, queries.need(pk, request.user))


@guard("family_visits.change")
@require_POST
def settle(request: PersonRequest, pk: UUID) -> HttpResponse:
    found = queries.need(pk, request.user, to="change")
    form = SettleForm(request.POST)
    if form.is_valid() and attempt(
        form, lambda: actions.settle(by=request.user, need=found, **form.cleaned_data)
    ):
        return done(request, _("已答复，等另一位成员回访"), _url(found))
    return _page(request, queries.need(pk, request.user), settle=form)


@guard("family_visits.change")
@require_POST
def confirm(request: PersonRequest, pk: UUID) -> HttpResponse:
    found = queries.need(pk, request.user, to="change")
    form = ConfirmForm(request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        agreed = given.pop("agreed") == "yes"
        if attempt(form, lambda: actions.confirm(by=request.user, need=found, agreed=agreed, **given)):
            text = _("已办结") if agreed else _("已退回重办")
            return done(request, text, _url(found))
    return _page(request, queries.need(pk, request.user), confirm=form)
