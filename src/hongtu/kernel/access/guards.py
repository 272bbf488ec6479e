"""`@guard`: every view says who may call it, and a test walks the URL table to see that it did.

The guard answers for the door (logged in, holds the permission somewhere); which rows are behind
it is answered by `policies.objects/get/require` inside.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from hongtu.kernel.access import policies
from hongtu.kernel.base.errors import NotAllowed
from hongtu.kernel.people.models import Person

View = Callable[..., HttpResponseBase]


class PersonRequest(HttpRequest):
    """A request behind a guard that demands a log-in: its user is a person."""

    user: Person


Permission = str | Callable[..., str]


@dataclass(frozen=True)
class Guard:
    """What a view demands: nothing (`public`), a log-in, or a permission (fixed, or worked out of the
    URL's arguments)."""

    permission: Permission = ""
    public: bool = False

    def permission_for(self, **kwargs: Any) -> str:
        return self.permission(**kwargs) if callable(self.permission) else self.permission


def guard(
    permission: Permission = "", *, public: bool = False, login: bool = False
) -> Callable[[View], View]:
    """Decorator of a view: `@guard("projects.read")`, `@guard(login=True)` or `@guard(public=True)`.

    Not logged in: the log-in page, which leads back. Without the permission: 403 with the reason.
    """
    if sum((bool(permission), public, login)) != 1:
        raise TypeError("guard() takes exactly one of a permission, public=True, login=True")
    policy = Guard(permission, public)

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if policy.public:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            needed = policy.permission_for(**kwargs)
            if needed and not policies.can(request.user, needed):
                raise PermissionDenied(_("您没有执行该操作的权限。"))
            try:
                return view(request, *args, **kwargs)
            except NotAllowed as refusal:
                raise PermissionDenied(refusal.message) from refusal

        guarded.policy = policy  # type: ignore[attr-defined]
        return guarded

    return decorate
