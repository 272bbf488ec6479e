"""Writes of places: what was typed is kept, what is used is WGS84."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django.utils.translation import gettext as _

from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base import bulk
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.base.permissions import require
from hongtu.kernel.coordinates import Crs, convert
from hongtu.kernel.places.models import CoordinateSystem, Place

Coordinates = list[Any]
DEPTHS = {"Point": 0, "LineString": 1, "Polygon": 2, "MultiPolygon": 3}


def _converted(coordinates: Coordinates, depth: int, system: str) -> Coordinates:
    if depth == 0:
        return list(convert(float(coordinates[0]), float(coordinates[1]), cast(Crs, system)))
    return [_converted(part, depth - 1, system) for part in coordinates]


def _points(coordinates: Coordinates, depth: int) -> Iterator[Coordinates]:
    if depth == 0:
        yield coordinates
    else:
        for part in coordinates:
            yield from _points(part, depth - 1)


def located(geometry: Mapping[str, Any], system: str) -> dict[str, Any]:
    """The position fields of a Place out of GeoJSON in the given system.

    Raises InvalidInput for another geometry, a malformed one or one outside the globe. The
    representative point is the mean of the vertices.
    """
    try:
        depth = DEPTHS[geometry["type"]]
        original = list(_points(geometry["coordinates"], depth))
        if not original or any(abs(float(x)) > 180 or abs(float(y)) > 90 for x, y, *_rest in original):
            raise ValueError
        converted = _converted(geometry["coordinates"], depth, system)
    except (KeyError, TypeError, ValueError, IndexError):
        text = _("位置看不懂：要点、线或面，经度在 -180 到 180、纬度在 -90 到 90 之间。")
        raise InvalidInput(text, fields={"geometry": [text]}) from None
    points = list(_points(converted, depth))
    return {
        "geometry": {"type": geometry["type"], "coordinates": converted},
        "longitude": sum(p[0] for p in points) / len(points),
        "latitude": sum(p[1] for p in points) / len(points),
        "original": dict(geometry),
        "original_system": system,
    }


@action("places.register")
def register(
    *,
    by: Any,
    name: str,
    geometry: Mapping[str, Any],
    system: str = CoordinateSystem.WGS84,
    kind: str = "",
    address: str = "",
) -> Place:
    """A new place. `geometry` is GeoJSON in `system`. Anyone who may change a record may place it."""
    place = Place.objects.create(
        name=name or _("未命名"), kind=kind, address=address, **located(geometry, system)
    )
    note(place, name=place.name)
    return place


def _position(values: Mapping[str, Any], record: Place | None = None) -> dict[str, Any]:
    """Longitude, latitude and system as a form or workbook gives them, turned into a position."""
    found = dict(values)
    moved = {"longitude", "latitude", "original_system"} & found.keys()
    if not moved and record is not None:
        return found
    system = found.pop("original_system", record.original_system if record else CoordinateSystem.WGS84)
    longitude = found.pop("longitude", record.longitude if record else None)
    latitude = found.pop("latitude", record.latitude if record else None)
    return {**found, **located({"type": "Point", "coordinates": [longitude, latitude]}, system)}


@action("places.register_point")
def register_point(*, by: Any, **values: Any) -> Place:
    """A new place out of the ledger's form: a point."""
    require(by, "places.change")
    place = Place.objects.create(**_position(values))
    note(place, name=place.name)
    return place


@action("places.revise")
def revise(*, by: Any, record: Place, version: int, **changes: Any) -> Place:
    require(by, "places.change", record)
    note(record, fields=sorted(changes))
    return record.revise(version, **_position(changes, record))


@action("places.import_points")
def import_points(
    *,
    by: Any,
    create: Sequence[Mapping[str, Any]],
    update: Sequence[tuple[Place, Mapping[str, Any]]],
    source: Mapping[str, Any],
) -> list[Any]:
    require(by, "places.change")
    keys = bulk.write(
        Place,
        create=[_position(row) for row in create],
        update=[(place, _position(changes, place)) for place, changes in update],
    )
    note(created=len(create), updated=len(update), **source)
    return keys
