"""What an agenda is drawn up from: three sources, each item with path, owner and deadline proposed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hongtu.domains.dispatch import queries, rules
from hongtu.domains.dispatch.models import AgendaItem, Escalation, Meeting
from hongtu.domains.dispatch.vocab import Origin, Path
from hongtu.engines.vocabulary import mark
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains.models import Step
from hongtu.kernel.people.models import Unit
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.vocab import State
from hongtu.kernel.profile.models import rule

RULE = "dispatch.levels"


def levels() -> dict[str, Any]:
    """The rule in force, with its level numbers as numbers."""
    data = rule(RULE)
    return {**data, "clocks": {int(level): days for level, days in data["clocks"].items()}}


def deadline(meeting: Meeting, latest: date | None = None) -> date:
    """The level's own clock from the meeting on, but not after the day that still keeps the promise."""
    proposed = working_calendar().add(meeting.held_on, levels()["clocks"][meeting.level])
    return latest if latest and meeting.held_on < latest < proposed else proposed


def drawn(meeting: Meeting) -> Iterator[dict[str, Any]]:
    """Values of the items the meeting should have: undone decisions, escalations, costly steps."""
    seen: set[tuple[str, int]] = set()
    for values in (*_undone(meeting), *_escalated(meeting)):
        keys = {(name, values[name].pk) for name in ("problem", "step") if values.get(name)}
        if not keys & seen:
            seen |= keys
            yield values
    yield from _costly(meeting, {key for name, key in seen if name == "step"})


def _undone(meeting: Meeting) -> Iterator[dict[str, Any]]:
    calendar = working_calendar()
    for item in queries.undone(meeting.level, meeting.held_on):
        order: Problem = item.order  # decided items have one
        days = max(0, calendar.count(item.due_on, meeting.held_on))
        yield {
            "name": item.name,
            "origin": Origin.UNDONE,
            "explanation": Sentence(
                mark("%(meeting)s议定，时限%(due)s，现%(state)s，超期%(days)d个工作日"),
                {
                    "meeting": item.meeting.name,
                    "due": item.due_on,
                    "state": Sentence(State(order.state).label),
                    "days": days,
                },
            ),
            "days": days,
            "problem": order,
            "step": item.step,
            "path": Sentence(Path.UNDONE.label),
            "unit": order.handling_unit or item.unit,
            "person": item.person,
            "due_on": deadline(meeting),
        }


def _escalated(meeting: Meeting) -> Iterator[dict[str, Any]]:
    rows = queries.escalated(meeting.level).order_by("-days", "pk")[: levels()["agenda_escalations"]]
    for row in rows:
        yield {
            "name": row.name,
            "origin": Origin.ESCALATED,
            "explanation": row.reason,
            "days": row.days,
            "due_on": deadline(meeting, row.step.latest_finish if row.step else None),
            **_owner(row),
        }


def _owner(row: Escalation) -> dict[str, Any]:
    if row.step:
        return {"step": row.step, "path": path_of(row.step), "unit": row.step.unit, "person": row.step.person}
    problem: Problem = row.problem  # one of the two is set
    unit: Unit | None = problem.handling_unit or problem.owner_unit
    return {
        "problem": problem,
        "step": problem.step,
        "path": Sentence(Path.PROBLEM.label),
        "unit": unit,
        "person": problem.handler,
    }


def _costly(meeting: Meeting, elsewhere: set[int]) -> Iterator[dict[str, Any]]:
    for step in queries.costly(levels()["agenda_costly"], elsewhere):
        days = rules.cost(step.days_late, step.total_float)
        yield {
            "name": f"{step.chain.title}：{step.name}",
            "origin": Origin.DAYS,
            "explanation": Sentence(
                mark("滞后%(late)d个工作日，总时差%(float)s，计划%(planned)s完成"),
                {
                    "late": step.days_late,
                    "float": "—" if step.total_float is None else step.total_float,
                    "planned": step.planned_finish,
                },
            ),
            "days": days,
            "step": step,
            "path": path_of(step),
            "unit": step.unit,
            "person": step.person,
            "due_on": deadline(meeting, step.latest_finish),
        }


def path_of(step: Step) -> Sentence:
    """The usual way out, by whose time it is."""
    known = {path.value: path.label for path in Path}
    return Sentence(known.get(step.whose, Path.PROBLEM.label))


def renumber(meeting: Meeting) -> None:
    """Undone decisions first, then escalations, then what costs most; decided items keep their place."""
    order = {origin.value: number for number, origin in enumerate(Origin)}
    rows = sorted(meeting.items.all(), key=lambda i: (order[i.origin], -i.days, i.pk))
    for number, item in enumerate(rows, 1):
        if item.sequence != number:
            item.revise(item.version, sequence=number)


def add(meeting: Meeting, values: dict[str, Any]) -> AgendaItem:
    """One more item at the end."""
    return AgendaItem.objects.create(meeting=meeting, sequence=meeting.items.count() + 1, **values)
