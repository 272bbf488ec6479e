"""GCJ-02 and BD-09 to WGS84. The offset of GCJ-02 is the widely published approximation of the official
obfuscation; inverted by iteration it returns within a centimetre of itself."""

import math

_A = 6378245.0
_EE = 0.00669342162296594323
_BD = math.pi * 3000.0 / 180.0


def _offset(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = longitude - 105.0, latitude - 35.0
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    radians = latitude / 180 * math.pi
    magic = 1 - _EE * math.sin(radians) ** 2
    root = math.sqrt(magic)
    north = north * 180 / ((_A * (1 - _EE)) / (magic * root) * math.pi)
    east = east * 180 / (_A / root * math.cos(radians) * math.pi)
    return east, north


def in_china(longitude: float, latitude: float) -> bool:
    """The rectangle inside which GCJ-02 differs from WGS84."""
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def wgs84_to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    if not in_china(longitude, latitude):
        return longitude, latitude
    east, north = _offset(longitude, latitude)
    return longitude + east, latitude + north


def gcj02_to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    if not in_china(longitude, latitude):
        return longitude, latitude
    x, y = longitude, latitude
    for _ in range(8):
        east, north = _offset(x, y)
        x, y = longitude - east, latitude - north
    return x, y


def bd09_to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = longitude - 0.0065, latitude - 0.006
    radius = math.hypot(x, y) - 0.00002 * math.sin(y * _BD)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * _BD)
    return radius * math.cos(angle), radius * math.sin(angle)


def to_wgs84(longitude: float, latitude: float, system: str) -> tuple[float, float]:
    """Degrees in `system` (wgs84, gcj02 or bd09) as WGS84 degrees. ValueError for another system."""
    if system == "wgs84":
        return longitude, latitude
    if system == "gcj02":
        return gcj02_to_wgs84(longitude, latitude)
    if system == "bd09":
        return gcj02_to_wgs84(*bd09_to_gcj02(longitude, latitude))
    raise ValueError(f"unknown coordinate system {system!r}")
