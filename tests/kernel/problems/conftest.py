"""The cast of the spine: a district with rules, a desk, two offices, people with parts to play."""

import io
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems import actions
from hongtu.kernel.problems.actions import Counted, Outcome
from hongtu.kernel.problems.evidence import Photo, clean
from hongtu.kernel.problems.models import Problem
from tests.kernel.problems.world import make_cast, make_house


@pytest.fixture
def house(unit: Unit, settings: Any, tmp_path: Any) -> dict[str, Unit]:
    """A district with its rules, a sub-district and two offices; files go to a temporary folder."""
    settings.MEDIA_ROOT = tmp_path
    return make_house(unit)


@pytest.fixture
def cast(house: dict[str, Unit]) -> dict[str, Person]:
    return make_cast(house)


def photo(colour: str = "red", size: tuple[int, int] = (64, 48)) -> Photo:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    file.seek(0)
    return clean(file)


DONE = Outcome(
    "清理假山，改建车位", (Counted("parking_spaces", "停车位", Decimal(55), "个"),), Decimal("32.5")
)


class Story:
    """Shortens the telling: each call makes one move with the fresh row."""

    def __init__(self, house: dict[str, Unit], cast: dict[str, Person]) -> None:
        self.house, self.cast, self.links = house, cast, {}

    def report(self, title: str = "没有停车位", **more: Any) -> Problem:
        made = actions.report(by=None, source="web", title=title, subdistrict=self.house["street"], **more)
        self.links[made.problem.pk] = made.link
        return made.problem

    def to(self, move: str, problem: Problem, by: str | None = None, **more: Any) -> Problem:
        problem.refresh_from_db()
        person = self.cast[by] if by else None
        return getattr(actions, move)(by=person, problem=problem, version=problem.version, **more)

    def assigned(self, title: str = "没有停车位", **more: Any) -> Problem:
        problem = self.report(title, **more)
        self.to("triage", problem, "desk")
        return self.to("assign", problem, "desk", unit=self.house["housing"])

    def working(self, title: str = "没有停车位", **more: Any) -> Problem:
        problem = self.assigned(title, **more)
        self.to("sign", problem, "officer")
        return self.to("state_measures", problem, "officer", measures="先清理假山再划线")

    def closing(self, title: str = "没有停车位", **more: Any) -> Problem:
        return self.to("ask_to_close", self.working(title, **more), "officer", outcome=DONE, photos=[photo()])

    def answering(self, title: str = "没有停车位", **more: Any) -> Problem:
        return self.to("verify", self.closing(title, **more), "desk")

    def solved(self, title: str = "没有停车位", **more: Any) -> Problem:
        problem = self.answering(title, **more)
        for following in problem.followings.filter(active=True):
            actions.answer(by=None, following=following, verdict="confirmed", satisfaction="satisfied")
        problem.refresh_from_db()
        return problem


@pytest.fixture
def story(house: dict[str, Unit], cast: dict[str, Person]) -> Story:
    return Story(house, cast)
