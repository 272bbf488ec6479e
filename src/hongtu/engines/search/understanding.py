"""Which matter a question means and which of its facts it asks for; asks back when two are possible.

The decision is by structure: a matter must be identified (its evidence above a threshold, its lead over the
runner-up wide enough), the facts asked for must stand in its record, and the question must not fit a matter
that is known to be handled elsewhere better. Nothing here writes an answer.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from .cache import VectorCache
from .encoder import Encoder
from .errors import SearchError
from .grams import PAIR, Terms, character_terms
from .index import Index
from .normalise import normalise
from .passages import Hits, Passage
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
    """A service matter as the understanding needs it; ``facts`` are the slots its record fills."""

    id: str
    name: str
    owner: str = ""
    aliases: tuple[str, ...] = ()
    text: str = ""
    facts: frozenset[Slot] = frozenset(Slot)


@dataclass(frozen=True)
class Evidence:
    """Weights of a logistic model: how sure it is that the first matter is meant.

    ``cosine``: centred similarity; ``bm25``: log(1 + BM25); ``name``: share of the matter's name in the
    question; ``lead``: fused score over the first
    matter that is not a likely alternative. Fitted on the project's own questions by matter-wise
    cross-validation (``bench/understanding.py``); ``answer_at`` is the least probability that is answered.
    """

    bias: float
    cosine: float
    bm25: float
    name: float
    lead: float
    answer_at: float


HYBRID = Evidence(bias=-6.9, cosine=13.0, bm25=0.8, name=0.0, lead=4.9, answer_at=0.5)
LEXICAL = Evidence(bias=-6.2, cosine=0.0, bm25=1.64, name=2.68, lead=1.89, answer_at=0.5)
ASK_WITHIN = 0.05
USUAL_RARITY = math.log(
    164.0
)  # BM25 grows with the logarithm of the number of matters; the weights are for 163
MOST_CHOICES = 3


@dataclass(frozen=True)
class Reading:
    """A question understood: what to do, about which matter, which facts, and how sure (0 to 1)."""

    outcome: Outcome
    question: Question
    matter: str = ""
    choices: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    missing: tuple[Slot, ...] = ()
    confidence: float = 0.0
    mode: str = "none"
    features: dict[str, float] = field(default_factory=dict)


class Understanding:
    """Reads questions against a set of matters, and optionally matters known to be handled elsewhere."""

    def __init__(
        self,
        matters: Iterable[Matter],
        elsewhere: Iterable[Matter] = (),
        encoder: Encoder | None = None,
        cache: VectorCache | None = None,
    ) -> None:
        self.matters = {matter.id: matter for matter in matters}
        self.elsewhere = {matter.id: matter for matter in elsewhere}
        self._check()
        listed = [*self.matters.values(), *self.elsewhere.values()]
        self.index = Index.build([_passage(matter) for matter in listed], encoder, cache)

    def _check(self) -> None:
        if both := set(self.matters) & set(self.elsewhere):
            raise SearchError(
                "search.matter.duplicate", f"matter {min(both)} is listed as ours and as handled elsewhere"
            )

    def changed(
        self,
        matters: Iterable[Matter],
        elsewhere: Iterable[Matter] = (),
        cache: VectorCache | None = None,
    ) -> Understanding:
        """The same with other matters. Only what differs is indexed anew, and this one goes on answering."""
        other = copy.copy(self)
        other.matters = {matter.id: matter for matter in matters}
        other.elsewhere = {matter.id: matter for matter in elsewhere}
        other._check()
        before = {**self.matters, **self.elsewhere}
        now = {**other.matters, **other.elsewhere}
        other.index = self.index.copy()
        other.index.cache = cache
        if gone := before.keys() - now.keys():
            other.index.remove(gone)
        fresh = [
            _passage(matter)
            for item, matter in now.items()
            if item not in before or _passage(before[item]) != _passage(matter)
        ]
        if fresh:
            other.index.update(fresh)
        other.index.prepare()
        other.index.cache = None
        return other

    def read(self, text: str, allowed: Collection[str] | None = None) -> Reading:
        """Understand one question; ``allowed`` are the matters the asker may see (default all)."""
        question = take_apart(text)
        hits = self._search(question, allowed)
        if not hits:
            outcome = Outcome.OUT_OF_SCOPE if question.text else Outcome.EMPTY
            return Reading(outcome, question, slots=question.slots, mode=hits.mode)
        features = self._features(hits)
        evidence = self._evidence(hits.mode)
        sure, least = _probability(features, evidence), evidence.answer_at
        first = hits[0].id
        common = {"confidence": sure, "mode": hits.mode, "features": features}
        if sure < least:
            return Reading(Outcome.OUT_OF_SCOPE, question, slots=question.slots, **common)  # type: ignore[arg-type]
        if first in self.elsewhere:
            return Reading(Outcome.ELSEWHERE, question, first, slots=question.slots, **common)  # type: ignore[arg-type]
        choices = self._choices(hits)
        if len(choices) > 1:
            return Reading(Outcome.ASK, question, "", choices, question.slots, **common)  # type: ignore[arg-type]
        missing = tuple(slot for slot in question.slots if slot not in self.matters[first].facts)
        outcome = Outcome.MISSING_FACT if missing else Outcome.ANSWER
        return Reading(outcome, question, first, (), question.slots, missing, **common)  # type: ignore[arg-type]

    def _evidence(self, mode: str) -> Evidence:
        """The weights for meaning were fitted with the carried model; those for words go for any other."""
        encoder = self.index.encoder
        fitted = encoder is not None and encoder.digest == MODEL_DIGEST
        return HYBRID if mode == "hybrid" and fitted else LEXICAL

    def _search(self, question: Question, allowed: Collection[str] | None) -> Hits:
        scope = None if allowed is None else [*allowed, *self.elsewhere]
        return self.index.search(question.topic or question.text, k=MOST_CHOICES + 3, filter=scope)

    def _features(self, hits: Hits) -> dict[str, float]:
        best = hits[0]
        name = _pairs(normalise(self.index.passage(best.id).title))
        weights = self.index.words.rarity(name)
        inside = np.isin(name, _pairs(hits.corrected))
        rivals = [
            hit.score for hit in hits[1:] if best.score - hit.score >= ASK_WITHIN
        ]  # kin are asked about
        return {
            "cosine": best.parts.get("cosine", 0.0),
            "bm25": math.log1p(best.parts["bm25"] * USUAL_RARITY / math.log(len(self.index) + 1)),
            "name": float(weights[inside].sum() / weights.sum()) if len(name) else 0.0,
            "lead": best.score - (rivals[0] if rivals else 0.0),
        }

    def _choices(self, hits: Hits) -> tuple[str, ...]:
        """Matters within reach of the first; one alone when the question names it in full."""
        near = [hit.id for hit in hits if hits[0].score - hit.score < ASK_WITHIN and hit.id in self.matters]
        named = [item for item in near if normalise(self.matters[item].name) in hits.corrected]
        return tuple(named[:1] or near[:MOST_CHOICES])


def _passage(matter: Matter) -> Passage:
    text = "。".join(part for part in (matter.name, *matter.aliases, matter.text) if part)
    return Passage(matter.id, text, matter.name, matter.owner)


def _pairs(canonical: str) -> Terms:
    terms = np.unique(character_terms(canonical))
    return terms[terms >= PAIR]


def _probability(features: dict[str, float], evidence: Evidence) -> float:
    value = evidence.bias + sum(
        getattr(evidence, name) * features[name] for name in ("cosine", "bm25", "name", "lead")
    )
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))
