"""Form fields made out of the list of elements, and the forms of one material and one file."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hongtu.domains.matters import vocab
from hongtu.domains.matters.models import Material
from hongtu.domains.matters.rules.elements import DETAILS, Element
from hongtu.domains.matters.rules.values import MESSAGES, SEPARATOR, ValueFault, read
from hongtu.domains.matters.vocab import ElementKind
from hongtu.kernel.base.choices import choices

BOOLEAN = (("", _("未填")), ("true", _("是")), ("false", _("否")))


def element_field(element: Element) -> forms.Field:
    """A field for one element; never required, since a draft may be kept before it is complete. One that the
    standard demands is `wanted`: it is not called optional."""
    field = _field_of(element)
    setattr(field, "wanted", element.mandatory)  # noqa: B010
    return field


def _field_of(element: Element) -> forms.Field:
    common: dict[str, Any] = {"label": gettext(element.label), "required": False}
    hint = gettext(element.hint) if element.hint else ""
    if element.kind is ElementKind.ROWS:
        heads = f" {SEPARATOR} ".join(gettext(label) for _name, label in element.columns)
        hint = gettext("每行一条：%s") % heads
    if element.mandatory:
        hint = f"{gettext('国家标准要求填写')}{'：' if hint else ''}{hint}"
    if hint:
        common["help_text"] = hint
    if element.kind is ElementKind.BOOLEAN:
        return forms.TypedChoiceField(
            choices=BOOLEAN, coerce=lambda text: text in ("true", "True"), empty_value=None, **common
        )
    if element.choices is not None:
        return forms.ChoiceField(choices=[("", _("未填")), *choices(element.choices)], **common)
    if element.kind in (ElementKind.LONG, ElementKind.ROWS):
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=element.longest, **common)
    if element.kind is ElementKind.ADDRESS:
        return forms.CharField(widget=forms.URLInput, max_length=element.longest, **common)
    return forms.CharField(max_length=element.longest or None, **common)


def read_element(form: forms.BaseForm, name: str, element: Element) -> None:
    """Put the value of an element in place of what was typed, or say at its field what is wrong with it."""
    try:
        form.cleaned_data[name] = read(element, form.cleaned_data[name])
    except ValueFault as fault:
        allowed = "、".join(gettext(word) for word in fault.allowed.split("、"))
        words = {"label": gettext(element.label), "text": fault.text, "allowed": allowed}
        form.add_error(name, gettext(MESSAGES[fault.code]) % words)


class MaterialForm(forms.Form):
    """One material with all its elements."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    necessity = forms.ChoiceField(label=_("材料必要性"), choices=choices(vocab.Necessity))
    form = forms.ChoiceField(label=_("材料类型"), choices=choices(vocab.MaterialForm))
    copies = forms.IntegerField(label=_("纸质份数"), min_value=0, max_value=99)
    source = forms.ChoiceField(label=_("来源渠道"), choices=choices(vocab.MaterialSource))
    held_by_government = forms.BooleanField(label=_("政府已有，免提交"), required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        for element in DETAILS:
            self.fields[element.key] = element_field(element)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for element in DETAILS:
            if element.key in cleaned:
                read_element(self, element.key, element)
        return cleaned

    def row(self, name: str) -> dict[str, Any]:
        """The material as the actions take it."""
        given = {k: v for k, v in self.cleaned_data.items() if k != "version"}
        details = {e.key: value for e in DETAILS if (value := given.pop(e.key)) is not None}
        return {**given, "name": name, "details": details}

    @staticmethod
    def initial_of(material: Material, version: int) -> dict[str, Any]:
        names = ("necessity", "form", "copies", "source", "held_by_government", "note")
        return {"version": version, **{n: getattr(material, n) for n in names}, **material.details}


class FileForm(forms.Form):
    """A file in its place."""

    file = forms.FileField(label=_("文件"), help_text=_("PDF、Word、Excel、JPG或PNG，20兆以内"))
