"""Where things are: a point, a line or a polygon, stored in WGS84 with the original kept."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.models import Versioned, tracked


class CoordinateSystem(models.TextChoices):
    """The systems in which coordinates reach us; all are converted to WGS84 when stored."""

    WGS84 = "wgs84", _("WGS84/CGCS2000")
    GCJ02 = "gcj02", _("GCJ-02（高德、腾讯）")
    BD09 = "bd09", _("BD-09（百度）")


@tracked
class Place(Versioned):
    """A named place. `geometry` is GeoJSON in WGS84 degrees; `original` is what was typed in."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("地点")
        verbose_name_plural = _("地点")
        indexes: ClassVar = [models.Index(fields=["longitude", "latitude"])]

    name = models.CharField(_("名称"), max_length=200)
    kind = models.CharField(_("类别"), max_length=40, blank=True)
    geometry = models.JSONField(_("位置（WGS84）"))
    longitude = models.FloatField(_("经度"))
    latitude = models.FloatField(_("纬度"))
    original = models.JSONField(_("原始坐标"))
    original_system = models.CharField(
        _("原始坐标系"), max_length=8, choices=CoordinateSystem.choices, default=CoordinateSystem.WGS84
    )
    address = models.CharField(_("地址"), max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def point(self) -> tuple[float, float]:
        """Longitude and latitude of its representative point, WGS84 degrees."""
        return (self.longitude, self.latitude)

    @property
    def feature(self) -> dict[str, Any]:
        return {"type": "Feature", "geometry": self.geometry, "properties": {"name": self.name}}
