"""The 78 elements of one guide: their values, their words, and which of them are missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from hongtu.domains.matters.models import Guide, GuideFile, Material
from hongtu.domains.matters.rules.elements import BY_KEY, ELEMENTS, Element
from hongtu.domains.matters.rules.values import write
from hongtu.domains.matters.vocab import ElementGroup, ElementKind, Holder
from hongtu.engines.vocabulary import Labelled, mark

ROWS_OF = {
    Holder.MATERIAL: "materials",
    Holder.DETAIL: "materials",
    Holder.STEP: "steps",
    Holder.OFFICE: "offices",
}


@dataclass(frozen=True)
class Filled:
    """An element of a guide as pages show it: its words (or rows of a table), or a file, or nothing."""

    element: Element
    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    heads: tuple[str, ...] = ()
    files: tuple[GuideFile, ...] = ()

    @property
    def label(self) -> str:
        return _(self.element.label)

    @property
    def present(self) -> bool:
        return bool(self.text or self.rows or self.files)


def value(guide: Guide, element: Element) -> Any:
    """The stored value of an element that a guide has once; None for those of its rows."""
    if element.holder is Holder.ELEMENT:
        found = guide.elements.get(element.key)
        # The unit of the legal limit is that of the promise unless it is said.
        return (
            guide.day_unit
            if element.key == "anticipate_type" and not found and guide.legal_days is not None
            else found
        )
    if element.holder is Holder.GUIDE:
        return getattr(guide, element.field)
    if element.holder is Holder.MATTER:
        return getattr(guide.matter, element.field)
    return None


def of_material(material: Material, element: Element) -> Any:
    """The stored value of an element of one material."""
    if element.holder is Holder.DETAIL:
        return material.details.get(element.key)
    return getattr(material, element.field)


def words(element: Element, given: Any) -> str:
    """A value in the reader's language."""
    if given is None or given == "" or given == []:
        return ""
    if element.kind is ElementKind.BOOLEAN:
        return _("是") if given else _("否")
    if element.choices is not None:
        return _label(element.choices, given)
    return write(element, given)


def _label(choices: type[Labelled], given: Any) -> str:
    return next((_(member.label) for member in choices if member.value == given), force_str(given))


def files_of(guide: Guide) -> dict[tuple[str, str], GuideFile]:
    """{(element, material or ""): file}."""
    return {(f.element, f.material): f for f in guide.files.all()}


def filled(guide: Guide, element: Element, files: dict[tuple[str, str], GuideFile]) -> Filled:
    """One element as it stands in a guide."""
    if element.holder in (Holder.FILE, Holder.MATERIAL_FILE):
        found = tuple(file for (key, _material), file in files.items() if key == element.key)
        return Filled(element, "、".join(f"{f.material} {f.name}".strip() for f in found), files=found)
    if element.holder in ROWS_OF:
        return Filled(element, _of_rows(guide, element))
    given = value(guide, element)
    if element.columns and given:
        names = [name for name, _label_ in element.columns]
        rows = tuple(tuple(row.get(name, "") for name in names) for row in given)
        return Filled(
            element, write(element, given), rows, tuple(_(label) for _name, label in element.columns)
        )
    if element.key == "service_officer" and given:
        return Filled(element, " ".join(filter(None, (str(given), given.phone))))
    if element.key == "task_state":
        state = guide.get_state_display()
        return Filled(element, f"{state}（{_('暂停办理')}）" if guide.matter.suspended else str(state))
    if element.key == "commitment_mode" and given == "none":
        return Filled(element, _("无"))
    if element.key == "last_reviewed" and given:
        return Filled(element, " ".join(filter(None, (str(given), str(guide.decided_by or "")))))
    return Filled(element, words(element, given))


def _of_rows(guide: Guide, element: Element) -> str:
    """An element of materials, steps or offices: each row's words under its name; empty while a mandatory
    one is missing in any row, so that it counts as missing."""
    rows = list(getattr(guide, ROWS_OF[element.holder]).all())
    if element.holder in (Holder.MATERIAL, Holder.DETAIL):
        texts = [words(element, of_material(row, element)) for row in rows]
    elif element.key == "transact_addr":
        texts = [" ".join(filter(None, (o.name, o.window, o.address))) for o in rows]
    else:
        texts = [force_str(getattr(row, element.field)) for row in rows]
    if element.mandatory and not all(texts):
        return ""
    return "\n".join(dict.fromkeys(text for text in texts if text))


def sheet(guide: Guide) -> list[Filled]:
    """All 78 elements of a guide, in the order of the national table."""
    files = files_of(guide)
    return [filled(guide, element, files) for element in ELEMENTS]


