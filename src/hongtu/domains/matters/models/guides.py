"""Service matters, their guides in dated versions, and the registers beside them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.domains.matters import vocab
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.places.models import Place


@tracked
class Matter(Versioned):
    """What can be applied for: its name, where people look for it, who answers for it."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("办事事项")
        verbose_name_plural = _("办事事项")
        ordering = ("code",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["code"], name="matters_code_unique")]

    code = models.CharField(_("事项编号"), max_length=20)
    name = models.CharField(_("事项名称"), max_length=120)
    pinyin = models.CharField(_("拼音"), max_length=500, editable=False)
    initials = models.CharField(_("拼音首字母"), max_length=120, editable=False)
    kind = models.CharField(
        _("事项类型"), max_length=10, choices=choices(vocab.MatterKind), default=vocab.MatterKind.SERVICE
    )
    line = models.CharField(_("业务条线"), max_length=40)
    theme = models.CharField(_("主题"), max_length=12, choices=choices(vocab.Theme))
    aliases = ArrayField(
        models.CharField(max_length=60), verbose_name=_("群众说法"), default=list, blank=True
    )
    unit = models.ForeignKey(Unit, verbose_name=_("承办单位"), on_delete=models.PROTECT, related_name="+")
    helper = models.ForeignKey(
        Person,
        verbose_name=_("首席帮办员"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    suspended = models.BooleanField(_("暂停办理"), default=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name


@tracked
class Approval(Versioned):
    """Where a construction approval stands in the approval chain (工程审批事项)."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("审批环节")
        verbose_name_plural = _("审批环节")

    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, related_name="approval")
    stage = models.CharField(_("阶段"), max_length=10)
    department = models.CharField(_("审批部门"), max_length=60)
    procedure = models.CharField(_("办理性质"), max_length=20)
    calendar_days = models.BooleanField(_("按自然日计"), default=False)
    preparation_days = models.PositiveIntegerField(_("准备天数"), default=0)
    predecessors = ArrayField(
        models.CharField(max_length=20), verbose_name=_("前置事项"), default=list, blank=True
    )
    applies = models.CharField(_("适用项目类型"), max_length=12, blank=True)


@tracked
class Guide(Versioned):
    """One version of a matter's guide. A published version is never changed: a new one replaces it."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("办事指南")
        verbose_name_plural = _("办事指南")
        ordering = ("matter__code", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "number"], name="matters_guide_number_unique"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=models.F("effective_from")),
                name="matters_guide_dates_in_order",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "effective_from"])]

    matter = models.ForeignKey(
        Matter, verbose_name=_("事项"), on_delete=models.PROTECT, related_name="guides"
    )
    number = models.PositiveIntegerField(_("版本号"), default=1, editable=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(vocab.GuideState), default="draft", editable=False
    )
    department = models.CharField(_("实施主体"), max_length=120)
    audience = models.CharField(_("服务对象"), max_length=200, blank=True)
    conditions = models.TextField(_("受理条件"), blank=True)
    channels = models.CharField(_("办理形式"), max_length=120, blank=True)
    visits = models.PositiveSmallIntegerField(_("到现场次数"), null=True, blank=True)
    legal_days = models.PositiveIntegerField(_("法定时限"), null=True, blank=True)
    promised_days = models.PositiveIntegerField(_("承诺时限"), null=True, blank=True)
    day_unit = models.CharField(
        _("时限单位"), max_length=10, choices=choices(vocab.DayUnit), default="working"
    )
    time_note = models.CharField(_("时限说明"), max_length=300, blank=True)
    fee = models.CharField(_("收费"), max_length=300, blank=True)
    result = models.CharField(_("办理结果"), max_length=300, blank=True)
    basis = models.TextField(_("设定依据"), blank=True)
    phone = models.CharField(_("咨询电话"), max_length=60, blank=True)
    complaint_phone = models.CharField(_("监督投诉电话"), max_length=60, blank=True)
    mistakes = models.TextField(_("常见错误与提醒"), blank=True)
    commitment = models.CharField(
        _("告知承诺与容缺"), max_length=10, choices=choices(vocab.CommitmentMode), default="none"
    )
    elements = models.JSONField(_("其他要素"), default=dict, blank=True)
    effective_from = models.DateField(_("生效日期"))
    expires_on = models.DateField(_("失效日期"), null=True, blank=True)
    reviewed_on = models.DateField(_("最近核校"), null=True, blank=True)
    origin = models.CharField(_("修订缘由"), max_length=300, blank=True)
    drafted_by = models.ForeignKey(
        Person,
        verbose_name=_("起草人"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("送审时间"), null=True, editable=False)
    decided_by = models.ForeignKey(
        Person,
        verbose_name=_("审核人"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("审核时间"), null=True, editable=False)
    return_reason = models.CharField(_("退回理由"), max_length=300, blank=True, editable=False)

    def __str__(self) -> str:
        return f"{self.matter} v{self.number}"


class Part(models.Model):
    """A row of a guide: written with its guide, kept as it was when the guide is published."""

    class Meta:
        abstract = True

    sequence = models.PositiveSmallIntegerField(_("序号"), default=1)


class Material(Part):
    class Meta:
        verbose_name = _("材料")
        verbose_name_plural = _("材料")
        ordering = ("sequence",)

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="materials")
    name = models.CharField(_("材料名称"), max_length=200)
    necessity = models.CharField(
        _("材料必要性"), max_length=10, choices=choices(vocab.Necessity), default="required"
    )
    form = models.CharField(
        _("材料类型"), max_length=10, choices=choices(vocab.MaterialForm), default="original"
    )
    copies = models.PositiveSmallIntegerField(_("份数"), default=1)
    source = models.CharField(
        _("来源渠道"), max_length=12, choices=choices(vocab.MaterialSource), default="applicant"
    )
    held_by_government = models.BooleanField(_("政府已有，免提交"), default=False)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    details = models.JSONField(_("其他要素"), default=dict, blank=True)

    def __str__(self) -> str:
        return self.name


class GuideStep(Part):
    class Meta:
        verbose_name = _("办理步骤")
        verbose_name_plural = _("办理步骤")
        ordering = ("sequence",)

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(_("步骤"), max_length=60)
    who = models.CharField(_("岗位"), max_length=120, blank=True)
    days = models.CharField(_("时限"), max_length=40, blank=True)
    text = models.CharField(_("做什么"), max_length=400, blank=True)

    def __str__(self) -> str:
        return self.name


class Office(Part):
    class Meta:
        verbose_name = _("办理地点")
        verbose_name_plural = _("办理地点")
        ordering = ("sequence",)

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="offices")
    name = models.CharField(_("名称"), max_length=120)
    window = models.CharField(_("窗口"), max_length=120, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    hours = models.CharField(_("办理时间"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=60, blank=True)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name


class GuideFile(models.Model):
    """A file of a guide: flow chart, sample of the result, or a material's blank form and filled-in example.

    `material` is the material's name, empty for a file of the whole guide; the file itself is shared by the
    versions that carry it.
    """

    class Meta:
        verbose_name = _("指南附件")
        verbose_name_plural = _("指南附件")
        ordering = ("guide", "element", "material")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guide", "element", "material"], name="matters_one_file_an_element"
            )
        ]

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="files")
    element = models.CharField(_("要素"), max_length=30)
    material = models.CharField(_("材料"), max_length=200, blank=True)
    file = models.FileField(_("文件"), upload_to="guides/%Y/%m", max_length=200)
    name = models.CharField(_("文件名"), max_length=120)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class GuideStanding(models.Model):
    """How complete a guide is: worked out at every write, so no part of its history."""

    class Meta:
        verbose_name = _("指南完整度")
        verbose_name_plural = _("指南完整度")

    guide = models.OneToOneField(Guide, on_delete=models.CASCADE, related_name="standing")
    filled = models.PositiveSmallIntegerField(_("已填要素"))
    lacking = ArrayField(models.CharField(max_length=30), verbose_name=_("缺少的必填要素"), default=list)

    def __str__(self) -> str:
        return f"{self.guide}: {self.filled}"


