"""Say which step of a chain a problem holds up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hongtu.domains.problems.forms import BlockForm
from hongtu.domains.problems.views.common import problem_url
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import objects
from hongtu.kernel.chains.models import Chain
from hongtu.kernel.problems import actions
from hongtu.kernel.problems.queries import problem as one
from hongtu.ledger.pages import attempt
from hongtu.ui.components import Crumb


@guard("problems.change")
@require_http_methods(["GET", "POST"])
def block(request: PersonRequest, pk: int) -> HttpResponse:
    """First the chain, then its step; both among those she may see."""
    problem = one(pk, request.user, "change")
    chains = objects(Chain, by=request.user).filter(steps__actual_finish__isnull=True).distinct()
    given = request.GET.get("chain", "") or str(problem.step.chain_id if problem.step else "")
    chain = (
        chains.filter(pk=given).first() if given.isascii() and given.isdigit() and len(given) < 18 else None
    )
    form = BlockForm(request.POST or None, problem=problem, chain=chain) if chain else None
    if request.method == "POST" and form is not None and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: actions.block_step(by=request.user, problem=problem, **values)) is not None:
            messages.success(request, _("已保存：%s") % (values["step"] or _("不卡住任何事项")))
            return HttpResponseRedirect(problem_url(pk))
    context = {
        "problem": problem,
        "chains": chains.order_by("title"),
        "chain": chain,
        "form": form,
        "breadcrumbs": [Crumb(problem.number, problem_url(pk)), Crumb(_("卡住哪个事项"))],
    }
    refused = form is not None and form.is_bound and form.errors
    return render(request, "problems/block.html", context, status=422 if refused else 200)
