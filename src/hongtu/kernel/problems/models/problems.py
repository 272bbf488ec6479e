"""A problem, its kind, its number."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.access.roles import Confidentiality
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.chains.models import Step
from hongtu.kernel.places.models import Place
from hongtu.kernel.problems import vocab
from hongtu.kernel.problems.models.fields import person_key, unit_key

LEVELS = [
    (Confidentiality.PUBLIC, _("公开")),
    (Confidentiality.INTERNAL, _("内部")),
    (Confidentiality.RESTRICTED, _("限制")),
    (Confidentiality.CONFIDENTIAL, _("保密")),
]


class NumberSeries(models.Model):
    """The last number of a year, locked while one is drawn; confidential items have a series of their own."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "series"], name="problem_spine_one_series_a_year")
        ]

    year = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=2, blank=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}{self.series} {self.last}"


@tracked
class Category(Versioned):
    """A kind of problem, with its usual office. `attributes`: further questions, as Open311 defines them:
    code, datatype, required, description, values [{key, name}]."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("问题类别")
        verbose_name_plural = _("问题类别")
        ordering = ("group", "code")

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    english = models.CharField(_("英文名称"), max_length=80, blank=True)
    group = models.CharField(_("分组"), max_length=40)
    description = models.CharField(_("说明"), max_length=300, blank=True)
    keywords = models.CharField(_("关键词"), max_length=300, blank=True)
    urgency = models.CharField(
        _("缺省类级"), max_length=8, choices=choices(vocab.Urgency), default=vocab.Urgency.GENERAL
    )
    unit = unit_key(_("通常承办单位"))
    attributes = models.JSONField(_("附加问题"), default=list, blank=True)
    active = models.BooleanField(_("启用"), default=True)

    def __str__(self) -> str:
        return self.name


@tracked
class Problem(Versioned):
    """One item of the spine.

    owner_unit: who must act now (never empty while open). desk: who received it, triages and verifies.
    lead_unit: the first office it was given to, which answers for it through every transfer. handling_unit:
    who works on it. due_at: when the work must be done; first_due_at: the same before any extension or
    suspension. outcome: what it counts as (see rules.outcome); origin: reported so, not a part split off.
    """

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("问题")
        verbose_name_plural = _("问题")
        ordering = ("-reported_at", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(vocab.TERMINAL), clock="", clock_due_at__isnull=True)
                | (Q(state__in=sorted(vocab.OPEN), clock_due_at__isnull=False) & ~Q(clock="")),
                name="problem_spine_one_clock_or_terminal",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(vocab.TERMINAL)) | Q(owner_unit__isnull=False),
                name="problem_spine_one_owner_or_terminal",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False), name="problem_spine_merged_into"
            ),
            models.CheckConstraint(
                condition=~Q(state="solved") | Q(verified_at__isnull=False),
                name="problem_spine_solved_is_verified",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner_unit", "clock_due_at"], name="problem_spine_queue"),
            models.Index(
                fields=["clock_due_at"], condition=~Q(clock=""), name="problem_spine_running_clocks"
            ),
            models.Index(fields=["-reported_at", "-id"], name="problem_spine_newest"),
            models.Index(F("reported_at").desc(nulls_last=True), "id", name="problem_spine_ledger"),
            models.Index(
                fields=["-closed_at", "-id"],
                condition=Q(confidentiality=0, origin=True, outcome="solved"),
                name="problem_spine_results",
            ),
            models.Index(fields=["subdistrict", "-reported_at"], name="problem_spine_where"),
            models.Index(fields=["category", "-reported_at"], name="problem_spine_what"),
        ]

    number = models.CharField(_("编号"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("种类"), max_length=12, choices=choices(vocab.Kind), default=vocab.Kind.PROBLEM)
    source = models.CharField(_("来源"), max_length=12, choices=choices(vocab.Source))
    title = models.CharField(_("标题"), max_length=120)
    description = models.TextField(_("问题描述"), max_length=4000, blank=True)
    category = models.ForeignKey(
        Category, verbose_name=_("类别"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    attributes = models.JSONField(_("附加答案"), default=dict, blank=True)
    urgency = models.CharField(
        _("类级"), max_length=8, choices=choices(vocab.Urgency), default=vocab.Urgency.GENERAL
    )
    confidentiality = models.PositiveSmallIntegerField(
        _("密级"), choices=LEVELS, default=Confidentiality.INTERNAL
    )
    subdistrict = unit_key(_("所在街道（镇）"))
    community = unit_key(_("所在社区（村）"))
    place = models.ForeignKey(
        Place, verbose_name=_("位置"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    address = models.CharField(_("地址"), max_length=300, blank=True)
    step = models.ForeignKey(
        Step,
        verbose_name=_("影响的链条事项"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="problems",
    )

    state = models.CharField(_("状态"), max_length=12, choices=choices(vocab.State))
    resume_state = models.CharField(max_length=12, choices=choices(vocab.State), blank=True, editable=False)
    proposal = models.CharField(_("申请办结为"), max_length=10, choices=choices(vocab.Proposal), blank=True)
    owner_unit = unit_key(_("当前责任单位"))
    desk = unit_key(_("受理单位"), optional=False)
    lead_unit = unit_key(_("首接单位"))
    handling_unit = unit_key(_("承办单位"))
    handler = person_key(_("承办人"))
    reported_by = person_key(_("录入人"))
    doers = models.JSONField(_("经办人员"), default=list, blank=True, editable=False)

    clock = models.CharField(_("计时"), max_length=12, choices=choices(vocab.Clock), blank=True)
    clock_due_at = models.DateTimeField(_("本环节时限"), null=True, blank=True)
    told_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    due_at = models.DateTimeField(_("办结时限"))
    first_due_at = models.DateTimeField(_("原办结时限"))
    respond_by = models.DateTimeField(_("应联系时限"))

    reported_at = models.DateTimeField(_("上报时间"))
    assigned_at = models.DateTimeField(_("首次交办时间"), null=True, blank=True)
    signed_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("首次联系时间"), null=True, blank=True)
    asked_at = models.DateTimeField(_("申请销号时间"), null=True, blank=True)
    verified_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    measures = models.TextField(_("办理措施"), blank=True)
    extensions = models.PositiveSmallIntegerField(_("延期次数"), default=0, editable=False)
    suspensions_used = models.PositiveSmallIntegerField(_("挂起次数"), default=0, editable=False)
    extended_until = models.DateTimeField(_("延期至"), null=True, blank=True, editable=False)
    redone = models.PositiveSmallIntegerField(_("重办次数"), default=0, editable=False)
    disputes = models.PositiveSmallIntegerField(_("异议次数"), default=0, editable=False)
    reopened = models.PositiveSmallIntegerField(_("重启次数"), default=0, editable=False)

    merged_into = models.ForeignKey(
        "self", verbose_name=_("并入"), null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    split_from = models.ForeignKey(
        "self", verbose_name=_("拆自"), null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    origin = models.BooleanField(_("原始件"), default=True, editable=False)
    outcome = models.CharField(
        _("结果"), max_length=10, choices=choices(vocab.Outcome), default=vocab.Outcome.OPEN, editable=False
    )
    solved_in_time = models.BooleanField(_("按原时限解决"), default=False, editable=False)
    demonstration = models.BooleanField(_("示例"), default=False)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
