"""The life of a guide: draft, submitted, published by another person or returned; then never changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.matters import rules, vocab
from hongtu.domains.matters.actions.parts import (
    Rows,
    assess,
    checked_elements,
    checked_materials,
    forbidden,
    material_words,
    parts_of,
    refuse_forbidden,
    spoken,
    write_parts,
)
from hongtu.domains.matters.models import Guide, GuideFile, Matter
from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.base.models import model_label
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.events import publish
from hongtu.kernel.notices.events import ReviewAsked
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

OPEN = (vocab.GuideState.DRAFT, vocab.GuideState.RETURNED)
TEXTS = (
    "department", "audience", "conditions", "channels", "time_note", "fee", "result", "basis", "phone",
    "complaint_phone", "mistakes",
)  # fmt: skip
# What a new version takes over from the one before it.
CONTENT = (
    *TEXTS,
    "visits",
    "legal_days",
    "promised_days",
    "day_unit",
    "commitment",
    "elements",
    "expires_on",
)


def _number(matter: Matter) -> int:
    return (matter.guides.aggregate(last=Max("number"))["last"] or 0) + 1


def _checked(
    fields: dict[str, Any], parts: Mapping[str, Rows] | None, record: Guide | None = None
) -> dict[str, Rows]:
    """Refuse what a guide must not hold; its rows as they are stored. `fields` gets its elements checked."""
    start = fields.get("effective_from", record.effective_from if record else None)
    end = fields.get("expires_on", record.expires_on if record else None)
    if start and end and end < start:
        text = _("失效日期 %(end)s 早于生效日期 %(start)s。") % {"end": end, "start": start}
        raise InvalidInput(text, fields={"expires_on": [text]}, code="matters.dates_in_order")
    if "elements" in fields:
        fields["elements"] = checked_elements(fields["elements"])
    ready = dict(parts or {})
    if "materials" in ready:
        ready["materials"] = checked_materials(ready["materials"])
    refuse_forbidden(ready)
    return ready


@action("matters.draft")
def draft(
    *, by: Person | None, matter: Matter, parts: Mapping[str, Rows] | None = None, **fields: Any
) -> Guide:
    """A first or new version as a draft. `parts`: rows of materials, steps and offices."""
    require(by, "matters.change", matter)
    ready = _checked(fields, parts)
    Matter.objects.select_for_update().get(pk=matter.pk)  # two drafts at once take different numbers
    fields.setdefault("effective_from", today())
    made = Guide.objects.create(matter=matter, number=_number(matter), drafted_by=by, **fields)
    write_parts(made, ready)
    assess(made)
    note(made, matter=matter.name, number=made.number)
    return made


@action("matters.next_version")
def next_version(
    *,
    by: Person | None,
    guide: Guide,
    origin: str = "",
    parts: Mapping[str, Rows] | None = None,
    **changes: Any,
) -> Guide:
    """A draft that takes over a version's content with these changes; the old version stays as it was."""
    require(by, "matters.change", guide)
    fields = {name: getattr(guide, name) for name in CONTENT} | {"effective_from": today()} | changes
    made = draft(
        by=by,
        matter=guide.matter,
        parts={**parts_of(guide), **(parts or {})},
        origin=origin[:300],
        **fields,
    )
    named = {m.name for m in made.materials.all()}
    GuideFile.objects.bulk_create(
        GuideFile(
            guide=made,
            element=f.element,
            material=f.material,
            file=f.file.name,
            name=f.name,
            sha256=f.sha256,
            by=f.by,
        )
        for f in guide.files.all()
        if not f.material or f.material in named
    )
    assess(made)
    note(made, after=guide.number, reason=origin)
    return made


@action("matters.revise_guide")
def revise_guide(
    *,
    by: Person | None,
    record: Guide,
    version: int,
    parts: Mapping[str, Rows] | None = None,
    **changes: Any,
) -> Guide:
    """Change a draft. A published version stays: its change becomes the next version's draft, returned."""
    require(by, "matters.change", record)
    if record.state == vocab.GuideState.SUBMITTED:
        raise InvalidInput(_("该版本正在审核，不能修改；请先由审核人退回。"), code="matters.under_review")
    if record.state not in OPEN:
        return next_version(by=by, guide=record, parts=parts, **changes)
    ready = _checked(changes, parts, record)
    record.revise(version, **changes, drafted_by=by or record.drafted_by)
    write_parts(record, ready)
    assess(record)
    note(record, fields=sorted(changes), parts=sorted(parts or {}))
    return record


