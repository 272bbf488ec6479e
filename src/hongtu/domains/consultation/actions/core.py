"""What every write of this room shares: refusals in words, the guard of the step, the way into the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from hongtu.domains.consultation import queries
from hongtu.domains.consultation.models import Topic
from hongtu.domains.consultation.rules import steps
from hongtu.domains.consultation.vocab import Refusal, State, Step
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.calendar.working import working_calendar


def refuse(why: Refusal, field: str = "", **facts: Any) -> NoReturn:
    """Raise the refusal in words, beside `field` where one is at fault."""
    text = _(why.label) % facts
    raise InvalidInput(text, code=why.value, fields={field: [text]} if field else {})


def words(missing: steps.Missing) -> str:
    """What is missing, in words; labels among its facts are translated too."""
    facts = {name: _(str(value)) if name == "part" else value for name, value in missing.facts.items()}
    return _(missing.why.label) % facts


def at_step(topic: Topic, *allowed: Step) -> None:
    """Refuse what does not belong to the present step, or comes after the end. The topic's row stays locked
    until
    the action ends, so that nobody votes while somebody concludes."""
    present = Topic.objects.select_for_update(of=("self",)).only("state", "step").get(pk=topic.pk)
    if present.state != State.OPEN:
        refuse(Refusal.CLOSED, state=present.get_state_display())
    if allowed and present.step not in allowed:
        refuse(Refusal.WRONG_STEP, step=present.get_step_display())


def enter(topic: Topic, version: int, step: Step, **changes: Any) -> Topic:
    """Write the topic into a step, with the day until when the step should be done."""
    days = queries.step_rules(queries.steps_rule())[step].get("days")
    due = working_calendar().add(queries.this_day(), int(days)) if days else None
    return topic.revise(version, step=step, due_on=due, **changes)


def required_text(given: Mapping[str, str]) -> None:
    """Refuse empty texts, each beside its field."""
    faults = {name: [_("请填写。")] for name, text in given.items() if not text.strip()}
    if faults:
        raise InvalidInput(_("还差几项，请补齐。"), fields=faults, code="consultation.incomplete")
