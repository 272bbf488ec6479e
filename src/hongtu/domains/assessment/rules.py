"""Scores, ranks and the reasons for a difference, pure: facts in, numbers out. No framework here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from hongtu.domains.assessment.vocab import Change, Formula, Standing

FULL = 100.0
DIGITS = 2
DEFAULTS: Mapping[str, float] = {
    "adjustment_limit": 10, "good_from": 85, "pass_from": 60, "least_points": 40, "excused_warning": 0.3,
    "objection_days": 5,
}  # fmt: skip
"""Settings of a scheme that does not say otherwise: points, except excused_warning (a share) and
objection_days (working days)."""


@dataclass(frozen=True)
class Item:
    """One line of a scheme: `points` for an indicator. cap: the share at which the points are full (1.1 lets
    over-fulfilment count); limit: the mean at which a decaying item has no point left."""

    key: str
    title: str
    indicator: str
    formula: Formula
    points: float
    cap: float = 1.0
    limit: float = 30.0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Item:
        return cls(
            str(data["key"]), str(data["title"]), str(data["indicator"]), Formula(data["formula"]),
            float(data["points"]), float(data.get("cap") or 1), float(data.get("limit") or 30),
        )  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """A scheme as the arithmetic needs it."""

    items: tuple[Item, ...]
    settings: Mapping[str, float]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Plan:
        settings = {name: float(data.get(name, default)) for name, default in DEFAULTS.items()}
        return cls(tuple(Item.of(i) for i in data.get("items", ())), settings)

    @property
    def total(self) -> float:
        return sum(i.points for i in self.items)


@dataclass(frozen=True, slots=True)
class Tally:
    """value achieved; whole: all that was due; narrow: the same without what was excused; rows and excused
    count records."""

    value: float = 0.0
    whole: float = 0.0
    narrow: float = 0.0
    rows: int = 0
    excused: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """What the arithmetic needs of one fact."""

    value: float
    weight: float
    excused: bool


def tally(facts: Iterable[Counted]) -> Tally:
    """An excused fact leaves value and denominator; both denominators are kept."""
    value = whole = narrow = 0.0
    rows = excused = 0
    for fact in facts:
        rows += 1
        whole += fact.weight
        if fact.excused:
            excused += 1
            continue
        narrow += fact.weight
        value += fact.value
    return Tally(round(value, 6), round(whole, 6), round(narrow, 6), rows, excused)


def points(item: Item, found: Tally) -> float | None:
    """The points of an item; None while nothing was due (then it is left out and the rest counts for all)."""
    if found.narrow <= 0:
        return None
    share = found.value / found.narrow
    if item.formula is Formula.SHARE:
        part = min(share, item.cap) / item.cap
    elif item.formula is Formula.COMPLEMENT:
        part = 1 - share
    else:
        part = 1 - share / item.limit
    return round(item.points * min(1.0, max(0.0, part)), DIGITS)


@dataclass(frozen=True)
class ItemScore:
    """An item's points with the numbers they come from."""

    key: str
    title: str
    indicator: str
    formula: str
    points: float
    got: float | None
    tally: Tally


@dataclass(frozen=True)
class Score:
    """One unit's line. base: 0 to 100 over the applicable items; total: with adjustments, 0 under a veto."""

    unit: int
    name: str
    items: tuple[ItemScore, ...]
    applicable: float
    base: float | None
    adjustment: float
    veto: str
    total: float | None
    standing: Standing
    rank: int | None = None

    @property
    def excused(self) -> int:
        return sum(i.tally.excused for i in self.items)


def score(
    plan: Plan, unit: int, name: str, tallies: Mapping[str, Tally], adjustment: float = 0.0, veto: str = ""
) -> Score:
    """The score of one unit. `tallies` by item key; `veto`: why the score is void, empty when it is not."""
    items = tuple(
        ItemScore(i.key, i.title, i.indicator, i.formula, i.points, points(i, found), found)
        for i in plan.items
        for found in [tallies.get(i.key, Tally())]
    )
    applicable = sum(i.points for i in items if i.got is not None)
    limit = plan.settings["adjustment_limit"]
    adjustment = round(max(-limit, min(limit, adjustment)), DIGITS)
    base = round(FULL * sum(i.got or 0 for i in items) / applicable, DIGITS) if applicable else None
    total = None if base is None else round(max(0.0, base + adjustment), DIGITS)
    if veto:
        return Score(unit, name, items, applicable, base, adjustment, veto, 0.0, Standing.VETOED)
    if total is None or applicable < plan.settings["least_points"]:
        return Score(unit, name, items, applicable, base, adjustment, "", total, Standing.UNRANKED)
    return Score(unit, name, items, applicable, base, adjustment, "", total, _standing(plan, total))


def _standing(plan: Plan, total: float) -> Standing:
    if total >= plan.settings["good_from"]:
        return Standing.GOOD
    return Standing.PASS if total >= plan.settings["pass_from"] else Standing.POOR


def ranked(scores: Iterable[Score]) -> list[Score]:
    """In order, equal totals sharing a rank; vetoed ones last, then those that are not ranked."""
    order = {Standing.VETOED: 1, Standing.UNRANKED: 2}
    lines = sorted(scores, key=lambda s: (order.get(s.standing, 0), -(s.total or 0), s.name, s.unit))
    found: list[Score] = []
    before: Score | None = None
    for number, line in enumerate(lines, 1):
        rank: int | None = number
        if line.standing is Standing.UNRANKED:
            rank = None
        elif before and (before.total, before.standing is Standing.VETOED) == (
            line.total,
            line.standing is Standing.VETOED,
        ):
            rank = before.rank
        before = Score(**{**_fields(line), "rank": rank})
        found.append(before)
    return found


