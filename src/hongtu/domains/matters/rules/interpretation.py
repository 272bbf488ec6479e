"""From recognised pieces of text to a guide: fields, elements, materials, steps and offices, with the faults."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hongtu.domains.matters import vocab
from hongtu.domains.matters.rules import material_faults
from hongtu.domains.matters.rules.elements import BY_KEY, DETAILS, HOUSE_KEPT, Element
from hongtu.domains.matters.rules.recognition import ORDINAL, Piece
from hongtu.domains.matters.rules.values import NO, YES, ValueFault, plain, read, read_days
from hongtu.domains.matters.vocab import Holder

LEGAL = re.compile(r"法定[^，,；;。\d]{0,12}(\d{1,4}\s*个?\s*(?:工作日|自然日|日历日|小时|个?月|年|天|日))")
PROMISED = re.compile(
    r"承诺[^，,；;。\d]{0,12}(\d{1,4}\s*个?\s*(?:工作日|自然日|日历日|小时|个?月|年|天|日))"
)
COPIES = re.compile(r"(\d{1,2})\s*[份张套页]")
HELD = re.compile(r"免提交|无需提交|不需提交|无须提供|数据共享|共享获取|系统核验|电子证照调用")
STEP = re.compile(r"^(.{1,20}?)(?:[（(]([^）)]{1,30})[)）])?\s*(?:[：:]\s*(.*))?$", re.DOTALL)
ARROWS = re.compile(r"\s*(?:→|->|—>|⇒|——|－－|--|-|—)\s*")
QUESTION = re.compile(
    r"(?:问|Q)\s*\d*\s*[：:.、]\s*(.+?)\s*(?:答|A)\s*\d*\s*[：:.、]\s*(.+?)(?=\s*(?:问|Q)\s*\d*\s*[：:.、]|\Z)",
    re.DOTALL,
)
PLACE_PARTS = re.compile(r"[，,；;]")
DETAIL_KEYS = frozenset(element.key for element in DETAILS)
MATERIAL_KEYS = {
    "is_need": "necessity",
    "material_type": "form",
    "source_type": "source",
    "page_num": "copies",
}


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a piece; `value` names the element's fault, otherwise `code` and `text` say it."""

    piece: Piece
    code: str
    text: str
    value: ValueFault | None = None


@dataclass
class Recognised:
    """A guide as a document tells it, ready for a draft."""

    name: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    elements: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    hours: str = ""
    found: list[str] = field(default_factory=list)
    """Keys of the elements that were found, in the order of the document."""
    troubles: list[Trouble] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


def interpret(pieces: Iterable[Piece], forbidden: Sequence[tuple[str, str]] = ()) -> list[Recognised]:
    """The guides of a document. Materials that must not be asked are left out and said so."""
    guides: dict[int, Recognised] = {}
    for piece in pieces:
        guide = guides.setdefault(piece.guide, Recognised())
        guide.pieces.append(piece)
        if piece.element:
            try:
                _take(guide, piece, BY_KEY[piece.element])
            except ValueFault as fault:
                guide.troubles.append(Trouble(piece, fault.code, fault.text, fault))
    found = [g for g in guides.values() if any(p.element for p in g.pieces)]
    for guide in found:
        _keep_hours(guide)
        if guide.elements.get("anticipate_type") == guide.fields.get("day_unit", ""):
            del guide.elements["anticipate_type"]  # the unit of the promise stands for both
        _refuse_forbidden(guide, forbidden)
    return found


def _refuse_forbidden(guide: Recognised, forbidden: Sequence[tuple[str, str]]) -> None:
    kept = []
    for row in guide.parts.get("materials", ()):
        faults = material_faults([row["name"]], forbidden)
        piece = next((p for p in guide.pieces if p.element == "material_name"), guide.pieces[0])
        guide.troubles += [Trouble(piece, fault.code, fault.text) for fault in faults]
        if not faults:
            kept.append(row)
    if "materials" in guide.parts:
        guide.parts["materials"] = kept


def _take(guide: Recognised, piece: Piece, element: Element) -> None:
    """Put a piece where its element is kept."""
    if element.key in HOUSE_KEPT or not (piece.text or piece.grid):
        return
    if element.key not in guide.found:
        guide.found.append(element.key)
    if element.key == "task_name":
        guide.name = plain(piece.text.splitlines()[0])[:120]
    elif element.key in TAKERS:
        TAKERS[element.key](guide, piece, element)
    elif element.holder is Holder.GUIDE:
        guide.fields[element.field] = read(
            element, _joined(guide.fields.get(element.field), piece.text, element)
        )
    elif element.own:
        value = read(element, piece.text)
        if value is not None:
            guide.elements[element.key] = value


def _joined(before: Any, text: str, element: Element) -> str:
    """Two pieces of one element stand one under the other where the element has room for it."""
    return f"{before}\n{text}" if before and element.kind is vocab.ElementKind.LONG else text


