"""What the pages of this room share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.consultation import queries
from hongtu.domains.consultation.models import Conclusion, Topic
from hongtu.domains.consultation.rules import steps
from hongtu.domains.consultation.vocab import Agreement, State, Step, TaskState
from hongtu.ui.components import Crumb
from hongtu.ui.status import Status

SOON = timedelta(days=2)
STATUS_OF_TASK = {
    TaskState.DRAFT: Status.NOT_DUE,
    TaskState.HANDED: Status.NORMAL,
    TaskState.DONE: Status.DONE,
    TaskState.FAILED: Status.LATE,
}


@dataclass(frozen=True)
class Link:
    """A step of the chain as the page shows it."""

    number: int
    step: Step
    label: str
    status: Status
    word: str
    who: str
    output: str
    current: bool


def topic_url(topic: Topic) -> str:
    return reverse("consultation:topic", args=[topic.pk])


def crumbs(*last: Crumb) -> list[Crumb]:
    return [Crumb(_("协商议事"), reverse("consultation:home")), *last]


def status_of(topic: Topic, today: date) -> Status:
    """Late once its step is overdue, at risk shortly before, done or left out at the end."""
    if topic.state != State.OPEN:
        return Status.DONE if topic.state == State.ARCHIVED else Status.EXCUSED
    if topic.due_on is None or topic.due_on > today + SOON:
        return Status.NORMAL
    return Status.LATE if topic.due_on < today else Status.WARNING


def chain(topic: Topic, ended: Conclusion | None, today: date, *, closed: bool = False) -> list[Link]:
    """The eleven steps: shape and word of each. `closed`: as it will be once archived."""
    known = queries.step_rules(queries.steps_rule())
    place = steps.ORDER.index(Step(topic.step))
    links = []
    for number, step in enumerate(steps.ORDER):
        skipped = (
            ended is not None
            and ended.agreement == Agreement.NONE
            and step in steps.SKIPPED_WITHOUT_AGREEMENT
        )
        if closed or topic.state == State.ARCHIVED or number < place:
            status, word = (Status.EXCUSED, _("不需要")) if skipped else (Status.DONE, _("已完成"))
        elif number > place or topic.state != State.OPEN:
            status, word = Status.EXCUSED, _("不进行") if topic.state != State.OPEN else _("不需要")
            if topic.state == State.OPEN and not skipped:
                status, word = Status.NOT_DUE, _("未开始")
            elif number == place:
                status, word = Status.DONE, topic.get_state_display()
        else:
            status = status_of(topic, today)
            word = {Status.LATE: _("已超时限"), Status.WARNING: _("快到时限")}.get(status, _("进行中"))
        line = known[step]
        links.append(
            Link(
                number + 1, step, _(step.label), status, word, line["who"], line["output"],
                number == place and topic.state == State.OPEN,
            )
        )  # fmt: skip
    return links
