"""The route of a day: complete, keeping its appointments, and with none better."""

from datetime import date
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from hongtu.domains.visits import rules
from hongtu.domains.visits.rules import Pace, Stop

POINT = st.tuples(st.floats(115.7, 116.0), st.floats(28.4, 28.9))
OPENS = st.none() | st.integers(8 * 60, 16 * 60)
STOP = st.builds(
    lambda point, stay, opens, width: Stop(
        point, stay, opens, None if opens is None else opens + width
    ),
    POINT, st.integers(5, 90), OPENS, st.integers(10, 120),
)  # fmt: skip
PACE = Pace()


def cost(way: rules.Way) -> tuple[int, float]:
    return way.late, way.kilometres


@settings(deadline=None, max_examples=60)
@given(st.lists(STOP, min_size=0, max_size=5), st.none() | POINT)
def test_no_order_of_the_stops_is_better(stops: list[Stop], start: rules.Point | None) -> None:
    way = rules.route(stops, PACE, start)
    assert sorted(way.order) == list(range(len(stops)))
    every = [rules.timetable(stops, order, PACE, start) for order in permutations(range(len(stops)))]
    late, km = min(cost(other) for other in every)
    assert way.late == late
    assert way.kilometres <= km + 1e-9


@settings(deadline=None, max_examples=10)
@given(st.lists(STOP, min_size=rules.EXACT + 1, max_size=rules.EXACT + 4))
def test_a_long_day_is_complete_and_no_stretch_of_it_is_better_turned_around(stops: list[Stop]) -> None:
    way = rules.route(stops, PACE)
    assert sorted(way.order) == list(range(len(stops)))
    for i in range(len(way.order) - 1):
        for j in range(i + 1, len(way.order)):
            turned = [*way.order[:i], *way.order[i : j + 1][::-1], *way.order[j + 1 :]]
            late, km = cost(rules.timetable(stops, turned, PACE))
            assert (late, km) >= (way.late, way.kilometres - 1e-6)


def test_an_appointment_comes_before_the_shortest_way() -> None:
    near, far = (115.80, 28.70), (115.80, 28.90)
    stops = [Stop(near, 60), Stop(far, 30, 9 * 60, 9 * 60 + 30)]
    start = (115.80, 28.69)
    assert rules.route([Stop(near), Stop(far)], PACE, start).order == (0, 1)
    way = rules.route(stops, Pace(speed=90), start)
    assert way.order == (1, 0)
    assert way.late == 0


def test_who_comes_too_early_waits() -> None:
    way = rules.timetable([Stop((115.8, 28.7), 30, 10 * 60), Stop((115.8, 28.7), 30)], (0, 1), PACE)
    assert way.arrivals == (10 * 60, 10 * 60 + 30)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert abs(rules.distance((115.8, 28.0), (115.8, 29.0)) - 111.195) < 0.01


def test_an_assigned_project_is_due_an_interval_after_its_last_visit() -> None:
    assert rules.due_on(date(2025, 1, 1), None, 30) == date(2025, 1, 31)
    assert rules.due_on(date(2025, 1, 1), date(2025, 3, 1), 30) == date(2025, 3, 31)
