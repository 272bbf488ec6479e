"""Measures of retrieval, and the run that takes them.

Definitions as in Manning, Raghavan and Schuetze, "Introduction to Information Retrieval" (2008), chapter 8;
gains are binary. ``recall@k`` counts a question as answered when any of its relevant passages is among the
first k (the measure of the published comparisons); ``full_recall@k`` is the mean share of its relevant
passages found.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .errors import SearchError
from .index import Index

DEPTH = 10
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Question:
    """A question and the ids of the passages that answer it."""

    query: str
    relevant: tuple[str, ...]


def recall_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """1 when any relevant id is among the first k, else 0."""
    return float(any(item in relevant for item in ranked[:k]))


def full_recall_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Share of the relevant ids among the first k."""
    return sum(item in relevant for item in ranked[:k]) / len(relevant)


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str], k: int = DEPTH) -> float:
    """1 / rank of the first relevant id among the first k, else 0."""
    return next((1 / place for place, item in enumerate(ranked[:k], 1) if item in relevant), 0.0)


def ndcg_at(ranked: Sequence[str], relevant: Collection[str], k: int = DEPTH) -> float:
    """Normalised discounted cumulative gain of the first k (Jarvelin and Kekalainen 2002), binary gains."""
    gain = sum(1 / np.log2(place + 1) for place, item in enumerate(ranked[:k], 1) if item in relevant)
    ideal = sum(1 / np.log2(place + 1) for place in range(1, min(k, len(relevant)) + 1))
    return float(gain / ideal)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties counting half (Mann and Whitney 1947)."""
    if not len(positive) or not len(negative):
        raise SearchError("search.evaluate.empty", "AUROC needs at least one positive and one negative score")
    values = np.concatenate([np.asarray(positive, float), np.asarray(negative, float)])
    unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    del unique
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    size = len(positive)
    return float((ranks[:size].sum() - size * (size + 1) / 2) / (size * len(negative)))


@dataclass
class Report:
    """Means over the questions, in percent; times in milliseconds per question."""

    passages: int
    queries: int
    mode: str
    recall: dict[int, float] = field(default_factory=dict)
    full_recall: dict[int, float] = field(default_factory=dict)
    mrr: float = 0.0
    ndcg: float = 0.0
    p50: float = 0.0
    p95: float = 0.0
    calibration: dict[str, object] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Flat, with the usual names of the measures."""
        out: dict[str, object] = {"passages": self.passages, "queries": self.queries, "mode": self.mode}
        out.update({f"recall@{k}": round(value, 2) for k, value in self.recall.items()})
        out.update({f"full_recall@{k}": round(value, 2) for k, value in self.full_recall.items()})
        out.update({"mrr@10": round(self.mrr, 2), "ndcg@10": round(self.ndcg, 2)})
        out.update(
            {"p50_ms": round(self.p50, 2), "p95_ms": round(self.p95, 2), "calibration": self.calibration}
        )
        return out


def evaluate(index: Index, questions: Iterable[Question], progress: Progress | None = None) -> Report:
    """Ask every question once and measure the first ten hits.

    Raises SearchError ``search.evaluate.empty`` when there is no question.
    """
    listed = list(questions)
    if not listed:
        raise SearchError("search.evaluate.empty", "there is no question to evaluate")
    index.prepare()
    index.search("预热", k=1)  # compiles the inner loops before the clock runs
    rows: list[list[float]] = []
    modes: set[str] = set()
    for question in listed:
        start = time.perf_counter()
        hits = index.search(question.query, k=DEPTH)
        spent = (time.perf_counter() - start) * 1000
        modes.add(hits.mode)
        ranked = [hit.id for hit in hits]
        relevant = frozenset(question.relevant)
        rows.append(
            [recall_at(ranked, relevant, k) for k in (1, 5, 10)]
            + [full_recall_at(ranked, relevant, k) for k in (1, 5, 10)]
            + [reciprocal_rank(ranked, relevant), ndcg_at(ranked, relevant), spent]
        )
        if progress is not None:
            progress(1)
    table = np.array(rows)
    means = table.mean(axis=0) * 100
    return Report(
        passages=len(index),
        queries=len(listed),
        mode="+".join(sorted(modes)),
        recall=dict(zip((1, 5, 10), means[:3].tolist(), strict=True)),
        full_recall=dict(zip((1, 5, 10), means[3:6].tolist(), strict=True)),
        mrr=float(means[6]),
        ndcg=float(means[7]),
        p50=float(np.percentile(table[:, 8], 50)),
        p95=float(np.percentile(table[:, 8], 95)),
        calibration=dict(index.health()["calibration"]),
    )
