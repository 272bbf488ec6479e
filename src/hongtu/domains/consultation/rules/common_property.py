"""The double majority of owners on common property (民法典第二百七十八条), in exact fractions.

How people and area are counted (法释〔2009〕7号, 2020年修正, 第八条、第九条): an exclusive part is one
person; what
the builder has not sold, or sold but not delivered, is one person altogether; a buyer of several parts is one
person. The area is the registered one. "以上" includes the number itself, "过半数" does not include the half
(民法典第一千二百五十九条). Who abstains takes part and does not consent.

An owner of several parts votes once; her whole area goes with that vote, also parts without a ballot of
their own. Differing ballots of one owner are no vote that can be counted: MixedVotes names them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hongtu.domains.consultation.vocab import Choice, CommonMatter, Standing
from hongtu.engines.vocabulary import mark

ARTICLE = mark("《民法典》第二百七十八条")
PARTICIPATION = Fraction(2, 3)
SPECIAL = frozenset({CommonMatter.RAISE_FUND, CommonMatter.REBUILD, CommonMatter.CHANGE_USE})
_THREE_QUARTERS, _HALF = Fraction(3, 4), Fraction(1, 2)
_BUILDER = ("builder",)


class MixedVotes(ValueError):
    """One owner's parts carry different ballots. `parts`: their keys."""

    def __init__(self, parts: list[str]) -> None:
        super().__init__(f"ballots of one owner differ: {', '.join(parts)}")
        self.parts = parts


@dataclass(frozen=True)
class ExclusivePart:
    """A flat or shop. area: square metres, above zero. owner: number of the owner in the register; empty
    means nobody else's, so the part is a person by itself. counted: enters the count at all (parking spaces
    do not, unless the rules of procedure say so). choice: None without a ballot."""

    key: str
    area: Decimal | Fraction | int
    owner: str = ""
    standing: Standing = Standing.DELIVERED
    counted: bool = True
    choice: Choice | None = None

    def __post_init__(self) -> None:
        if self.area <= 0:
            raise ValueError(f"the area of {self.key} must be above zero: {self.area}")

    @property
    def person(self) -> tuple[str, ...]:
        """Who counts as one person for this part."""
        if self.standing is not Standing.DELIVERED:
            return _BUILDER
        return ("owner", self.owner) if self.owner else ("part", self.key)


@dataclass(frozen=True)
class Sums:
    """People and area: of all, of those who took part, of those who consented."""

    people: int
    area: Fraction
    people_voting: int
    area_voting: Fraction
    people_consenting: int
    area_consenting: Fraction

    def __post_init__(self) -> None:
        people = (self.people_consenting, self.people_voting, self.people)
        area = (self.area_consenting, self.area_voting, self.area)
        for least, middle, most in (people, area):
            if not 0 <= least <= middle <= most:
                raise ValueError("consenting must not exceed voting, nor voting the whole")


@dataclass(frozen=True)
class Criterion:
    """One of the four conditions. `strict`: the share must lie above `needed`, else it may equal it."""

    name: str
    part: Fraction
    whole: Fraction
    needed: Fraction
    strict: bool

    @property
    def share(self) -> Fraction | None:
        """None while there is nothing to divide by."""
        return self.part / self.whole if self.whole else None

    @property
    def met(self) -> bool:
        """Compared by cross-multiplication, so nothing is rounded."""
        if not self.whole:
            return False
        left, right = self.part * self.needed.denominator, self.whole * self.needed.numerator
        return left > right if self.strict else left >= right


@dataclass(frozen=True)
class Result:
    """What came out, with the sums and what the law asks."""

    matter: CommonMatter
    sums: Sums
    criteria: tuple[Criterion, Criterion, Criterion, Criterion]

    @property
    def passed(self) -> bool:
        return all(c.met for c in self.criteria)

    @property
    def special(self) -> bool:
        return self.matter in SPECIAL


def add_up(parts: Iterable[ExclusivePart]) -> Sums:
    """The sums over a register with its ballots. MixedVotes when an owner's ballots differ."""
    choices: dict[tuple[str, ...], Choice] = {}
    keys: dict[tuple[str, ...], list[str]] = {}
    areas: dict[tuple[str, ...], Fraction] = {}
    mixed: set[tuple[str, ...]] = set()
    for part in parts:
        if not part.counted:
            continue
        who = part.person
        areas[who] = areas.get(who, Fraction(0)) + Fraction(part.area)
        if part.choice is not None:
            keys.setdefault(who, []).append(part.key)
            if choices.setdefault(who, part.choice) is not part.choice:
                mixed.add(who)
    if mixed:
        raise MixedVotes(sorted(key for who in mixed for key in keys[who]))
    voting = [areas[who] for who in choices]
    consenting = [areas[who] for who, choice in choices.items() if choice is Choice.CONSENT]
    return Sums(
        len(areas),
        sum(areas.values(), Fraction(0)),
        len(voting),
        sum(voting, Fraction(0)),
        len(consenting),
        sum(consenting, Fraction(0)),
    )


def judge(matter: CommonMatter, sums: Sums) -> Result:
    """Two thirds must take part, by people and by area; of those, three quarters (items 6 to 8) or more than
    half (every other item) must consent, again by both."""
    if matter is CommonMatter.NONE:
        raise ValueError("only a matter of article 278 is decided by the owners together")
    strict = matter not in SPECIAL
    needed = _HALF if strict else _THREE_QUARTERS
    people, voting = Fraction(sums.people), Fraction(sums.people_voting)
    return Result(
        matter,
        sums,
        (
            Criterion("people_voting", voting, people, PARTICIPATION, False),
            Criterion("area_voting", sums.area_voting, sums.area, PARTICIPATION, False),
            Criterion("people_consenting", Fraction(sums.people_consenting), voting, needed, strict),
            Criterion("area_consenting", sums.area_consenting, sums.area_voting, needed, strict),
        ),
    )


def tally(matter: CommonMatter, parts: Iterable[ExclusivePart]) -> Result:
    """The result of a vote over a register."""
    return judge(matter, add_up(parts))