def by_group(guide: Guide) -> list[tuple[ElementGroup, list[Filled]]]:
    """The same, by group."""
    found: dict[ElementGroup, list[Filled]] = {}
    for item in sheet(guide):
        found.setdefault(item.element.group, []).append(item)
    return list(found.items())


def standing(guide: Guide) -> tuple[int, list[str]]:
    """How many of the elements are filled, and the keys of the mandatory ones that are not."""
    items = sheet(guide)
    return sum(i.present for i in items), [
        i.element.key for i in items if i.element.mandatory and not i.present
    ]


def missing(guide: Guide) -> tuple[list[Filled], list[Filled]]:
    """What is missing: the mandatory elements first, then the others."""
    absent = [item for item in sheet(guide) if not item.present]
    return (
        [item for item in absent if item.element.mandatory],
        [item for item in absent if not item.element.mandatory],
    )


def texts(guide: Guide, keys: Sequence[str] = ()) -> dict[str, tuple[str, str]]:
    """{element: (label, words)} of what is filled, for those who tell it word for word."""
    return {
        item.element.key: (item.label, item.text)
        for item in sheet(guide)
        if item.text and (not keys or item.element.key in keys)
    }


@dataclass(frozen=True)
class More:
    """What a guide page shows beyond its main facts: what applicants ask about, the other elements by group,
    words kept beside the national table, and each material with its short facts, its details and files."""

    asked: list[Filled]
    groups: list[tuple[str, list[Filled]]]
    beside: list[tuple[str, str, str]]
    materials: list[tuple[Material, list[str], list[Filled]]]

    @property
    def count(self) -> int:
        return sum(len(items) for _label, items in self.groups)


ASKED = (
    "special_procedure",
    "limit_explain",
    "limit_scene_explain",
    "handle_area",
    "is_schedule",
    "is_service_terminals",
    "is_express",
    "is_online",
    "link_addr",
    "mobile_terminal_url",
    "is_pay_online",
    "flow_chart",
    "service_type",
    "fee_items",
    "commitment_mode",
    "result_sample",
    "questions",
    "rights",
)
SHOWN_ABOVE = frozenset(
    [
        "task_name",
        "dept_name",
        "server_type",
        "anticipate_day",
        "anticipate_type",
        "promise_day",
        "promise_type",
        "promise_explain",
        "accept_condition",
        "handle_type",
        "limit_scene_num",
        "transact_addr",
        "transact_time",
        "handle_flow",
        "by_law",
        "result_name",
        "link_way",
        "supervise_way",
        "service_officer",
        "tips",
    ]
)
MATERIAL_SHOWN_ABOVE = frozenset({"material_name", "is_need", "material_type", "page_num", "source_type"})
LABELS = {"amount": mark("补贴或待遇金额")}


def more(guide: Guide) -> More:
    """All that is filled and not among the main facts of the guide page."""
    groups = by_group(guide)
    present = {i.element.key: i for _group, items in groups for i in items if i.present}
    # "No" to what nobody expects is no news; a fee that is charged or a payment online is.
    asked = [present[key] for key in ASKED if key in present and not _nothing(guide, present[key])]
    above = SHOWN_ABOVE | {item.element.key for item in asked}
    rest = [
        (_(group.label), found)
        for group, items in groups
        if group is not ElementGroup.MATERIALS
        and (found := [i for i in items if i.present and i.element.key not in above])
    ]
    beside = [
        (key, _(LABELS[key]) if key in LABELS else key, force_str(text))
        for key, text in guide.elements.items()
        if key not in BY_KEY
    ]
    files = files_of(guide)
    return More(asked, rest, beside, [(m, *_of_material(m, files)) for m in guide.materials.all()])


def _nothing(guide: Guide, item: Filled) -> bool:
    if item.element.key == "commitment_mode":
        return guide.commitment == "none"
    return item.element.key in ("is_service_terminals", "is_pay_online") and not value(guide, item.element)


def _of_material(
    material: Material, files: dict[tuple[str, str], GuideFile]
) -> tuple[list[str], list[Filled]]:
    """Short facts (form, paper) and the longer ones with the files."""
    short, found = [], []
    for element in ELEMENTS:
        if element.group is not ElementGroup.MATERIALS or element.key in MATERIAL_SHOWN_ABOVE:
            continue
        if element.holder is Holder.MATERIAL_FILE:
            file = files.get((element.key, material.name))
            item = Filled(element, file.name, files=(file,)) if file else Filled(element, "")
        else:
            item = Filled(element, words(element, of_material(material, element)))
        if element.key in ("material_format", "page_format") and item.text:
            short.append(item.text)
        elif item.present:
            found.append(item)
    return short, found
