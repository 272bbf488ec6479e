"""How often one address may do what needs no account: `@limited("assistant.ask", "30/minute 300/hour")`.

Counted in the database, so that several processes share the count. Windows are fixed: an address may spend
what is left of one window and the whole next one together. Logged-in people are counted by person, everybody
else by a keyed hash of the address (IPv6 by its /64), which is forgotten after two days.
"""

import functools
import hashlib
import hmac
import ipaddress
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.kernel.base.errors import HongtuError
from hongtu.kernel.people.models import Person

SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
FORGET_AFTER = 2 * 86_400
_RATE = re.compile(r"(\d+)/(second|minute|hour|day)")
_COUNT = """
    INSERT INTO access_ratecount (scope, source, starts, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (scope, source, starts) DO UPDATE SET count = access_ratecount.count + 1 RETURNING count
"""
View = Callable[..., HttpResponseBase]


class TooManyRequests(HongtuError):
    """Answered with 429. `retry_after`: seconds until the window ends."""

    code = "access.too_many_requests"

    def __init__(self, message: str, *, retry_after: int, code: str | None = None) -> None:
        super().__init__(message, code=code, retry_after=retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Rate:
    """At most `count` within each window of `seconds`."""

    count: int
    seconds: int


def rates(text: str) -> tuple[Rate, ...]:
    """`"30/minute 300/hour"` as rates. Raises ValueError for anything else."""
    parts = text.split()
    found = [_RATE.fullmatch(part) for part in parts]
    if not parts or not all(found):
        raise ValueError(f"a limit reads like “30/minute 300/hour”, not {text!r}")
    return tuple(Rate(int(m[1]), SECONDS[m[2]]) for m in found if m)


def source_of(request: HttpRequest) -> str:
    """Who is counted: the person, or a keyed hash of the address."""
    user = getattr(request, "user", None)
    if isinstance(user, Person):
        return f"person {user.pk}"
    return hashed(request.META.get("REMOTE_ADDR", ""))


def hashed(address: str) -> str:
    """A keyed hash of an address: enough to count, not enough to know."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        network = address
    else:
        length = 64 if found.version == 6 else 32
        network = str(ipaddress.ip_network(f"{found}/{length}", strict=False))
    return hmac.new(settings.SECRET_KEY.encode(), network.encode(), hashlib.sha256).hexdigest()


def spend(scope: str, source: str, allowed: Sequence[Rate]) -> None:
    """Count one request. Raises TooManyRequests when it is beyond any of the rates."""
    now = timezone.now().timestamp()
    for rate in allowed:
        starts = math.floor(now / rate.seconds) * rate.seconds
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [f"{scope}/{rate.seconds}", source, starts])
            count = cursor.fetchone()[0]
            if count == 1:  # a new window now and then clears what is long past
                cursor.execute("DELETE FROM access_ratecount WHERE starts < %s", [now - FORGET_AFTER])
        if count > rate.count:
            retry = max(1, math.ceil(starts + rate.seconds - now))
            text = _("请求太频繁了，请%(seconds)d秒后再试，或拨打12345。") % {"seconds": retry}
            raise TooManyRequests(text, retry_after=retry)


def spend_by_rule(scope: str, address: str, rule: Mapping[str, int], text: str, code: str) -> None:
    """Count a resident's submission under the editable rule of her address: `per_hour` and `per_day`.

    Raises TooManyRequests with the given words and code.
    """
    allowed = (Rate(int(rule["per_hour"]), 3_600), Rate(int(rule["per_day"]), 86_400))
    try:
        spend(scope, hashed(address), allowed)
    except TooManyRequests as refusal:
        raise TooManyRequests(text, retry_after=refusal.retry_after, code=code) from refusal


def spend_for(request: HttpRequest, scope: str, usual: str) -> None:
    """Count a request under the rates in force: HONGTU_RATE_LIMITS names them, else the usual ones."""
    spend(scope, source_of(request), rates(settings.HONGTU_RATE_LIMITS.get(scope, usual)))


def limited(
    scope: str, usual: str, methods: Sequence[str] = ("GET", "HEAD", "POST")
) -> Callable[[View], View]:
    """Decorator of a public view, inside `@guard`: 429 with a code and Retry-After beyond the rates."""
    rates(usual)

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method in methods:
                try:
                    spend_for(request, scope, usual)
                except TooManyRequests as refusal:
                    return refused(request, refusal)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def refused(request: HttpRequest, refusal: TooManyRequests) -> HttpResponseBase:
    """429 as a page for browsers that ask for one, as JSON for everybody else."""
    response: HttpResponseBase
    if "text/html" in request.headers.get("Accept", "") and "HX-Request" not in request.headers:
        response = render(request, "429.html", {"refusal": refusal}, status=429)
    else:
        response = JsonResponse(refusal.as_dict(), status=429)
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response
