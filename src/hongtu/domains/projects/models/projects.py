"""The major-project ledger: a project, its money by month, its reports, evidence and lights."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hongtu.domains.projects import vocab
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.base.sentences import SentenceField
from hongtu.kernel.chains.models import Step
from hongtu.kernel.chains.vocab import Light
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.places.models import Place


def _money(label: Promise | str, **options: object) -> models.DecimalField:
    """Money is stored in 万元 with four decimals, that is to the yuan."""
    return models.DecimalField(label, max_digits=16, decimal_places=4, **options)  # type: ignore[arg-type]


@tracked
class Project(Versioned):
    """A major project. Money in 万元, areas as their fields say."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("重大项目")
        verbose_name_plural = _("重大项目")
        ordering = ("sequence", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project_code"], condition=~Q(project_code=""), name="projects_code_unique"
            ),
            models.UniqueConstraint(fields=["name"], name="projects_name_unique"),
            models.CheckConstraint(condition=Q(total_investment__gte=0), name="projects_total_not_negative"),
            models.CheckConstraint(condition=Q(annual_plan__gte=0), name="projects_plan_not_negative"),
            models.CheckConstraint(
                condition=Q(planned_start__lte=F("planned_finish")), name="projects_planned_order"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["light"]), models.Index(fields=["pinyin"])]

    sequence = models.PositiveIntegerField(_("序号"), default=0)
    name = models.CharField(_("项目名称"), max_length=100)
    alias = models.CharField(_("别名"), max_length=100, blank=True)
    pinyin = models.CharField(_("拼音"), max_length=400, editable=False)
    initials = models.CharField(_("拼音首字母"), max_length=100, editable=False)
    project_code = models.CharField(_("项目代码"), max_length=24, blank=True)
    kind = models.CharField(_("项目类别"), max_length=20, choices=choices(vocab.Kind))
    type = models.CharField(_("项目类型"), max_length=24, choices=choices(vocab.ProjectType))
    levels = ArrayField(models.CharField(max_length=20), verbose_name=_("项目级别"), default=list, blank=True)
    key_project = models.BooleanField(_("区重点推进"), default=False, db_index=True)
    investment_subject = models.CharField(
        _("投资主体类型"), max_length=12, choices=choices(vocab.InvestmentSubject)
    )
    nature = models.CharField(_("建设性质"), max_length=12, choices=choices(vocab.Nature), default="new")
    industry = models.CharField(_("行业"), max_length=60, blank=True)
    site = models.CharField(_("建设地点"), max_length=200)
    subdistrict = models.ForeignKey(
        Unit, verbose_name=_("所在街道（镇）"), on_delete=models.PROTECT, related_name="+"
    )
    place = models.ForeignKey(
        Place, verbose_name=_("位置/红线"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    scale = models.TextField(_("建设规模及内容"))
    land_area_mu = models.DecimalField(
        _("用地面积（亩）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    floor_area = models.DecimalField(
        _("总建筑面积（万平方米）"), max_digits=12, decimal_places=4, null=True, blank=True
    )

    total_investment = _money(_("总投资"))
    fund_sources = models.JSONField(_("资金来源及构成"), default=dict, blank=True)
    annual_plan = _money(_("本年计划投资"))
    done_before_year = _money(_("至上年底累计完成"), default=Decimal(0))
    done_this_year = _money(_("本年累计完成"), default=Decimal(0), editable=False)
    registered_on = models.DateField(_("入统日期"), null=True, blank=True)
    funds_in_place = _money(_("到位资金"), null=True, blank=True)

    planned_start = models.DateField(_("计划开工"))
    actual_start = models.DateField(_("实际开工"), null=True, blank=True)
    planned_finish = models.DateField(_("计划竣工"))
    actual_finish = models.DateField(_("实际竣工"), null=True, blank=True)
    planned_use = models.DateField(_("计划投用"), null=True, blank=True)

    owner = models.ForeignKey(Unit, verbose_name=_("项目单位"), on_delete=models.PROTECT, related_name="+")
    owner_contact = models.ForeignKey(
        Person,
        verbose_name=_("项目负责人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    responsible_unit = models.ForeignKey(
        Unit, verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="+"
    )
    supporting_units = models.ManyToManyField(Unit, verbose_name=_("配合单位"), blank=True, related_name="+")
    leader = models.ForeignKey(
        Person,
        verbose_name=_("挂点区领导"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    task_force = models.ManyToManyField(Person, verbose_name=_("专班"), blank=True, related_name="+")
    liaison = models.ForeignKey(
        Person,
        verbose_name=_("专班联络员"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    service_officer = models.ForeignKey(
        Person, verbose_name=_("服务专员"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    plan_document = models.TextField(_("推进方案"), blank=True)
    builders = models.CharField(_("设计/施工/监理单位"), max_length=300, blank=True)

    stage = models.CharField(_("项目阶段"), max_length=12, choices=choices(vocab.Stage), default="reserve")
    progress = models.CharField(_("形象进度"), max_length=200, blank=True)
    this_period = models.TextField(_("本期进展"), blank=True, editable=False)
    next_plan = models.TextField(_("下期计划"), blank=True, editable=False)
    last_report = models.CharField(_("最近报告期"), max_length=7, blank=True, editable=False)

    node_light = models.CharField(
        _("节点灯"), max_length=8, choices=Light.choices, default="not_due", editable=False
    )
    investment_light = models.CharField(
        _("投资灯"), max_length=8, choices=Light.choices, default="not_due", editable=False
    )
    report_light = models.CharField(
        _("填报灯"), max_length=8, choices=Light.choices, default="not_due", editable=False
    )
    light = models.CharField(
        _("亮灯"), max_length=8, choices=Light.choices, default="not_due", editable=False
    )
    light_reason = SentenceField(_("亮灯原因"), blank=True, editable=False)
    days_late = models.IntegerField(_("滞后（工作日）"), default=0, editable=False)
    excused = models.BooleanField(_("免责"), default=False, editable=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name


@tracked
class MonthlyInvestment(Versioned):
    """Plan and done of one month, 万元; `done` is what approved reports say."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("月度投资")
        verbose_name_plural = _("月度投资")
        ordering = ("project", "year", "month")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "year", "month"], name="projects_one_row_a_month"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="projects_month_1_to_12"),
        ]

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="months")
    year = models.PositiveSmallIntegerField(_("年"))
    month = models.PositiveSmallIntegerField(_("月"))
    plan = _money(_("计划"), default=Decimal(0))
    done = _money(_("完成"), default=Decimal(0))

    def __str__(self) -> str:
        return f"{self.project} {self.year}-{self.month:02}"


@tracked
class PeriodReport(Versioned):
    """What a project reported for a month; approved in two steps, then it never changes."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("进展报告")
        verbose_name_plural = _("进展报告")
        ordering = ("-period",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "period"], name="projects_one_report_a_period")
        ]

    project = models.ForeignKey(
        Project, verbose_name=_("项目"), on_delete=models.CASCADE, related_name="reports"
    )
    period = models.CharField(_("报告期"), max_length=7, help_text=_("YYYY-MM"))
    done = _money(_("本月完成投资"))
    progress = models.CharField(_("形象进度"), max_length=200)
    this_period = models.TextField(_("本期进展"))
    next_plan = models.TextField(_("下期计划"))
    state = models.CharField(_("状态"), max_length=10, choices=choices(vocab.ReportState), default="draft")
    filled_by = models.ForeignKey(
        Person, verbose_name=_("填报人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(_("报送时间"), null=True)
    approved_by = models.ForeignKey(
        Person, verbose_name=_("审核人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("审核时间"), null=True)
    return_reason = models.TextField(_("退回理由"), blank=True)

    def __str__(self) -> str:
        return f"{self.project} {self.period}"


@tracked
class LightChange(Versioned):
    """A light set by hand: asked for with a reason, in force once another person approves."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("人工改灯")
        verbose_name_plural = _("人工改灯")
        ordering = ("-created_at",)

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="light_changes")
    light = models.CharField(_("改为"), max_length=8, choices=Light.choices)
    reason = models.TextField(_("理由"))
    until = models.DateField(_("有效至"))
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(vocab.LightChangeState), default="pending"
    )
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.project} → {self.get_light_display()}"


@tracked
class Evidence(Versioned):
    """A photo or document that proves a step or a report. The stored name says nothing."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("佐证")
        verbose_name_plural = _("佐证")
        ordering = ("-created_at",)

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="evidence")
    step = models.ForeignKey(
        Step, verbose_name=_("链条事项"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("类别"), max_length=12, choices=choices(vocab.EvidenceKind))
    title = models.CharField(_("标题"), max_length=200)
    file = models.FileField(_("文件"), upload_to="evidence/%Y/%m")
    digest = models.CharField(_("摘要（SHA-256）"), max_length=64, editable=False)
    taken_at = models.DateTimeField(_("拍摄时间"), null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.title

    @property
    def suffix(self) -> str:
        """The ending of the stored file, for the name of a download."""
        name = self.file.name or ""
        return "." + name.rsplit(".", 1)[-1] if "." in name else ""


@tracked
class ChainTemplate(Versioned):
    """The ten items a project type starts from; editable data."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("链条模板")
        verbose_name_plural = _("链条模板")
        ordering = ("type", "sequence")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["type", "sequence"], name="projects_template_sequence")
        ]

    type = models.CharField(_("项目类型"), max_length=24, choices=choices(vocab.ProjectType))
    sequence = models.PositiveSmallIntegerField(_("序号"))
    segment = models.CharField(_("环节"), max_length=12)
    item = models.CharField(_("事项"), max_length=100)
    critical = models.BooleanField(_("关键节点"), default=False)
    month = models.PositiveSmallIntegerField(_("通常完成月份"))
    evidence = models.CharField(_("佐证"), max_length=100, blank=True)
    matters = models.CharField(
        _("审批事项"),
        max_length=120,
        blank=True,
        help_text=_("审批事项清单中的编号，用空格隔开，如“P15 P16”"),
    )

    def __str__(self) -> str:
        return f"{self.type} {self.sequence} {self.item}"
