"""The sub-district of the demonstration with all its guides, and the people who write and ask."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from hongtu.boards.assistant import knowledge
from hongtu.domains.matters.models import Guide
from hongtu.kernel.people.models import Person


@pytest.fixture(autouse=True)
def _by_words(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Tests search by words and sound: quick, and the same with or without the model."""
    settings.HONGTU_SENTENCE_MODEL = "off"
    settings.MEDIA_ROOT = tmp_path
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]
    knowledge.forget()
    yield
    knowledge.forget()


@pytest.fixture
def stock(district: None) -> None:
    """163 service matters and 70 approvals, published, with 58 assists; what a test writes is rolled back."""


@pytest.fixture
def talks(stock: None) -> None:
    """58 assists, three questions that wait, a few without answer."""


@pytest.fixture
def editor(stock: None) -> Person:
    return Person.objects.get(username="bianji")


@pytest.fixture
def chief(stock: None) -> Person:
    return Person.objects.get(username="bangban")


@pytest.fixture
def permit(stock: None) -> Guide:
    """The residence permit's guide in force."""
    return Guide.objects.get(matter__code="BB136", state="published")


@pytest.fixture
def visitor() -> Client:
    """Somebody without an account."""
    return Client()


def login(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client
