"""The arithmetic of a score: formulas, denominators, ranks, and what a difference is made of."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.domains.assessment import rules
from hongtu.domains.assessment.rules import Counted, Item, Plan, Tally, tally
from hongtu.domains.assessment.vocab import Change, Formula, Standing

PLAN = Plan.of(
    {
        "items": [
            {"key": "a", "title": "甲", "indicator": "x.a", "formula": "share", "points": 60, "cap": 1.1},
            {"key": "b", "title": "乙", "indicator": "x.b", "formula": "complement", "points": 30},
            {"key": "c", "title": "丙", "indicator": "x.c", "formula": "decay", "points": 10, "limit": 30},
        ]
    }
)
FULL = {"a": Tally(11, 10, 10, 10), "b": Tally(0, 5, 5, 5), "c": Tally(0, 4, 4, 4)}
FACTS = st.lists(
    st.builds(
        lambda w, s, e: Counted(round(w * s, 3), w, e), st.floats(0.1, 100), st.floats(0, 1), st.booleans()
    ),
    max_size=30,
)


def line(unit: int, name: str, tallies: dict[str, Tally], **more: object) -> rules.Score:
    return rules.score(PLAN, unit, name, tallies, **more)  # type: ignore[arg-type]


def test_over_fulfilment_counts_up_to_the_cap_and_no_further() -> None:
    item = PLAN.items[0]
    assert rules.points(item, Tally(11, 10, 10)) == rules.points(item, Tally(99, 10, 10)) == 60
    assert rules.points(item, Tally(10, 10, 10)) == pytest.approx(54.55)
    assert rules.points(item, Tally(0, 10, 10)) == 0


def test_a_mean_decays_to_nothing_at_its_limit() -> None:
    item = PLAN.items[2]
    assert [rules.points(item, Tally(days, 1, 1)) for days in (0, 15, 30, 90)] == [10, 5, 0, 0]


def test_an_excused_record_leaves_the_denominator_and_both_are_kept() -> None:
    found = tally([Counted(1, 1, False), Counted(0, 1, False), Counted(0, 2, True)])
    assert (found.value, found.whole, found.narrow, found.rows, found.excused) == (1, 4, 2, 3, 1)


def test_what_was_not_due_is_left_out_and_the_rest_counts_for_all() -> None:
    scored = line(1, "甲", {"a": Tally(11, 10, 10, 10)})
    assert (scored.applicable, scored.total) == (60, 100)
    assert [i.got for i in scored.items] == [60, None, None]


def test_a_unit_with_too_little_due_is_not_ranked() -> None:
    scored = line(1, "甲", {"b": Tally(0, 5, 5, 5)})
    assert scored.standing is Standing.UNRANKED
    assert rules.ranked([scored])[0].rank is None


def test_adjustments_stay_within_their_limit() -> None:
    assert line(1, "甲", FULL, adjustment=25).total == 110
    assert (
        line(1, "甲", {k: Tally(0, 1, 1) for k in "ac"} | {"b": Tally(1, 1, 1)}, adjustment=-25).total == 0.0
    )


def test_a_veto_voids_the_score_and_stands_last() -> None:
    good, vetoed = line(1, "甲", FULL), line(2, "乙", FULL, veto="虚报")
    poor = line(3, "丙", {"a": Tally(0, 10, 10, 10)})
    found = rules.ranked([vetoed, poor, good])
    assert [(s.unit, s.rank, s.total) for s in found] == [(1, 1, 100.0), (3, 2, 0.0), (2, 3, 0.0)]
    assert found[-1].standing is Standing.VETOED


def test_equal_totals_share_a_rank() -> None:
    found = rules.ranked(
        [line(n, str(n), FULL) for n in (1, 2)] + [line(3, "3", {"a": Tally(5, 10, 10, 10)})]
    )
    assert [s.rank for s in found] == [1, 1, 3]


@given(FACTS)
def test_points_lie_between_nothing_and_full(facts: list[Counted]) -> None:
    for formula in Formula:
        got = rules.points(Item("k", "t", "x", formula, 35), tally(facts))
        assert got is None or 0 <= got <= 35


@given(FACTS, st.floats(0.1, 50))
def test_one_more_miss_never_raises_a_share(facts: list[Counted], weight: float) -> None:
    item = Item("k", "t", "x", Formula.SHARE, 35)
    before, after = (rules.points(item, tally(f)) for f in (facts, [*facts, Counted(0, weight, False)]))
    assert before is None or (after is not None and after <= before)


def test_a_published_ranking_reads_back_as_it_was() -> None:
    lines = rules.ranked([line(1, "甲", FULL), line(2, "乙", {"a": Tally(5, 10, 9, 10, 1)}, veto="虚报")])
    data = json.loads(json.dumps(rules.as_data(lines)))
    assert rules.from_data(data) == lines
    assert rules.digest(data) == rules.digest(rules.as_data(lines))
    data[0]["total"] = 99
    assert rules.digest(data) != rules.digest(rules.as_data(lines))


def test_a_difference_names_what_it_is_made_of() -> None:
    heavier = Plan.of(
        {
            "items": [
                {"key": "a", "title": "甲", "indicator": "x.a", "formula": "share", "points": 40, "cap": 1.1},
                {"key": "b", "title": "乙", "indicator": "x.b", "formula": "complement", "points": 50},
                {"key": "c", "title": "丙", "indicator": "x.c", "formula": "decay", "points": 10},
            ]
        }
    )
    tallies = {"a": Tally(5.5, 10, 10, 10), "b": Tally(0, 5, 5, 5), "c": Tally(0, 4, 4, 4)}
    old = rules.ranked([line(1, "甲", tallies), line(2, "乙", FULL)])
    new = rules.ranked([rules.score(heavier, 1, "甲", tallies), rules.score(heavier, 2, "乙", FULL)])
    [same, changed] = rules.compare(old, new)
    assert (same.unit, same.delta, same.rise) == (2, 0, 0)
    assert changed.delta == pytest.approx(10) and changed.rise == 0
    assert {(r.key, r.change) for r in changed.reasons} == {("a", Change.SCHEME), ("b", Change.SCHEME)}
    assert sum(r.effect for r in changed.reasons) == pytest.approx(changed.delta, abs=0.02)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=8))
def test_the_effects_of_a_difference_add_up_to_it(pairs: list[tuple[int, int]]) -> None:
    def lines(index: int) -> list[rules.Score]:
        return [
            line(
                n,
                str(n),
                {"a": Tally(pair[index], 20, 20, 20), "b": Tally(2, 20, 20, 20)}
                | ({"c": Tally(pair[index], 3, 3, 3)} if index or n % 2 else {}),
            )
            for n, pair in enumerate(pairs)
        ]

    for found in rules.compare(rules.ranked(lines(0)), rules.ranked(lines(1))):
        assert sum(r.effect for r in found.reasons) == pytest.approx(found.delta, abs=0.05)


def test_a_scheme_that_does_not_add_up_is_told_so() -> None:
    item = {"key": "a", "title": "甲", "indicator": "x.a", "formula": "share", "points": 60}
    codes = [
        code for code, _facts in rules.faults({"items": [item, {**item, "indicator": "x.z"}]}, {"x.a": 1})
    ]
    assert codes == ["twice", "no_indicator", "not_100"]
    assert [c for c, _ in rules.faults({}, {})] == ["no_items"]
