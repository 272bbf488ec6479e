"""Route of a day and due dates of assigned projects; plain Python."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088
Point = tuple[float, float]


def distance(a: Point, b: Point) -> float:
    """Great-circle distance in km between two (longitude, latitude) in degrees (haversine formula)."""
    (lon1, lat1), (lon2, lat2) = ((radians(x), radians(y)) for x, y in (a, b))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def length(points: Sequence[Point], order: Sequence[int], start: Point | None = None) -> float:
    """Length in km of the way through `points` in `order`, from `start` when one is given. It is not closed:
    the day ends at the last spot."""
    stops = [points[i] for i in order]
    if start:
        stops.insert(0, start)
    return sum(distance(a, b) for a, b in pairwise(stops))


def route(points: Sequence[Point], start: Point | None = None) -> list[int]:
    """A short way through all points: nearest neighbour, then 2-opt until no reversal shortens it.

    Without `start` every point is tried as the first. Returns indices. Straight lines, not roads.
    """
    if len(points) < 2:
        return list(range(len(points)))
    firsts = [None] if start else list(range(len(points)))
    ways = [_two_opt(points, _nearest(points, start, first), start) for first in firsts]
    return min(ways, key=lambda way: length(points, way, start))


def _nearest(points: Sequence[Point], start: Point | None, first: int | None) -> list[int]:
    left = set(range(len(points)))
    way = [first] if first is not None else []
    left -= set(way)
    here = start or points[first or 0]
    if first is not None:
        here = points[first]
    while left:
        closest = min(sorted(left), key=lambda i: distance(here, points[i]))
        way.append(closest)
        left.remove(closest)
        here = points[closest]
    return way


def _two_opt(points: Sequence[Point], way: list[int], start: Point | None) -> list[int]:
    best, shortest = way, length(points, way, start)
    improved = True
    while improved:
        improved = False
        for i in range(len(best) - 1):
            for j in range(i + 1, len(best)):
                other = best[:i] + best[i : j + 1][::-1] + best[j + 1 :]
                found = length(points, other, start)
                if found < shortest - 1e-9:
                    best, shortest, improved = other, found, True
    return best


def due_on(since: date, last: date | None, every_days: int) -> date:
    """When an assigned project is to be visited next: `every_days` after the last visit, else after it was
    assigned."""
    return (last or since) + timedelta(days=every_days)
