"""WGS84 longitude and latitude to metres on a local plane.

Transverse Mercator about the scene's own centre with scale 1 (Krueger's series in the third flattening to
fourth order, as in Karney, "Transverse Mercator with an accuracy of a few nanometers", J. Geodesy 2011).
Over a district (50 km) the scale differs from 1 by less than 8 parts in a million: metres are metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .errors import fail

Floats = NDArray[np.float64]

_A = 6378137.0
_F = 1 / 298.257223563
_N = _F / (2 - _F)
_RECTIFYING = _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ALPHA = (
    _N / 2 - 2 / 3 * _N**2 + 5 / 16 * _N**3 + 41 / 180 * _N**4,
    13 / 48 * _N**2 - 3 / 5 * _N**3 + 557 / 1440 * _N**4,
    61 / 240 * _N**3 - 103 / 140 * _N**4,
    49561 / 161280 * _N**4,
)
_BETA = (
    _N / 2 - 2 / 3 * _N**2 + 37 / 96 * _N**3 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 / 1440 * _N**4,
    17 / 480 * _N**3 - 37 / 840 * _N**4,
    4397 / 161280 * _N**4,
)
_DELTA = (
    2 * _N - 2 / 3 * _N**2 - 2 * _N**3 + 116 / 45 * _N**4,
    7 / 3 * _N**2 - 8 / 5 * _N**3 - 227 / 45 * _N**4,
    56 / 15 * _N**3 - 136 / 35 * _N**4,
    4279 / 630 * _N**4,
)


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """A local metric plane about a centre in WGS84 degrees; x east, y north, both in metres."""

    longitude: float
    latitude: float

    def __post_init__(self) -> None:
        if not (-180 <= self.longitude <= 180 and -90 < self.latitude < 90):
            raise fail(
                "COORDINATE_OUT_OF_RANGE",
                f"({self.longitude}, {self.latitude}) is not longitude, latitude in degrees",
                "give WGS84 longitude first, latitude second",
            )

    @classmethod
    def around(cls, lonlat: Floats) -> LocalPlane:
        """The plane about the middle of the extent of an (n, 2) array of degrees."""
        low, high = lonlat.min(axis=0), lonlat.max(axis=0)
        return cls(float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)

    def to_metres(self, lonlat: Floats) -> Floats:
        """(n, 2) degrees to (n, 2) metres."""
        origin = _northing_of(self.latitude)
        lam = np.radians(lonlat[:, 0] - self.longitude)
        sin_phi = np.sin(np.radians(lonlat[:, 1]))
        k = 2 * np.sqrt(_N) / (1 + _N)
        t = np.sinh(np.arctanh(sin_phi) - k * np.arctanh(k * sin_phi))
        xi, eta = np.arctan2(t, np.cos(lam)), np.arctanh(np.sin(lam) / np.sqrt(1 + t * t))
        x, y = eta.copy(), xi.copy()
        for j, alpha in enumerate(_ALPHA, start=1):
            x += alpha * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
            y += alpha * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
        return np.column_stack([_RECTIFYING * x, _RECTIFYING * y - origin])

    def to_degrees(self, metres: Floats) -> Floats:
        """(n, 2) metres back to (n, 2) WGS84 degrees."""
        xi = (metres[:, 1] + _northing_of(self.latitude)) / _RECTIFYING
        eta = metres[:, 0] / _RECTIFYING
        xi0, eta0 = xi.copy(), eta.copy()
        for j, beta in enumerate(_BETA, start=1):
            xi0 -= beta * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
            eta0 -= beta * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
        chi = np.arcsin(np.sin(xi0) / np.cosh(eta0))
        phi = chi.copy()
        for j, delta in enumerate(_DELTA, start=1):
            phi += delta * np.sin(2 * j * chi)
        lam = np.arctan2(np.sinh(eta0), np.cos(xi0))
        return np.column_stack([self.longitude + np.degrees(lam), np.degrees(phi)])

    def project(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """Shapely geometries in degrees to metres (None stays None)."""
        return shapely.transform(geometries, self.to_metres)

    def unproject(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """Shapely geometries in metres back to degrees."""
        return shapely.transform(geometries, self.to_degrees)


def _northing_of(latitude: float) -> float:
    sin_phi = np.sin(np.radians(latitude))
    k = 2 * np.sqrt(_N) / (1 + _N)
    xi = np.arctan(np.sinh(np.arctanh(sin_phi) - k * np.arctanh(k * sin_phi)))
    y = xi + sum(alpha * np.sin(2 * j * xi) for j, alpha in enumerate(_ALPHA, start=1))
    return float(_RECTIFYING * y)
