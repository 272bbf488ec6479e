"""Coordinates from any map service end up where the place is."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.kernel.coordinates import CoordinateError, convert, convert_geometry, has_offset, metres_between
from tests.shared_data import shared

inland = st.tuples(st.floats(74, 135), st.floats(4, 53))
systems = st.sampled_from(["wgs84", "gcj02", "bd09", "cgcs2000"])


@given(inland, systems, systems)
def test_there_and_back_is_the_same_to_a_millimetre(point, source, target):
    there = convert(*point, source, target)
    assert metres_between(convert(*there, target, source), point) < 0.001


@given(inland, systems, systems)
def test_the_way_over_wgs84_leads_to_the_same_place(point, source, target):
    direct = convert(*point, source, target)
    around = convert(*convert(*point, source, "wgs84"), "wgs84", target)
    assert metres_between(direct, around) < 0.001


@pytest.mark.shared
def test_the_known_places_of_the_district():
    with shared("domain/17_places.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 14
    for row in rows:
        found = convert(float(row["src_lng"]), float(row["src_lat"]), row["src_crs"])
        given_place = float(row["wgs84_lng"]), float(row["wgs84_lat"])
        # The list was made with the approximate inverse and five decimals: 1 to 2 m.
        assert metres_between(found, given_place) < 2.5, row["name"]


def test_a_published_pair_of_the_forward_formula():
    """The example of the coordtransform library: (116.404, 39.915)."""
    assert convert(116.404, 39.915, "wgs84", "gcj02") == pytest.approx(
        (116.41024449916938, 39.91640428150164)
    )
    assert convert(116.404, 39.915, "gcj02", "bd09") == pytest.approx((116.41036949371029, 39.92133699351021))


def test_abroad_gcj02_is_not_shifted():
    assert not has_offset(2.3522, 48.8566)
    assert convert(2.3522, 48.8566, "gcj02") == (2.3522, 48.8566)


@pytest.mark.parametrize(
    ("point", "code"),
    [
        ((28.68, 115.86), "coordinates.exchanged"),
        ((200, 10), "coordinates.out_of_range"),
        ((float("nan"), 10), "coordinates.not_finite"),
    ],
)
def test_impossible_coordinates_are_refused_with_advice(point, code):
    with pytest.raises(CoordinateError) as error:
        convert(*point, "gcj02")
    assert error.value.code == code


def test_an_unknown_system_is_refused_by_name():
    with pytest.raises(CoordinateError, match="bd-09"):
        convert(115.8, 28.6, "bd-09")


def test_every_corner_of_a_red_line_is_converted():
    corners = [[115.85, 28.69], [115.86, 28.69], [115.86, 28.70], [115.85, 28.69]]
    polygon = {"type": "Polygon", "coordinates": [corners]}
    wanted = [list(convert(*corner, "gcj02")) for corner in corners]
    assert convert_geometry(polygon, "gcj02") == {"type": "Polygon", "coordinates": [wanted]}
    collection = {
        "type": "GeometryCollection",
        "geometries": [{"type": "Point", "coordinates": [115.85, 28.69, 20]}],
    }
    found = convert_geometry(collection, "gcj02")["geometries"][0]
    assert found["coordinates"] == [*wanted[0], 20]
