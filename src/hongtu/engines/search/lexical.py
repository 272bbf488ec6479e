"""BM25 over several fields (BM25F) on sorted arrays.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.6: each
field's term count is divided by that field's own length correction and weighted, the sum is saturated once.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .grams import Terms

Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Field:
    """A field's weight and how strongly its length counts (0 not at all, 1 fully)."""

    weight: float = 1.0
    length_effect: float = 0.75


@dataclass(frozen=True)
class _Counts:
    terms: Terms
    counts: npt.NDArray[np.float32]
    length: int


_NOTHING = _Counts(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32), 0)


class LexicalChannel:
    """Counts of each document by field; the inverted arrays are made anew on the first search after a
    change.

    Ten thousand documents of 250 characters are inverted in about half a second, so an edited document
    costs that much and the result equals a full rebuild by construction.
    """

    def __init__(self, fields: Mapping[str, Field], saturation: float = 1.5) -> None:
        self.fields = dict(fields)
        self.saturation = saturation
        self._documents: list[dict[str, _Counts]] = []
        self._ready = False
        self._mean_length: dict[str, float] = {}
        self._terms = np.zeros(0, dtype=np.int64)
        self._starts = np.zeros(1, dtype=np.int64)
        self._owners = np.zeros(0, dtype=np.int32)
        self._impacts = np.zeros(0, dtype=np.float32)
        self._rarity = np.zeros(0, dtype=np.float32)

    def __len__(self) -> int:
        return len(self._documents)

    def append(self, terms: Mapping[str, Terms]) -> None:
        """Add one document as the last."""
        self._documents.append(self._count(terms))
        self._ready = False

    def replace(self, place: int, terms: Mapping[str, Terms]) -> None:
        """Put another document in a place."""
        self._documents[place] = self._count(terms)
        self._ready = False

    def keep(self, places: list[int]) -> None:
        """Keep only the documents in ``places``, in that order."""
        self._documents = [self._documents[place] for place in places]
        self._ready = False

    def copy(self) -> LexicalChannel:
        """Another channel with the same documents; what is changed in one does not change the other."""
        other = copy.copy(self)
        other._documents, other._mean_length = self._documents.copy(), self._mean_length.copy()
        return other

    def _count(self, terms: Mapping[str, Terms]) -> dict[str, _Counts]:
        found: dict[str, _Counts] = {}
        for name in self.fields:
            values = terms.get(name)
            if values is not None and len(values):
                unique, counts = np.unique(values, return_counts=True)
                found[name] = _Counts(unique, counts.astype(np.float32), len(values))
        return found

    def prepare(self) -> None:
        """Invert the counts; does nothing when nothing changed."""
        if self._ready:
            return
        terms, owners, weights = self._weighted_counts()
        key = np.argsort(terms, kind="stable")
        terms, owners, weights = terms[key], owners[key], weights[key]
        if len(terms):
            fresh = np.concatenate([[True], (terms[1:] != terms[:-1]) | (owners[1:] != owners[:-1])])
            first = np.flatnonzero(fresh)
            weights = np.add.reduceat(weights, first)
            terms, owners = terms[first], owners[first]
        first_of_term = np.concatenate([np.ones(min(1, len(terms)), dtype=bool), terms[1:] != terms[:-1]])
        self._starts = np.append(np.flatnonzero(first_of_term), len(terms)).astype(np.int64)
        self._terms = terms[self._starts[:-1]]
        spread = np.diff(self._starts)
        total = len(self._documents)
        self._rarity = np.log(1 + (total - spread + 0.5) / (spread + 0.5)).astype(np.float32)
        k1 = self.saturation
        impact = weights * (k1 + 1) / (weights + k1)
        self._impacts = (impact * np.repeat(self._rarity, spread)).astype(np.float32)
        self._owners = owners.astype(np.int32)
        self._ready = True

    def _weighted_counts(self) -> tuple[Terms, Terms, npt.NDArray[np.float32]]:
        terms: list[Terms] = []
        sizes: list[int] = []
        owners: list[int] = []
        weights: list[npt.NDArray[np.float32]] = []
        for name in self.fields:
            lengths = [doc[name].length for doc in self._documents if name in doc]
            self._mean_length[name] = max(sum(lengths) / max(1, len(lengths)), 1.0)
        for place, document in enumerate(self._documents):  # so that one stable sort by term suffices
            for name, found in document.items():
                field = self.fields[name]
                length = found.length / self._mean_length[name]
                correction = 1 - field.length_effect + field.length_effect * length
                terms.append(found.terms)
                weights.append(found.counts * np.float32(field.weight / correction))
                owners.append(place)
                sizes.append(len(found.terms))
        if not terms:
            return _NOTHING.terms, _NOTHING.terms, _NOTHING.counts
        return np.concatenate(terms), np.repeat(owners, sizes), np.concatenate(weights)

    def scores(self, query: Terms, allowed: Mask | None = None) -> Scores:
        """BM25 score of every document, shape (documents,); documents outside ``allowed`` get nothing."""
        self.prepare()
        out = np.zeros(len(self._documents), dtype=np.float32)
        for place, count in self._found(query):
            section = slice(self._starts[place], self._starts[place + 1])
            owners, impacts = self._owners[section], self._impacts[section]
            if allowed is not None:
                inside = allowed[owners]
                owners, impacts = owners[inside], impacts[inside]
            out[owners] += impacts * np.float32(count)
        return out

    def _found(self, query: Terms) -> list[tuple[int, int]]:
        unique, counts = np.unique(query, return_counts=True)
        if not len(self._terms):
            return []
        places = np.minimum(np.searchsorted(self._terms, unique), len(self._terms) - 1)
        known = self._terms[places] == unique
        return list(zip(places[known].tolist(), counts[known].tolist(), strict=True))

    def score_outsider(self, query: Terms, document: Mapping[str, Terms]) -> float:
        """Score that a document outside the index would get, by the index's rarities and mean lengths."""
        self.prepare()
        unique, repeats = np.unique(query, return_counts=True)
        weights = np.zeros(len(unique), dtype=np.float32)
        for name, found in self._count(document).items():
            field = self.fields[name]
            length = found.length / self._mean_length.get(name, float(found.length))
            correction = 1 - field.length_effect + field.length_effect * length
            places = np.minimum(np.searchsorted(found.terms, unique), len(found.terms) - 1)
            weights += np.where(found.terms[places] == unique, found.counts[places], 0) * (
                field.weight / correction
            )
        impact = weights * (self.saturation + 1) / (weights + self.saturation)
        known = self.spread(unique) > 0
        return float((impact * self._rarity_of(unique) * repeats)[known].sum())

    def rarity(self, terms: Terms) -> Scores:
        """Inverse document frequency of each term; an unseen term is as rare as can be."""
        self.prepare()
        return np.where(self.spread(terms) > 0, self._rarity_of(terms), np.log(2.0 * len(self) + 1)).astype(
            np.float32
        )

    def spread(self, terms: Terms) -> Terms:
        """In how many documents each term occurs."""
        self.prepare()
        if not len(self._terms):
            return np.zeros(len(terms), dtype=np.int64)
        places = np.minimum(np.searchsorted(self._terms, terms), len(self._terms) - 1)
        known = self._terms[places] == terms
        return np.where(known, self._starts[places + 1] - self._starts[places], 0)

    def _rarity_of(self, terms: Terms) -> Scores:
        if not len(self._terms):
            return np.zeros(len(terms), dtype=np.float32)
        return self._rarity[np.minimum(np.searchsorted(self._terms, terms), len(self._terms) - 1)]

    def vocabulary(self) -> Terms:
        """All terms, ascending."""
        self.prepare()
        return self._terms
