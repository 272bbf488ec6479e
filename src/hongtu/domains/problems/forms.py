"""Forms of the public page and of every move."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hongtu.domains.problems import queries
from hongtu.domains.problems.vocab import Quantity
from hongtu.kernel.base.choices import choices
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.problems import queries as spine
from hongtu.kernel.problems import vocab
from hongtu.kernel.problems.models import Category, Problem
from hongtu.kernel.profile.models import district
from hongtu.ledger.photos import PhotosField
from hongtu.ui.offers import offer
from hongtu.ui.widgets import PositionField


def _grouped() -> list[Any]:
    """Kinds of problem under their groups."""
    found: dict[str, list[Any]] = {}
    for category in spine.categories():
        found.setdefault(category.group, []).append((category.pk, category.name))
    return [("", _("请选择")), *found.items()]


class ReportForm(forms.Form):
    """The public report, in three steps (`steps` names the fields of each)."""

    category = forms.ModelChoiceField(Category.objects.none(), label=_("类别"))
    description = forms.CharField(
        label=_("发生了什么"),
        max_length=4000,
        min_length=4,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("不要写身份证号、银行卡号"),
    )
    photos = PhotosField(
        label=_("照片"), required=False, help_text=_("最多3张，照片里的拍摄位置等隐藏信息会被去除")
    )
    subdistrict = forms.ModelChoiceField(Unit.objects.none(), label=_("街道（镇）"), empty_label=_("请选择"))
    address = forms.CharField(
        label=_("详细位置"), max_length=300, required=False, help_text=_("例如：凤凰中大道与凤鸣路口")
    )
    position = PositionField(label=_("地图位置"), required=False, help_text=_("在地图上点一下即可"))
    name = forms.CharField(label=_("怎么称呼您"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        required=False,
        validators=[RegexValidator(r"^[0-9+\- ]{5,20}$", _("电话号码只含数字和 + -，5 到 20 位。"))],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("只用于办理时联系您，不公开"),
    )
    public = forms.BooleanField(
        label=_("同意公开问题内容和办理结果（不含姓名和电话）"), required=False, initial=True
    )
    same = forms.CharField(label=_("同一件事"), required=False, max_length=20)
    website = forms.CharField(
        label=_("请留空"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    steps = (
        (_("什么问题"), ("category", "description", "photos")),
        (_("在哪里"), ("subdistrict", "address", "position")),
        (_("怎么联系"), ("name", "phone", "public")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["category"]
        kinds.queryset = spine.categories()
        kinds.choices = _grouped()
        places: Any = self.fields["subdistrict"]
        places.queryset = queries.subdistricts()
        found = district()
        widget: Any = self.fields["position"].widget
        widget.outline = (found.outline.get("features") or [None])[0] if found else None

    def parts(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """(title, fields, whether something in it is wrong) of each step."""
        return [
            (title, [self[name] for name in names], any(self[name].errors for name in names))
            for title, names in self.steps
        ]


class FollowForm(forms.Form):
    code = forms.CharField(
        label=_("查询码"), max_length=20, help_text=_("上报成功时给您的，形如 ABCDE-23456")
    )


class AnswerForm(forms.Form):
    """What the reporter says of the outcome."""

    verdict = forms.ChoiceField(
        label=_("问题解决了吗"),
        choices=[("confirmed", _("解决了，认可")), ("disputed", _("没有解决，请继续办"))],
        widget=forms.RadioSelect,
    )
    satisfaction = forms.ChoiceField(
        label=_("对办理过程满意吗"),
        choices=[c for c in choices(vocab.Satisfaction) if c[0]],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("没有解决时请写明还差什么"),
    )


class MoveForm(forms.Form):
    """Base of a move's form: the version its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problem = problem
        self.fields["version"].initial = problem.version

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        return {k: v for k, v in self.cleaned_data.items() if k != "version"}


def _reason(label: Any = None) -> forms.CharField:
    return forms.CharField(
        label=label or _("理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


def _offices() -> Any:
    kinds = (UnitKind.DEPARTMENT, UnitKind.SUBDISTRICT, UnitKind.INSTITUTION, UnitKind.COMMUNITY)
    return Unit.objects.filter(kind__in=kinds).order_by("kind", "pinyin")


class TriageForm(MoveForm):
    title = forms.CharField(label=_("标题"), max_length=120)
    category = forms.ModelChoiceField(Category.objects.filter(active=True), label=_("类别"))
    urgency = forms.ChoiceField(label=_("类级"), choices=choices(vocab.Urgency))
    subdistrict = forms.ModelChoiceField(Unit.objects.none(), label=_("所在街道（镇）"), required=False)

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, problem=problem, **kwargs)
        offer(self, "subdistrict", queries.subdistricts())
        for name in ("title", "category", "urgency", "subdistrict"):
            self.fields[name].initial = getattr(problem, name)


class AssignForm(MoveForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("承办单位"))
    text = forms.CharField(
        label=_("交办要求"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, problem=problem, **kwargs)
        offer(self, "unit", _offices())
        self.fields["unit"].initial = problem.lead_unit_id or (problem.category and problem.category.unit_id)


class SignForm(MoveForm):
    handler = forms.ModelChoiceField(Person.objects.none(), label=_("承办人"), required=False)

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, problem=problem, **kwargs)
        people = Person.objects.filter(unit=problem.handling_unit, is_active=True).order_by("pinyin")
        offer(self, "handler", people)


class ReasonForm(MoveForm):
    reason = _reason()


class TransferForm(MoveForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("转给"))
    reason = _reason()

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, problem=problem, **kwargs)
        offices = _offices().exclude(pk=problem.handling_unit_id)
        offer(self, "unit", offices)


