"""Which matter a question means and which of its facts it asks for; asks back when two are possible.

The decision is by structure: a matter must be identified (its evidence above a threshold, its lead over the
runner-up wide enough), the facts asked for must stand in its record, and the question must not come nearer to
something that the records do not hold (``contrast``) or that others handle. Nothing here writes an answer.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from .aspects import Aspect, told
from .cache import VectorCache
from .contrast import PREFIX, against
from .encoder import Encoder
from .errors import SearchError
from .grams import PAIR, Terms, character_terms, characters
from .index import Index
from .normalise import normalise
from .passages import Hit, Hits, Passage
from .slots import Question, Slot, take_apart
from .weights import MODEL_DIGEST


class Outcome(StrEnum):
    """What to do with a question."""

    ANSWER = "answer"
    ASK = "ask"  # two or three matters are possible: ask which
    MISSING_FACT = "missing_fact"  # the matter is clear, its record lacks what was asked for
    ELSEWHERE = "elsewhere"  # a matter that others handle
    OUT_OF_SCOPE = "out_of_scope"
    EMPTY = "empty"


@dataclass(frozen=True)
class Matter:
    """A service matter as the understanding needs it; ``facts`` are the slots its record fills.

    ``text`` is searched; ``record``, all that the record says, is only looked at for particulars.
    """

    id: str
    name: str
    owner: str = ""
    aliases: tuple[str, ...] = ()
    text: str = ""
    facts: frozenset[Slot] = frozenset(Slot)
    record: str = ""


@dataclass(frozen=True)
class Evidence:
    """Weights of a logistic model: how sure it is that the first matter is meant.

    ``cosine``: centred similarity; ``bm25``: log(1 + BM25); ``name``: share of the matter's name in the
    question; ``cover``: share of the question in the matter's names; ``lead``: fused score over the first
    matter that is not a likely alternative; ``over``, ``nearer`` and ``wordier``: fused score, similarity and
    log(1 + BM25) over the nearest subject that the records lack. Fitted on the project's own questions by
    matter-wise cross-validation (``bench/understanding.py``); ``answer_at`` is the least probability that is
    answered.
    """

    bias: float
    cosine: float
    bm25: float
    name: float
    cover: float
    lead: float
    over: float
    nearer: float
    wordier: float
    answer_at: float


FEATURES = ("cosine", "bm25", "name", "cover", "lead", "over", "nearer", "wordier")
HYBRID = Evidence(-3.02, 1.07, 0.04, -0.82, 1.32, 2.37, 4.15, 3.36, 1.47, answer_at=0.5)
LEXICAL = Evidence(-3.45, 0.0, 0.22, -0.45, 1.81, 2.47, 2.74, 0.0, 1.9, answer_at=0.5)
ASK_WITHIN = 0.05
USUAL_RARITY = math.log(
    600.0
)  # BM25 grows with the logarithm of the number of passages; the weights are for some 600
CHANCE = 2.6
"""log(1 + BM25) that single characters in common come to by chance."""
MOST_CHOICES = 3
DEPTH = 40
"""Hits looked at: beyond as many subjects that the records lack, no matter is meant."""


@dataclass(frozen=True)
class Reading:
    """A question understood: what to do, about which matter, which facts, and how sure (0 to 1).

    ``first``: the nearest matter, whether or not it is meant.
    """

    outcome: Outcome
    question: Question
    first: str = ""
    matter: str = ""
    choices: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    missing: tuple[Slot, ...] = ()
    untold: tuple[Aspect, ...] = ()
    confidence: float = 0.0
    mode: str = "none"
    features: dict[str, float] = field(default_factory=dict)


class Understanding:
    """Reads questions against a set of matters, and optionally matters known to be handled elsewhere.

    ``contrast``: compare with subjects that no matter stands for, too.
    """

    def __init__(
        self,
        matters: Iterable[Matter],
        elsewhere: Iterable[Matter] = (),
        encoder: Encoder | None = None,
        cache: VectorCache | None = None,
        contrast: bool = True,
    ) -> None:
        self._contrast = contrast
        self._take(matters, elsewhere)
        self.index = Index.build(self._passages().values(), encoder, cache)

    def _take(self, matters: Iterable[Matter], elsewhere: Iterable[Matter]) -> None:
        self.matters = {matter.id: matter for matter in matters}
        self.elsewhere = {matter.id: matter for matter in elsewhere}
        if both := set(self.matters) & set(self.elsewhere):
            raise SearchError(
                "search.matter.duplicate", f"matter {min(both)} is listed as ours and as handled elsewhere"
            )
        listed = (*self.matters.values(), *self.elsewhere.values())
        names = (name for matter in listed for name in (matter.name, *matter.aliases))
        self.subjects = against(names) if self._contrast else {}

    def _passages(self) -> dict[str, Passage]:
        listed = (*self.matters.values(), *self.elsewhere.values())
        found = {matter.id: _passage(matter) for matter in listed}
        return found | {key: Passage(key, name, name) for key, name in self.subjects.items()}

    def changed(
        self,
        matters: Iterable[Matter],
        elsewhere: Iterable[Matter] = (),
        cache: VectorCache | None = None,
    ) -> Understanding:
        """The same with other matters. Only what differs is indexed anew, and this one goes on answering."""
        other = copy.copy(self)
        other._take(matters, elsewhere)
        before, now = self._passages(), other._passages()
        other.index = self.index.copy()
        other.index.cache = cache
        if gone := before.keys() - now.keys():
            other.index.remove(gone)
        if fresh := [passage for key, passage in now.items() if before.get(key) != passage]:
            other.index.update(fresh)
        other.index.prepare()
        other.index.cache = None
        return other

    def read(self, text: str, allowed: Collection[str] | None = None) -> Reading:
        """Understand one question; ``allowed`` are the matters the asker may see (default all)."""
        question = take_apart(text)
        hits = self._search(question, allowed)
        held = [hit for hit in hits if not hit.id.startswith(PREFIX)]
        if not held:
            outcome = Outcome.OUT_OF_SCOPE if question.text else Outcome.EMPTY
            return Reading(outcome, question, slots=question.slots, mode=hits.mode)
        features = self._features(hits, held)
        evidence = self._evidence(hits.mode)
        first = held[0].id
        reading = Reading(
            Outcome.OUT_OF_SCOPE,
            question,
            first,
            slots=question.slots,
            confidence=probability(features, evidence),
            mode=hits.mode,
            features=features,
        )
        if reading.confidence < evidence.answer_at:
            return reading
        if first in self.elsewhere:
            return replace(reading, outcome=Outcome.ELSEWHERE, matter=first)
        choices = self._choices(hits.corrected, held)
        if len(choices) > 1:
            return replace(reading, outcome=Outcome.ASK, choices=choices)
        missing = tuple(slot for slot in question.slots if slot not in self.matters[first].facts)
        untold = self.untold(first, question)
        outcome = Outcome.MISSING_FACT if missing or untold else Outcome.ANSWER
        return replace(reading, outcome=outcome, matter=first, missing=missing, untold=untold)

    def untold(self, matter: str, question: Question) -> tuple[Aspect, ...]:
        """The particulars asked for of which the matter's record has no word."""
        record = self.matters[matter].record
        if not record:
            return ()
        canonical = normalise(record)
        return tuple(aspect for aspect in question.aspects if not told(aspect, canonical))

    def _evidence(self, mode: str) -> Evidence:
        """The weights for meaning were fitted with the carried model; those for words go for any other."""
        encoder = self.index.encoder
        fitted = encoder is not None and encoder.digest == MODEL_DIGEST
        return HYBRID if mode == "hybrid" and fitted else LEXICAL

    def _search(self, question: Question, allowed: Collection[str] | None) -> Hits:
        scope = None if allowed is None else [*allowed, *self.elsewhere, *self.subjects]
        return self.index.search(question.topic or question.text, k=DEPTH, filter=scope, snippets=False)

    def _features(self, hits: Hits, held: list[Hit]) -> dict[str, float]:
        best = held[0]
        passage = self.index.passage(best.id)
        name, asked = _pairs(normalise(passage.title)), character_terms(hits.corrected)
        other = next((hit for hit in hits if hit.id.startswith(PREFIX)), None)
        apart = [hit.score for hit in held[1:] if best.score - hit.score >= ASK_WITHIN]  # kin are asked about
        cosine, words = best.parts.get("cosine", 0.0), self._words(best)
        return {
            "cosine": cosine,
            "bm25": words,
            "name": self._share(name, _pairs(hits.corrected)),
            "cover": self._share(np.unique(asked), characters(" ".join((passage.text, *passage.sayings)))),
            "lead": best.score - (apart[0] if apart else 0.0),
            "over": best.score - (other.score if other else 0.0),
            "nearer": cosine - (other.parts.get("cosine", 0.0) if other else 0.0),
            "wordier": max(words, CHANCE) - max(self._words(other) if other else 0.0, CHANCE),
        }

    def _words(self, hit: Hit) -> float:
        return math.log1p(hit.parts["bm25"] * USUAL_RARITY / math.log(len(self.index) + 1))

    def _share(self, terms: Terms, among: Terms) -> float:
        """Share of the terms, by rarity, that are among others."""
        if not len(terms):
            return 0.0
        weights = self.index.words.rarity(terms)
        return float(weights[np.isin(terms, among)].sum() / weights.sum())

    def _choices(self, asked: str, held: list[Hit]) -> tuple[str, ...]:
        """Matters within reach of the first; one alone when the question names it in full."""
        near = [hit.id for hit in held if held[0].score - hit.score < ASK_WITHIN and hit.id in self.matters]
        named = [item for item in near if normalise(self.matters[item].name) in asked]
        return tuple(named[:1] or near[:MOST_CHOICES])


def _passage(matter: Matter) -> Passage:
    text = "。".join(part for part in (matter.name, matter.text) if part)
    return Passage(matter.id, text, matter.name, matter.owner, matter.aliases)


def _pairs(canonical: str) -> Terms:
    terms = np.unique(character_terms(canonical))
    return terms[terms >= PAIR]


def probability(features: dict[str, float], evidence: Evidence) -> float:
    """That the first matter is meant, by the logistic model of ``evidence``."""
    value = evidence.bias + sum(getattr(evidence, name) * features[name] for name in FEATURES)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))