def _days(guide: Recognised, piece: Piece, element: Element) -> None:
    """Limits, one or both in one text: 法定20个工作日，承诺7个工作日."""
    legal, promised = LEGAL.search(piece.text), PROMISED.search(piece.text)
    if legal:
        _limit(guide, "anticipate_day", legal[1])
    if promised:
        _limit(guide, "promise_day", promised[1])
    if legal or promised:
        return
    days, _unit = read_days(piece.text)
    if days is None and not re.fullmatch(r"\d{1,4}", plain(piece.text)):
        guide.found.remove(element.key)
        raise ValueFault("matters.element_not_number", element, piece.text)
    _limit(
        guide, element.key, piece.text if days is not None else f"{plain(piece.text)}{_unit_in(piece.label)}"
    )
    rest = plain(piece.text)
    if element.key == "promise_day" and len(rest) > 12 and not guide.fields.get("time_note"):
        guide.fields["time_note"] = rest[:300]
        guide.found.append("promise_explain")


def _unit_in(label: str) -> str:
    return next((word for word in ("自然日", "小时", "月", "年") if word in label), "工作日")


def _limit(guide: Recognised, key: str, text: str) -> None:
    days, unit = read_days(text)
    if key == "anticipate_day":
        guide.fields["legal_days"] = days
        if unit:
            guide.elements["anticipate_type"] = unit
    else:
        guide.fields["promised_days"] = days
        if unit:
            guide.fields["day_unit"] = unit
    for found in (key, "anticipate_type" if key == "anticipate_day" else "promise_type"):
        if found not in guide.found:
            guide.found.append(found)


def _fee(guide: Recognised, piece: Piece, element: Element) -> None:
    said = piece.text.strip()
    text = plain(said).rstrip("。；;")
    first = re.split(r"[\s，,。；;(（]", text.lower(), maxsplit=1)[0]
    guide.elements["is_fee"] = not (first in NO or "不收费" in text or text.startswith("免费"))
    if text.lower() in NO:
        guide.fields.setdefault("fee", "不收费")
    elif text.lower() not in YES:
        if len(said) > 300:
            raise ValueFault("matters.element_too_long", element, said, "300")
        guide.fields["fee"] = said


def _rows(guide: Recognised, piece: Piece, element: Element) -> None:
    """Fees and questions: a table, or questions and answers one after the other."""
    names = [name for name, _label in element.columns]
    if piece.grid:
        columns = [head.split(".")[-1] for head in piece.heads]
        rows = [dict(zip(columns, row, strict=False)) for row in piece.grid]
        value = read(element, [{name: row.get(name, "") for name in names} for row in rows])
    elif element.key == "questions" and (pairs := QUESTION.findall(piece.text)):
        value = [dict(zip(names, (part.strip() for part in pair), strict=True)) for pair in pairs]
    else:
        value = read(element, piece.text)
    if value:
        guide.elements[element.key] = value
    if element.key == "fee_items" and value and not guide.fields.get("fee"):
        guide.elements.setdefault("is_fee", True)
        guide.fields["fee"] = "；".join(f"{r['name']} {r['standard']}".strip() for r in value)[:300]


def _lines(piece: Piece) -> list[str]:
    lines = [line for line in piece.text.splitlines() if line.strip()]
    if len(lines) == 1 and len(re.findall(r"[；;]", lines[0])) >= 1:
        lines = re.split(r"[；;]", lines[0])
    return [text for line in lines if (text := ORDINAL.sub("", line).strip(" 。；;"))]


def _materials(guide: Recognised, piece: Piece, element: Element) -> None:
    rows = [_material_row(guide, piece, row) for row in piece.grid] if piece.grid else []
    rows += [_material(line) for line in _lines(piece) if line not in ("无", "无需提供", "不需要")]
    kept = [row for row in rows if row["name"]]
    for row in kept:
        if len(row["name"]) > 200:
            raise ValueFault("matters.element_too_long", element, row["name"], "200")
    guide.parts.setdefault("materials", []).extend(kept)
    implied = ["is_need", "material_type", "source_type", "page_num"] if kept and not piece.grid else []
    given = [head for head in piece.heads if head in BY_KEY]
    guide.found += [key for key in dict.fromkeys([*given, *implied]) if key not in guide.found]


