"""The room's first page, and a meeting run on one screen: decide, next."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hongtu.domains.dispatch import actions, queries
from hongtu.domains.dispatch.forms import DecideForm, IssueForm, ItemForm, LiftForm, NextForm
from hongtu.domains.dispatch.models import AgendaItem, Escalation, Meeting
from hongtu.domains.dispatch.views.common import (
    agenda_table,
    crumbs,
    following,
    meeting_url,
    order_cell,
    step_cell,
)
from hongtu.domains.dispatch.views.levels import levels_table, next_date
from hongtu.domains.dispatch.views.minutes import minutes_docx
from hongtu.domains.dispatch.vocab import MeetingState, Outcome
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can, get, objects
from hongtu.kernel.problems.cost_words import KeptCost, in_short
from hongtu.kernel.profile.models import today
from hongtu.ledger.costs import cost_table
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Cell, Column, Crumb, Figure, Row, Table
from hongtu.ui.status import Status

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _meetings(title: str, identifier: str, rows: list[Meeting]) -> Table:
    columns = [
        Column(_("会议"), frozen=True),
        Column(_("召开日期"), "date"),
        Column(_("会议类型"), "nowrap"),
        Column(_("层级"), "nowrap"),
        Column(_("主持"), "nowrap"),
        Column(_("状态"), "nowrap"),
    ]
    cells = [
        Row(
            [
                Cell(m.name, meeting_url(m)),
                m.held_on.isoformat(),
                m.get_kind_display(),
                m.get_level_display(),
                str(m.chair),
                m.number or m.get_state_display(),
            ]
        )
        for m in rows
    ]
    return Table(title, columns, cells, empty=_("还没有会议"), identifier=identifier)


def _orders(rows: list[AgendaItem]) -> Table:
    columns = [
        Column(_("议定事项"), frozen=True),
        Column(_("会议")),
        Column(_("责任单位")),
        Column(_("时限"), "date"),
        Column(_("交办单"), "nowrap"),
    ]
    now = today()
    cells = [
        Row(
            [
                Cell(i.name, meeting_url(i.meeting, i)),
                i.meeting.name,
                str(i.unit or ""),
                Cell(i.due_on.isoformat(), status=Status.LATE) if i.due_on < now else i.due_on.isoformat(),
                order_cell(i.order),
            ]
        )
        for i in rows
    ]
    return Table(_("未销号的交办"), columns, cells, empty=_("没有未销号的交办"), identifier="orders")


@guard("dispatch.read")
@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """Figures, meetings to come, open orders, what was escalated last."""
    found = queries.figures(request.user)
    rows = objects(Meeting, by=request.user).select_related("chair")
    escalations = objects(Escalation, by=request.user)
    meetings, listed = reverse("ledger:list", args=["meetings"]), reverse("ledger:list", args=["escalations"])
    figures = [
        Figure(
            _("部门联席会"),
            found["joint_meetings"],
            _("次"),
            url=f"{meetings}?kind=joint&state=issued",
        ),
        Figure(_("现场督导"), found["site_dispatches"], _("次"), url=f"{meetings}?kind=site&state=issued"),
        *(
            Figure(
                _("提至%(level)d级") % {"level": level},
                str(escalations.filter(level=level).count()),
                _("条"),
                url=f"{listed}?level={level}",
            )
            for level in (2, 3, 4)
        ),
    ]
    context = {
        "figures": figures,
        "planned": _meetings(
            _("待召开的会议"),
            "planned",
            list(rows.filter(state=MeetingState.PLANNED).order_by("held_on")[:10]),
        ),
        "held": _meetings(_("已召开的会议"), "held", list(rows.filter(state=MeetingState.ISSUED)[:8])),
        "orders": _orders(list(queries.open_orders(request.user)[:20])),
        "levels": levels_table(request.user, today()),
        "may_change": can(request.user, "dispatch.change"),
    }
    return render(request, "dispatch/home.html", context)


def _page(request: PersonRequest, meeting: Meeting, status: int = 200, **forms: Any) -> HttpResponse:
    items = list(queries.items(meeting))
    asked = request.GET.get("item", "")
    given = forms.pop("item", None) or next((i for i in items if str(i.pk) == asked), None)
    current = given or (following(items, None) if meeting.state == MeetingState.PLANNED else None)
    editable = (
        meeting.state == MeetingState.PLANNED
        and objects(Meeting, by=request.user, to="change").filter(pk=meeting.pk).exists()
    )
    initial = (
        {n: getattr(current, n) for n in ("version", "decision", "unit", "person", "due_on", "path")}
        if current
        else {}
    )
    weight = KeptCost.of(current.cost) if current else None
    live = actions.cost_of(current.problem, current.step) if current and weight else None
    pending = sum(i.outcome == Outcome.PENDING for i in items)
    context = {
        "meeting": meeting,
        "table": agenda_table(items, current),
        "current": current,
        "pending": pending,
        "count": len(items),
        "editable": editable,
        "decidable": editable
        and current is not None
        and current.outcome in (Outcome.PENDING, Outcome.DEFERRED),
        "form": forms.get("form") or DecideForm(initial=initial, step=current.step if current else None),
        "item_form": forms.get("item_form")
        or ItemForm(initial={"due_on": current.due_on if current else None}),
        "issue_form": forms.get("issue_form") or IssueForm(initial=_issue_initial(meeting, items)),
        "next_form": forms.get("next_form") or NextForm(initial={"held_on": next_date(meeting)}),
        "lift_form": forms.get("lift_form") or LiftForm(),
        "next": Meeting.objects.filter(previous=meeting).first(),
        "issued": meeting.state == MeetingState.ISSUED,
        "order": order_cell(current.order if current else None),
        "source": order_cell(current.problem if current else None),
        "step": step_cell(current.step) if current and current.step else None,
        "cost_words": in_short(weight) if weight else "",
        "cost_table": cost_table(live, request.user) if live else None,
        "limits": [
            (limit, LiftForm(initial={"version": limit.version}, auto_id=f"lift-{limit.pk}-%s"))
            for limit in (queries.limits_of(current) if current else ())
        ],
        "may_lift": objects(Meeting, by=request.user, to="change").filter(pk=meeting.pk).exists(),
        "breadcrumbs": crumbs(Crumb(meeting.name)),
    }
    return render(request, "dispatch/meeting.html", context, status=status)


def _issue_initial(meeting: Meeting, items: list[AgendaItem]) -> dict[str, Any]:
    """What is known already; a copy goes to whoever was given something, unless the paper says otherwise."""
    given = dict.fromkeys(str(i.unit) for i in items if i.outcome == Outcome.DECIDED and i.unit)
    known = {name: getattr(meeting, name) for name in ("version", "attendees", "absent", "observers")}
    copies = meeting.copy_to or "、".join(given)  # not for translation: official document
    return {**known, "copy_to": copies[:400], "signed_by": meeting.chair.name}


@guard("dispatch.read")
@require_GET
def meeting(request: PersonRequest, pk: int) -> HttpResponse:
    """The agenda, and the item under discussion."""
    return _page(request, queries.meeting(pk, request.user))


@guard("dispatch.change")
@require_POST
def item(request: PersonRequest, pk: int) -> HttpResponse:
    """Decide, defer or raise the item, and go to the next."""
    found = get(AgendaItem, pk, by=request.user, to="change")
    deciding = not {"defer", "raise"} & set(request.POST)
    form = DecideForm(request.POST, step=found.step, deciding=deciding)
    if form.is_valid():
        given = form.cleaned_data
        short = {name: given[name] for name in ("version", "decision")}
        by = request.user
        if "defer" in request.POST:
            made = attempt(form, lambda: actions.defer(by=by, item=found, **short))
            text = _("已暂缓")
        elif "raise" in request.POST:
            made = attempt(form, lambda: actions.raise_item(by=by, item=found, **short))
            text = _("已提请上一级")
        else:
            made = attempt(form, lambda: actions.decide(by=by, item=found, **form.decided()))
            text = _("已议定，交办单 %(number)s 已发出") % {"number": made.order.number} if made else ""
        if made:
            after = following(list(queries.items(found.meeting)), made)
            return done(request, text, meeting_url(found.meeting, after))
        found.refresh_from_db()  # what was begun was taken back, in the row but not in our hands
    return _page(request, found.meeting, 422, item=found, form=form)


@guard("dispatch.change")
@require_POST
def lift(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back what a meeting demanded of a step."""
    found = queries.limit(pk)
    decided = get(AgendaItem, found.source_key, by=request.user, to="change")
    form = LiftForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.lift_limit(by=request.user, limit=found, **given)):
            return done(request, _("已解除约束，链条已重排"), meeting_url(decided.meeting, decided))
    return _page(request, decided.meeting, 422, item=decided, lift_form=form)


