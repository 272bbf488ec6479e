"""Schemes: edited as a table, proposed with their simulation beside them, adopted by a second person."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongtu.domains.assessment import actions, queries, rules
from hongtu.domains.assessment.forms import ItemFormSet, ReasonForm, SchemeForm
from hongtu.domains.assessment.models import Scheme
from hongtu.domains.assessment.views.common import crumbs, number, subject_of
from hongtu.domains.assessment.views.ranking import method
from hongtu.domains.assessment.views.tables import difference_table
from hongtu.domains.assessment.vocab import Formula, SchemeState
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can
from hongtu.kernel.indicators.registry import find
from hongtu.kernel.indicators.vocab import Subject
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Column, Crumb, Row, Table

EDITABLE = (SchemeState.DRAFT, SchemeState.REFUSED)


def _url(scheme: Scheme) -> str:
    return reverse("assessment:scheme", args=[scheme.pk])


def _items(plan: rules.Plan) -> Table:
    columns = [
        Column(_("考核项"), frozen=True),
        Column(_("指标")),
        Column(_("分值"), "number"),
        Column(_("计分方法"), "nowrap"),
        Column(_("怎样算"), "text"),
    ]
    rows = []
    for item in plan.items:
        found = find(item.indicator)
        rows.append(
            Row(
                [
                    item.title,
                    _(found.title) if found else item.indicator,
                    number(item.points),
                    _(Formula(item.formula).label),
                    f"{method(item)}。{_(found.meaning) if found and found.meaning else ''}",
                ]
            )
        )
    return Table(
        _("考核项"), columns, rows, totals=[_("合计"), "", number(plan.total), "", ""], identifier="items"
    )


def _page(request: PersonRequest, found: Scheme, status: int = 200, form: Any = None) -> HttpResponse:
    plan = rules.Plan.of(found.data)
    shown = found.simulations.select_related("against").order_by("-at").first()
    differences = (
        rules.compare(rules.from_data(shown.old), rules.from_data(shown.new)) if shown is not None else []
    )
    proposed = found.state == SchemeState.PROPOSED
    context = {
        "scheme": found,
        "subject_words": _(Subject(found.subject).label),
        "table": _items(plan),
        "settings": _settings(plan),
        "simulation": shown,
        "differences": difference_table(differences) if shown else None,
        "risen": sum((d.rise or 0) > 0 for d in differences),
        "fallen": sum((d.rise or 0) < 0 for d in differences),
        "editable": found.state in EDITABLE and can(request.user, "assessment.manage"),
        "may_propose": found.state == SchemeState.DRAFT and can(request.user, "assessment.manage"),
        "may_decide": proposed
        and can(request.user, "assessment.approve")
        and found.proposed_by_id != request.user.pk,
        "own": proposed and found.proposed_by_id == request.user.pk,
        "may_copy": can(request.user, "assessment.manage"),
        "form": form or ReasonForm(initial={"version": found.version}),
        "breadcrumbs": crumbs(Crumb(found.name)),
    }
    return render(request, "assessment/scheme.html", context, status=status)


def _settings(plan: rules.Plan) -> list[tuple[str, str]]:
    words = {
        "good_from": _("良好从（分）"),
        "pass_from": _("合格从（分）"),
        "adjustment_limit": _("加减分上限"),
        "least_points": _("适用分值不足即不排名"),
        "objection_days": _("异议期（工作日）"),
    }
    return [(label, number(plan.settings[name])) for name, label in words.items()]


def _reachable(request: PersonRequest, pk: int) -> Scheme:
    found = queries.schemes(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这份办法，或您无权查看。"))
    return found


@guard("assessment.read")
@require_GET
def scheme(request: PersonRequest, pk: int) -> HttpResponse:
    """Items, settings, where it stands, and what it would change."""
    return _page(request, _reachable(request, pk))


def _initial(found: Scheme | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if found is None:
        return dict(rules.DEFAULTS), []
    plan = rules.Plan.of(found.data)
    head = {"name": found.name, "effective_from": found.effective_from, "basis": found.basis, **plan.settings}
    return head, [dict(i) for i in found.data.get("items", ())]


def _data(form: SchemeForm, items: Any) -> dict[str, Any]:
    """The scheme as stored, from the head and the lines that are filled in."""
    lines = []
    for line in items:
        given = line.cleaned_data
        if not given.get("title") or not given.get("points"):
            continue
        lines.append(
            {
                "key": given.get("key") or f"item-{secrets.token_hex(3)}",
                "title": given["title"],
                "indicator": given.get("indicator") or "",
                "formula": given.get("formula") or Formula.SHARE.value,
                "points": given["points"],
                "cap": given.get("cap") or 1.0,
                "limit": given.get("limit") or 30.0,
            }
        )
    return {"items": lines, **form.settings()}


def _edit(
    request: PersonRequest, subject: Subject, found: Scheme | None, source: Scheme | None
) -> HttpResponse:
    head, lines = _initial(found or source)
    posted = request.method == "POST"
    form = SchemeForm(
        request.POST if posted else None, initial={**head, "version": found.version if found else 0}
    )
    items = ItemFormSet(
        request.POST if posted else None, initial=lines, prefix="items", form_kwargs={"subject": subject}
    )
    if posted and form.is_valid() and items.is_valid():
        given = form.cleaned_data
        values = {
            "name": given["name"], "effective_from": given["effective_from"], "basis": given["basis"],
            "data": _data(form, items),
        }  # fmt: skip
        if found is None:
            made = attempt(
                form, lambda: actions.draft_scheme(by=request.user, subject=subject.value, **values)
            )
        else:
            made = attempt(
                form,
                lambda: actions.revise_scheme(
                    by=request.user, record=found, version=given["version"] or 0, **values
                ),
            )
        if made:
            return done(request, _("已保存草稿，提请前会先模拟"), _url(made))
    context = {
        "form": form,
        "items": items,
        "scheme": found,
        "subject_words": _(subject.label),
        "breadcrumbs": crumbs(Crumb(found.name if found else _("起草办法"))),
    }
    return render(request, "assessment/scheme_edit.html", context, status=422 if posted else 200)


@guard("assessment.manage")
@require_http_methods(["GET", "POST"])
def scheme_new(request: PersonRequest) -> HttpResponse:
    """A new scheme, usually begun as a copy of another (`?from=`)."""
    key = request.GET.get("from", "")
    source = _reachable(request, int(key)) if key.isascii() and key.isdigit() and len(key) < 12 else None
    subject = (
        Subject(source.subject) if source else subject_of(request.GET.get("subject", Subject.OWNER.value))
    )
    return _edit(request, subject, None, source)


@guard("assessment.manage")
@require_http_methods(["GET", "POST"])
def scheme_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    found = _reachable(request, pk)
    if found.state not in EDITABLE:
        raise Http404(_("已提请或已施行的办法不能修改，请另起草一份。"))
    return _edit(request, Subject(found.subject), found, None)


@guard("assessment.manage")
@require_POST
def scheme_propose(request: PersonRequest, pk: int) -> HttpResponse:
    """Simulate and hand in."""
    found, form = _reachable(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        version = form.cleaned_data["version"]
        made = attempt(form, lambda: actions.propose(by=request.user, scheme=found, version=version))
        if made:
            return done(request, _("已模拟并提请，待另一人审定"), _url(made))
    return _page(request, found, 422, form)


@guard("assessment.approve")
@require_POST
def scheme_decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Adopt or send back."""
    found, form = _reachable(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        version, answer = form.cleaned_data["version"], form.cleaned_data["answer"]
        if "refuse" in request.POST:
            made = attempt(
                form, lambda: actions.refuse(by=request.user, scheme=found, version=version, reason=answer)
            )
            text = _("已退回")
        else:
            made = attempt(form, lambda: actions.adopt(by=request.user, scheme=found, version=version))
            text = _("已审定，自%(date)s起施行") % {"date": found.effective_from}
        if made:
            return done(request, text, _url(made))
    return _page(request, found, 422, form)
