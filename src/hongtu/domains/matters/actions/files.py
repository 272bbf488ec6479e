"""Files of a guide: flow chart, sample of the result, blank forms and filled-in examples of materials."""

import hashlib
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from hongtu.domains.matters.actions.guides import OPEN
from hongtu.domains.matters.actions.parts import assess
from hongtu.domains.matters.models import Guide, GuideFile
from hongtu.domains.matters.rules.elements import FILES, MATERIAL_FILES
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person
from hongtu.ledger.documents import Refusal, check_document

PICTURES = {".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG"}
PAPERS = {".docx": "docx", ".pdf": "pdf", ".xlsx": "xlsx"}
MOST_BYTES = 20 * 1024 * 1024


@action("matters.attach")
def attach(
    *, by: Person | None, guide: Guide, element: str, file: UploadedFile, material: str = ""
) -> GuideFile:
    """Put a file to an open version, in place of the one before. Stored under a name that says nothing."""
    require(by, "matters.change", guide)
    _may_hold(guide, element, material)
    given = file.read()
    suffix = _suffix(file.name or "", given)
    file.seek(0)
    digest = hashlib.sha256(given).hexdigest()
    name = PurePath(file.name or "").name[:120]
    file.name = digest[:32] + suffix
    made, _created = GuideFile.objects.update_or_create(
        guide=guide,
        element=element,
        material=material,
        defaults={"file": file, "name": name, "sha256": digest, "by": by},
    )
    assess(guide)
    note(guide, element=element, material=material, digest=digest)
    return made


@action("matters.detach")
def detach(*, by: Person | None, guide: Guide, key: int) -> None:
    """Take a file off an open version; versions that carry it keep it."""
    require(by, "matters.change", guide)
    if guide.state not in OPEN:
        raise InvalidInput(_("只有起草中或已退回的版本可以修改附件。"), code="matters.not_open")
    GuideFile.objects.filter(guide=guide, pk=key).delete()
    assess(guide)
    note(guide, detached=key)


def _may_hold(guide: Guide, element: str, material: str) -> None:
    if guide.state not in OPEN:
        raise InvalidInput(_("只有起草中或已退回的版本可以修改附件。"), code="matters.not_open")
    known = {e.key for e in (MATERIAL_FILES if material else FILES)}
    named = not material or guide.materials.filter(name=material).exists()
    if element not in known or not named:
        raise InvalidInput(_("指南里没有放这个附件的地方。"), code="matters.file_place")


def _suffix(name: str, given: bytes) -> str:
    """The file's suffix, when what is in it is what the suffix says."""
    suffix = PurePath(name).suffix.lower()
    fields = {"file": [_("请换一个文件。")]}
    if suffix not in PICTURES.keys() | PAPERS.keys() or len(given) > MOST_BYTES:
        text = _("只接受20兆以内的PDF、Word（.docx）、Excel（.xlsx）、JPG或PNG文件。")
        raise InvalidInput(text, code="matters.file_type", fields=fields)
    try:
        fits = (
            given.startswith(PICTURES[suffix])
            if suffix in PICTURES
            else check_document(given) == PAPERS[suffix]
        )
    except Refusal as refusal:
        raise InvalidInput(refusal.message("zh"), code=refusal.code, fields=fields) from refusal
    if not fits:
        text = _("文件内容与后缀%s不符。") % suffix
        raise InvalidInput(text, code="matters.file_content", fields=fields)
    return suffix
