"""The spine's records: a problem, who reported it, what was asked and decided, proof, result, its log."""

from hongtu.kernel.problems import costs as costs
from hongtu.kernel.problems.models.problems import LEVELS, Category, NumberSeries, Problem
from hongtu.kernel.problems.models.reporters import Following, Reporter
from hongtu.kernel.problems.models.results import Evidence, Quantity, Result
from hongtu.kernel.problems.models.work import Decision, LogEntry, Suspension

__all__ = [
    "LEVELS",
    "Category",
    "Decision",
    "Evidence",
    "Following",
    "LogEntry",
    "NumberSeries",
    "Problem",
    "Quantity",
    "Reporter",
    "Result",
    "Suspension",
]
