"""Forms of the meeting pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.people.models import Person, Unit


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class _WithUnits(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.exclude(kind="community").order_by("pinyin")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        if "person" in self.fields:
            people = Person.objects.order_by("pinyin")
            self.fields["person"].queryset = people  # type: ignore[attr-defined]


class DecideForm(_WithUnits):
    """One item: what is decided, who, until when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.CharField(
        label=_("议定事项"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("责任单位"), required=False)
    person = forms.ModelChoiceField(Person.objects.none(), label=_("责任人"), required=False)
    due_on = _date(_("时限"))
    path = forms.CharField(label=_("路径"), max_length=200, required=False)


class ItemForm(_WithUnits):
    name = forms.CharField(label=_("议题"), max_length=200)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("责任单位"))
    due_on = _date(_("时限"))


class IssueForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    signed_by = forms.CharField(label=_("签发"), max_length=60)


class NextForm(forms.Form):
    held_on = _date(_("下次召开日期"))
