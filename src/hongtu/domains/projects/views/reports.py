"""Monthly reports: fill in, submit, approve or return."""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hongtu.domains.projects import actions, queries, vocab
from hongtu.domains.projects.forms import DecisionForm, ReportForm
from hongtu.domains.projects.models import PeriodReport
from hongtu.domains.projects.views.common import crumbs, project_url
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can, get, objects
from hongtu.ledger.pages import attempt, done, form_status

OPEN = (vocab.ReportState.DRAFT, vocab.ReportState.RETURNED)


@guard("projects.read")
@require_http_methods(["GET", "POST"])
def report(request: PersonRequest, pk: int, period: str) -> HttpResponse:
    """One month's report: a form while it is open, then a record with the decision."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        raise Http404(_("报告期的写法是YYYY-MM。"))
    project = queries.project(pk, request.user)
    found = project.reports.select_related("filled_by", "approved_by").filter(period=period).first()
    initial = {"version": found.version if found else None}
    if found:
        initial |= {n: getattr(found, n) for n in ("done", "progress", "this_period", "next_plan")}
    form = ReportForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def save() -> PeriodReport:
            saved = actions.save_report(
                by=request.user,
                record=project,
                period=period,
                version=given["version"],
                **{n: given[n] for n in ("done", "progress", "this_period", "next_plan")},
            )
            if "submit" in request.POST:
                saved = actions.submit_report(by=request.user, report=saved, version=saved.version)
            return saved

        if attempt(form, save):
            text = _("已报送") if "submit" in request.POST else _("已保存草稿")
            return done(request, text, project_url(project.pk, "reports"))
    may_decide = (
        found is not None
        and found.state == vocab.ReportState.SUBMITTED
        and found.filled_by_id != request.user.pk
        and objects(PeriodReport, by=request.user, to="approve").filter(pk=found.pk).exists()
    )
    context = {
        "project": project,
        "report": found,
        "form": form,
        "period": period,
        "open": found is None or found.state in OPEN,
        "may_decide": may_decide,
        "decision": DecisionForm(initial={"version": found.version if found else None}),
        "breadcrumbs": crumbs(project, _("%s进展报告") % period),
    }
    return render(request, "projects/report.html", context, status=form_status(form))


@guard("projects.approve")
@require_POST
def report_decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Approve a submitted report, or return it with a reason."""
    found = get(PeriodReport, pk, by=request.user, to="approve")
    form = DecisionForm(request.POST)
    url = reverse("projects:report", args=[found.project_id, found.period])
    if form.is_valid():
        approve = "approve" in request.POST
        saved = attempt(
            form,
            lambda: actions.decide_report(
                by=request.user,
                report=found,
                version=form.cleaned_data["version"],
                approve=approve,
                reason=form.cleaned_data["reason"],
            ),
        )
        if saved:
            return done(request, _("已审核通过") if approve else _("已退回"), reverse("projects:reports"))
    context = {
        "project": found.project,
        "report": found,
        "form": ReportForm(),
        "period": found.period,
        "open": False,
        "may_decide": True,
        "decision": form,
        "breadcrumbs": crumbs(found.project, _("%s进展报告") % found.period),
        "back": url,
    }
    return render(request, "projects/report.html", context, status=422)


@guard("projects.read")
def reports(request: PersonRequest) -> HttpResponse:
    """Reports that wait: to be reviewed by this person, and her own that came back."""
    waiting = (
        objects(PeriodReport, by=request.user, to="approve")
        .filter(state=vocab.ReportState.SUBMITTED)
        .select_related("project", "filled_by")
        .order_by("submitted_at")[:200]
        if can(request.user, "projects.approve")
        else []
    )
    returned = (
        objects(PeriodReport, by=request.user)
        .filter(state=vocab.ReportState.RETURNED, filled_by=request.user)
        .select_related("project")[:200]
    )
    return render(request, "projects/reports.html", {"waiting": waiting, "returned": returned})
