"""A topic of the demonstration's community that can be taken to any step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from hongtu.domains.consultation import actions, queries
from hongtu.domains.consultation.models import Estate, Household, Poll, Topic
from hongtu.domains.consultation.vocab import Step
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems.terms import replaying

PARTS = (
    ("interested", "甲"), ("interested", "乙"), ("interested", "丙"), ("representative", "丁"),
    ("committee", "戊"), ("manager", "己"), ("community", "庚"), ("member", "辛"),
)  # fmt: skip
START = date(2025, 4, 25)


class Story:
    """Takes one topic on, step by step, a day at a time; `self.topic` is fresh after each call."""

    def __init__(self, **more: Any) -> None:
        self.worker = Person.objects.get(username="shequ")
        self.officer = Person.objects.get(username="jiedao")
        self.resident = Person.objects.get(username="jumin")
        self.day = START
        values = {
            "name": "小区雨棚更换",
            "description": "雨棚破损漏水",
            "kind": "other",
            "subdistrict": Unit.objects.get(code="360113004"),
            "community": self.worker.unit,
            **more,
        }
        with self.now():
            self.topic = actions.register(by=self.worker, **values)

    def now(self) -> Any:
        return replaying(timezone.make_aware(datetime.combine(self.day, time(10))))

    def do(self, action: Callable[..., Any], *, by: Person | None = None, **given: Any) -> Any:
        with self.now():
            made = action(by=by or self.worker, **given)
        self.topic.refresh_from_db()
        return made

    def of_topic(self, action: Callable[..., Any], *, by: Person | None = None, **given: Any) -> Any:
        return self.do(action, by=by, topic=self.topic, **given)

    def move(self, action: Callable[..., Any], *, by: Person | None = None, **given: Any) -> Any:
        return self.of_topic(action, by=by, version=self.topic.version, **given)

    def to(self, step: Step) -> Story:
        """As far as a step, the usual way."""
        for before, go in (
            (Step.SCREEN, self.screen),
            (Step.INVITE, self.invite),
            (Step.PREPARE, self.prepare),
            (Step.DISCUSS, self.discuss),
            (Step.CONCLUDE, self.conclude),
            (Step.POST, self.post),
            (Step.ASSIGN, self.assign),
        ):
            if self.topic.step == step:
                break
            if self.topic.step == before:
                go()
        assert self.topic.step == step
        return self

    def screen(self) -> None:
        self.move(actions.screen, by=self.officer, verdict="adopt")

    def invite(self) -> None:
        for part, name in PARTS:
            self.of_topic(
                actions.invite, part=part, name=name, reason="代表一方",
                person=self.resident if name == "丁" else None,
            )  # fmt: skip
        self.move(actions.advance)

    def options(self) -> None:
        for name in ("全部更换", "局部修补"):
            self.of_topic(
                actions.add_option, name=name, description="做法", cost=Decimal("3"),
                funds={"common_income": Decimal("3")},
            )  # fmt: skip

    def prepare(self) -> None:
        self.do(actions.revise, record=self.topic, version=self.topic.version, situation="现状")
        self.options()
        self.of_topic(actions.give_notice, held_on=date(2025, 5, 8), place="议事厅", host="主持")
        self.move(actions.advance)

    @property
    def meeting(self) -> Any:
        return queries.meeting_of(self.topic)

    def discuss(self) -> None:
        self.day = date(2025, 5, 8)
        people = list(self.topic.participants.all())
        for seat in people:
            self.do(actions.declare, participant=seat, version=seat.version, interest="none")
        self.do(actions.sign_in, meeting=self.meeting, version=self.meeting.version, present=people)
        self.do(actions.speak, meeting=self.meeting, participant=people[0], kind="fact", text="漏水")
        self.move(actions.advance)

    def vote(self, against: int = 0, **more: Any) -> None:
        for number, seat in enumerate(self.topic.participants.exclude(interest="conflict")):
            choice = "oppose" if number < against else "consent"
            self.do(
                actions.vote, meeting=self.meeting, participant=seat, choice=choice,
                **{"signed": True, **more},
            )  # fmt: skip

    def conclude(self) -> None:
        self.vote()
        self.move(actions.conclude, text="同意全部更换", option=queries.options(self.topic)[0])

    def post(self) -> None:
        self.of_topic(actions.post, text="同意全部更换")
        self.day += timedelta(days=6)
        self.move(actions.advance)

    def assign(self) -> None:
        task = self.do(actions.set_task, conclusion=queries.conclusion(self.topic), **self.whole_task())
        self.do(actions.hand_over, by=self.officer, task=task, version=task.version)
        self.move(actions.advance)

    def whole_task(self) -> dict[str, Any]:
        return {
            "name": "更换雨棚", "approach": "物业采购安装", "unit": self.topic.subdistrict,
            "person": self.officer, "amount": Decimal("3"), "funding": "common_income",
            "due_on": date(2025, 6, 30), "evidence": "完工照片",
        }  # fmt: skip


@pytest.fixture
def story(district: None) -> Story:
    return Story()


def owners_vote(story: Story, rooms: int = 4, consenting: int = 4) -> Poll:
    """A closed vote of a small estate on the first option."""
    poll = story.do(actions.open_poll, option=queries.options(story.topic)[0])
    names = [f"1-{n}" for n in range(rooms)]
    story.do(
        actions.cast,
        poll=poll,
        ballots={"consent": names[:consenting], "oppose": names[consenting:]},
    )
    return story.do(actions.close_poll, poll=poll, version=poll.version)  # type: ignore[no-any-return]


def small_estate(worker: Person, rooms: int = 4) -> Estate:
    street = Unit.objects.get(code="360113004")
    estate = Estate.objects.create(name="测试小区", subdistrict=street, community=worker.unit)
    for number in range(rooms):
        Household.objects.create(estate=estate, room=f"1-{number}", area=100)
    return estate


__all__ = ["START", "Story", "Topic", "owners_vote", "small_estate", "story"]
