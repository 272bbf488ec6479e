"""What decisions demand of steps: which changes keep to them, and the limits of a chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.chains.models import Chain, Step, StepLimit
from hongtu.kernel.chains.vocab import LimitKind, LimitState

FIELD = {
    LimitKind.FINISH_BY: "finish_no_later_than",
    LimitKind.START_AFTER: "start_no_earlier_than",
    LimitKind.DURATION_CAP: "duration",
}


def limits_of(chain: Chain) -> QuerySet[StepLimit]:
    """All limits of a chain's steps, those in force first."""
    rows = StepLimit.objects.filter(step__chain=chain).select_related("step", "by", "replaced_by")
    return rows.order_by("state", "step__sequence", "-id")


def in_force(step: Step) -> QuerySet[StepLimit]:
    return StepLimit.objects.filter(step=step, state=LimitState.IN_FORCE)


def keeps(limit: StepLimit, value: Any) -> bool:
    """Whether a new value of the limit's field keeps to it; a stricter one does."""
    if value is None:
        return False
    if limit.kind == LimitKind.FINISH_BY:
        return bool(value <= limit.day)
    if limit.kind == LimitKind.START_AFTER:
        return bool(value >= limit.day)
    return bool(value <= limit.days)


def refuse_against_limits(step: Step, changes: Mapping[str, Any]) -> None:
    """Raise InvalidInput, naming the decision, when a change goes against one."""
    bound = {FIELD[kind]: kind for kind in LimitKind}
    touched = [bound[name] for name in changes if name in bound]
    if not touched:
        return
    for limit in in_force(step).filter(kind__in=touched):
        field = FIELD[LimitKind(limit.kind)]
        if changes[field] == getattr(step, field) or keeps(limit, changes[field]):
            continue
        text = _("“%(basis)s”已议定“%(step)s”%(limit)s，须由新的议定或说明理由解除后才能改。") % {
            "basis": limit.basis,
            "step": step.name,
            "limit": limit,
        }
        raise InvalidInput(text, code="chains.bound_by_decision", fields={field: [text]})
