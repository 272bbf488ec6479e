"""The people and the place of the demonstration guides: a sub-district's service centre."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from hongtu.kernel.access.demonstration import Account, log_ins
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.places.actions import located
from hongtu.kernel.places.models import Place

SUBDISTRICT = "360113001"


ACCOUNTS = (
    Account("bangban", "chief_helper", "示例·首席帮办", "首席帮办员", "首席帮办员"),
    Account("bianji", "subdistrict_helper", "示例·指南编辑", "帮办员", "街道经办人（指南编辑）"),
)


@dataclass(frozen=True)
class Cast:
    """Who writes and answers, where residents go, and the departments by code."""

    chief: Person
    editor: Person
    unit: Unit
    centre: Place
    hall: Place
    units: dict[str, Unit]


@action("matters.demonstration_cast")
def make_cast(*, by: Person | None, password: str) -> Cast:
    """Make the helpers' log-ins and the two places of service."""
    units = {u.code: u for u in Unit.objects.exclude(kind=UnitKind.COMMUNITY)}
    unit = units[SUBDISTRICT]
    people = log_ins(ACCOUNTS, unit, make_password(password), phone="0791-0000 0100（示例）")
    places = Place.objects.bulk_create(
        Place(
            name=name,
            kind="政务服务",
            address=address,
            **located({"type": "Point", "coordinates": [longitude, latitude]}, "wgs84"),
        )
        for name, address, longitude, latitude in (
            ("沙井街道便民服务中心（示例）", "红谷滩区沙井街道绿茵路示例1号一楼", 115.8561, 28.6932),
            ("红谷滩区政务服务中心（示例）", "红谷滩区示例大道2号二楼", 115.8497, 28.6881),
        )
    )
    note(accounts=len(people))
    return Cast(people[0], people[1], unit, places[0], places[1], units)
