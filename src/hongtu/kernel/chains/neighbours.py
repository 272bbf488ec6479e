"""What lies around chains: which chain must wait for which other one, what they spend, how far they spread.

A chain is planned by itself. Two chains that need the same ground one after the other are tied: when the
earlier one slips, the later one cannot come in. Who knows that registers it here by the kind of subject;
whoever asks what a delay costs need not know the room the answer comes from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

Money = Mapping[tuple[int, int], float]
"""Planned 万元 by (year, month)."""


@dataclass(frozen=True)
class Tie:
    """The step `successor` of one chain is not finished before `lag_days` calendar days after the step
    `predecessor` of another (may be negative: the shared ground is only a part of both).

    `place` names the shared ground; `agreed` the agreement that orders it, empty for an order that
    only follows from the two plans. `on` is the day on which the ground changes hands as planned.
    """

    predecessor: int
    successor: int
    lag_days: int
    place: str
    agreed: str
    on: date


class Surroundings(Protocol):
    """What a room says of its chains."""

    def ties(self, on: date) -> Sequence[Tie]:
        """Ties between its chains whose ground has still to change hands on or after `on`."""

    def spending(self, keys: Collection[int]) -> Mapping[int, Money]:
        """Planned money of its subjects, by their primary keys."""

    def risk_rules(self, on: date) -> Any:
        """`kernel.chains.risk.RiskRules` in force."""

    def url(self, key: int) -> str:
        """The page of a subject's chain."""


_known: dict[str, Surroundings] = {}


def register(label: str, surroundings: Surroundings) -> None:
    """Tell what lies around the chains whose `subject_label` is `label`; the last one told counts."""
    _known[label] = surroundings


def surroundings() -> Iterator[tuple[str, Surroundings]]:
    yield from sorted(_known.items())


def url_of(chain: Any) -> str:
    """The page of a chain, empty when no room shows it."""
    known = _known.get(chain.subject_label)
    return known.url(chain.subject_key) if known else ""


def all_ties(on: date) -> list[Tie]:
    """Every tie there is, those that change hands first leading."""
    found = [tie for _label, known in surroundings() for tie in known.ties(on)]
    return sorted(found, key=lambda t: (t.on, t.predecessor, t.successor))


def groups(chains: Iterable[int], links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Chains (primary keys) that are tied to each other, however far, one list a group; each sorted."""
    parent: dict[int, int] = {chain: chain for chain in chains}

    def root(chain: int) -> int:
        while parent[chain] != chain:
            parent[chain] = parent[parent[chain]]
            chain = parent[chain]
        return chain

    for one, other in links:
        if one in parent and other in parent:
            parent[root(one)] = root(other)
    found: dict[int, list[int]] = defaultdict(list)
    for chain in sorted(parent):
        found[root(chain)].append(chain)
    return list(found.values())


def without_cycles(
    ties: Sequence[Tie], chain_of: Mapping[int, int], within: Iterable[tuple[int, int]]
) -> tuple[list[Tie], list[Tie]]:
    """Ties that can be kept together with the relations `within` chains, and those left out.

    Two long steps may use several grounds in turn, each waiting for the other once; as whole steps that
    would be a circle. The tie that changes hands first is kept. Ties to unknown steps or within one
    chain are left out too.
    """
    after: dict[int, set[int]] = defaultdict(set)
    for one, other in within:
        after[one].add(other)
    kept: list[Tie] = []
    dropped: list[Tie] = []
    for tie in ties:
        first, second = chain_of.get(tie.predecessor), chain_of.get(tie.successor)
        if (
            first is None
            or second is None
            or first == second
            or _leads(after, tie.successor, tie.predecessor)
        ):
            dropped.append(tie)
            continue
        after[tie.predecessor].add(tie.successor)
        kept.append(tie)
    return kept, dropped


def _leads(after: Mapping[int, set[int]], start: int, goal: int) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        step = waiting.pop()
        if step == goal:
            return True
        fresh = after.get(step, set()) - seen
        seen |= fresh
        waiting += fresh
    return False
