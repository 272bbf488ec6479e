"""Every read of work faces: the scene they make, conflicts in it, joint schedules and agreements.

Who may read projects reads all faces and agreements: sharing ground is everybody's business who works there.
A face is changed within the rights on its project.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from hongtu.domains.projects.models import FaceAgreement, FaceTerms, JointRun, Project, WorkFace
from hongtu.domains.projects.queries import DOMAIN
from hongtu.engines.schedule.worksite import (
    ConflictClass,
    Scene,
    find_clashes,
    find_conflicts,
    price,
    scene_of,
)
from hongtu.engines.schedule.worksite.clusters import clusters_of
from hongtu.engines.schedule.worksite.detect import Pairs, classes_of
from hongtu.engines.schedule.worksite.report import window
from hongtu.kernel.access.policies import Policy, assignments, get, objects, policy_of, protect
from hongtu.kernel.access.roles import ROLES
from hongtu.kernel.people.models import Person

HANDOVER_DAYS = 1  # days between one party leaving a ground and the next entering it

_PROJECT = policy_of(Project)
for _model in (WorkFace, FaceTerms):
    protect(
        _model,
        Policy(
            DOMAIN,
            unit_paths=tuple(f"project__{path}" for path in _PROJECT.unit_paths),
            person_paths=tuple(f"project__{path}" for path in _PROJECT.person_paths),
            everyone=True,
        ),
    )
protect(JointRun, Policy(DOMAIN, everyone=True))
protect(FaceAgreement, Policy(DOMAIN, everyone=True))

_OPTIONAL = ("activity", "access")
_DATES = ("earliest", "latest_finish")
_FLAGS = ("fixed", "elastic")
_NUMBERS = ("width_m", "radius_m", "clearance_m", "delay_cost_per_day")


def faces(by: Person | None, since: date | None = None) -> QuerySet[WorkFace]:
    """Work faces she may see, those that end before `since` left out."""
    rows = WorkFace.objects.all() if by is None else objects(WorkFace, by=by)
    if since is not None:
        rows = rows.filter(finish__gte=since)
    return rows.select_related("project", "step").order_by("project__sequence", "start", "code")


def run(key: int, by: Person) -> JointRun:
    return get(JointRun, key, by=by)


def runs(by: Person) -> QuerySet[JointRun]:
    return objects(JointRun, by=by).select_related("asked_by").defer("scene", "report")


def agreement(key: int, by: Person) -> FaceAgreement:
    return get(FaceAgreement, key, by=by)


def agreements(by: Person) -> QuerySet[FaceAgreement]:
    return (
        objects(FaceAgreement, by=by)
        .select_related("proposed_by")
        .prefetch_related("parties", "signatures__person", "signatures__project")
    )


def may_sign(person: Person, project: Project) -> bool:
    """Whether she speaks for the project: rights to change it by her unit, not by a district-wide role."""
    policy = _PROJECT
    for held in assignments(person):
        role = ROLES[held.role]
        if role.whole_district or not role.grants(policy.permission("change")):
            continue
        if Project.objects.filter(policy.within(held, person), pk=project.pk).exists():
            return True
    return False


def feature(face: WorkFace, codes: set[str], project: str) -> dict[str, Any]:
    """One face as a GeoJSON feature; links to faces outside `codes` are over and left out."""
    properties: dict[str, Any] = {
        "project": project,
        "name": face.name,
        "start": face.start.isoformat(),
        "finish": face.finish.isoformat(),
        "kind": face.kind,
    }
    properties |= {name: getattr(face, name) for name in _OPTIONAL if getattr(face, name)}
    properties |= {name: getattr(face, name).isoformat() for name in _DATES if getattr(face, name)}
    properties |= {name: True for name in _FLAGS if getattr(face, name)}
    properties |= {name: float(getattr(face, name)) for name in _NUMBERS if getattr(face, name)}
    links = [row for row in face.links if (row["id"] if isinstance(row, dict) else str(row)) in codes]
    properties |= {"predecessors": links} if links else {}
    properties |= {"moves": face.moves} if face.moves else {}
    properties |= {"step": face.step.sequence} if face.step else {}
    return {"type": "Feature", "id": face.code, "geometry": face.geometry, "properties": properties}


def document(rows: Iterable[WorkFace], data_date: date) -> dict[str, Any]:
    """Faces as the GeoJSON that `hongtu plan faces` reads; project ids are primary keys."""
    found = list(rows)
    codes = {face.code for face in found}
    projects = {face.project_id: face.project for face in found}
    terms = {row.project_id: row for row in FaceTerms.objects.filter(project__in=projects)}
    parties = []
    for key, project in projects.items():
        party: dict[str, Any] = {"id": str(key), "name": project.name}
        if row := terms.get(key):
            party |= {
                "party": row.party,
                "delay_cost_per_day": float(row.delay_cost_per_day),
                "priority": row.priority,
            }
            party |= {"promised": row.promised.isoformat()} if row.promised else {}
        parties.append(party)
    settings = {
        "calendar": "civil",
        "data_date": data_date.isoformat(),
        "handover_days": HANDOVER_DAYS,
        "projects": parties,
    }
    return {
        "type": "FeatureCollection",
        "hongtu": settings,
        "features": [feature(face, codes, str(face.project_id)) for face in found],
    }


def tensions(scene: Scene) -> tuple[list[dict[str, Any]], list[list[int]]]:
    """`conflicts` and `clusters` of a scene, from one search for conflicts."""
    found = find_conflicts(scene)
    return _priced(scene, found), _clustered(scene, found)


def conflicts(scene: Scene) -> list[dict[str, Any]]:
    """Conflicts of the scene as planned with what waiting would cost each side, the dearest first."""
    return _priced(scene, find_conflicts(scene))


def _priced(scene: Scene, pairs: Pairs) -> list[dict[str, Any]]:
    rows = []
    for found in price(scene, pairs):
        one, other = scene.spaces[found.first], scene.spaces[found.second]
        rows.append(
            {
                "class": found.verdict.value,
                "spaces": [one.id, other.id],
                "projects": [int(one.project), int(other.project)],
                **window(scene.axis, found.overlap_start, found.overlap_finish),
                "waits": [
                    (found.first_waits_days, found.first_waits_yuan),
                    (found.second_waits_days, found.second_waits_yuan),
                ],
                "price_days": found.price_days,
                "price_yuan": found.price_yuan,
            }
        )
    return rows


def clashing(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Codes of faces that may not be used at the same time, whether their windows meet or not."""
    scene = scene_of(document)
    found = find_clashes(scene)
    return [
        (scene.spaces[int(one)].id, scene.spaces[int(other)].id)
        for one, other, verdict in zip(found.first, found.second, classes_of(found), strict=True)
        if verdict is not ConflictClass.COORDINATION
    ]


def clusters(scene: Scene) -> list[list[int]]:
    """Projects (primary keys) that have to agree with each other, one list per cluster."""
    return _clustered(scene, find_conflicts(scene))


def _clustered(scene: Scene, pairs: Pairs) -> list[list[int]]:
    groups = clusters_of(scene, pairs)
    return [[int(scene.projects[number].id) for number in key] for key in groups.clusters()]


def scene(by: Person | None, data_date: date) -> tuple[Scene | None, dict[str, Any]]:
    """The scene of all present faces and its document; None when there are none."""
    found = document(faces(by, data_date), data_date)
    return (scene_of(found) if found["features"] else None), found
