"""Chains: a promise as a dated chain of steps, each with one owner."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.base.sentences import SentenceField
from hongtu.kernel.chains.vocab import (
    DurationUnit,
    Light,
    LimitKind,
    LimitState,
    Line,
    RelationType,
    Segment,
    SlipCause,
    Whose,
)
from hongtu.kernel.people.models import Person, Unit


@tracked
class Chain(Versioned):
    """A promise with its promised date. `subject` names what it belongs to (`projects.project:17`)."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("链条")
        verbose_name_plural = _("链条")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_label", "subject_key", "year", "kind"],
                name="chains_one_per_subject_year_kind",
            )
        ]

    subject_label = models.CharField(_("所属对象类别"), max_length=60)
    subject_key = models.BigIntegerField(_("所属对象"))
    kind = models.CharField(_("链条类别"), max_length=30, default="annual")
    title = models.CharField(_("名称"), max_length=200)
    year = models.PositiveSmallIntegerField(_("年度"))
    unit = models.ForeignKey(Unit, verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="+")
    start = models.DateField(_("最早开始日期"))
    promised = models.DateField(_("承诺日期"))
    promise = models.CharField(_("承诺事项"), max_length=200, blank=True)
    calendars = models.JSONField(_("自带日历"), default=dict, blank=True, editable=False)

    def __str__(self) -> str:
        return self.title


