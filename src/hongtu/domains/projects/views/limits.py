"""What meetings demanded of a chain's steps, each leading to the decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.utils.translation import gettext as _

from hongtu.kernel.chains.models import StepLimit
from hongtu.kernel.chains.vocab import LimitState
from hongtu.ledger.declaration import ledger_of
from hongtu.ui.status import Status


@dataclass(frozen=True)
class LimitLine:
    """One limit in words; `url` leads to the decision."""

    words: str
    basis: str
    url: str
    state: str
    status: Status
    ended: str


def lines(limits: Iterable[StepLimit]) -> list[LimitLine]:
    """Limits for a page, in the order given."""
    return [
        LimitLine(
            f"{limit.step.sequence}. {limit.step.name} · {limit}",
            str(limit.basis),
            decision_url(limit),
            limit.get_state_display(),
            Status.NORMAL if limit.state == LimitState.IN_FORCE else Status.EXCUSED,
            limit.ended_reason,
        )
        for limit in limits
    ]


def decision_url(limit: StepLimit) -> str:
    """The page of the decision behind a limit, empty when its room shows none."""
    model = apps.get_model(limit.source_label)
    record = model._default_manager.filter(pk=limit.source_key).first()
    ledger = ledger_of(model)
    return ledger.url_of(record) if ledger and record is not None else ""


def demanded(limit: StepLimit) -> str:
    """A limit as the reason of a date."""
    return _("%(basis)s：%(limit)s") % {"basis": limit.basis, "limit": limit}
