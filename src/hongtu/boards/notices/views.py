"""The list of a person's notices, her settings, what could not be delivered, and her calendar."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hongtu.boards.notices import calendar, links
from hongtu.boards.notices.forms import PreferenceForm
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.limits import limited
from hongtu.kernel.notices import actions, queries
from hongtu.kernel.notices.actions.own import token_digest
from hongtu.kernel.notices.models import Notice, preference_of
from hongtu.kernel.notices.queries import Deadline
from hongtu.kernel.notices.vocab import Kind
from hongtu.kernel.problems.terms import now
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import attempt, form_status
from hongtu.ui.components import Column, Crumb, Pages, Row, Tab, Table
from hongtu.ui.status import Status

PER_PAGE = 30
SESSION_KEY = "notices_calendar"
SHAPES = {
    Kind.ASSIGNED: Status.NOT_DUE,
    Kind.REVIEW: Status.NOT_DUE,
    Kind.SIGN: Status.NOT_DUE,
    Kind.DECIDED: Status.NOT_DUE,
    Kind.INVITED: Status.NOT_DUE,
    Kind.SCHEDULED: Status.NOT_DUE,
    Kind.ANSWERED: Status.DONE,
    Kind.PUBLISHED: Status.DONE,
    Kind.DUE: Status.WARNING,
    Kind.RETURNED: Status.WARNING,
    Kind.OVERDUE: Status.LATE,
    Kind.ESCALATED: Status.LATE,
    Kind.VERIFIED: Status.DONE,
    Kind.TEST: Status.NORMAL,
}


@guard(login=True)
@never_cache
@require_safe
def notices(request: PersonRequest) -> HttpResponse:
    """Unread first; all of them on the other tab."""
    everything = request.GET.get("show") == "all"
    mine = queries.notices(request.user)
    rows = mine if everything else mine.filter(read_at=None)
    given = request.GET.get("page", "1")
    number = max(1, int(given)) if given.isdigit() and len(given) < 7 else 1
    total, waiting = rows.count(), mine.filter(read_at=None).count()
    query = {"show": "all"} if everything else {}
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    here = reverse("boards:notices")
    context = {
        "notices": [(notice, SHAPES[Kind(notice.kind)].value) for notice in shown],
        "pages": Pages(number, total, PER_PAGE, query),
        "tabs": [
            Tab(_("未读"), here, current=not everything, count=waiting),
            Tab(_("全部"), f"{here}?show=all", current=everything),
        ],
        "everything": everything,
        "waiting": waiting,
        "dead": list(queries.dead_letters(request.user)[:PER_PAGE]),
        "breadcrumbs": [Crumb(_("通知"))],
    }
    return render(request, "boards/notices.html", context)


def _own(request: PersonRequest, pk: uuid.UUID) -> Notice:
    found = queries.notices(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这条通知，或者您已看不到它所说的事项。"))
    return found


@guard(login=True)
@never_cache
@require_safe
def notice(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Open what a notice is about; from then on it counts as read."""
    found = _own(request, pk)
    if request.method == "GET":
        actions.mark_read(request.user, found)
    page = links.page_of(found.subject_label, found.subject_key)
    return HttpResponseRedirect(page or reverse("boards:notices") + "?show=all")


