"""What a guide is made of: its rows, its elements, how complete it is. Used by the actions beside."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from hongtu.domains.matters import queries, rules
from hongtu.domains.matters.models import (
    ForbiddenRequest,
    Guide,
    GuideFile,
    GuideStanding,
    GuideStep,
    Material,
    Matter,
    Office,
)
from hongtu.domains.matters.queries import elements as guide_elements
from hongtu.domains.matters.rules.elements import BY_KEY, DETAILS, OWN
from hongtu.domains.matters.rules.values import MESSAGES, ValueFault, read_own
from hongtu.domains.matters.vocab import ElementKind
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person
from hongtu.kernel.places.actions import located
from hongtu.kernel.places.models import Place

Rows = Sequence[Mapping[str, Any]]
PARTS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "materials",
        Material,
        ("name", "necessity", "form", "copies", "source", "held_by_government", "note", "details"),
    ),
    ("steps", GuideStep, ("name", "who", "days", "text")),
    ("offices", Office, ("name", "window", "address", "hours", "phone", "place_id")),
)
OWN_BY_KEY = {element.key: element for element in OWN}
DETAILS_BY_KEY = {element.key: element for element in DETAILS}


def write_parts(guide: Guide, parts: Mapping[str, Rows]) -> None:
    """Replace the rows of an open guide; a part that is not named stays as it is. Files of materials that
    are no longer asked for go with them."""
    for name, model, fields in PARTS:
        if name not in parts:
            continue
        rows = [_with_place(row) for row in parts[name]] if name == "offices" else parts[name]
        model.objects.filter(guide=guide).delete()
        model.objects.bulk_create(
            model(guide=guide, sequence=n, **{f: row[f] for f in fields if f in row})
            for n, row in enumerate(rows, 1)
        )
    if "materials" in parts:
        named = {str(row["name"]) for row in parts["materials"]}
        GuideFile.objects.filter(guide=guide).exclude(material__in=["", *named]).delete()
    _forget_what_was_read(guide)


def _with_place(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """An office whose position was given (longitude, latitude, system) gets a place on the map."""
    if not row.get("position"):
        return row
    longitude, latitude, system = row["position"]
    place = Place.objects.create(
        name=row["name"][:120],
        kind="政务服务",
        address=row.get("address", ""),
        **located({"type": "Point", "coordinates": [longitude, latitude]}, system),
    )
    return {**row, "place_id": place.pk}


def _forget_what_was_read(guide: Guide) -> None:
    """Rows read before the write are stale now."""
    cache = getattr(guide, "_prefetched_objects_cache", {})
    for name in ("materials", "steps", "offices", "files"):
        cache.pop(name, None)


def parts_of(guide: Guide) -> dict[str, list[dict[str, Any]]]:
    """The rows of a guide as plain values."""
    return {
        name: [{f: getattr(row, f) for f in fields} for row in getattr(guide, name).all()]
        for name, _model, fields in PARTS
    }


def value_fault_words(fault: ValueFault) -> str:
    """What is wrong with a value and what to do, in the reader's language."""
    return _(MESSAGES[fault.code]) % {
        "label": _(fault.element.label),
        "text": fault.text,
        "allowed": "、".join(_(word) for word in fault.allowed.split("、")),
    }


def checked_elements(given: Mapping[str, Any]) -> dict[str, Any]:
    """The store of a guide's elements, each value as its kind demands. Raises InvalidInput naming them."""
    kept, faults = read_own(given, OWN_BY_KEY)
    _refuse(faults, "element_")
    return kept


def checked_materials(rows: Rows) -> list[dict[str, Any]]:
    """Rows of materials whose details are values of their elements."""
    found = []
    for row in rows:
        details, faults = read_own(row.get("details") or {}, DETAILS_BY_KEY)
        _refuse(faults, "")
        found.append({**row, "details": details})
    return found


def _refuse(faults: Sequence[ValueFault], prefix: str) -> None:
    if faults:
        fields = {f"{prefix}{fault.element.key}": [value_fault_words(fault)] for fault in faults}
        raise InvalidInput(
            "；".join(t for ts in fields.values() for t in ts), fields=fields, code=faults[0].code
        )


def material_words(fault: rules.Fault) -> str:
    """Why a material may not be asked for."""
    if fault.code == "matters.catch_all_material":
        return _("“%s”是兜底说法，请写明具体材料。") % fault.text
    return _("不得向群众索要：%s") % fault.text


def forbidden() -> list[tuple[str, str]]:
    """(phrase, reason) of what must not be asked of residents."""
    return list(ForbiddenRequest.objects.values_list("phrase", "reason"))


def refuse_forbidden(parts: Mapping[str, Rows]) -> None:
    """What must not be asked is refused when it is written, not only when it is handed in."""
    names = [str(row["name"]) for row in parts.get("materials", ())]
    if found := rules.material_faults(names, forbidden()):
        texts = [material_words(fault) for fault in found]
        raise InvalidInput("；".join(texts), fields={"materials": texts}, code=found[0].code)


def spoken(guide: Guide) -> dict[str, str]:
    """The texts of a guide's elements, field -> text, that are looked through for what speaks to a machine.
    Addresses are left out: they are checked as addresses."""
    own = {
        f"elements.{key}": str(value)
        for key, value in guide.elements.items()
        if key not in BY_KEY or BY_KEY[key].kind is not ElementKind.ADDRESS
    }
    return own | {
        f"materials.{n}.{key}": str(value)
        for n, material in enumerate(guide.materials.all(), 1)
        for key, value in [("note", material.note), *material.details.items()]
    }


def assess(guide: Guide) -> None:
    """Work out anew how complete a guide is."""
    filled, lacking = guide_elements.standing(guide)
    GuideStanding.objects.update_or_create(guide=guide, defaults={"filled": filled, "lacking": lacking})


@action("matters.assess")
def assess_all(*, by: Person | None, guides: Iterable[int]) -> int:
    """The same for many guides, in a few statements; how many."""
    rows = queries.with_parts(Guide.objects.filter(pk__in=list(guides)))
    found = []
    for guide in rows:
        filled, lacking = guide_elements.standing(guide)
        found.append(GuideStanding(guide=guide, filled=filled, lacking=lacking))
    GuideStanding.objects.bulk_create(
        found, update_conflicts=True, unique_fields=["guide"], update_fields=["filled", "lacking"]
    )
    note(assessed=len(found))
    return len(found)


def assess_matter(matter: Matter) -> None:
    """A matter's own facts count in each of its versions."""
    for guide in queries.with_parts(Guide.objects.filter(matter=matter)):
        assess(guide)


def material_row(material: Material) -> dict[str, Any]:
    """A material as plain values, as the actions take it."""
    return {name: getattr(material, name) for name in PARTS[0][2]}
