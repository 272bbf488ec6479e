"""Published rankings: frozen, sealed, open to objections for a period, corrected by another one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hongtu.domains.assessment import actions, queries, rules
from hongtu.domains.assessment.forms import ObjectionForm, PublishForm
from hongtu.domains.assessment.models import Objection, Ranking
from hongtu.domains.assessment.rules import Score
from hongtu.domains.assessment.views import documents
from hongtu.domains.assessment.views.common import Asked, computed, crumbs
from hongtu.domains.assessment.views.tables import difference_table, ranking_chart, ranking_table
from hongtu.domains.assessment.vocab import ObjectionState
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can, get, objects
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.people.models import Unit
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Cell, Column, Crumb, Row, Table


def replayed(found: Ranking) -> Asked:
    """The asking that computes the same ranking anew: its scheme, its day, what was known then."""
    return Asked(Subject(found.subject), found.on, found.known_at, found.scheme)


def _objections(request: PersonRequest, found: Ranking) -> Table:
    rows = objects(Objection, by=request.user).filter(ranking=found).select_related("unit", "asked_by")
    columns = [
        Column(_("主张"), frozen=True),
        Column(_("单位")),
        Column(_("状态"), "nowrap"),
        Column(_("提出人"), "nowrap"),
        Column(_("答复"), "text"),
    ]
    cells = [
        Row(
            [
                Cell(o.name, reverse("assessment:objection", args=[o.pk])),
                o.unit.name,
                o.get_state_display(),
                str(o.asked_by or "—"),
                o.answer,
            ]
        )
        for o in rows
    ]
    return Table(_("异议"), columns, cells, empty=_("没有异议"), identifier="objections")


def _own_units(request: PersonRequest, lines: list[Score]) -> Any:
    """Units of this ranking for which she may object."""
    scope = queries.REACH.scope(request.user, "change")
    return Unit.objects.filter(scope, pk__in=[line.unit for line in lines])


def _page(request: PersonRequest, found: Ranking, status: int = 200, **forms: Any) -> HttpResponse:
    lines = rules.from_data(found.lines)
    ask = replayed(found)
    whole = queries.whole_district(request.user)
    reach = queries.reach(request.user)

    def address(line: Score) -> str:
        return ask.url("unit", line.unit) if reach is None or line.unit in reach else ""

    again = computed(ask) if whole and "check" in request.GET else None
    fresh = rules.digest(rules.as_data(again.lines)) if again else ""
    own = _own_units(request, lines)
    in_time = today() <= found.objections_until
    last = queries.latest(found.subject, found.on)
    items = [(i.key, i.title) for i in lines[0].items] if lines else []
    accepted = Objection.objects.filter(ranking=found, state=ObjectionState.ACCEPTED).exists()
    context = {
        "ranking": found,
        "subject_words": _(ask.subject.label),
        "chart": ranking_chart(lines, address),
        "table": ranking_table(lines, address, {s["unit"]: s["rank"] for s in last.lines} if last else None),
        "objections": _objections(request, found),
        "in_time": in_time,
        "object_form": forms.get("object_form") or ObjectionForm(units=own, items=items),
        "may_object": in_time and can(request.user, "assessment.change") and own.exists(),
        "superseded": Ranking.objects.filter(supersedes=found).defer("lines").first(),
        "may_correct": accepted and can(request.user, "assessment.approve"),
        "correct_form": forms.get("correct_form")
        or PublishForm(initial={"on": found.on, "name": _("%(name)s（更正）") % {"name": found.name}}),
        "may_export": can(request.user, "assessment.export"),
        "may_check": whole,
        "seal_holds": rules.digest(found.lines) == found.digest,
        "replay_same": fresh == found.digest if fresh else None,
        "now_url": Asked(ask.subject, found.on).url("ranking"),
        "differences": _later(request, ask, lines) if "check" in request.GET and whole else None,
        "breadcrumbs": crumbs(
            Crumb(_(ask.subject.label), Asked(ask.subject, today()).url("ranking")), Crumb(found.name)
        ),
    }
    return render(request, "assessment/published.html", context, status=status)


def _later(request: PersonRequest, ask: Asked, lines: list[Score]) -> Table | None:
    """What would be different with the knowledge of now."""
    found = computed(Asked(ask.subject, ask.on, None, ask.scheme))
    changed = [d for d in rules.compare(lines, found.lines) if d.reasons] if found else []
    return difference_table(changed) if changed else None


@guard("assessment.read")
@require_GET
def published(request: PersonRequest, pk: int) -> HttpResponse:
    """The ranking as it was published; `?check` computes it anew from what was known then."""
    return _page(request, get(Ranking, pk, by=request.user))


def _sheet(found: Ranking) -> documents.Sheet:
    known = timezone.localtime(found.known_at).strftime("%Y-%m-%d %H:%M:%S")
    return documents.Sheet(
        found.name, _(Subject(found.subject).label), found.scheme.name, found.on, known,
        rules.from_data(found.lines), found.number, found.digest,
        timezone.localtime(found.published_at).date(),
    )  # fmt: skip


@guard("assessment.export")
@require_GET
def published_excel(request: PersonRequest, pk: int) -> HttpResponse:
    """The published ranking as Excel, with its number and seal."""
    return documents.excel(_sheet(get(Ranking, pk, by=request.user)))


@guard("assessment.export")
@require_GET
def published_word(request: PersonRequest, pk: int) -> HttpResponse:
    """The published ranking as an official document."""
    return documents.word(_sheet(get(Ranking, pk, by=request.user)))


@guard("assessment.change")
@require_POST
def object_to(request: PersonRequest, pk: int) -> HttpResponse:
    """Object to a line."""
    found = get(Ranking, pk, by=request.user)
    lines = rules.from_data(found.lines)
    items = [(i.key, i.title) for i in lines[0].items] if lines else []
    form = ObjectionForm(request.POST, units=_own_units(request, lines), items=items)
    if form.is_valid():
        made = attempt(form, lambda: actions.object_to(by=request.user, ranking=found, **form.cleaned_data))
        if made:
            return done(
                request, _("异议已提交，答复后会在此显示"), reverse("assessment:published", args=[pk])
            )
    return _page(request, found, 422, object_form=form)


@guard("assessment.approve")
@require_POST
def correct(request: PersonRequest, pk: int) -> HttpResponse:
    """Publish a correction: another ranking, of the same day, as known now. The first one stays."""
    found, form = get(Ranking, pk, by=request.user), PublishForm(request.POST)
    if form.is_valid():
        made = attempt(
            form,
            lambda: actions.publish(
                by=request.user, subject=found.subject, on=found.on, name=form.cleaned_data["name"],
                supersedes=found,
            ),
        )  # fmt: skip
        if made:
            text = _("已更正发布：%(number)s") % {"number": made.number}
            return done(request, text, reverse("assessment:published", args=[made.pk]))
    return _page(request, found, 422, correct_form=form)
