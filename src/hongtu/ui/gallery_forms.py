"""Forms of the gallery: one that is blank, one that came back with faults, and a filter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

KINDS = (("", _("全部")), ("a", _("第一类")), ("b", _("第二类")))


class SampleForm(forms.Form):
    """Every kind of control."""

    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("不超过40字"))
    amount = forms.DecimalField(label=_("金额"), max_digits=12, decimal_places=2)
    day = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=KINDS)
    level = forms.ChoiceField(
        label=_("级别"), choices=(("1", _("一级")), ("2", _("二级"))), widget=forms.RadioSelect
    )
    file = forms.FileField(
        label=_("附件"),
        required=False,
        help_text=_("可拖到此处；不超过5 MB"),
        widget=forms.FileInput(attrs={"data-max-bytes": 5 * 1024 * 1024}),
    )
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label=_("我已核对"))


class SampleFilter(forms.Form):
    """What a filter bar looks like."""

    q = forms.CharField(label=_("搜索"), required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=KINDS, required=False)
    since = forms.DateField(label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
