"""Pages without an account: report in three steps, follow by code or private link, answer, look at
results."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongtu.domains.problems import actions, queries
from hongtu.domains.problems.forms import AnswerForm, FollowForm, ReportForm
from hongtu.domains.problems.views.common import picture, result_card, spot_of, status_of, wgs84
from hongtu.kernel.access.guards import guard
from hongtu.kernel.access.limits import limited
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.problems import actions as spine
from hongtu.kernel.problems import queries as spine_queries
from hongtu.kernel.problems.actions import Contact
from hongtu.kernel.problems.models import Following, Reporter
from hongtu.kernel.problems.vocab import State
from hongtu.ledger.pages import attempt, form_status
from hongtu.ui.components import Entry, Pages

SESSION_KEY = "problems_reported"
ANSWERABLE = (State.ANSWERING, State.SOLVED, State.EXPLAINED)
PER_PAGE = 20


@guard(public=True)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where residents begin: report, follow, see what came of it."""
    cards = [result_card(p) for p in queries.featured(3)]
    places = queries.results_by_subdistrict(queries.results_counted())
    return render(
        request,
        "problems/home.html",
        {"cards": cards, "form": FollowForm(), "subdistricts": places},
    )


@guard(public=True)
@never_cache
@sensitive_post_parameters("phone", "name")
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The report: one form in three steps, one page without scripts."""
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if request.POST.get("website"):  # only a robot fills the field that people do not see
            return HttpResponseRedirect(reverse("problems:home"))
        if form.is_valid():
            made = attempt(form, lambda: _make(request, form))
            if made is not None:
                request.session[SESSION_KEY] = {
                    "number": made.problem.number,
                    "joined": bool(form.cleaned_data["same"]),
                    "code": made.reporter.code,
                    "link": made.link,
                }
                return HttpResponseRedirect(reverse("problems:reported"))
    return render(
        request, "problems/report.html", {"form": form, "parts": form.parts()}, status=form_status(form)
    )


@guard(public=True)
@never_cache
@require_POST
def alike(request: HttpRequest) -> HttpResponse:
    """What was reported already that resembles this: shown while the form is filled in, nothing is merged."""
    form = ReportForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    text = str(given.get("description") or "")
    spot = spot_of(given.get("position"))
    place = given.get("subdistrict")
    point = wgs84(spot) if spot else None
    found = spine_queries.alike_published(text, point, place.pk if place else None) if len(text) >= 4 else []
    chosen = str(given.get("same") or "")
    return render(request, "problems/parts/alike.html", {"alike": found, "chosen": chosen})


def _make(request: HttpRequest, form: ReportForm) -> spine.Reported:
    given = form.cleaned_data
    position = given["position"]
    spot = spot_of(position)
    text = given["description"].strip()
    report = {
        "title": text.splitlines()[0][:60],
        "description": text,
        "category": given["category"],
        "subdistrict": given["subdistrict"],
        "address": given["address"],
        "spot": spot,
        "contact": Contact(given["name"], given["phone"]),
    }
    sender = request.META.get("REMOTE_ADDR", "")
    if given["same"]:
        return actions.public_join(
            by=None,
            address_of_sender=sender,
            number=given["same"],
            contact=report["contact"],
            words=text,
        )
    return actions.public_report(
        by=None,
        address_of_sender=sender,
        report=report,
        photos=given["photos"],
        public=given["public"],
    )


@guard(public=True)
@never_cache
@require_GET
def reported(request: HttpRequest) -> HttpResponse:
    """The number, the code and the private link, to keep."""
    found = request.session.get(SESSION_KEY)
    if not found:
        return HttpResponseRedirect(reverse("problems:report"))
    link = request.build_absolute_uri(reverse("problems:mine", args=[found["link"]]))
    return render(request, "problems/reported.html", {**found, "link": link})


@guard(public=True)
@never_cache
@limited("problems.follow", "20/minute 120/hour", methods=["POST"])  # codes are not for guessing
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Status by code: no words of anybody, no name."""
    form = FollowForm(request.POST or None)
    shown = None
    if request.method == "POST" and form.is_valid():
        reporter = queries.reporter_by_code(form.cleaned_data["code"])
        if reporter is None:
            form.add_error("code", _("没有这个查询码，请核对。"))
        else:
            shown = _shown(reporter, private=False)
    status = form_status(form)
    return render(request, "problems/follow.html", {"form": form, "shown": shown}, status=status)


def _shown(reporter: Reporter, *, private: bool) -> list[dict[str, object]]:
    """What a reporter sees of everything she waits for."""
    found = []
    for following in queries.followed(reporter):
        problem = following.problem
        log = queries.public_log(problem)
        entries = [
            Entry(
                line.at,
                line.get_move_display(),
                by=str(line.unit) if line.unit else "",
                text=line.text if private else "",
            )
            for line in log
        ]
        found.append(
            {
                "following": following,
                "problem": problem,
                "moved": problem.pk != reporter.problem_id,
                "status": status_of(problem),
                "log": entries,
                "card": result_card(problem) if private and problem.state in ANSWERABLE else None,
                "answerable": problem.state in ANSWERABLE and following.verdict != "confirmed",
            }
        )
    return found


def _holder(link: str) -> Reporter:
    try:
        return spine.reporter_of(link)
    except InvalidInput as refusal:
        raise Http404(str(refusal.message)) from refusal


@guard(public=True)
@never_cache
@require_GET
def mine(request: HttpRequest, link: str) -> HttpResponse:
    """The reporter's own page, by her private link."""
    reporter = _holder(link)
    context = {
        "reporter": reporter,
        "link": link,
        "shown": _shown(reporter, private=True),
        "form": AnswerForm(),
    }
    return render(request, "problems/mine.html", context)


@guard(public=True)
@limited("problems.answer", "20/minute 120/hour")
@require_POST
def answer(request: HttpRequest, link: str, pk: int) -> HttpResponse:
    """She accepts or disputes."""
    reporter = _holder(link)
    following = Following.objects.filter(reporter=reporter, pk=pk, active=True).first()
    if following is None:
        raise Http404(_("没有这条记录，或您无权查看。"))
    form = AnswerForm(request.POST)
    if form.is_valid() and attempt(
        form, lambda: spine.answer(by=None, following=following, **form.cleaned_data)
    ):
        return HttpResponseRedirect(reverse("problems:mine", args=[link]))
    context = {"reporter": reporter, "link": link, "shown": _shown(reporter, private=True), "form": form}
    return render(request, "problems/mine.html", {**context, "answered": pk}, status=422)


@guard(public=True)
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Problem -> result, by sub-district."""
    chosen = request.GET.get("subdistrict", "")
    key = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 12 else None
    rows = queries.results(key)
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and int(page[:6]) >= 1 else 1
    counted = queries.results_counted()
    total = counted.get(key, 0) if key else sum(counted.values())
    pages = Pages(number, total, PER_PAGE, {"subdistrict": key} if key else {})
    first = (number - 1) * PER_PAGE
    return render(
        request,
        "problems/results.html",
        {
            "cards": [result_card(p) for p in rows[first : first + PER_PAGE]],
            "pages": pages,
            "subdistricts": queries.results_by_subdistrict(counted),
            "chosen": key,
        },
    )


@guard(public=True)
@require_GET
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photo that somebody cleared for the public."""
    return picture(queries.public_photo(pk))
