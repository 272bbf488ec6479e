"""An example for every ledger: what creates a record, what changes it, how one lies out of reach.

A ledger without an example fails the contract. A domain adds its own with `example(slug, ...)` here.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hongtu.kernel.audit.models import Entry
from hongtu.kernel.calendar import actions as calendar
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
        calendar.register_day(by=None, date=dt.date(2026, 1, 1), kind="holiday", name="Day")
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


def _matter(world: World, number: int) -> Any:
    from hongtu.domains.matters.models import Matter

    return Matter.objects.create(
        code=f"T{number:03}",
        name=f"Topic {number:03}",
        pinyin=f"topic {number:03}",
        initials=f"t{number}",
        line="Line",
        theme="work",
        unit=world.housing,
    )


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
