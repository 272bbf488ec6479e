"""The index: build, change, search, health."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from .cache import VectorCache
from .dense import DenseChannel, dense_texts, encode_cached
from .encoder import Encoder
from .errors import SearchError
from .fusion import Calibration, fuse, min_max
from .grams import character_terms, characters, initials, syllables
from .lay_words import official_terms
from .lexical import Field, LexicalChannel, Mask, Scores
from .normalise import code_points, is_han, normalise
from .passages import Hit, Hits, Passage
from .snippets import SnippetMaker
from .spelling import SpellingModel
from .weights import FloatArray

MAX_QUERY = 2_000
REMEMBERED_QUESTIONS = 1_024
WAIT_FOR_MODEL = 2.0
LARGE = 50_000
"""Passages beyond which words belong in another index (docs/adr/search-at-scale.md)."""
OFFICIAL = 0.3
"""What an official word for a lay word counts, against 1 for the question's own (docs/reference)."""
Progress = Callable[[int], None]

FIELDS = {"text": Field(1.0, 0.75), "title": Field(2.0, 0.3), "owner": Field(0.5, 0.3)}
SOUND_FIELDS = {"text": Field(1.0, 0.75), "title": Field(2.0, 0.3)}


class Index:
    """Passages searchable by characters, by sound and by meaning.

    Safe for many threads: a search works on the state at its start, a change holds the lock. Without an
    encoder, or while it is busy, the search goes by characters and sound only and ``Hits.mode`` and
    ``health()`` say so.
    """

    def __init__(
        self,
        encoder: Encoder | None = None,
        cache: VectorCache | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        self.encoder = encoder
        self.cache = cache
        self.calibration = calibration or Calibration()
        self._passages: list[Passage] = []
        self._places: dict[str, int] = {}
        self.words = LexicalChannel(FIELDS)
        self.sounds = LexicalChannel(SOUND_FIELDS)
        self._initials = LexicalChannel({"title": Field(1.0, 0.5)})
        self._dense = DenseChannel(encoder.background()) if encoder is not None else None
        self._spelling: SpellingModel | None = None
        self._lock = threading.RLock()
        self._remembered: OrderedDict[str, FloatArray] = OrderedDict()
        self._answered = {"hybrid": 0, "lexical": 0, "none": 0}
        self._last_fault = ""

    @classmethod
    def build(
        cls,
        passages: Iterable[Passage],
        encoder: Encoder | None = None,
        cache: VectorCache | None = None,
        calibration: Calibration | None = None,
        progress: Progress | None = None,
    ) -> Index:
        """Index of the passages; ``progress`` gets the number of chunks just encoded.

        Raises SearchError ``search.passage.duplicate`` when two passages share an id.
        """
        index = cls(encoder, cache, calibration)
        listed = list(passages)
        seen: set[str] = set()
        for passage in listed:
            if passage.id in seen:
                raise SearchError(
                    "search.passage.duplicate", f"passage id {passage.id} occurs twice; ids must differ"
                )
            seen.add(passage.id)
        index.update(listed, progress)
        index.prepare()
        return index

    def __len__(self) -> int:
        return len(self._passages)

    @property
    def ids(self) -> list[str]:
        """Ids in the order that a mask given to ``search`` refers to."""
        return [passage.id for passage in self._passages]

    def passage(self, passage_id: str) -> Passage:
        """The passage of an id; raises SearchError ``search.passage.unknown``."""
        if passage_id not in self._places:
            raise SearchError("search.passage.unknown", f"there is no passage {passage_id} in this index")
        return self._passages[self._places[passage_id]]

    def update(self, passages: Iterable[Passage], progress: Progress | None = None) -> None:
        """Add passages, or put them in place of those with the same id."""
        listed = list(passages)
        vectors = self._encode(listed, progress)
        with self._lock:
            for number, passage in enumerate(listed):
                self._put(passage, vectors[number] if vectors is not None else None)
            self._spelling = None

    def _encode(self, passages: Sequence[Passage], progress: Progress | None) -> list[FloatArray] | None:
        if self.encoder is None:
            return None
        texts = [dense_texts(passage) for passage in passages]
        flat = [text for group in texts for text in group]
        vectors = encode_cached(self.encoder, flat, self.cache, progress)
        edges = np.cumsum([len(group) for group in texts])[:-1]
        return np.split(vectors, edges) if texts else []

    def _put(self, passage: Passage, vectors: FloatArray | None) -> None:
        title = characters(passage.title)
        text = "\n".join((passage.text, *passage.sayings))
        words = {"text": characters(text), "title": title, "owner": characters(passage.owner)}
        sounds = {"text": syllables(text), "title": syllables(passage.title)}
        letters = {"title": initials(passage.label or passage.text[:40])}
        channels = [(self.words, words), (self.sounds, sounds), (self._initials, letters)]
        place = self._places.get(passage.id)
        if place is None:
            self._places[passage.id] = len(self._passages)
            self._passages.append(passage)
            for channel, terms in channels:
                channel.append(terms)
            if self._dense is not None and vectors is not None:
                self._dense.append(vectors)
            return
        self._passages[place] = passage
        for channel, terms in channels:
            channel.replace(place, terms)
        if self._dense is not None and vectors is not None:
            self._dense.replace(place, vectors)

    def copy(self) -> Index:
        """Another index with the same passages, to be changed while this one goes on answering.

        Terms and vectors of passages are shared (they are never changed in place), so a copy costs a few
        lists; what changes in it is counted and encoded anew, nothing else.
        """
        with self._lock:
            other = Index(self.encoder, self.cache, self.calibration)
            other._passages, other._places = self._passages.copy(), self._places.copy()
            other.words, other.sounds = self.words.copy(), self.sounds.copy()
            other._initials, other._spelling = self._initials.copy(), self._spelling
            other._dense = self._dense.copy() if self._dense is not None else None
            other._remembered = self._remembered.copy()
            return other

    def remove(self, ids: Iterable[str]) -> None:
        """Take passages out; raises SearchError ``search.passage.unknown`` and changes nothing for an
        unknown id.
        """
        gone = set(ids)
        with self._lock:
            for passage_id in gone:
                self.passage(passage_id)
            kept = [place for place, passage in enumerate(self._passages) if passage.id not in gone]
            self._passages = [self._passages[place] for place in kept]
            self._places = {passage.id: place for place, passage in enumerate(self._passages)}
            for channel in (self.words, self.sounds, self._initials, self._dense):
                if channel is not None:
                    channel.keep(kept)
            self._spelling = None

    def prepare(self) -> None:
        """Make everything ready now that the first search would otherwise make ready."""
        with self._lock:
            for channel in (self.words, self.sounds, self._initials, self._dense):
                if channel is not None:
                    channel.prepare()
            if self._spelling is None:
                self._spelling = SpellingModel(self.words)

    def search(
        self, query: str, k: int = 10, filter: Collection[str] | Mask | None = None, snippets: bool = True
    ) -> Hits:
        """The ``k`` best passages for a question.

        ``filter``: the ids the reader may see, or a mask over ``ids``; nothing else is scored. Never raises
        for a question that is a str: an empty one gives no hits and the notice ``search.query.empty``.
        """
        hits = Hits()
        if len(query) > MAX_QUERY:
            query, hits.notice = query[:MAX_QUERY], "search.query.cut"
        hits.query = hits.corrected = normalise(query)
        with self._lock:
            self.prepare()
            allowed = self._mask(filter)
            if not hits.query or not len(self) or k < 1 or (allowed is not None and not allowed.any()):
                hits.notice = hits.notice if hits.query else "search.query.empty"
                self._answered["none"] += 1
                return hits
            assert self._spelling is not None  # prepare() made it
            hits.corrected = self._spelling.correct(hits.query)
        vector = self._vector(hits)
        with self._lock:
            self.prepare()
            allowed = self._mask(filter)
            parts, score = self._score(hits.corrected, vector, allowed)
            hits.mode = "lexical" if vector is None else "hybrid"
            self._answered[hits.mode] += 1
            self._collect(hits, parts, score, allowed, k, snippets)
        return hits

    def _mask(self, filter: Collection[str] | Mask | None) -> Mask | None:
        if filter is None:
            return None
        if isinstance(filter, np.ndarray):
            if filter.shape != (len(self),) or filter.dtype != np.bool_:
                raise SearchError(
                    "search.filter.shape", f"the mask must be {len(self)} booleans, one a passage"
                )
            return filter
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[[self._places[item] for item in filter if item in self._places]] = True
        return mask

    def _vector(self, hits: Hits) -> FloatArray | None:
        if self.encoder is None:
            hits.notice = hits.notice or "search.model.absent"
            return None
        with self._lock:
            known = self._remembered.get(hits.corrected)
            if known is not None:
                self._remembered.move_to_end(hits.corrected)
                return known
        try:
            vector = self.encoder.encode_query(hits.corrected, wait=WAIT_FOR_MODEL)
        except SearchError as fault:
            hits.notice = self._last_fault = fault.code
            return None
        with self._lock:
            self._remembered[hits.corrected] = vector
            if len(self._remembered) > REMEMBERED_QUESTIONS:
                self._remembered.popitem(last=False)
        return vector

    def _score(
        self, query: str, vector: FloatArray | None, allowed: Mask | None
    ) -> tuple[dict[str, Scores], Scores]:
        bm25 = self.words.scores(character_terms(query), allowed)
        if len(official := official_terms(query)):
            bm25 = bm25 + OFFICIAL * self.words.scores(official, allowed)
        sounds = self.sounds.scores(syllables(query), allowed)
        points = code_points(query)
        if not is_han(points).any():
            sounds = sounds + self._initials.scores(initials(query), allowed)
        parts = {"bm25": bm25, "lexical": min_max(bm25, allowed), "pinyin": min_max(sounds, allowed)}
        dense = None
        if vector is not None and self._dense is not None:
            parts["cosine"] = self._dense.scores(vector, allowed)
            parts["dense"] = dense = min_max(parts["cosine"], allowed)
        calibration = self.calibration
        if not is_han(points).any() and not bm25.any() and sounds.any():
            calibration = Calibration(lexical=0.8, pinyin=1.0)  # typed in pinyin: only the sound tells
        return parts, fuse(parts["lexical"], parts["pinyin"], dense, calibration)

    def _collect(
        self,
        hits: Hits,
        parts: dict[str, Scores],
        score: Scores,
        allowed: Mask | None,
        k: int,
        snippets: bool,
    ) -> None:
        found = score > 0
        if allowed is not None:
            found &= allowed
        candidates = np.flatnonzero(found)
        if len(candidates) > k:  # sort only what can be among the first k; ties keep the passages' order
            least = np.partition(score[candidates], len(candidates) - k)[len(candidates) - k]
            candidates = candidates[score[candidates] >= least]
        order = candidates[np.argsort(-score[candidates], kind="stable")[:k]]
        maker = SnippetMaker(character_terms(hits.corrected), self.words) if snippets else None
        for place in order.tolist():
            passage = self._passages[place]
            values = {name: float(channel[place]) for name, channel in parts.items()}
            if maker is None:
                hits.append(Hit(passage.id, float(score[place]), MappingProxyType(values)))
                continue
            snippet, values["coverage"] = maker.look(passage.title, passage.text)
            hits.append(Hit(passage.id, float(score[place]), MappingProxyType(values), snippet))

    def channels(self, canonical: str, vector: FloatArray) -> tuple[Scores, Scores, Scores]:
        """Raw scores by characters, sound and meaning of a normalised question, each of shape (passages,)."""
        with self._lock:
            self.prepare()
            dense = np.zeros(len(self), np.float32) if self._dense is None else self._dense.scores(vector)
            words = self.words.scores(character_terms(canonical))
            return (
                words + OFFICIAL * self.words.scores(official_terms(canonical)),
                self.sounds.scores(syllables(canonical)),
                dense,
            )

    def dense_similarity(self, question: FloatArray, passage: FloatArray) -> float:
        """Centred cosine of a question's vector and one of a passage outside the index."""
        assert self._dense is not None, "an index without an encoder has no vectors"
        return self._dense.similarity(question, passage)

    def health(self) -> dict[str, Any]:
        """For the health page: what is searched, by which channels, and why not by more."""
        return {
            "passages": len(self),
            "large": len(self) > LARGE,
            "mode": "hybrid" if self.encoder is not None else "lexical",
            "model": self.encoder.name if self.encoder is not None else "",
            "model_digest": self.encoder.digest if self.encoder is not None else "",
            "busy": self.encoder.busy() if self.encoder is not None else False,
            "reason": "" if self.encoder is not None else "search.model.absent",
            "last_fault": self._last_fault,
            "answered": dict(self._answered),
            "calibration": {
                "lexical": self.calibration.lexical,
                "pinyin": self.calibration.pinyin,
                "source": self.calibration.source,
            },
        }
