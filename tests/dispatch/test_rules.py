"""Which level hears of what, and when."""

from hypothesis import given
from hypothesis import strategies as st

from hongtu.domains.dispatch import rules

CLOCKS = {1: 3, 2: 5, 3: 10, 4: 15}


def test_levels_hear_of_it_after_three_eight_and_eighteen_working_days() -> None:
    levels = [[r.level for r in rules.reached(days, CLOCKS)] for days in (2, 3, 7, 8, 17, 18)]
    assert levels == [[], [2], [2], [2, 3], [2, 3], [2, 3, 4]]


def test_a_lost_promise_reaches_the_assigned_leader_at_once_but_not_the_top() -> None:
    found = rules.reached(1, CLOCKS, promise_lost=True)
    assert [(r.level, r.consequence) for r in found] == [(2, True), (3, True)]
    assert rules.reached(0, CLOCKS, promise_lost=True) == []


@given(st.integers(0, 60), st.integers(0, 60), st.booleans())
def test_waiting_longer_never_takes_a_level_back(a: int, b: int, lost: bool) -> None:
    fewer, more = sorted((a, b))
    early = {r.level for r in rules.reached(fewer, CLOCKS, promise_lost=lost)}
    assert early <= {r.level for r in rules.reached(more, CLOCKS, promise_lost=lost)}


def test_cost_is_the_worse_of_lateness_and_negative_float() -> None:
    assert [rules.cost(2, 5), rules.cost(2, -4), rules.cost(0, None), rules.cost(0, 3)] == [2, 4, 0, 0]
