"""Forms of the pages a ledger cannot express."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hongtu.domains.projects import rules, vocab
from hongtu.domains.projects.rules.laws import unknown_codes
from hongtu.kernel.base.choices import choices
from hongtu.kernel.chains.actions import Link
from hongtu.kernel.chains.models import Step
from hongtu.kernel.chains.vocab import DurationUnit, Light, SlipCause
from hongtu.kernel.people.models import Person, Unit
from hongtu.ui.offers import offer


def date_field(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


class VersionedForm(forms.Form):
    """Carries the version its reader saw, so that a lost update is noticed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class StepForm(VersionedForm):
    """One step: names and owners, duration, dates; moving a planned date needs a reason."""

    name = forms.CharField(label=_("事项"), max_length=200)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("责任单位"))
    person = forms.ModelChoiceField(Person.objects.none(), label=_("责任人"), required=False)
    critical = forms.BooleanField(label=_("关键节点"), required=False)
    duration = forms.IntegerField(label=_("工期"), min_value=0)
    duration_unit = forms.ChoiceField(label=_("工期单位"), choices=DurationUnit.choices)
    planned_start = date_field(_("计划开始"), required=True)
    planned_finish = date_field(_("计划完成"), required=True)
    predecessors = forms.CharField(
        label=_("前置事项"),
        required=False,
        max_length=200,
        help_text=_("如“3; 4SS+2; 5FF-1自然日”：序号、关系（不写为完成-开始）、间隔"),
    )
    start_no_earlier_than = date_field(_("不早于"))
    finish_no_later_than = date_field(_("不晚于"))
    actual_start = date_field(_("实际开始"))
    actual_finish = date_field(_("实际完成"))
    remaining_duration = forms.IntegerField(label=_("剩余工期"), required=False, min_value=0)
    matters = forms.CharField(
        label=_("审批事项"),
        required=False,
        max_length=120,
        help_text=_("审批事项清单中的编号，用空格隔开，如“P15 P16”；日期由来据此引到法律"),
    )
    evidence = forms.CharField(label=_("佐证"), required=False, max_length=400)
    reason = forms.CharField(
        label=_("调整理由"), required=False, help_text=_("调整计划日期或限制时必填"), max_length=400
    )
    cause = forms.ChoiceField(label=_("原因类别"), choices=SlipCause.choices, initial=SlipCause.PLAN)

    def __init__(
        self, *args: Any, step: Step, matters: Sequence[Mapping[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.step, self.listed = step, matters
        units = Unit.objects.exclude(kind="community").order_by("pinyin")
        offer(self, "unit", units)
        offer(self, "person", Person.objects.order_by("pinyin"))
        for name in self.fields:
            if name != "predecessors" and hasattr(step, name):
                self.fields[name].initial = getattr(step, name)
        self.fields["predecessors"].initial = self.stored_predecessors() if step.pk else ""

    def stored_predecessors(self) -> str:
        """What the step waits for, as the field writes it."""
        return rules.write_predecessors(
            rules.Predecessor(r.predecessor.sequence, r.type, r.lag, r.lag_unit == DurationUnit.CALENDAR_DAY)
            for r in self.step.predecessors.select_related("predecessor").order_by("predecessor__sequence")
        )

    def clean_matters(self) -> str:
        """Codes with single spaces; each is in the district's list, where there is one."""
        codes = " ".join(self.cleaned_data["matters"].upper().replace("，", " ").replace(",", " ").split())
        unknown = unknown_codes(codes, self.listed) if self.listed else []
        if unknown:
            raise forms.ValidationError(_("审批事项清单中没有%s。") % "、".join(unknown))
        return codes

    def clean_predecessors(self) -> list[Link]:
        try:
            found = rules.parse_predecessors(self.cleaned_data["predecessors"])
        except ValueError as error:
            raise forms.ValidationError(_("读不懂“%s”，写法如“3; 4SS+2”。") % error) from error
        return [
            Link(
                entry.number,
                self.step.sequence or 0,
                entry.type,
                entry.lag,
                DurationUnit.CALENDAR_DAY if entry.calendar_days else DurationUnit.WORKING_DAY,
            )
            for entry in found
        ]

    def fields_of_step(self) -> dict[str, Any]:
        """All fields as given, for a new step."""
        left_out = ("version", "reason", "cause", "predecessors")
        return {k: v for k, v in self.cleaned_data.items() if k not in left_out}

    def changes(self) -> dict[str, Any]:
        """Only what differs from the step as it was read."""
        return {k: v for k, v in self.fields_of_step().items() if getattr(self.step, k) != v}

    def new_predecessors(self) -> list[Link] | None:
        """The relations when they were changed, else None."""
        return self.cleaned_data["predecessors"] if "predecessors" in self.changed_data else None


class RemoveForm(VersionedForm):
    reason = forms.CharField(label=_("删除理由"), max_length=400)


class MonthsForm(forms.Form):
    """Twelve months of planned money; their sum must be the annual plan."""

    reason = forms.CharField(label=_("理由"), max_length=400)

    def __init__(self, *args: Any, months: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for month in months:
            self.fields[f"m{month.month}"] = forms.DecimalField(
                label=_("%(month)d月") % {"month": month.month},
                min_value=0,
                max_digits=16,
                decimal_places=4,
                initial=month.plan,
            )

    def plan(self) -> dict[int, Any]:
        return {n: self.cleaned_data[f"m{n}"] for n in range(1, 13)}


class MoveForm(forms.Form):
    """The dialog after a drag on the chart; `chain_drag.js` fills in the step and the dates."""

    step = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-chain-field": "key"}))
    start = forms.DateField(
        label=_("计划开始"), widget=forms.DateInput(attrs={"type": "date", "data-chain-field": "start"})
    )
    finish = forms.DateField(
        label=_("计划完成"), widget=forms.DateInput(attrs={"type": "date", "data-chain-field": "finish"})
    )
    cause = forms.ChoiceField(label=_("原因类别"), choices=SlipCause.choices, initial=SlipCause.PLAN)
    reason = forms.CharField(label=_("调整理由"), max_length=400)


class PromiseForm(VersionedForm):
    promised = date_field(_("承诺日期"), required=True)
    reason = forms.CharField(label=_("调整理由"), max_length=400)


class NewChainForm(forms.Form):
    """Where a chain starts from: the type's template, or a schedule file people already have."""

    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    file = forms.FileField(
        label=_("进度计划文件"),
        required=False,
        help_text=_(
            "可选：Microsoft Project（.xml、.mpp）、Primavera（.xer、.xml）或Excel；不选则从模板生成"
        ),
    )


class LightChangeForm(forms.Form):
    light = forms.ChoiceField(label=_("改为"), choices=Light.choices)
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
    until = date_field(_("有效至"), required=True)


class ReportForm(VersionedForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    done = forms.DecimalField(label=_("本月完成投资（万元）"), min_value=0, max_digits=16, decimal_places=4)
    progress = forms.CharField(
        label=_("形象进度"), max_length=200, help_text=_("写部位和比例，不写“正在推进”")
    )
    this_period = forms.CharField(label=_("本期进展"), widget=forms.Textarea(attrs={"rows": 3}))
    next_plan = forms.CharField(label=_("下期计划"), widget=forms.Textarea(attrs={"rows": 3}))


class DecisionForm(VersionedForm):
    reason = forms.CharField(label=_("退回理由"), required=False, max_length=1000)


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label=_("类别"), choices=choices(vocab.EvidenceKind))
    title = forms.CharField(label=_("标题"), max_length=200)
    step = forms.ModelChoiceField(Step.objects.none(), label=_("链条事项"), required=False)
    file = forms.FileField(label=_("文件"), help_text=_("JPG、PNG或PDF，20兆以内"))

    def __init__(self, *args: Any, steps: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "step", steps)


class StageForm(VersionedForm):
    stage = forms.ChoiceField(label=_("项目阶段"), choices=choices(vocab.Stage))
    reason = forms.CharField(label=_("说明"), max_length=400, required=False)


class ApprovalPlanForm(forms.Form):
    """For which type of project, and by when the permit must be there."""

    type = forms.ChoiceField(label=_("项目类型"), choices=choices(vocab.ProjectType))
    permit = date_field(_("须取得施工许可的日期"), required=True)
