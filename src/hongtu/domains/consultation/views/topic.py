"""The page of a topic: the chain of eleven steps, what is missing now, and everything on file."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hongtu.domains.consultation import actions, queries
from hongtu.domains.consultation.models import Inspection, Topic
from hongtu.domains.consultation.rules import steps
from hongtu.domains.consultation.views.archive import document
from hongtu.domains.consultation.views.common import chain, crumbs
from hongtu.domains.consultation.views.moves import open_moves
from hongtu.domains.consultation.views.tables import options_table, participants_table, tasks_table
from hongtu.domains.consultation.vocab import State, Step
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get, objects
from hongtu.ledger.history import history
from hongtu.ui.components import Crumb
from hongtu.ui.print import pdf_response


def missing(topic: Topic, facts: steps.Facts) -> list[str]:
    """What stands before the next step, in words."""
    if topic.state != State.OPEN:
        return []
    return [actions.words(m) for m in steps.lacks(Step(topic.step), facts, queries.steps_rule())]


@guard("consultation.read")
@require_GET
def topic(request: PersonRequest, pk: int) -> HttpResponse:
    found = queries.topic(pk, request.user)
    facts, ended = queries.facts(found), queries.conclusion(found)
    meeting, own = queries.meeting_of(found), request.user
    links = chain(found, ended, facts.today)
    posting = getattr(ended, "posting", None)
    context: dict[str, Any] = {
        "topic": found,
        "links": links,
        "current": next((link for link in links if link.current), None),
        "missing": missing(found, facts),
        "moves": [(m, m.slug == "advance") for m in open_moves(found, facts, own)],
        "editable": found.state == State.OPEN
        and objects(Topic, by=own, to="change").filter(pk=found.pk).exists(),
        "participants": participants_table(found, meeting),
        "options": options_table(queries.options(found), ended.option_id if ended else None),
        "meeting": meeting,
        "former": found.conclusions.filter(round__lt=found.round).select_related("option"),
        "polls": objects(queries.Poll, by=own).filter(topic=found, round=found.round),
        "conclusion": ended,
        "posting": posting,
        "objections": list(posting.objections.all()) if posting else [],
        "tasks": tasks_table(ended, own),
        "inspections": Inspection.objects.filter(task__conclusion=ended).select_related("task")
        if ended
        else [],
        "evaluations": found.evaluations.filter(round=found.round).select_related("participant"),
        "proposals": found.proposals.select_related("problem"),
        "entries": history(found, 20, ("archive", "archive_sha256")),
        "breadcrumbs": crumbs(Crumb(found.name)),
    }
    return render(request, "consultation/topic.html", context)


@guard("consultation.read")
@require_GET
def archive(request: PersonRequest, pk: int) -> HttpResponse | FileResponse:
    """The whole consultation as one file: as it was archived, else as it stands."""
    found = queries.topic(pk, request.user)
    name = f"{found.number} {found.name}.pdf"
    if found.archive and found.archive.storage.exists(str(found.archive.name)):
        return FileResponse(found.archive.open("rb"), content_type="application/pdf", filename=name)
    return pdf_response(document(found), name)


@guard("consultation.read")
@require_GET
def inspection_photo(request: PersonRequest, pk: int) -> FileResponse:
    """The photo of an inspection."""
    found = get(Inspection, pk, by=request.user)
    if not found.photo:
        raise Http404(_("这条记录没有照片。"))
    return FileResponse(found.photo.open("rb"), content_type="image/jpeg", filename=f"{found.pk}.jpg")
