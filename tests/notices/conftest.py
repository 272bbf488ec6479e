"""The cast of the spine, who want to hear of things, and a gateway."""

from collections.abc import Callable, Iterator
from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hongtu.adapters import gateways
from hongtu.boards.notices import links
from hongtu.kernel.notices import actions
from hongtu.kernel.notices.models import Delivery, Notice, Preference
from hongtu.kernel.people.models import Person
from tests.kernel.problems.conftest import cast, house, story  # noqa: F401
from tests.notices.gateway import Gateway

AT_ONCE = {"quiet_from": time(0), "quiet_to": time(0), "quiet_rest_days": False}


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    made = Gateway()
    settings.HONGTU_WEBHOOK_HOSTS = [made.host]
    settings.HONGTU_WEBHOOK_SCHEMES = ["http"]
    settings.HONGTU_NOTICE_NETWORK = "host"
    settings.HONGTU_NOTICE_WAIT = 5
    settings.HONGTU_ADDRESS = "https://hongtu.example.gov.cn"
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def robot_of(gateway: Gateway) -> Callable[..., Preference]:
    """`robot_of(person)`: she has a WeCom robot at the gateway and no quiet hours."""

    def make(person: Person, **more: Any) -> Preference:
        values = {"webhook_form": "wecom", "webhook_url": f"http://{gateway.host}/send?key=1", **AT_ONCE}
        return Preference.objects.create(person=person, **{**values, **more})

    return make


@pytest.fixture
def as_(cast: dict[str, Person]) -> Callable[[str], Client]:  # noqa: F811
    """`as_("officer")`: a browser in which she is logged in."""

    def make(part: str) -> Client:
        client = Client()
        client.force_login(cast[part], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


def told(person: Person) -> list[tuple[str, str]]:
    """(kind, title) of what she was told, oldest first."""
    return [(n.kind, n.title) for n in Notice.objects.filter(person=person).order_by("at")]


def send_all() -> dict[str, int]:
    """Work off the outbox as the job does."""
    return dict(actions.drain(gateways.send, gateways.route, links.outside))


def time_passes() -> None:
    """As if every pause and quiet time were over."""
    Delivery.objects.filter(state="waiting").update(due_at=timezone.now())
