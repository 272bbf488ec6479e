"""One guide with its 78 elements as Word or Excel, in the form that the import reads back."""

import io

from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from hongtu.domains.matters import queries
from hongtu.domains.matters.models import Guide
from hongtu.domains.matters.queries import elements
from hongtu.domains.matters.rules.elements import ELEMENTS, Element
from hongtu.domains.matters.rules.recognition import GRIDS
from hongtu.domains.matters.vocab import ElementGroup, ElementKind
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.ui.official_docx import Block, OfficialDocument, official_docx

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
STEP_HEADS = ("步骤", "岗位", "步骤时限", "做什么")  # not for translation: what the import reads
Table = list[list[str]]


def facts(guide: Guide) -> Table:
    """Label and content of each element that a guide has once; empty ones too, to be filled in."""
    tables = set(GRIDS.values())
    found = []
    for item in elements.sheet(guide):
        skipped = item.element.group is ElementGroup.MATERIALS or item.element.key in tables
        if not skipped and item.element.kind is not ElementKind.FILE:
            # What is paid is told in words where there are any; the import reads yes or no out of them.
            text = guide.fee if item.element.key == "is_fee" and guide.fee else item.text
            if item.element.key == "transact_addr":
                text = "\n".join(f"{o.name} | {o.window} | {o.address}" for o in guide.offices.all())
            found.append([item.element.label, text])
    return found


def _columns() -> list[Element]:
    return [e for e in ELEMENTS if e.group is ElementGroup.MATERIALS and e.kind is not ElementKind.FILE]


def tables(guide: Guide) -> list[tuple[str, Table]]:
    """The tables of rows with their headings: materials, steps, fees, questions."""
    columns = _columns()
    materials = [
        [e.label for e in columns] + ["说明", "免提交"]
    ]  # not for translation: what the import reads
    for material in guide.materials.all():
        row = [elements.words(e, elements.of_material(material, e)) for e in columns]
        held = "是" if material.held_by_government else "否"  # not for translation: what the import reads
        materials.append([*row, material.note, held])
    steps = [list(STEP_HEADS), *([s.name, s.who, s.days, s.text] for s in guide.steps.all())]
    found = [("申请材料", materials), ("办理流程", steps)]  # not for translation: what the import reads
    for item in elements.sheet(guide):
        if item.rows:
            heads = [label for _name, label in item.element.columns]
            found.append((item.element.label, [heads, *(list(row) for row in item.rows)]))
    return found


def word(guide: Guide) -> bytes:
    """The guide as an official document; columns of materials that nobody filled are left out."""
    blocks = [
        Block("table", rows=[["要素", "内容"], *facts(guide)], widths=(0.28, 0.72))
    ]  # not for translation: import
    for heading, rows in tables(guide):
        kept = [n for n in range(len(rows[0])) if n == 0 or any(row[n] for row in rows[1:])]
        blocks.append(Block("heading1", heading))
        blocks.append(Block("table", rows=[[row[n] for n in kept] for row in rows]))
    title = f"{guide.matter.name}办事指南"  # not for translation: what the import reads
    return official_docx(OfficialDocument(title=title, blocks=blocks))


def excel(guide: Guide) -> bytes:
    """The guide as one sheet: labels and contents, then the tables of rows."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("办事指南")  # not for translation: what the import reads
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 60
    for row in facts(guide):
        sheet.append([_safe(cell) for cell in row])
    for heading, rows in tables(guide):
        sheet.append([heading])
        for row in rows:
            sheet.append([_safe(cell) for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _safe(text: str) -> str:
    """Text that begins like a formula is never written as one."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text[:1] else text


@guard("matters.export")
def guide_export(request: PersonRequest, pk: int, kind: str) -> HttpResponse:
    """Download one version, whatever its state, within the reader's rights."""
    if kind not in TYPES:
        raise Http404(_("没有这种格式。"))
    found = queries.guide(pk, request.user)
    guide = queries.with_parts(Guide.objects.filter(pk=found.pk)).get()
    with translation.override("zh-hans"):  # labels are those the import reads
        content = word(guide) if kind == "docx" else excel(guide)
    response = HttpResponse(content, content_type=TYPES[kind])
    name = f"{guide.matter.code}-v{guide.number}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
