"""Establish a district in an empty database from its profile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.calendar.models import CalendarDay, PublishedYear
from hongtu.kernel.calendar.working import forget_calendar
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.pinyin import sort_key
from hongtu.kernel.profile.models import District, RuleSet

RULES_FROM = date(2000, 1, 1)


@dataclass(frozen=True)
class Profile:
    """All that distinguishes one district from another, read from files.

    departments, subdistricts: (code, name); communities: (code, name, sub-district code);
    days: (date, holiday|make_up, name); rules: key -> {title, basis, data}.
    """

    name: str
    division_code: str
    outline: Mapping[str, Any] = field(default_factory=dict)
    departments: Sequence[tuple[str, str]] = ()
    subdistricts: Sequence[tuple[str, str]] = ()
    communities: Sequence[tuple[str, str, str]] = ()
    days: Sequence[tuple[date, str, str]] = ()
    published_years: Sequence[int] = ()
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    data_date: date | None = None
    demonstration: bool = False


@action("profile.establish")
def establish(*, by: Person | None, profile: Profile) -> District:
    """Make the district, its units, calendar and rules. Refused when there is a district already."""
    if District.objects.exists():
        raise InvalidInput(_("数据库里已有一个区，不能再建。"), code="profile.exists")
    root = _unit(profile, profile.division_code, profile.name, UnitKind.DISTRICT, None)
    root.save()
    departments = [_unit(profile, c, n, UnitKind.DEPARTMENT, root) for c, n in profile.departments]
    subdistricts = [_unit(profile, c, n, UnitKind.SUBDISTRICT, root) for c, n in profile.subdistricts]
    Unit.objects.bulk_create([*departments, *subdistricts])
    parents = {u.code: u for u in subdistricts}
    Unit.objects.bulk_create(
        _unit(profile, c, n, UnitKind.COMMUNITY, parents[sub]) for c, n, sub in profile.communities
    )
    CalendarDay.objects.bulk_create(CalendarDay(date=d, kind=k, name=n) for d, k, n in profile.days)
    PublishedYear.objects.bulk_create(PublishedYear(year=y) for y in profile.published_years)
    _keep_rules(profile.rules)
    forget_calendar()
    made = District.objects.create(
        unit=root,
        name=profile.name,
        division_code=profile.division_code,
        outline=profile.outline,
        data_date=profile.data_date,
        demonstration=profile.demonstration,
    )
    note(made, name=profile.name, units=Unit.objects.count())
    return made


@action("profile.add_rules")
def add_rules(*, by: Person | None, rules: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Rules of a newer version of the program that the district has under no date yet; their keys. What the
    district has, edited or not, stays as it is."""
    known = set(RuleSet.objects.filter(key__in=rules).values_list("key", flat=True))
    fresh = {key: rule for key, rule in rules.items() if key not in known}
    _keep_rules(fresh)
    note(rules=sorted(fresh))
    return sorted(fresh)


def _keep_rules(rules: Mapping[str, Mapping[str, Any]]) -> None:
    RuleSet.objects.bulk_create(
        RuleSet(
            key=key, title=r["title"], basis=r.get("basis", ""), data=r["data"], effective_from=RULES_FROM
        )
        for key, r in rules.items()
    )


def _unit(profile: Profile, code: str, name: str, kind: str, parent: Unit | None) -> Unit:
    path = f"{parent.path if parent else ''}{code}/"
    return Unit(
        code=code,
        name=name,
        kind=kind,
        parent=parent,
        path=path,
        pinyin=sort_key(name),
        short_name=name if len(name) <= 40 else "",
        demonstration=False,
    )
