"""Visits: plan, put in order, hold, write down what was found."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from hongtu.domains.visits import queries, rules
from hongtu.domains.visits.models import Finding, Pairing, SitePhoto, Visit
from hongtu.domains.visits.vocab import Disposal, VisitKind, VisitState
from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.events import publish
from hongtu.kernel.notices.events import PeopleConcerned
from hongtu.kernel.notices.vocab import Kind
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.problems import actions as problems
from hongtu.kernel.problems.actions import Spot
from hongtu.kernel.problems.evidence import Photo
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.terms import now
from hongtu.kernel.problems.vocab import Source


@action("visits.plan")
def plan_visit(*, by: Person | None, **fields: Any) -> Visit:
    """Put a visit on a leader's day. Without a recorder, who plans it writes it down."""
    require(by, "visits.change")
    fields["recorder"] = fields.get("recorder") or by
    made = Visit.objects.create(**fields)
    require(by, "visits.change", made)
    note(made, name=made.name)
    _tell(by, made, mark("%(on)s走访，%(leader)s带队"))
    return made


def _tell(by: Person | None, visit: Visit, pattern: str) -> None:
    """The leader and the recorder hear of what somebody else put on their day or took off it."""
    values = {"on": visit.visited_on, "leader": str(visit.leader)}
    people = frozenset(key for key in (visit.leader_id, visit.recorder_id) if key)
    publish(
        PeopleConcerned(
            Kind.SCHEDULED, queries.VISIT, visit.pk, visit.name, Sentence(pattern, values), people,
            by=by.pk if by else None, once=str(visit.version), on=visit.visited_on,
        )
    )  # fmt: skip


@action("visits.revise")
def revise_visit(*, by: Person | None, record: Visit, version: int, **changes: Any) -> Visit:
    """Change a planned visit; one that was held stays as it was held."""
    require(by, "visits.change", record)
    _planned(record)
    note(record, fields=sorted(changes))
    record.revise(version, **changes)
    if {"visited_on", "leader", "not_before", "not_after"} & set(changes):
        _tell(by, record, mark("走访改为%(on)s，%(leader)s带队"))
    return record


def _planned(visit: Visit) -> None:
    if visit.state != VisitState.PLANNED:
        raise InvalidInput(
            _("这次走访%(state)s，不能再改安排。") % {"state": visit.get_state_display()},
            code="visits.not_planned",
        )


@action("visits.cancel")
def cancel(*, by: Person | None, visit: Visit, version: int, reason: str) -> Visit:
    """Take a visit off the plan, with the reason."""
    require(by, "visits.change", visit)
    _planned(visit)
    if not reason.strip():
        raise InvalidInput(
            _("请写明取消的理由。"), code="visits.reason_required", fields={"reason": [_("请填写。")]}
        )
    note(visit, reason=reason)
    visit.revise(version, state=VisitState.CANCELLED, summary=reason)
    _tell(by, visit, mark("%(on)s的走访已取消"))
    return visit


@action("visits.add_due")
def add_due(*, by: Person | None, pairings: Sequence[Pairing], on: date) -> list[Visit]:
    """Put assigned projects whose visit is due on their leader's plan of a day, at its end."""
    made = [
        plan_visit(
            by=by,
            name=pairing.name,
            kind=VisitKind.PROJECT,
            leader=pairing.leader,
            visited_on=on,
            unit=pairing.chain.unit,
            chain=pairing.chain,
            place=pairing.place,
            sequence=100 + number,
        )
        for number, pairing in enumerate(pairings)
    ]
    note(visits=len(made))
    return made


@action("visits.order_day")
def order_day(*, by: Person | None, visits: Sequence[Visit]) -> float:
    """Number a day's visits along the best route that keeps its appointments; kilometres saved. Visits
    without a position come last."""
    placed = [v for v in visits if v.place]
    stops, pace = queries.stops(placed), queries.pace()
    way = rules.route(stops, pace)
    saved = rules.timetable(stops, range(len(stops)), pace).kilometres - way.kilometres
    for number, visit in enumerate([*(placed[i] for i in way.order), *(v for v in visits if not v.place)], 1):
        require(by, "visits.change", visit)
        visit.revise(visit.version, sequence=number)
    note(visits=len(visits), kilometres_saved=round(saved, 2))
    return max(0.0, saved)


