"""A place in a form: a position typed or drawn, turned into a stored Place when the form's action runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hongtu.kernel.places.models import CoordinateSystem, Place
from hongtu.kernel.profile.models import district
from hongtu.ui.widgets import MapPicker, Position, PositionField

SHOWN = {"Point": "point", "LineString": "line", "Polygon": "area"}


def control(**options: Any) -> PositionField:
    """The form field: a text of corners with a map that fills it, over the district's outline."""
    present = district()
    outline = present.outline if present and present.outline else None
    return PositionField(widget=MapPicker(outline=outline, shapes=True), **options)


def shown(place: Place | None) -> Position | None:
    """A stored place as the control shows it, in WGS84; None for none or a shape the control cannot hold."""
    return None if place is None else drawn(place.geometry)


def drawn(geometry: Mapping[str, Any] | None) -> Position | None:
    """A WGS84 GeoJSON geometry as the control shows it; None for none or a shape the control cannot hold."""
    if geometry is None or geometry["type"] not in SHOWN:
        return None
    kind, coordinates = SHOWN[geometry["type"]], geometry["coordinates"]
    corners = {
        "point": [coordinates],
        "line": coordinates,
        "area": coordinates[0][:-1] if kind == "area" else [],
    }
    return Position(kind, CoordinateSystem.WGS84, tuple((c[0], c[1]) for c in corners[kind]))


@dataclass(frozen=True)
class Located:
    """A GeoJSON geometry in the system it was given in."""

    geometry: Mapping[str, Any]
    system: str


def from_api(value: Mapping[str, Any] | None) -> Located | None:
    """The position of an API request. InvalidInput when the geometry makes no sense."""
    if value is None:
        return None
    from hongtu.kernel.places.actions import located

    system = value.get("system", CoordinateSystem.WGS84)  # a change carries only what was given
    located(value["geometry"], system)
    return Located(value["geometry"], system)


def stored(values: dict[str, Any], *, by: Any, name: str) -> dict[str, Any]:
    """The values with every typed position replaced by a stored Place (an action of its own, same
    transaction as the caller's)."""
    from hongtu.kernel.places import actions

    found = dict(values)
    for key, value in values.items():
        if isinstance(value, Position):
            value = Located(value.geometry(), value.system)
        if isinstance(value, Located):
            found[key] = actions.register(by=by, name=name, geometry=value.geometry, system=value.system)
    return found
