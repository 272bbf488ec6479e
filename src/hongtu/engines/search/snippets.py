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
    """Finds in a passage the 90 characters with most of the question's rare terms."""

    def __init__(self, query_terms: Terms, channel: LexicalChannel) -> None:
        self._terms = np.unique(query_terms)
        self._weights = channel.rarity(self._terms) if len(self._terms) else np.zeros(0, dtype=np.float32)

    def look(self, title: str, text: str) -> tuple[Snippet, float]:
        """Snippet of the text; share of the question's terms, by rarity, in title and text."""
        present = np.zeros(len(self._terms) + 1, dtype=np.bool_)
        places, single = self._places(text)
        for found in (places, single, *(self._places(title) if title else ())):
            present[found] = True
        total = float(self._weights.sum())
        share = float(self._weights[present[:-1]].sum()) / total if total else 0.0
        return self._snippet(text, places, single), share

    def _places(self, text: str) -> tuple[Terms, Terms]:
        """Which of the question's terms starts at each position, as a pair and as a character."""
        pairs, single = pair_positions(aligned(text))
        return self._known(pairs), self._known(single)

    def _known(self, terms: Terms) -> Terms:
        missing = len(self._terms)
        if not missing:
            return np.zeros(len(terms), dtype=np.int64)
        found = np.minimum(np.searchsorted(self._terms, terms), missing - 1)
        return np.where(self._terms[found] == terms, found, missing)

    def _snippet(self, text: str, pairs: Terms, single: Terms) -> Snippet:
        if not text:
            return Snippet("")
        weights = np.append(self._weights, 0.0)
        running = np.concatenate([[0.0], np.cumsum(weights[pairs] + 0.25 * weights[single])])
        last = max(1, len(text) - WINDOW + 1)
        sums = running[np.minimum(np.arange(last) + WINDOW, len(text))] - running[:last]
        best = int(np.flatnonzero(sums >= sums.max() - 1e-6)[-1])  # the match near the window's start
        begin = max(text.rfind(mark, 0, best + 1) + 1 for mark in _ENDS)
        start = begin if best - begin <= WINDOW // 3 else best
        return Snippet(text[start : start + WINDOW], self._marks(pairs[start : start + WINDOW]))

    def _marks(self, pairs: Terms) -> tuple[tuple[int, int], ...]:
        hit = pairs < len(self._terms)
        inside = np.zeros(len(pairs) + 2, dtype=np.int8)
        inside[1:-1] |= hit
        inside[2:] |= hit  # a pair covers its second character too
        inside[-1] = 0
        edges = np.flatnonzero(np.diff(inside))
        return tuple((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))
