"""What the pages of the room share: every look is logged before the page is made, and no page is kept."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongtu.domains.family_visits import actions, queries
from hongtu.domains.family_visits.models import Entry
from hongtu.domains.family_visits.vocab import NeedState, Page, VisitState, Why, Withdrawn
from hongtu.kernel.access.guards import PersonRequest
from hongtu.ui.components import Crumb, Tab
from hongtu.ui.components import Entry as Line
from hongtu.ui.status import Status

STATUS_OF_WHY = {
    Why.NEVER: Status.WARNING,
    Why.OVERDUE: Status.LATE,
    Why.SOON: Status.WARNING,
    Why.LATER: Status.NORMAL,
}
STATUS_OF_NEED = {
    NeedState.OPEN: Status.NOT_DUE,
    NeedState.ANSWERED: Status.WARNING,
    NeedState.CLOSED: Status.DONE,
}
STATUS_OF_VISIT = {
    VisitState.PLANNED: Status.NOT_DUE,
    VisitState.HELD: Status.DONE,
    VisitState.CANCELLED: Status.EXCUSED,
}
WHAT = {
    "family_visits.read": gettext_lazy("查看"),
    "family_visits.open": gettext_lazy("建立本室"),
    "family_visits.admit": gettext_lazy("加入成员"),
    "family_visits.withdraw": gettext_lazy("移出成员"),
    "family_visits.register_official": gettext_lazy("登记干部"),
    "family_visits.revise_official": gettext_lazy("修改干部登记"),
    "family_visits.release": gettext_lazy("移出名单并删除"),
    "family_visits.plan": gettext_lazy("安排家访"),
    "family_visits.keep_draft": gettext_lazy("存家访草稿"),
    "family_visits.hold": gettext_lazy("完成家访记录"),
    "family_visits.cancel": gettext_lazy("取消家访"),
    "family_visits.ask": gettext_lazy("记下诉求"),
    "family_visits.settle": gettext_lazy("答复诉求"),
    "family_visits.confirm": gettext_lazy("回访诉求"),
    "family_visits.purge": gettext_lazy("到期删除"),
    "family_visits.revise_setting": gettext_lazy("修改间隔或内容"),
    "family_visits.demonstration": gettext_lazy("建立示例"),
}


def show(
    request: PersonRequest,
    page: Page,
    template: str,
    context: dict[str, Any],
    *,
    records: Iterable[UUID] = (),
    status: int = 200,
) -> HttpResponse:
    """Write down who looks at what, then render it for nobody to keep."""
    actions.looked(by=request.user, page=page, records=records)
    context = {"is_lead": queries.is_lead(request.user), "tabs": room_tabs(request, page), **context}
    response = render(request, f"family_visits/{template}", context, status=status)
    add_never_cache_headers(response)
    return response


def room_tabs(request: PersonRequest, page: Page) -> list[Tab]:
    shown = [
        (Page.HOME, "home"),
        (Page.NEEDS, "needs"),
        (Page.RETENTION, "retention"),
        (Page.SETTINGS, "settings"),
    ]
    if queries.is_lead(request.user):
        shown += [(Page.LOG, "log"), (Page.MEMBERS, "members")]
    return [Tab(_(p.label), reverse(f"family_visits:{name}"), current=p == page) for p, name in shown]


def crumbs(*last: Crumb) -> list[Crumb]:
    return [Crumb(_("政治家访"), reverse("family_visits:home")), *last]


def lines(entries: Iterable[Entry]) -> list[Line]:
    """Rows of the room's chain as a timeline: who, when, which page or what was done."""
    return [Line(e.at, what(e), by=e.actor_label if e.actor_id else _("系统")) for e in entries]


def what(entry: Entry) -> str:
    words = str(WHAT.get(entry.action, entry.action))
    page = entry.detail.get("page")
    if page:
        return _("%(what)s：%(page)s") % {"what": words, "page": _(Page(page).label)}
    if entry.action == "family_visits.withdraw":
        return _("%(what)s：%(page)s") % {"what": words, "page": _(Withdrawn(entry.reason).label)}
    return words
