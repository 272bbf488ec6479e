"""The chain editor: steps as a table and on the chart, the promise, files in and out."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.forms import MoveForm, NewChainForm, PromiseForm
from hongtu.domains.projects.models import Project
from hongtu.domains.projects.panels import ChainPanel
from hongtu.domains.projects.views.common import crumbs, form_page
from hongtu.domains.projects.views.limits import lines as limit_lines
from hongtu.domains.projects.views.own_calendars import own_calendars
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import require
from hongtu.kernel.chains.limits import limits_of
from hongtu.kernel.chains.models import Chain
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import attempt, done


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
        "limits": limit_lines(limits_of(found)),
        "relations": queries.relations_of(found),
        "changes": queries.date_changes(found)[:50],
        "baselines": queries.baselines(found),
        "calendars": own_calendars(found, steps),
        "move_form": MoveForm(auto_id="move-%s"),
        "promise_form": PromiseForm(initial={"version": found.version, "promised": found.promised}),
        "breadcrumbs": crumbs(project, _("年度链条")),
    }
    return render(request, "projects/chain.html", context)


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