class MeasuresForm(MoveForm):
    measures = _reason(_("办理措施、责任人和时间"))


class ContactForm(MoveForm):
    text = _reason(_("什么时间、怎么联系、谈了什么"))


class TextForm(MoveForm):
    text = forms.CharField(
        label=_("意见"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CloseForm(MoveForm):
    """Ask to close: the outcome, its quantities and money, and the proof."""

    proposal = forms.ChoiceField(
        label=_("办理结论"), choices=choices(vocab.Proposal), widget=forms.RadioSelect, initial="solved"
    )
    summary = _reason(_("办理结果（反映人会看到）"))
    photos = PhotosField(label=_("办理后照片"), required=False, help_text=_("申请办结为已解决时必须有"))
    measure = forms.ChoiceField(
        label=_("成果数量"), required=False, choices=[("", _("没有可计数的")), *choices(Quantity)]
    )
    amount = forms.DecimalField(
        label=_("数量"), required=False, min_value=Decimal(0), max_digits=16, decimal_places=2
    )
    label = forms.CharField(label=_("其他成果的名称"), required=False, max_length=40)
    unit = forms.CharField(label=_("其他成果的单位"), required=False, max_length=12)
    cost = forms.DecimalField(
        label=_("资金（万元）"), required=False, min_value=Decimal(0), max_digits=16, decimal_places=4
    )
    funding = forms.CharField(label=_("资金来源"), required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("measure") and found.get("amount") is None:
            self.add_error("amount", _("请填写数量。"))
        if found.get("measure") == Quantity.OTHER and not (found.get("label") and found.get("unit")):
            self.add_error("label", _("其他成果要写明名称和单位。"))
        return found


class AskForm(MoveForm):
    """Ask for an extension or a suspension until the close of a day."""

    until = forms.DateField(label=_("至"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = _reason()


class MergeForm(MoveForm):
    into = forms.CharField(label=_("并入的编号"), max_length=20)
    reason = _reason(_("为什么是同一件事"))


class SplitForm(MoveForm):
    parts = forms.CharField(
        label=_("每行一件的标题"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("至少两行")
    )
    reason = forms.CharField(label=_("说明"), required=False, max_length=500)


class BlockForm(forms.Form):
    """Which step of which chain a problem holds up; the steps are those of the chain chosen first."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.ModelChoiceField(
        Step.objects.none(),
        label=_("卡住的事项"),
        required=False,
        empty_label=_("不卡住任何事项"),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, problem: Problem, chain: Chain, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = problem.version
        steps: Any = self.fields["step"]
        steps.queryset = chain.steps.filter(actual_finish__isnull=True).order_by("sequence")
        steps.initial = problem.step_id


class KeyForm(forms.Form):
    """A key for an application."""

    name = forms.CharField(label=_("应用名称"), max_length=80)
    contact = forms.CharField(label=_("联系人"), max_length=120, required=False)


class DecisionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.CharField(
        label=_("审批意见"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class MeasureFilter(forms.Form):
    """The period and the cut of the measures page."""

    start = forms.DateField(label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    subdistrict = forms.ModelChoiceField(
        Unit.objects.none(), label=_("街道（镇）"), required=False, empty_label=_("全部")
    )
    category = forms.ModelChoiceField(
        Category.objects.all(), label=_("类别"), required=False, empty_label=_("全部")
    )
    source = forms.ChoiceField(
        label=_("来源"), required=False, choices=[("", _("全部")), *choices(vocab.Source)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "subdistrict", queries.subdistricts())


def named(measure: str, label: str, unit: str) -> tuple[str, str]:
    """Name and unit of a counted result; a named measure carries its unit in brackets."""
    if measure == Quantity.OTHER:
        return label, unit
    name, _bracket, rest = Quantity(measure).label.partition("（")
    return name, rest.rstrip("）")


def close_of(day: Any) -> Any:
    """The end of office hours of a day, as an aware moment."""
    from datetime import datetime

    from hongtu.kernel.problems.terms import terms

    return timezone.make_aware(datetime.combine(day, terms().hours.close))
