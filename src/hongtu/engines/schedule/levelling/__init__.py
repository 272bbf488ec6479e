"""Resource levelling: the resource-constrained project scheduling problem, with bounds and reasons.

`minimise_finish(problem, Limits(seconds=10, workers=2, seed=1))` gives the earliest finish found, a lower
bound and for every task what it waits for; `level_use` holds the finish and evens out the use of resources.
"""

from .errors import LevellingError
from .finish import Limits, minimise_finish
from .hold import level_use
from .plan import Objective, Plan, Progress, Wait, WaitCause
from .problem import Budget, Problem, Relation, RelationKind, Resource, Task
from .psplib import read_psplib
from .verify import violations

__all__ = [
    "Budget",
    "LevellingError",
    "Limits",
    "Objective",
    "Plan",
    "Problem",
    "Progress",
    "Relation",
    "RelationKind",
    "Resource",
    "Task",
    "Wait",
    "WaitCause",
    "level_use",
    "minimise_finish",
    "read_psplib",
    "violations",
]
