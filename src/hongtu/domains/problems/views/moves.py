"""One page for each move: a form, and the action behind it; requests decided; an answer by telephone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hongtu.domains.problems.forms import AnswerForm, DecisionForm
from hongtu.domains.problems.views.common import problem_url
from hongtu.domains.problems.views.offers import STEPS
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get
from hongtu.kernel.problems import actions, rules
from hongtu.kernel.problems.actions.core import case_of
from hongtu.kernel.problems.models import Decision, Following
from hongtu.kernel.problems.queries import problem as one
from hongtu.ledger.pages import attempt, form_status
from hongtu.ui.components import Crumb


def _permission(step: str = "", **_kwargs: object) -> str:
    found = STEPS.get(step)
    return f"problems.{found.right}" if found else "problems.read"


@guard(_permission)
@require_http_methods(["GET", "POST"])
def move(request: PersonRequest, pk: int, step: str) -> HttpResponse:
    """The form of a move, and the move."""
    chosen = STEPS.get(step)
    if chosen is None:
        raise Http404
    problem = one(pk, request.user, chosen.right)
    form = chosen.form(request.POST or None, request.FILES or None, problem=problem)
    refused = rules.check(chosen.move, case_of(problem))
    if request.method == "POST" and form.is_valid():
        version, values = form.cleaned_data["version"], form.values()
        if attempt(form, lambda: chosen.run(request.user, problem, version, values)) is not None:
            messages.success(request, _("已完成：%s") % (str(chosen.label) or _(chosen.move.label)))
            return HttpResponseRedirect(problem_url(pk))
    title = str(chosen.label) or _(chosen.move.label)
    context = {
        "problem": problem,
        "form": form,
        "title": title,
        "kind": "danger" if chosen.danger else "primary",
        "upload": form.is_multipart(),
        "refused": _(refused.why.label) % {k: _(str(v)) for k, v in refused.facts.items()} if refused else "",
        "breadcrumbs": [Crumb(problem.number, problem_url(pk)), Crumb(title)],
    }
    return render(request, "problems/move.html", context, status=form_status(form))


@guard("problems.approve")
@require_POST
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Grant or refuse a request."""
    decision = get(Decision, pk, by=request.user, to="approve")
    form = DecisionForm(request.POST)
    if form.is_valid():
        found = attempt(
            form,
            lambda: actions.decide(
                by=request.user,
                decision=decision,
                version=form.cleaned_data["version"],
                grant="grant" in request.POST,
                answer=form.cleaned_data["answer"],
            ),
        )
        if found is not None:
            messages.success(request, _("已审批：%s") % found)
            return HttpResponseRedirect(reverse("problems:my-day"))
    for text in [t for texts in form.errors.values() for t in map(str, texts)]:
        messages.error(request, text)
    return HttpResponseRedirect(reverse("problems:my-day"))


@guard("problems.triage")
@require_http_methods(["GET", "POST"])
def staff_answer(request: PersonRequest, pk: int, following: int) -> HttpResponse:
    """What a reporter said on the telephone, written down by somebody without a hand in the work."""
    problem = one(pk, request.user, "triage")
    waiting = Following.objects.filter(pk=following, problem=problem, active=True).first()
    if waiting is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: actions.answer(by=request.user, following=waiting, **form.cleaned_data))
        if done is not None:
            messages.success(request, _("已记录回访"))
            return HttpResponseRedirect(problem_url(pk))
    title = _("记录回访：%s") % waiting.reporter
    context = {
        "problem": problem,
        "form": form,
        "title": title,
        "kind": "primary",
        "breadcrumbs": [Crumb(problem.number, problem_url(pk)), Crumb(title)],
    }
    return render(request, "problems/move.html", context, status=form_status(form))
