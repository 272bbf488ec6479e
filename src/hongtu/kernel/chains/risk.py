"""How uncertain chains are: from rows of steps to a risk model of the engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hongtu.engines.schedule.model import Activity, Constraint, ConstraintKind, Network, Relation
from hongtu.engines.schedule.risk.distributions import Distribution, Pert, Quantiles, Remaining
from hongtu.engines.schedule.risk.learning import ApprovalHistory, Default, Observation
from hongtu.engines.schedule.risk.model import Promise, RiskModel, Uncertainty
from hongtu.kernel.calendar.working import WorkingCalendar, working_calendar
from hongtu.kernel.chains.models import Chain, Step, StepRelation
from hongtu.kernel.chains.risk_register import Register, register
from hongtu.kernel.chains.scheduling import network
from hongtu.kernel.chains.vocab import DurationUnit, Whose

USUAL = (0.85, 1.35)
MOST = 1_000.0
"""Percent of the planned duration beyond which a record is cut off: more is a slip of the pen."""
PLANNED = 100.0
"""Past durations are kept in percent of the planned ones: steps of one name are planned differently long."""


@dataclass(frozen=True)
class RiskRules:
    """How far durations spread (multiples of the planned, by whose days they are) and what moves together."""

    spread: Mapping[str, tuple[float, float]]
    correlation: Mapping[str, float]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> RiskRules:
        """From the data of a rule: {spread: {owner: [early, late]}, correlation: {owner: 0.2}}."""
        spread = {who: (float(low), float(high)) for who, (low, high) in data["spread"].items()}
        return cls(spread, {who: float(value) for who, value in data.get("correlation", {}).items()})


Histories = Mapping[str, ApprovalHistory]
"""What was learned, by whose days: offices are not owners."""


def histories(rules: RiskRules, calendar: WorkingCalendar | None = None) -> Histories:
    """What the district's own finished steps say, by whose days, name and unit; one query.

    Waits fixed by law are not learned. Excused steps and those planned with no duration are left out.
    """
    calendar = calendar or working_calendar()
    rows = (
        Step.objects.filter(actual_finish__isnull=False, duration__gt=0, excused=False)
        .exclude(whose=Whose.STATUTORY)
        .values_list("whose", "name", "unit_id", "duration", "duration_unit", "actual_start", "actual_finish")
    )
    seen: dict[str, list[Observation]] = defaultdict(list)
    for whose, name, unit, planned, kind, start, finish in rows:
        if start is None or finish is None:  # a constraint of the table rules it out
            continue
        taken = min(PLANNED * _days(start, finish, kind, calendar) / planned, MOST)
        seen[whose].append(Observation(name, str(unit), taken))
    return {
        whose: ApprovalHistory(
            found, {o.matter: PLANNED for o in found}, default=Default(*rules.spread.get(whose, USUAL))
        )
        for whose, found in seen.items()
    }


def _days(start: date, finish: date, unit: str, calendar: WorkingCalendar) -> float:
    """Days from start to finish, both included, in the step's unit."""
    if unit == DurationUnit.CALENDAR_DAY:
        return float((finish - start).days + 1)
    return float(calendar.count(start, finish) + int(calendar.is_working(finish)))


def risk_model(
    chains: Sequence[Chain],
    data_date: date,
    rules: RiskRules,
    learned: Histories | None = None,
    *,
    steps: Mapping[int, Sequence[Step]] | None = None,
    relations: Mapping[int, Sequence[StepRelation]] | None = None,
    ties: Sequence[Relation] = (),
    registered: Register | None = None,
) -> RiskModel:
    """Chains as one model whose promises are theirs, named by primary key, with their events and branches.

    A fixed number of queries. `steps` (by chain) stands in for the stored rows: a what-if; `relations`
    likewise, by the chain of the successor, and `registered` their events. `ties` are relations
    between steps of different chains.
    """
    calendar = working_calendar()
    rows: Mapping[int, Sequence[Step]] = steps if steps is not None else stored_steps(chains)
    linked = relations if relations is not None else stored_relations(chains)
    parts = [
        network(chain, rows[chain.pk], linked.get(chain.pk, ()), data_date, calendar)
        for chain in chains
        if rows.get(chain.pk)
    ]
    if not parts:
        raise LookupError("none of these chains has a step")
    promises = [
        Promise(str(chain.pk), chain.promised, tuple(str(s.pk) for s in rows[chain.pk]))
        for chain in chains
        if rows.get(chain.pk)
    ]
    uncertain = [
        found
        for chain in chains
        for step in rows.get(chain.pk, ())
        if (found := uncertainty(step, data_date, rules, learned, calendar))
    ]
    whole = _together(parts)
    if ties:
        whole = replace(whole, relations=[*whole.relations, *ties])
    present = {activity.id for activity in whole.activities}
    known = register(chains) if registered is None else registered
    return RiskModel(
        whole,
        uncertain,
        events=known.engine_events(present),
        branches=known.engine_branches(present),
        promises=promises,
    )


