"""The aims of alternatives as stages, each a linear goal; a later stage keeps what earlier ones won."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .formulation import Expr, Formulation
from .result import Aim, Loss, whole

_HUNDREDTHS = 100  # relative losses are minimised to a hundredth of a day


@dataclass(frozen=True)
class Stage:
    """`goal` builds the expression to minimise; `measure` evaluates the same from losses."""

    goal: Callable[[Formulation], Expr]
    measure: Callable[[tuple[Loss, ...]], int]
    name: str


def total_cost() -> Stage:
    """Yuan lost by all parties together."""
    return Stage(
        lambda form: sum(form.loss.values()), lambda losses: sum(loss.yuan for loss in losses), "yuan"
    )


def party_cost(number: int, project: str) -> Stage:
    """Yuan lost by one party."""
    return Stage(
        lambda form: form.loss[number],
        lambda losses: next(loss.yuan for loss in losses if loss.project == project),
        "party_yuan",
    )


def days_past_promises() -> Stage:
    """Days past the promised dates, summed over the parties."""
    return Stage(
        lambda form: sum(form.late.values()),
        lambda losses: sum(loss.days_past_promise or 0 for loss in losses),
        "days_past_promise",
    )


def worst_share() -> Stage:
    """The largest relative loss, in hundredths of the party's own day of delay."""

    def goal(form: Formulation) -> Expr:
        scene = form.problem.scene
        top = form.model.new_int_var(0, 10**9, "worst")
        for number, loss in form.loss.items():
            rate = max(1, whole(scene.projects[number].delay_cost_per_day))
            form.model.add(_HUNDREDTHS * loss <= rate * top)
        return top

    def measure(losses: tuple[Loss, ...]) -> int:
        # Rounded up as the integer row rounds up, so that both sides agree; the tiny step guards 0.29 * 100.
        return max((-int(-(loss.relative * _HUNDREDTHS - 1e-6) // 1) for loss in losses), default=0)

    return Stage(goal, measure, "relative_hundredths")


def stages_of(aim: Aim, party: tuple[int, str] | None = None) -> list[Stage]:
    """The stages of an aim; the last is always the total cost."""
    if aim is Aim.LEAST_COST:
        return [total_cost()]
    if aim is Aim.FAIREST:
        return [worst_share(), total_cost()]
    if aim is Aim.PROMISED_DATES:
        return [days_past_promises(), total_cost()]
    if party is None:
        raise ValueError("PARTY_FIRST needs the party")
    return [party_cost(*party), total_cost()]
