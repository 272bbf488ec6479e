"""The route of a day: complete, and no reversal of a part of it makes it shorter."""

from datetime import date
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.domains.visits import rules

POINT = st.tuples(st.floats(115.7, 116.0), st.floats(28.4, 28.9))
POINTS = st.lists(POINT, min_size=0, max_size=9)


@settings(deadline=None, max_examples=60)
@given(POINTS)
def test_a_route_visits_every_spot_once_and_cannot_be_shortened_by_a_reversal(
    points: list[rules.Point],
) -> None:
    way = rules.route(points)
    assert sorted(way) == list(range(len(points)))
    best = rules.length(points, way)
    for i in range(len(way) - 1):
        for j in range(i + 1, len(way)):
            other = way[:i] + way[i : j + 1][::-1] + way[j + 1 :]
            assert rules.length(points, other) >= best - 1e-6


@settings(deadline=None, max_examples=40)
@given(st.lists(POINT, min_size=1, max_size=6), POINT)
def test_from_a_given_start_it_stays_near_the_best_way(points: list[rules.Point], start: rules.Point) -> None:
    found = rules.length(points, rules.route(points, start), start)
    best = min(rules.length(points, way, start) for way in permutations(range(len(points))))
    assert best - 1e-9 <= found <= best * 1.5 + 1e-9


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert abs(rules.distance((115.8, 28.0), (115.8, 29.0)) - 111.195) < 0.01


def test_an_assigned_project_is_due_an_interval_after_its_last_visit() -> None:
    assert rules.due_on(date(2025, 1, 1), None, 30) == date(2025, 1, 31)
    assert rules.due_on(date(2025, 1, 1), date(2025, 3, 1), 30) == date(2025, 3, 31)
