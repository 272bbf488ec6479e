"""The risk register of a chain: forms for events with measures, branches, three-point durations."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.forms import VersionedForm
from hongtu.domains.projects.forms.register import WAYS, EstimatesForm, RiskBranchForm, RiskEventForm
from hongtu.domains.projects.models import Project
from hongtu.domains.projects.views.common import crumbs, form_page
from hongtu.domains.projects.views.risk import chain_or_404
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.ledger.pages import attempt, done, form_status


def _back(project: Project, anchor: str = "") -> str:
    return reverse("projects:risk", args=[project.pk]) + (f"#{anchor}" if anchor else "")


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def risk_event(request: PersonRequest, pk: int, event: int | None = None) -> HttpResponse:
    """Enter a risk event or change one."""
    project = queries.project(pk, request.user, to="change")
    chain = chain_or_404(project)
    found = get_object_or_404(chain.risk_events, pk=event) if event is not None else None
    form = RiskEventForm(request.POST or None, chain=chain, event=found)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: actions.save_risk_event(
                by=request.user,
                record=project,
                event=found,
                version=form.cleaned_data["version"],
                **form.values(),
            ),
        )
        if saved:
            return done(request, _("已保存：%s") % saved.name, _back(project, "events"))
    extra: dict[str, Any] = {"back_url": _back(project, "events")}
    if found is not None:
        extra["remove_url"] = reverse("projects:risk-event-remove", args=[project.pk, found.pk])
        extra["remove_label"] = _("删除风险事件")
    return form_page(request, project, form, found.name if found else _("新增风险事件"), **extra)


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def risk_event_remove(request: PersonRequest, pk: int, event: int) -> HttpResponse:
    """Take an event off the register, after asking."""
    project = queries.project(pk, request.user, to="change")
    found = get_object_or_404(chain_or_404(project).risk_events, pk=event)

    def remove(version: int) -> None:
        actions.remove_risk_event(by=request.user, record=project, event=found, version=version)

    title = _("删除风险事件：%s") % found.name
    return _removal(request, project, found, title, remove, _back(project, "events"))


def _removal(
    request: PersonRequest, project: Project, found: Any, title: str, remove: Callable[[int], None], back: str
) -> HttpResponse:
    """Asks before something is taken off the register."""
    form = VersionedForm(request.POST or None, initial={"version": found.version})

    def removed() -> bool:
        remove(form.cleaned_data["version"])
        return True

    if request.method == "POST" and form.is_valid() and attempt(form, removed):
        return done(request, _("已删除：%s") % found.name, back)
    return form_page(request, project, form, title, back_url=back, submit_label=_("删除"))


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def risk_branch(request: PersonRequest, pk: int, branch: int | None = None) -> HttpResponse:
    """Enter a branch with its ways or change one."""
    project = queries.project(pk, request.user, to="change")
    chain = chain_or_404(project)
    found = get_object_or_404(chain.risk_branches, pk=branch) if branch is not None else None
    form = RiskBranchForm(request.POST or None, chain=chain, branch=found)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: actions.save_risk_branch(
                by=request.user,
                record=project,
                name=form.cleaned_data["name"],
                ways=form.ways(),
                branch=found,
                version=form.cleaned_data["version"],
            ),
        )
        if saved:
            return done(request, _("已保存：%s") % saved.name, _back(project, "branches"))
    extra: dict[str, Any] = {"back_url": _back(project, "branches")}
    if found is not None:
        extra["remove_url"] = reverse("projects:risk-branch-remove", args=[project.pk, found.pk])
        extra["remove_label"] = _("删除概率分支")
    title = found.name if found else _("新增概率分支")
    context = {
        "project": project,
        "form": form,
        "title": title,
        "ways_shown": [(form[f"way-{n}"], form[f"probability-{n}"]) for n in range(1, WAYS + 1)],
        "steps_shown": [form[f"step-{step.pk}"] for step in form.steps],
        "breadcrumbs": crumbs(project, title),
        **extra,
    }
    return render(request, "projects/branch.html", context, status=form_status(form))


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def risk_branch_remove(request: PersonRequest, pk: int, branch: int) -> HttpResponse:
    """Take a branch off the chain, after asking."""
    project = queries.project(pk, request.user, to="change")
    found = get_object_or_404(chain_or_404(project).risk_branches, pk=branch)

    def remove(version: int) -> None:
        actions.remove_risk_branch(by=request.user, record=project, branch=found, version=version)

    title = _("删除概率分支：%s") % found.name
    return _removal(request, project, found, title, remove, _back(project, "branches"))


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def estimates(request: PersonRequest, pk: int) -> HttpResponse:
    """Three-point durations of all steps that are not finished, in one table."""
    project = queries.project(pk, request.user, to="change")
    chain = chain_or_404(project)
    steps = list(chain.steps.filter(actual_finish=None).order_by("sequence"))
    form = EstimatesForm(request.POST or None, steps=steps)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: (
                actions.estimate_durations(
                    by=request.user, record=project, estimates=form.estimates(), versions=form.versions()
                ),
            ),
        )
        if saved:
            messages.success(request, _("已保存%d项三点工期") % saved[0])
            return HttpResponseRedirect(_back(project, "estimates"))
    context = {
        "project": project,
        "form": form,
        "rows": list(form.rows()),
        "back_url": _back(project, "estimates"),
        "breadcrumbs": crumbs(project, _("三点工期")),
    }
    return render(request, "projects/estimates.html", context, status=form_status(form))
