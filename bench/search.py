"""Search beside bm25s over jieba words and SQLite FTS5: quality on lay legal questions, time on 10,000
chunks.

``python bench/search.py`` (about a minute when vectors are cached) or ``--full`` (all questions, real vectors
for the 10,000 chunks, memory over 10,000 questions). Quality needs ``../shared/data/retrieval``.
Goals: p95 120 ms with the model, 5 ms by words; one edited matter re-indexed in 2 s, 163 matters in 60 s.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import os
import random
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from hongtu.engines.search import Encoder, Index, Passage, SearchError, VectorCache, default_cache_folder
from hongtu.engines.search.evaluate import Question, ndcg_at, recall_at, reciprocal_rank
from hongtu.engines.search.jsonl import read_passages, read_questions
from hongtu.engines.search.phonetics import pinyin
from hongtu.engines.search.understanding import Matter, Understanding

MATTERS = Path(__file__).resolve().parents[1] / "src/hongtu/domains/matters/demo/services.csv"
SHARED = Path(os.environ.get("HONGTU_SHARED", Path(__file__).resolve().parents[2] / "shared"))
Search = Callable[[str], list[str]]


def bm25s_jieba(passages: list[Passage]) -> Search:
    import bm25s
    import jieba

    jieba.setLogLevel(logging.WARNING)
    retriever = bm25s.BM25()
    retriever.index([jieba.lcut(passage.text) for passage in passages], show_progress=False)
    ids = [passage.id for passage in passages]

    def search(query: str) -> list[str]:
        tokens = [word for word in jieba.lcut(query) if word.strip()]
        found, _scores = retriever.retrieve([tokens], k=min(10, len(ids)), show_progress=False)
        return [ids[place] for place in found[0]]

    return search


def fts5_trigram(passages: list[Passage]) -> Search:
    file = sqlite3.connect(":memory:")
    file.execute("CREATE VIRTUAL TABLE passage USING fts5(id UNINDEXED, text, tokenize='trigram')")
    file.executemany("INSERT INTO passage VALUES (?, ?)", [(item.id, item.text) for item in passages])

    def search(query: str) -> list[str]:
        grams = {query[start : start + 3] for start in range(len(query) - 2)}
        match = " OR ".join('"' + gram.replace('"', '""') + '"' for gram in sorted(grams))
        if not match:
            return []
        rows = file.execute("SELECT id FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT 10", (match,))
        return [row[0] for row in rows]

    return search


def ours(index: Index) -> Search:
    return lambda query: [hit.id for hit in index.search(query, k=10)]


def p95(search: Search, queries: list[str]) -> tuple[float, float]:
    """95th percentile in milliseconds: by the clock on the wall, and of processor time (which a busy machine
    does not stretch)."""
    search(queries[0])
    wall, processor = [], []
    for query in queries:
        start, used = time.perf_counter(), time.thread_time()
        search(query)
        wall.append((time.perf_counter() - start) * 1000)
        processor.append((time.thread_time() - used) * 1000)
    return float(np.percentile(wall, 95)), float(np.percentile(processor, 95))


def quality(search: Search, questions: list[Question]) -> tuple[float, float, float]:
    rows = []
    for question in questions:
        ranked, relevant = search(question.query), set(question.relevant)
        rows.append(
            (recall_at(ranked, relevant, 1), reciprocal_rank(ranked, relevant), ndcg_at(ranked, relevant))
        )
    first, mrr, ndcg = (np.mean(rows, axis=0) * 100).tolist()
    return first, mrr, ndcg


def synthetic(count: int, seed: int = 7) -> list[Passage]:
    """Guide-like chunks of some 150 characters from a vocabulary with a natural (Zipf) distribution."""
    generator = random.Random(seed)
    from pypinyin.phrases_dict import phrases_dict

    words = [word for word in phrases_dict if 2 <= len(word) <= 4]
    generator.shuffle(words)
    words = words[:8000]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    return [
        Passage(
            f"c{number}",
            "".join(generator.choices(words, weights, k=55)) + "。",
            "".join(generator.choices(words, weights, k=3)),
        )
        for number in range(count)
    ]


class RandomPassages(Encoder):
    """Real vectors for questions, random ones for passages: for time only."""

    def encode_passages(self, texts, progress=None):  # type: ignore[no-untyped-def]
        vectors = np.random.default_rng(len(texts)).normal(size=(len(texts), self.dimension))
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def show_quality(encoder: Encoder | None, full: bool) -> None:
    folder = SHARED / "data" / "retrieval"
    if not folder.exists():
        print(f"quality: {folder} is not here, left out")
        return
    passages = read_passages(folder / "stard_passages.jsonl")
    known = frozenset(passage.id for passage in passages)
    questions = read_questions(folder / "stard_queries_half.jsonl", known)[:: 1 if full else 4]
    print(f"\nlay legal questions: {len(questions)} questions over {len(passages)} statutes")
    print(f"{'':34}{'R@1':>8}{'MRR@10':>8}{'nDCG@10':>9}")
    runs = {"bm25s + jieba": bm25s_jieba(passages), "SQLite FTS5 trigram": fts5_trigram(passages)}
    runs["Hongtu, by words"] = ours(Index.build(passages))
    if encoder is not None:
        runs["Hongtu, with the model"] = ours(
            Index.build(passages, encoder, VectorCache(default_cache_folder()))
        )
    base = 0.0
    for name, search in runs.items():
        first, mrr, ndcg = quality(search, questions)
        base = base or first
        print(f"{name:34}{first:8.1f}{mrr:8.1f}{ndcg:9.1f}   R@1 {first / base:.2f} x bm25s")


def mistyped(texts: list[str], passages: list[Passage], seed: int = 11) -> list[str]:
    """One character in six replaced by another of the same sound that the passages use, if any."""
    generator = random.Random(seed)
    alike: dict[str, list[str]] = {}
    for character in sorted({c for passage in passages for c in passage.text}):
        if sound := pinyin(character):
            alike.setdefault(sound, []).append(character)

    def other(character: str) -> str:
        choices = [c for c in alike.get(pinyin(character), ()) if c != character]
        return generator.choice(choices) if choices else character

    out = []
    for text in texts:
        characters = list(text)
        for start in range(0, len(text), 6):
            places = [p for p in range(start, min(start + 6, len(text))) if pinyin(text[p])]
            if places:
                place = generator.choice(places)
                characters[place] = other(characters[place])
        out.append("".join(characters))
    return out


def show_slips(encoder: Encoder | None, full: bool) -> None:
    """What a homophone in six characters costs, ours beside the peers'."""
    folder = SHARED / "data" / "retrieval"
    if not folder.exists():
        return
    passages = read_passages(folder / "stard_passages.jsonl")
    known = frozenset(passage.id for passage in passages)
    questions = read_questions(folder / "stard_queries_half.jsonl", known)[:: 1 if full else 4]
    slipped = mistyped([question.query for question in questions], passages)
    wrong = [Question(text, question.relevant) for text, question in zip(slipped, questions, strict=True)]
    runs = {"bm25s + jieba": bm25s_jieba(passages), "Hongtu, by words": ours(Index.build(passages))}
    if encoder is not None:
        cache = VectorCache(default_cache_folder())
        runs["Hongtu, with the model"] = ours(Index.build(passages, encoder, cache))
    print(
        f"\none homophone in six characters, {len(questions)} questions: R@1 right, mistyped, loss (goal 4)"
    )
    base = 0.0
    for name, search in runs.items():
        right, slips = quality(search, questions)[0], quality(search, wrong)[0]
        base = base or right - slips
        print(f"{name:34}{right:8.1f}{slips:8.1f}{right - slips:8.1f}   {(right - slips) / base:.2f} x bm25s")


