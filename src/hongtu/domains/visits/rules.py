"""Route of a day and due dates of assigned projects; plain Python."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import asin, ceil, cos, radians, sin, sqrt

EARTH_KM = 6371.0088
Point = tuple[float, float]


def distance(a: Point, b: Point) -> float:
    """Great-circle distance in km between two (longitude, latitude) in degrees (haversine formula)."""
    (lon1, lat1), (lon2, lat2) = ((radians(x), radians(y)) for x, y in (a, b))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


@dataclass(frozen=True)
class Stop:
    """A spot of a day. point: (longitude, latitude) in degrees; stay: minutes; opens, closes: between which
    minutes of the day she may arrive, None without an appointment."""

    point: Point
    stay: int = 40
    opens: int | None = None
    closes: int | None = None


@dataclass(frozen=True)
class Pace:
    """How a day goes: begins at a minute of the day; roads are `detour` times the straight line; km/h."""

    begins: int = 9 * 60
    speed: float = 25.0
    detour: float = 1.35

    def minutes(self, a: Point, b: Point) -> int:
        """Whole minutes on the road, rounded up."""
        return ceil(distance(a, b) * self.detour / self.speed * 60)


@dataclass(frozen=True)
class Way:
    """An order of the stops (indices) with the minute of arrival at each; late: minutes past appointments,
    summed; kilometres: straight lines, the day ending at the last stop."""

    order: tuple[int, ...]
    arrivals: tuple[int, ...]
    late: int
    kilometres: float


def timetable(stops: Sequence[Stop], order: Sequence[int], pace: Pace, start: Point | None = None) -> Way:
    """When she arrives where in a given order; too early means waiting until the spot opens."""
    clock, here, late, arrivals, km = pace.begins, start, 0, [], 0.0
    for index in order:
        stop = stops[index]
        if here is not None:
            clock += pace.minutes(here, stop.point)
            km += distance(here, stop.point)
        clock = max(clock, stop.opens if stop.opens is not None else clock)
        late += max(0, clock - stop.closes) if stop.closes is not None else 0
        arrivals.append(clock)
        clock, here = clock + stop.stay, stop.point
    return Way(tuple(order), tuple(arrivals), late, km)


def route(stops: Sequence[Stop], pace: Pace, start: Point | None = None) -> Way:
    """The best order: fewest minutes late for appointments, then the shortest way, then the earliest end.

    Exact up to EXACT stops: for every set of stops and last one of them the labels (late, kilometres, clock)
    that no other beats in all three (Held and Karp 1962, with time windows). Beyond that several beginnings,
    improved by turning and moving. Straight lines stand for roads. Without `start` the day may begin at any
    stop.
    """
    if len(stops) > EXACT:
        return _improved(stops, pace, start)
    return timetable(stops, _exact(stops, pace, start), pace, start)


EXACT = 10
Label = tuple[int, float, int, tuple[int, ...]]
"""Minutes late, kilometres, minute at which she leaves, stops so far."""


def _exact(stops: Sequence[Stop], pace: Pace, start: Point | None) -> tuple[int, ...]:
    if not stops:
        return ()
    km = [[distance(a.point, b.point) for b in stops] for a in stops]
    road = [[pace.minutes(a.point, b.point) for b in stops] for a in stops]
    best: dict[tuple[int, int], list[Label]] = {}
    for first, stop in enumerate(stops):
        way = timetable(stops, (first,), pace, start)
        best[1 << first, first] = [(way.late, way.kilometres, way.arrivals[0] + stop.stay, (first,))]
    for visited in range(1, 1 << len(stops)):
        for last in range(len(stops)):
            for label in best.get((visited, last), ()):
                for following in range(len(stops)):
                    if not visited >> following & 1:
                        key = visited | 1 << following, following
                        longer = _longer(label, stops[following], km[last][following], road[last][following])
                        _keep(best.setdefault(key, []), (*longer, (*label[3], following)))
    whole = (1 << len(stops)) - 1
    return min(label for last in range(len(stops)) for label in best[whole, last])[3]


def _longer(label: Label, stop: Stop, km: float, road: int) -> tuple[int, float, int]:
    arrival = label[2] + road
    if stop.opens is not None:
        arrival = max(arrival, stop.opens)
    late = max(0, arrival - stop.closes) if stop.closes is not None else 0
    return label[0] + late, label[1] + km, arrival + stop.stay


def _keep(labels: list[Label], new: Label) -> None:
    """Add a label unless another is at least as good in all three; drop those it beats."""
    if any(all(a <= b for a, b in zip(old[:3], new[:3], strict=True)) for old in labels):
        return
    labels[:] = [old for old in labels if any(a < b for a, b in zip(old[:3], new[:3], strict=True))]
    labels.append(new)


def _improved(stops: Sequence[Stop], pace: Pace, start: Point | None) -> Way:
    """The best of several beginnings, each turned and moved about until nothing makes it better: by
    appointment, and nearest neighbour from every stop."""
    points = [stop.point for stop in stops]
    by_time = sorted(range(len(stops)), key=lambda i: (stops[i].closes or 24 * 60, stops[i].opens or 0))
    orders = [by_time, *(_nearest(points, start, first) for first in range(len(points)))]
    return min((_moved(stops, timetable(stops, o, pace, start), pace, start) for o in orders), key=_cost)


def _cost(way: Way) -> tuple[int, float, int]:
    return way.late, round(way.kilometres, 9), way.arrivals[-1] if way.arrivals else 0


def _nearest(points: Sequence[Point], start: Point | None, first: int | None) -> list[int]:
    way = [] if first is None else [first]
    left = set(range(len(points))) - set(way)
    here = points[first] if first is not None else start or points[0]
    while left:
        closest = min(sorted(left), key=lambda i: distance(here, points[i]))
        way.append(closest)
        left.remove(closest)
        here = points[closest]
    return way


def _moved(stops: Sequence[Stop], best: Way, pace: Pace, start: Point | None) -> Way:
    """Turn stretches around (2-opt) and move single stops as long as that makes the way better."""
    improved = True
    while improved:
        improved = False
        for order in _neighbours(best.order):
            other = timetable(stops, order, pace, start)
            if _cost(other) < _cost(best):
                best, improved = other, True
                break
    return best


def _neighbours(order: tuple[int, ...]) -> Iterator[list[int]]:
    for i in range(len(order) - 1):
        for j in range(i + 1, len(order)):
            yield [*order[:i], *order[i : j + 1][::-1], *order[j + 1 :]]
    for i, stop in enumerate(order):
        rest = [*order[:i], *order[i + 1 :]]
        for j in range(len(order)):
            if j != i:
                yield [*rest[:j], stop, *rest[j:]]


def due_on(since: date, last: date | None, every_days: int) -> date:
    """When an assigned project is to be visited next: `every_days` after the last visit, else after it was
    assigned."""
    return (last or since) + timedelta(days=every_days)
