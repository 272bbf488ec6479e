"""An example for every ledger: what creates a record, what changes it, how one lies out of reach.

A ledger without an example fails the contract. A domain adds its own with `example(slug, ...)` here.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hongtu.domains.dispatch.models import AgendaItem, Escalation, Meeting
from hongtu.domains.visits.models import Topic, Visit
from hongtu.kernel.audit.models import Entry
from hongtu.kernel.calendar import actions as calendar
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.people import actions as people
from hongtu.kernel.people.models import Person
from tests.contract.world import World

Values = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """values(world, number): a valid record, another for each number. change: values of an edit.
    outside(world): values that put a record out of the reach of HOUSING's people, None if all see all.
    make(world, number): for a ledger without a create action. rivals: two more values of `change`."""

    values: Callable[[World, int], Values]
    change: Values
    outside: Callable[[World], Values] | None = None
    make: Callable[[World, int], Any] | None = None
    rivals: tuple[Any, Any] = ("Hers", "Mine")


EXAMPLES: dict[str, Example] = {}


def example(
    slug: str, values: Callable[[World, int], Values], change: Values, outside: Any = None, **more: Any
) -> None:
    EXAMPLES[slug] = Example(values, change, outside, **more)


def _holder(number: int, world: World) -> Person:
    name = f"Holder {number:03}"
    found = Person.objects.filter(name=name).first()
    if found is None:
        found = Person(username=name.replace(" ", ""), name=name, pinyin=name.lower(), unit=world.housing)
        found.save()
    return found


def _audited(world: World, number: int) -> Entry:
    """Something that leaves an audit entry; the second is of another kind."""
    if number == 2:
        calendar.days.create(by=None, date=dt.date(2026, 1, 1), kind="holiday", name="Day")
    else:
        people.register_unit(by=None, code=f"A{number}", name=f"Unit {number}", kind="department")
    return Entry.objects.latest("sequence")


example(
    "units",
    lambda w, n: {
        "code": f"U{n:03}",
        "name": f"Unit {n:03}",
        "short_name": f"U {n}",
        "kind": "department",
        "parent": w.district,
    },
    {"short_name": "Changed"},
)
example(
    "people",
    lambda w, n: {"username": f"person{n:03}", "name": f"Person {n:03}", "unit": w.housing, "title": "Clerk"},
    {"title": "Head"},
)
example(
    "calendar-days",
    lambda w, n: {
        "date": dt.date(2026, 1, 1) + dt.timedelta(days=n),
        "kind": "holiday",
        "name": f"Day {n:03}",
        "basis": "Notice 1",
    },
    {"basis": "Notice 2"},
)
example("published-years", lambda w, n: {"year": 2000 + n, "basis": f"Notice {n:03}"}, {"basis": "Notice"})
example(
    "places",
    lambda w, n: {
        "name": f"Place {n:03}",
        "kind": "site",
        "longitude": round(115.8 + n / 1000, 6),
        "latitude": 28.6,
        "original_system": "wgs84",
        "address": "Road 1",
    },
    {"address": "Road 2"},
)
example(
    "rules",
    lambda w, n: {
        "title": f"Rule {n:03}",
        "key": f"rule.{n:03}",
        "effective_from": dt.date(2025, 1, 1),
        "basis": "Notice",
        "data": {"days": n},
    },
    {"basis": "Notice 2"},
)
example(
    "projects",
    lambda w, n: {
        "name": f"Project {n:03}",
        "kind": "infrastructure",
        "type": "road",
        "investment_subject": "government",
        "nature": "new",
        "site": "Road 1",
        "subdistrict": w.subdistrict,
        "scale": "One road",
        "total_investment": Decimal(1000 + n),
        "annual_plan": Decimal(100 + n),
        "done_before_year": Decimal(0),
        "planned_start": dt.date(2026, 1, 1),
        "planned_finish": dt.date(2026, 12, 31),
        "owner": w.housing,
        "responsible_unit": w.housing,
    },
    {"progress": "Half done"},
    lambda w: {"owner": w.schools, "responsible_unit": w.schools},
)
example(
    "chain-templates",
    lambda w, n: {
        "type": "road",
        "sequence": n,
        "segment": "preparation",
        "item": f"Item {n:03}",
        "critical": False,
        "month": 1 + n % 12,
        "evidence": "Paper",
    },
    {"evidence": "Photo"},
)
example(
    "roles",
    lambda w, n: {"person": _holder(n, w), "role": "auditor", "unit": w.district},
    {"role": "administrator"},
    rivals=("district_leader", "project_owner"),
)
example("audit", lambda w, n: {}, {}, make=_audited)
example(
    "problem-categories",
    lambda w, n: {
        "code": f"kind-{n:03}",
        "name": f"Kind {n:03}",
        "group": "Streets",
        "description": "Something",
        "urgency": "general",
        "active": True,
    },
    {"description": "Something else"},
)


def _reported(world: World, number: int) -> Any:
    from hongtu.kernel.problems import actions

    title = f"Problem {number:03}"
    return actions.report(by=None, source="web", title=title, desk=world.housing).problem


example("problems", lambda w, n: {}, {}, make=_reported)


def _chain(world: World, number: int) -> Chain:
    return Chain.objects.create(
        subject_label="test.project",
        subject_key=number,
        title=f"Chain {number:03}",
        year=2026,
        unit=world.housing,
        start=dt.date(2026, 1, 1),
        promised=dt.date(2026, 12, 31),
    )


def _visit(world: World, number: int) -> Values:
    return {
        "name": f"Visit {number:03}",
        "kind": "project",
        "leader": world.people["district_leader"],
        "visited_on": dt.date(2026, 3, 1) + dt.timedelta(days=number % 28),
        "minutes": 40,
        "unit": world.housing,
    }


def _topic(world: World, number: int) -> Values:
    return {
        "year": 2026,
        "number": number,
        "name": f"Topic {number:03}",
        "aspect": "law",
        "leader": world.people["district_leader"],
        "unit": world.housing,
        "due_on": dt.date(2026, 6, 30),
    }


example("visits", _visit, {"companions": "Two"}, lambda w: {"unit": w.schools})
example(
    "findings",
    lambda w, n: {
        "visit": Visit.objects.create(**_visit(w, n)),
        "name": f"Finding {n:03}",
        "disposal": "solved",
        "solution": "Mended",
        "confirmed_by": "Owner",
    },
    {"solution": "Replaced"},
    lambda w: {"visit": Visit.objects.create(**{**_visit(w, 900), "unit": w.schools})},
)
example("research-topics", _topic, {"name": "Changed"})
example(
    "research-results",
    lambda w, n: {
        "topic": Topic.objects.create(**_topic(w, n)),
        "measure": f"Measure {n:03}",
        "unit": w.housing,
        "due_on": dt.date(2026, 6, 30),
    },
    {"measure": "Changed"},
)
example(
    "rectification-plans",
    lambda w, n: {
        "name": f"Plan {n:03}",
        "leader": w.people["district_leader"],
        "unit": w.housing,
        "aim": "Aim",
        "measures": "Measures",
        "state": "adopted",
        "adopted_on": dt.date(2026, 3, 1),
        "due_on": dt.date(2026, 6, 30),
    },
    {"aim": "Changed"},
)
example(
    "assigned-projects",
    lambda w, n: {
        "name": f"Project {n:03}",
        "leader": w.people["district_leader"],
        "chain": _chain(w, n),
        "since": dt.date(2026, 1, 1),
        "every_days": 30,
    },
    {"name": "Changed"},
)


def _meeting(world: World, number: int) -> Values:
    return {
        "name": f"Meeting {number:03}",
        "kind": "daily",
        "level": 2,
        "held_on": dt.date(2026, 3, 1) + dt.timedelta(days=number % 28),
        "begins_at": dt.time(9, 30),
        "place": "Hall",
        "chair": world.people["district_leader"],
        "desk": world.housing,
    }


def _item(world: World, number: int) -> AgendaItem:
    return AgendaItem.objects.create(
        meeting=Meeting.objects.create(**_meeting(world, number)),
        sequence=1,
        name=f"Item {number:03}",
        origin="added",
        explanation="Added",
        path="Path",
        unit=world.housing,
        due_on=dt.date(2026, 4, 1) + dt.timedelta(days=number % 28),
    )


def _escalation(world: World, number: int) -> Escalation:
    chain = _chain(world, number)
    step = Step.objects.create(
        chain=chain,
        sequence=1,
        name="Step",
        segment="construction",
        unit=world.housing,
        duration=5,
        planned_start=dt.date(2026, 1, 5),
        planned_finish=dt.date(2026, 1, 9),
    )
    return Escalation.objects.create(
        name=f"Matter {number:03}",
        step=step,
        level=2,
        cause="clock",
        since=dt.date(2026, 1, 9),
        days=number,
        reason="Late",
        on=dt.date(2026, 1, 15),
    )


example("meetings", _meeting, {"attendees": "All"})
example("decisions", lambda w, n: {}, {}, make=_item)
example("escalations", lambda w, n: {}, {}, make=_escalation)


def _matter(world: World, number: int) -> Any:
    from hongtu.domains.matters.models import Matter

    values = {
        "name": f"Topic {number:03}",
        "pinyin": f"topic {number:03}",
        "initials": f"t{number}",
        "line": "Line",
        "theme": "work",
        "unit": world.housing,
    }
    return Matter.objects.get_or_create(code=f"T{number:03}", defaults=values)[0]


example(
    "matters",
    lambda w, n: {
        "code": f"M{n:03}",
        "name": f"Matter {n:03}",
        "kind": "service",
        "line": "Work",
        "theme": "work",
        "unit": w.housing,
    },
    {"line": "Pension"},
)
example(
    "guides",
    lambda w, n: {
        "matter": _matter(w, n),
        "department": "Housing",
        "effective_from": dt.date(2025, 1, 1),
        "promised_days": n,
        "day_unit": "working",
        "commitment": "none",
    },
    {"department": "Schools"},
)
example(
    "forbidden-requests",
    lambda w, n: {"phrase": f"Proof {n:03}", "reason": "Held by government", "basis": "Notice"},
    {"basis": "Notice 2"},
)
example(
    "referrals",
    lambda w, n: {"name": f"Passport {n:03}", "handled_by": "Police", "phone": "110"},
    {"phone": "111"},
)


ITEMS = {
    "items": [
        {"key": "a", "title": "A", "indicator": "projects.investment", "formula": "share", "points": 60},
        {"key": "b", "title": "B", "indicator": "projects.steps", "formula": "share", "points": 40},
    ]
}


def _scheme(world: World, number: int) -> Any:
    from hongtu.domains.assessment.models import Scheme

    return Scheme.objects.create(
        name=f"Scheme {number:03}",
        subject="owner",
        effective_from=dt.date(2025, 1, 1) + dt.timedelta(days=number),
        data=ITEMS,
        state="adopted",
    )


def _ranking(world: World, number: int) -> Any:
    from hongtu.domains.assessment.models import Ranking

    now = dt.datetime(2026, 4, 2, 9, tzinfo=dt.UTC)
    return Ranking.objects.create(
        name=f"Ranking {number:03}",
        number=f"N{number}",
        subject="owner",
        scheme=_scheme(world, number),
        on=dt.date(2026, 3, 31),
        known_at=now,
        lines=[],
        digest="",
        published_at=now,
        objections_until=dt.date(2026, 4, 10),
    )


def _excuse(world: World, number: int) -> Any:
    from hongtu.domains.assessment.models import Excuse

    values = {"name": f"Excuse {number:03}", "unit": world.housing, "record": number}
    return Excuse.objects.create(
        indicator="projects.steps", reason="Flood", basis="Notice", since=dt.date(2026, 3, 1), **values
    )


def _adjustment(world: World, number: int) -> Any:
    from hongtu.domains.assessment.models import Adjustment

    values = {"name": f"Adjustment {number:03}", "unit": world.housing, "points": Decimal(number)}
    return Adjustment.objects.create(subject="owner", basis="Notice", on=dt.date(2026, 3, 1), **values)


def _charge(world: World, number: int) -> Any:
    from hongtu.domains.assessment.models import Falsification

    values = {"name": f"Report {number:03}", "unit": world.housing}
    return Falsification.objects.create(
        subject="owner", occurred_on=dt.date(2026, 3, 1), facts="Facts", basis="Notice", **values
    )


def _objection(world: World, number: int) -> Any:
    from hongtu.domains.assessment.models import Objection

    values = {"name": f"Claim {number:03}", "unit": world.housing}
    return Objection.objects.create(ranking=_ranking(world, number), reason="Reason", **values)


example("schemes", lambda w, n: {}, {}, make=_scheme)
example("rankings", lambda w, n: {}, {}, make=_ranking)
example("excuses", lambda w, n: {}, {}, make=_excuse)
example("score-adjustments", lambda w, n: {}, {}, make=_adjustment)
example("falsifications", lambda w, n: {}, {}, make=_charge)
example("objections", lambda w, n: {}, {}, make=_objection)


def _place(world: World) -> Values:
    return {"subdistrict": world.subdistrict, "community": world.housing}


def _estate(world: World, number: int = 0) -> Any:
    from hongtu.domains.consultation.models import Estate

    name = f"Estate of {number}"
    return Estate.objects.filter(name=name).first() or Estate.objects.create(name=name, **_place(world))


def _conclusion(world: World, number: int, **place: Any) -> Any:
    """A conclusion whose tasks are being written."""
    from hongtu.domains.consultation import models

    topic = models.Topic.objects.create(
        number=f"2025-9{number:05}",
        name=f"Topic {number:03}",
        description="Text",
        kind="parking",
        registered_on=dt.date(2025, 1, 6),
        step="assign",
        verdict="adopt",
        **{**_place(world), **place},
    )
    meeting = models.Meeting.objects.create(
        topic=topic, noticed_on=dt.date(2025, 1, 6), held_on=dt.date(2025, 1, 10), place="Hall", host="Host"
    )
    option = models.Option.objects.create(topic=topic, name="Option", description="Text", cost=1)
    return models.Conclusion.objects.create(
        topic=topic,
        meeting=meeting,
        agreement="consensus",
        option=option,
        text="Text",
        consenting=3,
        opposing=0,
        abstaining=0,
        concluded_on=dt.date(2025, 1, 10),
    )


def _outside(world: World) -> Values:
    return {"community": world.schools}


example(
    "consultations",
    lambda w, n: {
        "name": f"Topic {n:03}",
        "description": "Too few places to park",
        "kind": "parking",
        **_place(w),
    },
    {"description": "Far too few"},
    _outside,
)
example(
    "proposals",
    lambda w, n: {
        "name": f"Proposal {n:03}",
        "source": "resident",
        "proposer": "Somebody",
        "kind": "parking",
        "made_on": dt.date(2025, 1, 6),
        **_place(w),
    },
    {"proposer": "Somebody else"},
    _outside,
)
example(
    "estates",
    lambda w, n: {"name": f"Estate {n:03}", "address": "Road 1", **_place(w)},
    {"address": "Road 2"},
    _outside,
)
example(
    "households",
    lambda w, n: {
        "estate": _estate(w),
        "room": f"1-{n:03}",
        "area": Decimal("88.50"),
        "owner": "Y1",
        "standing": "delivered",
        "counted": True,
    },
    {"owner": "Y2"},
    lambda w: {"estate": _elsewhere(w)},
)
example(
    "consultation-tasks",
    lambda w, n: {
        "conclusion": _conclusion(w, n),
        "name": f"Task {n:03}",
        "approach": "Buy and build",
        "unit": w.housing,
        "person": _holder(1, w),
        "amount": Decimal(n),
        "funding": "district",
        "due_on": dt.date(2025, 3, 1) + dt.timedelta(days=n),
        "evidence": "Photos",
    },
    {"approach": "Another way"},
    lambda w: {"conclusion": _conclusion(w, 99, community=w.schools)},
)


def _elsewhere(world: World) -> Any:
    from hongtu.domains.consultation.models import Estate

    return Estate.objects.create(name="Far", subdistrict=world.subdistrict, community=world.schools)
