"""The consultation as one document (一事一档)."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from hongtu.domains.consultation import queries
from hongtu.domains.consultation.models import Inspection, Meeting, Topic
from hongtu.domains.consultation.views.common import chain
from hongtu.domains.consultation.views.owners import criteria_table
from hongtu.kernel.profile.models import district
from hongtu.ui.print import render_pdf


def _round(topic: Topic, number: int) -> dict[str, Any]:
    """Everything of one round."""
    meeting = (
        topic.meetings.filter(round=number).exclude(state="cancelled").prefetch_related("attended").first()
    )
    ended = topic.conclusions.filter(round=number).select_related("option", "poll", "posting").first()
    posting = getattr(ended, "posting", None)
    return {
        "number": number,
        "options": topic.options.filter(round=number).prefetch_related("funds"),
        "meeting": meeting,
        "present": set(meeting.attended.values_list("pk", flat=True)) if meeting else set(),
        "speeches": meeting.speeches.select_related("participant") if meeting else [],
        "votes": _votes(meeting),
        "polls": [
            (poll, criteria_table(queries.result(poll)))
            for poll in topic.polls.filter(round=number, closed_on__isnull=False)
        ],
        "conclusion": ended,
        "posting": posting,
        "objections": posting.objections.all() if posting else [],
        "tasks": ended.tasks.select_related("unit", "person", "problem__result") if ended else [],
        "inspections": Inspection.objects.filter(task__conclusion=ended).select_related("task")
        if ended
        else [],
        "evaluations": topic.evaluations.filter(round=number).select_related("participant"),
    }


def _votes(meeting: Meeting | None) -> Any:
    return meeting.votes.select_related("participant") if meeting else []


def document(topic: Topic, *, closing: bool = False) -> bytes:
    """The PDF; `closing`: the one that is kept, which says that the file is closed. An official record of the
    district: Chinese in every language of the interface."""
    with translation.override("zh-hans"):
        context = {
            "topic": topic,
            "district": district(),
            "links": chain(topic, queries.conclusion(topic), queries.this_day(), closed=closing),
            "closed_on": queries.this_day() if closing else topic.archived_on,
            "participants": topic.participants.select_related("unit"),
            "proposals": topic.proposals.all(),
            "rounds": [_round(topic, number) for number in range(1, topic.round + 1)],
        }
        return render_pdf("consultation/archive.html", context, data_date=queries.this_day())
