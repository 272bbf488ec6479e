"""Visits: planned with two members, written down, or called off."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from hongtu.domains.family_visits import queries, rules
from hongtu.domains.family_visits.actions.store import (
    member,
    refuse,
    resealed,
    room_action,
    sealed,
    until,
)
from hongtu.domains.family_visits.models import Official, Visit
from hongtu.domains.family_visits.vocab import Cancelled, VisitState
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import note
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today


@room_action("family_visits.plan")
def plan(
    *, by: Person | None, official: Official, planned_on: date, visitor: Person, companion: Person
) -> Visit:
    """Plan a visit of two members; neither visits her own family, and one plan at a time is enough."""
    require(by, "family_visits.change", official)
    for field, person in (("visitor", visitor), ("companion", companion)):
        member(person, field)
    words = {"two": _("须两人同行。"), "own": _("不能家访自己家。")}
    faults = rules.pair_faults(visitor.pk, companion.pk, official.account_id)
    if faults:
        raise refuse("pair", _("请换一位家访人员。"), **{f: words[c] for f, c in faults.items()})
    if Visit.objects.filter(official=official, state=VisitState.PLANNED).exists():
        raise refuse("already_planned", _("这一家已有安排，请先完成或取消那一次。"))
    key: UUID = uuid4()
    made = Visit.objects.create(
        id=key,
        official=official,
        planned_on=planned_on,
        visitor=visitor,
        companion=companion,
        **sealed(key, {}, until(max(planned_on, today()))),
    )
    note(made)
    return made


def _open(visit: Visit) -> None:
    if visit.state != VisitState.PLANNED:
        raise refuse("not_planned", _("这次家访已记录或已取消，不能再改。"))


@room_action("family_visits.keep_draft")
def keep_draft(*, by: Person | None, visit: Visit, version: int, texts: dict[str, str]) -> Visit:
    """Keep an unfinished record here, encrypted, since nothing is kept on the phone."""
    require(by, "family_visits.change", visit)
    _open(visit)
    note(visit)
    return visit.revise(version, **resealed(visit, texts))


@room_action("family_visits.hold")
def hold(*, by: Person | None, visit: Visit, version: int, held_on: date, texts: dict[str, str]) -> Visit:
    """The visit took place: all of the “five ones” written down. The interval runs from this day."""
    require(by, "family_visits.change", visit)
    _open(visit)
    if held_on > today():
        raise refuse("in_future", _("家访日期不能晚于今天。"), held_on=_("不能晚于今天。"))
    codes = [element.code for element in queries.elements()]
    lacking = rules.missing(codes, texts)
    if lacking:
        raise refuse(
            "incomplete",
            _("“五个一”还有没写的。没有谈到的，写明原因。"),
            **{code: _("请填写；没有谈到的，写明原因。") for code in lacking},
        )
    keep = until(held_on)
    held = visit.revise(
        version, state=VisitState.HELD, held_on=held_on, **resealed(visit, texts, max(keep, today()))
    )
    _visited(Official.objects.get(pk=visit.official_id), held_on, keep)
    note(held)
    return held


def _visited(official: Official, on: date, keep: date) -> None:
    last = max(on, official.last_visit_on or on)
    later: dict[str, Any] = resealed(official, {}, max(official.expires_on, keep))
    official.revise(official.version, last_visit_on=last, **later)


@room_action("family_visits.cancel")
def cancel(*, by: Person | None, visit: Visit, version: int, reason: str) -> Visit:
    """Call a planned visit off; what was drafted goes with it."""
    require(by, "family_visits.change", visit)
    _open(visit)
    note(visit, reason=Cancelled(reason).value)
    empty = sealed(visit.pk, {}, visit.expires_on)
    return visit.revise(version, state=VisitState.CANCELLED, cancelled=Cancelled(reason), **empty)
