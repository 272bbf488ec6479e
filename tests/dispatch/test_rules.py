"""Which level hears of what, and when."""

from hypothesis import given
from hypothesis import strategies as st

from hongtu.domains.dispatch import rules

CLOCKS = {1: 3, 2: 5, 3: 10, 4: 15}


def test_levels_hear_of_it_after_three_eight_and_eighteen_working_days() -> None:
    levels = [[r.level for r in rules.reached(days, CLOCKS)] for days in (2, 3, 7, 8, 17, 18)]
    assert levels == [[], [2], [2], [2, 3], [2, 3], [2, 3, 4]]


def test_what_costs_a_promise_dearly_reaches_every_level_up_to_its_own_at_once() -> None:
    asked = rules.thresholds({"2": {"late_days": 1, "chance_lost": 0.05}})
    assert rules.concerned(0.5, 0.0, asked) == []
    assert rules.concerned(1, 0.0, asked) == [2]
    assert rules.concerned(0, 0.25, asked) == [2, 3]
    assert rules.concerned(30, 0.0, asked) == [2, 3, 4]


@given(st.integers(0, 60), st.integers(0, 60))
def test_waiting_longer_never_takes_a_level_back(a: int, b: int) -> None:
    fewer, more = sorted((a, b))
    early = {r.level for r in rules.reached(fewer, CLOCKS)}
    assert early <= {r.level for r in rules.reached(more, CLOCKS)}


@given(st.floats(0, 60), st.floats(0, 60), st.floats(0, 1))
def test_a_dearer_consequence_never_concerns_fewer_levels(a: float, b: float, chance: float) -> None:
    less, more = sorted((a, b))
    assert set(rules.concerned(less, chance, rules.USUAL)) <= set(rules.concerned(more, chance, rules.USUAL))
