"""Indicators: what a room can be assessed by, registered by the room that owns the records.

An assessment knows no project and no problem. It asks an indicator for its facts: one fact a counted
record, with the unit it counts for, what was due (`weight`) and what was achieved (`value`). Every fact
names its record, so that any score opens to the rows it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from hongtu.kernel.access.policies import objects
from hongtu.kernel.indicators.knowledge import Moment
from hongtu.kernel.indicators.vocab import Measure, Subject


@dataclass(frozen=True, slots=True)
class Fact:
    """One counted record.

    key: primary key in the indicator's model; part: tells several facts of one record apart (a month, a
    reporter). state: what became of it, in a word; why and facts: more, as a translatable pattern and its
    values. excused: an approval of the room itself took it out of the denominator.
    """

    unit: int
    key: int
    name: str
    value: float
    weight: float = 1.0
    part: str = ""
    state: str = ""
    why: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    excused: bool = False


Collect = Callable[[Moment, Subject], Iterable[Fact]]
Reach = Callable[[Any, Collection[int]], dict[int, str]]


@dataclass(frozen=True)
class Indicator:
    """What is counted. `collect(moment, subject)` yields all units' facts in a bounded number of queries;
    `model` is the kind of record whose access policy decides who sees a row, unless `reach(by, keys)` says
    which of the keys she may read, with the address of each. roster: who has such a record is one of the
    assessed; the others are told apart from them by it."""

    key: str
    title: str
    subjects: frozenset[Subject]
    model: type[Model]
    collect: Collect
    measure: Measure = Measure.ITEMS
    meaning: str = ""
    reach: Reach | None = None
    roster: bool = False

    def readable(self, by: Any, keys: Collection[int]) -> dict[int, str]:
        """Which of the records she may read: {key: address, empty where none is known}."""
        if self.reach is not None:
            return self.reach(by, keys)
        rows = objects(self.model, by=by).filter(pk__in=keys)
        return dict.fromkeys(rows.values_list("pk", flat=True), "")


_indicators: dict[str, Indicator] = {}


def register(indicator: Indicator) -> None:
    """Make an indicator known. Two of one name are a mistake of the programmer."""
    known = _indicators.get(indicator.key)
    if known is not None and known.collect is not indicator.collect:
        raise ValueError(f"two indicators are called {indicator.key!r}")
    _indicators[indicator.key] = indicator


def find(key: str) -> Indicator | None:
    return _indicators.get(key)


def indicators(subject: Subject | None = None) -> list[Indicator]:
    """All of them, or those by which a subject can be assessed, in order of their names."""
    found = sorted(_indicators.values(), key=lambda i: i.key)
    return [i for i in found if subject is None or subject in i.subjects]
