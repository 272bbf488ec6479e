"""The ledgers' cast: people with roles, and a client logged in as one of them."""

from collections.abc import Callable

import pytest
from django.test import Client

from hongtu.kernel.people.models import Person, Unit


@pytest.fixture
def centre(unit: Unit, make_person: Callable[..., Person]) -> Person:
    """Wang of the promotion centre: reads and changes everything."""
    return make_person("wang", "promotion_centre")


@pytest.fixture
def helper(unit: Unit, make_person: Callable[..., Person]) -> Person:
    """Chen of a sub-district: reads."""
    return make_person("chen", "subdistrict_helper")


@pytest.fixture
def client_of() -> Callable[[Person], Client]:
    def make(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make
