"""What people say, and what official texts call it: 房东 -> 出租人 (``lay_words.tsv``).

Characters and sounds find a word only where a text has it. The official words of the lay words in a question
are searched too, for less than the question's own.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import numpy as np

from .grams import Terms, character_terms
from .normalise import normalise


@lru_cache(maxsize=1)
def official_words() -> dict[str, tuple[str, ...]]:
    """Lay word -> the official words for it, normalised."""
    found: dict[str, tuple[str, ...]] = {}
    text = (resources.files(__package__) / "lay_words.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            said, official = (tuple(map(normalise, part.split("、"))) for part in line.split("\t"))
            for word in said:
                found[word] = tuple(dict.fromkeys((*found.get(word, ()), *official)))
    return found


@lru_cache(maxsize=1)
def _lengths() -> tuple[int, ...]:
    return tuple(sorted({len(word) for word in official_words()}, reverse=True))


def official(canonical: str) -> tuple[str, ...]:
    """Official words for a normalised question's lay words, longest words first read, without those that
    it has itself.
    """
    words = official_words()
    found: dict[str, None] = {}
    at = 0
    while at < len(canonical):
        size = next((size for size in _lengths() if canonical[at : at + size] in words), 0)
        for word in words.get(canonical[at : at + size], ()) if size else ():
            if word not in canonical:
                found[word] = None
        at += size or 1
    return tuple(found)


def official_terms(canonical: str) -> Terms:
    """Their character terms, each word for itself."""
    terms = [character_terms(word) for word in official(canonical)]
    return np.concatenate(terms) if terms else np.zeros(0, dtype=np.int64)
