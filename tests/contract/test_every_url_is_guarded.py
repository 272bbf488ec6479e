"""An endpoint without a policy fails here: add `@guard(...)` to a view, `guarded(...)` to an operation."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from hongtu.kernel.access.guards import guard
from hongtu.kernel.access.roles import ROLES
from hongtu.site import rooms
from tests.contract.urls import operations, ours, room_views, views

DOMAINS = {permission.split(".")[0] for role in ROLES.values() for permission in role.permissions}
LOG_IN = "account_login"


def test_every_view_says_who_may_call_it() -> None:
    unguarded = [e.route for e in ours() if e.policy is None and e.name != LOG_IN]
    assert unguarded == [], f"views without a policy: {unguarded}"


def test_every_api_operation_says_who_may_call_it() -> None:
    found = list(operations())
    assert len(found) > 10
    assert [e.route for e in found if e.policy is None] == []


def test_every_view_of_a_closed_room_asks_for_a_permission_of_that_room() -> None:
    """Beside the table that only members are served from: two doors, either of which is enough."""
    found = list(room_views())
    assert len(found) > 15
    for endpoint in found:
        room = rooms.ROOMS[endpoint.route.partition("/")[0]].partition(".")[0]
        assert endpoint.policy is not None, endpoint.route
        assert str(endpoint.policy.permission).startswith(f"{room}."), endpoint.route


def test_the_walk_reaches_every_corner() -> None:
    names = {e.name for e in views()}
    assert {"ledger:list", "ledger:import-confirm", "account_login"} <= names


def test_every_fixed_permission_exists() -> None:
    """A misspelt permission would lock everybody out."""
    for endpoint in [*ours(), *operations(), *room_views()]:
        if endpoint.policy and isinstance(endpoint.policy.permission, str) and endpoint.policy.permission:
            assert endpoint.policy.permission.split(".")[0] in DOMAINS, endpoint.route


@pytest.mark.parametrize(
    "bad", [{}, {"permission": "a.read", "login": True}, {"public": True, "login": True}]
)
def test_a_guard_demands_exactly_one_thing(bad: dict) -> None:
    with pytest.raises(TypeError):
        guard(**bad)


@pytest.mark.django_db
def test_a_public_view_needs_no_log_in() -> None:
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    view = guard(public=True)(lambda request: HttpResponse("ok"))
    assert view(request).content == b"ok"
    closed = guard(login=True)(lambda request: HttpResponse("ok"))
    assert closed(request).status_code == 302
