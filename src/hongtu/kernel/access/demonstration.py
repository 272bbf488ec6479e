"""Fictional people of a demonstration district, each marked as such, and their log-ins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from hongtu.kernel.access.models import Assignment
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.pinyin import sort_key


@dataclass(frozen=True)
class Account:
    """A log-in: user name, role, name and title of its person, words for the list of log-ins, code of the
    unit ('' for the room's own)."""

    username: str
    role: str
    name: str
    title: str
    words: str
    unit: str = ""


def fictional(
    username: str,
    name: str,
    unit: Unit,
    title: str = "",
    *,
    password: str = UNUSABLE_PASSWORD_PREFIX,
    phone: str = "",
) -> Person:
    """A person not yet saved. `password` is a hash; no password fits the default."""
    return Person(
        username=username,
        name=name,
        pinyin=sort_key(name),
        unit=unit,
        title=title,
        password=password,
        phone=phone,
        demonstration=True,
    )


def log_ins(
    accounts: Sequence[Account],
    own: Unit,
    password: str,
    *,
    units: Mapping[str, Unit] | None = None,
    phone: str = "",
) -> list[Person]:
    """Save the people of these accounts with their roles; `own` is the unit of those that name none."""
    places = [(units or {})[a.unit] if a.unit else own for a in accounts]
    people = Person.objects.bulk_create(
        fictional(a.username, a.name, unit, a.title, password=password, phone=phone)
        for a, unit in zip(accounts, places, strict=True)
    )
    Assignment.objects.bulk_create(
        Assignment(person=p, role=a.role, unit=unit)
        for p, a, unit in zip(people, accounts, places, strict=True)
    )
    return people
