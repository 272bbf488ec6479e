"""List, detail and form of a ledger."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from hongtu.kernel.access import policies
from hongtu.kernel.base.errors import HongtuError, InvalidInput, StaleVersion
from hongtu.ledger import forms, places
from hongtu.ledger.declaration import Ledger, page_links
from hongtu.ledger.history import changed_between
from hongtu.ledger.listing import Listing
from hongtu.ledger.pages import show_refusal
from hongtu.ledger.queries import saved_views
from hongtu.ledger.views.common import allowed, crumbs, get_ledger, ledger_guard
from hongtu.ui.components import Crumb


@ledger_guard("read")
@require_GET
@vary_on_headers("HX-Request")
def list_(request: HttpRequest, slug: str) -> HttpResponse:
    """The list; asked by HTMX it is the part below the head only."""
    ledger = get_ledger(slug)
    listing = Listing(ledger, request.user, request.GET)
    context = {
        "ledger": ledger,
        "listing": listing,
        "table": listing.table,
        "controls": listing.controls(),
        "views": saved_views(ledger=ledger.slug, by=request.user),
        "allowed": allowed(ledger, request),
        "breadcrumbs": crumbs(ledger),
    }
    fragment = request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")
    response = render(request, "ledger/parts/listing.html" if fragment else "ledger/list.html", context)
    if fragment:
        response["HX-Push-Url"] = request.path + listing.page_address
    return response


@ledger_guard("read")
@require_GET
def detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One record with its panels."""
    ledger = get_ledger(slug)
    record = policies.get(ledger.model, pk, by=request.user)
    panels = []
    for panel in ledger.shown_panels:
        if panel.permission and not policies.can(request.user, panel.permission):
            continue
        if not panel.shown(record, request, ledger):
            continue
        context = {
            "record": record,
            "ledger": ledger,
            "panel": panel,
            **panel.context(record, request, ledger),
        }
        panels.append(render_to_string(panel.template, context, request=request))
    may_edit = allowed(ledger, request)["update"] and _editable(ledger, request, pk)
    return render(
        request,
        "ledger/detail.html",
        {
            "ledger": ledger,
            "record": record,
            "panels": panels,
            "scripts": {name for panel in ledger.shown_panels for name in panel.scripts},
            "may_edit": may_edit,
            "links": [
                (link.label, link.url(record))
                for link in page_links(ledger)
                if policies.can(request.user, link.permission)
            ],
            "breadcrumbs": crumbs(ledger, Crumb(str(record))),
        },
    )


def _editable(ledger: Ledger, request: HttpRequest, pk: int) -> bool:
    return policies.objects(ledger.model, by=request.user, to=ledger.verb("change")).filter(pk=pk).exists()


@ledger_guard("change")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a new record."""
    ledger = get_ledger(slug)
    if ledger.create is None or not ledger.form:
        raise Http404
    form = forms.blank(ledger, request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        action = ledger.create
        record = _perform(
            form, lambda values: action(by=request.user, **values), by=request.user, name=_name(form)
        )
        if record is not None:
            messages.success(request, _("已建立：%(name)s") % {"name": record})
            return HttpResponseRedirect(ledger.url_of(record))
    return _form_page(request, ledger, form, None)


@ledger_guard("change")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The form of an existing record. The loser of two edits sees both texts and sends again."""
    ledger = get_ledger(slug)
    if ledger.update is None or not ledger.form:
        raise Http404
    record = policies.get(ledger.model, pk, by=request.user)
    if not _editable(ledger, request, pk):
        raise PermissionDenied(_("您可以查看这条记录，但不能修改。"))
    if request.method == "GET":
        return _form_page(request, ledger, forms.editing(ledger, request.user, record), record)
    form = forms.editing(ledger, request.user, record, request.POST)
    if not form.is_valid():
        return _form_page(request, ledger, form, record)
    changes = form.changes()
    if not changes:
        messages.info(request, _("没有改动。"))
        return HttpResponseRedirect(ledger.url_of(record))
    seen = form.cleaned_data["version"] or record.version  # type: ignore[attr-defined]
    action = ledger.update
    try:
        saved = _perform(
            form,
            lambda values: action(by=request.user, record=record, version=seen, **values),
            by=request.user,
            name=_name(form) or str(record),
        )
    except StaleVersion:
        return _stale_page(request, ledger, record, seen, changes)
    if saved is None:
        return _form_page(request, ledger, form, record)
    messages.success(request, _("已保存：%(name)s") % {"name": saved})
    return HttpResponseRedirect(ledger.url_of(saved))


def _name(form: forms.LedgerForm) -> str:
    return str(form.cleaned_data.get("name") or "")


def _perform(form: forms.LedgerForm, act: Any, *, by: Any, name: str) -> Any:
    """Run the action with the form's changes; its objections go to the fields. None when it objected."""
    try:
        with transaction.atomic():
            return act(places.stored(form.changes(), by=by, name=name))
    except InvalidInput as refusal:
        show_refusal(form, refusal)
    except StaleVersion:
        raise
    except HongtuError as refusal:
        form.add_error(None, refusal.message)
    return None


def _form_page(
    request: HttpRequest, ledger: Ledger, form: forms.LedgerForm, record: Model | None, **more: Any
) -> HttpResponse:
    back = ledger.url_of(record) if record else reverse("ledger:list", args=[ledger.slug])
    title = (
        _("修改：%(name)s") % {"name": record} if record else _("新增：%(title)s") % {"title": ledger.title}
    )
    trail = [Crumb(str(record), back)] if record else []
    status = more.pop("status", 422 if form.errors else 200)
    context = {"ledger": ledger, "form": form, "record": record, "title": title, "back": back, **more}
    context["breadcrumbs"] = crumbs(ledger, *trail, Crumb(title))
    return render(request, "ledger/form.html", context, status=status)


def _stale_page(
    request: HttpRequest, ledger: Ledger, record: Model, seen: int, changes: dict[str, Any]
) -> HttpResponse:
    """Her text beside what the others wrote; sending it again overrules only the fields she changed."""
    current = policies.get(ledger.model, record.pk, by=request.user)
    theirs, who = changed_between(current, seen)
    rows = []
    for name, value in changes.items():
        column = ledger.column(name)
        rows.append((column.label, column.text(value), column.text(column.read(current))))
    conflict = {"mine": rows, "theirs": theirs, "who": who}
    form = forms.merged(ledger, request.user, current, changes)
    return _form_page(request, ledger, form, current, conflict=conflict, status=409)
