"""Forms of the risk register: an event with its measure, a branch with its ways, three-point durations."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hongtu.domains.projects.actions.registers import POINTS, Way
from hongtu.domains.projects.forms import VersionedForm
from hongtu.kernel.chains.models import Chain, RiskBranch, RiskEvent, Step
from hongtu.kernel.people.models import Unit

WAYS = 4


class RiskEventForm(VersionedForm):
    """What may happen, on which steps it costs how many days, and what is done about it."""

    name = forms.CharField(
        label=_("风险事件"), max_length=200, help_text=_("可能发生、也可能不发生的一件事，如“汛期停工”")
    )
    probability = forms.FloatField(label=_("发生概率（%）"), min_value=0, max_value=100)
    least_days = forms.IntegerField(label=_("最少影响（天）"), min_value=0, max_value=2000)
    likely_days = forms.IntegerField(label=_("最可能影响（天）"), min_value=0, max_value=2000)
    most_days = forms.IntegerField(
        label=_("最多影响（天）"), min_value=0, max_value=2000, help_text=_("天数按各事项自己的工期单位")
    )
    steps = forms.ModelMultipleChoiceField(
        Step.objects.none(), label=_("影响的事项"), widget=forms.CheckboxSelectMultiple
    )
    measure = forms.CharField(label=_("应对措施"), max_length=400, required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("措施责任单位"), required=False)
    cost = forms.DecimalField(
        label=_("措施费用（元）"), min_value=0, max_digits=14, decimal_places=2, required=False, initial=0
    )
    probability_after = forms.FloatField(
        label=_("措施后概率（%）"), min_value=0, max_value=100, required=False, help_text=_("不填：概率不变")
    )
    impact_after = forms.IntegerField(
        label=_("措施后影响（原天数的%）"), min_value=0, max_value=100, initial=100
    )
    in_force = forms.BooleanField(
        label=_("措施已落实"), required=False, help_text=_("勾选后，风险按措施后的概率和天数计算")
    )
    closed = forms.BooleanField(
        label=_("风险已消除或已发生"), required=False, help_text=_("勾选后不再计入；已发生的请改事项的日期")
    )

    def __init__(self, *args: Any, chain: Chain, event: RiskEvent | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_steps = chain.steps.filter(actual_finish=None).order_by("sequence")
        steps: Any = self.fields["steps"]
        steps.queryset = open_steps
        steps.label_from_instance = lambda step: f"{step.sequence}. {step.name}"
        units: Any = self.fields["unit"]
        units.queryset = Unit.objects.exclude(kind="community").order_by("pinyin")
        self.fields["version"].initial = event.version if event else 1
        if event is not None:
            for name in self.fields:
                if name not in ("steps", "version"):
                    self.fields[name].initial = getattr(event, name)
            steps.initial = list(event.steps.values_list("pk", flat=True))

    def clean_cost(self) -> Any:
        return self.cleaned_data["cost"] or 0

    def values(self) -> dict[str, Any]:
        """The fields of the event and its steps, as the action takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class RiskBranchForm(VersionedForm):
    """A fork: up to four ways with their probabilities, and for each step the way that needs it."""

    name = forms.CharField(label=_("概率分支"), max_length=200, help_text=_("如“地下管线探查结果”"))

    def __init__(self, *args: Any, chain: Chain, branch: RiskBranch | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = branch.version if branch else 1
        self.fields["name"].initial = branch.name if branch else ""
        self.steps = list(chain.steps.filter(actual_start=None).order_by("sequence"))
        ways = list(branch.ways.prefetch_related("steps")) if branch else []
        for number in range(1, WAYS + 1):
            way = ways[number - 1] if number <= len(ways) else None
            self.fields[f"way-{number}"] = forms.CharField(
                label=_("走法%d") % number,
                max_length=200,
                required=number <= 2,
                initial=way.name if way else "",
            )
            self.fields[f"probability-{number}"] = forms.FloatField(
                label=_("走法%d的概率（%%）") % number,
                min_value=0,
                max_value=100,
                required=number <= 2,
                initial=way.probability if way else None,
            )
        of_step = {step.pk: way.number for way in ways for step in way.steps.all()}
        choices: list[tuple[str, Any]] = [("", _("无论怎样都要做"))]
        choices += [(str(n), _("只在走法%d时做") % n) for n in range(1, WAYS + 1)]
        for step in self.steps:
            self.fields[f"step-{step.pk}"] = forms.ChoiceField(
                label=f"{step.sequence}. {step.name}",
                choices=choices,
                required=False,
                initial=str(of_step.get(step.pk, "")),
            )

    def ways(self) -> list[Way]:
        """The ways that were named, with their steps."""
        given = self.cleaned_data
        return [
            Way(
                given[f"way-{number}"],
                given[f"probability-{number}"] or 0.0,
                tuple(step for step in self.steps if given.get(f"step-{step.pk}") == str(number)),
            )
            for number in range(1, WAYS + 1)
            if given[f"way-{number}"]
        ]


class EstimatesForm(forms.Form):
    """Three durations for each step that is not finished; empty where the past or the rule shall decide."""

    def __init__(self, *args: Any, steps: Sequence[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = steps
        for step in steps:
            self.fields[f"version-{step.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=step.version
            )
            for name in POINTS:
                label = Step._meta.get_field(name).verbose_name  # type: ignore[union-attr]
                self.fields[f"{name}-{step.pk}"] = forms.IntegerField(
                    label=f"{step.sequence}. {step.name} {label}",
                    min_value=0,
                    max_value=9999,
                    required=False,
                    initial=getattr(step, name),
                )

    def rows(self) -> Iterable[dict[str, Any]]:
        """For the page: a step with its fields."""
        for step in self.steps:
            yield {
                "step": step,
                "version": self[f"version-{step.pk}"],
                "points": [self[f"{name}-{step.pk}"] for name in POINTS],
            }

    def estimates(self) -> dict[int, tuple[int | None, int | None, int | None]]:
        given = self.cleaned_data
        return {
            step.pk: (
                given[f"optimistic-{step.pk}"],
                given[f"most_likely-{step.pk}"],
                given[f"pessimistic-{step.pk}"],
            )
            for step in self.steps
        }

    def versions(self) -> dict[int, int]:
        return {step.pk: self.cleaned_data[f"version-{step.pk}"] for step in self.steps}
