"""What waiting costs, in words that are translated when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from hongtu.engines.vocabulary import mark
from hongtu.kernel.base.sentences import Sentence

POINTS_FROM = 0.01  # a smaller change of a chance is noise of the drawing
MONEY_FROM = 1


class Costly(Protocol):
    """What words need of a cost: a stored row, or one kept in a record."""

    @property
    def days(self) -> Any: ...
    @property
    def late_days(self) -> Any: ...
    @property
    def neighbour_days(self) -> Any: ...
    @property
    def chance_lost(self) -> Any: ...
    @property
    def money_delayed(self) -> Any: ...


@dataclass(frozen=True)
class KeptCost:
    """A cost as a record keeps it: what was known when it was written."""

    days: float = 0.0
    late_days: float = 0.0
    neighbour_days: float = 0.0
    chance_lost: float = 0.0
    money_delayed: Decimal = Decimal(0)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> KeptCost | None:
        """None when nothing was kept: the thing holds up no chain."""
        if not data:
            return None
        numbers = {name: float(data[name]) for name in ("days", "late_days", "neighbour_days", "chance_lost")}
        return cls(**numbers, money_delayed=Decimal(data["money_delayed"]))


def kept(cost: Costly | None) -> dict[str, Any]:
    """JSON of a cost for a record; empty without one."""
    if cost is None:
        return {}
    numbers = {name: getattr(cost, name) for name in ("days", "late_days", "neighbour_days", "chance_lost")}
    return {**numbers, "money_delayed": str(cost.money_delayed)}


def working_days(days: float) -> str:
    """Half days are said, smaller parts are not."""
    return f"{round(days * 2) / 2:g}"


def in_short(cost: Costly) -> Sentence:
    """One sentence: what solving it today saves; nothing is added that the numbers do not say."""
    if cost.days < 0.25:
        return Sentence(mark("早晚解决都不推迟任何链条的完成日期"))
    said = [Sentence(mark("现在解决可省%(days)s个工作日"), {"days": working_days(cost.days)})]
    if cost.late_days >= 0.25:
        said.append(Sentence(mark("其中超出承诺日期%(days)s个"), {"days": working_days(cost.late_days)}))
    if cost.neighbour_days >= 0.25:
        said.append(Sentence(mark("其中相邻项目%(days)s个"), {"days": working_days(cost.neighbour_days)}))
    if cost.chance_lost >= POINTS_FROM:
        said.append(
            Sentence(mark("按期概率高%(points)s个百分点"), {"points": f"{cost.chance_lost * 100:.0f}"})
        )
    if cost.money_delayed >= MONEY_FROM:
        said.append(Sentence(mark("少推迟投资%(money)s万元"), {"money": f"{cost.money_delayed:,.0f}"}))
    return together(said)


def together(said: list[Sentence]) -> Sentence:
    """Several sentences as one, with commas."""
    whole = said[0]
    for part in said[1:]:
        whole = Sentence(mark("%(first)s，%(second)s"), {"first": whole, "second": part})
    return whole
