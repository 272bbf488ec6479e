"""Risk events, branches and measures of chains: from rows to the words of the risk engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from hongtu.engines.schedule.risk.distributions import Distribution, Pert
from hongtu.engines.schedule.risk.model import Branch, BranchOption, Mitigation
from hongtu.engines.schedule.risk.model import RiskEvent as EngineEvent
from hongtu.kernel.chains.models import Chain, RiskBranch, RiskEvent

WHOLE = 100
"""Probabilities and shares are kept in percent."""


@dataclass(frozen=True)
class Register:
    """What may happen to some chains besides the spread of durations."""

    events: tuple[RiskEvent, ...]
    branches: tuple[RiskBranch, ...]

    def engine_events(self, present: Collection[str]) -> list[EngineEvent]:
        """Events as the analysis reckons with them: with the measures that are in force.

        `present` are the activities of the model; impacts on others are left out.
        """
        return [taken for event in self.events if (taken := _present(_event(event), present)).impacts]

    def engine_branches(self, present: Collection[str]) -> list[Branch]:
        """Branches as the engine reads them."""
        return [_branch(branch, present) for branch in self.branches]

    def of(self, chains: Collection[int]) -> Register:
        """The part that belongs to these chains (primary keys)."""
        return Register(
            tuple(event for event in self.events if event.chain_id in chains),
            tuple(branch for branch in self.branches if branch.chain_id in chains),
        )

    def planned(self) -> list[RiskEvent]:
        """Events with a measure that would change something and is not in force yet."""
        return [event for event in self.events if not event.in_force and would_change(event)]


def register(chains: Iterable[Chain]) -> Register:
    """The open events and the branches of chains; a fixed number of queries."""
    wanted = list(chains)
    events = RiskEvent.objects.filter(chain__in=wanted, closed=False).select_related("unit")
    branches = RiskBranch.objects.filter(chain__in=wanted)
    return Register(tuple(events.prefetch_related("steps")), tuple(branches.prefetch_related("ways__steps")))


def event_key(event: RiskEvent) -> str:
    """Its name in the engine. Random numbers follow it: a change of probability is all that changes, and an
    event entered anew under its name is the same event."""
    return f"event-{event.chain_id}-{event.name}"


def branch_key(branch: RiskBranch) -> str:
    return f"branch-{branch.chain_id}-{branch.name}"


def would_change(event: RiskEvent) -> bool:
    """Whether the measure lowers the probability or the days."""
    lower = event.probability_after is not None and event.probability_after < event.probability
    return lower or event.impact_after < WHOLE


def measure_of(event: RiskEvent, present: Collection[str]) -> Mitigation:
    """The measure against one event, for the comparison of before and after."""
    key = event_key(event)
    chance = event.probability if event.probability_after is None else event.probability_after
    impacts = {k: d for k, d in _impacts(event, event.impact_after).items() if k in present}
    return Mitigation(
        event.measure or event.name, probabilities={key: chance / WHOLE}, impacts={key: impacts},
        cost=float(event.cost),
    )  # fmt: skip


def _event(event: RiskEvent) -> EngineEvent:
    held = event.in_force
    chance = event.probability_after if held and event.probability_after is not None else event.probability
    impacts = _impacts(event, event.impact_after if held else WHOLE)
    return EngineEvent(event_key(event), chance / WHOLE, impacts, event.name)


def _present(event: EngineEvent, present: Collection[str]) -> EngineEvent:
    return replace(event, impacts={key: days for key, days in event.impacts.items() if key in present})


def _impacts(event: RiskEvent, share: int) -> dict[str, Distribution]:
    part = share / WHOLE
    days = Pert(event.least_days * part, event.likely_days * part, event.most_days * part)
    return {str(step.pk): days for step in event.steps.all()}


def _branch(branch: RiskBranch, present: Collection[str]) -> Branch:
    options = tuple(
        BranchOption(
            way.name,
            way.probability / WHOLE,
            tuple(str(step.pk) for step in way.steps.all() if str(step.pk) in present),
        )
        for way in branch.ways.all()
    )
    return Branch(branch_key(branch), options, branch.name)
