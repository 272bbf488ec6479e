"""The declarations of the dispatch room."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hongtu.domains.dispatch import actions
from hongtu.domains.dispatch.models import AgendaItem, Escalation, Meeting
from hongtu.ledger.columns import Column
from hongtu.ledger.declaration import Fieldset, Ledger, register


@register
class MeetingLedger(Ledger):
    model = Meeting
    title = _("调度会议")
    slug = "meetings"
    columns = ("name", "held_on", "kind", "level", "chair", "state", "number", Column("place", shown=False))
    filters = ("kind", "level", "state", "chair", "held_on")
    search = ("name", "number", "attendees")
    ordering = ("-held_on",)
    form = (
        Fieldset(_("会议"), "name", "kind", "level", "held_on", "begins_at", "place", "chair", "desk"),
        Fieldset(_("参会"), "attendees", "absent", "observers", "copy_to"),
    )
    create, update = actions.plan_meeting, actions.revise_meeting
    detail_url = lambda record: reverse("dispatch:meeting", args=[record.pk])  # noqa: E731


def _decision_url(record: AgendaItem) -> str:
    """A decision is looked at on the screen of its meeting."""
    return f"{reverse('dispatch:meeting', args=[record.meeting_id])}?item={record.pk}#item"


@register
class DecisionLedger(Ledger):
    model = AgendaItem
    title = _("议定事项")
    slug = "decisions"
    columns = (
        "name",
        "meeting",
        "origin",
        "days",
        "outcome",
        "decision",
        "unit",
        "person",
        "due_on",
        "order",
        Column("order__state", label=_("交办单状态")),
    )
    filters = ("origin", "outcome", "unit", "due_on", "order__state")
    search = ("name", "decision")
    ordering = ("due_on",)
    detail_url = lambda record: _decision_url(record)  # noqa: E731


@register
class EscalationLedger(Ledger):
    model = Escalation
    title = _("提级记录")
    slug = "escalations"
    columns = ("name", "level", "cause", "since", "days", "reason", "on")
    filters = ("level", "cause", "on", "since")
    search = ("name", "reason")
    ordering = ("-on",)
