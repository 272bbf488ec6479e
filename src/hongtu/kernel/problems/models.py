"""The spine's records: a problem, who reported it, what was asked and decided, proof, result, its log."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.access.roles import Confidentiality
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.chains.models import Step
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.places.models import Place
from hongtu.kernel.problems import costs as costs
from hongtu.kernel.problems import vocab

LEVELS = [
    (Confidentiality.PUBLIC, _("公开")),
    (Confidentiality.INTERNAL, _("内部")),
    (Confidentiality.RESTRICTED, _("限制")),
    (Confidentiality.CONFIDENTIAL, _("保密")),
]


def _unit(label: Any, *, optional: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        Unit, verbose_name=label, null=optional, blank=optional, on_delete=models.PROTECT, related_name="+"
    )


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        Person, verbose_name=label, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


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
    unit = _unit(_("通常承办单位"))
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
    subdistrict = _unit(_("所在街道（镇）"))
    community = _unit(_("所在社区（村）"))
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
    owner_unit = _unit(_("当前责任单位"))
    desk = _unit(_("受理单位"), optional=False)
    lead_unit = _unit(_("首接单位"))
    handling_unit = _unit(_("承办单位"))
    handler = _person(_("承办人"))
    reported_by = _person(_("录入人"))
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


def _problem(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        Problem, verbose_name=_("问题"), on_delete=models.CASCADE, related_name=related_name
    )


@tracked
class Reporter(Versioned):
    """Somebody who reported `problem` (as it was first reported). Her link is kept as a hash only."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("反映人")
        verbose_name_plural = _("反映人")

    problem = _problem("reporters")
    person = _person(_("工作人员"))
    name = models.CharField(_("称呼"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    words = models.TextField(_("原话"), blank=True)
    code = models.CharField(_("查询码"), max_length=12, unique=True, editable=False)
    link_hash = models.CharField(max_length=64, unique=True, editable=False)
    contacted_at = models.DateTimeField(_("联系时间"), null=True, blank=True)
    satisfaction = models.CharField(
        _("满意度"), max_length=12, choices=choices(vocab.Satisfaction), blank=True
    )

    def __str__(self) -> str:
        return self.name or self.code


@tracked
class Following(Versioned):
    """A reporter waits for the outcome of a problem: the one she reported, the one it was merged into, or
    each part it was split into. Moved by merge and split, never deleted: nobody is lost on the way."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("关注关系")
        verbose_name_plural = _("关注关系")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reporter", "problem"], name="problem_spine_follows_once")
        ]

    reporter = models.ForeignKey(Reporter, on_delete=models.CASCADE, related_name="followings")
    problem = _problem("followings")
    active = models.BooleanField(default=True)
    verdict = models.CharField(_("答复"), max_length=10, choices=choices(vocab.Verdict), blank=True)
    satisfaction = models.CharField(
        _("满意度"), max_length=12, choices=choices(vocab.Satisfaction), blank=True
    )
    comment = models.TextField(_("意见"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.reporter} → {self.problem}"


@tracked
class Decision(Versioned):
    """An extension, a suspension or a finding of unreasonableness: asked by one, decided by others."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("审批事项")
        verbose_name_plural = _("审批事项")
        ordering = ("-created_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem", "subject"],
                condition=Q(state__in=["asked", "first"]),
                name="problem_spine_one_request_at_a_time",
            )
        ]

    problem = _problem("decisions")
    subject = models.CharField(_("事项"), max_length=12, choices=choices(vocab.Subject))
    state = models.CharField(_("状态"), max_length=8, choices=choices(vocab.DecisionState), default="asked")
    until = models.DateTimeField(_("至"), null=True, blank=True)
    reason = models.TextField(_("理由"))
    asked_by = _person(_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    first_by = _person(_("一级审核人"))
    decided_by = _person(_("审批人"))
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    answer = models.TextField(_("审批意见"), blank=True)

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.get_state_display()}"


@tracked
class Suspension(Versioned):
    """A time during which the clock of the work stood still."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("挂起")
        verbose_name_plural = _("挂起")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem"], condition=Q(ended_at__isnull=True), name="problem_spine_suspended_once"
            )
        ]

    problem = _problem("suspensions")
    began_at = models.DateTimeField(_("挂起时间"))
    until = models.DateTimeField(_("挂起至"))
    ended_at = models.DateTimeField(_("恢复时间"), null=True, blank=True)
    reason = models.TextField(_("理由"))

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d}"


@tracked
class Evidence(Versioned):
    """A photo (re-encoded, without its hidden data) or a document that proves something."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("佐证")
        verbose_name_plural = _("佐证")
        ordering = ("id",)

    problem = _problem("evidence")
    phase = models.CharField(_("阶段"), max_length=8, choices=choices(vocab.Phase))
    photo = models.BooleanField(_("照片"), default=True)
    file = models.FileField(_("文件"), upload_to="problems/%Y/%m", max_length=200)
    name = models.CharField(_("说明"), max_length=120, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    by = _person(_("上传人"))
    at = models.DateTimeField(_("上传时间"))
    verified_by = _person(_("复核人"))
    verified_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    public = models.BooleanField(_("公开"), default=False)

    def __str__(self) -> str:
        return self.name or self.get_phase_display()


@tracked
class Result(Versioned):
    """What came of it. Stands only once verified by somebody else and not disputed."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("成果")
        verbose_name_plural = _("成果")

    problem = models.OneToOneField(
        Problem, verbose_name=_("问题"), on_delete=models.CASCADE, related_name="result"
    )
    state = models.CharField(_("状态"), max_length=10, choices=choices(vocab.ResultState))
    summary = models.TextField(_("办理结果"))
    cost = models.DecimalField(_("资金（万元）"), max_digits=16, decimal_places=4, null=True, blank=True)
    funding = models.CharField(_("资金来源"), max_length=120, blank=True)
    verified_by = _person(_("复核人"))
    published = models.BooleanField(_("公开"), default=True)

    def __str__(self) -> str:
        return self.summary[:40]


@tracked
class Quantity(Versioned):
    """A counted part of a result: 55 parking_spaces. `measure` is a stable name, `label` what people read."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("成果数量")
        verbose_name_plural = _("成果数量")
        ordering = ("id",)

    result = models.ForeignKey(
        Result, verbose_name=_("成果"), on_delete=models.CASCADE, related_name="quantities"
    )
    measure = models.SlugField(_("指标"), max_length=40)
    label = models.CharField(_("名称"), max_length=40)
    amount = models.DecimalField(_("数量"), max_digits=16, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=12)

    def __str__(self) -> str:
        return f"{self.label} {self.amount:f}{self.unit}"


class LogEntry(models.Model):
    """One thing that happened to a problem, in order; written with the change itself, never changed."""

    class Meta:
        verbose_name = _("办理记录")
        verbose_name_plural = _("办理记录")
        ordering = ("id",)
        indexes: ClassVar = [models.Index(fields=["problem", "id"])]

    problem = _problem("log")
    at = models.DateTimeField(_("时间"))
    move = models.CharField(_("动作"), max_length=14, choices=choices(vocab.Move))
    state = models.CharField(_("状态"), max_length=12, choices=choices(vocab.State))
    by = _person(_("办理人"))
    unit = _unit(_("单位"))
    text = models.TextField(_("内容"), blank=True)
    public = models.BooleanField(_("反映人可见"), default=True)

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.at:%Y-%m-%d %H:%M}"
