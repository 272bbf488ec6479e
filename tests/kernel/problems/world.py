"""The small world of the spine: a district with its rules, units, people of every part."""

from datetime import date

from hongtu.kernel.access.models import Assignment
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.profile.models import District, RuleSet
from hongtu.site import profiles
from tests.conftest import make_unit


def make_person(username: str, role: str, at: Unit) -> Person:
    """Without a password: hashing one takes longer than most tests; browsers use `force_login`."""
    person = Person.objects.create(username=username, name=username, pinyin=username, unit=at, password="!")
    Assignment.objects.create(person=person, role=role, unit=at)
    return person


def make_house(district: Unit) -> dict[str, Unit]:
    """The district's rules, a sub-district and two offices."""
    District.objects.create(unit=district, name="示例区", division_code="D")
    for key, rule in profiles.read(profiles.FOLDER / "honggutan").rules.items():
        RuleSet.objects.create(key=key, title=key, data=rule["data"], effective_from=date(2000, 1, 1))
    return {
        "district": district,
        "street": make_unit("STREET", "示例街道", "subdistrict", district),
        "housing": make_unit("HOUSING", "住建", "department", district),
        "city": make_unit("CITY", "城管", "department", district),
    }


def make_cast(house: dict[str, Unit]) -> dict[str, Person]:
    return {
        "centre": make_person("wang", "promotion_centre", house["district"]),
        "second": make_person("zhao", "promotion_centre", house["district"]),
        "leader": make_person("leader", "district_leader", house["district"]),
        "desk": make_person("desk", "subdistrict_helper", house["street"]),
        "officer": make_person("li", "department_officer", house["housing"]),
        "other": make_person("sun", "department_officer", house["city"]),
    }


def build() -> tuple[dict[str, Unit], list[Person]]:
    """All of it, for the bench."""
    house = make_house(make_unit("D", "示例区", "district"))
    return house, list(make_cast(house).values())