@tracked
class Bundle(Versioned):
    """A life event (一件事): several matters handled as one."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("一件事")
        verbose_name_plural = _("一件事")
        ordering = ("code",)

    code = models.SlugField(_("编号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    summary = models.CharField(_("说明"), max_length=300, blank=True)
    matters = models.ManyToManyField(Matter, through="BundleItem", related_name="bundles")

    def __str__(self) -> str:
        return self.name


class BundleItem(Part):
    class Meta:
        ordering = ("sequence",)

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="items")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.bundle} {self.sequence}"


@tracked
class ForbiddenRequest(Versioned):
    """What must not be asked of residents; a guide that asks for it cannot be published."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("不得索要的材料")
        verbose_name_plural = _("不得索要的材料")
        ordering = ("phrase",)

    phrase = models.CharField(_("材料名称包含"), max_length=60, unique=True)
    reason = models.CharField(_("理由"), max_length=300)
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    def __str__(self) -> str:
        return self.phrase


@tracked
class Referral(Versioned):
    """A matter that others handle: what the assistant says instead of guessing."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("他处办理事项")
        verbose_name_plural = _("他处办理事项")
        ordering = ("name",)

    name = models.CharField(_("事项名称"), max_length=120, unique=True)
    aliases = ArrayField(
        models.CharField(max_length=60), verbose_name=_("群众说法"), default=list, blank=True
    )
    handled_by = models.CharField(_("由谁办理"), max_length=120)
    phone = models.CharField(_("电话"), max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name
