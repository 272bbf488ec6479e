"""The chain editor: steps as a table and on the chart, the promise, files in and out."""

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.forms import MoveForm, NewChainForm, PromiseForm, StepForm
from hongtu.domains.projects.models import Project
from hongtu.domains.projects.panels import ChainPanel
from hongtu.domains.projects.views.common import attempt, crumbs, done, form_page
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get, require
from hongtu.kernel.base.errors import HongtuError
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.profile.models import today


def _chain(project: Project) -> Chain:
    found = queries.chain_of(project)
    if found is None:
        raise Http404(_("该项目还没有年度链条。"))
    return found


@guard("projects.read")
def chain(request: PersonRequest, pk: int) -> HttpResponse:
    """The chain editor."""
    project = queries.project(pk, request.user)
    found = _chain(project)
    panel = ChainPanel().context(project, request, None, movable=True)
    steps = list(found.steps.select_related("unit", "person").order_by("sequence"))
    context = {
        **panel,
        "project": project,
        "steps": steps,
        "relations": queries.relations_of(found),
        "changes": queries.date_changes(found)[:50],
        "baselines": queries.baselines(found),
        "move_form": MoveForm(auto_id="move-%s"),
        "promise_form": PromiseForm(initial={"version": found.version, "promised": found.promised}),
        "breadcrumbs": crumbs(project, _("年度链条")),
    }
    return render(request, "projects/chain.html", context)


@guard("projects.change")
@require_POST
def step_move(request: PersonRequest, pk: int) -> HttpResponse:
    """A bar of the chain editor was dragged: the dialog sends step, dates and reason, all checked here."""
    project = queries.project(pk, request.user, to="change")
    found = get(Step, request.POST.get("step") or 0, by=request.user)
    form = MoveForm(request.POST)
    url = reverse("projects:chain", args=[project.pk])
    if found.chain.subject_key != project.pk:
        raise Http404(_("该事项不属于这个项目。"))
    if not form.is_valid():
        messages.error(request, _("没有保存：请填写两个日期和理由。"))
        return HttpResponseRedirect(url)
    given = form.cleaned_data
    try:
        actions.revise_step(
            by=request.user,
            step=found,
            version=found.version,
            changes=actions.dragged(found, given["start"], given["finish"]),
            reason=given["reason"],
            cause=given["cause"],
        )
    except HongtuError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已保存：%s") % found.name)
    return HttpResponseRedirect(url)


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def step(request: PersonRequest, pk: int) -> HttpResponse:
    """One step: change it, with the reason of every moved date. Takes JSON from the chart as well."""
    found = get(Step, pk, by=request.user)
    project = queries.project_of(found.chain, request.user, to="change")
    if request.content_type == "application/json":
        return _dragged(request, found)
    form = StepForm(request.POST or None, step=found, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        saved = attempt(
            form,
            lambda: actions.revise_step(
                by=request.user,
                step=found,
                version=given["version"],
                changes=form.changes(),
                reason=given["reason"],
                cause=given["cause"],
            ),
        )
        if saved:
            return done(request, _("已保存：%s") % saved.name, reverse("projects:chain", args=[project.pk]))
    return form_page(request, project, form, _("修改事项：%s") % found.name)


def _dragged(request: PersonRequest, found: Step) -> HttpResponse:
    """A bar was dragged: {version, planned_start, planned_finish, reason, cause} -> the step, or an error."""
    try:
        sent: dict[str, Any] = json.loads(request.body)
        changes = {n: date.fromisoformat(sent[n]) for n in ("planned_start", "planned_finish")}
        version = int(sent["version"])
    except (ValueError, KeyError, TypeError) as error:
        return JsonResponse({"code": "input.invalid", "message": str(error)}, status=400)
    try:
        saved = actions.revise_step(
            by=request.user,
            step=found,
            version=version,
            changes=changes,
            reason=str(sent.get("reason", "")),
            cause=str(sent.get("cause", "plan")),
        )
    except HongtuError as refusal:
        return JsonResponse(refusal.as_dict(), status=409 if refusal.code == "record.stale" else 422)
    return JsonResponse({"version": saved.version, "light": saved.light})


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def promise(request: PersonRequest, pk: int) -> HttpResponse:
    """Move the promised date; the plan as it stood becomes a baseline."""
    project = queries.project(pk, request.user, to="change")
    found = _chain(project)
    form = PromiseForm(request.POST or None, initial={"version": found.version, "promised": found.promised})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        saved = attempt(
            form,
            lambda: actions.move_promise(
                by=request.user,
                chain=found,
                version=given["version"],
                promised=given["promised"],
                reason=given["reason"],
            ),
        )
        if saved:
            return done(
                request, _("承诺日期已改为%s") % saved.promised, reverse("projects:chain", args=[project.pk])
            )
    return form_page(request, project, form, _("调整承诺日期"))


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def chain_new(request: PersonRequest, pk: int) -> HttpResponse:
    """A chain out of the type's template, or out of a schedule file."""
    project = queries.project(pk, request.user, to="change")
    form = NewChainForm(request.POST or None, request.FILES or None, initial={"year": today().year})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def make() -> list[Chain]:
            require(request.user, "projects.change", project)
            if given["file"]:
                new = actions.chain_from_file(project, given["year"], given["file"])
            else:
                new = actions.chain_from_template(
                    project, given["year"], list(queries.template(project.type))
                )
            return actions.make_chains(by=request.user, records=[project], chains=[new])

        if attempt(form, make):
            return done(request, _("已建立年度链条"), reverse("projects:chain", args=[project.pk]))
    return form_page(request, project, form, _("建立年度链条"), upload=True)


@guard("projects.read")
def chain_export(request: PersonRequest, pk: int) -> HttpResponse:
    """The chain as a Microsoft Project XML file."""
    project = queries.project(pk, request.user)
    found = _chain(project)
    response = HttpResponse(actions.chain_to_mspdi(found), content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="chain-{project.pk}-{found.year}.xml"'
    return response
