"""How alike two reports are, from their words and their places; pure. A hint for people, never a decision."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NOISE = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Report:
    """What is compared. `point`: longitude and latitude in degrees WGS84, None when unknown."""

    key: int
    text: str
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class Likeness:
    """`score`, `text` and `place` from 0 to 1; `metres` None when a place is unknown."""

    key: int
    score: float
    text: float
    metres: float | None


def bigrams(text: str) -> Counter[str]:
    """Pairs of neighbouring characters: they carry Chinese words without a dictionary."""
    plain = _NOISE.sub("", text.lower())
    return Counter(plain[i : i + 2] for i in range(len(plain) - 1)) or Counter([plain] if plain else [])


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance on a plane that touches the Earth here: right to a percent within a district."""
    north = (one[1] - other[1]) * 111_320
    east = (one[0] - other[0]) * 111_320 * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(north, east)


def rank(
    report: Report,
    others: Sequence[Report],
    *,
    within: float,
    text_share: float,
    least: float,
    most: int,
) -> list[Likeness]:
    """The most alike of `others`, best first. Words count by how rare they are among the candidates (what
    every
    report says, like the name of the sub-district, says little); the rest of the score is nearness, which
    falls to
    nothing at `within` metres. Without places the words alone decide."""
    bags = [bigrams(o.text) for o in others]
    mine = bigrams(report.text)
    frequency = Counter(pair for bag in [mine, *bags] for pair in bag)
    rarity = {pair: math.log(1 + (len(others) + 1) / count) for pair, count in frequency.items()}
    own = _weight(mine, rarity)
    found = []
    for other, bag in zip(others, bags, strict=True):
        shared = _weight(mine & bag, rarity)
        whole = own + _weight(bag, rarity)
        words = 2 * shared / whole if whole else 0.0
        apart = metres(report.point, other.point) if report.point and other.point else None
        near = max(0.0, 1 - apart / within) if apart is not None else None
        score = words if near is None else text_share * words + (1 - text_share) * near
        if score >= least and (words > 0.1 or near is None):
            found.append(Likeness(other.key, score, words, apart))
    return sorted(found, key=lambda like: -like.score)[:most]


def _weight(bag: Counter[str], rarity: dict[str, float]) -> float:
    return sum(count * rarity[pair] for pair, count in bag.items())


def texts(parts: Iterable[str]) -> str:
    """One text out of a title and a description."""
    return " ".join(part for part in parts if part)
