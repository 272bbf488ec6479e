"""Vectors of the passages and their similarity to a question."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

import numpy as np

from .cache import VectorCache
from .encoder import Encoder
from .lexical import Mask, Scores
from .passages import Passage, chunks
from .weights import FloatArray

# Sentence models crowd all texts into a narrow cone; measuring from the middle of the knowledge base
# spreads them (Mu and Viswanath, "All-but-the-Top", 2018). With few passages the middle says little: it
# counts n / (n + 20) against the middle of some sentences of everyday and official language.
CENTRE_PRIOR = 20.0
MAX_CHUNKS = 40
Progress = Callable[[int], None]


def dense_texts(passage: Passage) -> list[str]:
    """What is encoded of a passage: its title, each chunk behind its name and owner, each saying.

    The title by itself, because a short question about a matter is like its name, not like the sentences
    that all matters of an office share (measured: docs/reference/search-measurements.md).
    """
    titles = [passage.title] if passage.title else []
    head = " ".join(part for part in (passage.label, passage.owner) if part)
    pieces = []
    if not titles or passage.text.strip() != passage.title.strip():
        pieces = [f"{head} {piece}".strip() for piece in chunks(passage.text)[:MAX_CHUNKS]]
    return [*titles, *pieces, *passage.sayings[:MAX_CHUNKS]]


def encode_cached(
    encoder: Encoder, texts: Sequence[str], cache: VectorCache | None, progress: Progress | None = None
) -> FloatArray:
    """Passage vectors, each taken from the cache where it is known; new ones are kept batch by batch."""
    out = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    missing = list(range(len(texts)))
    if cache is not None:
        known = cache.get(texts)
        missing = [place for place in missing if place not in known]
        for place, vector in known.items():
            out[place] = vector
        if progress is not None and known:
            progress(len(known))
    missing.sort(key=lambda place: len(texts[place]))
    for start in range(0, len(missing), 256):
        batch = missing[start : start + 256]
        vectors = encoder.encode_passages([texts[place] for place in batch], progress)
        out[batch] = vectors
        if cache is not None:
            cache.put([texts[place] for place in batch], vectors)
    return out


class DenseChannel:
    """Chunk vectors in the order of the passages; a passage scores by its best chunk."""

    def __init__(self, background: FloatArray) -> None:
        """``background``: vector of the middle of ordinary texts, shape (dimension,)."""
        self.dimension = len(background)
        self._background = background
        dimension = self.dimension
        self._blocks: list[FloatArray] = []
        self._ready = False
        self._matrix = np.zeros((0, dimension), dtype=np.float32)
        self._starts = np.zeros(0, dtype=np.int64)
        self._centre = np.zeros(dimension, dtype=np.float32)

    def append(self, vectors: FloatArray) -> None:
        """Add the chunk vectors of one passage, shape (chunks, dimension)."""
        self._blocks.append(vectors)
        self._ready = False

    def replace(self, place: int, vectors: FloatArray) -> None:
        """Put other vectors in a place."""
        self._blocks[place] = vectors
        self._ready = False

    def keep(self, places: list[int]) -> None:
        """Keep only the passages in ``places``, in that order."""
        self._blocks = [self._blocks[place] for place in places]
        self._ready = False

    def copy(self) -> DenseChannel:
        """Another channel with the same vectors; what is changed in one does not change the other."""
        other = copy.copy(self)
        other._blocks = self._blocks.copy()
        return other

    def prepare(self) -> None:
        """Stack and centre the vectors; does nothing when nothing changed."""
        if self._ready:
            return
        sizes = [len(block) for block in self._blocks]
        self._starts = np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int64)
        if self._blocks:
            matrix = np.concatenate(self._blocks)
            share = len(matrix) / (len(matrix) + CENTRE_PRIOR)
            self._centre = (share * matrix.mean(axis=0) + (1 - share) * self._background).astype(np.float32)
            matrix = matrix - self._centre
            matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-6)
        else:
            matrix = np.zeros((0, self.dimension), dtype=np.float32)
        self._matrix = np.ascontiguousarray(matrix, dtype=np.float32)
        self._ready = True

    def scores(self, vector: FloatArray, allowed: Mask | None = None) -> Scores:
        """Centred cosine of the question with each passage's best chunk; -1 outside ``allowed``."""
        self.prepare()
        out = np.full(len(self._blocks), -1.0, dtype=np.float32)
        if not len(out):
            return out
        question = vector - self._centre
        question = question / max(float(np.linalg.norm(question)), 1e-6)
        if allowed is None:
            out[:] = np.maximum.reduceat(self._matrix @ question, self._starts)
            return out
        ends = np.append(self._starts[1:], len(self._matrix))
        rows = np.repeat(allowed, ends - self._starts)
        if rows.any():
            sizes = (ends - self._starts)[allowed]
            starts = np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int64)
            out[allowed] = np.maximum.reduceat(self._matrix[rows] @ question, starts)
        return out

    def similarity(self, question: FloatArray, passage: FloatArray) -> float:
        """Centred cosine of two vectors, measured from this channel's middle."""
        self.prepare()
        left, right = question - self._centre, passage - self._centre
        return float(left @ right / max(float(np.linalg.norm(left) * np.linalg.norm(right)), 1e-6))
