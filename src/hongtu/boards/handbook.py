"""The handbook of a project (办事指南汇编): its own approvals only, in order, dated, to be ticked off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from hongtu.domains.matters import queries as matters
from hongtu.domains.projects import queries as projects
from hongtu.domains.projects.vocab import ProjectType
from hongtu.engines.schedule import approvals
from hongtu.engines.schedule.backward import BackwardPlan, plan_backward
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains.scheduling import engine_calendar
from hongtu.kernel.people.models import Person
from hongtu.ui.status import Status

# Letters of the approval network by project type (column "applies" of the approval matters).
LETTERS = {
    ProjectType.GOVERNMENT_BUILDING: "A",
    ProjectType.CONTINUED_BUILDING: "A",
    ProjectType.ROAD: "B",
    ProjectType.COMMERCIAL_BUILDING: "C",
    ProjectType.INDUSTRY: "D",
    ProjectType.RENOVATION: "E",
    ProjectType.WATER_FARMLAND: "F",
}
PERMIT, WATER_PERMIT = "P48", "P55"


@dataclass(frozen=True)
class Paper:
    """A material of an entry and whether the project has it ready."""

    material: Any
    done: bool


@dataclass(frozen=True)
class Entry:
    """One approval of the handbook: its guide, its dates, what is ticked."""

    number: int
    guide: Any
    stage: str
    start: date
    finish: date
    latest_start: date
    latest_finish: date
    slack: int
    papers: tuple[Paper, ...]
    done_on: date | None
    past: bool
    """Before the permit of a project that has begun: over by all appearance, yet nobody ticked it."""
    today: date

    @property
    def code(self) -> str:
        return str(self.guide.matter.code)

    @property
    def dated(self) -> bool:
        """Whether its dates say anything: what is done, or lies behind the project, takes no more time."""
        return not self.past and self.done_on is None

    @property
    def status(self) -> str:
        """done, past, or by the latest start: passed, within ten days, later."""
        if self.done_on:
            return Status.DONE.value
        if self.past:
            return Status.NOT_DUE.value
        if self.latest_start < self.today or self.slack < 0:
            return Status.LATE.value
        return (
            Status.WARNING.value if self.latest_start <= self.today + timedelta(10) else Status.NORMAL.value
        )


@dataclass(frozen=True)
class Handbook:
    """A project's handbook as of a day. `shortfall`: working days by which the permit date is missed."""

    project: Any
    entries: tuple[Entry, ...]
    permit_on: date
    shortfall: int
    begun: bool
    today: date

    @cached_property
    def stages(self) -> list[tuple[str, list[Entry]]]:
        """Entries by stage, in the order in which stages begin."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.stage, []).append(entry)
        return list(found.items())

    @property
    def done(self) -> int:
        return sum(1 for entry in self.entries if entry.done_on)


def permit_date(project: Any) -> date:
    """The day the building permit must be there: the last working day before the planned start."""
    found = working_calendar().add(project.planned_start, -1)
    return min(found, project.planned_start)


def build(project: Any, today: date) -> Handbook:
    """The handbook of one project. Latest dates are counted back from the permit date, earliest ones
    forward from today; approvals ticked off take no more time. Of a project that has begun, what leads to
    the permit lies behind it; the rest follows the works forward."""
    letter = LETTERS[ProjectType(project.type)]
    ticks = matters.ticks(project.pk)
    rows = approvals.load_matters(matters.approvals(today))
    chosen = approvals.select(rows, letter)
    target = PERMIT if PERMIT in chosen else WATER_PERMIT
    begun = project.actual_start is not None
    past = _leading_to(target, chosen) if begun else set()
    rows = tuple(_without_time(m) if (m.id, "") in ticks or m.id in past else m for m in rows)
    chosen = approvals.select(rows, letter)
    permit = permit_date(project)
    promises = {target: permit} if target in chosen and not begun else {}
    plan = _plan(rows, letter, project, promises, today)
    guides = {g.matter.code: g for g in matters.whole(today, "approval")}
    found = []
    for code, (matter, _before) in chosen.items():
        first = plan.step(code + approvals.PREPARE if matter.preparation_days else code)
        last = plan.step(code)
        tick = ticks.get((code, ""))
        guide = guides[code]
        found.append(
            Entry(
                number=0,
                guide=guide,
                stage=matter.stage,
                start=first.earliest_start.date(),
                finish=_shown(last.earliest_finish),
                latest_start=first.latest_start.date(),
                latest_finish=_shown(last.latest_finish),
                slack=int(last.slack_days),
                papers=tuple(Paper(m, (code, m.name) in ticks) for m in guide.materials.all()),
                done_on=tick.done_on if tick else None,
                past=code in past,
                today=today,
            )
        )
    ranks = {e.stage: _stage_rank(e.stage, found) for e in found}
    ordered = sorted(found, key=lambda e: (ranks[e.stage], e.start, e.finish, e.code))
    entries = tuple(replace(entry, number=n) for n, entry in enumerate(ordered, 1))
    return Handbook(project, entries, permit, max(0, round(plan.shortfall_days)), begun, today)


def _without_time(matter: approvals.Matter) -> approvals.Matter:
    return replace(matter, committed_days=0.0, preparation_days=0.0)


def _leading_to(target: str, chosen: Any) -> set[str]:
    """A matter and all that comes before it."""
    found, todo = {target}, [target] if target in chosen else []
    while todo:
        for before in chosen[todo.pop()][1]:
            if before not in found:
                found.add(before)
                todo.append(before)
    return found


def _plan(
    rows: Sequence[approvals.Matter], letter: str, project: Any, promises: dict[str, date], today: date
) -> BackwardPlan:
    works = max(0, (project.planned_finish - max(project.planned_start, today)).days)
    network = approvals.approval_network(
        rows, letter, today, engine_calendar(working_calendar()), works_days=works
    )
    return plan_backward(network, promises)


def _shown(moment: datetime) -> date:
    """The day a finish is shown on: midnight belongs to the day before."""
    return (moment - timedelta(minutes=1)).date() if moment.time() == time.min else moment.date()


def _stage_rank(stage: str, entries: Sequence[Entry]) -> tuple[date, str]:
    return min((e.start, e.code) for e in entries if e.stage == stage)


def project_of(key: int, by: Person, to: str = "read") -> Any:
    """The project whose handbook is wanted, within the reader's rights."""
    return projects.project(key, by, to)
