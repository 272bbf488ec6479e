"""Units that ledgers write into their headers, and the factors between them.

1 亩 is 2000/3 m² (15 亩 = 1 公顷), the definition behind the usual "666.67".
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

GROUPS: dict[str, dict[str, Fraction]] = {
    "money": {
        "元": Fraction(1),
        "千元": Fraction(10**3),
        "万元": Fraction(10**4),
        "百万元": Fraction(10**6),
        "千万元": Fraction(10**7),
        "亿元": Fraction(10**8),
    },
    "area": {
        "平方米": Fraction(1),
        "亩": Fraction(2000, 3),
        "公顷": Fraction(10**4),
        "万平方米": Fraction(10**4),
        "平方公里": Fraction(10**6),
    },
    "length": {"毫米": Fraction(1, 1000), "米": Fraction(1), "公里": Fraction(1000)},
    "share": {"%": Fraction(1), "小数": Fraction(100), "‰": Fraction(1, 10)},
    "people": {"人": Fraction(1), "万人": Fraction(10**4)},
    "days": {"天": Fraction(1), "周": Fraction(7)},
}
_OTHER_NAMES = {
    "万": "万元", "亿": "亿元", "人民币元": "元", "人民币万元": "万元", "人民币亿元": "亿元",
    "万元人民币": "万元",
    "cny": "元", "rmb": "元", "yuan": "元", "10kcny": "万元", "10000cny": "万元", "cny10k": "万元",
    "100mcny": "亿元",
    "㎡": "平方米", "m2": "平方米", "m²": "平方米", "平米": "平方米", "平方": "平方米", "sqm": "平方米",
    "万㎡": "万平方米", "万m2": "万平方米", "万m²": "万平方米", "万平米": "万平方米", "万平": "万平方米",
    "万方": "万平方米", "hm2": "公顷", "ha": "公顷", "km2": "平方公里", "平方千米": "平方公里", "mu": "亩",
    "m": "米", "km": "公里", "千米": "公里", "mm": "毫米", "百分比": "%", "percent": "%",
    "日": "天", "个工作日": "天",
    "名": "人",
}  # fmt: skip
# `责任单位：` names an office; only the bare word, or one of what is measured, states a unit.
_SHEET_WIDE = re.compile(r"(?:^|[\s（(,，;；、。])(?:金额|投资|面积|计量|货币)?单位\s*[:：]\s*([^\n]*)")
_GROUP_OF = {unit: group for group, units in GROUPS.items() for unit in units}
_ASIDE = re.compile(r"[(\[【（〔]([^()\[\]【】（）〔〕]*)[)\]】）〕]")
_AFTER_SLASH = re.compile(r"[/／]\s*([^/／\s]+)\s*$")
_STATED = re.compile(r"(?:金额|投资|面积)?单位\s*[:：]\s*([^\s,，;；、:：()（）]+)")


def canonical_unit(text: str) -> str | None:
    """The standard name of a unit, or None: ` ㎡ ` and `m2` are 平方米, `万` is 万元."""
    name = unicodedata.normalize("NFKC", text).strip().lower().replace(" ", "").removeprefix("单位:")
    if name in _GROUP_OF:
        return name
    if text.strip() == "‰":
        return "‰"
    return _OTHER_NAMES.get(name)


def group_of(unit: str) -> str | None:
    return _GROUP_OF.get(unit)


def factor(source: str, stored: str) -> Fraction:
    """What a number in `source` is multiplied by to be in `stored`. Raises KeyError across groups."""
    group = _GROUP_OF[source]
    return GROUPS[group][source] / GROUPS[group][stored]


def units_alike(unit: str) -> tuple[str, ...]:
    """All units of the same group, for the correction form."""
    group = _GROUP_OF.get(unit)
    return tuple(GROUPS[group]) if group else ()


def unit_in_header(label: str) -> str | None:
    """The unit a header states: `总投资（万元）`, `面积/亩`, `年度计划 单位：亿元`, `完成率(%)`."""
    for aside in reversed(_ASIDE.findall(label)):
        for word in re.split(r"[,，、;；:：\s]+", aside):
            if unit := canonical_unit(word):
                return unit
    if found := _STATED.search(label):
        return canonical_unit(found[1])
    if found := _AFTER_SLASH.search(label):
        return canonical_unit(found[1])
    if label.rstrip().endswith(("%", "％")):
        return "%"
    return None


def stated_units(text: str) -> list[str]:
    """Units a title row states for the whole sheet, e.g. `单位：万元、亩`."""
    found: list[str] = []
    for tail in _SHEET_WIDE.findall(text):
        for word in re.split(r"[,，、;；\s()（）]+", tail):
            unit = canonical_unit(word) if word else None
            if unit is None:
                break  # `填报单位：发改委` names an office, and nothing after it is a unit
            found.append(unit)
    return found


def without_asides(label: str) -> str:
    """The label without bracketed remarks, stated units and a trailing `/unit`."""
    text = _STATED.sub("", _ASIDE.sub("", label))
    if (found := _AFTER_SLASH.search(text)) and canonical_unit(found[1]):
        text = text[: found.start()]
    return text
