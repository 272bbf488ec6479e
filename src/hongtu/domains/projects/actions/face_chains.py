"""A signed joint schedule carried out: faces take their new windows, chains their new limits."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hongtu.domains.projects import queries
from hongtu.domains.projects.models import FaceAgreement, Project, WorkFace
from hongtu.domains.projects.rules.faces import StepFacts, handovers, step_changes
from hongtu.engines.vocabulary import mark
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains import actions as chains
from hongtu.kernel.chains.actions import Link
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.chains.vocab import DurationUnit, Line, RelationType, Segment, SlipCause, Whose
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today


def carry_out(by: Person, agreement: FaceAgreement) -> list[dict[str, Any]]:
    """Write the agreement into faces and chains; what was written, for the record.

    Runs inside the action that signs. A relation between two chains becomes a date on the later one (not
    before the agreed day), because a chain is planned by itself; giving ground becomes a step of the
    chain of the party that leaves, due on the agreed day, and every face that moves a step of its own, which
    the step it belongs to waits for. The plan as it stood is kept as a baseline.
    """
    reason = Sentence(mark("作业面协议 %(number)s"), {"number": agreement.pk})
    terms = agreement.terms
    placed = {row["space"]: row for row in terms["schedule"]}
    found = {
        face.code: face for face in WorkFace.objects.filter(code__in=placed).select_related("step", "project")
    }
    changed = {code for code, face in found.items() if _differs(face, placed[code]["parts"])}
    applied: list[dict[str, Any]] = []
    for project in agreement.parties.order_by("pk"):
        own = {code: face for code, face in found.items() if face.project_id == project.pk}
        if changed & own.keys():
            applied += _bind_chain(by, project, own, placed, changed, reason)
    for code in sorted(changed):
        _move_face(found[code], placed[code]["parts"])
    return applied


def _differs(face: WorkFace, parts: list[Mapping[str, Any]]) -> bool:
    as_planned = {"start": face.start.isoformat(), "finish": face.finish.isoformat()}
    return len(parts) != 1 or any(parts[0][key] != value for key, value in as_planned.items())


def _bind_chain(
    by: Person,
    project: Project,
    faces: Mapping[str, WorkFace],
    placed: Mapping[str, Mapping[str, Any]],
    changed: set[str],
    reason: Sentence,
) -> list[dict[str, Any]]:
    chain = queries.chain_of(project)
    if chain is None:
        return []
    chains.keep_baseline(
        by=by, chain=chain, name=Sentence(mark("%(what)s生效前"), {"what": reason}), valid_from=chain.start
    )
    applied = _bind_steps(by, project, faces, placed, changed, reason)
    for code in sorted(changed & faces.keys(), key=lambda code: placed[code]["parts"][0]["start"]):
        face, parts = faces[code], placed[code]["parts"]
        given_up = handovers(parts)
        for place, day in given_up:
            name = _("让出作业面：%(face)s → %(place)s") % {"face": face.name, "place": place or face.name}
            step = _add_step(by, chain, project, name, (day, day), due=True)
            applied.append(_line(project, step, {"finish_no_later_than": (None, day)}, added=True))
        if not given_up:
            window = _window(parts)
            shorter = window[1] - window[0] < face.finish - face.start
            step = _add_step(by, chain, project, _("进入作业面：%s") % face.name, window, due=shorter)
            applied.append(_line(project, step, {"start_no_earlier_than": (None, window[0])}, added=True))
            if face.step is not None and face.step.actual_finish is None:
                _wait_for(by, face.step, step, reason)
    return applied


def _add_step(
    by: Person, chain: Chain, project: Project, name: str, window: tuple[date, date], *, due: bool
) -> Step:
    """A step of the chain that keeps the agreed days of one face."""
    start, finish = window
    fields = {
        "name": name[:200],
        "segment": Segment.PROBLEM,
        "line": Line.CONSTRUCTION,
        "unit": project.owner,
        "person": project.owner_contact,
        "whose": Whose.CONTRACTOR,
        "critical": True,
        "duration": (finish - start).days + 1,
        "duration_unit": DurationUnit.CALENDAR_DAY,
        "planned_start": start,
        "planned_finish": finish,
        "start_no_earlier_than": start,
        "finish_no_later_than": finish if due else None,
        "evidence_required": _("双方现场移交确认"),
    }
    return chains.add_step(by=by, chain=chain, fields=fields, data_date=today())


def _wait_for(by: Person, whole: Step, part: Step, reason: Sentence) -> None:
    """The whole step is not done before the agreed part of it is."""
    links = [
        Link(r.predecessor.sequence, whole.sequence, r.type, r.lag, r.lag_unit)
        for r in whole.predecessors.select_related("predecessor")
    ]
    links.append(Link(part.sequence, whole.sequence, RelationType.FINISH_FINISH))
    chains.set_predecessors(by=by, step=whole, links=links, reason=str(reason), data_date=today())


def _bind_steps(
    by: Person,
    project: Project,
    faces: Mapping[str, WorkFace],
    placed: Mapping[str, Mapping[str, Any]],
    changed: set[str],
    reason: Sentence,
) -> list[dict[str, Any]]:
    calendar = working_calendar()
    groups: dict[int, list[WorkFace]] = defaultdict(list)
    for face in faces.values():
        if face.step is not None and face.step.actual_finish is None:
            groups[face.step.pk].append(face)
    applied = []
    for key, members in sorted(groups.items()):
        if not any(face.code in changed for face in members):
            continue
        step = Step.objects.select_related("chain").get(pk=key)
        elapsed = step.duration_unit == DurationUnit.CALENDAR_DAY
        facts = StepFacts(
            step.planned_start,
            step.planned_finish,
            step.duration,
            step.remaining_duration,
            step.actual_start is not None,
        )
        changes = step_changes(
            facts,
            [(face.start, face.finish) for face in members],
            [_window(placed[face.code]["parts"]) for face in members],
            (lambda a, b: (b - a).days) if elapsed else calendar.count,
        )
        if changes:
            before = {name: getattr(step, name) for name in changes}
            chains.revise_step(
                by=by,
                step=step,
                version=step.version,
                changes=changes,
                reason=reason,
                cause=SlipCause.NEIGHBOUR,
                data_date=today(),
            )
            applied.append(_line(project, step, {k: (before[k], v) for k, v in changes.items()}))
    return applied


def _line(
    project: Project, step: Step, changes: Mapping[str, tuple[Any, Any]], *, added: bool = False
) -> dict[str, Any]:
    written = {
        name: [None if value is None else str(value) for value in pair] for name, pair in changes.items()
    }
    return {"project": project.pk, "step": step.pk, "name": step.name, "added": added, "changes": written}


def _window(parts: list[Mapping[str, Any]]) -> tuple[date, date]:
    return date.fromisoformat(parts[0]["start"]), date.fromisoformat(parts[-1]["finish"])


def _move_face(face: WorkFace, parts: list[Mapping[str, Any]]) -> None:
    """The face takes its first part; every further place becomes a face of its own that follows it."""
    first, *rest = parts
    grounds = places_of(face.moves)
    links = face.links
    start, finish = _window([first])
    as_long = not rest and not first.get("place") and finish - start == face.finish - face.start
    face.revise(
        face.version,
        start=start,
        finish=finish,
        geometry=grounds.get(first.get("place") or "", face.geometry),
        earliest=start,
        links=[] if rest else links,
        elastic=face.elastic and not rest,
        moves=face.moves if as_long else [],
    )
    previous = face
    for number, part in enumerate(rest, 1):
        begin, end = _window([part])
        last = number == len(rest)
        lag = (begin - previous.finish).days - 1
        previous = WorkFace.objects.create(
            project=face.project,
            code=f"{face.code}/{number}"[:60],
            name=f"{face.name}（{part.get('place') or number}）"[:200],
            kind=face.kind,
            access=face.access,
            geometry=grounds.get(part.get("place") or "", face.geometry),
            clearance_m=face.clearance_m,
            start=begin,
            finish=end,
            earliest=begin,
            step=face.step,
            activity=face.activity,
            elastic=face.elastic and last,
            links=[*(links if last else []), {"id": previous.code, "type": "FS", "lag_days": max(0, lag)}],
            demonstration=face.demonstration,
        )


def places_of(moves: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Geometry of every other place that the moves of a face name."""
    found: dict[str, Any] = {}
    for move in moves:
        if move.get("type") == "relocate" and move.get("place"):
            found[str(move["place"])] = move.get("geometry")
        for number, stage in enumerate(move.get("stages") or [], 1):
            found[str(stage.get("name") or number)] = stage.get("geometry")
    return found
