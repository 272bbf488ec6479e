"""Forms of the moves of a topic, of the meeting record, of the owners' vote and of the public page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hongtu.domains.consultation import queries, vocab
from hongtu.domains.consultation.models import Objection, Option, Participant, Proposal, Task, Topic
from hongtu.kernel.access.policies import objects
from hongtu.kernel.base.choices import choices
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.problems.models import Problem
from hongtu.ui.offers import offer

FUNDS = 3


def date_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def text_field(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


def units() -> Any:
    return Unit.objects.exclude(kind=UnitKind.COMPANY).order_by("kind", "pinyin")


class TopicForm(forms.Form):
    """Base of the moves: knows the topic and who asks. `version`: of the topic as it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, topic: Topic, by: Person, **kwargs: Any) -> None:
        self.topic, self.by = topic, by
        kwargs.setdefault("initial", {})
        kwargs["initial"].setdefault("version", topic.version)
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill the choices that depend on the topic."""

    def offer(self, name: str, rows: Any) -> None:
        offer(self, name, rows)


class ScreenForm(TopicForm):
    verdict = forms.ChoiceField(label=_("审题结论"), choices=choices(vocab.Verdict), widget=forms.RadioSelect)
    reason = text_field(
        _("理由"), required=False, max_length=1000, help_text=_("不立题、转办、转调解必须写明")
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("承办单位"), required=False, help_text=_("转办时选定")
    )

    def prepare(self) -> None:
        self.offer("unit", units().filter(kind__in=(UnitKind.DEPARTMENT, UnitKind.SUBDISTRICT)))


class MergeForm(TopicForm):
    proposals = forms.ModelMultipleChoiceField(
        Proposal.objects.none(), label=_("同类提事"), widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        self.offer("proposals", queries.similar(self.topic, self.by))


class InviteForm(TopicForm):
    part = forms.ChoiceField(label=_("身份"), choices=choices(vocab.Part))
    name = forms.CharField(label=_("姓名"), max_length=60)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("单位"), required=False, help_text=_("职能部门须选单位")
    )
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("账号"),
        required=False,
        help_text=_("本人要自己声明和评价的，选其账号"),
    )
    reason = forms.CharField(
        label=_("邀请理由"), max_length=200, required=False, help_text=_("规则要求邀请的不用写，自动带出")
    )

    def prepare(self) -> None:
        self.offer("unit", units())
        self.offer("person", Person.objects.filter(is_active=True).order_by("pinyin"))


class DeclareForm(TopicForm):
    participant = forms.ModelChoiceField(Participant.objects.none(), label=_("参会人员"))
    interest = forms.ChoiceField(
        label=_("利益冲突声明"), choices=choices(vocab.Interest)[1:], widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("冲突说明"),
        max_length=200,
        required=False,
        help_text=_("例如：本人经营的公司参与该工程报价"),
    )

    def prepare(self) -> None:
        rows = self.topic.participants.all()
        if not objects(Topic, by=self.by, to="change").filter(pk=self.topic.pk).exists():
            rows = rows.filter(person=self.by)
        self.offer("participant", rows)


class UninviteForm(TopicForm):
    participant = forms.ModelChoiceField(Participant.objects.none(), label=_("参会人员"))
    reason = forms.CharField(label=_("理由"), max_length=200)

    def prepare(self) -> None:
        self.offer("participant", self.topic.participants.all())


class SituationForm(TopicForm):
    situation = text_field(
        _("调研情况"), rows=6, max_length=4000, help_text=_("现状、数据、各方诉求、法律政策依据")
    )

    def prepare(self) -> None:
        self.initial.setdefault("situation", self.topic.situation)


class OptionForm(TopicForm):
    """An option with up to three sources of its money."""

    name = forms.CharField(label=_("方案"), max_length=80)
    description = text_field(_("做法"), max_length=2000)
    cost = forms.DecimalField(label=_("费用测算（万元）"), min_value=0, max_digits=16, decimal_places=4)

    def prepare(self) -> None:
        sources = [("", "—"), *choices(vocab.Funding)]
        for number in range(1, FUNDS + 1):
            self.fields[f"source_{number}"] = forms.ChoiceField(
                label=_("资金来源 %(n)s") % {"n": number}, choices=sources, required=False
            )
            self.fields[f"amount_{number}"] = forms.DecimalField(
                label=_("金额 %(n)s（万元）") % {"n": number},
                min_value=0,
                max_digits=16,
                decimal_places=4,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        funds: dict[str, Decimal] = {}
        for number in range(1, FUNDS + 1):
            source, amount = given.pop(f"source_{number}", ""), given.pop(f"amount_{number}", None)
            if bool(source) != (amount is not None):
                self.add_error(f"amount_{number}", _("资金来源和金额要一起填。"))
            elif source and source in funds:
                self.add_error(f"source_{number}", _("这个来源已经填过，请合并金额。"))
            elif source and amount is not None:
                funds[source] = amount
        return {**given, "funds": funds}


class DropForm(TopicForm):
    option = forms.ModelChoiceField(Option.objects.none(), label=_("方案"))

    def prepare(self) -> None:
        self.offer("option", self.topic.options.filter(round=self.topic.round))


class NoticeForm(TopicForm):
    noticed_on = date_field(_("公告日期"))
    held_on = date_field(_("召开日期"))
    begins_at = forms.TimeField(
        label=_("开始时间"), initial="15:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(label=_("地点"), max_length=120)
    host = forms.CharField(label=_("主持人"), max_length=60)
    recorder = forms.ModelChoiceField(Person.objects.none(), label=_("记录人"), required=False)

    def prepare(self) -> None:
        self.initial.setdefault("noticed_on", queries.this_day())
        self.offer("recorder", Person.objects.filter(is_active=True).order_by("pinyin"))


class ConcludeForm(TopicForm):
    option = forms.ModelChoiceField(
        Option.objects.none(),
        label=_("通过的方案"),
        required=False,
        help_text=_("未达成一致时不填"),
    )
    text = text_field(_("协商意见"), rows=6, max_length=4000)

    def prepare(self) -> None:
        self.offer("option", self.topic.options.filter(round=self.topic.round))


class PostForm(TopicForm):
    text = text_field(_("公示内容"), rows=6, max_length=4000)
    until = date_field(_("公示截止"), required=False, help_text=_("不填则按规则的最短期限"))

    def prepare(self) -> None:
        ended = queries.conclusion(self.topic)
        self.initial.setdefault("text", ended.text if ended else "")


class AnswerForm(TopicForm):
    objection = forms.ModelChoiceField(Objection.objects.none(), label=_("异议"))
    answer = text_field(_("答复"), max_length=2000, help_text=_("答复会公开"))
    upheld = forms.BooleanField(label=_("异议成立，重新协商"), required=False)

    def prepare(self) -> None:
        ended = queries.conclusion(self.topic)
        posting = getattr(ended, "posting", None)
        rows = Objection.objects.filter(posting=posting, state="open")
        self.offer("objection", rows)


class TaskForm(TopicForm):
    name = forms.CharField(label=_("任务"), max_length=120)
    approach = text_field(_("路径（怎么办）"), required=False, max_length=1000)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("责任单位"), required=False)
    person = forms.ModelChoiceField(Person.objects.none(), label=_("责任人"), required=False)
    amount = forms.DecimalField(
        label=_("资金（万元）"), min_value=0, max_digits=16, decimal_places=4, required=False
    )
    funding = forms.ChoiceField(
        label=_("资金来源"), choices=[("", "—"), *choices(vocab.Funding)], required=False
    )
    due_on = date_field(_("时限"), required=False)
    evidence = forms.CharField(
        label=_("佐证要求"), max_length=200, required=False, help_text=_("例如：完工照片、检测报告、验收单")
    )

    def prepare(self) -> None:
        self.offer("unit", units())
        self.offer("person", Person.objects.filter(is_active=True).order_by("pinyin"))


class HandOverForm(TopicForm):
    task = forms.ModelChoiceField(Task.objects.none(), label=_("任务"))
    problem = forms.CharField(
        label=_("已有问题单编号"),
        required=False,
        max_length=20,
        help_text=_("同一件事已有在办问题单的，填编号并入；不填则新开一张"),
    )

    def prepare(self) -> None:
        ended = queries.conclusion(self.topic)
        self.offer("task", Task.objects.filter(conclusion=ended, state="draft"))

    def clean_problem(self) -> Problem | None:
        number = self.cleaned_data["problem"].strip()
        if not number:
            return None
        found = objects(Problem, by=self.by, to="triage").filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("没有这个编号的问题单，或您无权处理。"))
        return found


class InspectForm(TopicForm):
    task = forms.ModelChoiceField(Task.objects.none(), label=_("任务"))
    supervisor = forms.CharField(label=_("督查人"), max_length=60)
    finding = text_field(_("督查情况"), max_length=1000)
    on_schedule = forms.BooleanField(label=_("按时限推进"), required=False, initial=True)
    photo = forms.FileField(
        label=_("照片"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def prepare(self) -> None:
        self.offer("task", Task.objects.filter(conclusion=queries.conclusion(self.topic)))


class EvaluateForm(DeclareForm):
    """Her own judgement, or what she told the convener."""

    interest = None  # type: ignore[assignment]
    text = None  # type: ignore[assignment]
    satisfaction = forms.ChoiceField(
        label=_("满意度"), choices=choices(vocab.Satisfaction), widget=forms.RadioSelect
    )
    comment = text_field(_("说明"), required=False, max_length=1000, help_text=_("不满意的请说明原因"))

    def prepare(self) -> None:
        super().prepare()
        rows: Any = self.fields["participant"].queryset  # type: ignore[attr-defined]
        self.offer("participant", rows.exclude(evaluations__round=self.topic.round))


class ReasonForm(TopicForm):
    reason = text_field(_("理由"), max_length=1000)


class SignInForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    present = forms.ModelMultipleChoiceField(
        Participant.objects.none(), label=_("到会人员"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "sign_in_%s")  # several forms on one page
        super().__init__(*args, **kwargs)
        offer(self, "present", people)


class SpeechForm(forms.Form):
    """Quick entry: who, what, is it a minority's opinion."""

    participant = forms.ModelChoiceField(Participant.objects.none(), label=_("发言人"))
    kind = forms.ChoiceField(
        label=_("性质"), choices=choices(vocab.SpeechKind), initial="fact", widget=forms.RadioSelect
    )
    text = text_field(_("发言内容"), max_length=2000)
    minority = forms.BooleanField(label=_("少数意见"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "speech_%s")  # several forms on one page
        super().__init__(*args, **kwargs)
        offer(self, "participant", people)


class VoteForm(forms.Form):
    participant = forms.ModelChoiceField(Participant.objects.none(), label=_("参会人员"))
    choice = forms.ChoiceField(label=_("选择"), choices=choices(vocab.Choice), widget=forms.RadioSelect)
    signed = forms.BooleanField(label=_("已在意见书上签字"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "vote_%s")  # several forms on one page
        super().__init__(*args, **kwargs)
        offer(self, "participant", people)


class DifferencesForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    differences = text_field(_("分歧点"), max_length=2000)


class BallotsForm(forms.Form):
    """Rooms by choice, pasted as they lie on the pile: separated by spaces, commas or lines."""

    consent = text_field(_("同意的房号"), required=False)
    oppose = text_field(_("反对的房号"), required=False)
    abstain = text_field(_("弃权的房号"), required=False)

    def rooms(self) -> dict[str, Sequence[str]]:
        marks = str.maketrans(dict.fromkeys("，,、；;\t\r\n", " "))  # not for translation: separators
        return {name: str(text).translate(marks).split() for name, text in self.cleaned_data.items()}


class SumsForm(forms.Form):
    """The calculator without a register: people and area (square metres) of all, voting, consenting."""

    matter = forms.ChoiceField(label=_("表决事项"), choices=choices(vocab.CommonMatter)[1:])
    people = forms.IntegerField(label=_("业主总人数"), min_value=1, max_value=10**7)
    area = forms.DecimalField(
        label=_("专有部分总面积（平方米）"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2
    )
    people_voting = forms.IntegerField(label=_("参与表决人数"), min_value=0, max_value=10**7)
    area_voting = forms.DecimalField(
        label=_("参与表决面积（平方米）"), min_value=0, max_digits=14, decimal_places=2
    )
    people_consenting = forms.IntegerField(label=_("同意人数"), min_value=0, max_value=10**7)
    area_consenting = forms.DecimalField(
        label=_("同意面积（平方米）"), min_value=0, max_digits=14, decimal_places=2
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for kind in ("people", "area"):
            for less, more in ((f"{kind}_voting", kind), (f"{kind}_consenting", f"{kind}_voting")):
                if less in given and more in given and given[less] > given[more]:
                    text = _("不能大于“%(label)s”。") % {"label": self.fields[more].label}
                    self.add_error(less, text)
        return given


class ObjectionForm(forms.Form):
    """The public page: what is wrong; who says so is her own decision."""

    text = text_field(_("您的异议"), rows=4, max_length=2000, min_length=4)
    name = forms.CharField(label=_("怎么称呼您"), max_length=60, required=False)
    contact = forms.CharField(
        label=_("联系方式"), max_length=60, required=False, help_text=_("只用于答复您，不公开")
    )
    website = forms.CharField(
        label=_("请留空"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
