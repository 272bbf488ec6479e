"""The interval of a post's risk, who is proposed first, who may go."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.domains.family_visits import rules
from hongtu.domains.family_visits.vocab import NeedState, Why

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
MONTHS = st.integers(1, 60)


@given(DAYS, MONTHS)
def test_adding_months_never_leaves_the_month_it_names(day: date, months: int) -> None:
    later = rules.add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


def test_the_last_of_january_and_a_month_is_the_last_of_february() -> None:
    assert rules.add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert rules.add_months(date(2025, 1, 31), 1) == date(2025, 2, 28)


@given(DAYS, DAYS, MONTHS, DAYS)
def test_a_family_visited_is_due_an_interval_after_the_visit(
    last: date, registered: date, months: int, now: date
) -> None:
    found = rules.propose(months, last, registered, now)
    assert found.due_on == rules.add_months(last, months)
    assert (found.why == Why.OVERDUE) == (now > found.due_on)


def test_a_family_never_visited_comes_first_whatever_the_risk() -> None:
    now = date(2025, 6, 1)
    never = rules.propose(24, None, now, now)
    late = rules.propose(6, now - timedelta(days=3650), now, now)
    assert rules.rank(never, 24) < rules.rank(late, 6)


@given(st.dates(date(2020, 1, 1), date(2025, 1, 1)), st.integers(1, 2000))
def test_of_two_visited_on_the_same_day_the_riskier_post_comes_first(last: date, since: int) -> None:
    now = last + timedelta(days=since)
    risky, plain = rules.propose(6, last, last, now), rules.propose(24, last, last, now)
    assert rules.rank(risky, 6) < rules.rank(plain, 24)


@given(st.dates(date(2020, 1, 1), date(2025, 1, 1)), MONTHS, st.integers(1, 2000), st.integers(1, 900))
def test_waiting_longer_never_makes_it_less_urgent(last: date, months: int, since: int, more: int) -> None:
    sooner = rules.propose(months, last, last, last + timedelta(days=since))
    later = rules.propose(months, last, last, last + timedelta(days=since + more))
    assert rules.rank(later, months) < rules.rank(sooner, months)


@pytest.mark.parametrize(
    ("visitor", "companion", "account", "faults"),
    [
        (1, 2, None, {}),
        (1, 2, 3, {}),
        (1, 1, None, {"companion": "two"}),
        (3, 2, 3, {"visitor": "own"}),
        (1, 3, 3, {"companion": "own"}),
    ],
)
def test_two_go_and_neither_to_her_own_family(
    visitor: int, companion: int, account: int | None, faults: dict[str, str]
) -> None:
    assert rules.pair_faults(visitor, companion, account) == faults


@pytest.mark.parametrize(
    ("state", "move"),
    [
        ("open", "confirm"),
        ("closed", "settle"),
        ("closed", "confirm"),
        ("open", "return"),
        ("answered", "settle"),
    ],
)
def test_a_need_is_not_closed_without_an_answer_nor_reopened(state: str, move: str) -> None:
    with pytest.raises(ValueError, match=move):
        rules.moved(state, move)


def test_a_need_goes_from_open_by_answer_and_call_to_closed() -> None:
    assert rules.moved("open", "settle") == NeedState.ANSWERED
    assert rules.moved("answered", "confirm") == NeedState.CLOSED
    assert rules.moved("answered", "return") == NeedState.OPEN
