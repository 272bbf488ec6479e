"""Demonstration consultations: the three the newspaper tells of, linked to the results that exist already;
and some
under way, one at nearly every step. Written through actions, deterministic; all but the public facts is
示例."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from hongtu.domains.consultation import actions, queries
from hongtu.domains.consultation.demo.cast import ACCOUNTS, Cast, estate, make_cast
from hongtu.domains.consultation.demo.running import running
from hongtu.domains.consultation.demo.texts import SEATS, STORIES, Story
from hongtu.domains.consultation.models import Household, Meeting, Participant, Poll, Topic
from hongtu.kernel.access.policies import assignments
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.terms import replaying

__all__ = ["ACCOUNTS", "STORIES", "load"]
Document = Callable[[Topic], bytes]


def load(*, by: Person | None, problems: Mapping[str, Problem], document: Document) -> None:
    """Write everything. problems: measure of a result -> the problem it belongs to. document: makes the
    archive."""
    cast = make_cast(by=by)
    assert assignments(cast.worker) and assignments(cast.officer)
    for story in STORIES:
        _Teller(story, cast, problems[story.measure], document).tell()
    running(cast)


class _Teller:
    """Tells one consultation, day by day, from 42 days before its task was handed over."""

    def __init__(self, story: Story, cast: Cast, problem: Problem, document: Document) -> None:
        self.story, self.cast, self.problem, self.document = story, cast, problem, document
        self.topic: Topic

    def on(self, days: int, hour: int = 15) -> Any:
        """Within it, it is `days` after the day on which the task was handed over."""
        day = self.story.assigned + timedelta(days=days)
        return replaying(timezone.make_aware(datetime.combine(day, time(hour))))

    def day(self, days: int) -> date:
        return self.story.assigned + timedelta(days=days)

    def advance(self) -> None:
        self.topic.refresh_from_db()
        actions.advance(by=self.cast.worker, topic=self.topic, version=self.topic.version)

    def tell(self) -> None:
        self._propose()
        self._prepare()
        meeting = self._discuss()
        self._conclude(meeting)
        self._post()
        self._carry_out()
        self._close()

    def _propose(self) -> None:
        story, cast = self.story, self.cast
        place = {"subdistrict": cast.street, "community": cast.community}
        with self.on(-45):
            where = estate(cast, *story.estate)
            proposals = [
                actions.proposals.create(
                    by=cast.worker, name=name, source=source, proposer="示例", kind=story.kind, estate=where,
                    made_on=self.day(-50 + number), demonstration=True, **place,
                )
                for number, (source, name) in enumerate(story.proposals)
            ]  # fmt: skip
        with self.on(-42):
            self.topic = actions.register(
                by=cast.worker, name=story.name, description=story.description, kind=story.kind,
                common_matter=story.common_matter, estate=where, convener=cast.worker,
                demonstration=True, **place,
            )  # fmt: skip
            actions.merge_proposals(by=cast.worker, topic=self.topic, proposals=proposals)
        with self.on(-39):
            actions.screen(
                by=cast.officer, topic=self.topic, version=self.topic.version, verdict="adopt",
                reason="涉及多数居民的共同利益，职责不在单一部门",
            )  # fmt: skip

    def _prepare(self) -> None:
        story, cast, topic = self.story, self.cast, self.topic
        units = {u.code: u for u in Unit.objects.filter(code__in={code for _p, _n, code in SEATS})}
        with self.on(-38):
            for part, name, code in SEATS:
                actions.invite(
                    by=cast.worker, topic=topic, name=name, part=part, unit=units.get(code),
                    person=cast.resident if name == cast.resident.name else None,
                    reason="熟悉情况，能代表一方意见",
                )  # fmt: skip
            self.advance()
        with self.on(-33):
            actions.revise(by=cast.worker, record=topic, version=topic.version, situation=story.situation)
            for name, done, cost, funds in story.offers:
                actions.add_option(
                    by=cast.worker, topic=topic, name=name, description=done, cost=Decimal(cost),
                    funds={source: Decimal(amount) for source, amount in funds},
                )  # fmt: skip
            actions.give_notice(
                by=cast.worker, topic=topic, held_on=self.day(-25), place="社区议事厅（示例）",
                host="示例·社区书记", recorder=cast.worker,
            )  # fmt: skip
        with self.on(-26):
            for seat in topic.participants.all():
                conflict = seat.part == "manager"
                actions.declare(
                    by=cast.worker, participant=seat, version=seat.version,
                    interest="conflict" if conflict else "none",
                    text="物业公司的关联企业参加施工报价" if conflict else "",
                )  # fmt: skip
            self.advance()

    def _discuss(self) -> Meeting:
        story, cast, topic = self.story, self.cast, self.topic
        seats = list(topic.participants.all())
        named: dict[str, Participant] = {seat.name: seat for seat in seats}
        meeting = queries.meeting_of(topic)
        assert meeting is not None
        with self.on(-25):
            actions.sign_in(by=cast.worker, meeting=meeting, version=meeting.version, present=seats)
            speakers = ("示例·检测工程师", "示例·社区书记", "示例·居民一", "示例·居民代表")
            said = [("fact", text) for text in story.facts] + [("opinion", t) for t in story.opinions]
            for name, (kind, text) in zip(speakers, said, strict=True):
                actions.speak(by=cast.worker, meeting=meeting, participant=named[name], kind=kind, text=text)
            actions.speak(
                by=cast.worker, meeting=meeting, participant=named["示例·居民四"], kind="opinion",
                text=story.minority, minority=True,
            )  # fmt: skip
            actions.note_differences(
                by=cast.worker, meeting=meeting, version=meeting.version, differences=story.differences
            )
            self.advance()
        return meeting

    def _conclude(self, meeting: Meeting) -> None:
        story, cast, topic = self.story, self.cast, self.topic
        option = queries.options(topic)[0]
        with self.on(-25, 17):
            poll = actions.open_poll(by=cast.worker, option=option)
        with self.on(-18):
            _ballots(cast, poll)
            for seat in topic.participants.exclude(interest="conflict"):
                actions.vote(
                    by=cast.worker, meeting=meeting, participant=seat, signed=True,
                    choice="oppose" if seat.name == "示例·居民四" else "consent",
                )  # fmt: skip
            actions.conclude(
                by=cast.worker, topic=topic, version=topic.version, text=story.conclusion, option=option
            )

    def _post(self) -> None:
        story, cast, topic = self.story, self.cast, self.topic
        with self.on(-18, 17):
            posting = actions.post(by=cast.worker, topic=topic, text=story.conclusion, until=self.day(-11))
        for text, answer in story.objections:
            with self.on(-15):
                made = actions.make_objection(by=None, posting=posting, address="示例", text=text)
            with self.on(-13):
                actions.answer_objection(by=cast.worker, objection=made, version=made.version, answer=answer)
        with self.on(-10):
            self.advance()

    def _carry_out(self) -> None:
        story, cast, topic = self.story, self.cast, self.topic
        name, approach, amount, funding, evidence = story.task
        with self.on(0):
            task = actions.set_task(
                by=cast.worker, conclusion=topic.conclusions.get(), name=name, approach=approach, unit=cast.street, person=cast.officer,
                amount=Decimal(amount), funding=funding, due_on=self.day(30), evidence=evidence,
            )  # fmt: skip
            actions.adopt_problem(by=cast.officer, task=task, version=task.version, problem=self.problem)
            self.advance()
        with self.on(8):
            actions.inspect(by=cast.worker, task=task, supervisor="示例·政协委员", finding=story.finding)

    def _close(self) -> None:
        cast, topic = self.cast, self.topic
        with self.on(32):
            self.advance()
            for number, seat in enumerate(topic.participants.all()):
                if number % 3 != 2:
                    actions.evaluate(
                        by=cast.worker, topic=topic, participant=seat,
                        satisfaction="basically" if number == 3 else "satisfied",
                    )  # fmt: skip
            self.advance()
        if self.story is STORIES[-1]:
            return  # the last one still waits for its archive
        with self.on(35):
            topic.refresh_from_db()
            actions.archive(by=cast.worker, topic=topic, version=topic.version, document=self.document(topic))


def _ballots(cast: Cast, poll: Poll) -> None:
    """Most took part and most of those agree: every eleventh opposes, every seventh is silent."""
    rooms = Household.objects.filter(estate=poll.estate, counted=True, standing="delivered")
    ballots: dict[str, list[str]] = {"consent": [], "oppose": [], "abstain": []}
    for number, home in enumerate(rooms.order_by("pk")):
        if home.owner or number % 7 != 3:
            ballots["oppose" if number % 11 == 5 and not home.owner else "consent"].append(home.room)
    actions.cast(by=cast.worker, poll=poll, ballots=ballots)
    actions.close_poll(by=cast.worker, poll=poll, version=poll.version)
