"""Writes of limits: a decision binds a step, another one replaces it, a reason lifts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hongtu.engines.vocabulary import mark
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.base.models import model_label
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.chains.actions import keep_baseline, write_step
from hongtu.kernel.chains.limits import FIELD, in_force
from hongtu.kernel.chains.models import Step, StepLimit
from hongtu.kernel.chains.vocab import LimitKind, LimitState, SlipCause
from hongtu.kernel.people.models import Person


@dataclass(frozen=True)
class Demand:
    """What is decided of a step: `day` for the two kinds of date, `days` in the step's unit for the cap."""

    kind: LimitKind
    day: date | None = None
    days: int | None = None

    @property
    def value(self) -> Any:
        return self.days if self.kind is LimitKind.DURATION_CAP else self.day


@action("chains.impose_limit")
def impose_limit(
    *, by: Person | None, step: Step, demand: Demand, source: Any, basis: Sentence, data_date: date
) -> StepLimit:
    """Bind a step by a decision (`source`, a saved record) and plan its chain anew.

    A limit of the same kind that was in force is replaced. The plan as it stood is kept as a baseline. Raises
    InvalidInput when the measure is missing, the step is finished, or two decisions contradict each other.
    """
    _check(step, demand)
    previous = in_force(step).filter(kind=demand.kind).first()
    field = FIELD[demand.kind]
    keep_baseline(
        by=by,
        chain=step.chain,
        name=Sentence(mark("%(basis)s之前"), {"basis": basis}),
        valid_from=step.chain.start,
    )
    if previous is not None:
        previous.revise(previous.version, state=LimitState.REPLACED)
    made = StepLimit.objects.create(
        step=step,
        kind=demand.kind,
        day=demand.day,
        days=demand.days,
        before=previous.before if previous else _kept(step, field),
        basis=basis,
        source_label=model_label(source),
        source_key=source.pk,
        by=by,
    )
    if previous is not None:
        previous.revise(previous.version, replaced_by=made)
    note(step, basis=str(basis), limit=demand.kind.value, value=str(demand.value))
    write_step(
        by=by,
        step=step,
        version=step.version,
        changes=_changes(step, demand),
        reason=basis,
        cause=SlipCause.PLAN,
        data_date=data_date,
    )
    return made


def _check(step: Step, demand: Demand) -> None:
    name = "limit_days" if demand.kind is LimitKind.DURATION_CAP else "limit_on"
    if not demand.value:
        raise InvalidInput(
            _("请填写约束的日期或天数。"), code="chains.limit_empty", fields={name: [_("请填写。")]}
        )
    if step.actual_finish is not None:
        raise InvalidInput(_("“%s”已经完成，不再约束。") % step, code="chains.step_finished")
    if demand.kind is LimitKind.START_AFTER and step.actual_start is not None:
        text = _("“%s”已经开始。") % step
        raise InvalidInput(text, code="chains.step_begun", fields={name: [text]})
    other = LimitKind.START_AFTER if demand.kind is LimitKind.FINISH_BY else LimitKind.FINISH_BY
    against = in_force(step).filter(kind=other).first()
    if demand.day is None or against is None or against.day is None:
        return
    starts = demand.kind is LimitKind.START_AFTER
    first, last = (demand.day, against.day) if starts else (against.day, demand.day)
    if first > last:
        text = _("与“%(basis)s”议定的“%(limit)s”矛盾，请先议定改它。") % {
            "basis": against.basis,
            "limit": against,
        }
        raise InvalidInput(text, code="chains.limits_contradict", fields={name: [text]})


def _kept(step: Step, field: str) -> dict[str, Any]:
    """What stood in the field, and what goes with it."""
    names = [field, "remaining_duration"] if field == "duration" else [field]
    found = {name: getattr(step, name) for name in names}
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in found.items()}


def _changes(step: Step, demand: Demand) -> dict[str, Any]:
    if demand.kind is not LimitKind.DURATION_CAP or demand.days is None:
        return {FIELD[demand.kind]: demand.day}
    changes: dict[str, Any] = {"duration": min(step.duration, demand.days)}
    if step.remaining_duration is not None:
        changes["remaining_duration"] = min(step.remaining_duration, demand.days)
    return changes


@action("chains.lift_limit")
def lift_limit(
    *, by: Person | None, limit: StepLimit, version: int, reason: str, data_date: date
) -> StepLimit:
    """Take a limit back with a reason; the step gets back what stood there, unless its plan has moved on
    since."""
    if limit.state != LimitState.IN_FORCE:
        raise InvalidInput(_("这项约束已经不再有效。"), code="chains.limit_ended")
    if not reason.strip():
        raise InvalidInput(
            _("解除会议约束必须说明理由。"),
            code="chains.reason_required",
            fields={"reason": [_("请填写。")]},
        )
    limit.revise(version, state=LimitState.LIFTED, ended_reason=reason.strip()[:300])
    step = limit.step
    demanded = limit.days if limit.kind == LimitKind.DURATION_CAP else limit.day
    back = {}
    if getattr(step, FIELD[LimitKind(limit.kind)]) == demanded and step.actual_finish is None:
        back = {name: _read(name, value) for name, value in limit.before.items()}
        if step.actual_start is None or limit.before.get("remaining_duration") is None:
            back.pop("remaining_duration", None)
    note(step, reason=reason, limit=limit.kind)
    if back:
        write_step(
            by=by,
            step=step,
            version=step.version,
            changes=back,
            reason=reason,
            cause=SlipCause.PLAN,
            data_date=data_date,
        )
    return limit


def _read(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if value and name not in ("duration", "remaining_duration") else value
