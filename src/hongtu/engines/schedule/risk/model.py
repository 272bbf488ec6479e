"""What a risk analysis is told: how uncertain each step is, what moves steps together, what may happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from ..errors import MissingActivityError, ScheduleError
from ..model import Network
from .distributions import Distribution


class RiskModelError(ScheduleError):
    """A risk model that cannot be: a probability outside 0..1, correlations that exceed one."""

    code = "schedule.invalid-risk-model"


@dataclass(frozen=True)
class Uncertainty:
    """How long an activity may take.

    `duration` is the whole duration in days of the activity's own unit; of an activity in progress the part
    is taken that its remaining duration is of its whole one, unless `remaining` says that the distribution
    is of the rest already. `causes` are common factors with their loading (0..1): two activities with
    loadings a and b on one cause correlate by a*b (normal scores).
    """

    activity: str
    duration: Distribution
    causes: Mapping[str, float] = field(default_factory=dict)
    remaining: bool = False

    def __post_init__(self) -> None:
        if sum(loading * loading for loading in self.causes.values()) > 1 + 1e-9:
            raise RiskModelError(
                f"The loadings of {self.activity} on its causes exceed one when squared and added.",
                subjects=(self.activity,),
                remedy="Lower the loadings.",
            )


@dataclass(frozen=True)
class RiskEvent:
    """Something that happens or not, and then costs days on activities (one severity for all of them)."""

    id: str
    probability: float
    impacts: Mapping[str, Distribution]
    """Activity -> days added, in the activity's own unit."""
    name: str = ""

    def __post_init__(self) -> None:
        _check_probability(self.id, self.probability)


@dataclass(frozen=True)
class BranchOption:
    """One way a branch may go; `activities` are carried out only on this way."""

    name: str
    probability: float
    activities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Branch:
    """Exactly one of several ways is gone in each run; the activities of the others take no time.

    Lags on a way that is not gone still run, so put waiting into activities there.
    """

    id: str
    options: tuple[BranchOption, ...]
    name: str = ""

    def __post_init__(self) -> None:
        for option in self.options:
            _check_probability(f"{self.id}/{option.name}", option.probability)
        total = sum(option.probability for option in self.options)
        if abs(total - 1) > 1e-6:
            raise RiskModelError(
                f"The probabilities of branch {self.id} add up to {total:g}, not to 1.",
                subjects=(self.id,),
                remedy="Add the missing option or correct a probability.",
            )


@dataclass(frozen=True)
class Promise:
    """A date promised for the last of some activities; without activities, for the whole network."""

    name: str
    due: date | datetime | None = None
    activities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mitigation:
    """A measure: what it changes of the uncertainties and events. `cost` in yuan is only carried along."""

    name: str
    uncertainties: tuple[Uncertainty, ...] = ()
    """Replace those of the same activities."""
    probabilities: Mapping[str, float] = field(default_factory=dict)
    """Event -> its probability afterwards."""
    impacts: Mapping[str, Mapping[str, Distribution]] = field(default_factory=dict)
    """Event -> the days it costs afterwards, by activity."""
    cost: float = 0.0


@dataclass(frozen=True)
class RiskModel:
    """A network with everything uncertain about it. Activities without uncertainty keep their duration."""

    network: Network
    uncertainties: Sequence[Uncertainty] = ()
    events: Sequence[RiskEvent] = ()
    branches: Sequence[Branch] = ()
    promises: Sequence[Promise] = ()

    def __post_init__(self) -> None:
        known = {activity.id for activity in self.network.activities}
        named = [(u.activity, "an uncertainty") for u in self.uncertainties]
        named += [(a, f"event {e.id}") for e in self.events for a in e.impacts]
        named += [(a, f"branch {b.id}") for b in self.branches for o in b.options for a in o.activities]
        named += [(a, f"promise {p.name}") for p in self.promises for a in p.activities]
        for activity, where in named:
            if activity not in known:
                raise MissingActivityError(
                    f"{activity!r}, named by {where}, is not in the plan.",
                    subjects=(activity,),
                    remedy="Name an activity of the plan.",
                )

    def mitigated(self, measures: Sequence[Mitigation]) -> RiskModel:
        """The model once the measures are taken; the random numbers of all else stay what they were."""
        fresh = {u.activity: u for measure in measures for u in measure.uncertainties}
        odds = {event: p for measure in measures for event, p in measure.probabilities.items()}
        days = {event: impacts for measure in measures for event, impacts in measure.impacts.items()}
        kept = [fresh.pop(u.activity, u) for u in self.uncertainties]
        events = [
            replace(e, probability=odds.get(e.id, e.probability), impacts=days.get(e.id, e.impacts))
            for e in self.events
        ]
        return replace(self, uncertainties=[*kept, *fresh.values()], events=events)


def _check_probability(what: str, probability: float) -> None:
    if not 0 <= probability <= 1:
        raise RiskModelError(
            f"The probability of {what} is {probability:g}.",
            subjects=(what,),
            remedy="Give a probability between 0 and 1.",
        )
