"""Work faces: taken from GeoJSON, solved jointly, put before the parties, signed."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from hongtu.domains.projects import queries, vocab
from hongtu.domains.projects.actions.face_chains import carry_out
from hongtu.domains.projects.models import (
    FaceAgreement,
    FaceSignature,
    FaceTerms,
    JointRun,
    Project,
    WorkFace,
)
from hongtu.domains.projects.queries import faces as reads
from hongtu.engines.schedule.worksite import Fault, WorksiteError, read_scene, scene_of
from hongtu.engines.schedule.worksite.fields import parse_date
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import HongtuError, InvalidInput, NotAllowed
from hongtu.kernel.chains.events import NeighboursChanged
from hongtu.kernel.events import publish
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

MOST_BYTES = 5 * 1024 * 1024
MOST_SECONDS = 120


class FaceFaults(HongtuError):
    """A GeoJSON file that cannot be taken: the engine's faults, each with its code, feature and field."""

    code = "projects.faces_refused"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(_("文件有 %d 处问题，没有写入任何内容。") % len(faults))
        self.faults = tuple(faults)


def read_document(content: bytes) -> dict[str, Any]:
    """Parse and check a GeoJSON file exactly as `hongtu plan faces` does. Raises FaceFaults."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "faces.geojson"
        path.write_bytes(content)
        try:
            read_scene(path)
        except WorksiteError as error:
            raise FaceFaults(error.faults) from error
    found: dict[str, Any] = json.loads(content.decode("utf-8-sig"))
    return found


@action("projects.upload_faces")
def upload_faces(
    *,
    by: Person | None,
    document: Mapping[str, Any],
    only_project: Project | None = None,
    replace: bool = False,
    demonstration: bool = False,
) -> list[WorkFace]:
    """Keep the faces of a checked document; a face with a known id is brought up to date.

    A party of the file is the project of the ledger with that code or name; `only_project` takes the faces of
    a file with a single party. `replace` removes the parties' faces that the file does not name. The
    whole district's scene is checked afterwards; all or nothing. Raises FaceFaults.
    """
    parties = _parties(document, only_project)
    for project in parties.values():
        require(by, "projects.change", project)
    _keep_terms(document, parties)
    kept = [
        _keep_face(index, feature, parties, demonstration)
        for index, feature in enumerate(document["features"])
    ]
    if replace:
        WorkFace.objects.filter(project__in=parties.values()).exclude(
            pk__in=[face.pk for face in kept]
        ).delete()
    check_scene()
    publish(NeighboursChanged())
    note(next(iter(parties.values())), faces=len(kept), projects=[p.pk for p in parties.values()])
    return kept


def _parties(document: Mapping[str, Any], only: Project | None) -> dict[str, Project]:
    names = {
        str(row["id"]): str(row.get("name") or "")
        for row in (document.get("hongtu") or {}).get("projects") or []
    }
    used = list(dict.fromkeys(str(f["properties"]["project"]) for f in document["features"]))
    if only is not None and len(used) == 1:
        return {used[0]: only}
    found: dict[str, Project] = {}
    faults = []
    for key in used:
        wanted = [text for text in (names.get(key), key) if text]
        match = (
            Project.objects.filter(project_code=key).first()
            or Project.objects.filter(name__in=wanted).first()
            or Project.objects.filter(alias__in=wanted).exclude(alias="").first()
        )
        if match is None:
            faults.append(
                Fault(
                    "PROJECT_NOT_IN_LEDGER",
                    f"{key!r} ({names.get(key) or key}) is no project of the ledger",
                    "give the project's code as id, or its name in the ledger",
                    identifier=key,
                    field="project",
                )
            )
        else:
            found[key] = match
    if faults:
        raise FaceFaults(faults)
    return found


def _keep_terms(document: Mapping[str, Any], parties: Mapping[str, Project]) -> None:
    for row in (document.get("hongtu") or {}).get("projects") or []:
        project = parties.get(str(row["id"]))
        if project is None:
            continue
        promised = row.get("promised")
        given = {
            "party": str(row.get("party") or "")[:100],
            "delay_cost_per_day": Decimal(str(row.get("delay_cost_per_day", 1))),
            "priority": int(row.get("priority") or 0),
            "promised": parse_date(promised) if promised else None,
        }
        stored = FaceTerms.objects.filter(project=project).first()
        if stored is None:
            FaceTerms.objects.create(project=project, **given)
        elif changes := {k: v for k, v in given.items() if getattr(stored, k) != v}:
            stored.revise(stored.version, **changes)


def _keep_face(
    index: int, feature: Mapping[str, Any], parties: Mapping[str, Project], demonstration: bool
) -> WorkFace:
    given = feature["properties"]
    code = str(given.get("id") or feature.get("id"))
    project = parties[str(given["project"])]
    stored = WorkFace.objects.filter(code=code).first()
    if stored is not None and stored.project_id != project.pk:
        hint = "give the feature another id"
        raise FaceFaults([Fault("ID_TAKEN", f"another project has a face {code!r}", hint, index, code, "id")])
    values = _values(feature, project)
    if stored is None:
        return WorkFace.objects.create(project=project, code=code, demonstration=demonstration, **values)
    changes = {name: value for name, value in values.items() if getattr(stored, name) != value}
    return stored.revise(stored.version, **changes)


def _values(feature: Mapping[str, Any], project: Project) -> dict[str, Any]:
    given = feature["properties"]
    numbers = ("width_m", "radius_m", "clearance_m")
    dates = ("start", "finish", "earliest", "latest_finish")
    activity = str(given.get("activity") or "")
    return {
        "name": str(given.get("name") or feature.get("id") or "")[:200],
        "kind": given.get("kind") or vocab.FaceKind.WORK_FACE.value,
        "access": given.get("access") or "",
        "geometry": feature.get("geometry"),
        "activity": activity[:100],
        "step": _step(project, given.get("step"), activity),
        "fixed": bool(given.get("fixed")),
        "elastic": bool(given.get("elastic")),
        "links": list(given.get("predecessors") or []),
        "moves": list(given.get("moves") or []),
        "delay_cost_per_day": Decimal(str(given.get("delay_cost_per_day") or 0)),
        **{name: float(given.get(name) or 0) for name in numbers},
        **{name: parse_date(given[name]) if given.get(name) else None for name in dates},
    }


def _step(project: Project, sequence: Any, activity: str) -> Any:
    """The chain step a face belongs to: by its number in the chain, else by its name."""
    chain = queries.chain_of(project)
    if chain is None:
        return None
    if isinstance(sequence, int):
        return chain.steps.filter(sequence=sequence).first()
    return chain.steps.filter(name=activity).first() if activity else None


def check_scene() -> None:
    """Refuses what makes the district's present faces no scene any more. Raises FaceFaults."""
    document = reads.document(reads.faces(None, today()), today())
    if document["features"]:
        try:
            scene_of(document)
        except WorksiteError as error:
            raise FaceFaults(error.faults) from error


