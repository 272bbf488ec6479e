"""Texts to arrays of integer terms: characters and pairs of characters, syllables, initials.

A term is one int64, so that an index is sorted arrays and needs no dictionary of strings.
"""

from __future__ import annotations

import re
import zlib

import numpy as np
import numpy.typing as npt

from .normalise import code_points, is_han, normalise
from .phonetics import INITIALS, fuzzy_table, initial_table, split_pinyin

Terms = npt.NDArray[np.int64]

_WORD = re.compile(r"[a-z0-9]+")
PAIR = 1 << 21  # beyond the last code point
_WORD_MARK = 1 << 60
_TRIPLE_MARK = 1 << 59


def word_term(word: str) -> int:
    """Term of a Latin word or number."""
    return zlib.crc32(word.encode("utf-8", "replace")) | _WORD_MARK


def characters(text: str) -> Terms:
    """Single characters, pairs of neighbouring characters, Latin words and numbers of a raw text."""
    return character_terms(normalise(text))


def character_terms(canonical: str) -> Terms:
    """As ``characters``, of a text that is normalised already."""
    points = code_points(canonical)
    han = is_han(points)
    both = han[:-1] & han[1:]
    pairs = (points[:-1][both] + 1) * PAIR + points[1:][both]
    words = [word_term(word) for word in _WORD.findall(canonical)]
    return np.concatenate([points[han], pairs, np.array(words, dtype=np.int64)])


def pair_positions(canonical: str) -> tuple[Terms, Terms]:
    """Pair term (or -1) and character term (or -1) starting at each position of a canonical text."""
    points = code_points(canonical)
    han = is_han(points)
    pairs = np.full(len(points), -1, dtype=np.int64)
    if len(points) > 1:
        both = han[:-1] & han[1:]
        pairs[:-1][both] = (points[:-1][both] + 1) * PAIR + points[1:][both]
    return pairs, np.where(han, points, -1)


def syllables(text: str) -> Terms:
    """Pairs and triples of neighbouring syllables, confusable sounds made one; Latin pinyin is split."""
    canonical = normalise(text)
    terms = [_runs(fuzzy_table()[np.minimum(code_points(canonical), 0xFFFF)])]
    for word in _WORD.findall(canonical):
        found = split_pinyin(word)
        if len(found) > 1:
            terms.append(_runs(np.array(found, dtype=np.int64)))
    return np.concatenate(terms)


def _runs(sounds: Terms) -> Terms:
    spoken = sounds >= 0
    two = spoken[:-1] & spoken[1:]
    pairs = (sounds[:-1][two] + 1) * 1024 + sounds[1:][two]
    if len(sounds) < 3:
        return pairs
    three = two[:-1] & spoken[2:]
    triples = ((sounds[:-2][three] + 1) * 1024 + sounds[1:-1][three]) * 1024 + sounds[2:][three]
    return np.concatenate([pairs, triples | _TRIPLE_MARK])


def initials(text: str) -> Terms:
    """Runs of two to four initials: of the characters' syllables, or of the letters of a Latin query."""
    canonical = normalise(text)
    points = np.minimum(code_points(canonical), 0xFFFF)
    letters = initial_table()[points]
    out: list[Terms] = []
    value = letters.copy()
    valid = letters >= 0
    for length in (2, 3, 4):
        if len(letters) < length:
            break
        rest = letters[length - 1 :]
        keep = valid[: len(rest)] & (rest >= 0)
        value = value[: len(rest)] * len(INITIALS) + rest
        valid = keep
        out.append(value[keep] * 8 + length)
    return np.concatenate(out) if out else np.zeros(0, dtype=np.int64)
