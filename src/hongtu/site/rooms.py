"""Closed rooms: a URL table that only their members are served from.

For everybody else the addresses of a closed room are not refused but do not exist: the request is resolved
by the ordinary table (`ClosedRoomsMiddleware`), so that redirects, methods, CSRF checks and the page of a
missing address are those of any address that never was.
"""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path, reverse

from hongtu.kernel.access.policies import can
from hongtu.site import urls

ROOMS = {"family-visits": "family_visits.read"}
"""First part of the address -> what opens it."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("family-visits/", include("hongtu.domains.family_visits.urls")),
    *urls.urlpatterns,
]


def opens(person: Any, path_info: str) -> bool:
    """Whether the address lies in a closed room that this person may enter."""
    permission = ROOMS.get(path_info.lstrip("/").partition("/")[0])
    return permission is not None and can(person, permission)


def address(name: str) -> str:
    """The address of a closed room's page, for the few places outside that lead its members there."""
    return reverse(name, urlconf=__name__)
