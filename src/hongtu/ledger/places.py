"""Typing in a place: longitude, latitude and the system they are in; stored by the places actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.places.models import CoordinateSystem, Place


@dataclass(frozen=True)
class PlaceDraft:
    """A position as typed; becomes a Place when the form's action runs."""

    longitude: float
    latitude: float
    system: str


class PlaceWidget(forms.MultiWidget):
    """Three controls; a map picker enhances them where scripts run."""

    template_name = "ledger/widgets/place.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"step": "any", "inputmode": "decimal"}
        super().__init__(
            {
                "longitude": forms.NumberInput({**number, "aria-label": _("经度")}),
                "latitude": forms.NumberInput({**number, "aria-label": _("纬度")}),
                "system": forms.Select({"aria-label": _("坐标系")}, choices=CoordinateSystem.choices),
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, int):
            value = Place.objects.filter(pk=value).first()
        if isinstance(value, PlaceDraft):
            return [value.longitude, value.latitude, value.system]
        if isinstance(value, Place):
            return [value.longitude, value.latitude, CoordinateSystem.WGS84]
        return [None, None, CoordinateSystem.WGS84]


class PlaceField(forms.MultiValueField):
    """Gives None, or a PlaceDraft."""

    widget = PlaceWidget

    def __init__(self, **options: Any) -> None:
        required = options.pop("required", False)
        number = {"required": False}
        super().__init__(
            fields=(
                forms.FloatField(min_value=-180, max_value=180, **number),
                forms.FloatField(min_value=-90, max_value=90, **number),
                forms.ChoiceField(choices=CoordinateSystem.choices, required=False),
            ),
            require_all_fields=False,
            required=required,
            **options,
        )

    def compress(self, data_list: list[Any]) -> PlaceDraft | None:
        longitude, latitude, system = data_list or (None, None, "")
        if longitude is None and latitude is None:
            return None
        if longitude is None or latitude is None:
            raise ValidationError(_("经度和纬度要一起填。"), code="incomplete")
        return PlaceDraft(longitude, latitude, system or CoordinateSystem.WGS84)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if not isinstance(initial, list | tuple):
            initial = self.widget.decompress(initial)
        return [str(v or "") for v in initial[:2]] != [str(v or "") for v in (data or ["", ""])[:2]]


def stored(values: dict[str, Any], *, by: Any, name: str, record: Model | None = None) -> dict[str, Any]:
    """The values with every draft replaced by a stored Place (an action of its own, same transaction)."""
    from hongtu.kernel.places import actions

    found = dict(values)
    for key, value in values.items():
        if isinstance(value, PlaceDraft):
            found[key] = actions.register(
                by=by,
                name=name,
                geometry={"type": "Point", "coordinates": [value.longitude, value.latitude]},
                system=value.system,
            )
    return found
