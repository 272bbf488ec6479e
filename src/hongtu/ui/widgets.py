"""Form controls of our own: a position on the map."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hongtu.ui.maps import COORDINATE_SYSTEMS, looks

KINDS = (("point", _("点")), ("line", _("线")), ("area", _("面")))
FEWEST = {"point": 1, "line": 2, "area": 3}


@dataclass(frozen=True, slots=True)
class Position:
    """What was typed or drawn: corners as (longitude, latitude) in the system named, not yet converted."""

    kind: str
    system: str
    corners: tuple[tuple[float, float], ...]

    def geometry(self) -> dict[str, Any]:
        """GeoJSON in the same coordinate system."""
        corners = [list(corner) for corner in self.corners]
        if self.kind == "point":
            return {"type": "Point", "coordinates": corners[0]}
        if self.kind == "line":
            return {"type": "LineString", "coordinates": corners}
        return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}

    def __str__(self) -> str:
        return "; ".join(f"{x:.6f},{y:.6f}" for x, y in self.corners)


class MapPicker(forms.TextInput):
    """A text field of corners with a map that fills it. Needs the ``map`` scripts on the page."""

    template_name = "ui/parts/map_picker.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        outline: Mapping[str, Any] | None = None,
        shapes: bool = False,
    ) -> None:
        super().__init__(attrs)
        self.outline = outline
        self.shapes = shapes

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The three controls as one value."""
        return (
            data.get(f"{name}-kind", "point"),
            data.get(f"{name}-system", "wgs84"),
            data.get(name, ""),
        )

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the form did not carry the field at all."""
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the choices and the data of the map."""
        kind, system, text = "point", "wgs84", ""
        if isinstance(value, Position):
            kind, system, text = value.kind, value.system, str(value)
        elif isinstance(value, tuple):
            kind, system, text = value
        context = super().get_context(name, text, attrs)
        context["widget"].update(
            kinds=KINDS if self.shapes else (),
            kind=kind,
            systems=COORDINATE_SYSTEMS,
            system=system,
            data_id=f"{context['widget']['attrs'].get('id', name)}-map",
            data={
                "outline": self.outline,
                "looks": looks(),
                "tiles": getattr(settings, "HONGTU_TILE_URL", ""),
            },
        )
        return context


class PositionField(forms.Field):
    """A position; cleans to :class:`Position` or ``None``."""

    widget = MapPicker
    default_error_messages = {  # noqa: RUF012 - Django's own name and shape
        "corners": _("第 %(number)d 个坐标“%(text)s”看不懂，请写成“经度,纬度”，例如 115.858197,28.682892"),
        "range": _("第 %(number)d 个坐标“%(text)s”不在经度-180至180、纬度-90至90之内，是否写反了"),
        "few": _("线至少要两个点，面至少要三个点"),
        "choice": _("坐标系或形状不在可选之列"),
    }

    def to_python(self, value: Any) -> Position | None:
        """Parse the three controls."""
        if value is None or isinstance(value, Position):
            return value
        kind, system, text = value
        if not text.strip():
            return None
        if kind not in FEWEST or system not in dict(COORDINATE_SYSTEMS):
            raise ValidationError(self.error_messages["choice"], code="choice")
        corners = tuple(
            self._corner(number, pair.strip())
            for number, pair in enumerate(filter(str.strip, re.split(r"[;；\n]+", text)), start=1)
        )
        if len(corners) < FEWEST[kind]:
            raise ValidationError(self.error_messages["few"], code="few")
        return Position(kind, system, corners if kind != "point" else corners[:1])

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was shown with what came back."""
        try:
            return str(self.to_python(data) or "") != str(initial or "")
        except ValidationError:
            return True

    def _corner(self, number: int, text: str) -> tuple[float, float]:
        given = {"number": number, "text": text}
        try:
            longitude, latitude = (float(part) for part in re.split(r"[,，\s]+", text))
        except ValueError:
            raise ValidationError(self.error_messages["corners"], code="corners", params=given) from None
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValidationError(self.error_messages["range"], code="range", params=given)
        return longitude, latitude
