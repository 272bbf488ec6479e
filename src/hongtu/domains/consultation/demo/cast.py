"""Who plays in the demonstration: a community worker, a residents' representative, the sub-district's
officer."""

from __future__ import annotations

from dataclasses import dataclass

from hongtu.domains.consultation import actions
from hongtu.domains.consultation.models import Estate
from hongtu.kernel.access.demonstration import Account, log_ins
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.people.models import Person, Unit

STREET, COMMUNITY = "360113004", "360113004002"


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
    """Make the log-ins of a community and its residents' representative.

    Their password is the demonstration's one, whose hash the officer's account has."""
    street, community = Unit.objects.get(code=STREET), Unit.objects.get(code=COMMUNITY)
    officer = Person.objects.get(username="jiedao")
    people = log_ins(ACCOUNTS, community, officer.password)
    note(accounts=len(people))
    city = Unit.objects.get(code="CGJ")
    return Cast(people[0], people[1], officer, street, community, city)


def estate(cast: Cast, name: str, buildings: int, rooms: int) -> Estate:
    """An estate with its register: flats of three sizes, one owner of two flats, the builder's unsold ones, a
    parking space that does not count."""
    made = actions.estates.create(
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
    actions.households.bulk(by=cast.worker, create=rows, update=(), source={"file": "示例专有部分名册"})
    return made
