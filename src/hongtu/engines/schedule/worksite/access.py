"""Which uses of ground tolerate each other: kinds of space, kinds of access, classes of conflict."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class SpaceKind(StrEnum):
    """What the ground is used for."""

    SITE_OFFICE = "site_office"
    WORK_FACE = "work_face"
    TRENCH = "trench"
    CLOSURE = "closure"
    STORAGE = "storage"
    HAUL_ROAD = "haul_road"
    CRANE_RADIUS = "crane_radius"
    PIPE_JACKING = "pipe_jacking"
    OTHER = "other"


class AccessKind(StrEnum):
    """How the ground is used."""

    EXCLUSIVE = "exclusive"  # nobody else on this ground
    SHARED = "shared"  # others may be there after agreement
    PASSAGE = "passage"  # must stay open to pass
    OVERHEAD = "overhead"  # above the ground
    UNDERGROUND = "underground"  # below the ground


class ConflictClass(StrEnum):
    """What kind of conflict two uses make."""

    HARD_CLASH = "hard_clash"  # both want the same ground
    ROUTE_BLOCKED = "route_blocked"  # one closes the other's way
    SAFETY_CLEARANCE = "safety_clearance"  # too near, or one above or below the other
    COORDINATION = "coordination"  # may share the ground, must agree how


DEFAULT_ACCESS: dict[SpaceKind, AccessKind] = {
    SpaceKind.SITE_OFFICE: AccessKind.EXCLUSIVE,
    SpaceKind.WORK_FACE: AccessKind.EXCLUSIVE,
    SpaceKind.TRENCH: AccessKind.EXCLUSIVE,
    SpaceKind.CLOSURE: AccessKind.EXCLUSIVE,
    SpaceKind.STORAGE: AccessKind.SHARED,
    SpaceKind.HAUL_ROAD: AccessKind.PASSAGE,
    SpaceKind.CRANE_RADIUS: AccessKind.OVERHEAD,
    SpaceKind.PIPE_JACKING: AccessKind.UNDERGROUND,
    SpaceKind.OTHER: AccessKind.EXCLUSIVE,
}

ACCESS_ORDER = tuple(AccessKind)
CLASS_ORDER = tuple(ConflictClass)
COMPATIBLE = -1

_E, _S, _P, _O, _U = ACCESS_ORDER
_OVERLAP_RULES: dict[tuple[AccessKind, AccessKind], ConflictClass] = {
    (_E, _E): ConflictClass.HARD_CLASH,
    (_E, _S): ConflictClass.HARD_CLASH,
    (_E, _P): ConflictClass.ROUTE_BLOCKED,
    (_E, _O): ConflictClass.SAFETY_CLEARANCE,
    (_E, _U): ConflictClass.SAFETY_CLEARANCE,
    (_S, _S): ConflictClass.COORDINATION,
    (_S, _P): ConflictClass.COORDINATION,
    (_S, _O): ConflictClass.SAFETY_CLEARANCE,
    (_P, _O): ConflictClass.COORDINATION,
    (_O, _O): ConflictClass.SAFETY_CLEARANCE,
    (_U, _U): ConflictClass.HARD_CLASH,
}
# Not overlapping, but nearer than the clearance one of them asks for: only these pairs mind.
_NEAR_RULES: frozenset[frozenset[AccessKind]] = frozenset(
    frozenset(pair) for pair in [(_E, _E), (_E, _S), (_E, _O), (_E, _U), (_O, _O), (_U, _U), (_S, _O)]
)


def _matrix(rules: dict[tuple[AccessKind, AccessKind], ConflictClass]) -> NDArray[np.int8]:
    matrix = np.full((len(ACCESS_ORDER), len(ACCESS_ORDER)), COMPATIBLE, dtype=np.int8)
    for (one, other), verdict in rules.items():
        i, j = ACCESS_ORDER.index(one), ACCESS_ORDER.index(other)
        matrix[i, j] = matrix[j, i] = CLASS_ORDER.index(verdict)
    return matrix


OVERLAP_MATRIX = _matrix(_OVERLAP_RULES)
NEAR_MATRIX = _matrix(
    {
        (one, other): ConflictClass.SAFETY_CLEARANCE
        for one in ACCESS_ORDER
        for other in ACCESS_ORDER
        if frozenset((one, other)) in _NEAR_RULES
    }
)


def classify(one: AccessKind, other: AccessKind, *, overlapping: bool) -> ConflictClass | None:
    """Class of conflict of two uses at the same time that overlap, or are only too near; None if none."""
    matrix = OVERLAP_MATRIX if overlapping else NEAR_MATRIX
    verdict = matrix[ACCESS_ORDER.index(one), ACCESS_ORDER.index(other)]
    return None if verdict == COMPATIBLE else CLASS_ORDER[verdict]


def must_separate(verdict: ConflictClass) -> bool:
    """Whether a conflict of this class has to be parted in time or place (agreement is not enough)."""
    return verdict is not ConflictClass.COORDINATION
