"""Pages without an account: posted conclusions, what came of them, and the form for objections."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from hongtu.domains.consultation import actions, queries
from hongtu.domains.consultation.forms import ObjectionForm
from hongtu.domains.consultation.models import Posting
from hongtu.domains.consultation.views.owners import verdict
from hongtu.domains.consultation.views.tables import options_table, tasks_table
from hongtu.kernel.access.guards import guard
from hongtu.kernel.problems.models import Result
from hongtu.ledger.pages import attempt, form_status
from hongtu.ui.components import Pages
from hongtu.ui.status import Status

PER_PAGE = 20
SENT = "consultation_objection_sent"


def _state(posting: Posting) -> tuple[Status, str]:
    if queries.takes_objections(posting):
        return Status.NORMAL, _("公示中，可以提异议")
    return Status.DONE, _("公示已结束")


@guard(public=True)
@require_GET
def postings(request: HttpRequest) -> HttpResponse:
    """Posted conclusions, newest first."""
    rows = queries.postings()
    asked = request.GET.get("page", "1")
    number = max(1, int(asked[:6])) if asked.isascii() and asked.isdigit() else 1
    pages = Pages(number, rows.count(), PER_PAGE)
    first = (number - 1) * PER_PAGE
    shown = [(p, *_state(p)) for p in rows[first : first + PER_PAGE]]
    return render(request, "consultation/postings.html", {"shown": shown, "pages": pages})


@guard(public=True)
@never_cache
@sensitive_post_parameters("name", "contact")
@require_http_methods(["GET", "POST"])
def posting(request: HttpRequest, pk: int) -> HttpResponse:
    """One conclusion in public: what was decided, for how much, who does it, and the form."""
    found = queries.posting(pk)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST":
        address = reverse("consultation:posting", args=[pk])
        if request.POST.get("website"):  # only a robot fills the field that people do not see
            return HttpResponseRedirect(address)
        if form.is_valid() and _object(request, found, form):
            request.session[SENT] = pk
            return HttpResponseRedirect(f"{address}#objections")
    context = _context(found) | {
        "form": form,
        "sent": request.session.pop(SENT, None) == pk,
    }
    return render(request, "consultation/posting.html", context, status=form_status(form))


def _object(request: HttpRequest, found: Posting, form: ObjectionForm) -> Any:
    given = {name: form.cleaned_data[name] for name in ("text", "name", "contact")}
    address = request.META.get("REMOTE_ADDR", "")
    return attempt(form, lambda: actions.make_objection(by=None, posting=found, address=address, **given))


def _context(found: Posting) -> dict[str, Any]:
    ended = found.conclusion
    status, word = _state(found)
    problems = [t.problem_id for t in ended.tasks.all() if t.problem_id]
    results = Result.objects.filter(problem__in=problems, state="standing", published=True)
    answered = found.objections.exclude(state="open")
    return {
        "posting": found,
        "conclusion": ended,
        "topic": ended.topic,
        "status": status,
        "word": word,
        "takes": queries.takes_objections(found),
        "options": options_table([ended.option], ended.option_id) if ended.option else None,
        "tasks": tasks_table(ended, None) if ended.tasks.all() else None,
        "results": results.prefetch_related("quantities"),
        "poll": verdict(queries.result(ended.poll)) if ended.poll else None,
        "objections": answered,
        "waiting": found.objections.filter(state="open").count(),
    }
