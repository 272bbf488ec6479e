"""Refusal and identification on the project's own questions over the 163 matters; fits the evidence weights.

``python bench/understanding.py [--words]``. Everything is read out of the repository. Two sets, both
written by the project: ``tests/data/answer_questions.jsonl`` to fit on and
``tests/data/answer_questions_held_out.jsonl`` (other wording, other subjects) to measure on. Weights are
fitted
on the first alone; one feature (the floor under ``wordier``) was chosen after a look at the second.
Kinds out of scope: ``far`` (everyday subjects), ``near`` (matters that others handle), ``gone`` (a question
about one of our matters after a fifth of the matters was taken out of the records: what is asked for is
missing, its sisters are there). ``unrecorded``: a particular that the record of a known matter lacks.

The peer is a refusal by score alone: the best fused score of the same index, without contrast.
"""

from __future__ import annotations

import argparse
import csv
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hongtu.engines.search import Encoder, SearchError, VectorCache, default_cache_folder
from hongtu.engines.search.evaluate import auroc
from hongtu.engines.search.slots import take_apart
from hongtu.engines.search.understanding import (
    FEATURES,
    HYBRID,
    LEXICAL,
    Evidence,
    Matter,
    Understanding,
    probability,
)

ROOT = Path(__file__).resolve().parents[1]
MATTERS = ROOT / "src/hongtu/domains/matters/demo/services.csv"
SAYINGS = MATTERS.with_name("sayings.csv")
FOLDS = 5
SHARES = (("far", 0.95), ("near", 0.9), ("gone", 0.9))
WEIGHT = {"far": 8.0, "near": 3.0, "gone": 0.5}


@dataclass
class Row:
    """One question as it was read."""

    query: str
    kind: str
    ours: bool
    right: bool
    features: list[float]
    alone: float
    """Score alone: BM25 or cosine of the best matter."""


def matters(sayings: bool = False) -> list[Matter]:
    """The demonstration's matters with their aliases, and with the sayings taken from the fitting set."""
    said: dict[str, tuple[str, ...]] = {}
    if sayings:
        with SAYINGS.open(encoding="utf-8") as handle:
            said = {row["code"]: tuple(row["sayings"].split("|")) for row in csv.DictReader(handle)}
    with MATTERS.open(encoding="utf-8") as handle:
        return [
            Matter(
                row["code"],
                row["name"],
                row["line"],
                (*row["aliases"].split("|"), *said.get(row["code"], ())),
            )
            for row in csv.DictReader(handle)
        ]


