"""Days, the local plane, and records that refuse nonsense."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.engines.schedule.worksite import (
    DayAxis,
    Link,
    LocalPlane,
    Project,
    Retreat,
    Scene,
    Shorten,
    Space,
    WorksiteError,
)

from .scenes import box


def test_working_days_skip_holidays_and_count_make_up_days() -> None:
    axis = DayAxis.working(date(2025, 9, 22), [date(2025, 10, d) for d in range(1, 9)], [date(2025, 9, 28)])
    assert axis.start_index(date(2025, 9, 28)) == 5  # a worked Sunday
    assert axis.start_index(date(2025, 10, 1)) == axis.start_index(date(2025, 10, 9))
    assert axis.finish_index(date(2025, 10, 8)) == axis.finish_index(date(2025, 9, 30))


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_civil_days_go_there_and_back(day: date) -> None:
    axis = DayAxis(date(2024, 1, 1))
    assert axis.start_date(axis.start_index(day)) == day == axis.last_date(axis.finish_index(day))


def test_the_plane_measures_metres() -> None:
    plane = LocalPlane(115.77, 28.6)
    points = plane.to_metres(np.array([[115.77, 28.6], [115.78, 28.6], [115.77, 28.61]]))
    # Length of 0.01 degree of the parallel and of the meridian on WGS84 at 28.6 degrees.
    assert points[0] == pytest.approx([0, 0], abs=1e-6)
    assert np.hypot(*points[1]) == pytest.approx(978.1, abs=0.3)
    assert points[2, 1] == pytest.approx(1108.3, abs=0.3)


@given(st.floats(115.0, 116.6), st.floats(27.9, 29.3))
def test_the_plane_goes_there_and_back(longitude: float, latitude: float) -> None:
    plane = LocalPlane(115.8, 28.6)
    point = np.array([[longitude, latitude]])
    assert plane.to_degrees(plane.to_metres(point)) == pytest.approx(point, abs=1e-9)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Space("a", "A", box(0, 0), 5, 5), "WINDOW_REVERSED"),
        (lambda: Space("a", "A", box(0, 0), 0, 5, clearance=-1), "NEGATIVE_VALUE"),
        (lambda: Space("a", "A", box(0, 0), 0, 5, moves=(Shorten(5),)), "MOVE_INVALID"),
        (lambda: Space("a", "A", box(0, 0), 0, 5, moves=(Retreat((None,), ()),)), "MOVE_INVALID"),
        (lambda: Project("A", delay_cost_per_day=-2), "NEGATIVE_VALUE"),
        (lambda: Scene((Project("A"),), (Space("a", "B", None, 0, 1),)), "PROJECT_UNKNOWN"),
        (
            lambda: Scene((Project("A"),), (Space("a", "A", None, 0, 1, links=(Link("x"),)),)),
            "PREDECESSOR_UNKNOWN",
        ),
        (lambda: Scene((Project("A"), Project("A")), ()), "ID_DUPLICATE"),
    ],
)
def test_records_that_make_no_sense_are_refused(make, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(WorksiteError) as refusal:
        make()
    assert refusal.value.code == code


def test_a_cycle_is_printed_as_the_cycle() -> None:
    spaces = tuple(Space(name, "A", None, 0, 1, links=(Link(before),)) for name, before in ("ac", "ba", "cb"))
    with pytest.raises(WorksiteError) as refusal:
        Scene((Project("A"),), spaces)
    assert refusal.value.code == "LINK_CYCLE"
    assert any(loop in str(refusal.value) for loop in ("a → b → c → a", "b → c → a → b", "c → a → b → c"))
