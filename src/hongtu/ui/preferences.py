"""Large type: a preference kept in a cookie, so that it works before and after log-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hongtu.ui.context import LARGE_TYPE_COOKIE

ONE_YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Switch large type over and go back to where the visitor was."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    switched_on = request.COOKIES.get(LARGE_TYPE_COOKIE) != "1"
    response.set_cookie(
        LARGE_TYPE_COOKIE,
        "1" if switched_on else "0",
        max_age=ONE_YEAR_SECONDS,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response