def _fields(line: Score) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__dataclass_fields__}


def as_data(lines: Sequence[Score]) -> list[dict[str, Any]]:
    """Lines as JSON, in their order: what a published ranking keeps."""
    return [asdict(line) for line in lines]


def from_data(data: Sequence[Mapping[str, Any]]) -> list[Score]:
    """The lines of a published ranking."""
    return [
        Score(
            **{
                **line,
                "items": tuple(ItemScore(**{**i, "tally": Tally(**i["tally"])}) for i in line["items"]),
                "standing": Standing(line["standing"]),
            }
        )
        for line in data
    ]


def digest(data: Any) -> str:
    """SHA-256 over the canonical JSON: the seal of a published ranking."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class ItemChange:
    """How one item contributes to a difference, in points of the total."""

    key: str
    title: str
    before: float | None
    after: float | None
    effect: float
    change: Change


@dataclass(frozen=True)
class Difference:
    """One unit in two rankings. delta: change of the total; rise: places gained (negative: lost)."""

    unit: int
    name: str
    before: Score | None
    after: Score | None
    delta: float | None
    rise: int | None
    reasons: tuple[ItemChange, ...] = field(default_factory=tuple)


def compare(old: Sequence[Score], new: Sequence[Score]) -> list[Difference]:
    """Every unit of either ranking, in the order of the new one, with what its difference is made of."""
    before, after = {s.unit: s for s in old}, {s.unit: s for s in new}
    keys = [*after, *(key for key in before if key not in after)]
    return [_difference(before.get(key), after.get(key)) for key in keys]


def _difference(a: Score | None, b: Score | None) -> Difference:
    present = b or a
    assert present is not None
    delta = (
        None
        if a is None or b is None or a.total is None or b.total is None
        else round(b.total - a.total, DIGITS)
    )
    rise = None if a is None or b is None or a.rank is None or b.rank is None else a.rank - b.rank
    return Difference(present.unit, present.name, a, b, delta, rise, tuple(_reasons(a, b)))


def _reasons(a: Score | None, b: Score | None) -> Iterable[ItemChange]:
    """A veto first, then adjustments, then items, the largest effect leading."""
    if a is None or b is None:
        change = Change.APPEARED if a is None else Change.LEFT
        yield ItemChange("", "", a.total if a else None, b.total if b else None, 0.0, change)
        return
    if a.veto != b.veto:
        effect = round((b.total or 0) - (a.total or 0), DIGITS)
        yield ItemChange("", b.veto or a.veto, a.total, b.total, effect, Change.VETO)
    if a.adjustment != b.adjustment:
        effect = round(b.adjustment - a.adjustment, DIGITS)
        yield ItemChange("", "", a.adjustment, b.adjustment, effect, Change.ADJUSTMENT)
    yield from sorted(_item_changes(a, b), key=lambda c: -abs(c.effect))


def _item_changes(a: Score, b: Score) -> Iterable[ItemChange]:
    """What each item adds or takes. One that is itself unchanged moves when others begin to apply."""
    old, new = {i.key: i for i in a.items}, {i.key: i for i in b.items}
    for key in [*new, *(k for k in old if k not in new)]:
        x, y = old.get(key), new.get(key)
        effect = round(_part(y, b) - _part(x, a), DIGITS)
        why = _change(x, y) or (Change.SCALE if effect else None)
        if why is not None and (effect or x is None or y is None):
            title = (y or x).title  # type: ignore[union-attr]
            yield ItemChange(key, title, x.got if x else None, y.got if y else None, effect, why)


def _part(item: ItemScore | None, line: Score) -> float:
    """What an item adds to the base of 100."""
    return FULL * (item.got or 0) / line.applicable if item and line.applicable else 0.0


def _change(x: ItemScore | None, y: ItemScore | None) -> Change | None:
    if x is None or y is None:
        return Change.SCHEME
    rule = (x.points, x.formula, x.indicator) != (y.points, y.formula, y.indicator)
    records = x.tally != y.tally
    if not rule and not records:  # the cap or the limit of the formula
        return Change.SCHEME if x.got != y.got else None
    return Change.BOTH if rule and records else Change.SCHEME if rule else Change.RECORDS


def faults(data: Mapping[str, Any], known: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What is wrong with a scheme: (code, facts). `known`: indicators open to its subject, by key."""
    found: list[tuple[str, dict[str, Any]]] = []
    items = data.get("items") or ()
    if not items:
        found.append(("no_items", {}))
    keys = [i.get("key") for i in items]
    found += [("twice", {"key": k}) for k in sorted({str(k) for k in keys if keys.count(k) > 1})]
    for item in items:
        if item.get("indicator") not in known:
            found.append(("no_indicator", {"item": item.get("title"), "indicator": item.get("indicator")}))
        if not float(item.get("points") or 0) > 0:
            found.append(("no_points", {"item": item.get("title")}))
    total = round(sum(float(i.get("points") or 0) for i in items), DIGITS)
    if items and total != FULL:
        found.append(("not_100", {"total": f"{total:g}"}))
    return found
