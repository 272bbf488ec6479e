"""Reads of what waiting costs: the order in which problems and late steps deserve somebody's time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import DecimalField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from hongtu.kernel.chains.models import Step
from hongtu.kernel.problems.cost_words import Costly
from hongtu.kernel.problems.costs import Cost, CostDue
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.vocab import OPEN, State
from hongtu.kernel.profile.models import rule, today

RULE = "problems.blocking"
MEASURES = ("late_days", "chance_lost", "days", "money_delayed")
DEFAULT = {"overdue_days": 10, "late_step_days": 10}
"""Where a district was set up before there was such a rule."""


def _rounded(path: str) -> Func:
    """Chances are compared to a thousandth, as the engine does."""
    return Func(Cast(F(path), DecimalField(max_digits=12, decimal_places=6)), 3, function="ROUND")


def dearest(prefix: str = "") -> list[Any]:
    """Ordering: days beyond promised dates, promises expected to break, days on any finish, money; those
    that cost nothing or block nothing last. The same order as the engine's `ranked`."""
    return [
        F(f"{prefix}late_days").desc(nulls_last=True),
        _rounded(f"{prefix}chance_lost").desc(nulls_last=True),
        F(f"{prefix}days").desc(nulls_last=True),
        F(f"{prefix}money_delayed").desc(nulls_last=True),
    ]


def key(cost: Costly | None) -> tuple[float, float, float, float]:
    """The same order for rows in memory: smaller comes first."""
    if cost is None:
        return (0.0, 0.0, 0.0, 0.0)
    return (-cost.late_days, -round(cost.chance_lost, 3), -cost.days, -float(cost.money_delayed))


def blocking() -> dict[str, int]:
    """The rule in force: how long a block lasts when nobody does anything."""
    try:
        return {**DEFAULT, **rule(RULE)}
    except LookupError:
        return DEFAULT


def blocking_problems() -> QuerySet[Problem]:
    """Open problems that hold up an unfinished step; what was verified already does not hold it up any
    more."""
    rows = Problem.objects.filter(state__in=OPEN - {State.ANSWERING}, step__actual_finish__isnull=True)
    return rows.filter(step__isnull=False)


def late_steps(on: date) -> QuerySet[Step]:
    """Steps that are behind and could be worked: past their planned finish, or begun (or due to have begun)
    with less than no float. A step that no open problem stands for; excused ones are left out."""
    reported = blocking_problems().filter(step=OuterRef("pk"))
    behind = Q(planned_finish__lt=on) | Q(total_float__lt=0, planned_start__lte=on)
    return Step.objects.filter(behind, actual_finish__isnull=True, excused=False).exclude(Exists(reported))


def is_stale(on: date | None = None) -> bool:
    """Whether anything has to be computed before the costs can be shown; two queries at most."""
    if CostDue.objects.exists():
        return True
    return Cost.objects.exclude(computed_on=on or today()).exists()


def costs_of(problems: Iterable[Problem]) -> dict[int, Cost]:
    """Costs by problem, one query."""
    keys = [problem.pk for problem in problems]
    return {row.problem_id: row for row in Cost.objects.filter(problem__in=keys) if row.problem_id}


def costs_of_steps(steps: Iterable[int]) -> dict[int, Cost]:
    """Costs by step: the dearest of its problems, else its own; one query."""
    found: dict[int, Cost] = {}
    for row in Cost.objects.filter(step__in=list(steps)).order_by(*dearest(), "pk"):
        found.setdefault(row.step_id, row)
    return found


def endangering(chains: Any, seen: Any, most: int) -> QuerySet[Cost]:
    """The dearest blocks of some chains, each with its step and chain: late steps, and of the problems those
    `seen` (both given as keys or a sub-query). One query."""
    rows = Cost.objects.filter(step__chain__in=chains, days__gt=0)
    rows = rows.filter(Q(problem__isnull=True) | Q(problem__in=seen))
    return rows.select_related("step__chain", "step__unit", "problem").order_by(*dearest(), "pk")[:most]
