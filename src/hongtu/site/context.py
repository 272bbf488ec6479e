"""What every template knows: the district, the navigation, the data date, the watermark."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import hongtu
from hongtu.kernel.access.policies import can
from hongtu.ledger.declaration import ledgers
from hongtu.site import rooms
from hongtu.ui.components import NavItem


def house(request: HttpRequest) -> dict[str, Any]:
    """District, version, navigation by rights, data date, and the watermark of whoever looks."""
    user = request.user
    found: dict[str, Any] = {
        "district": getattr(request, "district", None),
        "hongtu_version": hongtu.__version__,
        "login_url": reverse("account_login"),
        "logout_url": reverse("account_logout"),
    }
    if user.is_authenticated:
        items = navigation(request)
        found |= {
            "navigation": items,
            "home_url": _first(items),
            "data_date": _data_date(request),
            "user_unit": user.unit,
            "watermark_text": f"{user} {timezone.localdate():%Y-%m-%d}",
            "user_menu": [
                NavItem(_("修改密码"), reverse("account_change_password")),
                NavItem(_("两步验证"), reverse("mfa_index")),
                NavItem(_("接口令牌"), reverse("tokens")),
                NavItem(_("接口说明"), reverse("api-documentation")),
            ],
        }
    return found


def _data_date(request: HttpRequest) -> date:
    """The district's fixed date, else today, without another query."""
    found = getattr(request, "district", None)
    return (found.data_date if found else None) or timezone.localdate()


def home_url(request: HttpRequest) -> str:
    """Where somebody who has just logged in begins."""
    return _first(navigation(request))


def _first(items: list[NavItem]) -> str:
    """The first page of the menu; the wall for who has none, which says why."""
    return next((item.url for item in items if item.url), "/")


def navigation(request: HttpRequest) -> list[NavItem]:
    """The main menu: only what this person may open."""
    user, here = request.user, request.path
    items = []
    if can(user, "projects.read"):
        items.append(_item(_("全区一张图"), reverse("boards:wall"), here, exact=True))
        items.append(_item(_("链条事项"), reverse("boards:steps"), here))
        items.append(_item(_("作业面"), reverse("projects:faces"), here))
    if can(user, "matters.read"):
        guides = [_item(_("办事指南"), reverse("matters:list"), here, exact=True)]
        guides.append(_item(_("智能助手"), reverse("boards:assistant"), here, exact=True))
        guides.append(_item(_("指南审核"), reverse("matters:review"), here))
        if can(user, "matters.answer"):
            guides.append(_item(_("帮办队列"), reverse("boards:assistant-queue"), here))
        if can(user, "matters.change"):
            guides.append(_item(_("待补问题"), reverse("boards:assistant-unanswered"), here))
        items.append(NavItem(_("办事"), "", any(i.current for i in guides), tuple(guides)))
    if can(user, "problems.read"):
        items.append(_item(_("我的一天"), reverse("problems:my-day"), here))
        items.append(_item(_("问问题和纪要"), reverse("boards:assistant-staff"), here))
        items.append(_item(_("响应、解决、满意"), reverse("problems:measures"), here))
    if can(user, "dispatch.read"):
        items.append(_item(_("四级调度"), reverse("dispatch:home"), here))
    if can(user, "assessment.read"):
        items.append(_item(_("考核排名"), reverse("assessment:home"), here))
    if can(user, "visits.read"):
        items.append(_item(_("走访调研"), reverse("visits:home"), here))
    if can(user, "family_visits.read"):
        items.append(_item(_("政治家访"), rooms.address("family_visits:home"), here))
    if can(user, "consultation.read"):
        items.append(_item(_("协商议事"), reverse("consultation:home"), here))
    found = [
        _item(str(ledger.title), reverse("ledger:list", args=[ledger.slug]), here)
        for ledger in ledgers()
        if ledger.allows(user, "read")
    ]
    if found:
        items.append(NavItem(_("台账"), "", any(i.current for i in found), tuple(found)))
    return items


def _item(label: str, url: str, here: str, *, exact: bool = False) -> NavItem:
    return NavItem(label, url, here == url if exact else here.startswith(url))
