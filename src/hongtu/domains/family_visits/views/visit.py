"""A visit's record, made for a phone in somebody's living room."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hongtu.domains.family_visits import actions, queries
from hongtu.domains.family_visits.forms import CancelForm, NeedForm, RecordForm
from hongtu.domains.family_visits.models import Need, Visit
from hongtu.domains.family_visits.views.common import STATUS_OF_NEED, crumbs, lines, show
from hongtu.domains.family_visits.views.home import name_of
from hongtu.domains.family_visits.vocab import NeedState, Page, VisitState
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import objects
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Crumb

ANSWER_DAYS = 30


def _page(request: PersonRequest, visit: Visit, **bound: Any) -> HttpResponse:
    texts, elements = queries.opened(visit), queries.elements()
    official = queries.opened(visit.official)
    needs = list(objects(Need, by=request.user).filter(visit=visit).select_related("owner"))
    start = {**texts, "version": visit.version, "held_on": min(today(), visit.planned_on)}
    ask = {"due_on": today() + timedelta(days=ANSWER_DAYS), "owner": request.user.pk}
    context = {
        "visit": visit,
        "name": name_of(official),
        "official": official,
        "open": visit.state == VisitState.PLANNED,
        "answers": [(e.name, texts.get(e.code, "")) for e in elements],
        "record": bound.get("record") or RecordForm(initial=start, elements=elements),
        "cancel": bound.get("cancel") or CancelForm(initial={"version": visit.version}),
        "ask": None if visit.state == VisitState.CANCELLED else bound.get("ask") or NeedForm(initial=ask),
        "needs": [(n, queries.opened(n), STATUS_OF_NEED[NeedState(n.state)]) for n in needs],
        "readers": lines(queries.readers(visit)),
        "breadcrumbs": crumbs(
            Crumb(name_of(official), reverse("family_visits:official", args=[visit.official_id])),
            Crumb(visit.planned_on.isoformat()),
        ),
    }
    keys = [visit.pk, visit.official_id, *(n.pk for n in needs)]
    return show(request, Page.VISIT, "visit.html", context, records=keys, status=422 if bound else 200)


def _url(visit: Visit) -> str:
    return reverse("family_visits:visit", args=[visit.pk])


@guard("family_visits.read")
@require_GET
def visit(request: PersonRequest, pk: UUID) -> HttpResponse:
    return _page(request, queries.visit(pk, request.user))


@guard("family_visits.change")
@require_POST
def record(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Keep the draft here, or finish the record."""
    found = queries.visit(pk, request.user, to="change")
    draft = "draft" in request.POST
    form = RecordForm(request.POST, elements=queries.elements(), draft=draft)
    if form.is_valid():
        version, texts = form.cleaned_data["version"], form.texts()
        if draft and attempt(
            form, lambda: actions.keep_draft(by=request.user, visit=found, version=version, texts=texts)
        ):
            return done(request, _("已存到服务器（加密），本机没有保存"), _url(found))
        if not draft and attempt(
            form,
            lambda: actions.hold(
                by=request.user,
                visit=found,
                version=version,
                held_on=form.cleaned_data["held_on"],
                texts=texts,
            ),
        ):
            return done(request, _("家访记录已完成"), _url(found))
    return _page(request, queries.visit(pk, request.user), record=form)


@guard("family_visits.change")
@require_POST
def cancel(request: PersonRequest, pk: UUID) -> HttpResponse:
    found = queries.visit(pk, request.user, to="change")
    form = CancelForm(request.POST)
    if form.is_valid() and attempt(
        form, lambda: actions.cancel(by=request.user, visit=found, **form.cleaned_data)
    ):
        return done(request, _("家访已取消"), _url(found))
    return _page(request, queries.visit(pk, request.user), cancel=form)


@guard("family_visits.change")
@require_POST
def need_new(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Something the family asked for."""
    found = queries.visit(pk, request.user, to="change")
    form = NeedForm(request.POST)
    if form.is_valid() and attempt(
        form, lambda: actions.ask(by=request.user, visit=found, **form.cleaned_data)
    ):
        return done(request, _("诉求已记下"), _url(found) + "#needs")
    return _page(request, found, ask=form)