def _material(line: str) -> dict[str, Any]:
    """`身份证（原件1份，必要）`: the name before the bracket, what is in it as far as it is known."""
    parts = [p.strip() for p in line.split("|")]
    found = re.match(r"^(.{2,200}?)\s*[（(](.+)[)）]\s*$", parts[0])
    name, note = (found[1], found[2]) if found else (parts[0], "")
    said = " ".join([note, *parts[1:]])
    copies = COPIES.search(said) or COPIES.search(name)
    name = re.sub(r"[，,]?\s*(?:原件|复印件|原件及复印件)?(?:各)?\d{1,2}\s*[份张套页]$", "", name).strip(
        " ，,"
    )
    both = re.search(r"原件[及和、与]复印件|原、?复印件", line)
    form = "both" if both else "copy" if "复印件" in line else "original"
    necessity = (
        "later"
        if "容缺" in said
        else "optional"
        if re.search(r"非必要|可选|选交|如有|委托", said)
        else "required"
    )
    source = (
        "government"
        if re.search(r"政府部门核发|核发|公安|政府", said)
        else "intermediary"
        if "中介" in said
        else "applicant"
    )
    return {
        "name": name,
        "necessity": necessity,
        "form": form,
        "copies": int(copies[1]) if copies else 1,
        "source": source,
        "held_by_government": bool(HELD.search(said)),
        "note": "，".join(filter(None, [note, *parts[1:]]))[:300],
        "details": {},
    }


def _material_row(guide: Recognised, piece: Piece, cells: Sequence[str]) -> dict[str, Any]:
    """A row of a table of materials; a value that does not fit its column is said and left out."""
    row: dict[str, Any] = {"name": "", "details": {}}
    notes = []
    for head, text in zip(piece.heads, cells, strict=False):
        given = text.strip()
        if not given or not head:
            continue
        try:
            if head == "material_name":
                row["name"] = ORDINAL.sub("", given).replace("\n", "")
            elif head in MATERIAL_KEYS:
                row[MATERIAL_KEYS[head]] = read(BY_KEY[head], given)
            elif head in DETAIL_KEYS:
                row["details"][head] = read(BY_KEY[head], given)
            elif head == "held":
                row["held_by_government"] = plain(given) in YES
            elif head == "note":
                notes.append(given)
        except ValueFault as fault:
            guide.troubles.append(Trouble(piece, fault.code, fault.text, fault))
    row["note"] = "，".join(notes)[:300]
    row.setdefault("held_by_government", bool(HELD.search(row["note"])))
    return row


def _steps(guide: Recognised, piece: Piece, element: Element) -> None:
    rows: list[dict[str, str]] = []
    if piece.grid:
        names = [head.removeprefix("step.") if head.startswith("step.") else "" for head in piece.heads]
        rows = [{n: c.strip() for n, c in zip(names, cells, strict=False) if n} for cells in piece.grid]
    else:
        lines = [line for line in piece.text.splitlines() if line.strip()]
        if len(lines) == 1 and len(ARROWS.split(lines[0])) > 2:
            lines = ARROWS.split(lines[0])
        rows = [_step(ORDINAL.sub("", line).strip()) for line in lines]
    most = {"name": 60, "who": 120, "days": 40, "text": 400}
    for row in rows:
        for name, text in row.items():
            if len(text) > most[name]:
                raise ValueFault("matters.element_too_long", element, text, str(most[name]))
    guide.parts.setdefault("steps", []).extend(row for row in rows if row.get("name"))


def _step(line: str) -> dict[str, str]:
    found = STEP.match(line)
    if found and (found[2] or found[3]):
        return {"name": found[1].strip(), "days": found[2] or "", "text": (found[3] or "").strip(" 。")}
    if len(line) > 20:
        head, _comma, rest = line.partition("，")
        return {"name": head[:20], "text": rest or line}
    return {"name": line.strip(" 。")}


def _places(guide: Recognised, piece: Piece, element: Element) -> None:
    offices = []
    for line in _lines(piece):
        parts = [
            p.strip() for p in (line.split("|") if "|" in line else PLACE_PARTS.split(line)) if p.strip()
        ]
        window = next((p for p in parts[1:] if "窗口" in p), "")
        address = next((p for p in parts[1:] if p != window and re.search(r"[路街道巷号]", p)), "")
        rest = [p for p in parts[1:] if p not in (window, address)]
        offices.append(
            {"name": " ".join([parts[0], *rest])[:120], "window": window[:120], "address": address[:200]}
        )
    guide.parts.setdefault("offices", []).extend(offices)


def _hours(guide: Recognised, piece: Piece, element: Element) -> None:
    """Hours stand for each place that is told, before them or after."""
    if len(piece.text) > 200:
        raise ValueFault("matters.element_too_long", element, piece.text, "200")
    guide.hours = piece.text


def _keep_hours(guide: Recognised) -> None:
    if guide.hours:
        offices = guide.parts.setdefault("offices", [])
        if not offices:
            offices.append({"name": guide.fields.get("department", "") or "受理窗口"})
        for office in offices:
            office.setdefault("hours", guide.hours)


TAKERS = {
    "anticipate_day": _days, "promise_day": _days, "is_fee": _fee, "fee_items": _rows, "questions": _rows,
    "material_name": _materials, "handle_flow": _steps, "transact_addr": _places, "transact_time": _hours,
}  # fmt: skip


def shown(piece: Piece) -> str:
    """A piece's content on a page: a table as lines."""
    return piece.text or "\n".join(" | ".join(row) for row in piece.grid)