@guard("dispatch.change")
@require_POST
def item_new(request: PersonRequest, pk: int) -> HttpResponse:
    """Something that came up in the meeting."""
    found = queries.meeting(pk, request.user, to="change")
    form = ItemForm(request.POST)
    if form.is_valid():
        made = attempt(form, lambda: actions.add_item(by=request.user, meeting=found, **form.cleaned_data))
        if made:
            return done(request, _("已加入议程"), meeting_url(found, made))
    return _page(request, found, 422, item_form=form)


@guard("dispatch.change")
@require_POST
def draw(request: PersonRequest, pk: int) -> HttpResponse:
    """Bring the agenda up to date with what happened since it was drawn."""
    found = queries.meeting(pk, request.user, to="change")
    added = actions.draw_agenda(by=request.user, meeting=found)
    text = _("议程已更新，新增 %(count)d 个议题") % {"count": added}
    return done(request, text, meeting_url(found))


@guard("dispatch.change")
@require_POST
def issue(request: PersonRequest, pk: int) -> HttpResponse:
    """Number and sign the minutes."""
    found = queries.meeting(pk, request.user, to="change")
    form = IssueForm(request.POST)
    if form.is_valid():
        made = attempt(form, lambda: actions.issue(by=request.user, meeting=found, **form.cleaned_data))
        if made:
            return done(request, _("纪要已印发：%(number)s") % {"number": made.number}, meeting_url(made))
    return _page(request, found, 422, issue_form=form)


@guard("dispatch.change")
@require_POST
def next_meeting(request: PersonRequest, pk: int) -> HttpResponse:
    """Plan the meeting after this one; it opens with what was not done."""
    found = queries.meeting(pk, request.user, to="change")
    form = NextForm(request.POST)
    if form.is_valid():
        made = attempt(
            form, lambda: actions.next_meeting(by=request.user, meeting=found, **form.cleaned_data)
        )
        if made:
            return done(request, _("下次会议已安排，议程已拟好"), meeting_url(made))
    return _page(request, found, 422, next_form=form)


@guard("dispatch.read")
@require_GET
def minutes(request: PersonRequest, pk: int) -> HttpResponse:
    """The minutes as Word; before they are issued, a draft without a number."""
    found = queries.meeting(pk, request.user)
    with translation.override("zh-hans"):
        content = minutes_docx(found)
    name = f"{found.name}{found.held_on}.docx"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=DOCX, headers={"Content-Disposition": disposition})
