"""Lights set by hand, stages behind their gates, evidence."""

import hashlib
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.projects import rules, vocab
from hongtu.domains.projects.actions.lights import refresh
from hongtu.domains.projects.models import Evidence, LightChange, Project
from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.base.models import model_label
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.events import publish
from hongtu.kernel.notices.events import ReviewAsked
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import rule


@action("projects.ask_light_change")
def ask_light_change(
    *, by: Person | None, record: Project, light: str, reason: str, until: date
) -> LightChange:
    """Ask for a light set by hand, for instance 免责; it is in force once another person approves."""
    require(by, "projects.change", record)
    if not reason.strip():
        raise InvalidInput(
            _("人工改灯必须写明理由。"), code="projects.reason_required", fields={"reason": [_("请填写。")]}
        )
    made = LightChange.objects.create(project=record, light=light, reason=reason, until=until, asked_by=by)
    publish(
        ReviewAsked(
            label=model_label(made),
            key=made.pk,
            name=record.name,
            what=Sentence(mark("申请人工改灯，请审批")),
            permission="projects.approve",
            unit=record.responsible_unit_id,
            by=by.pk if by else None,
        )
    )
    note(record, reason=reason, light=light)
    return made


@action("projects.decide_light_change")
def decide_light_change(
    *, by: Person | None, change: LightChange, version: int, approve: bool
) -> LightChange:
    """Approve or refuse a light set by hand; never by the person who asked."""
    require(by, "projects.approve", change.project)
    if by is not None and by.pk == change.asked_by_id:
        raise NotAllowed(_("申请人不能审批自己的改灯申请。"), code="projects.own_light_change")
    if change.state != vocab.LightChangeState.PENDING:
        raise InvalidInput(_("该申请已处理。"), code="projects.light_change_decided")
    state = vocab.LightChangeState.APPROVED if approve else vocab.LightChangeState.REFUSED
    change.revise(version, state=state, decided_by=by, decided_at=timezone.now())
    note(change.project, light=change.light, approved=approve)
    refresh(projects=[change.project_id])
    return change


_GATE_WORDS = {
    "has_code": mark("项目代码"),
    "has_responsible_unit": mark("责任单位"),
    "actual_start": mark("实际开工日期"),
    "actual_finish": mark("实际竣工日期"),
    "registered": mark("入统日期"),
    "evidence:photo": mark("现场照片"),
    "evidence:certificate": mark("批文证照"),
    "evidence:document": mark("文件"),
}


@action("projects.change_stage")
def change_stage(*, by: Person | None, record: Project, version: int, stage: str, reason: str) -> Project:
    """Move a project to another stage when its gate is passed; InvalidInput says what is missing."""
    require(by, "projects.change", record)
    facts = rules.GateFacts(
        has_code=bool(record.project_code),
        has_responsible_unit=record.responsible_unit_id is not None,
        actual_start=record.actual_start is not None,
        actual_finish=record.actual_finish is not None,
        registered=record.registered_on is not None,
        evidence=frozenset(record.evidence.values_list("kind", flat=True)),
    )
    missing = rules.gate_faults(stage, facts, rule("projects.stages"))
    if missing:
        words = "、".join(str(_(_GATE_WORDS[m])) for m in missing)
        raise InvalidInput(
            _("不能进入“%(stage)s”阶段，还缺：%(missing)s。")
            % {"stage": _(vocab.Stage(stage).label), "missing": words},
            code="projects.gate_closed",
            fields={"stage": [words]},
        )
    before = record.stage
    record.revise(version, stage=stage)
    note(record, reason=reason, before=before, after=stage)
    refresh(projects=[record.pk])
    return record


EVIDENCE_TYPES = {".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG", ".pdf": b"%PDF-"}
MOST_BYTES = 20 * 1024 * 1024


@action("projects.add_evidence")
def add_evidence(
    *, by: Person | None, record: Project, kind: str, title: str, file: UploadedFile, **facts: Any
) -> Evidence:
    """Keep a photo or document; the file is stored under a name that says nothing."""
    require(by, "projects.change", record)
    suffix = "." + (file.name or "").rsplit(".", 1)[-1].lower()
    if EVIDENCE_TYPES.get(suffix) is None or (file.size or 0) > MOST_BYTES:
        raise InvalidInput(
            _("只接受20兆以内的JPG、PNG或PDF文件。"),
            code="projects.evidence_type",
            fields={"file": [_("请换一个文件。")]},
        )
    if not file.read(16).startswith(EVIDENCE_TYPES[suffix]):
        raise InvalidInput(
            _("文件内容与后缀%s不符。") % suffix,
            code="projects.evidence_content",
            fields={"file": [_("请换一个文件。")]},
        )
    file.seek(0)
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    file.name = digest.hexdigest()[:32] + suffix
    made = Evidence.objects.create(
        project=record, kind=kind, title=title, file=file, digest=digest.hexdigest(), by=by, **facts
    )
    note(record, evidence=made.pk, digest=made.digest)
    return made
