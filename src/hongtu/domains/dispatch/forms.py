"""Forms of the meeting pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.chains.limiting import Demand
from hongtu.kernel.chains.models import Step
from hongtu.kernel.chains.vocab import LimitKind
from hongtu.kernel.people.models import Person, Unit
from hongtu.ui.offers import offer


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class _WithUnits(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.exclude(kind="community").order_by("pinyin")
        offer(self, "unit", units)
        if "person" in self.fields:
            people = Person.objects.order_by("pinyin")
            offer(self, "person", people)


class DecideForm(_WithUnits):
    """One item: what is decided, who, until when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.CharField(label=_("议定事项"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("责任单位"))
    person = forms.ModelChoiceField(Person.objects.none(), label=_("责任人"), required=False)
    due_on = _date(_("时限"))
    path = forms.CharField(label=_("路径"), max_length=200, required=False)
    limit = forms.ChoiceField(
        label=_("作为链条约束"),
        required=False,
        choices=[("", _("不约束链条")), *LimitKind.choices],
        help_text=_("议定后链条立即重排；以后只能由新的议定代替，或说明理由解除"),
    )
    limit_on = forms.DateField(
        label=_("约束日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    limit_days = forms.IntegerField(label=_("约束天数"), required=False, min_value=1, max_value=3000)

    def __init__(self, *args: Any, step: Step | None = None, deciding: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not deciding:  # deferred or raised: a reason is all it takes
            for name in ("unit", "due_on"):
                self.fields[name].required = False
        if step is None or step.actual_finish is not None:
            for name in ("limit", "limit_on", "limit_days"):
                del self.fields[name]

    def limits(self) -> list[forms.BoundField]:
        """The fields that bind the chain, drawn apart; none without a step."""
        return [self[name] for name in self.fields if name.startswith("limit")]

    def plain(self) -> list[forms.BoundField]:
        """All other visible fields."""
        return [field for field in self.visible_fields() if not field.name.startswith("limit")]

    def demand(self) -> Demand | None:
        """What is demanded of the step, as the action takes it."""
        kind = self.cleaned_data.get("limit")
        if not kind:
            return None
        found = LimitKind(kind)
        if found is LimitKind.DURATION_CAP:
            return Demand(found, days=self.cleaned_data["limit_days"])
        return Demand(found, day=self.cleaned_data["limit_on"])

    def decided(self) -> dict[str, Any]:
        """Arguments of the action."""
        own = {n: v for n, v in self.cleaned_data.items() if not n.startswith("limit")}
        return {**own, "demand": self.demand()}


class LiftForm(forms.Form):
    """Take a limit back."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("解除理由"), max_length=300)


class ItemForm(_WithUnits):
    name = forms.CharField(label=_("议题"), max_length=200)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("责任单位"))
    due_on = _date(_("时限"))


def _names(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=400,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class IssueForm(forms.Form):
    """What the minutes say beside the decisions: who came, who gets a copy, who signs."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    attendees = _names(_("出席"), _("单位和姓名"))
    absent = _names(_("请假"))
    observers = _names(_("列席"))
    copy_to = _names(_("抄送"))
    signed_by = forms.CharField(label=_("签发"), max_length=60)


class NextForm(forms.Form):
    held_on = _date(_("下次召开日期"))