def show_scale(full: bool) -> None:
    """Where the index by words stops being the right one: build, p95 and memory by number of passages."""
    import psutil

    process = psutil.Process()
    print(f"\n{'passages':>10}{'build s':>10}{'p95 ms':>10}{'CPU ms':>10}{'memory MB':>12}{'an edit s':>12}")
    for count in (10_000, 50_000, 100_000) if full else (10_000,):
        passages = synthetic(count)
        before, start = process.memory_info().rss, time.perf_counter()
        index = Index.build(passages)
        built = time.perf_counter() - start
        queries = [passage.text[10:22] for passage in passages[:: count // 60]]
        wall, processor = p95(ours(index), queries)
        start = time.perf_counter()
        changed = index.copy()
        changed.update([Passage("c5", "居住证办理材料：身份证、租房合同。", "居住证办理")])
        assert changed.search("居住证")[0].id == "c5"
        edit, grown = time.perf_counter() - start, (process.memory_info().rss - before) / 1e6
        print(f"{count:>10}{built:10.1f}{wall:10.2f}{processor:10.2f}{grown:12.0f}{edit:12.2f}")


def show_time(encoder: Encoder | None, full: bool) -> None:
    passages = synthetic(10_000)
    generator = random.Random(3)
    queries = []
    for _ in range(400 if full else 100):
        text = generator.choice(passages).text
        start = generator.randrange(len(text) - 20)
        queries.append(text[start : start + generator.randrange(4, 20)])
    print(f"\n10,000 chunks, {len(queries)} questions: p95 in milliseconds")
    start = time.perf_counter()
    words = index = Index.build(passages)
    print(f"index by words built in {time.perf_counter() - start:.2f} s")
    base = p95(bm25s_jieba(passages), queries)
    times = {"bm25s + jieba": base, "SQLite FTS5 trigram": p95(fts5_trigram(passages), queries)}
    times["Hongtu, by words"] = p95(ours(index), queries)
    if encoder is not None:
        used = encoder
        if not full:
            used = RandomPassages.__new__(RandomPassages)
            used.__dict__.update(encoder.__dict__)
        start = time.perf_counter()
        index = Index.build(passages, used, VectorCache(default_cache_folder()) if full else None)
        print(
            f"index with vectors built in {time.perf_counter() - start:.2f} s"
            + ("" if full else " (random vectors)")
        )
        times["Hongtu, with the model"] = p95(ours(index), queries)
    print(f"{'':34}{'wall':>8}{'CPU':>8}")
    for name, (wall, processor) in times.items():
        print(f"{name:34}{wall:8.2f}{processor:8.2f}   {wall / base[0]:.2f} x bm25s + jieba")
    show_memory(words, "by words", passages, 10_000 if full else 2_000)
    if full and index is not words:
        show_memory(index, "with the model", passages, 10_000)


def show_edits(encoder: Encoder | None) -> None:
    """A matter is edited: its words and its vector are made anew, nothing else; then all 163, uncached."""
    with (MATTERS).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    matters = [
        Matter(row["code"], row["name"], row["line"], tuple(row["aliases"].split("|"))) for row in rows
    ]
    print(f"\nindex of {len(matters)} matters, seconds")
    for name, used in (("by words", None), ("with the model", encoder)):
        if name == "with the model" and used is None:
            continue
        start = time.perf_counter()
        understanding = Understanding(matters, (), used)
        built = time.perf_counter() - start
        edited = [replace(matters[0], aliases=("全新的群众说法",)), *matters[1:]]
        start = time.perf_counter()
        after = understanding.changed(edited)
        assert after.read("全新的群众说法").matter == matters[0].id
        spent = time.perf_counter() - start
        print(
            f"  {name:16} all {built:6.2f} (goal 60)   one edited and asked {spent:6.3f} (goal 2)   "
            f"{spent / built:.3f} x all"
        )
    large = Index.build(synthetic(10_000))
    start = time.perf_counter()
    copied = large.copy()
    copied.update([Passage("c5", "居住证办理材料：身份证、租房合同。", "居住证办理")])
    assert copied.search("居住证")[0].id == "c5"
    print(f"  one of 10,000 chunks, by words, searchable again after {time.perf_counter() - start:.2f}")


def show_memory(index: Index, name: str, passages: list[Passage], questions: int) -> None:
    """Resident memory after a fifth of the questions, when all caches are full, and after all of them."""
    import psutil

    process = psutil.Process()
    sizes = []
    for number in range(questions + 1):
        index.search(passages[number % len(passages)].text[number % 50 : number % 50 + 12] + str(number))
        if number in (questions // 5, questions):
            sizes.append(process.memory_info().rss / 1e6)
    print(
        f"memory {name}: {sizes[0]:.0f} MB after {questions // 5} questions, {sizes[1]:.0f} MB after "
        f"{questions}   {sizes[1] / sizes[0]:.3f} x"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    encoder: Encoder | None
    try:
        encoder = Encoder.load()
    except SearchError as fault:
        print(json.dumps({"code": fault.code, "message": fault.message}, ensure_ascii=False))
        encoder = None
    show_time(encoder, full)
    show_edits(encoder)
    show_quality(encoder, full)
    show_slips(encoder, full)
    show_scale(full)


if __name__ == "__main__":
    main()
