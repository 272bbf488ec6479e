"""The due list, and an official's page."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongtu.domains.family_visits import actions, queries, rules
from hongtu.domains.family_visits.forms import OfficialForm, PlanForm
from hongtu.domains.family_visits.models import Official, Visit
from hongtu.domains.family_visits.queries import Due
from hongtu.domains.family_visits.views.common import STATUS_OF_VISIT, STATUS_OF_WHY, crumbs, lines, show
from hongtu.domains.family_visits.vocab import Page, VisitState, Why
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import objects
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Cell, Column, Crumb, Figure, Row, Table

NO_TEXT = "—"


def name_of(texts: dict[str, Any]) -> str:
    """An official's name, or that it can no longer be read."""
    return _("（密钥已销毁或遗失，无法显示）") if "unreadable" in texts else texts.get("name", NO_TEXT)


def reason(proposal: rules.Proposal) -> str:
    """Why she is where she is on the list, in words."""
    if proposal.why == Why.NEVER:
        return _("尚未家访，登记已 %(days)d 天") % {"days": proposal.days}
    if proposal.days > 0:
        return _("超过间隔 %(days)d 天") % {"days": proposal.days}
    return _("还有 %(days)d 天到期") % {"days": -proposal.days}


def _due_table(due: list[Due]) -> Table:
    columns = [
        Column(_("干部"), frozen=True),
        Column(_("为什么"), "nowrap"),
        Column(_("岗位风险等级")),
        Column(_("间隔（月）"), "number"),
        Column(_("上次家访"), "date"),
        Column(_("应访日期"), "date"),
        Column(_("已安排"), "nowrap"),
        Column(_("单位、职务")),
    ]
    rows = [
        Row(
            [
                Cell(name_of(d.texts), reverse("family_visits:official", args=[d.official.pk])),
                Cell(reason(d.proposal), status=STATUS_OF_WHY[d.proposal.why]),
                d.official.risk.name,
                str(d.official.risk.interval_months),
                d.official.last_visit_on.isoformat() if d.official.last_visit_on else "",
                d.proposal.due_on.isoformat(),
                Cell(d.planned.planned_on.isoformat(), reverse("family_visits:visit", args=[d.planned.pk]))
                if d.planned
                else "",
                f"{d.texts.get('unit', '')} {d.texts.get('post', '')}".strip(),
            ]
        )
        for d in due
    ]
    return Table(_("应访清单"), columns, rows, empty=_("名单里还没有您负责的干部"), identifier="due")


@guard("family_visits.read")
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """Whom to visit next, and why."""
    now = today()
    due = queries.due_list(request.user, now)
    found = queries.counts(request.user, now)
    waiting = sum(d.proposal.why in (Why.NEVER, Why.OVERDUE) for d in due)
    context = {
        "figures": [
            Figure(_("应访未访"), str(waiting), _("人"), url="#due-panel"),
            Figure(_("已安排"), str(sum(d.planned is not None for d in due)), _("人"), url="#due-panel"),
            Figure(_("本年已家访"), str(found["held"]), _("次"), url="#due-panel"),
            Figure(
                _("诉求未办结"),
                str(found["open_needs"]),
                _("件"),
                note=_("其中逾期 %(count)d 件") % {"count": found["late_needs"]}
                if found["late_needs"]
                else "",
                url=reverse("family_visits:needs"),
            ),
        ],
        "due": _due_table(due),
        "breadcrumbs": [Crumb(_("政治家访"))],
    }
    return show(request, Page.HOME, "home.html", context, records=[d.official.pk for d in due])


def _visits_table(visits: list[Visit]) -> Table:
    columns = [
        Column(_("日期"), "date", frozen=True),
        Column(_("状态"), "nowrap"),
        Column(_("家访人")),
        Column(_("同行人")),
    ]
    rows = [
        Row(
            [
                Cell((v.held_on or v.planned_on).isoformat(), reverse("family_visits:visit", args=[v.pk])),
                Cell(v.get_state_display(), status=STATUS_OF_VISIT[VisitState(v.state)]),
                str(v.visitor),
                str(v.companion),
            ]
        )
        for v in visits
    ]
    return Table(_("家访"), columns, rows, empty=_("还没有家访"), identifier="visits")


def _official_page(request: PersonRequest, found: Official, form: PlanForm | None = None) -> HttpResponse:
    now = today()
    rows = objects(Visit, by=request.user).filter(official=found).select_related("visitor", "companion")
    visits = list(rows)
    start = {"planned_on": now + timedelta(days=7), "visitor": found.officer_id}
    texts = queries.opened(found)
    context = {
        "official": found,
        "name": name_of(texts),
        "texts": texts,
        "reason": reason(
            rules.propose(found.risk.interval_months, found.last_visit_on, found.registered_on, now)
        ),
        "visits": _visits_table(visits),
        "plan": None
        if any(v.state == VisitState.PLANNED for v in visits)
        else form or PlanForm(initial=start),
        "readers": lines(queries.readers(found)),
        "breadcrumbs": crumbs(Crumb(name_of(texts))),
    }
    status = 422 if form is not None else 200
    return show(request, Page.OFFICIAL, "official.html", context, records=[found.pk], status=status)


@guard("family_visits.read")
@require_GET
def official(request: PersonRequest, pk: UUID) -> HttpResponse:
    return _official_page(request, queries.official(pk, request.user))


@guard("family_visits.change")
@require_POST
def plan(request: PersonRequest, pk: UUID) -> HttpResponse:
    found = queries.official(pk, request.user, to="change")
    form = PlanForm(request.POST)
    if form.is_valid():
        made = attempt(form, lambda: actions.plan(by=request.user, official=found, **form.cleaned_data))
        if made:
            return done(request, _("已安排家访"), reverse("family_visits:visit", args=[made.pk]))
    return _official_page(request, found, form)


@guard("family_visits.manage")
@require_http_methods(["GET", "POST"])
def official_new(request: PersonRequest) -> HttpResponse:
    form = OfficialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {k: v for k, v in form.cleaned_data.items() if k != "version"}
        made = attempt(form, lambda: actions.register_official(by=request.user, **given))
        if made:
            return done(request, _("已登记"), reverse("family_visits:official", args=[made.pk]))
    return _form_page(request, form, _("登记干部"), [])


@guard("family_visits.manage")
@require_http_methods(["GET", "POST"])
def official_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    found = queries.official(pk, request.user, to="manage")
    start = {
        **queries.opened(found),
        "risk": found.risk_id,
        "officer": found.officer_id,
        "account": found.account.username if found.account else "",
        "version": found.version,
    }
    form = OfficialForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        version = given.pop("version") or found.version
        if attempt(
            form, lambda: actions.revise_official(by=request.user, record=found, version=version, **given)
        ):
            return done(request, _("已保存"), reverse("family_visits:official", args=[pk]))
    return _form_page(request, form, _("修改干部登记"), [pk])


def _form_page(request: PersonRequest, form: OfficialForm, title: str, records: list[UUID]) -> HttpResponse:
    context = {"form": form, "title": title, "breadcrumbs": crumbs(Crumb(title))}
    status = 422 if form.is_bound else 200
    return show(request, Page.OFFICIAL_FORM, "form.html", context, records=records, status=status)


@guard("family_visits.manage")
@require_POST
def official_release(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Off the list, with everything about her."""
    actions.release(by=request.user, record=queries.official(pk, request.user, to="manage"))
    return done(request, _("已移出名单，相关记录已删除"), reverse("family_visits:home"))
