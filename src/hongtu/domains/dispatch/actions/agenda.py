"""What an agenda is drawn up from: three sources, each item with path, owner and deadline proposed."""

from collections.abc import Iterator, Sequence
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
        "levels": {int(level): words for level, words in data.get("levels", {}).items()},
        "consequence": rules.thresholds(data.get("consequence", {})),
    }


class Draft:
    """What an agenda is drawn up from, read once: the number of queries does not grow with the items."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.rules = levels()
        self.calendar = working_calendar()

    def deadline(self, latest: date | None = None) -> date:
        """The level's own clock from the meeting on, but not after the day that still keeps the promise."""
        held = self.meeting.held_on
        proposed = self.calendar.add(held, self.rules["clocks"][self.meeting.level])
        return latest if latest and held < latest < proposed else proposed

    def items(self) -> Iterator[dict[str, Any]]:
        """Values of the items the meeting should have: undone decisions, escalations, costly steps."""
        seen: set[tuple[str, int]] = set()
        for values in (*self._undone(), *self._escalated()):
            keys = {(name, values[name].pk) for name in ("problem", "step") if values.get(name)}
            if not keys & seen:
                seen |= keys
                yield values
        elsewhere = [{key for kind, key in seen if kind == name} for name in ("problem", "step")]
        yield from self._costly(*elsewhere)

    def _undone(self) -> Iterator[dict[str, Any]]:
        for item in queries.undone(self.meeting.level, self.meeting.held_on):
            order: Problem = item.order  # decided items have one
            yield {
                "name": item.name,
                "origin": Origin.UNDONE,
                "explanation": Sentence(
                    mark("%(meeting)s议定，时限%(due)s，现%(state)s，超期%(days)d个工作日"),
                    {
                        "meeting": item.meeting.name,
                        "due": item.due_on,
                        "state": Sentence(State(order.state).label),
                        "days": max(0, self.calendar.count(item.due_on, self.meeting.held_on)),
                    },
                ),
                **weighed(getattr(order, "cost", None)),
                "problem": order,
                "step": item.step,
                "path": Sentence(Path.UNDONE.label),
                "unit": order.handling_unit or item.unit,
                "person": item.person,
                "due_on": self.deadline(),
            }

    def _escalated(self) -> Iterator[dict[str, Any]]:
        rows = list(queries.escalated(self.meeting.level)[: self.rules["agenda_escalations"]])
        own = ranking.costs_of_steps([row.step.pk for row in rows if row.step])
        for row in rows:
            cost = own.get(row.step.pk) if row.step else getattr(row.problem, "cost", None)
            yield {
                "name": row.name,
                "origin": Origin.ESCALATED,
                "explanation": row.reason,
                **weighed(cost),
                "due_on": self.deadline(row.step.latest_finish if row.step else None),
                **_owner(row),
            }

    def _costly(self, problems: set[int], steps: set[int]) -> Iterator[dict[str, Any]]:
        for cost in queries.costly(self.rules["agenda_costly"], problems, steps):
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
                **weighed(cost),
                "problem": problem,
                "step": step,
                "path": Sentence(Path.PROBLEM.label) if problem else path_of(step),
                "unit": (problem.handling_unit or problem.owner_unit) if problem else step.unit,
                "person": problem.handler if problem else step.person,
                "due_on": self.deadline(step.latest_finish),
            }


def cost_of(problem: Problem | None, step: Step | None) -> Cost | None:
    """What leaving an item alone costs, as last computed."""
    if problem is not None:
        return Cost.objects.filter(problem=problem).first()
    return ranking.costs_of_steps([step.pk]).get(step.pk) if step else None


def weighed(cost: Cost | None) -> dict[str, Any]:
    """What ranks an item: kept with it, so that the papers say what was known when they were drawn up."""
    return {"cost": kept(cost), "days": round(cost.days) if cost else 0}


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


def path_of(step: Step) -> Sentence:
    """The usual way out, by whose time it is."""
    known = {path.value: path.label for path in Path}
    return Sentence(known.get(step.whose, Path.PROBLEM.label))


def weigh(items: Sequence[AgendaItem]) -> None:
    """Items still to be decided say what is known now."""
    waiting = [item for item in items if item.outcome == Outcome.PENDING]
    of_problems = ranking.costs_of([item.problem for item in waiting if item.problem])
    of_steps = ranking.costs_of_steps([item.step_id for item in waiting if item.step_id])
    for item in waiting:
        cost = of_problems.get(item.problem_id) if item.problem_id else of_steps.get(item.step_id or 0)
        fresh = weighed(cost)
        if (fresh["cost"], fresh["days"]) != (item.cost, item.days):
            item.revise(item.version, **fresh)


def place(meeting: Meeting, present: Sequence[AgendaItem], fresh: Sequence[AgendaItem]) -> None:
    """Write the fresh items among those present: undone decisions first, then escalations, then the rest;
    among each the dearest to leave alone first.

    Once something is decided, numbers stay and fresh items follow: people hold the paper in their hands.
    """
    order = {origin.value: number for number, origin in enumerate(Origin)}

    def rank(item: AgendaItem) -> tuple[Any, ...]:
        return order[item.origin], *ranking.key(KeptCost.of(item.cost)), item.pk or 0

    if all(item.outcome == Outcome.PENDING for item in present):
        whole = sorted([*present, *fresh], key=rank)
    else:
        whole = [*present, *sorted(fresh, key=rank)]
    for number, item in enumerate(whole, 1):
        if item.pk and item.sequence != number:
            item.revise(item.version, sequence=number)
        item.sequence = number
    AgendaItem.objects.bulk_create(fresh)


def add(meeting: Meeting, values: dict[str, Any]) -> AgendaItem:
    """One more item at the end."""
    return AgendaItem.objects.create(meeting=meeting, sequence=meeting.items.count() + 1, **values)
