"""Demonstration visits: 85 held ones, 19 findings solved on the spot, 29 listed, 8 plans, 32 topics and results.

The counts are those the newspapers gave; every text and person is fictional and marked 示例. Written through
actions, deterministic but for the private links of the spine.
"""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from hongtu.domains.visits import actions
from hongtu.domains.visits.demo.texts import LISTED, PLANS, SOLVED, TOPICS
from hongtu.domains.visits.models import Finding, Topic, Visit
from hongtu.domains.visits.vocab import VisitKind
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains.models import Chain
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.places.models import Place
from hongtu.kernel.problems import actions as problems
from hongtu.kernel.problems.evidence import Photo, clean
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.profile.models import today

VISITS = 85
SEED = 20231110


@dataclass(frozen=True)
class Site:
    """A project as this room needs it: its chain, its leader, where it is."""

    name: str
    chain: Chain
    leader: Person
    place: Place | None


def load(*, by: Person | None, sites: Sequence[Site], recorder: Person, visitor: Person) -> None:
    """Write everything. `visitor`: the leader whose planned day is shown."""
    dice, now = random.Random(SEED), today()
    units = {u.code: u for u in Unit.objects.exclude(kind=UnitKind.COMMUNITY)}
    leaders = sorted({s.leader for s in sites}, key=lambda p: p.pk)
    topics = _topics(by, leaders, units, now)
    _pairings(by, sites, now)
    visits = _visits(by, sites, topics, recorder, dice, now)
    listed = _findings(by, visits, units)
    for number, finding in enumerate(listed):
        if finding.problem is not None and finding.problem.handling_unit_id and number % 6 != 5:
            _worked_off(by, finding.problem, finding.found_at, now)
    for number, (name, aim, measures, which) in enumerate(PLANS):
        adopted = now - timedelta(days=40 - 3 * number)
        actions.adopt_plan(
            by=by, name=name, leader=leaders[number % len(leaders)], unit=units["ZDXM"], aim=aim,
            measures=measures, adopted_on=adopted, due_on=adopted + timedelta(days=90),
            findings=[listed[i] for i in which], demonstration=True,
        )  # fmt: skip
    _today(by, visitor, sites, recorder, now)


def _topics(by: Person | None, leaders: Sequence[Person], units: dict[str, Unit], now: date) -> list[Topic]:
    made = []
    codes = [code for code in ("ZJJ", "FGW", "CGJ", "ZRZY", "XZSP", "ZDXM") if code in units]
    for number, (aspect, name, measure, result) in enumerate(TOPICS, 1):
        unit = units[codes[number % len(codes)]]
        topic = actions.topics.create(
            by=by, year=now.year, number=number, name=name, aspect=aspect,
            leader=leaders[number % len(leaders)], unit=unit, due_on=date(now.year, 6, 30), demonstration=True,
        )  # fmt: skip
        actions.convert(
            by=by, topic=topic, measure=measure, unit=unit, due_on=date(now.year, 6, 30), result=result,
            evidence="调研报告与转化说明（示例）", achieved_on=now - timedelta(days=1 + number % 30),
            demonstration=True,
        )  # fmt: skip
        made.append(topic)
    return made


def _pairings(by: Person | None, sites: Sequence[Site], now: date) -> None:
    for site in sites:
        actions.pair(
            by=by, name=site.name, leader=site.leader, chain=site.chain, place=site.place,
            since=date(now.year, 2, 10), every_days=60, demonstration=True,
        )  # fmt: skip


