"""A small room: its lead, two officers, an administrator outside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hongtu.domains.family_visits import actions
from hongtu.domains.family_visits.models import Official, PostRisk, Visit
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

TEXTS = {
    "greeting": "greeted the family",
    "work": "spoke of the work",
    "needs": "asked what they need",
    "conduct": "spoke of conduct",
    "summary": "read back to them",
}


@dataclass
class Room:
    lead: Person
    officer: Person
    second: Person
    administrator: Person

    def official(self, **more: Any) -> Official:
        risk = more.pop("risk", 1)
        values = {
            "name": "Zhang Secret",
            "unit": "Secret office",
            "post": "Secret post",
            "risk": PostRisk.objects.get(sequence=risk),
            "officer": self.officer,
        }
        return actions.register_official(by=self.lead, **{**values, **more})

    def planned(self, official: Official | None = None, **more: Any) -> Visit:
        values = {"planned_on": today(), "visitor": self.officer, "companion": self.second}
        chosen = official or self.official()
        return actions.plan(by=self.lead, official=chosen, **{**values, **more})

    def held(self, official: Official | None = None, on: date | None = None) -> Visit:
        visit = self.planned(official)
        return actions.hold(
            by=self.officer, visit=visit, version=visit.version, held_on=on or today(), texts=TEXTS
        )


@pytest.fixture(autouse=True)
def _own_key(settings: Any, tmp_path: Path) -> None:
    """Destroying keys here must not touch those of another test's district."""
    settings.HONGTU_CLOSED_KEY = tmp_path / "closed-rooms.key"
    settings.HONGTU_AUDIT_KEY = tmp_path / "audit-key"
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "whitenoise" not in m]


@pytest.fixture
def room(make_person: Callable[..., Person]) -> Room:
    lead = make_person("lead")
    actions.open_room(by=None, lead=lead)
    made = Room(lead, make_person("officer"), make_person("second"), make_person("admin", "administrator"))
    for person in (made.officer, made.second):
        actions.admit(by=lead, person=person, role="discipline_officer")
    return made


@pytest.fixture
def as_() -> Callable[[Person], Client]:
    def make(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make