@guard(login=True)
@require_POST
def read(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Mark one as read without opening it."""
    actions.mark_read(request.user, _own(request, pk))
    return HttpResponseRedirect(reverse("boards:notices"))


@guard(login=True)
@require_POST
def read_all(request: PersonRequest) -> HttpResponse:
    """Mark all as read."""
    count = actions.mark_all_read(request.user)
    messages.success(request, _("已把%(count)d条标为已读。") % {"count": count})
    return HttpResponseRedirect(reverse("boards:notices"))


@guard(login=True)
@require_POST
def retry(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Send one of her own dead letters once more."""
    found = queries.dead_letters(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这条外发消息。"))
    actions.retry(by=request.user, delivery=found)
    messages.success(request, _("已重新排队发送。"))
    return HttpResponseRedirect(reverse("boards:notices"))


@guard(login=True)
@never_cache
@require_http_methods(["GET", "POST"])
def preferences(request: PersonRequest) -> HttpResponse:
    """Her channels, quiet hours and digest; her calendar's address."""
    wish = preference_of(request.user)
    if wish.pk is None and request.method == "GET":
        wish.email = request.user.email
    form = PreferenceForm(request.POST if request.method == "POST" else None, instance=wish)
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        kept = attempt(
            form, lambda: actions.keep_preference(by=request.user, version=version, **form.values())
        )
        if kept is not None:
            messages.success(request, _("通知设置已保存。"))
            return HttpResponseRedirect(reverse("boards:notice-settings"))
    fresh = request.session.pop(SESSION_KEY, "")
    context = {
        "form": form,
        "channels": preference_of(request.user).channels,
        "link": queries.calendar_link(request.user),
        "fresh": request.build_absolute_uri(reverse("boards:notice-calendar", args=[fresh])) if fresh else "",
        "breadcrumbs": [Crumb(_("通知"), reverse("boards:notices")), Crumb(_("通知设置"))],
    }
    return render(request, "boards/notice_settings.html", context, status=form_status(form))


@guard(login=True)
@require_POST
def test(request: PersonRequest) -> HttpResponse:
    """A message to herself by all her channels."""
    actions.send_test(by=request.user)
    messages.success(request, _("测试通知已发出，请在各渠道查收。"))
    return HttpResponseRedirect(reverse("boards:notice-settings"))


@guard(login=True)
@require_POST
def calendar_issue(request: PersonRequest) -> HttpResponse:
    """A new calendar address, shown once on the page that follows; the one before stops working."""
    request.session[SESSION_KEY] = actions.issue_link(by=request.user)
    return HttpResponseRedirect(reverse("boards:notice-settings") + "#calendar")


@guard(login=True)
@require_POST
def calendar_revoke(request: PersonRequest) -> HttpResponse:
    """Close the calendar address."""
    actions.revoke_link(by=request.user)
    messages.success(request, _("日历地址已停用，已订阅的日历不再更新。"))
    return HttpResponseRedirect(reverse("boards:notice-settings") + "#calendar")


@guard(public=True)
@limited("notices.calendar", "30/minute 300/hour")
@never_cache
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a private address; a wrong and a closed one look alike."""
    person = queries.person_of_link(token_digest(token))
    if person is None:
        raise Http404(_("没有这个页面。"))
    root = settings.HONGTU_ADDRESS or request.build_absolute_uri("/").rstrip("/")

    def address(deadline: Deadline) -> str:
        path = links.page_of(deadline.label, deadline.key)
        return root + path if path else ""

    with translation.override(preference_of(person).language):
        found = queries.deadlines(person, now(), today())
        name = _("宏图时限：%(person)s") % {"person": person}
        body = calendar.feed(name, found, address, root.rpartition("//")[2])
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    return response


@guard("access.read")
@require_safe
def undelivered(request: PersonRequest) -> HttpResponse:
    """For who keeps the installation: which messages did not arrive and why, never what they say."""
    rows: list[Any] = list(queries.undelivered()[:200])
    columns = [
        Column(_("人员")),
        Column(_("单位")),
        Column(_("渠道"), "nowrap"),
        Column(_("去向")),
        Column(_("原因"), "long"),
        Column(_("对方的应答"), "long"),
        Column(_("尝试次数"), "number"),
        Column(_("时间"), "date"),
    ]
    lines = [
        Row(
            [
                str(row.person),
                str(row.person.unit or ""),
                row.get_channel_display(),
                row.route,
                row.get_fault_display(),
                row.detail,
                str(row.attempts),
                f"{timezone.localtime(row.due_at):%Y-%m-%d %H:%M}",
            ]
        )
        for row in rows
    ]
    table = Table(_("未送达的通知"), columns, lines, empty=_("没有未送达的通知"), identifier="undelivered")
    context = {"table": table, "breadcrumbs": [Crumb(_("未送达的通知"))]}
    return render(request, "boards/notices_undelivered.html", context)