def need_reason(reason: str) -> None:
    """Refuses an empty reason."""
    if not reason.strip():
        raise InvalidInput(
            _("请写明理由。"), code="projects.reason_required", fields={"reason": [_("请填写。")]}
        )


@action("projects.ask_joint_schedule")
def ask_joint_schedule(*, by: Person | None, seconds: int) -> JointRun:
    """Queue a search for joint schedules over all present faces, at most `seconds` long."""
    require(by, "projects.change")
    document = reads.document(reads.faces(None, today()), today())
    if not document["features"]:
        raise InvalidInput(_("还没有作业面，请先上传。"), code="projects.no_faces")
    run = JointRun.objects.create(asked_by=by, scene=document, seconds=min(MOST_SECONDS, max(2, seconds)))
    note(run, seconds=run.seconds, faces=len(document["features"]))
    # By name: the task itself stands above the actions.
    transaction.on_commit(lambda: app.configure_task("projects.solve_joint").defer(run_id=run.pk))
    return run


@action("projects.stop_joint_schedule")
def stop_joint_schedule(*, by: Person | None, run: JointRun) -> None:
    """Ask a search to end with the best it has."""
    require(by, "projects.change")
    JointRun.objects.filter(pk=run.pk).update(stop_asked=True)
    note(run)


def report_progress(run: JointRun, **known: Any) -> bool:
    """Write how far a search is; whether somebody asked it to stop."""
    JointRun.objects.filter(pk=run.pk).update(**known)
    return bool(JointRun.objects.values_list("stop_asked", flat=True).get(pk=run.pk))


@action("projects.finish_joint_schedule")
def finish_joint_schedule(
    *, by: Person | None, run: JointRun, report: Mapping[str, Any], state: str, faults: Sequence[Any] = ()
) -> None:
    """Keep what a search found."""
    JointRun.objects.filter(pk=run.pk).update(report=report, state=state, faults=list(faults))
    note(run, state=state, clusters=len(report.get("clusters", ())))


