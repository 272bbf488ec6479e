"""The room's own pages: the log, data and retention, what it goes by, its members."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings as django_settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongtu.domains.family_visits import actions, queries
from hongtu.domains.family_visits.forms import AdmitForm, WithdrawForm, setting_form
from hongtu.domains.family_visits.models import Entry, Need, Official, Visit
from hongtu.domains.family_visits.views.common import crumbs, show, what
from hongtu.domains.family_visits.views.home import name_of
from hongtu.domains.family_visits.vocab import PURPOSES, Page, Withdrawn
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import objects
from hongtu.kernel.audit import chain
from hongtu.kernel.people.models import Person
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Cell, Column, Crumb, Pages, Row, Table

PER_PAGE = 50
MODELS = {"official": Official, "visit": Visit, "need": Need}


def _names(by: Person) -> dict[str, tuple[str, str]]:
    """Key -> (words, address) of what she may see."""
    found = {}
    for official in objects(Official, by=by):
        words = name_of(queries.opened(official))
        found[str(official.pk)] = (words, reverse("family_visits:official", args=[official.pk]))
    for visit in objects(Visit, by=by).select_related("official"):
        words = f"{found.get(str(visit.official_id), ('—', ''))[0]} {visit.planned_on}"
        found[str(visit.pk)] = (words, reverse("family_visits:visit", args=[visit.pk]))
    for need in objects(Need, by=by):
        found[str(need.pk)] = (_("诉求"), reverse("family_visits:need", args=[need.pk]))
    return found


def _subject(entry: Entry, names: dict[str, tuple[str, str]]) -> Cell | str:
    keys = [entry.object_key, *entry.detail.get("records", [])]
    keys = [key for key in keys if key in names]
    if not keys:
        return str(entry.detail.get("name", ""))
    words, url = names[keys[0]]
    return Cell(
        _("%(name)s等%(count)d条") % {"name": words, "count": len(keys)} if len(keys) > 1 else words, url
    )


@guard("family_visits.manage")
@require_GET
def log(request: PersonRequest) -> HttpResponse:
    """Who looked at what and when, who changed what, and the signed head of the chain."""
    paginator = Paginator(queries.log(request.user), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    names = _names(request.user)
    columns = [
        Column(_("时间"), "date", frozen=True),
        Column(_("成员"), "nowrap"),
        Column(_("做了什么"), "nowrap"),
        Column(_("哪条记录")),
    ]
    rows = [
        Row(
            [
                date_format(localtime(entry.at), "Y-m-d H:i:s"),
                entry.actor_label if entry.actor_id else _("系统"),
                what(entry),
                _subject(entry, names),
            ]
        )
        for entry in page
    ]
    pages = Pages(page.number, paginator.count, PER_PAGE, {})
    try:
        head = json.dumps(_head(), ensure_ascii=False, indent=1)
        broken = ""
    except chain.BrokenChain as fault:
        head, broken = "", fault.message
    context = {
        "table": Table(_("查阅记录"), columns, rows, pages=pages, identifier="log"),
        "head": head,
        "broken": broken,
        "breadcrumbs": crumbs(Crumb(_("查阅记录"))),
    }
    return show(request, Page.LOG, "log.html", context)


def _head() -> dict[str, object]:
    return chain.export_head(django_settings.HONGTU_AUDIT_KEY, chain=Entry)


def _label(model: type[Any], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


def _fields_table(kind: str, purposes: dict[str, str]) -> Table:
    model = MODELS[kind]
    columns = [Column(_("字段"), frozen=True), Column(_("用来做什么"))]
    rows = [Row([_label(model, name), _(purpose)]) for name, purpose in purposes.items()]
    return Table(str(model._meta.verbose_name), columns, rows, identifier=f"fields-{kind}")


@guard("family_visits.read")
@require_GET
def retention(request: PersonRequest) -> HttpResponse:
    """Each field with its purpose, what goes when, and what was deleted already."""
    columns = [Column(_("保存到"), "date", frozen=True), Column(_("类别")), Column(_("条数"), "number")]
    rows = [Row([day.isoformat(), kind, str(n)]) for day, kind, n in queries.outlook(request.user)]
    gone = [
        Row([date_format(localtime(e.at), "Y-m-d H:i"), str(e.detail.get("deleted", 0))])
        for e in queries.purges()
    ]
    context = {
        "months": queries.retention_months(),
        "outlook": Table(_("将要删除"), columns, rows, empty=_("没有记录"), identifier="outlook"),
        "purges": Table(
            _("已经删除"),
            [Column(_("时间"), "date", frozen=True), Column(_("条数"), "number")],
            gone,
            empty=_("还没有到期的记录"),
            identifier="purges",
        ),
        "fields": [_fields_table(kind, purposes) for kind, purposes in PURPOSES.items()],
        "breadcrumbs": crumbs(Crumb(_("数据与期限"))),
    }
    return show(request, Page.RETENTION, "retention.html", context)


@guard("family_visits.manage")
@require_POST
def purge(request: PersonRequest) -> HttpResponse:
    """Do now what the night does: delete what has served its time."""
    gone = actions.purge(by=request.user)
    text = _("已删除 %(count)d 条") % {"count": gone} if gone else _("没有到期的记录")
    return done(request, text, reverse("family_visits:retention"))


@guard("family_visits.read")
@require_GET
def settings(request: PersonRequest) -> HttpResponse:
    """How often, what is written down, how long it is kept; each with its basis."""
    found = dict(queries.settings_rows(request.user))
    lead = queries.is_lead(request.user)

    def row(kind: str, record: object, *cells: str) -> Row:
        url = reverse("family_visits:setting", args=[kind, record.pk]) if lead else ""  # type: ignore[attr-defined]
        return Row([Cell(str(record), url), *cells])

    tables = [
        Table(
            _("家访间隔"),
            [
                Column(_("岗位风险等级"), frozen=True),
                Column(_("包括哪些岗位")),
                Column(_("间隔（月）"), "number"),
                Column(_("依据")),
            ],
            [row("risk", r, r.duties, str(r.interval_months), r.basis) for r in found["risk"]],
            identifier="risks",
        ),
        Table(
            _("“五个一”内容"),
            [Column(_("名称"), frozen=True), Column(_("记什么")), Column(_("依据"))],
            [row("element", r, r.prompt, r.basis) for r in found["element"]],
            identifier="elements",
        ),
        Table(
            _("保存期限"),
            [Column(_("名称"), frozen=True), Column(_("保存几个月"), "number"), Column(_("依据"))],
            [row("retention", r, str(r.months), r.basis) for r in found["retention"]],
            identifier="retention-months",
        ),
    ]
    context = {"tables": tables, "breadcrumbs": crumbs(Crumb(_("间隔与“五个一”")))}
    return show(request, Page.SETTINGS, "settings.html", context)


@guard("family_visits.manage")
@require_http_methods(["GET", "POST"])
def setting(request: PersonRequest, kind: str, pk: UUID) -> HttpResponse:
    record = queries.setting(kind, pk, request.user)
    make = setting_form(type(record))
    form = make(request.POST or None, instance=record, initial={"version": record.version})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        version = given.pop("version")
        if attempt(
            form,
            lambda: actions.revise_setting(by=request.user, record=record, version=version, **given),
        ):
            return done(request, _("已保存"), reverse("family_visits:settings"))
    title = str(record._meta.verbose_name)
    context = {"form": form, "title": title, "breadcrumbs": crumbs(Crumb(title))}
    status = 422 if form.is_bound else 200
    return show(request, Page.SETTINGS, "form.html", context, status=status)


def _members_page(
    request: PersonRequest, form: AdmitForm | None = None, withdraw: WithdrawForm | None = None
) -> HttpResponse:
    columns = [
        Column(_("姓名"), frozen=True),
        Column(_("登录名")),
        Column(_("角色")),
        Column(_("加入日期"), "date"),
    ]
    rows = [
        Row([str(a.person), a.person.username, title, date_format(localtime(a.created_at), "Y-m-d")])
        for a, title in queries.assignments_here()
    ]
    context = {
        "table": Table(_("成员"), columns, rows, identifier="members"),
        "form": form or AdmitForm(),
        "withdraw": withdraw or WithdrawForm(),
        "breadcrumbs": crumbs(Crumb(_("成员"))),
    }
    refused = form is not None or withdraw is not None
    return show(request, Page.MEMBERS, "members.html", context, status=422 if refused else 200)


@guard("family_visits.manage")
@require_http_methods(["GET", "POST"])
def members(request: PersonRequest) -> HttpResponse:
    """Who is in the room. Only here is anyone let in or out."""
    if request.method == "GET":
        return _members_page(request)
    form = AdmitForm(request.POST)
    if form.is_valid():
        person, role = form.cleaned_data["username"], form.cleaned_data["role"]
        if attempt(form, lambda: actions.admit(by=request.user, person=person, role=role)):
            return done(request, _("已加入"), reverse("family_visits:members"))
    return _members_page(request, form)


@guard("family_visits.manage")
@require_POST
def withdraw(request: PersonRequest) -> HttpResponse:
    form = WithdrawForm(request.POST)
    if form.is_valid():
        person = form.cleaned_data["person"]
        if attempt(form, lambda: actions.withdraw(by=request.user, person=person, reason=Withdrawn.LEFT)):
            return done(request, _("已移出"), reverse("family_visits:members"))
    return _members_page(request, withdraw=form)
