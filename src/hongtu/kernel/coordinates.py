"""WGS84, GCJ-02 and BD-09: coordinates as map services hand them out, and as we store them.

Longitude comes before latitude everywhere, in degrees. We store WGS84 (which CGCS2000 equals to within
decimetres); what comes in as GCJ-02 (Gaode, Tencent) or BD-09 (Baidu) is converted and the original kept.

Source of the formulas: GCJ-02 has no official publication. The offset polynomials are the ones published as
`eviltransform` and `coordtransform`, over the Krasovsky 1940 ellipsoid (a = 6,378,245 m,
e2 = 0.00669342162296594323); BD-09 adds a rotation and a shift to GCJ-02, with the constant pi * 3000 / 180.
The usual inverses subtract the offset taken at the wrong point and are 1-2 m off for GCJ-02 and some
decimetres for BD-09; ours solve the forward formula by fixed-point iteration, to below 0.1 mm.
Outside a rough frame of the country no offset is applied, as the services do.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

Crs = Literal["wgs84", "gcj02", "bd09", "cgcs2000"]
Point = tuple[float, float]

AXIS = 6_378_245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU = math.pi * 3000.0 / 180.0
_TOLERANCE = 1e-10  # degrees; 0.01 mm
_FRAME = (72.004, 137.8347, 0.8293, 55.8271)


class CoordinateError(ValueError):
    """A coordinate that cannot be meant. `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(f"{code}: {message}")


def convert(longitude: float, latitude: float, source: Crs, target: Crs = "wgs84") -> Point:
    """One point from `source` to `target`. Raises `CoordinateError` for impossible degrees or names."""
    check_degrees(longitude, latitude)
    for name in (source, target):
        if name not in _TO_WGS84:
            raise CoordinateError("coordinates.unknown_system", f"{name!r}; use one of {sorted(_TO_WGS84)}")
    if source == target:
        return longitude, latitude
    if {source, target} == {"gcj02", "bd09"}:  # the direct way spares the detour's rounding
        pair = (longitude, latitude)
        return gcj02_to_bd09(*pair) if target == "bd09" else bd09_to_gcj02(*pair)
    return _FROM_WGS84[target](*_TO_WGS84[source](longitude, latitude))


def convert_geometry(geometry: dict[str, Any], source: Crs, target: Crs = "wgs84") -> dict[str, Any]:
    """A GeoJSON geometry of any type in another system; heights stay. Raises `CoordinateError`."""

    def walk(part: Any) -> Any:
        if part and isinstance(part[0], int | float):
            return [*convert(part[0], part[1], source, target), *part[2:]]
        return [walk(inner) for inner in part]

    if "geometries" in geometry:
        inner = [convert_geometry(each, source, target) for each in geometry["geometries"]]
        return {**geometry, "geometries": inner}
    return {**geometry, "coordinates": walk(geometry["coordinates"])}


def check_degrees(longitude: float, latitude: float) -> None:
    """Refuses what is not on Earth, and says when the two were probably exchanged."""
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise CoordinateError("coordinates.not_finite", f"({longitude}, {latitude}) is no place")
    if abs(latitude) > 90 and abs(longitude) <= 90:
        raise CoordinateError(
            "coordinates.exchanged", f"({longitude}, {latitude}): give the longitude first, then the latitude"
        )
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise CoordinateError("coordinates.out_of_range", f"({longitude}, {latitude}) is not on Earth")


def has_offset(longitude: float, latitude: float) -> bool:
    """Whether the services shift coordinates here: a rough frame of the country."""
    west, east, south, north = _FRAME
    return west <= longitude <= east and south <= latitude <= north


def _gcj02_offset(longitude: float, latitude: float) -> Point:
    """The shift of GCJ-02 against WGS84 in degrees, taken at a WGS84 point."""
    x, y = longitude - 105.0, latitude - 35.0
    root = math.sqrt(abs(x))
    waves = 20.0 * (math.sin(6.0 * x * math.pi) + math.sin(2.0 * x * math.pi))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2.0 / 3.0 * (waves + 20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi))
    north += 2.0 / 3.0 * (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2.0 / 3.0 * (waves + 20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi))
    east += 2.0 / 3.0 * (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi))
    radians = math.radians(latitude)
    magic = 1.0 - ECCENTRICITY_SQUARED * math.sin(radians) ** 2
    metres_north = AXIS * (1.0 - ECCENTRICITY_SQUARED) / (magic * math.sqrt(magic))
    metres_east = AXIS / math.sqrt(magic) * math.cos(radians)
    return math.degrees(east / metres_east), math.degrees(north / metres_north)


def wgs84_to_gcj02(longitude: float, latitude: float) -> Point:
    if not has_offset(longitude, latitude):
        return longitude, latitude
    east, north = _gcj02_offset(longitude, latitude)
    return longitude + east, latitude + north


def gcj02_to_wgs84(longitude: float, latitude: float) -> Point:
    return _inverse(wgs84_to_gcj02, longitude, latitude)


def gcj02_to_bd09(longitude: float, latitude: float) -> Point:
    radius = math.hypot(longitude, latitude) + 0.00002 * math.sin(latitude * _BAIDU)
    angle = math.atan2(latitude, longitude) + 0.000003 * math.cos(longitude * _BAIDU)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def bd09_to_gcj02(longitude: float, latitude: float) -> Point:
    return _inverse(gcj02_to_bd09, longitude, latitude)


def wgs84_to_bd09(longitude: float, latitude: float) -> Point:
    return gcj02_to_bd09(*wgs84_to_gcj02(longitude, latitude))


def bd09_to_wgs84(longitude: float, latitude: float) -> Point:
    return gcj02_to_wgs84(*bd09_to_gcj02(longitude, latitude))


def _inverse(forward: Callable[[float, float], Point], longitude: float, latitude: float) -> Point:
    """The point that `forward` takes to the given one. The offset is nearly constant, so 3 to 6 rounds do."""
    x, y = longitude, latitude
    for _ in range(30):
        there_x, there_y = forward(x, y)
        step_x, step_y = longitude - there_x, latitude - there_y
        x, y = x + step_x, y + step_y
        if abs(step_x) < _TOLERANCE and abs(step_y) < _TOLERANCE:
            break
    return x, y


def metres_between(one: Point, other: Point) -> float:
    """Great-circle distance in metres (haversine over the mean radius 6,371,008.8 m)."""
    radius = 6_371_008.8
    (x1, y1), (x2, y2) = one, other
    half_y, half_x = math.radians(y2 - y1) / 2, math.radians(x2 - x1) / 2
    part = math.sin(half_y) ** 2
    part += math.cos(math.radians(y1)) * math.cos(math.radians(y2)) * math.sin(half_x) ** 2
    return 2 * radius * math.asin(min(1.0, math.sqrt(part)))


def _same(longitude: float, latitude: float) -> Point:
    return longitude, latitude


_TO_WGS84: dict[str, Callable[[float, float], Point]] = {
    "wgs84": _same,
    "cgcs2000": _same,
    "gcj02": gcj02_to_wgs84,
    "bd09": bd09_to_wgs84,
}
_FROM_WGS84: dict[str, Callable[[float, float], Point]] = {
    "wgs84": _same,
    "cgcs2000": _same,
    "gcj02": wgs84_to_gcj02,
    "bd09": wgs84_to_bd09,
}
