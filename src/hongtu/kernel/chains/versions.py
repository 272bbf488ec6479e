"""Plans as they were known: a chain rebuilt from its history at any moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models

from hongtu.engines.schedule.history import Cause, Comparison, StatedReason, compare
from hongtu.engines.schedule.model import Network
from hongtu.kernel.chains.models import Chain, Step, StepDateChange, StepRelation
from hongtu.kernel.chains.scheduling import network
from hongtu.kernel.chains.vocab import SlipCause
from hongtu.kernel.profile.models import district

_CAUSES = {
    SlipCause.OWNER: Cause.OWNER,
    SlipCause.OFFICE: Cause.APPROVING_OFFICE,
    SlipCause.NEIGHBOUR: Cause.NEIGHBOUR,
    SlipCause.DESIGN: Cause.DESIGN_CHANGE,
    SlipCause.WEATHER: Cause.WEATHER,
    SlipCause.EXCUSED: Cause.OTHER,
    SlipCause.PLAN: Cause.REPLANNED,
}


def _events(model: type[models.Model], known: datetime, **filters: Any) -> list[models.Model]:
    """Rows of a tracked model as they stood at `known`: the last event of each, deleted ones left out."""
    event = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    rows = event._default_manager.filter(pgh_created_at__lte=known, **filters)
    last: dict[int, Any] = {row.pgh_obj_id: row for row in rows.order_by("pgh_id")}
    names = [f.attname for f in model._meta.concrete_fields]
    return [
        model(**{name: getattr(row, name) for name in names})
        for row in last.values()
        if row.pgh_label != "delete"
    ]


def as_known(chain: Chain, known: datetime) -> Network:
    """The plan of a chain as one would have been shown it at `known`.

    It is judged at that day, or at the district's data date where that is fixed. LookupError when the chain
    had no step then.
    """
    versions: list[Any] = _events(Chain, known, id=chain.pk)
    steps: list[Any] = _events(Step, known, chain_id=chain.pk)
    if not versions or not steps:
        raise LookupError(f"chain {chain.pk} had no plan on {known:%Y-%m-%d}")
    keys = [step.pk for step in steps]
    relations: list[Any] = _events(StepRelation, known, successor_id__in=keys)
    found = district()
    data_date: date = (found.data_date if found else None) or known.date()
    present = set(keys)
    both = [r for r in relations if r.predecessor_id in present and r.successor_id in present]
    steps.sort(key=lambda step: step.sequence)
    return network(versions[0], steps, both, data_date)


def moments(chain: Chain) -> list[tuple[datetime, str]]:
    """When the plan of a chain changed, with what happened (a reason or a baseline's name), the oldest first.

    Each moment is one at which the change was already known.
    """
    event = apps.get_model("chains", "StepEvent")
    first = (
        event._default_manager.filter(chain_id=chain.pk)
        .order_by("pgh_id")
        .values_list("pgh_created_at", flat=True)
        .first()
    )
    found = [(first + timedelta(seconds=1), "")] if first else []
    for at, reason in StepDateChange.objects.filter(step__chain=chain).values_list("at", "reason"):
        found.append((at + timedelta(seconds=1), str(reason)))
    found += [(at, str(name)) for at, name in chain.baselines.values_list("known_since", "name")]
    unique = {at.replace(microsecond=0): words for at, words in sorted(found)}
    unique = {at + timedelta(seconds=1): words for at, words in unique.items()}
    return sorted(unique.items())


def compared(chain: Chain, old: datetime, new: datetime) -> Comparison:
    """Slips between what was known at two moments, with the reasons recorded between them."""
    changes = StepDateChange.objects.filter(step__chain=chain, at__gt=old, at__lte=new).order_by("at")
    reasons = [
        StatedReason(
            str(change.step_id),
            _CAUSES[SlipCause(change.cause)],
            note=str(change.reason),
            accepted=change.cause == SlipCause.EXCUSED,
        )
        for change in changes
    ]
    return compare(as_known(chain, old), as_known(chain, new), reasons)
