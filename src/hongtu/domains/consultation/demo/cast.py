"""Who plays in the demonstration: a community worker, a residents' representative, the sub-district's
officer."""

from __future__ import annotations

from dataclasses import dataclass

from hongtu.domains.consultation import actions
from hongtu.domains.consultation.models import Estate
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.pinyin import sort_key

STREET, COMMUNITY = "360113004", "360113004002"


@dataclass(frozen=True)
class Account:
    """A log-in of the demonstration."""

    username: str
    role: str
    name: str
    title: str
    words: str


ACCOUNTS = (
    Account("shequ", "community_worker", "示例·社区工作者", "社区干部", "社区工作者"),
    Account("jumin", "resident_representative", "示例·居民代表", "居民代表", "居民代表"),
)


@dataclass(frozen=True)
class Cast:
    """The people, their units, and who does the work."""

    worker: Person
    resident: Person
    officer: Person
    street: Unit
    community: Unit
    city: Unit


@action("consultation.demonstration_cast")
def make_cast(*, by: Person | None) -> Cast:
    """Make the log-ins of a community and its residents' representative; with the demonstration's one
    password, whose
    hash the officer's account has."""
    street, community = Unit.objects.get(code=STREET), Unit.objects.get(code=COMMUNITY)
    officer = Person.objects.get(username="jiedao")
    people = [
        Person.objects.create(
            username=a.username,
            name=a.name,
            pinyin=sort_key(a.name),
            unit=community,
            title=a.title,
            password=officer.password,
            demonstration=True,
        )
        for a in ACCOUNTS
    ]
    for person, account in zip(people, ACCOUNTS, strict=True):
        Assignment.objects.create(person=person, role=account.role, unit=community)
    note(accounts=len(people))
    city = Unit.objects.get(code="CGJ")
    return Cast(people[0], people[1], officer, street, community, city)


def estate(cast: Cast, name: str, buildings: int, rooms: int) -> Estate:
    """An estate with its register: flats of three sizes, one owner of two flats, the builder's unsold ones, a
    parking space that does not count."""
    made = actions.register_estate(
        by=cast.worker,
        name=name,
        subdistrict=cast.street,
        community=cast.community,
        address=f"凤凰洲街道{name}（示例）",
        demonstration=True,
    )
    sizes = ("89.5", "112.36", "128.04")
    rows = [
        {
            "estate": made,
            "room": f"{building}-{1 + flat // 2}0{1 + flat % 2}",
            "area": sizes[(building + flat) % 3],
            "owner": "Y001" if building == 1 and flat < 2 else "",
            "standing": "unsold" if building == buildings and flat >= rooms - 2 else "delivered",
            "demonstration": True,
        }
        for building in range(1, buildings + 1)
        for flat in range(rooms)
    ]
    rows.append(
        {
            "estate": made,
            "room": "车位A01",
            "area": "12.5",
            "owner": "Y001",
            "standing": "delivered",
            "counted": False,
            "demonstration": True,
        }
    )
    actions.import_households(by=cast.worker, create=rows, update=(), source={"file": "示例专有部分名册"})
    return made
