"""Proof and what came of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.problems import vocab
from hongtu.kernel.problems.models.fields import person_key, problem_key
from hongtu.kernel.problems.models.problems import Problem


@tracked
class Evidence(Versioned):
    """A photo (re-encoded, without its hidden data) or a document that proves something."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("佐证")
        verbose_name_plural = _("佐证")
        ordering = ("id",)

    problem = problem_key("evidence")
    phase = models.CharField(_("阶段"), max_length=8, choices=choices(vocab.Phase))
    photo = models.BooleanField(_("照片"), default=True)
    file = models.FileField(_("文件"), upload_to="problems/%Y/%m", max_length=200)
    name = models.CharField(_("说明"), max_length=120, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    by = person_key(_("上传人"))
    at = models.DateTimeField(_("上传时间"))
    verified_by = person_key(_("复核人"))
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
    verified_by = person_key(_("复核人"))
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
