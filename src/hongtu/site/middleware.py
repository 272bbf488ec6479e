"""Middleware of the house."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from hongtu.kernel.profile.models import district

REPLACEMENT = "\ufffd"


class NulMiddleware:
    """PostgreSQL text cannot hold the character NUL, so nothing is called what an address with it asks for;
    handed on, it would be an error of the database. It becomes U+FFFD, which is found nowhere.
    Forms and the API's bodies refuse it by themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = str(request.META.get("QUERY_STRING", ""))
        if "%00" in query or "\0" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "%EF%BF%BD").replace("\0", "%EF%BF%BD")
        if "\0" in request.path_info:
            request.path_info = request.path_info.replace("\0", REPLACEMENT)
            request.path = request.path.replace("\0", REPLACEMENT)
        return self.get_response(request)


class DistrictMiddleware:
    """Puts the district of this database on the request, read once when a page first asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from django.utils.functional import SimpleLazyObject

        request.district = SimpleLazyObject(district)  # type: ignore[attr-defined]
        return self.get_response(request)


class LanguageMiddleware:
    """Chinese first: the language is what the visitor chose here, not what her browser was built for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ClosedRoomsMiddleware:
    """Members of a closed room are served from a URL table that has it; for all others it does not exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from hongtu.site import rooms

        if rooms.opens(request.user, request.path_info):
            request.urlconf = rooms.__name__
        return self.get_response(request)
