"""What an agenda is drawn up from: three sources, each item with path, owner and deadline proposed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hongtu.domains.dispatch import queries, rules
from hongtu.domains.dispatch.models import AgendaItem, Escalation, Meeting
from hongtu.domains.dispatch.vocab import Origin, Outcome, Path
from hongtu.engines.vocabulary import mark
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains.models import Step
from hongtu.kernel.people.models import Unit
from hongtu.kernel.problems import ranking
from hongtu.kernel.problems.cost_words import KeptCost, in_short, kept
from hongtu.kernel.problems.costs import Cost
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.vocab import State
from hongtu.kernel.profile.models import rule

RULE = "dispatch.levels"


def levels() -> dict[str, Any]:
    """The rule in force, with its level numbers as numbers."""
    data = rule(RULE)
    return {
        **data,
        "clocks": {int(level): days for level, days in data["clocks"].items()},
        "consequence": rules.thresholds(data.get("consequence", {})),
    }


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
    elsewhere = [{key for kind, key in seen if kind == name} for name in ("problem", "step")]
    yield from _costly(meeting, *elsewhere)


def cost_of(problem: Problem | None, step: Step | None) -> Cost | None:
    """What leaving it alone costs, as last computed."""
    if problem is not None:
        return Cost.objects.filter(problem=problem).first()
    return Cost.objects.filter(step=step, problem=None).first() if step else None


def _weighed(cost: Cost | None) -> dict[str, Any]:
    """What ranks an item: kept with it, so that the papers say what was known when they were drawn up."""
    return {"cost": kept(cost), "days": round(cost.days) if cost else 0}


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
            **_weighed(getattr(order, "cost", None)),
            "problem": order,
            "step": item.step,
            "path": Sentence(Path.UNDONE.label),
            "unit": order.handling_unit or item.unit,
            "person": item.person,
            "due_on": deadline(meeting),
        }


def _escalated(meeting: Meeting) -> Iterator[dict[str, Any]]:
    for row in queries.escalated(meeting.level)[: levels()["agenda_escalations"]]:
        yield {
            "name": row.name,
            "origin": Origin.ESCALATED,
            "explanation": row.reason,
            **_weighed(cost_of(row.problem, row.step)),
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


def _costly(meeting: Meeting, problems: set[int], steps: set[int]) -> Iterator[dict[str, Any]]:
    for cost in queries.costly(levels()["agenda_costly"], problems, steps):
        step, problem = cost.step, cost.problem
        values = {
            "cost": in_short(cost),
            "until": cost.until,
            "late": step.days_late,
            "float": "—" if step.total_float is None else step.total_float,
            "planned": step.planned_finish,
        }
        pattern = mark(
            "按卡到%(until)s计算，%(cost)s；滞后%(late)d个工作日，总时差%(float)s，计划%(planned)s完成"
        )
        yield {
            "name": problem.title if problem else f"{step.chain.title}：{step.name}",
            "origin": Origin.DAYS,
            "explanation": Sentence(pattern, values),
            **_weighed(cost),
            "problem": problem,
            "step": step,
            "path": Sentence(Path.PROBLEM.label) if problem else path_of(step),
            "unit": (problem.handling_unit or problem.owner_unit) if problem else step.unit,
            "person": problem.handler if problem else step.person,
            "due_on": deadline(meeting, step.latest_finish),
        }


def path_of(step: Step) -> Sentence:
    """The usual way out, by whose time it is."""
    known = {path.value: path.label for path in Path}
    return Sentence(known.get(step.whose, Path.PROBLEM.label))


def weigh(meeting: Meeting) -> None:
    """Items still to be decided say what is known now."""
    for item in meeting.items.filter(outcome=Outcome.PENDING).select_related("problem", "step"):
        fresh = _weighed(cost_of(item.problem, item.step))
        if (fresh["cost"], fresh["days"]) != (item.cost, item.days):
            item.revise(item.version, **fresh)


def renumber(meeting: Meeting) -> None:
    """Undone decisions first, then escalations, then the rest; among each the dearest to leave alone first.

    Once something is decided, the numbers stay: people around the table hold the paper in their hands.
    """
    items = list(meeting.items.all())
    order = {origin.value: number for number, origin in enumerate(Origin)}
    if all(item.outcome == Outcome.PENDING for item in items):
        items.sort(key=lambda i: (order[i.origin], *ranking.key(KeptCost.of(i.cost)), i.pk))
    for number, item in enumerate(items, 1):
        if item.sequence != number:
            item.revise(item.version, sequence=number)


def add(meeting: Meeting, values: dict[str, Any]) -> AgendaItem:
    """One more item at the end."""
    return AgendaItem.objects.create(meeting=meeting, sequence=meeting.items.count() + 1, **values)