def _visits(
    by: Person | None,
    sites: Sequence[Site],
    topics: Sequence[Topic],
    recorder: Person,
    dice: random.Random,
    now: date,
) -> list[Visit]:
    """Three of four to projects, the rest to communities; spread over the working days since January."""
    communities = list(Unit.objects.filter(kind=UnitKind.COMMUNITY).select_related("parent").order_by("code"))
    calendar, first = working_calendar(), date(now.year, 1, 6)
    span = calendar.count(first, now)
    made = []
    for number in range(VISITS):
        on = calendar.add(first, number * (span - 1) // VISITS)
        site = sites[(number * 7) % len(sites)]
        facts: dict[str, Any] = {
            "name": site.name, "kind": VisitKind.PROJECT, "unit": site.chain.unit, "chain": site.chain,
            "place": site.place,
        }  # fmt: skip
        if number % 4 == 3 and communities:
            community = dice.choice(communities)
            facts = {
                "name": community.name,
                "kind": VisitKind.COMMUNITY,
                "unit": community.parent or community,
            }
        visit = actions.plan_visit(
            by=by, leader=site.leader, visited_on=on, topic=topics[number % len(topics)], recorder=recorder,
            companions="责任单位、街道、项目单位负责人（示例）", demonstration=True, sequence=1, **facts,
        )  # fmt: skip
        made.append(
            actions.hold(
                by=by, visit=visit, version=visit.version, summary="看现场、听诉求、对照链条逐项过（示例）"
            )
        )
    return made


def _findings(by: Person | None, visits: Sequence[Visit], units: dict[str, Unit]) -> list[Finding]:
    """The 19 and the 29, each at a visit of its own as far as they go round."""
    for number, (name, solution, confirmed) in enumerate(SOLVED):
        visit = visits[number * 4 + 1]
        actions.add_finding(
            by=by, visit=visit, name=name, disposal="solved", solution=solution, confirmed_by=confirmed,
            at=_at(visit),
        )  # fmt: skip
    return [
        actions.add_finding(
            by=by, visit=visits[number * 2 + 26], name=name, disposal="listed", unit=units.get(code) or (units["ZDXM"] if number % 7 else None),
            at=_at(visits[number * 2 + 26]),
        )
        for number, (name, code) in enumerate(LISTED)
    ]  # fmt: skip


def _worked_off(by: Person | None, problem: Problem, found_at: datetime, now: date) -> None:
    """Signed for the same day, measures the next, done in four days, verified and confirmed."""

    def later(days: int) -> datetime:
        return found_at + timedelta(days=days)

    problem = problems.sign(by=by, problem=problem, version=problem.version, at=found_at + timedelta(hours=5))
    problem = problems.state_measures(
        by=by, problem=problem, version=problem.version, measures="专人盯办，倒排时限（示例）", at=later(1)
    )
    if later(6).date() >= now:
        return
    problem = problems.ask_to_close(
        by=by,
        problem=problem,
        version=problem.version,
        outcome=problems.Outcome(f"{problem.title}：已办结（示例）"),
        photos=[_photo()],
        at=later(4),
    )
    problem = problems.verify(by=by, problem=problem, version=problem.version, at=later(5))
    problems.answer(
        by=by, following=problem.followings.get(), verdict="confirmed", satisfaction="satisfied", at=later(6)
    )


def _photo() -> Photo:
    """A plain picture that says it is none."""
    stream = io.BytesIO()
    Image.new("RGB", (320, 240), "#8a97a5").save(stream, "PNG")
    stream.seek(0)
    return clean(stream)


def _at(visit: Visit) -> datetime:
    return timezone.make_aware(datetime.combine(visit.visited_on, time(10, 30)))


def _today(by: Person | None, visitor: Person, sites: Sequence[Site], recorder: Person, now: date) -> None:
    """One leader's planned day: assigned projects in the order in which they came to mind."""
    mine = [s for s in sites if s.leader == visitor and s.place][:5]
    for number, site in enumerate(mine, 1):
        actions.plan_visit(
            by=by, name=site.name, kind=VisitKind.PROJECT, leader=visitor, visited_on=now, unit=site.chain.unit,
            chain=site.chain, place=site.place, recorder=recorder, sequence=number, demonstration=True,
        )  # fmt: skip