def stored_relations(chains: Iterable[Chain]) -> dict[int, list[StepRelation]]:
    """Relations by the chain of their successor; one query."""
    found: dict[int, list[StepRelation]] = defaultdict(list)
    rows = StepRelation.objects.filter(successor__chain__in=list(chains)).select_related("successor")
    for relation in rows:
        found[relation.successor.chain_id].append(relation)
    return found


def stored_steps(chains: Iterable[Chain]) -> dict[int, list[Step]]:
    """Steps by chain, in order; one query."""
    found: dict[int, list[Step]] = defaultdict(list)
    for step in (
        Step.objects.filter(chain__in=list(chains)).select_related("unit").order_by("chain_id", "sequence")
    ):
        found[step.chain_id].append(step)
    return found


def _together(parts: Sequence[Network]) -> Network:
    """Several chains as one network, none beginning before its own start."""
    if len(parts) == 1:
        return parts[0]
    activities: list[Activity] = []
    relations: list[Relation] = []
    for part in parts:
        waiting = {relation.successor for relation in part.relations}
        floor = Constraint(ConstraintKind.START_NO_EARLIER_THAN, part.start)
        for activity in part.activities:
            free = activity.id not in waiting and activity.actual_start is None and not activity.constraints
            activities.append(replace(activity, constraints=(floor,)) if free else activity)
        relations += part.relations
    return replace(
        parts[0],
        activities=activities,
        relations=relations,
        start=min(part.start for part in parts),
        must_finish_by=None,
    )


def uncertainty(
    step: Step,
    data_date: date,
    rules: RiskRules,
    learned: Histories | None,
    calendar: WorkingCalendar,
) -> Uncertainty | None:
    """The spread of one unfinished step; of an approval under way, what is left given how long it has run."""
    if step.actual_finish is not None or not step.duration:
        return None
    whole = _whole(step, rules, learned)
    correlation = rules.correlation.get(step.whose, 0.0)
    causes = {step.whose: correlation**0.5} if correlation else {}
    if step.actual_start is None:
        return Uncertainty(str(step.pk), whole, causes)
    if step.remaining_duration is not None:
        return Uncertainty(str(step.pk), whole, causes)
    elapsed = max(0.0, _days(step.actual_start, data_date, step.duration_unit, calendar) - 1)
    return Uncertainty(str(step.pk), Remaining(whole, elapsed), causes, remaining=True)


def three_points(step: Step) -> Pert | None:
    """The three points somebody estimated for this step, None where nobody did."""
    if step.optimistic is None or step.most_likely is None or step.pessimistic is None:
        return None
    return Pert(step.optimistic, step.most_likely, step.pessimistic)


def _whole(step: Step, rules: RiskRules, learned: Histories | None) -> Distribution:
    """An estimate of this very step first, then what the past teaches, then the rule's spread."""
    if (estimated := three_points(step)) is not None:
        return estimated
    if learned is not None and step.whose in learned:
        try:
            found = learned[step.whose].learned(step.name, str(step.unit_id)).distribution
        except KeyError:  # no step of this name was ever finished: the rule's spread stands
            pass
        else:
            return Quantiles(found.shares, tuple(day * step.duration / PLANNED for day in found.days))
    low, high = rules.spread.get(step.whose, USUAL)
    return Pert(low * step.duration, step.duration, high * step.duration)
