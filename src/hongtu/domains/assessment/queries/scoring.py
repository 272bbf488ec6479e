"""Scores of a day as known at a moment. The number of queries depends on the scheme, not on units or
records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from hongtu.domains.assessment import rules
from hongtu.domains.assessment.models import Adjustment, Excuse, Falsification, Scheme
from hongtu.domains.assessment.rules import Counted, Item, Plan, Score
from hongtu.domains.assessment.vocab import VETOING, Charge, Decision, SchemeState
from hongtu.engines.vocabulary import mark
from hongtu.kernel.indicators.knowledge import Moment
from hongtu.kernel.indicators.registry import Fact, Indicator, find
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.people.models import Unit, UnitKind

KINDS: dict[Subject, frozenset[str]] = {
    Subject.OWNER: frozenset({UnitKind.COMPANY, UnitKind.INSTITUTION, UnitKind.DEPARTMENT}),
    Subject.RESPONSIBLE: frozenset({UnitKind.DEPARTMENT, UnitKind.INSTITUTION, UnitKind.COMPANY}),
    Subject.OFFICE: frozenset({UnitKind.DEPARTMENT}),
    Subject.SUBDISTRICT: frozenset({UnitKind.SUBDISTRICT}),
}
SCHEME = ("name", "subject", "effective_from", "data", "state", "adopted_at")
EXCUSED = mark("经批准免责")


class NoScheme(LookupError):
    """No scheme was in force for the subject on the day, as known at the moment."""


@dataclass(frozen=True)
class Result:
    """A computed ranking: its lines, and the facts behind each (unit, item key)."""

    subject: Subject
    scheme: Any
    plan: Plan
    moment: Moment
    lines: tuple[Score, ...]
    facts: dict[tuple[int, str], list[Fact]]

    @property
    def by_unit(self) -> dict[int, Score]:
        return {line.unit: line for line in self.lines}


def in_force(subject: Subject, moment: Moment) -> Any:
    """The scheme in force on the day, as it was known. NoScheme when there was none."""
    rows = [
        row
        for row in moment.rows(Scheme, SCHEME)
        if row.subject == subject and row.state == SchemeState.ADOPTED and row.effective_from <= moment.on
    ]
    if not rows:
        raise NoScheme(f"no scheme for {subject} on {moment.on}")
    return max(rows, key=lambda r: (r.effective_from, r.row_key))


def result(
    subject: Subject, on: date, known: datetime | None = None, *, scheme: Scheme | None = None
) -> Result:
    """The ranking of a subject. `known` None: as known now; `scheme`: another one than that in force.

    Raises NoScheme.
    """
    moment = Moment(on, known)
    chosen = scheme if scheme is not None else in_force(subject, moment)
    plan = Plan.of(chosen.data)
    return score_all(subject, plan, moment, chosen)


def score_all(subject: Subject, plan: Plan, moment: Moment, scheme: Any) -> Result:
    """Score every unit that has a fact of those that make it one of the assessed, or is vetoed."""
    facts = _facts(subject, plan.items, moment)
    adjustments, vetoes = _adjustments(subject, moment), _vetoes(subject, moment)
    roster = {i.key for i in plan.items if (found := find(i.indicator)) and found.roster}
    keys = {unit for unit, item in facts if not roster or item in roster} | vetoes.keys()
    units = [
        row
        for row in moment.rows(Unit, ("name", "kind"))
        if row.row_key in keys and row.kind in KINDS[subject]
    ]
    counted: dict[int, set[str]] = defaultdict(set)
    for unit, key in facts:
        counted[unit].add(key)
    lines = []
    for unit in units:
        tallies = {
            name: rules.tally(Counted(f.value, f.weight, f.excused) for f in facts[unit.row_key, name])
            for name in counted[unit.row_key]
        }
        key = unit.row_key
        lines.append(
            rules.score(plan, key, unit.name, tallies, adjustments.get(key, 0.0), vetoes.get(key, ""))
        )
    return Result(subject, scheme, plan, moment, tuple(rules.ranked(lines)), facts)


def _facts(subject: Subject, items: Sequence[Item], moment: Moment) -> dict[tuple[int, str], list[Fact]]:
    """Facts by unit and item, each indicator asked once; approved excuses applied."""
    excused = _excuses(moment)
    read: dict[str, list[Fact]] = {}
    found: dict[tuple[int, str], list[Fact]] = defaultdict(list)
    for item in items:
        indicator = find(item.indicator)
        if indicator is None or subject not in indicator.subjects:
            continue
        if item.indicator not in read:
            read[item.indicator] = [
                _excuse(f, indicator, excused) for f in indicator.collect(moment, subject)
            ]
        for fact in read[item.indicator]:
            found[fact.unit, item.key].append(fact)
    return dict(found)


def _excuse(fact: Fact, indicator: Indicator, excused: dict[tuple[str, int, str], str]) -> Fact:
    name = excused.get((indicator.key, fact.key, fact.part))
    if name is None or fact.excused:
        return fact
    return replace(fact, excused=True, state=EXCUSED)


def _excuses(moment: Moment) -> dict[tuple[str, int, str], str]:
    fields = ("indicator", "record", "part", "state", "since", "reason")
    return {
        (row.indicator, row.record, row.part): row.reason
        for row in moment.rows(Excuse, fields)
        if row.state == Decision.APPROVED and row.since <= moment.on
    }


def _adjustments(subject: Subject, moment: Moment) -> dict[int, float]:
    found: dict[int, float] = defaultdict(float)
    for row in moment.rows(Adjustment, ("unit_id", "subject", "points", "on", "state")):
        if row.subject == subject and row.state == Decision.APPROVED and moment.since <= row.on <= moment.on:
            found[row.unit_id] += float(row.points)
    return dict(found)


def _vetoes(subject: Subject, moment: Moment) -> dict[int, str]:
    """{unit: what was falsified} of the year, as far as confirmed and not quashed."""
    fields = ("unit_id", "subject", "name", "occurred_on", "state")
    return {
        row.unit_id: row.name
        for row in moment.rows(Falsification, fields)
        if row.subject == subject
        and Charge(row.state) in VETOING
        and moment.since <= row.occurred_on <= moment.on
    }
