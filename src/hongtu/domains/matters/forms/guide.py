"""Forms of the guide editor: scalar fields, and rows written one a line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hongtu.domains.matters import vocab
from hongtu.domains.matters.forms.elements import element_field, read_element
from hongtu.domains.matters.models import Guide, Office
from hongtu.domains.matters.rules.elements import BY_KEY, OWN, Element
from hongtu.domains.matters.rules.values import write
from hongtu.domains.matters.vocab import ElementGroup, Holder
from hongtu.kernel.base.choices import choices

SEPARATOR = "|"
PREFIX = "element_"
POSITION = re.compile(r"(1?\d{1,2}\.\d+)\s*,\s*(\d{1,2}\.\d+)\s*(wgs-?84|gcj-?02|bd-?09)?", re.IGNORECASE)
# Fields of the form that hold more than one element, or none of the national table, and where they stand.
GROUP_OF = {
    "materials": ElementGroup.MATERIALS,
    "steps": ElementGroup.COURSE,
    "offices": ElementGroup.ACCEPTANCE,
    "fee": ElementGroup.FEE,
    "origin": ElementGroup.VALIDITY,
} | {e.field: e.group for e in BY_KEY.values() if e.holder is Holder.GUIDE}
YES = frozenset({"是", "1", "yes", "true"})  # not for translation: typed in either language
DATE = {"type": "date"}


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class GuideForm(forms.Form):
    """A draft. Materials, steps and offices stand one a line, their parts divided by `|`. The elements that
    have no column of their own are added out of the list of elements."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    department = forms.CharField(label=_("实施主体"), max_length=120)
    audience = forms.CharField(label=_("服务对象"), max_length=200, required=False)
    conditions = forms.CharField(label=_("受理条件"), required=False, widget=_area(3))
    materials = forms.CharField(
        label=_("办理材料"),
        required=False,
        widget=_area(6),
        help_text=_("每行一份：名称 | 必要性 | 来源 | 政府已有（是/否）| 份数 | 说明"),
    )
    steps = forms.CharField(
        label=_("办理流程"),
        required=False,
        widget=_area(5),
        help_text=_("每行一步：步骤 | 岗位 | 时限 | 做什么"),
    )
    offices = forms.CharField(
        label=_("办理地点"),
        required=False,
        widget=_area(3),
        help_text=_(
            "每行一处：名称 | 窗口 | 地址 | 办理时间 | 电话 | 坐标（经度,纬度；高德加gcj02，百度加bd09）"
        ),
    )
    legal_days = forms.IntegerField(label=_("法定时限"), required=False, min_value=0)
    promised_days = forms.IntegerField(label=_("承诺时限"), required=False, min_value=0)
    day_unit = forms.ChoiceField(label=_("时限单位"), choices=choices(vocab.DayUnit))
    time_note = forms.CharField(label=_("时限说明"), max_length=300, required=False)
    fee = forms.CharField(label=_("收费"), max_length=300, required=False)
    result = forms.CharField(label=_("办理结果"), max_length=300, required=False)
    channels = forms.CharField(label=_("办理形式"), max_length=120, required=False)
    visits = forms.IntegerField(label=_("到现场次数"), required=False, min_value=0, max_value=20)
    phone = forms.CharField(label=_("咨询电话"), max_length=60, required=False)
    complaint_phone = forms.CharField(label=_("监督投诉电话"), max_length=60, required=False)
    mistakes = forms.CharField(label=_("常见错误与提醒"), required=False, widget=_area(3))
    commitment = forms.ChoiceField(label=_("告知承诺与容缺"), choices=choices(vocab.CommitmentMode))
    basis = forms.CharField(label=_("设定依据"), required=False, widget=_area(2))
    effective_from = forms.DateField(label=_("生效日期"), widget=forms.DateInput(attrs=DATE))
    expires_on = forms.DateField(label=_("失效日期"), required=False, widget=forms.DateInput(attrs=DATE))
    origin = forms.CharField(label=_("修订缘由"), max_length=300, required=False)

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        for element in OWN:
            self.fields[PREFIX + element.key] = element_field(element)

    def clean_materials(self) -> list[dict[str, Any]]:
        kept = self.initial.get("kept", {})
        rows = [_material(n, parts) for n, parts in _lines(self.cleaned_data["materials"])]
        return [{**kept.get(row["name"], {}), **row} for row in rows]

    def clean(self) -> dict[str, Any]:
        """Each element's text as its value; what is wrong stands at its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        for element in OWN:
            name = PREFIX + element.key
            if name in cleaned:
                read_element(self, name, element)
        return cleaned

    def clean_steps(self) -> list[dict[str, Any]]:
        return _rows(self.cleaned_data["steps"], ("name", "who", "days", "text"), (60, 120, 40, 400))

    def clean_offices(self) -> list[dict[str, Any]]:
        kept = self.initial.get("places", {})
        names = ("name", "window", "address", "hours", "phone", "position")
        rows = _rows(self.cleaned_data["offices"], names, (120, 120, 200, 200, 60, 60))
        return [_placed(n, row, kept) for n, row in enumerate(rows, 1)]

    def values(self) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
        """Fields and parts as the actions take them."""
        given = {k: v for k, v in self.cleaned_data.items() if k != "version" and not k.startswith(PREFIX)}
        parts = {name: given.pop(name) for name in ("materials", "steps", "offices")}
        own = {e.key: self.cleaned_data[PREFIX + e.key] for e in OWN}
        beside = {k: v for k, v in self.initial.get("elements", {}).items() if PREFIX + k not in self.fields}
        given["elements"] = {**beside, **{k: v for k, v in own.items() if v is not None}}
        return given, parts

    def sections(self) -> list["Section"]:
        """The fields by group of the national table, so that the page is short to look at."""
        found = []
        for group in ElementGroup:
            names = [n for n, at in GROUP_OF.items() if at is group and n in self.fields]
            names += [PREFIX + e.key for e in OWN if e.group is group]
            if names:
                found.append(Section(group.value, gettext(group.label), [self[name] for name in names]))
        return found


@dataclass(frozen=True)
class Section:
    """A part of the form: its fields, how many are filled, whether one is wrong."""

    key: str
    label: str
    fields: list[forms.BoundField]

    @property
    def filled(self) -> int:
        return sum(field.value() not in (None, "", "none") for field in self.fields)

    @property
    def faulty(self) -> bool:
        return any(field.errors for field in self.fields)

    @property
    def open(self) -> bool:
        return self.faulty or self.key in ("body", "materials")


def _placed(number: int, row: dict[str, Any], kept: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    """An office with its place: the one it had while its position is as it was, else a new one."""
    position = row.pop("position").replace("，", ",")
    key, known = kept.get(row["name"], (None, ""))
    if not position or position == known:
        return {**row, "place_id": key if position == known else None}
    found = POSITION.fullmatch(position)
    if not found:
        raise forms.ValidationError(
            gettext("第%(n)s行：坐标请写“经度,纬度”，例如115.8561,28.6932，不是“%(text)s”。")
            % {"n": number, "text": position}
        )
    system = (found[3] or "wgs84").lower().replace("-", "")
    return {**row, "position": (float(found[1]), float(found[2]), system)}


def position_words(office: Office) -> str:
    """The position of an office as it stands in the form, WGS84."""
    return f"{office.place.point[0]:.6f},{office.place.point[1]:.6f}" if office.place else ""


def _lines(text: str) -> list[tuple[int, list[str]]]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            parts = [part.strip() for part in line.replace("｜", SEPARATOR).split(SEPARATOR)]
            found.append((number, parts))
    return found


def _rows(text: str, names: Sequence[str], longest: Sequence[int]) -> list[dict[str, Any]]:
    found = []
    for number, parts in _lines(text):
        if len(parts) > len(names):
            raise forms.ValidationError(
                gettext("第%(n)s行的“|”多于%(most)s个。") % {"n": number, "most": len(names) - 1}
            )
        padded = [*parts, *[""] * (len(names) - len(parts))]
        for part, most in zip(padded, longest, strict=True):
            if len(part) > most:
                raise forms.ValidationError(
                    gettext("第%(n)s行有一项超过%(most)s字。") % {"n": number, "most": most}
                )
        found.append(dict(zip(names, padded, strict=True)))
    return found


def _member(words: type[Any], text: str, number: int, default: str) -> str:
    if not text:
        return default
    for member in words:
        if text in (member.value, member.label, gettext(member.label)):
            return str(member.value)
    allowed = "、".join(gettext(m.label) for m in words)
    raise forms.ValidationError(
        gettext("第%(n)s行：“%(text)s”不是%(allowed)s之一。")
        % {"n": number, "text": text, "allowed": allowed}
    )


def _material(number: int, parts: list[str]) -> dict[str, Any]:
    name, necessity, source, held, copies, note = [*parts, *[""] * 6][:6]
    if len(name) > 200 or len(note) > 300 or len(parts) > 6:
        raise forms.ValidationError(gettext("第%(n)s行过长或“|”过多。") % {"n": number})
    if copies and not copies.isdecimal():
        raise forms.ValidationError(gettext("第%(n)s行：份数应为数字。") % {"n": number})
    return {
        "name": name,
        "necessity": _member(vocab.Necessity, necessity, number, "required"),
        "source": _member(vocab.MaterialSource, source, number, "applicant"),
        "held_by_government": held.lower() in {gettext("是").lower(), *YES},
        "copies": int(copies or 1),
        "note": note,
    }


def initial_of(guide: Guide) -> dict[str, Any]:
    """A draft as the form shows it."""
    names = [n for n in GuideForm.base_fields if n not in ("version", "materials", "steps", "offices")]
    yes, no = gettext("是"), gettext("否")
    materials = [
        (m.name, m.get_necessity_display(), m.get_source_display(), yes if m.held_by_government else no,
         str(m.copies), m.note)
        for m in guide.materials.all()
    ]  # fmt: skip
    steps = [(s.name, s.who, s.days, s.text) for s in guide.steps.all()]
    offices = [
        (o.name, o.window, o.address, o.hours, o.phone, position_words(o)) for o in guide.offices.all()
    ]
    rows: Mapping[str, Sequence[Sequence[str]]] = {"materials": materials, "steps": steps, "offices": offices}
    return {
        "version": guide.version,
        **{name: getattr(guide, name) for name in names},
        **{k: "\n".join(f" {SEPARATOR} ".join(row).rstrip(" |") for row in v) for k, v in rows.items()},
        **{PREFIX + e.key: _typed(e, guide.elements.get(e.key)) for e in OWN},
        "elements": guide.elements,
        "places": {o.name: (o.place_id, position_words(o)) for o in guide.offices.all()},
        "kept": {m.name: {"form": m.form, "details": m.details} for m in guide.materials.all()},
    }


def _typed(element: Element, value: Any) -> Any:
    """A stored value as its form field takes it."""
    if element.columns:
        return write(element, value)
    return str(value).lower() if isinstance(value, bool) else value


class DecisionForm(forms.Form):
    """Publish, or return with a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("退回理由"), required=False, max_length=300)
