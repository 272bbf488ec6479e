"""Fits the fusion to a knowledge base.

With answered questions of the knowledge base (confirmed by its editors): ``calibrate_on``. Without any:
``calibrate``, by the inverse cloze task (Lee, Chang and Toutanova 2019): a sentence is taken out of a
passage and used as the question, the passage without it is the answer to find.

Measured on lay legal questions, the cloze task prefers too little lexical weight (0.15 where the questions
themselves prefer 0.3), so it is drawn strongly to the default, kept in a narrow band, and applied only on
request.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .dense import encode_cached
from .evaluate import Question
from .fusion import Calibration, fuse, min_max
from .grams import character_terms, characters, syllables
from .index import Index
from .lexical import Scores
from .normalise import normalise
from .passages import CHUNK_CHARACTERS, Passage

SAMPLE = 120
LEAST = 40
PRIOR = 120.0
BAND = (0.2, 0.45)
GRID = tuple(round(0.1 + 0.05 * step, 2) for step in range(15))
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;\n]?")
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Cloze:
    """A sentence, and the passage it was taken from, without it."""

    question: str
    place: int
    rest: Passage


def cloze_sample(passages: list[Passage], size: int = SAMPLE, seed: int = 20) -> list[Cloze]:
    """At most ``size`` cloze questions of 8 to 60 characters from passages of two or more sentences."""
    generator = random.Random(seed)  # noqa: S311  # a sample, not a secret
    found: list[Cloze] = []
    order = list(range(len(passages)))
    generator.shuffle(order)
    for place in order:
        passage = passages[place]
        sentences = _SENTENCE.findall(passage.text[:CHUNK_CHARACTERS])
        fit = [number for number, sentence in enumerate(sentences) if 8 <= len(sentence.strip()) <= 60]
        if len(sentences) < 2 or not fit:
            continue
        chosen = generator.choice(fit)
        rest = "".join(sentences[:chosen] + sentences[chosen + 1 :])
        found.append(
            Cloze(sentences[chosen].strip(), place, Passage(passage.id, rest, passage.title, passage.owner))
        )
        if len(found) == size:
            break
    return found


def calibrate(index: Index, progress: Progress | None = None) -> Calibration:
    """Calibration of an index with an encoder; the default where there is too little to learn from."""
    sample = cloze_sample([index.passage(item) for item in index.ids])
    if index.encoder is None or len(sample) < LEAST:
        return Calibration()
    ranks = cloze_reciprocal_ranks(index, sample, progress)
    return _chosen(ranks, f"cloze:{len(sample)}", BAND)


def calibrate_on(index: Index, questions: Sequence[Question]) -> Calibration:
    """Calibration that ranks the answers of known questions best, drawn to the default by ``PRIOR``
    questions.
    """
    if index.encoder is None or not questions:
        return Calibration()
    places = {passage_id: place for place, passage_id in enumerate(index.ids)}
    vectors = index.encoder.encode_queries([normalise(question.query) for question in questions])
    ranks = np.zeros((len(questions), len(GRID)), dtype=np.float32)
    for number, question in enumerate(questions):
        relevant = [places[item] for item in question.relevant if item in places]
        if relevant:
            channels = index.channels(normalise(question.query), vectors[number])
            ranks[number] = _reciprocal_ranks(channels, relevant)
    return _chosen(ranks, f"questions:{len(questions)}", (GRID[0], GRID[-1]))


def _chosen(ranks: Scores, source: str, band: tuple[float, float]) -> Calibration:
    means = ranks.mean(axis=0)
    best = float(np.average(GRID, weights=np.exp((means - means.max()) * 200)))
    weight = (len(ranks) * best + PRIOR * Calibration.lexical) / (len(ranks) + PRIOR)
    return Calibration(lexical=round(float(np.clip(weight, *band)), 3), source=source)


def _reciprocal_ranks(channels: tuple[Scores, Scores, Scores], relevant: list[int]) -> list[float]:
    words, sounds, dense = (min_max(channel) for channel in channels)
    found = []
    for weight in GRID:
        scores = fuse(words, sounds, dense, Calibration(lexical=weight))
        found.append(1.0 / (1 + int((scores > scores[relevant].max()).sum())))
    return found


def cloze_reciprocal_ranks(index: Index, sample: list[Cloze], progress: Progress | None = None) -> Scores:
    """Reciprocal rank of each cloze answer under each weight of ``GRID``, shape (sample, grid)."""
    encoder = index.encoder
    assert encoder is not None
    heads = [" ".join(part for part in (cloze.rest.label, cloze.rest.owner) if part) for cloze in sample]
    rests = [f"{head} {cloze.rest.text}".strip() for head, cloze in zip(heads, sample, strict=True)]
    vectors = encode_cached(encoder, rests, index.cache, progress)
    questions = encoder.encode_queries([normalise(cloze.question) for cloze in sample])
    out = np.zeros((len(sample), len(GRID)), dtype=np.float32)
    for number, cloze in enumerate(sample):
        question = normalise(cloze.question)
        words, sounds, dense = index.channels(question, questions[number])
        fields = {"text": characters(cloze.rest.text), "title": characters(cloze.rest.title)}
        words[cloze.place] = index.words.score_outsider(character_terms(question), fields)
        heard = {"text": syllables(cloze.rest.text), "title": syllables(cloze.rest.title)}
        sounds[cloze.place] = index.sounds.score_outsider(syllables(question), heard)
        dense[cloze.place] = index.dense_similarity(questions[number], vectors[number])
        out[number] = _reciprocal_ranks((words, sounds, dense), [cloze.place])
    return out
