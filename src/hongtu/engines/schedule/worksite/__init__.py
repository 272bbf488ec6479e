"""Work faces in space and time: conflicts found, classified and priced; joint schedules for the parties.

    scene = read_scene(Path("faces.geojson"))
    answer = plan(scene, Limits(seconds=10))
    report_of(answer)

Days are whole indexes on one axis (civil or working days), windows half open; geometry is in metres on a
local plane; money is yuan. See docs/reference/faces-geojson.md for the file format.
"""

from .access import AccessKind, ConflictClass, SpaceKind
from .constraints import Constraint, ConstraintKind, constraints_of
from .days import DayAxis
from .detect import Pairs, Uses, find_clashes, find_conflicts, find_pairs
from .errors import Fault, InfeasibleError, WorksiteError
from .explain import MoveCode, MoveRecord, Reason, ReasonCode, explain
from .geojson import read_scene, scene_of
from .joint import Answer, Cluster, plan
from .model import Link, LinkKind, Project, Relocate, Retreat, Scene, Shorten, Space, Split, polygon_of
from .pricing import PricedConflict, price
from .problem import Problem
from .projection import LocalPlane
from .report import report_of
from .result import Aim, JointSchedule, Loss, Part, Placement
from .solve import Limits, Progress
from .verify import Violation, verify

__all__ = [
    "AccessKind",
    "Aim",
    "Answer",
    "Cluster",
    "ConflictClass",
    "Constraint",
    "ConstraintKind",
    "DayAxis",
    "Fault",
    "InfeasibleError",
    "JointSchedule",
    "Limits",
    "Link",
    "LinkKind",
    "LocalPlane",
    "Loss",
    "MoveCode",
    "MoveRecord",
    "Pairs",
    "Part",
    "Placement",
    "PricedConflict",
    "Problem",
    "Progress",
    "Project",
    "Reason",
    "ReasonCode",
    "Relocate",
    "Retreat",
    "Scene",
    "Shorten",
    "Space",
    "SpaceKind",
    "Split",
    "Uses",
    "Violation",
    "WorksiteError",
    "constraints_of",
    "explain",
    "find_clashes",
    "find_conflicts",
    "find_pairs",
    "plan",
    "polygon_of",
    "price",
    "read_scene",
    "report_of",
    "scene_of",
    "verify",
]
