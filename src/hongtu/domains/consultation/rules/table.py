"""Who must sit at the table and why, who may vote, how the meeting concluded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hongtu.domains.consultation.vocab import Agreement, Choice, Interest, Part, Refusal


@dataclass(frozen=True)
class Required:
    """Somebody who must be invited. unit: code of a department, empty when the part says enough. reason: the
    rule's own words."""

    part: Part
    reason: str
    unit: str = ""


def required(rule: Mapping[str, Any], kind: str, *, common_property: bool, estate: bool) -> list[Required]:
    """Who must be invited, out of the rule `consultation.invitees`: by the topic's kind, by its place (a
    residential estate), and because it touches common property. Each once, the first reason stands."""
    given = [*rule["always"], *rule["kinds"].get(kind, ())]
    given += rule["estate"] if estate else ()
    given += rule["common_property"] if common_property else ()
    found: dict[tuple[Part, str], Required] = {}
    for line in given:
        one = Required(Part(line["part"]), str(line["reason"]), str(line.get("unit", "")))
        found.setdefault((one.part, one.unit), one)
    return list(found.values())


@dataclass(frozen=True)
class Seat:
    """A participant as the rules see her."""

    part: Part
    unit: str = ""
    interest: Interest = Interest.UNDECLARED
    attended: bool = False


def missing(needed: Iterable[Required], seats: Sequence[Seat]) -> list[Required]:
    """Required parts nobody was invited for."""
    parts = {seat.part for seat in seats}
    units = {(seat.part, seat.unit) for seat in seats}
    return [n for n in needed if (n.part, n.unit) not in units and (n.unit or n.part not in parts)]


def interested_share(seats: Sequence[Seat]) -> Fraction | None:
    """The share of those whose interests are touched: residents concerned and their representatives. None for
    an empty table."""
    own = sum(seat.part in (Part.INTERESTED, Part.REPRESENTATIVE, Part.COMMITTEE) for seat in seats)
    return Fraction(own, len(seats)) if seats else None


def may_vote(seat: Seat) -> Refusal | None:
    """Present, declared, and without a conflict of interest."""
    if not seat.attended:
        return Refusal.ABSENT
    if seat.interest is Interest.UNDECLARED:
        return Refusal.UNDECLARED_VOTE
    return Refusal.RECUSED if seat.interest is Interest.CONFLICT else None


def agreement(votes: Sequence[Choice]) -> Agreement:
    """Consensus: nobody opposes or abstains. Majority: more than half of those who voted consent. Else
    none."""
    if not votes:
        raise ValueError("nobody voted")
    consenting = sum(vote is Choice.CONSENT for vote in votes)
    if consenting == len(votes):
        return Agreement.CONSENSUS
    return Agreement.MAJORITY if 2 * consenting > len(votes) else Agreement.NONE