@action("visits.hold")
def hold(
    *, by: Person | None, visit: Visit, version: int, summary: str, photos: Sequence[Photo] = ()
) -> Visit:
    """The visit took place: what was seen, with photos of it. Its assigned project is due again an interval
    later."""
    require(by, "visits.change", visit)
    if visit.state == VisitState.CANCELLED:
        _planned(visit)
    if not summary.strip():
        raise InvalidInput(
            _("请写一两句走访记录。"), code="visits.no_summary", fields={"summary": [_("请填写。")]}
        )
    if visit.visited_on > now().date():
        raise InvalidInput(_("走访日期还没有到，不能记为已走访。"), code="visits.in_future")
    visit.revise(version, state=VisitState.DONE, summary=summary.strip())
    _keep(visit, None, photos)
    if visit.chain_id:
        for pairing in Pairing.objects.filter(chain=visit.chain_id, leader=visit.leader_id):
            last = max(visit.visited_on, pairing.last_visit or visit.visited_on)
            due = rules.due_on(pairing.since, last, pairing.every_days)
            pairing.revise(pairing.version, last_visit=last, due_on=due)
    note(visit)
    return visit


@action("visits.add_finding")
def add_finding(
    *,
    by: Person | None,
    visit: Visit,
    name: str,
    disposal: str,
    solution: str = "",
    confirmed_by: str = "",
    description: str = "",
    unit: Unit | None = None,
    photos: Sequence[Photo] = (),
    client_key: UUID | None = None,
    at: datetime | None = None,
) -> Finding:
    """A problem found at the spot: solved there (how, and who on site confirms it), or put on the list.

    A listed one becomes a problem of the spine with the visit as its source; `unit` is then given it at
    once when `by` may assign. An entry that a phone sends again under its `client_key` is returned as it was
    kept. Only the house itself (by None) may pass `at`. Raises InvalidInput naming the fields.
    """
    require(by, "visits.change", visit)
    if client_key is not None:
        Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)  # the same entry twice at once
        kept = Finding.objects.filter(client_key=client_key, visit=visit).first()
        if kept is not None:
            note(kept, again=True)
            return kept
    solved = disposal == Disposal.SOLVED
    _complete(name, solved, solution, confirmed_by)
    moment = at if by is None and at else now()
    problem = None if solved else _listed(by, visit, name, description, unit, photos, moment)
    made = Finding.objects.create(
        visit=visit,
        name=name.strip()[:120],
        disposal=disposal,
        solution=solution.strip() if solved else "",
        confirmed_by=confirmed_by.strip() if solved else "",
        problem=problem,
        found_at=moment,
        client_key=client_key,
        demonstration=visit.demonstration,
    )
    if solved:
        _keep(visit, made, photos)
    note(made, disposal=disposal, problem=problem.number if problem else "")
    return made


def _keep(visit: Visit, finding: Finding | None, photos: Sequence[Photo]) -> None:
    for photo in photos:
        file = ContentFile(photo.content, f"{photo.sha256[:32]}.jpg")
        SitePhoto.objects.create(visit=visit, finding=finding, file=file)


@action("visits.revise_finding")
def revise_finding(*, by: Person | None, record: Finding, version: int, **changes: Any) -> Finding:
    """Correct the wording of a finding; what became of it is decided once."""
    require(by, "visits.change", record)
    if blocked := set(changes) - {"name", "solution", "confirmed_by"}:
        raise InvalidInput(
            _("处置和所属走访不能事后改。"),
            fields={name: [_("不能修改。")] for name in sorted(blocked)},
            code="visits.finding_decided",
        )
    merged = {name: changes.get(name, getattr(record, name)) for name in ("name", "solution", "confirmed_by")}
    _complete(solved=record.disposal == Disposal.SOLVED, **merged)
    note(record, fields=sorted(changes))
    return record.revise(version, **changes)


def _complete(name: str, solved: bool, solution: str, confirmed_by: str) -> None:
    faults: dict[str, list[str]] = {}
    if not name.strip():
        faults["name"] = [_("请写明是什么问题。")]
    if solved and not solution.strip():
        faults["solution"] = [_("现场解决的，请写明怎么解决的。")]
    if solved and not confirmed_by.strip():
        faults["confirmed_by"] = [_("现场解决的，须有现场确认人。")]
    if faults:
        raise InvalidInput(_("还差几项，请补齐。"), fields=faults, code="visits.finding_incomplete")


def _listed(
    by: Person | None,
    visit: Visit,
    name: str,
    description: str,
    unit: Unit | None,
    photos: Sequence[Photo],
    at: datetime,
) -> Problem:
    local = visit.unit if visit.unit.kind == UnitKind.SUBDISTRICT else None
    place = visit.place
    made = problems.report(
        by=by,
        source=Source.VISIT,
        title=name,
        description=description or visit.name,
        desk=local or visit.leader.unit,
        subdistrict=local,
        spot=Spot(*place.point) if place else None,
        address=visit.name,
        photos=photos,
        at=at if by is None else None,
        demonstration=visit.demonstration,
    ).problem
    if unit is None:
        return made
    given = at if by is None else None
    made = problems.triage(by=by, problem=made, version=made.version, at=given)
    return problems.assign(by=by, problem=made, version=made.version, unit=unit, at=given)
