"""Forms of the room. No field lets the browser remember what was typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hongtu.domains.family_visits import queries, vocab
from hongtu.domains.family_visits.models import Element, PostRisk, Retention
from hongtu.kernel.base.choices import choices
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today
from hongtu.ui.offers import offer


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def _text(label: Any, *, rows: int = 3, required: bool = True, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=2000,
        required=required,
        **more,
    )


class MemberField(forms.ModelChoiceField):
    """One of the members of the room, read when the form is made."""

    def __init__(self, label: Any) -> None:
        super().__init__(Person.objects.none(), label=label)


class RoomForm(forms.Form):
    """`autocomplete="off"`: browsers keep form histories, which would outlive the record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
            if isinstance(field, MemberField):
                field.queryset = Person.objects.filter(pk__in=[p.pk for p in queries.members()])


class VersionForm(RoomForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class OfficialForm(VersionForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("姓名"), max_length=60)
    unit = forms.CharField(label=_("单位"), max_length=100)
    post = forms.CharField(label=_("职务"), max_length=100)
    risk = forms.ModelChoiceField(PostRisk.objects.order_by("sequence"), label=_("岗位风险等级"))
    officer = MemberField(label=_("负责人"))
    account = forms.CharField(
        label=_("本人登录名"),
        required=False,
        max_length=150,
        help_text=_("本人在系统里有账号才填：填了，本人就看不到自己家的记录"),
    )

    def clean_account(self) -> Person | None:
        given = self.cleaned_data["account"].strip()
        if not given:
            return None
        found = Person.objects.filter(username=given).first()
        if found is None:
            raise forms.ValidationError(_("没有这个登录名。"))
        return found


class PlanForm(RoomForm):
    planned_on = _day(_("家访日期"))
    visitor = MemberField(label=_("家访人"))
    companion = MemberField(label=_("同行人"))


class RecordForm(VersionForm):
    """The date and one text for each of the “five ones”."""

    def __init__(self, *args: Any, elements: list[Element], draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [element.code for element in elements]
        self.fields["held_on"] = _day(_("家访日期"), initial=today, required=not draft)
        for element in elements:
            self.fields[element.code] = _text(
                element.name,
                required=not draft,
                help_text=element.prompt,
                error_messages={"required": _("请填写；没有谈到的，写明原因。")},
            )
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(code, "").strip() for code in self.codes}


class CancelForm(VersionForm):
    reason = forms.ChoiceField(label=_("取消原因"), choices=choices(vocab.Cancelled))


class NeedForm(RoomForm):
    asked = _text(_("家属提出什么"), rows=2)
    owner = MemberField(label=_("负责办理"))
    due_on = _day(_("答复期限"))


class SettleForm(VersionForm):
    outcome = forms.ChoiceField(
        label=_("结果"), choices=choices(vocab.Outcome), widget=forms.RadioSelect, initial="met"
    )
    result = _text(_("怎么办的、怎么答复的"))
    told_on = _day(_("告知家属日期"))


class ConfirmForm(VersionForm):
    agreed = forms.ChoiceField(
        label=_("回访情况"),
        choices=[("yes", _("家属认可，办结")), ("no", _("家属不认可，退回重办"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    reply = _text(_("家属怎么说"), rows=2, required=False, help_text=_("退回时必填"))


class AdmitForm(RoomForm):
    username = forms.CharField(label=_("登录名"), max_length=150)
    role = forms.ChoiceField(label=_("角色"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "role", queries.role_choices())

    def clean_username(self) -> Person:
        found = Person.objects.filter(username=self.cleaned_data["username"].strip(), is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("没有这个登录名。"))
        return found


class WithdrawForm(RoomForm):
    person = MemberField(label=_("移出谁"))


class SettingForm(forms.ModelForm):
    """An interval, an element of the record, or how long records are kept; never without a basis."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def setting_form(model: type[Any]) -> type[forms.ModelForm]:
    fields = {
        PostRisk: ["name", "duties", "interval_months", "basis"],
        Element: ["name", "prompt", "basis"],
        Retention: ["name", "months", "basis"],
    }[model]
    long = forms.Textarea(attrs={"rows": 3})
    return forms.modelform_factory(
        model, form=SettingForm, fields=fields, widgets={"basis": long, "duties": long, "prompt": long}
    )
