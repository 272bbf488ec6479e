"""Sentences the program keeps: read in the reader's language, and recognised in what was kept before."""

from datetime import date

import pytest
from django.utils import translation

from hongtu.kernel.base.sentence_migration import recognise
from hongtu.kernel.base.sentences import Sentence, sentence

CLOCKS = ("办结时限", "签收时限")
CAUSES = (
    "%(clock)s%(since)s已过",
    "计划%(since)s完成，尚未完成，关键节点总时差%(float)d，承诺日期将失守",
    "计划%(since)s完成，尚未完成",
)
REASONS = ("%(what)s，直接提至%(level)d级", "%(what)s，满%(after)d个工作日，提至%(level)d级")


def test_each_reader_gets_her_language_and_values_that_need_translation_too() -> None:
    cause = Sentence(CAUSES[2], {"since": date(2026, 3, 1)})
    kept = sentence(Sentence(REASONS[1], {"what": cause, "after": 3, "level": 2}).as_json())
    assert str(kept) == "计划2026-03-01完成，尚未完成，满3个工作日，提至2级"
    with translation.override("en"):
        assert str(kept).startswith("planned to finish 2026-03-01, not finished")
        assert str(kept).endswith("level 2")


def test_what_a_person_typed_stays_as_typed() -> None:
    kept = sentence(Sentence(typed="上跨高铁等待天窗期 100%").as_json())
    with translation.override("en"):
        assert str(kept) == "上跨高铁等待天窗期 100%"
    assert not Sentence() and Sentence().as_json() == {}


@pytest.mark.parametrize(
    "text",
    [
        "计划2026-03-01完成，尚未完成，满3个工作日，提至2级",
        "计划2026-03-01完成，尚未完成，关键节点总时差-4，承诺日期将失守，直接提至3级",
        "投资完成序时计划的 87%",
        "签收时限2026-03-02已过，满3个工作日，提至2级",
    ],
)
def test_a_text_of_before_is_recognised_whole(text: str) -> None:
    found = recognise(text, (*REASONS, "投资完成序时计划的 %(percent)s%%"), {"what": CAUSES, "clock": CLOCKS})
    assert found.pattern and str(found) == text
    what = found.values.get("what", Sentence("-"))
    assert isinstance(what, Sentence)
    assert what.values.get("since") in (None, "2026-03-01", "2026-03-02")


def test_a_text_no_pattern_fits_is_kept_as_it_is() -> None:
    assert recognise("等待天窗期", REASONS) == Sentence(typed="等待天窗期")
