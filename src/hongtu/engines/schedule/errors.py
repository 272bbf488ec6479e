"""What the schedule engine refuses, and why: every refusal has a stable code and names the culprit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


class ScheduleError(ValueError):
    """A network that cannot be planned.

    `code` is stable and may be shown, searched for and translated; `subjects` are the identifiers of the
    activities, relations or calendars at fault; `remedy` says what to do next.
    """

    code = "schedule.invalid"

    def __init__(self, message: str, *, subjects: Sequence[str] = (), remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.subjects = tuple(subjects)
        self.remedy = remedy

    def __str__(self) -> str:
        text = f"[{self.code}] {self.message}"
        return f"{text} {self.remedy}" if self.remedy else text


class CycleError(ScheduleError):
    """Activities that wait for each other; `subjects` is the cycle in order, first name not repeated."""

    code = "schedule.cycle"


class MissingActivityError(ScheduleError):
    """A relation points at an activity that is not in the network."""

    code = "schedule.missing-activity"


class DuplicateActivityError(ScheduleError):
    """Two activities with one identifier."""

    code = "schedule.duplicate-activity"


class NegativeDurationError(ScheduleError):
    """A duration or remaining duration below zero."""

    code = "schedule.negative-duration"


class MissingCalendarError(ScheduleError):
    """A calendar that is named but not given."""

    code = "schedule.missing-calendar"


class EmptyCalendarError(ScheduleError):
    """A calendar without enough working time to place the work."""

    code = "schedule.empty-calendar"


class InvalidDatesError(ScheduleError):
    """Actual dates that contradict each other or the data date."""

    code = "schedule.invalid-dates"


class HorizonError(ScheduleError):
    """Dates run beyond what can be represented."""

    code = "schedule.horizon"


@dataclass(frozen=True)
class Fault:
    """One finding of `validate`, as data: the same code, words and subjects as the exception."""

    code: str
    message: str
    subjects: tuple[str, ...] = field(default=())
    remedy: str = ""


class ImpossibleConstraintsError(ScheduleError):
    """Constraints that cannot hold together; `subjects` is a smallest contradictory set."""

    code = "schedule.impossible-constraints"
