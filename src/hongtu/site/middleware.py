"""Middleware of the house."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hongtu.kernel.profile.models import district


class DistrictMiddleware:
    """Puts the district of this database on the request, read once when a page first asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from django.utils.functional import SimpleLazyObject

        request.district = SimpleLazyObject(district)  # type: ignore[attr-defined]
        return self.get_response(request)
