"""The steps of a chain: one changed, dragged, added, removed; the months of the money plan."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.forms import MonthsForm, MoveForm, RemoveForm, StepForm
from hongtu.domains.projects.queries.risk import approval_matters
from hongtu.domains.projects.views.common import form_page, project_url
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get
from hongtu.kernel.base.errors import HongtuError
from hongtu.kernel.chains.models import Step
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import attempt, done


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
    """One step: its fields, what it waits for, and the reason of every moved date."""
    found = get(Step, pk, by=request.user)
    project = queries.project_of(found.chain, request.user, to="change")
    listed = approval_matters(today())
    form = StepForm(request.POST or None, step=found, matters=listed, initial={"version": found.version})
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
                predecessors=form.new_predecessors(),
            ),
        )
        if saved:
            return done(request, _("已保存：%s") % saved.name, reverse("projects:chain", args=[project.pk]))
    removable = found.actual_start is None
    return form_page(
        request,
        project,
        form,
        _("修改事项：%s") % found.name,
        remove_url=reverse("projects:step-remove", args=[found.pk]) if removable else "",
    )


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def step_new(request: PersonRequest, pk: int) -> HttpResponse:
    """A new step at the end of the chain."""
    project = queries.project(pk, request.user, to="change")
    chain = queries.chain_of(project)
    if chain is None:
        raise Http404(_("该项目还没有年度链条。"))
    blank = Step(chain=chain, unit=project.responsible_unit, segment="construction", duration=5)
    listed = approval_matters(today())
    form = StepForm(request.POST or None, step=blank, matters=listed, initial={"version": 1})
    if request.method == "POST" and form.is_valid():
        fields = {"segment": "construction", **form.fields_of_step()}
        saved = attempt(
            form,
            lambda: actions.add_step(
                by=request.user, chain=chain, fields=fields, after=form.cleaned_data["predecessors"]
            ),
        )
        if saved:
            return done(request, _("已新增：%s") % saved.name, reverse("projects:chain", args=[project.pk]))
    return form_page(request, project, form, _("新增事项"))


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def step_remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a step out that has not begun."""
    found = get(Step, pk, by=request.user)
    project = queries.project_of(found.chain, request.user, to="change")
    form = RemoveForm(request.POST or None, initial={"version": found.version})

    def remove() -> bool:
        actions.remove_step(by=request.user, step=found, **form.cleaned_data)
        return True

    if request.method == "POST" and form.is_valid() and attempt(form, remove):
        return done(request, _("已删除：%s") % found.name, reverse("projects:chain", args=[project.pk]))
    return form_page(request, project, form, _("删除事项：%s") % found.name)


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def months(request: PersonRequest, pk: int) -> HttpResponse:
    """The money plan by month."""
    project = queries.project(pk, request.user, to="change")
    year = today().year
    form = MonthsForm(request.POST or None, months=queries.months(project, year))

    def plan() -> bool:
        actions.plan_months(
            by=request.user, record=project, year=year, plan=form.plan(), reason=form.cleaned_data["reason"]
        )
        return True

    if request.method == "POST" and form.is_valid() and attempt(form, plan):
        return done(request, _("已保存各月计划"), project_url(project.pk, "money"))
    return form_page(request, project, form, _("%s年各月投资计划（万元）") % year)
