"""Guides out of documents: what was recognised becomes drafts, which two people review as any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hongtu.domains.matters.actions.guides import CONTENT, draft, next_version
from hongtu.domains.matters.actions.matters import register
from hongtu.domains.matters.actions.parts import checked_elements, parts_of
from hongtu.domains.matters.models import Guide, Matter
from hongtu.domains.matters.rules.interpretation import Recognised
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person
from hongtu.ledger.actions import finish_import
from hongtu.ledger.models import ImportJob, ImportState


@dataclass(frozen=True)
class Target:
    """Where a recognised guide goes: a matter there is, or a new one with these fields. `keep`: what the
    document does not say stays as in the matter's latest version."""

    matter: Matter | None
    new: Mapping[str, Any] | None = None
    keep: bool = True


@action("matters.import_documents")
def import_documents(
    *, by: Person | None, job: ImportJob, fingerprint: str, guides: Sequence[tuple[Recognised, Target]]
) -> list[Guide]:
    """Write the drafts of a document's guides, all or none. A guide that says nothing new writes nothing."""
    require(by, "matters.change")
    locked = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if locked.state != ImportState.CHECKED or locked.fingerprint != fingerprint:
        raise InvalidInput(_("预检结果已经变化，请重新核对后再确认。"), code="import.not_checked")
    made = []
    same = 0
    for recognised, target in guides:
        guide = _write(by, recognised, target, locked)
        if guide is None:
            same += 1
        else:
            made.append(guide)
    detail: dict[str, Any] = {"import": locked.pk, "file": locked.file_name, "digest": locked.digest}
    note(**detail, drafts=[guide.pk for guide in made], same=same)
    finish_import(locked, {"new": len(made), "unchanged": same})
    return made


def _write(by: Person | None, recognised: Recognised, target: Target, job: ImportJob) -> Guide | None:
    matter = target.matter or register(by=by, **(target.new or {}))
    origin = _("导入：%s") % job.file_name
    before = matter.guides.order_by("-number").first()
    fields = dict(recognised.fields)
    if not fields.get("department") and not (before and target.keep):
        fields["department"] = matter.unit.name
    if before is None or not target.keep:
        return draft(
            by=by,
            matter=matter,
            parts=recognised.parts,
            origin=origin[:300],
            elements=recognised.elements,
            **fields,
        )
    elements = {**before.elements, **recognised.elements}
    parts = {name: _with_what_was_known(before, name, rows) for name, rows in recognised.parts.items()}
    if _says_nothing_new(before, fields, elements, parts):
        return None
    return next_version(by=by, guide=before, origin=origin, parts=parts, elements=elements, **fields)


def _with_what_was_known(before: Guide, name: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the document with what the latest version knows of those of the same name: the place of an
    office, details of a material."""
    known = {row["name"]: row for row in parts_of(before)[name]}
    found = []
    for row in rows:
        old = known.get(row["name"], {})
        merged = {**old, **{k: v for k, v in row.items() if v not in ("", None, {})}}
        if "details" in old:
            merged["details"] = {**old["details"], **row.get("details", {})}
        found.append(merged)
    return found


def _says_nothing_new(
    before: Guide, fields: Mapping[str, Any], elements: Mapping[str, Any], parts: Mapping[str, Any]
) -> bool:
    """Whether the latest version already holds all that the document says."""
    known = {name: getattr(before, name) for name in (*CONTENT, "effective_from")}
    if any(known[name] != value for name, value in fields.items()):
        return False
    if checked_elements(elements) != before.elements:
        return False
    rows = parts_of(before)
    return all(
        len(rows[name]) == len(given)
        and all(row[k] == v for row, new in zip(rows[name], given, strict=True) for k, v in new.items())
        for name, given in parts.items()
    )
