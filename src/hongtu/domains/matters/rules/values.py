"""From what people write to the value of an element, and back. No framework."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from hongtu.domains.matters.rules.elements import Element
from hongtu.domains.matters.vocab import DayUnit, ElementKind
from hongtu.engines.vocabulary import Labelled, mark

SEPARATOR = "|"
YES = {"是", "有", "支持", "收费", "需要", "可以", "可", "√", "yes", "true", "1", "y", "对接", "进驻"}
NO = {
    "否",
    "无",
    "不支持",
    "不收费",
    "免费",
    "不需要",
    "不可以",
    "不可",
    "×",
    "no",
    "false",
    "0",
    "n",
    "没有",
    "不",
}
AT_ONCE = re.compile(r"即办|即时|当场|当日|立等|随到随办")
DAYS = re.compile(r"(\d{1,4})\s*个?\s*(工作日|自然日|日历日|小时|个?月|年|天|日)")
UNITS = {
    "工作日": DayUnit.WORKING, "自然日": DayUnit.CALENDAR, "日历日": DayUnit.CALENDAR, "天": DayUnit.CALENDAR,
    "日": DayUnit.CALENDAR, "小时": DayUnit.HOUR, "月": DayUnit.MONTH, "年": DayUnit.YEAR,
}  # fmt: skip
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(?::\d{1,5})?(?:/[\w\-./?%&=#~+:,@!;]*)?")
CODES = {"catalog_code": r"[0-9A-Z]{12}", "task_code": r"[0-9A-Z]{31,36}", "dept_code": r"[0-9A-Z]{18}"}
# Calendar days in a unit, to compare a promise with the law when they are counted differently.
LENGTH = {
    DayUnit.WORKING: 1.4, DayUnit.CALENDAR: 1.0, DayUnit.HOUR: 1 / 24, DayUnit.MONTH: 30.0, DayUnit.YEAR: 365.0,
}  # fmt: skip


class ValueFault(ValueError):
    """A text that is no value of its element: a stable code, the element, what stands there, what would do."""

    def __init__(self, code: str, element: Element, text: str, allowed: str = "") -> None:
        super().__init__(code)
        self.code, self.element, self.text, self.allowed = code, element, text[:60], allowed


MESSAGES = {
    "matters.element_not_boolean": mark("“%(label)s”请写“是”或“否”，不是“%(text)s”。"),
    "matters.element_not_choice": mark("“%(label)s”里的“%(text)s”不在可选范围：%(allowed)s。"),
    "matters.element_not_number": mark("“%(label)s”请写整数，不是“%(text)s”。"),
    "matters.element_not_date": mark("“%(label)s”请写日期（如2025-04-01），不是“%(text)s”。"),
    "matters.element_not_address": mark("“%(label)s”请写以http://或https://开头的网址，不是“%(text)s”。"),
    "matters.element_too_long": mark("“%(label)s”过长（“%(text)s…”），最多%(allowed)s字。"),
    "matters.element_not_code": mark("“%(label)s”的“%(text)s”不合格式，应为%(allowed)s位数字或大写字母。"),
    "matters.element_columns": mark("“%(label)s”的“%(text)s”这一行“|”过多，最多%(allowed)s列。"),
    "matters.element_not_rows": mark("“%(label)s”应为一行一条的表，不是“%(text)s”。"),
}


def plain(text: str) -> str:
    """NFKC, without blanks at the ends; what is stored and what is compared."""
    return unicodedata.normalize("NFKC", text.replace("\0", "")).strip()


def read(element: Element, given: Any) -> Any:
    """The value to store for an element; None where nothing is given. Raises ValueFault."""
    if given is None or given == "" or given == []:
        return None
    if element.kind is ElementKind.ROWS:
        return read_rows(element, given)
    if element.kind is ElementKind.BOOLEAN:
        return given if isinstance(given, bool) else _boolean(element, str(given))
    text = str(given).replace("\0", "").strip()
    if element.choices is not None:
        return _choice(element, text)
    if element.kind is ElementKind.INTEGER:
        return _integer(element, text)
    if element.kind is ElementKind.DATE:
        return given if isinstance(given, date) else _date(element, text)
    if element.kind is ElementKind.ADDRESS:
        return _address(element, text)
    if element.key in CODES:
        text = _code(element, text)
    if element.longest and len(text) > element.longest:
        raise ValueFault("matters.element_too_long", element, text, str(element.longest))
    return text or None


def _boolean(element: Element, given: str) -> bool:
    text = re.split(r"[\s，,。；;(（:：]", plain(given).lower(), maxsplit=1)[0]
    if text in YES | NO:
        return text in YES
    raise ValueFault("matters.element_not_boolean", element, given)


def _choice(element: Element, given: str) -> str:
    assert element.choices is not None
    text = plain(given)
    bare = _bare(text)
    for member in element.choices:
        if text == member.value or bare == _bare(plain(member.label)):
            return str(member.value)
    # "行政许可（告知承诺）" names one of the words; the longest named counts, two of a length do not.
    named = [m for m in element.choices if _bare(plain(m.label)) in bare or (bare and bare in plain(m.label))]
    longest = max((len(m.label) for m in named), default=0)
    best = [m for m in named if len(m.label) == longest]
    if len(best) == 1:
        return str(best[0].value)
    raise ValueFault("matters.element_not_choice", element, given, "、".join(words_of(element.choices)))


def _bare(text: str) -> str:
    return re.sub(r"^个|\s", "", text)


def words_of(choices: type[Labelled]) -> list[str]:
    return [member.label for member in choices]


def _integer(element: Element, given: str) -> int:
    text = plain(given)
    if re.fullmatch(r"\d{1,5}", text):
        return int(text)
    days, _unit = read_days(text)
    counted = re.match(r"\D{0,4}(\d{1,5})\s*[份次个套页]?", text)
    if days is not None:
        return days
    if counted:
        return int(counted[1])
    raise ValueFault("matters.element_not_number", element, given)


def read_days(text: str) -> tuple[int | None, str]:
    """A time limit out of its words: (number, unit) of `20个工作日`, (0, "") of what is done at once."""
    found = DAYS.search(plain(text))
    if found:
        return int(found[1]), UNITS[found[2].lstrip("个")].value
    return (0, "") if AT_ONCE.search(text) else (None, "")


def _date(element: Element, given: str) -> date:
    found = DATE.search(plain(given))
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise ValueFault("matters.element_not_date", element, given)


def _address(element: Element, given: str) -> str:
    text = plain(given)
    if ADDRESS.fullmatch(text) and len(text) <= element.longest:
        return text
    raise ValueFault("matters.element_not_address", element, given)


def _code(element: Element, given: str) -> str:
    text = plain(given).replace(" ", "").upper()
    if not re.fullmatch(CODES[element.key], text):
        allowed = re.sub(
            r".*\{(\d+)(?:,(\d+))?\}", lambda m: "-".join(filter(None, m.groups())), CODES[element.key]
        )
        raise ValueFault("matters.element_not_code", element, given, allowed)
    return text


def read_rows(element: Element, given: Any) -> list[dict[str, str]] | None:
    """Rows of a small table: a list of mappings, or lines whose columns are divided by `|`."""
    names = [name for name, _label in element.columns]
    if isinstance(given, str):
        rows = [_line(element, names, line) for line in given.replace("\0", "").splitlines() if line.strip()]
    elif isinstance(given, list) and all(isinstance(row, Mapping) for row in given):
        rows = [{name: str(row.get(name) or "").strip() for name in names} for row in given]
    else:
        raise ValueFault("matters.element_not_rows", element, str(given))
    for row in rows:
        for text in row.values():
            if len(text) > element.longest:
                raise ValueFault("matters.element_too_long", element, text, str(element.longest))
    return [row for row in rows if any(row.values())] or None


def _line(element: Element, names: list[str], line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.replace("｜", SEPARATOR).split(SEPARATOR)]
    if len(parts) > len(names):
        raise ValueFault("matters.element_columns", element, line, str(len(names)))
    return dict(zip(names, [*parts, *[""] * (len(names) - len(parts))], strict=True))


def write(element: Element, value: Any) -> str:
    """A value as a form and a file show it, in Chinese words; `read` takes it back unchanged."""
    if value is None or value == "" or value == []:
        return ""
    if element.kind is ElementKind.ROWS and element.columns:
        names = [name for name, _label in element.columns]
        return "\n".join(f" {SEPARATOR} ".join(row.get(n, "") for n in names).rstrip(" |") for row in value)
    if element.kind is ElementKind.BOOLEAN:
        return "是" if value else "否"
    if element.choices is not None:
        return next((m.label for m in element.choices if m.value == value), str(value))
    return str(value)


def beyond(promised: int, promised_unit: str, legal: int, legal_unit: str) -> bool:
    """Whether a promise is longer than the law allows, also when the two are counted in other units."""
    if promised_unit == legal_unit:
        return promised > legal
    return promised * LENGTH[DayUnit(promised_unit)] > legal * LENGTH[DayUnit(legal_unit)]


def read_own(
    given: Mapping[str, Any], known: Mapping[str, Element]
) -> tuple[dict[str, Any], list[ValueFault]]:
    """The store of a guide's (or a material's) elements and what is wrong with it. Keys that are no element
    of the national table stay as they are: an office may keep what it likes beside them."""
    kept: dict[str, Any] = {}
    faults = []
    for key, value in given.items():
        element = known.get(key)
        try:
            read_value = read(element, value) if element is not None else value
        except ValueFault as fault:
            faults.append(fault)
            continue
        if read_value is not None and read_value != "":
            kept[key] = read_value.isoformat() if isinstance(read_value, date) else read_value
    return kept, faults