def questions(name: str) -> list[dict]:
    lines = (ROOT / "tests" / "data" / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read(reader: Understanding, item: dict, gone: bool) -> Row:
    reading = reader.read(item["query"])
    features = reading.features or dict.fromkeys(FEATURES, -1.0)
    alone = features["cosine"] if reading.mode == "hybrid" else features["bm25"]
    ours = bool(item["matter"]) and not gone
    right = ours and reading.first == item["matter"]
    row = [features[name] for name in FEATURES]
    return Row(item["query"], "gone" if gone else item["kind"], ours, right, row, alone)


def rows_of(
    whole: Understanding, listed: list[Matter], items: list[dict], cache: VectorCache | None
) -> list[Row]:
    """Every question to the whole knowledge base, and to the one that lacks its matter."""
    fold = {matter.id: zlib.crc32(matter.id.encode()) % FOLDS for matter in listed}
    asked = [item for item in items if item["kind"] != "unrecorded"]
    rows = [read(whole, item, False) for item in asked]
    for part in range(FOLDS):
        reader = whole.changed([matter for matter in listed if fold[matter.id] != part], (), cache)
        rows += [read(reader, i, True) for i in asked if i["matter"] and fold[i["matter"]] == part]
    return rows


def fit(rows: list[Row]) -> np.ndarray:
    """Ridge-penalised logistic regression by Newton's method; shape (features + 1,)."""
    x = np.array([[*row.features, 1.0] for row in rows])
    y = np.array([row.right for row in rows], dtype=float)
    weights = np.array([WEIGHT.get(row.kind, 1.0) for row in rows])
    beta = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        hessian = (x * (weights * p * (1 - p))[:, None]).T @ x + np.eye(len(beta))
        beta += np.linalg.solve(hessian, x.T @ (weights * (y - p)) - beta)
    return beta


def show(name: str, rows: list[Row], scores: np.ndarray) -> None:
    own = np.array([row.ours for row in rows])
    kinds = np.array([row.kind for row in rows])
    print(f"  {name:26}", end="")
    for kind, share in SHARES:
        mask = kinds == kind
        limit = np.quantile(scores[own], 1 - share)
        false = 100 * (scores[mask] >= limit).mean()
        print(
            f"{kind} {auroc(scores[own], scores[mask]):.3f}, {false:4.1f} % at {100 * share:.0f} %;  ", end=""
        )
    print()


def report(title: str, known: list[Row], held_out: list[Row], said: list[Row], shipped: Evidence) -> None:
    beta = fit(known)
    print(f"\n{title}: AUROC; % of false answers at a share of own questions answered")
    named = (("fitted on, aliases", known), ("held out, aliases", held_out), ("held out, sayings", said))
    for name, rows in named:
        own = [row for row in rows if row.ours]
        right = 100 * np.mean([row.right for row in own])
        print(f" {name}: {len(own)} own questions, first matter right {right:.1f} %")
        x = np.array([[*row.features, 1.0] for row in rows])
        sure = [probability(dict(zip(FEATURES, row.features, strict=True)), shipped) for row in rows]
        show("score alone (peer)", rows, np.array([row.alone for row in rows]))
        show("fitted weights", rows, x @ beta)
        show("shipped weights", rows, np.array(sure))
        answered = {}
        for kind in ("own", "far", "near", "gone"):
            asked = [row.ours if kind == "own" else row.kind == kind for row in rows]
            passed = np.array(sure)[np.array(asked)] >= shipped.answer_at
            answered[f"{kind} ({sum(asked)})"] = round(float(100 * passed.mean()), 1)
        print(f"    answered as shipped, in %: {answered}")
    print("  weights", dict(zip((*FEATURES, "bias"), beta.round(2).tolist(), strict=True)))


def show_slots(items: list[dict], held_out: list[dict]) -> None:
    slotted = [item for item in items if item["slot"]]
    found = sum(item["slot"] in take_apart(item["query"]).slots for item in slotted)
    print(f"slot asked for identified in {100 * found / len(slotted):.1f} % of {len(slotted)} questions")
    lacking = [take_apart(item["query"]) for item in held_out if item["kind"] == "unrecorded"]
    named = sum(bool(question.aspects or question.slots) for question in lacking)
    print(
        f"a particular recognised in {100 * named / len(lacking):.1f} % of {len(lacking)} questions for one"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", action="store_true", help="without the sentence model")
    parser.add_argument("--full", action="store_true", help="the same; there is no shorter run")
    arguments = parser.parse_args()
    listed, old = matters(), questions("answer_questions.jsonl")
    new = questions("answer_questions_held_out.jsonl")
    show_slots(old, new)
    runs: list[tuple[str, Encoder | None, Evidence]] = [("by words only", None, LEXICAL)]
    if not arguments.words:
        try:
            runs.insert(0, ("with the model", Encoder.load(), HYBRID))
        except SearchError as fault:
            print(fault.message)
    for title, encoder, shipped in runs:
        cache = VectorCache(default_cache_folder()) if encoder is not None else None
        whole = Understanding(listed, (), encoder, cache)
        full = matters(sayings=True)
        said = rows_of(Understanding(full, (), encoder, cache), full, new, cache)
        report(title, rows_of(whole, listed, old, cache), rows_of(whole, listed, new, cache), said, shipped)
        if cache is not None:
            cache.close()


if __name__ == "__main__":
    main()
