"""Lights set by hand, stages, evidence."""

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hongtu.domains.projects import actions, queries, vocab
from hongtu.domains.projects.forms import EvidenceForm, LightChangeForm, StageForm
from hongtu.domains.projects.models import Evidence, LightChange
from hongtu.domains.projects.views.common import form_page, project_url
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get, objects
from hongtu.kernel.base.errors import HongtuError
from hongtu.kernel.chains.models import Step
from hongtu.ledger.pages import attempt, done


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def light_change(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for a light set by hand."""
    project = queries.project(pk, request.user, to="change")
    form = LightChangeForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            form, lambda: actions.ask_light_change(by=request.user, record=project, **form.cleaned_data)
        )
    ):
        return done(request, _("已提交改灯申请，待他人审批"), project_url(project.pk, "lights"))
    return form_page(request, project, form, _("申请改灯"))


@guard("projects.approve")
def light_changes(request: PersonRequest) -> HttpResponse:
    """Lights set by hand that wait for a decision."""
    waiting = (
        objects(LightChange, by=request.user, to="approve")
        .filter(state=vocab.LightChangeState.PENDING)
        .select_related("project", "asked_by")[:200]
    )
    return render(request, "projects/light_changes.html", {"waiting": waiting})


@guard("projects.approve")
@require_POST
def light_decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Approve or refuse one."""
    from django.contrib import messages

    change = get(LightChange, pk, by=request.user, to="approve")
    try:
        actions.decide_light_change(
            by=request.user,
            change=change,
            version=int(request.POST.get("version") or 0),
            approve="approve" in request.POST,
        )
        messages.success(request, _("已处理"))
    except HongtuError as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(project_url(change.project_id, "lights"))


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def stage(request: PersonRequest, pk: int) -> HttpResponse:
    """Move the project to another stage when its gate is passed."""
    project = queries.project(pk, request.user, to="change")
    form = StageForm(request.POST or None, initial={"version": project.version, "stage": project.stage})
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: actions.change_stage(by=request.user, record=project, **form.cleaned_data))
    ):
        return done(request, _("阶段已更新"), project_url(project.pk))
    return form_page(request, project, form, _("变更阶段"))


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def evidence_new(request: PersonRequest, pk: int) -> HttpResponse:
    """Upload a photo or document."""
    project = queries.project(pk, request.user, to="change")
    chain = queries.chain_of(project)
    steps = chain.steps.all() if chain else Step.objects.none()
    form = EvidenceForm(request.POST or None, request.FILES or None, steps=steps)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: actions.add_evidence(by=request.user, record=project, **form.cleaned_data))
    ):
        return done(request, _("已上传"), project_url(project.pk, "evidence"))
    return form_page(request, project, form, _("上传佐证"), upload=True)


@guard("projects.read")
def evidence_file(request: PersonRequest, pk: int) -> HttpResponse | FileResponse:
    """The file itself, to those who may see the project; always as a download, never run by the browser."""
    found = get(Evidence, pk, by=request.user)
    response = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=f"evidence-{found.pk}{found.suffix}"
    )
    response["Content-Security-Policy"] = "sandbox"
    return response
