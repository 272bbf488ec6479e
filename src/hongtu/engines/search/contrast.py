"""What questions may be about that a knowledge base does not hold: the other side of the scale.

A score says how near a question comes to the nearest matter, never whether it comes nearer to something
else. So subjects of everyday life and matters that authorities handle are laid beside the matters on record
(``contrast.txt``) and take part in the same comparison; a question nearer to one of them is about that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from .normalise import normalise

PREFIX = "contrast:"
_ACTIONS = re.compile(
    r"申领|申请|办理|登记|帮办|指引|备案|认定|申报|审批|核发|许可|服务|代办|受理|查询|一件事|联办|初审|"
    r"\(.*?\)|[“”\"、,，。 与和及的]"
)
ALIKE = 0.75
"""Share of common character pairs (Dice) from which two names are taken for one matter."""


@lru_cache(maxsize=1)
def subjects() -> tuple[str, ...]:
    """Names of subjects and matters, normalised, each once."""
    text = (resources.files(__package__) / "contrast.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(dict.fromkeys(normalise(name) for line in lines for name in line.split("、")))


def core(name: str) -> str:
    """A matter's name without the words for handling it: 居住证申领帮办 -> 居住证."""
    canonical = normalise(name)
    return _ACTIONS.sub("", canonical) or canonical


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset([text])


@lru_cache(maxsize=1)
def _cores() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((core(subject), _pairs(core(subject))) for subject in subjects())


@lru_cache(maxsize=1)
def _by_pair() -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for number, (_bare, pairs) in enumerate(_cores()):
        for pair in pairs:
            found.setdefault(pair, []).append(number)
    return {pair: tuple(numbers) for pair, numbers in found.items()}


def _same(name: str, number: int, shared: int) -> bool:
    """Whether a core of a name speaks of a subject, of which it has ``shared`` pairs of characters."""
    bare, pairs = _cores()[number]
    if name == bare:
        return True
    shorter, longer = sorted((name, bare), key=len)
    if len(shorter) >= 2 and shorter in longer and len(shorter) >= 0.6 * len(longer):
        return True
    return 2 * shared >= ALIKE * (len(_pairs(name)) + len(pairs))


def against(names: Iterable[str]) -> dict[str, str]:
    """Subjects by id that none of the names stands for: what a knowledge base of these names lacks."""
    held: set[int] = set()
    for name in {core(name) for name in names}:
        shared = Counter(number for pair in _pairs(name) for number in _by_pair().get(pair, ()))
        held.update(number for number, count in shared.items() if _same(name, number, count))
    listed = enumerate(subjects())
    return {f"{PREFIX}{number}": subject for number, subject in listed if number not in held}
