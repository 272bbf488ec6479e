"""Everyday words find official ones."""

from hypothesis import given
from hypothesis import strategies as st

from hongtu.engines.search import Index, Passage
from hongtu.engines.search.lay_words import official, official_words
from hongtu.engines.search.normalise import normalise


def test_a_lay_word_finds_the_text_that_has_only_the_official_one() -> None:
    passages = [
        Passage("lease", "出租人应当按照约定将租赁物交付承租人。"),
        Passage("fire", "发生火灾时应当立即报警。"),
        Passage("sea", "船舶应当按期检验。"),
    ]
    assert Index.build(passages).search("房东不退押金")[0].id == "lease"


def test_longest_words_are_read_first_and_own_words_are_not_added() -> None:
    assert official("房东") == ("出租人",)
    assert "承租人" not in official("承租人和房东")
    assert official("二房东")[0] == "转租"
    assert official("今天") == ()


def test_the_list_adds_something_for_every_word() -> None:
    for word, others in official_words().items():
        assert word and all(others), word
    assert len(official_words()) > 500


@given(st.text(max_size=100))
def test_any_text_is_read(text: str) -> None:
    assert all(word not in normalise(text) for word in official(normalise(text)))
