"""Restores characters typed by sound: 居主证 -> 居住证, judged by the knowledge base's own language.

A noisy channel (Kernighan, Church and Gale 1990): each character may stand for any character of the same or
a confusable sound that the knowledge base uses; pairs of neighbours, as counted in the knowledge base and
in the word lists of pypinyin and OpenCC, say which reading is plausible (Viterbi); every change costs.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .grams import PAIR, Terms
from .lexical import LexicalChannel
from .normalise import code_points, is_han
from .phonetics import fuzzy_table

CHANGE_COST = 5.5  # natural logarithm: a change must make its pairs some 250 times as plausible
WORD_COUNT = 1.0  # what a pair known from a word list counts, in documents
FLOOR = 0.02  # what a pair never seen counts
CANDIDATES = 12
MAX_RUN = 400


@lru_cache(maxsize=1)
def word_pairs() -> Terms:
    """Pairs of characters inside the words of pypinyin's phrases and OpenCC's phrases, sorted."""
    from importlib import resources

    from pypinyin.phrases_dict import phrases_dict

    lines = (resources.files("opencc") / "dictionary" / "STPhrases.txt").read_text("utf-8").splitlines()
    text = " ".join([*phrases_dict, *(line.split("\t", 1)[0] for line in lines)])
    points = code_points(text)
    han = is_han(points)
    both = han[:-1] & han[1:]
    return np.unique((points[:-1][both] + 1) * PAIR + points[1:][both])


class SpellingModel:
    """Built from the character channel of an index; cheap to make, so it is made anew with the index."""

    def __init__(self, channel: LexicalChannel) -> None:
        self._channel = channel
        vocabulary = channel.vocabulary()
        single = vocabulary[vocabulary < 0x10000]
        sounds = fuzzy_table()[single]
        counts = channel.spread(single)
        self._by_sound: dict[int, npt.NDArray[np.int64]] = {}
        order = np.argsort(-counts, kind="stable")
        for sound in np.unique(sounds[sounds >= 0]).tolist():
            same = order[sounds[order] == sound]
            self._by_sound[sound] = single[same][:CANDIDATES]

    def correct(self, canonical: str) -> str:
        """The likeliest intended text of a normalised question; the same length, often the same text."""
        points = code_points(canonical)
        han = is_han(points)
        out = points.copy()
        for start, end in _runs_of(han):
            if 2 <= end - start <= MAX_RUN:
                out[start:end] = self._run(points[start:end])
        if np.array_equal(out, points):
            return canonical
        return "".join(map(chr, out.tolist()))

    def _run(self, run: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        choices = [self._choices(int(point)) for point in run]
        best = np.where(choices[0] == run[0], 0.0, -CHANGE_COST)
        back: list[npt.NDArray[np.int64]] = []
        for place in range(1, len(run)):
            before, now = choices[place - 1], choices[place]
            pairs = (before[:, None] + 1) * PAIR + now[None, :]
            value = best[:, None] + self._plausible(pairs.ravel()).reshape(pairs.shape)
            chosen = value.argmax(axis=0)
            best = value[chosen, np.arange(len(now))] - np.where(now == run[place], 0.0, CHANGE_COST)
            back.append(chosen)
        at = int(best.argmax())
        path = [int(choices[-1][at])]
        for place in range(len(run) - 2, -1, -1):
            at = int(back[place][at])
            path.append(int(choices[place][at]))
        return np.array(path[::-1], dtype=np.int64)

    def _choices(self, point: int) -> npt.NDArray[np.int64]:
        sound = int(fuzzy_table()[point]) if point < 0x10000 else -1
        others = self._by_sound.get(sound)
        own = np.array([point], dtype=np.int64)
        if others is None:
            return own
        return np.concatenate([own, others[others != point]])

    def _plausible(self, pairs: Terms) -> npt.NDArray[np.float64]:
        seen = self._channel.spread(pairs).astype(np.float64)
        words = word_pairs()
        at = np.minimum(np.searchsorted(words, pairs), len(words) - 1)
        return np.log(np.minimum(seen, 50.0) + WORD_COUNT * (words[at] == pairs) + FLOOR)


def _runs_of(marks: npt.NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    padded = np.concatenate([[False], marks, [False]])
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
