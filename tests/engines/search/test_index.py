"""What a person who searches, and an editor who changes a record, would notice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.engines.search import Calibration, Index, Passage, SearchError
from hongtu.engines.search.dense import dense_texts
from tests.engines.search.samples import PASSAGES


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(PASSAGES)


def first(index: Index, query: str) -> str:
    hits = index.search(query, k=1)
    return hits[0].id if hits else ""


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("户口", "household"),
        ("噪声", "noise"),
        ("居住证怎么办", "residence"),
        ("居住證怎麼辦", "residence"),
        ("老人每个月的津贴怎么领", "elderly"),
        ("居主证怎么办", "residence"),
        ("户扣迁移", "household"),
        ("高龄金贴", "elderly"),
        ("juzhuzheng", "residence"),
        ("hukou", "household"),
        ("jzz", "residence"),
        ("gljt", "elderly"),
        ("结婚　登记", "marriage"),
        ("结\x00婚\u200b登记", "marriage"),
    ],
)
def test_finds_what_is_meant(index: Index, query: str, wanted: str) -> None:
    assert first(index, query) == wanted


@pytest.mark.parametrize("query", ["", "   ", "\x00\x01\x02", "\u200b\ufeff"])
def test_an_empty_question_is_refused_by_code(index: Index, query: str) -> None:
    hits = index.search(query)
    assert list(hits) == []
    assert (hits.mode, hits.notice) == ("none", "search.query.empty")


def test_a_question_of_20000_characters_is_answered_and_says_it_was_cut(index: Index) -> None:
    hits = index.search("居住证怎么办" + "啊" * 20_000)
    assert hits[0].id == "residence"
    assert hits.notice == "search.query.cut"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_the_search(query: str) -> None:
    hits = Index.build(PASSAGES).search(query, k=3)
    assert len(hits) <= 3
    assert all(np.isfinite(hit.score) for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize(
    "query", ["😀😀😀", "🏠居住证🏠", "How do I get a residence permit?", "ＡＢＣ１２３"]
)
def test_other_scripts_get_an_answer_or_nothing(index: Index, query: str) -> None:
    hits = index.search(query)
    assert ("居住" not in query) or hits[0].id == "residence"
    assert hits.mode in {"lexical", "none"}


def test_nothing_outside_the_readers_scope_is_scored(index: Index) -> None:
    allowed = {"household", "marriage"}
    for query in ("居住证怎么办", "身份证", "juzhuzheng", "养老金"):
        assert {hit.id for hit in index.search(query, filter=allowed)} <= allowed
    assert list(index.search("居住证", filter=set())) == []


def test_the_scope_does_not_colour_the_scores(index: Index) -> None:
    """The best passage in scope gets the full share, however good a hidden one is."""
    hits = index.search("居住证 户口", filter={"household", "water"})
    assert hits[0].id == "household"
    assert hits[0].parts["lexical"] == 1.0


def test_a_mask_of_the_wrong_length_is_refused(index: Index) -> None:
    with pytest.raises(SearchError) as refusal:
        index.search("户口", filter=np.ones(3, dtype=np.bool_))
    assert refusal.value.code == "search.filter.shape"


passages = st.lists(
    st.builds(
        Passage,
        st.sampled_from([f"p{number}" for number in range(6)]),
        st.text("居住证户口簿办理申请老人津贴，。", max_size=30),
        st.text("居住证户口", max_size=6),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(
    passages,
    st.sets(st.sampled_from([f"p{number}" for number in range(6)])),
    st.text("居住证户口老人", max_size=8),
)
def test_changes_equal_a_rebuild(changes: list[Passage], removed: set[str], query: str) -> None:
    changed = Index()
    for passage in changes:
        changed.update([passage])
        changed.search(query)
    changed.remove(removed & set(changed.ids))
    rebuilt = Index.build([changed.passage(item) for item in changed.ids])
    left, right = changed.search(query), rebuilt.search(query)
    assert [(hit.id, hit.score) for hit in left] == [(hit.id, hit.score) for hit in right]


def test_an_edited_record_is_found_by_its_new_words_only() -> None:
    index = Index.build(PASSAGES)
    index.update([Passage("water", "路灯不亮请报修。", "路灯报修", "城管")])
    assert first(index, "路灯") == "water"
    assert first(index, "供水水压") != "water"
    assert len(index) == len(PASSAGES)


def test_removing_an_unknown_id_changes_nothing() -> None:
    index = Index.build(PASSAGES)
    with pytest.raises(SearchError) as refusal:
        index.remove(["water", "nowhere"])
    assert refusal.value.code == "search.passage.unknown"
    assert len(index) == len(PASSAGES)
    assert first(index, "供水") == "water"


def test_two_passages_with_one_id_are_refused() -> None:
    with pytest.raises(SearchError) as refusal:
        Index.build([PASSAGES[0], PASSAGES[0]])
    assert refusal.value.code == "search.passage.duplicate"
    assert "residence" in str(refusal.value)


def test_the_snippet_shows_the_words_asked_for() -> None:
    filler = "本办法自公布之日起施行。" * 30
    index = Index.build([Passage("long", f"{filler}高龄津贴按月发放。{filler}"), *PASSAGES[:2]])
    snippet = index.search("高龄津贴")[0].snippet
    assert len(snippet.text) <= 90
    assert "高龄津贴" in [snippet.text[start:end] for start, end in snippet.marks]


def test_without_a_model_the_index_says_so(index: Index) -> None:
    hits = index.search("居住证")
    assert (hits.mode, hits.notice) == ("lexical", "search.model.absent")
    health = index.health()
    assert health["mode"] == "lexical"
    assert health["reason"] == "search.model.absent"


def test_an_empty_index_answers_with_nothing() -> None:
    assert list(Index.build([]).search("户口")) == []


def test_weights_outside_their_range_are_refused() -> None:
    with pytest.raises(SearchError) as refusal:
        Calibration(lexical=1.5)
    assert refusal.value.code == "search.calibration.range"


def test_a_short_question_finds_a_matter_by_its_title_alone() -> None:
    assert dense_texts(Passage("a", "符合条件的居民可以申请。", "居住证", "公安")) == [
        "居住证",
        "居住证 公安 符合条件的居民可以申请。",
    ]
    assert dense_texts(Passage("a", "居住证", "居住证", sayings=("暂住证",))) == ["居住证", "暂住证"]