@action("matters.import_guides")
def import_guides(
    *,
    by: Person | None,
    create: Sequence[Mapping[str, Any]],
    update: Sequence[tuple[Guide, Mapping[str, Any]]],
    source: Mapping[str, Any],
) -> list[Any]:
    """Guides of a workbook become drafts; what is published is never overwritten by a file."""
    made = [draft(by=by, **row) for row in create]
    made += [
        revise_guide(by=by, record=guide, version=guide.version, **changes)
        for guide, changes in update
        if changes
    ]
    note(created=len(create), updated=len(update), **source)
    return [guide.pk for guide in made]


def faults_of(guide: Guide) -> list[rules.Fault]:
    """What keeps this guide from being published."""
    parts = parts_of(guide)
    texts = {name: getattr(guide, name) for name in TEXTS}
    texts |= spoken(guide)
    unit = guide.elements.get("anticipate_type") or guide.day_unit
    return rules.faults(
        texts=texts,
        materials=[row["name"] for row in parts["materials"]],
        steps=[f"{row['name']} {row['who']} {row['days']} {row['text']}" for row in parts["steps"]],
        offices=[
            f"{row['name']} {row['window']} {row['address']} {row['hours']} {row['phone']}"
            for row in parts["offices"]
        ],
        legal_days=guide.legal_days,
        promised_days=guide.promised_days,
        forbidden=forbidden(),
        day_units=(unit, guide.day_unit),
    )


def fault_words(fault: rules.Fault) -> str:
    """A fault in words: what is wrong and what to do."""
    if fault.field == "materials" and fault.code in ("matters.catch_all_material", "matters.must_not_ask"):
        return material_words(fault)
    words = {
        "matters.department_missing": _("请填写实施主体。"),
        "matters.nowhere_to_go": _("请至少写明一个办理地点或咨询电话。"),
        "matters.promise_beyond_law": _("承诺时限不能长于法定时限（%s）。"),
        "matters.instruction_in_text": _("“%s”不是写给办事人的内容，请删去。"),
    }[fault.code]
    return words % fault.text if "%s" in words else words


def _refuse_faulty(guide: Guide) -> None:
    found = faults_of(guide)
    if found:
        fields: dict[str, list[str]] = {}
        for fault in found:
            fields.setdefault(fault.field.split(".")[0], []).append(fault_words(fault))
        raise InvalidInput(
            "；".join(text for texts in fields.values() for text in texts),
            fields=fields,
            code=found[0].code,
        )


@action("matters.submit")
def submit(*, by: Person | None, guide: Guide, version: int) -> Guide:
    """Hand a draft in for review; refused while it has faults."""
    require(by, "matters.change", guide)
    if guide.state not in OPEN:
        raise InvalidInput(_("只有起草中或已退回的版本可以送审。"), code="matters.not_open")
    _refuse_faulty(guide)
    guide.revise(
        version,
        state=vocab.GuideState.SUBMITTED,
        submitted_at=timezone.now(),
        return_reason="",
        drafted_by=by or guide.drafted_by,
    )
    publish(
        ReviewAsked(
            label=model_label(guide),
            key=guide.pk,
            name=guide.matter.name,
            what=Sentence(mark("办事指南已送审，请审核")),
            permission="matters.approve",
            unit=guide.matter.unit_id,
            by=by.pk if by else None,
            round=guide.version,
        )
    )
    note(guide, matter=guide.matter.name)
    return guide


@action("matters.decide")
def decide(*, by: Person | None, guide: Guide, version: int, publish: bool, reason: str = "") -> Guide:
    """Second step: another person publishes the version, or returns it with a reason."""
    require(by, "matters.approve", guide)
    if by is not None and by.pk == guide.drafted_by_id:
        raise NotAllowed(_("起草人不能审核自己的版本。"), code="matters.own_guide")
    if guide.state != vocab.GuideState.SUBMITTED:
        raise InvalidInput(_("只有待审核的版本可以审核。"), code="matters.not_submitted")
    if not publish and not reason.strip():
        text = _("退回必须写明理由。")
        raise InvalidInput(text, code="matters.reason_required", fields={"reason": [text]})
    if publish:
        _refuse_faulty(guide)  # the list of what must not be asked may have grown meanwhile
    state = vocab.GuideState.PUBLISHED if publish else vocab.GuideState.RETURNED
    reviewed = {"reviewed_on": today()} if publish else {}
    guide.revise(
        version,
        state=state,
        decided_by=by,
        decided_at=timezone.now(),
        return_reason="" if publish else reason[:300],
        **reviewed,
    )
    assess(guide)
    note(guide, reason=reason, published=publish)
    return guide
