"""The annual chain of a project."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hongtu.domains.projects import queries
from hongtu.domains.projects.models import ChainTemplate, Project
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains import actions as kernel_chains
from hongtu.kernel.chains.actions import Link, NewChain, create_chains
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.chains.scheduling import engine_calendar, own_calendars
from hongtu.kernel.chains.vocab import DurationUnit, Whose
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today


@action("projects.make_chains")
def make_chains(*, by: Person | None, records: Sequence[Project], chains: Sequence[NewChain]) -> list[Chain]:
    """Make the annual chains of projects (already filled in, for instance from `chain_from_template`)."""
    for record in records:
        require(by, "projects.change", record)
    note(chains=len(chains))
    return create_chains(by=by, chains=chains, data_date=today())


def chain_from_template(record: Project, year: int, items: Sequence[ChainTemplate]) -> NewChain:
    """The annual chain a project starts from: each item finishes at the end of its usual month."""
    calendar = working_calendar()
    first = date(year, 1, 1)
    steps, start = [], calendar.add(first, 0)
    for number, item in enumerate(sorted(items, key=lambda i: (i.month, i.sequence)), 1):
        end_of_month = date(year + item.month // 12, item.month % 12 + 1, 1)
        finish = max(calendar.add(end_of_month, -1), start)
        steps.append(
            {
                "sequence": number,
                "name": item.item,
                "segment": item.segment,
                "critical": item.critical,
                "unit": record.owner if item.segment == "construction" else record.responsible_unit,
                "whose": Whose.CONTRACTOR if item.segment == "construction" else Whose.OWNER,
                "duration": max(1, calendar.count(start, finish) + 1),
                "planned_start": start,
                "planned_finish": finish,
                "evidence_required": item.evidence,
                "matters": item.matters,
            }
        )
        start = calendar.add(finish, 1)
    promised = steps[-1]["planned_finish"] if steps else date(year, 12, 31)
    return NewChain(
        chain={
            "subject_label": queries.SUBJECT,
            "subject_key": record.pk,
            "title": record.name,
            "year": year,
            "unit": record.responsible_unit,
            "start": first,
            "promised": promised,
            "promise": steps[-1]["name"] if steps else "",
        },
        steps=steps,
        links=[Link(n, n + 1) for n in range(1, len(steps))],
    )


def dragged(step: Step, start: date, finish: date) -> dict[str, Any]:
    """What dragging a bar to [start, finish] means: the plan moves, the step takes that long, and work
    that has not begun is not to begin before its new start."""
    calendar = own_calendars(step.chain).get(step.calendar) or engine_calendar(working_calendar())
    elapsed = step.duration_unit == DurationUnit.CALENDAR_DAY
    worked = calendar.working_days_between(start, finish + timedelta(days=1))
    days = (finish - start).days + 1 if elapsed else worked
    changes: dict[str, Any] = {"planned_start": start, "planned_finish": finish, "duration": max(1, days)}
    if step.actual_start is None and start > step.planned_start:
        changes["start_no_earlier_than"] = start
    return changes


@action("projects.add_step")
def add_step(
    *, by: Person | None, chain: Chain, fields: Mapping[str, Any], after: Sequence[Link] = ()
) -> Step:
    """Add a step to a project's chain."""
    require(by, "projects.change", queries.project_of(chain, by) if by else None)
    note(chain)
    return kernel_chains.add_step(by=by, chain=chain, fields=fields, after=after, data_date=today())


@action("projects.remove_step")
def remove_step(*, by: Person | None, step: Step, version: int, reason: str) -> None:
    """Take a step that has not begun out of a project's chain."""
    require(by, "projects.change", queries.project_of(step.chain, by) if by else None)
    note(step.chain, reason=reason)
    kernel_chains.remove_step(by=by, step=step, version=version, reason=reason, data_date=today())


@action("projects.revise_step")
def revise_step(
    *,
    by: Person | None,
    step: Step,
    version: int,
    changes: Mapping[str, Any],
    reason: str = "",
    cause: str = "plan",
    predecessors: Sequence[Link] | None = None,
) -> Step:
    """Change a step of a project's chain, and what it waits for when `predecessors` are given."""
    require(by, "projects.change", queries.project_of(step.chain, by) if by else None)
    note(step, reason=reason)
    saved = kernel_chains.revise_step(
        by=by, step=step, version=version, changes=changes, reason=reason, cause=cause, data_date=today()
    )
    if predecessors is not None:
        kernel_chains.set_predecessors(
            by=by, step=saved, links=predecessors, reason=reason, data_date=today()
        )
        saved.refresh_from_db()
    return saved


@action("projects.move_promise")
def move_promise(*, by: Person | None, chain: Chain, version: int, promised: date, reason: str) -> Chain:
    """Move the promised date of a project's chain."""
    require(by, "projects.change", queries.project_of(chain, by) if by else None)
    note(chain, reason=reason)
    return kernel_chains.move_promise(
        by=by, chain=chain, version=version, promised=promised, reason=reason, data_date=today()
    )
