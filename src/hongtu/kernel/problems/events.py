"""What happens to problems, told to whoever reacts (`kernel.events.subscribe`), in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from hongtu.kernel.problems.vocab import Move, Outcome, State


@dataclass(frozen=True)
class ProblemReported:
    """A new problem (primary key)."""

    problem: int


@dataclass(frozen=True)
class ProblemMoved:
    """Any move, the specific events below included. `before` is the state it left; `at` and `by` (a person's
    primary key, None for the house) are those of the move."""

    problem: int
    move: Move
    before: State
    after: State
    at: datetime | None = None
    by: int | None = None


@dataclass(frozen=True)
class ProblemClosed:
    """It reached an end; `outcome` is what it counts as."""

    problem: int
    outcome: Outcome


@dataclass(frozen=True)
class ProblemReopened:
    """It runs again after an end."""

    problem: int


@dataclass(frozen=True)
class ProblemMerged:
    problem: int
    survivor: int


@dataclass(frozen=True)
class ProblemSplit:
    problem: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class ClockRanOut:
    """The clock of a problem ran out; published once for each clock (`actions.sweep`)."""

    problem: int
    clock: str


@dataclass(frozen=True)
class DecisionAsked:
    """Somebody asked for an extension, a suspension or a finding (`subject`); others must decide."""

    problem: int
    decision: int
    subject: str
    at: datetime | None = None
    by: int | None = None
