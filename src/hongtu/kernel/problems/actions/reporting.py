"""Bringing a problem in: the report, further reporters of the same, photos, kinds of problem."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from hongtu.kernel.access.policies import require
from hongtu.kernel.access.roles import Confidentiality
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.audit.registers import register_actions
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.chains.models import Step
from hongtu.kernel.events import publish
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.places.actions import located
from hongtu.kernel.places.models import CoordinateSystem, Place
from hongtu.kernel.problems import numbering
from hongtu.kernel.problems.actions.core import doers_with, log, moment
from hongtu.kernel.problems.events import ProblemReported
from hongtu.kernel.problems.evidence import Photo
from hongtu.kernel.problems.models import Category, Evidence, Following, Problem, Reporter
from hongtu.kernel.problems.terms import terms
from hongtu.kernel.problems.vocab import Clock, Kind, Move, Phase, Refusal, State, Urgency
from hongtu.kernel.profile.models import district

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Contact:
    """Who reports. Everything may be empty: an anonymous report is followed by its code."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Spot:
    """Where it is, in degrees of a coordinate system."""

    longitude: float
    latitude: float
    system: str = CoordinateSystem.WGS84


@dataclass(frozen=True)
class Reported:
    """What a report yields. `link` is the private token; only its hash is kept, so it is shown once."""

    problem: Problem
    reporter: Reporter
    link: str


def link_hash(link: str) -> str:
    """What is stored of a private link."""
    return hashlib.sha256(link.encode()).hexdigest()


@action("problems.report")
def report(
    *,
    by: Person | None,
    source: str,
    title: str,
    description: str = "",
    category: Category | None = None,
    urgency: str = "",
    kind: str = Kind.PROBLEM,
    confidentiality: int = Confidentiality.INTERNAL,
    desk: Unit | None = None,
    subdistrict: Unit | None = None,
    community: Unit | None = None,
    spot: Spot | None = None,
    address: str = "",
    step: Step | None = None,
    attributes: Mapping[str, Any] | None = None,
    contact: Contact | None = None,
    photos: Sequence[Photo] = (),
    due_at: datetime | None = None,
    at: datetime | None = None,
    demonstration: bool = False,
) -> Reported:
    """A new problem with its first reporter. Without a desk: the sub-district's, else the district's.

    `by` None is a resident (or the house taking over old records, which alone may give `at`). `due_at`: a
    deadline that somebody set (a meeting, a superior), instead of the rule's by urgency. Raises InvalidInput
    when the title is empty, the place impossible or the deadline not in the future.
    """
    if not title.strip():
        raise InvalidInput(_("请写明是什么问题。"), fields={"title": [_("请填写。")]})
    began, counting = moment(by, at), terms()
    chosen = Urgency(urgency or (category.urgency if category else Urgency.GENERAL))
    due = due_at or counting.work_ends(began, chosen)
    if due <= began:
        text = _("时限须晚于上报时间。")
        raise InvalidInput(text, fields={"due_at": [text]}, code=Refusal.DATE_IN_PAST.value)
    problem = Problem.objects.create(
        id=hidden_key(confidentiality),
        number=numbering.draw(began.astimezone().year, confidentiality),
        kind=kind,
        source=source,
        title=title.strip()[:120],
        description=description,
        category=category,
        attributes=dict(attributes or {}),
        urgency=chosen,
        confidentiality=confidentiality,
        desk=desk or subdistrict or _district_unit(),
        owner_unit=desk or subdistrict or _district_unit(),
        subdistrict=subdistrict,
        community=community,
        place=_place(title, spot, address),
        address=address,
        step=step,
        state=State.REPORTED,
        clock=Clock.TRIAGE,
        clock_due_at=counting.ends(began, "triage"),
        due_at=due,
        first_due_at=due,
        respond_by=counting.ends(began, "respond"),
        reported_at=began,
        reported_by=by,
        demonstration=demonstration,
    )
    reporter, link = _reporter(problem, by, contact, description)
    log(problem, Move.REPORT, by=by, at=began)
    attach(problem, photos, Phase.BEFORE, by=by, at=began)
    note(problem, number=problem.number, source=source)
    publish(ProblemReported(problem.pk))
    return Reported(problem, reporter, link)


def hidden_key(confidentiality: int) -> int | None:
    """Keys of confidential items come from nowhere near the sequence, so that no gap in it betrays them."""
    return secrets.randbelow(2**52) + 2**40 if confidentiality > Confidentiality.INTERNAL else None


def _district_unit() -> Unit:
    found = district()
    if found is None:
        raise InvalidInput(_("还没有建立区，不能受理问题。"), code="problems.no_district")
    return found.unit


def _place(title: str, spot: Spot | None, address: str) -> Place | None:
    if spot is None:
        return None
    geometry = {"type": "Point", "coordinates": [spot.longitude, spot.latitude]}
    return Place.objects.create(
        name=title[:200], kind="problem", address=address, **located(geometry, spot.system)
    )


def _reporter(
    problem: Problem, by: Person | None, contact: Contact | None, words: str
) -> tuple[Reporter, str]:
    link = secrets.token_urlsafe(32)
    given = contact or Contact(name=str(by) if by else "")
    reporter = Reporter.objects.create(
        problem=problem,
        person=by,
        name=given.name,
        phone=given.phone,
        email=given.email,
        words=words,
        code="-".join("".join(secrets.choice(_LETTERS) for _n in range(5)) for _half in range(2)),
        link_hash=link_hash(link),
    )
    Following.objects.create(reporter=reporter, problem=problem)
    return reporter, link


@action("problems.join_report")
def join_report(
    *, by: Person | None, problem: Problem, contact: Contact | None = None, words: str = ""
) -> Reported:
    """One more reporter of the same problem; she follows it like the first."""
    if by is not None:
        require(by, "problems.change", problem)
    reporter, link = _reporter(problem, by, contact, words)
    note(problem, reporters=problem.reporters.count())
    return Reported(problem, reporter, link)


def attach(
    problem: Problem,
    photos: Sequence[Photo],
    phase: Phase,
    *,
    by: Person | None,
    at: datetime,
    name: str = "",
) -> list[Evidence]:
    """Keep clean photos inside a running action."""
    kept = []
    for photo in photos:
        kept.append(
            Evidence.objects.create(
                problem=problem,
                phase=phase,
                photo=True,
                file=ContentFile(photo.content, name=f"{secrets.token_hex(12)}.jpg"),
                name=name,
                width=photo.width,
                height=photo.height,
                sha256=photo.sha256,
                by=by,
                at=at,
            )
        )
    return kept


@action("problems.add_evidence")
def add_evidence(
    *, by: Person | None, problem: Problem, version: int, photos: Sequence[Photo], phase: str, name: str = ""
) -> list[Evidence]:
    """Photos of the work. Whoever adds one has a hand in the work and cannot verify it."""
    require(by, "problems.change", problem)
    kept = attach(problem, photos, Phase(phase), by=by, at=moment(by, None), name=name)
    problem.revise(version, doers=doers_with(problem, by))
    note(problem, photos=len(kept))
    return kept


categories = register_actions(
    Category,
    ("problems.register_category", "problems.revise_category", "problems.import_categories"),
    "problems.manage",
)
