"""Forms of the assessment pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from hongtu.domains.assessment.rules import DEFAULTS
from hongtu.domains.assessment.vocab import Formula
from hongtu.kernel.base.choices import choices
from hongtu.kernel.indicators.registry import indicators
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.people.models import Unit
from hongtu.ui.offers import offer


def _date(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def _moment(label: Any, **options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")
    formats = ["%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]
    return forms.DateTimeField(label=label, widget=widget, input_formats=formats, required=False, **options)


def _text(label: Any, most: int = 2000, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=most, **options
    )


class AskForm(forms.Form):
    """Which day is judged, as known when, by which scheme; in the address of every page."""

    on = _date(_("考核截止日"), required=False)
    known = _moment(_("按此刻所知（空为现在）"))
    scheme = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CompareForm(AskForm):
    """A second asking beside the first."""

    on2 = _date(_("对照截止日"), required=False)
    known2 = _moment(_("对照所知（空为现在）"))
    scheme2 = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PublishForm(forms.Form):
    on = _date(_("考核截止日"))
    name = forms.CharField(label=_("标题"), max_length=120)


class ReasonForm(forms.Form):
    """A decision with its reason; the version guards against a second decision."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = _text(_("意见"), required=False)


class _OfUnit(forms.Form):
    def __init__(self, *args: Any, units: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = units if units is not None else Unit.objects.exclude(kind="community")
        offer(self, "unit", known.order_by("pinyin"))


class ExcuseForm(forms.Form):
    """The record comes with the address; what is asked for is its exemption."""

    reason = _text(_("客观原因"))
    since = _date(_("原因发生日期"))
    basis = forms.CharField(label=_("佐证"), max_length=300, help_text=_("文号、照片或证明材料的名称"))


class AdjustmentForm(_OfUnit):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("被考核单位"))
    subject = forms.ChoiceField(label=_("考核对象"), choices=choices(Subject))
    points = forms.DecimalField(
        label=_("分值"), max_digits=5, decimal_places=2, help_text=_("加分为正，减分为负")
    )
    name = forms.CharField(label=_("事由"), max_length=200)
    basis = forms.CharField(label=_("依据"), max_length=300)
    on = _date(_("发生日期"))


class FalsificationForm(_OfUnit):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("被考核单位"))
    subject = forms.ChoiceField(label=_("考核对象"), choices=choices(Subject))
    name = forms.CharField(label=_("涉及的数据"), max_length=200)
    facts = _text(_("事实"))
    basis = forms.CharField(label=_("证据"), max_length=300)
    occurred_on = _date(_("发生日期"))


class ObjectionForm(_OfUnit):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("被考核单位"))
    item = forms.ChoiceField(label=_("异议项"), required=False)
    name = forms.CharField(label=_("主张"), max_length=200)
    reason = _text(_("理由"))

    def __init__(self, *args: Any, items: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "item", [("", _("总分")), *items])


class SchemeForm(forms.Form):
    """The head of a scheme and its settings."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("名称"), max_length=120)
    effective_from = _date(_("施行日期"))
    basis = forms.CharField(label=_("依据"), max_length=300, required=False)
    good_from = forms.FloatField(label=_("良好从（分）"), min_value=0, max_value=120)
    pass_from = forms.FloatField(label=_("合格从（分）"), min_value=0, max_value=120)
    adjustment_limit = forms.FloatField(label=_("加减分上限"), min_value=0, max_value=100)
    least_points = forms.FloatField(label=_("适用分值不足即不排名"), min_value=0, max_value=100)
    objection_days = forms.FloatField(label=_("异议期（工作日）"), min_value=1, max_value=60)

    def settings(self) -> dict[str, float]:
        return {name: self.cleaned_data[name] for name in DEFAULTS if name in self.cleaned_data}


class ItemForm(forms.Form):
    """One line of a scheme; an empty title or no points takes the line out."""

    key = forms.SlugField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("考核项"), max_length=60, required=False)
    indicator = forms.ChoiceField(label=_("指标"), required=False)
    formula = forms.ChoiceField(label=_("计分方法"), choices=choices(Formula), required=False)
    points = forms.FloatField(label=_("分值"), min_value=0, max_value=100, required=False)
    cap = forms.FloatField(label=_("满分比例"), min_value=0.01, max_value=10, required=False)
    limit = forms.FloatField(label=_("零分天数"), min_value=0.01, max_value=1000, required=False)

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(i.key, gettext_lazy(i.title)) for i in indicators(subject)]
        offer(self, "indicator", [("", "—"), *known])


ItemFormSet = forms.formset_factory(ItemForm, extra=2, max_num=20)
