"""Normalisation, sounds and spelling."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hongtu.engines.search import Index, normalise
from hongtu.engines.search.normalise import aligned
from hongtu.engines.search.passages import chunks
from hongtu.engines.search.phonetics import merge_confusable, split_pinyin
from tests.engines.search.samples import PASSAGES


def test_one_form_for_width_case_script_and_controls() -> None:
    assert normalise("　ＡＢＣ１２３ 居住證\x00\u200b ") == "abc123 居住证"
    assert normalise("臺灣居民來往大陸通行證") == "台湾居民来往大陆通行证"


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing_and_leaves_no_control(text: str) -> None:
    once = normalise(text)
    assert "\x00" not in once
    assert once == once.strip()
    assert len(aligned(text)) == len(text)


def test_confusable_sounds_are_one() -> None:
    for left, right in (("zhang", "zan"), ("sheng", "sen"), ("ling", "lin"), ("nan", "lan"), ("chi", "ci")):
        assert merge_confusable(left) == merge_confusable(right)
    assert merge_confusable("ban") != merge_confusable("pan")


def test_letters_are_read_as_pinyin_only_when_they_are() -> None:
    assert len(split_pinyin("juzhuzheng")) == 3
    assert split_pinyin("hello") == []
    assert split_pinyin("a" * 500) == []


def test_correction_keeps_right_words_and_restores_mistyped_ones() -> None:
    index = Index.build(PASSAGES)
    assert index.search("居主证").corrected == "居住证"
    for right in ("居住证怎么办", "户口迁移", "高龄津贴", "养老金什么时候领", "天气预报"):
        assert index.search(right).corrected == right


@given(st.text("户口。！居住证\n", max_size=600), st.integers(1, 50))
def test_chunks_lose_nothing_but_blank_tails(text: str, size: int) -> None:
    pieces = chunks(text, size)
    assert all(len(piece) <= max(size, len(text) if len(text) <= size else size) for piece in pieces)
    assert "".join(pieces).strip() == text.strip()


def test_every_channel_is_deterministic() -> None:
    left, right = Index.build(PASSAGES), Index.build(PASSAGES)
    for query in ("身份证", "老人", "juzhu"):
        a, b = left.search(query), right.search(query)
        assert [hit.id for hit in a] == [hit.id for hit in b]
        assert np.array_equal([hit.score for hit in a], [hit.score for hit in b])
