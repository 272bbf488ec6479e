"""Maps as plain data: features in WGS84, the outline of the district, and the table that says the same.

No tile is fetched unless the operator names a tile server (``HONGTU_TILE_URL``): the outline and the
sites alone answer “where”, also without a network. Clustering and drawing are in ``static/ui/map.js``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from hongtu.ui.components import Cell, Column, Row, Table, Text
from hongtu.ui.status import LOOKS, Status, look

COORDINATE_SYSTEMS = (("wgs84", "WGS84"), ("gcj02", "GCJ-02"), ("bd09", "BD-09"))


@dataclass(frozen=True, slots=True)
class Place:
    """Something on the map. ``geometry`` is GeoJSON (Point, LineString, Polygon or Multi…), WGS84."""

    label: Text
    geometry: Mapping[str, Any]
    status: Status = Status.NORMAL
    detail: Text = ""
    url: str = ""
    key: str = ""


def point(longitude: float, latitude: float) -> dict[str, Any]:
    """GeoJSON of a point, degrees WGS84."""
    return {"type": "Point", "coordinates": [longitude, latitude]}


@dataclass(frozen=True)
class MapView:
    """What ``{% map_view %}`` takes. ``outline`` is the GeoJSON geometry or feature of the district."""

    label: Text
    places: Sequence[Place]
    outline: Mapping[str, Any] | None = None
    identifier: str = "map"
    tall: bool = False
    table_url: str = ""
    """Leads to the same places as rows; without it the table is folded under the map."""
    columns: Sequence[Text] = field(default_factory=tuple)
    numbered: bool = False
    """A way from spot to spot: each point shows its ``key``, none is clustered, and they fill the map."""

    def data(self) -> dict[str, Any]:
        """What the script reads: features, outline, looks, and the tile address if there is one."""
        return {
            "features": [
                {
                    "geometry": dict(place.geometry),
                    "label": str(place.label),
                    "status": place.status.value,
                    "detail": str(place.detail),
                    "url": place.url,
                    "key": place.key,
                }
                for place in self.places
            ],
            "outline": dict(self.outline) if self.outline else None,
            "looks": looks(),
            "numbered": self.numbered,
            "tiles": getattr(settings, "HONGTU_TILE_URL", ""),
        }

    def table(self) -> Table:
        """The same places as rows."""
        columns = [
            Column(_("名称"), frozen=True),
            Column(_("状态"), "nowrap"),
            Column(_("经度"), "number"),
            Column(_("纬度"), "number"),
        ]
        rows = []
        for place in self.places:
            longitude, latitude = middle(place.geometry)
            rows.append(
                Row(
                    [
                        Cell(place.label, place.url),
                        Cell(place.detail, status=place.status),
                        f"{longitude:.5f}",
                        f"{latitude:.5f}",
                    ]
                )
            )
        return Table(self.label, columns, rows, identifier=f"{self.identifier}-table")


def looks() -> dict[str, dict[str, str]]:
    """Word, colour and shape of every status, for the scripts."""
    return {
        key.value: {"word": str(look(key).word), "colour": seen.colour, "path": seen.path}
        for key, seen in LOOKS.items()
    }


def middle(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """Mean longitude and latitude of a geometry's corners: good enough to say where it lies."""
    corners = list(_corners(geometry["coordinates"]))
    return (
        sum(x for x, _y in corners) / len(corners),
        sum(y for _x, y in corners) / len(corners),
    )


def _corners(coordinates: Any) -> Any:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
    else:
        for part in coordinates:
            yield from _corners(part)
