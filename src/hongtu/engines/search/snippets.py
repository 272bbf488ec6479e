"""The part of a passage to show under a hit."""

from __future__ import annotations

import numpy as np

from .grams import Terms, pair_positions
from .lexical import LexicalChannel
from .normalise import aligned
from .passages import Snippet

WINDOW = 90
_ENDS = "。！？；!?;\n"


class SnippetMaker:
    """Finds in each passage the window with most of the question's rare terms."""

    def __init__(self, query_terms: Terms, channel: LexicalChannel) -> None:
        self._terms = np.unique(query_terms)
        self._weights = channel.rarity(self._terms) if len(self._terms) else np.zeros(0, dtype=np.float32)

    def coverage(self, text: str) -> float:
        """Share of the question's terms, by rarity, that the text contains: 0 to 1."""
        total = float(self._weights.sum())
        if not total:
            return 0.0
        pairs, single = pair_positions(aligned(text))
        present = np.isin(self._terms, np.concatenate([pairs, single]))
        return float(self._weights[present].sum()) / total

    def make(self, text: str) -> Snippet:
        """Snippet of at most 90 characters, begun at a sentence where one begins near."""
        pairs, single = pair_positions(aligned(text))
        gain = self._gain(pairs) + 0.25 * self._gain(single)
        if not len(text):
            return Snippet("")
        running = np.concatenate([[0.0], np.cumsum(gain)])
        last = max(1, len(text) - WINDOW + 1)
        sums = running[np.minimum(np.arange(last) + WINDOW, len(text))] - running[:last]
        best = int(np.flatnonzero(sums >= sums.max() - 1e-9)[-1])  # the match near the window's start
        begin = max((text.rfind(mark, 0, best + 1) + 1 for mark in _ENDS), default=0)
        start = begin if best - begin <= WINDOW // 3 else best
        shown = text[start : start + WINDOW]
        return Snippet(shown, self._marks(pairs[start : start + WINDOW], single[start : start + WINDOW]))

    def _gain(self, terms: Terms) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        if not len(self._terms):
            return np.zeros(len(terms))
        places = np.minimum(np.searchsorted(self._terms, terms), len(self._terms) - 1)
        return np.where(self._terms[places] == terms, self._weights[places], 0.0).astype(np.float64)

    def _marks(self, pairs: Terms, single: Terms) -> tuple[tuple[int, int], ...]:
        hit = np.isin(pairs, self._terms)
        inside = np.zeros(len(pairs) + 1, dtype=bool)
        inside[:-1] |= hit
        inside[1:] |= hit
        inside = inside[: len(single)]
        edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(np.int8), [0]])))
        return tuple((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))