@action("projects.propose_agreement")
def propose_agreement(
    *, by: Person | None, run: JointRun, cluster: int, alternative: int, reason: str
) -> FaceAgreement:
    """Put one alternative of a cluster before its parties. Only what the independent check passed."""
    try:
        group = run.report["clusters"][cluster]
        chosen = group["alternatives"][alternative]
    except (KeyError, IndexError) as error:
        raise InvalidInput(_("没有这个方案。"), code="projects.no_such_alternative") from error
    if not chosen["verified"]:
        raise InvalidInput(_("该方案没有通过独立校核，不能签署。"), code="projects.not_verified")
    parties = list(Project.objects.filter(pk__in=[int(key) for key in group["projects"]]))
    if by is not None and not any(
        queries.projects(by).filter(pk=p.pk).exists() and _may_change(by, p) for p in parties
    ):
        raise NotAllowed(_("只有相关各方或项目推进中心可以提请签署。"), code="projects.no_party")
    moved_on = _moved_on(run, chosen)
    if moved_on:
        raise InvalidInput(
            _("求解后作业面“%s”已有变化，请重新求解。") % moved_on, code="projects.run_outdated"
        )
    made = FaceAgreement.objects.create(
        run=run, reason=reason, proposed_by=by, terms={"projects": group["projects"], **chosen}
    )
    made.parties.set(parties)
    note(made, reason=reason, run=run.pk, aim=chosen["aim"], yuan=chosen["total_yuan"])
    return made


def _may_change(by: Person, project: Project) -> bool:
    try:
        require(by, "projects.change", project)
    except NotAllowed:
        return False
    return True


def _moved_on(run: JointRun, chosen: Mapping[str, Any]) -> str:
    """Name of a face of the alternative that is no longer as the search saw it: its window, its ground, or
    the way it takes it."""
    seen = {f["id"]: f for f in run.scene["features"]}
    codes = [row["space"] for row in chosen["schedule"]]
    now = {face.code: face for face in WorkFace.objects.filter(code__in=codes).select_related("step")}
    for row in chosen["schedule"]:
        face, then = now.get(row["space"]), seen[row["space"]]
        if face is None or _ground(reads.feature(face, set(), "")) != _ground(then):
            return str(then["properties"].get("name") or row["space"])
    return ""


_SOLVED_ON = ("start", "finish", "access", "kind", "width_m", "radius_m", "clearance_m", "fixed", "elastic")


def _ground(feature: Mapping[str, Any]) -> tuple[Any, ...]:
    return feature["geometry"], *(feature["properties"].get(name) for name in _SOLVED_ON)


@action("projects.sign_agreement")
def sign_agreement(*, by: Person, agreement: FaceAgreement, project: Project, version: int) -> FaceAgreement:
    """Sign for one party. With the last signature the agreement binds the faces and chains of all.

    Raises NotAllowed for somebody who does not speak for the party or has signed for another one.
    """
    if not reads.may_sign(by, project) or not agreement.parties.filter(pk=project.pk).exists():
        raise NotAllowed(_("您不能代表该项目签署。"), code="projects.not_the_party")
    if agreement.state != vocab.AgreementState.PROPOSED:
        raise InvalidInput(_("该协议已不在签署阶段。"), code="projects.agreement_closed")
    signed = agreement.signatures.all()
    if any(s.project_id == project.pk for s in signed):
        raise InvalidInput(_("该方已经签署。"), code="projects.already_signed")
    if any(s.person_id == by.pk for s in signed):
        raise NotAllowed(_("同一人不能代表两方签署。"), code="projects.signed_for_another")
    outdated = _moved_on(agreement.run, agreement.terms)
    if outdated:
        raise InvalidInput(
            _("求解后作业面“%s”已有变化，请重新求解。") % outdated, code="projects.run_outdated"
        )
    FaceSignature.objects.create(agreement=agreement, project=project, person=by)
    note(agreement, project=project.pk)
    waiting = agreement.parties.exclude(pk__in=agreement.signatures.values("project")).exists()
    if waiting:
        return agreement.revise(version, state=vocab.AgreementState.PROPOSED.value)
    applied = carry_out(by, agreement)
    check_scene()
    publish(NeighboursChanged())
    return agreement.revise(
        version,
        state=vocab.AgreementState.IN_FORCE.value,
        in_force_at=timezone.now(),
        terms={**agreement.terms, "applied": applied},
    )


@action("projects.withdraw_agreement")
def withdraw_agreement(*, by: Person, agreement: FaceAgreement, version: int, reason: str) -> FaceAgreement:
    """Take a proposal back that has not come into force."""
    need_reason(reason)
    if agreement.state != vocab.AgreementState.PROPOSED:
        raise InvalidInput(_("该协议已不在签署阶段。"), code="projects.agreement_closed")
    if not any(_may_change(by, party) for party in agreement.parties.all()):
        raise NotAllowed(_("您没有执行该操作的权限。"), code="projects.no_party")
    note(agreement, reason=reason)
    return agreement.revise(version, state=vocab.AgreementState.WITHDRAWN.value, reason=reason)
