"""Refusal and identification on the project's own questions over the 163 matters; fits the evidence
weights.

``python bench/understanding.py``: needs ``../shared/domain`` (HONGTU_SHARED). Weights are fitted and
measured by five-fold cross-validation in which all questions about one matter stay in one fold. Half of the
questions about missing matters also serve, in a second run, as the list of matters handled elsewhere, the
other half as the test.
"""

from __future__ import annotations

import csv
import json
import os
import zlib
from pathlib import Path

import numpy as np

from hongtu.engines.search import Encoder, SearchError, VectorCache, default_cache_folder
from hongtu.engines.search.evaluate import auroc
from hongtu.engines.search.slots import take_apart
from hongtu.engines.search.understanding import Matter, Outcome, Understanding

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("HONGTU_SHARED", ROOT.parent / "shared"))
NAMES = ("cosine", "bm25", "name", "lead")


def fit(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Ridge-penalised logistic regression by Newton's method."""
    beta = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-x @ beta))
        hessian = (x * (weights * p * (1 - p))[:, None]).T @ x + np.eye(len(beta))
        beta += np.linalg.solve(hessian, x.T @ (weights * (y - p)) - beta)
    return beta


def measure(title: str, reader: Understanding, questions: list[dict]) -> None:
    rows, right, ours, kinds, folds, outcomes = [], [], [], [], [], []
    for item in questions:
        reading = reader.read(item["query"])
        hits = reader.index.search(reading.question.topic or item["query"], k=1)
        first = hits[0].id if hits else ""
        features = reading.features or dict.fromkeys(NAMES, 0.0)
        rows.append([features[name] for name in NAMES] + [1.0])
        outcomes.append(reading.outcome)
        right.append(first == item["matter"])
        ours.append(bool(item["matter"]))
        kinds.append("elsewhere" if first in reader.elsewhere else item["kind"])
        folds.append(zlib.crc32((item["matter"] or item["query"]).encode()) % 5)
    x, ok, own, kind, fold = map(np.array, (rows, right, ours, kinds, folds))
    scores = np.zeros(len(x))
    weight = np.where(own, 1.0, 2.0)
    for part in range(5):
        train = fold != part
        scores[~train] = x[~train] @ fit(x[train], ok[train].astype(float), weight[train])
    print(f"\n{title}: {len(x)} questions, first matter right {100 * ok[own].mean():.1f} % of {own.sum()}")
    for name in ("lay", "situation", "name", "typo", "dialect", "short"):
        mask = np.array([item["kind"] == name for item in questions])
        print(f"  {name:10} {100 * ok[mask].mean():5.1f} % of {mask.sum()}")
    asked = {name: np.array([item["kind"] == name for item in questions]) for name in ("far", "near")}
    scores = np.where(kind == "elsewhere", -99.0, scores)
    for name, mask in asked.items():
        print(f"  {name} out of scope: AUROC {auroc(scores[own], scores[mask]):.3f}", end="")
        for share in (0.9, 0.95):
            limit = np.quantile(scores[own], 1 - share)
            print(
                f"; {100 * (scores[mask] >= limit).mean():.1f} % false at {100 * share:.0f} % answered",
                end="",
            )
        print()
    print(
        "  weights",
        dict(zip((*NAMES, "bias"), fit(x, ok.astype(float), weight).round(2).tolist(), strict=True)),
    )
    table = {
        name: {
            str(outcome): sum(
                o is outcome and i["kind"] == name for o, i in zip(outcomes, questions, strict=True)
            )
            for outcome in Outcome
        }
        for name in sorted({item["kind"] for item in questions})
    }
    for name, counts in table.items():
        print(f"  shipped weights, {name:10}", {key: value for key, value in counts.items() if value})


def main() -> None:
    path = SHARED / "domain" / "10_bangban_matters_163.csv"
    if not path.exists():
        print(f"{path} is not here: nothing to measure")
        return
    with path.open(encoding="utf-8-sig") as handle:
        matters = [Matter(row["id"], row["name"], row["line"]) for row in csv.DictReader(handle)]
    lines = (ROOT / "tests" / "data" / "answer_questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    slotted = [item for item in questions if item["slot"]]
    found = sum(item["slot"] in take_apart(item["query"]).slots for item in slotted)
    print(f"slot asked for identified in {100 * found / len(slotted):.1f} % of {len(slotted)} questions")
    try:
        encoder = Encoder.load()
    except SearchError as fault:
        print(fault.message)
        return
    cache = VectorCache(default_cache_folder())
    measure("with the model", Understanding(matters, (), encoder, cache), questions)
    measure("by words only", Understanding(matters), questions)
    near = [item for item in questions if item["kind"] == "near"]
    listed = [Matter(f"X{n}", take_apart(item["query"]).topic) for n, item in enumerate(near[::2])]
    rest = [item for item in questions if item not in near[::2]]
    measure("with 50 matters known to be elsewhere", Understanding(matters, listed, encoder, cache), rest)


if __name__ == "__main__":
    main()
