"""Writes docs/reference/guide-elements.md: each of the 78 elements, where it is kept, edited and shown.

python tools/guide_elements.py          # writes the file
python tools/guide_elements.py --check  # says whether it is up to date
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hongtu.site.settings")
django.setup()

from hongtu.domains.matters.forms.guide import GROUP_OF, PREFIX  # noqa: E402
from hongtu.domains.matters.queries.elements import (  # noqa: E402
    ASKED,
    MATERIAL_SHOWN_ABOVE,
    SHOWN_ABOVE,
)
from hongtu.domains.matters.rules.elements import ELEMENTS, HOUSE_KEPT, Element  # noqa: E402
from hongtu.domains.matters.vocab import ElementGroup, Holder  # noqa: E402

TARGET = Path(__file__).resolve().parents[1] / "docs/reference/guide-elements.md"
HEAD = """# The 78 elements of a guide (办事指南七十八项要素)

Made by `tools/guide_elements.py` out of `hongtu.domains.matters.rules.elements`; do not edit by hand.
Keys are those of the national exchange tables (GB/T 39554.1). Each element a guide has once is a column of
the ledger of guides, shown or exported on demand. All but the files stand in the export of one guide (Word,
Excel) and are read back by the import. All are compared in the review of a new version and counted for the
completeness of a guide.

| element | name | mandatory | kind | kept in | edited in | shown to applicants |
|---|---|---|---|---|---|---|
"""
MODELS = {
    Holder.MATTER: "Matter.{0}",
    Holder.GUIDE: "Guide.{0}",
    Holder.ELEMENT: "Guide.elements[{0}]",
    Holder.MATERIAL: "Material.{0}",
    Holder.DETAIL: "Material.details[{0}]",
    Holder.STEP: "GuideStep.{0}",
    Holder.OFFICE: "Office.{0}",
    Holder.FILE: "GuideFile[{0}]",
    Holder.MATERIAL_FILE: "GuideFile[{0}, material]",
}


def edited(element: Element) -> str:
    """The page and field by which an element is changed."""
    if element.key in HOUSE_KEPT - {"service_officer"}:
        return "kept by the house (versions and review)"
    if element.holder is Holder.MATTER:
        return f"ledger of matters: `{element.field}`"
    if element.holder is Holder.FILE:
        return "guide editor, files"
    if element.holder in (Holder.DETAIL, Holder.MATERIAL, Holder.MATERIAL_FILE):
        return "guide editor, page of a material"
    field = PREFIX + element.key if element.own else element.field
    field = {Holder.STEP: "steps", Holder.OFFICE: "offices"}.get(element.holder, field)
    return f"guide editor, {GROUP_OF.get(field, element.group).label}: `{field}`"


def shown(element: Element) -> str:
    """Where the guide page has it."""
    if element.key in SHOWN_ABOVE | MATERIAL_SHOWN_ABOVE:
        return "main facts"
    if element.group is ElementGroup.MATERIALS:
        return "at its material"
    return "main facts, when it says something" if element.key in ASKED else "other elements"


def text() -> str:
    """The whole page."""
    rows = [
        f"| `{e.key}` | {e.label} | {'yes' if e.mandatory else ''} | {e.kind.value} "
        f"| `{MODELS[e.holder].format(e.field)}` | {edited(e)} | {shown(e)} |"
        for e in ELEMENTS
    ]
    return HEAD + "\n".join(rows) + "\n"


def main() -> int:
    """Write or check; 1 when the file is not up to date."""
    if "--check" in sys.argv:
        return 0 if TARGET.read_text(encoding="utf-8") == text() else 1
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