@tracked
class Step(Versioned):
    """One step of a chain. Dates are calendar dates, both ends included.

    `matters` names the approval matters that the step carries out, by their codes in the district's list with
    spaces between; they lead from a date to its law.
    """

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("链条事项")
        verbose_name_plural = _("链条事项")
        ordering = ("chain", "sequence")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chain", "sequence"],
                name="chains_step_sequence",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(planned_start__lte=F("planned_finish")), name="chains_step_planned_order"
            ),
            models.CheckConstraint(
                condition=Q(actual_finish__isnull=True)
                | Q(actual_start__isnull=False, actual_start__lte=F("actual_finish")),
                name="chains_step_actual_order",
            ),
            models.CheckConstraint(
                condition=Q(optimistic__isnull=True, most_likely__isnull=True, pessimistic__isnull=True)
                | Q(optimistic__lte=F("most_likely"), most_likely__lte=F("pessimistic")),
                name="chains_step_three_points",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["light", "planned_finish"])]

    chain = models.ForeignKey(Chain, verbose_name=_("链条"), on_delete=models.CASCADE, related_name="steps")
    sequence = models.PositiveSmallIntegerField(_("序号"))
    code = models.CharField(_("编号"), max_length=40, blank=True)
    name = models.CharField(_("事项"), max_length=200)
    segment = models.CharField(_("环节"), max_length=12, choices=Segment.choices)
    line = models.CharField(_("主线"), max_length=12, choices=Line.choices, default=Line.CONSTRUCTION)
    unit = models.ForeignKey(Unit, verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        Person, verbose_name=_("责任人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    whose = models.CharField(_("谁的时间"), max_length=10, choices=Whose.choices, default=Whose.OWNER)
    critical = models.BooleanField(_("关键节点"), default=False)
    calendar = models.CharField(_("日历"), max_length=80, blank=True, editable=False)
    duration = models.PositiveIntegerField(_("工期"))
    duration_unit = models.CharField(
        _("工期单位"), max_length=12, choices=DurationUnit.choices, default=DurationUnit.WORKING_DAY
    )
    optimistic = models.PositiveIntegerField(_("乐观工期"), null=True, blank=True)
    most_likely = models.PositiveIntegerField(_("最可能工期"), null=True, blank=True)
    pessimistic = models.PositiveIntegerField(_("悲观工期"), null=True, blank=True)
    planned_start = models.DateField(_("计划开始"))
    planned_finish = models.DateField(_("计划完成"))
    forecast_start = models.DateField(_("预计开始"), null=True, blank=True)
    forecast_finish = models.DateField(_("预计完成"), null=True, blank=True)
    latest_start = models.DateField(_("最迟开始"), null=True, blank=True, editable=False)
    latest_finish = models.DateField(_("最迟完成"), null=True, blank=True, editable=False)
    total_float = models.IntegerField(_("总时差（工作日）"), null=True, blank=True, editable=False)
    actual_start = models.DateField(_("实际开始"), null=True, blank=True)
    actual_finish = models.DateField(_("实际完成"), null=True, blank=True)
    remaining_duration = models.PositiveIntegerField(_("剩余工期"), null=True, blank=True)
    start_no_earlier_than = models.DateField(_("不早于"), null=True, blank=True)
    finish_no_later_than = models.DateField(_("不晚于"), null=True, blank=True)
    matters = models.CharField(_("审批事项"), max_length=120, blank=True)
    evidence_required = models.CharField(_("佐证要求"), max_length=200, blank=True)
    evidence = models.CharField(_("佐证"), max_length=400, blank=True)
    excused = models.BooleanField(_("免责"), default=False)
    replanned = models.PositiveSmallIntegerField(_("调整计划次数"), default=0, editable=False)
    days_late = models.IntegerField(_("滞后（工作日）"), default=0, editable=False)
    light = models.CharField(
        _("亮灯"), max_length=8, choices=Light.choices, default=Light.NOT_DUE, editable=False
    )

    def __str__(self) -> str:
        return self.name


@tracked
class StepRelation(Versioned):
    """A step waits for another one of the same chain."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("前置关系")
        verbose_name_plural = _("前置关系")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor", "type"], name="chains_relation_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="chains_relation_not_itself"
            ),
        ]

    predecessor = models.ForeignKey(
        Step, verbose_name=_("前置事项"), on_delete=models.CASCADE, related_name="successors"
    )
    successor = models.ForeignKey(
        Step, verbose_name=_("后续事项"), on_delete=models.CASCADE, related_name="predecessors"
    )
    type = models.CharField(
        _("关系"), max_length=2, choices=RelationType.choices, default=RelationType.FINISH_START
    )
    lag = models.IntegerField(_("间隔"), default=0)
    lag_unit = models.CharField(
        _("间隔单位"), max_length=12, choices=DurationUnit.choices, default=DurationUnit.WORKING_DAY
    )

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor} ({self.type})"


@tracked
class StepLimit(Versioned):
    """What a decision demands of a step: a date or a number of days that its plan must keep.

    The limit stands in the step's own field (not before, not after, duration), so that every computation
    keeps it; this row says who decided it and what stood there before. `day` or `days` (in the step's unit),
    by kind. `source_label` and `source_key` name the decision (`dispatch.agendaitem`, 17). It ends by another
    decision (`replaced_by`) or with a reason.
    """

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("会议约束")
        verbose_name_plural = _("会议约束")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["step", "kind"], condition=Q(state="in_force"), name="chains_one_limit_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind="duration_cap", days__gte=1, day__isnull=True)
                | Q(~Q(kind="duration_cap"), days__isnull=True, day__isnull=False),
                name="chains_limit_has_its_measure",
            ),
            models.CheckConstraint(
                condition=~Q(state="lifted") | ~Q(ended_reason=""), name="chains_limit_lifted_with_a_reason"
            ),
        ]

    step = models.ForeignKey(Step, verbose_name=_("事项"), on_delete=models.CASCADE, related_name="limits")
    kind = models.CharField(_("约束"), max_length=12, choices=LimitKind.choices)
    day = models.DateField(_("日期"), null=True, blank=True)
    days = models.PositiveIntegerField(_("天数"), null=True, blank=True)
    before = models.JSONField(_("原值"), default=dict, editable=False)
    basis = SentenceField(_("依据"))
    source_label = models.CharField(_("依据类别"), max_length=60)
    source_key = models.BigIntegerField(_("依据编号"))
    state = models.CharField(_("状态"), max_length=8, choices=LimitState.choices, default=LimitState.IN_FORCE)
    replaced_by = models.ForeignKey(
        "self", verbose_name=_("代替它的"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_reason = models.CharField(_("终止理由"), max_length=300, blank=True)
    by = models.ForeignKey(
        Person, verbose_name=_("经办"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        measure = self.day.isoformat() if self.day else str(self.days)
        return f"{self.get_kind_display()} {measure}"


class StepDateChange(models.Model):
    """Why a date of a step moved: kept for ever, one row per field and change."""

    class Meta:
        verbose_name = _("日期调整")
        verbose_name_plural = _("日期调整")
        ordering = ("-at", "-id")

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="date_changes")
    field = models.CharField(_("字段"), max_length=30)
    before = models.DateField(_("原日期"), null=True)
    after = models.DateField(_("新日期"), null=True)
    reason = SentenceField(_("理由"))
    cause = models.CharField(_("原因"), max_length=12, choices=SlipCause.choices)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"


class Baseline(models.Model):
    """A plan as it stood when it was adopted: valid from a date, known since a moment."""

    class Meta:
        verbose_name = _("基准计划")
        verbose_name_plural = _("基准计划")
        ordering = ("-known_since",)

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="baselines")
    name = SentenceField(_("名称"))
    valid_from = models.DateField(_("生效日期"))
    known_since = models.DateTimeField(_("记录时间"), auto_now_add=True)
    steps = models.JSONField(_("事项"))
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.name)


@tracked
class RiskEvent(Versioned):
    """Something that may happen to a chain and costs days on some of its steps, and what is done about it.

    Days are in each step's own unit. `probability_after` and `impact_after` say what the measure leaves of
    the probability and of the days (percent); with `in_force` they are what the analysis reckons with.
    """

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("风险事件")
        verbose_name_plural = _("风险事件")
        ordering = ("chain", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=100), name="chains_event_probability"
            ),
            models.CheckConstraint(
                condition=Q(probability_after__isnull=True)
                | Q(probability_after__gte=0, probability_after__lte=F("probability")),
                name="chains_event_probability_after",
            ),
            models.CheckConstraint(
                condition=Q(least_days__lte=F("likely_days"), likely_days__lte=F("most_days")),
                name="chains_event_days",
            ),
        ]

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="risk_events")
    name = models.CharField(_("风险事件"), max_length=200)
    probability = models.FloatField(_("发生概率（%）"))
    least_days = models.PositiveIntegerField(_("最少影响（天）"))
    likely_days = models.PositiveIntegerField(_("最可能影响（天）"))
    most_days = models.PositiveIntegerField(_("最多影响（天）"))
    steps = models.ManyToManyField(Step, verbose_name=_("影响的事项"), related_name="risk_events")
    measure = models.CharField(_("应对措施"), max_length=400, blank=True)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("措施责任单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cost = models.DecimalField(_("措施费用（元）"), max_digits=14, decimal_places=2, default=0)
    probability_after = models.FloatField(_("措施后概率（%）"), null=True, blank=True)
    impact_after = models.PositiveSmallIntegerField(_("措施后影响（原天数的%）"), default=100)
    in_force = models.BooleanField(_("措施已落实"), default=False)
    closed = models.BooleanField(_("风险已消除或已发生"), default=False)

    def __str__(self) -> str:
        return self.name


@tracked
class RiskBranch(Versioned):
    """A fork of a chain: exactly one of its ways is gone, the steps of the others fall away."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("概率分支")
        verbose_name_plural = _("概率分支")
        ordering = ("chain", "id")

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="risk_branches")
    name = models.CharField(_("概率分支"), max_length=200)

    def __str__(self) -> str:
        return self.name


class RiskWay(models.Model):
    """One way of a branch; written with its branch, whose version guards it."""

    class Meta:
        verbose_name = _("走法")
        verbose_name_plural = _("走法")
        ordering = ("branch", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["branch", "number"], name="chains_way_number"),
        ]

    branch = models.ForeignKey(RiskBranch, on_delete=models.CASCADE, related_name="ways")
    number = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("走法"), max_length=200)
    probability = models.FloatField(_("概率（%）"))
    steps = models.ManyToManyField(Step, related_name="+", blank=True)

    def __str__(self) -> str:
        return self.name


class ChainRisk(models.Model):
    """What the last risk analysis said of a chain: computed anew when dates change and every night."""

    class Meta:
        verbose_name = _("链条风险")
        verbose_name_plural = _("链条风险")
        indexes: ClassVar = [models.Index(fields=["chance"])]

    chain = models.OneToOneField(Chain, on_delete=models.CASCADE, related_name="risk")
    computed_on = models.DateField(_("计算日期"))
    promised = models.DateField(_("承诺日期"))
    planned = models.DateField(_("按计划工期完成"))
    chance = models.FloatField(_("按期概率"))
    p50 = models.DateField(_("P50完成日期"))
    p80 = models.DateField(_("P80完成日期"))
    p95 = models.DateField(_("P95完成日期"))
    mean_delay = models.FloatField(_("平均滞后（工作日）"))
    money_delayed = models.DecimalField(
        _("P80时推迟到下年的投资（万元）"), max_digits=16, decimal_places=4, default=0
    )
    runs = models.PositiveIntegerField(_("模拟次数"))

    def __str__(self) -> str:
        return f"{self.chain} {self.chance:.0%}"
