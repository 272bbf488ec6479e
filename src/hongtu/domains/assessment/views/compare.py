"""Two rankings side by side: two days, two moments of knowledge, two schemes; who rises, who falls, why."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hongtu.domains.assessment import rules
from hongtu.domains.assessment.forms import CompareForm
from hongtu.domains.assessment.queries.scoring import Result
from hongtu.domains.assessment.views.common import Asked, computed, scheme_asked, subject_of, visible
from hongtu.domains.assessment.views.ranking import known_words, unit_crumbs
from hongtu.domains.assessment.views.tables import difference_table
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.profile.models import today
from hongtu.ui.charts import Series, bar
from hongtu.ui.components import Crumb


def _words(ask: Asked, found: Result | None) -> str:
    return _("截至%(on)s，按%(known)s所知，%(scheme)s") % {
        "on": ask.on,
        "known": known_words(ask),
        "scheme": found.scheme.name if found else _("那一刻还没有考核办法"),
    }


@guard("assessment.read")
@require_GET
def compare(request: PersonRequest, subject: str) -> HttpResponse:
    """The same table for a past date, for what was known then, and for another scheme."""
    code = subject_of(subject)
    given = request.GET.dict()
    form = CompareForm({**given, "on": given.get("on") or today().isoformat(),
                        "on2": given.get("on2") or given.get("on") or today().isoformat()})  # fmt: skip
    data = form.cleaned_data if form.is_valid() else {}
    new = Asked(
        code,
        data.get("on") or today(),
        data.get("known"),
        scheme_asked(request.user, data.get("scheme"), code),
    )
    old = Asked(
        code,
        data.get("on2") or today(),
        data.get("known2"),
        scheme_asked(request.user, data.get("scheme2"), code),
    )
    after, before = computed(new), computed(old)
    lines = [visible(r.lines, request.user) if r else [] for r in (before, after)]
    found = rules.compare(*lines)
    chart = (
        bar(
            _("得分对比"), [one.name for one in found],
            [
                Series(_("对照"), [one.before.total if one.before else None for one in found]),
                Series(_("现在"), [one.after.total if one.after else None for one in found]),
            ],
            identifier="both-scores", unit=_("分"), horizontal=True, height="tall",
        )
        if found
        else None
    )  # fmt: skip
    context = {
        "form": form,
        "ask": new,
        "old_words": _words(old, before),
        "new_words": _words(new, after),
        "chart": chart,
        "table": difference_table(found),
        "risen": sum((one.rise or 0) > 0 for one in found),
        "fallen": sum((one.rise or 0) < 0 for one in found),
        "breadcrumbs": unit_crumbs(new, Crumb(_("对比"))),
    }
    return render(request, "assessment/compare.html", context)
