"""Schedule risk: chances of promised dates, P50/P80/P95, what drives them, and what measures would win.

`assess_risk(model)` draws Latin hypercubes of a `RiskModel` until told or until the P80 dates stand still;
`compare_measures` repeats the same futures with measures taken; `learning` turns finished steps into
durations.
"""

from .analysis import RiskAnalysis, RiskSettings, assess_risk, compare_measures
from .distributions import Distribution, Empirical, Fixed, Pert, Quantiles, Remaining, Triangular
from .model import Branch, BranchOption, Mitigation, Promise, RiskEvent, RiskModel, Uncertainty
from .results import BeforeAndAfter, Driver, DriverKind, Effect, PromiseRisk, RiskResult

__all__ = [
    "BeforeAndAfter",
    "Branch",
    "BranchOption",
    "Distribution",
    "Driver",
    "DriverKind",
    "Effect",
    "Empirical",
    "Fixed",
    "Mitigation",
    "Pert",
    "Promise",
    "PromiseRisk",
    "Quantiles",
    "Remaining",
    "RiskAnalysis",
    "RiskEvent",
    "RiskModel",
    "RiskResult",
    "RiskSettings",
    "Triangular",
    "Uncertainty",
    "assess_risk",
    "compare_measures",
]
