"""A place in a form: a position typed or drawn, turned into a stored Place when the form's action runs."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from hongtu.kernel.places.models import CoordinateSystem, Place
from hongtu.kernel.profile.models import district
from hongtu.ui.widgets import MapPicker, Position, PositionField

_KINDS = {"Point": "point", "LineString": "line", "Polygon": "area"}


def control(**options: Any) -> PositionField:
    """The form field: a text of corners with a map that fills it, over the district's outline."""
    present = district()
    outline = present.outline if present and present.outline else None
    return PositionField(widget=MapPicker(outline=outline, shapes=True), **options)


def shown(place: Place | None) -> Position | None:
    """A stored place as the control shows it, in WGS84; None for none or a shape the control cannot hold."""
    if place is None or place.geometry["type"] not in _KINDS:
        return None
    kind = _KINDS[place.geometry["type"]]
    coordinates = place.geometry["coordinates"]
    corners = {
        "point": [coordinates],
        "line": coordinates,
        "area": coordinates[0][:-1] if kind == "area" else [],
    }
    return Position(kind, CoordinateSystem.WGS84, tuple((c[0], c[1]) for c in corners[kind]))


def stored(values: dict[str, Any], *, by: Any, name: str, record: Model | None = None) -> dict[str, Any]:
    """The values with every typed position replaced by a stored Place (an action of its own, same
    transaction as the caller's)."""
    from hongtu.kernel.places import actions

    found = dict(values)
    for key, value in values.items():
        if isinstance(value, Position):
            found[key] = actions.register(by=by, name=name, geometry=value.geometry(), system=value.system)
    return found
