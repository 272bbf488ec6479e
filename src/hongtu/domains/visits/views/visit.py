"""One visit, made for a phone at the spot: what is it about, write down, next."""

from uuid import uuid4

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongtu.domains.visits import actions, queries
from hongtu.domains.visits.forms import CancelForm, FindingForm, HoldForm
from hongtu.domains.visits.models import SitePhoto, Visit
from hongtu.domains.visits.views.common import crumbs, day_url, kept, visit_url
from hongtu.domains.visits.vocab import VisitState
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get, objects
from hongtu.kernel.chains import neighbours
from hongtu.kernel.problems.models import Problem
from hongtu.ledger.declaration import ledger_of
from hongtu.ledger.history import history
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Crumb


def _page(
    request: PersonRequest,
    visit: Visit,
    *,
    hold: HoldForm | None = None,
    finding: FindingForm | None = None,
    cancel: CancelForm | None = None,
) -> HttpResponse:
    start = {"version": visit.version, "summary": visit.summary}
    findings = list(visit.findings.select_related("problem").prefetch_related("photos").order_by("pk"))
    reachable = objects(Problem, by=request.user).in_bulk([f.problem_id for f in findings if f.problem_id])
    ledger = ledger_of(Problem)
    urls = {key: ledger.url_of(problem) for key, problem in reachable.items()} if ledger else {}
    last = queries.last_visit(visit, request.user)
    still_open = queries.still_open(visit, request.user)
    refused = any(form is not None and form.is_bound for form in (hold, finding, cancel))
    context = {
        "visit": visit,
        "findings": [(f, urls.get(f.problem_id, "")) for f in findings],
        "last": last,
        "last_url": visit_url(last) if last else "",
        "project_url": neighbours.url_of(visit.chain) if visit.chain else "",
        "still_open": [(p, ledger.url_of(p)) for p in still_open] if ledger else [],
        "photos": list(visit.photos.filter(finding=None)),
        "hold": hold or HoldForm(initial=start),
        "finding": finding or FindingForm(initial={"client_key": uuid4()}),
        "cancel": cancel or CancelForm(initial=start),
        "open": visit.state == VisitState.PLANNED,
        "editable": visit.state != VisitState.CANCELLED
        and objects(Visit, by=request.user, to="change").filter(pk=visit.pk).exists(),
        "next": _next(visit, request),
        "day_url": day_url(visit.leader_id, visit.visited_on),
        "entries": history(visit, 20),
        "breadcrumbs": crumbs(
            Crumb(str(visit.visited_on), day_url(visit.leader_id, visit.visited_on)), Crumb(visit.name)
        ),
    }
    return render(request, "visits/visit.html", context, status=422 if refused else 200)


def _next(visit: Visit, request: PersonRequest) -> Visit | None:
    """The next spot of the day's route that was not yet held."""
    day = queries.day(visit.leader, visit.visited_on, request.user)
    later = [v for v in day if (v.sequence, v.pk) > (visit.sequence, visit.pk)]
    return next((v for v in later if v.state == VisitState.PLANNED), None)


@guard("visits.read")
@require_GET
def visit(request: PersonRequest, pk: int) -> HttpResponse:
    return _page(request, queries.visit(pk, request.user))


@guard("visits.change")
@require_POST
def hold(request: PersonRequest, pk: int) -> HttpResponse:
    """It took place; the record of it."""
    found = queries.visit(pk, request.user, to="change")
    form = HoldForm(request.POST, request.FILES)
    if form.is_valid():
        held = attempt(form, lambda: actions.hold(by=request.user, visit=found, **form.cleaned_data))
        if held:
            return kept(request, _("走访记录已保存"), visit_url(found))
    return _page(request, queries.visit(pk, request.user), hold=form)


@guard("visits.change")
@require_POST
def cancel(request: PersonRequest, pk: int) -> HttpResponse:
    found = queries.visit(pk, request.user, to="change")
    form = CancelForm(request.POST)
    if form.is_valid() and attempt(
        form, lambda: actions.cancel(by=request.user, visit=found, **form.cleaned_data)
    ):
        return done(request, _("走访已取消"), day_url(found.leader_id, found.visited_on))
    return _page(request, queries.visit(pk, request.user), cancel=form)


@guard("visits.change")
@require_http_methods(["POST"])
def finding_new(request: PersonRequest, pk: int) -> HttpResponse:
    """Quick entry: solved here, or on the list."""
    found = queries.visit(pk, request.user, to="change")
    form = FindingForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        made = attempt(form, lambda: actions.add_finding(by=request.user, visit=found, **given))
        if made:
            text = (
                _("已列入问题清单，编号 %(number)s") % {"number": made.problem.number}
                if made.problem
                else _("已记为现场解决")
            )
            return kept(request, text, visit_url(found) + "#findings")
    return _page(request, found, finding=form)


@guard("visits.read")
@require_GET
def photo(request: PersonRequest, pk: int) -> FileResponse:
    """A photo of a visit, or of something solved at it."""
    found = get(SitePhoto, pk, by=request.user)
    return FileResponse(found.file.open("rb"), content_type="image/jpeg", filename=f"{found.pk}.jpg")
