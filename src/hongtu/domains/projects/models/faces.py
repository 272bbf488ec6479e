"""Work faces and temporary spaces: who needs which ground when, joint schedules, and what was signed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hongtu.domains.projects import vocab
from hongtu.domains.projects.models.projects import Project
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.chains.models import Step
from hongtu.kernel.people.models import Person


@tracked
class FaceTerms(Versioned):
    """What a project brings to a negotiation: its party and the price of a day's delay in yuan."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("作业面协商条件")
        verbose_name_plural = _("作业面协商条件")

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="face_terms")
    party = models.CharField(_("作业方"), max_length=100, blank=True)
    delay_cost_per_day = models.DecimalField(
        _("每天延误损失（元）"), max_digits=12, decimal_places=2, default=1
    )
    promised = models.DateField(_("承诺日期"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("优先级"), default=0)

    def __str__(self) -> str:
        return self.party or str(self.project)


@tracked
class WorkFace(Versioned):
    """One use of ground by one project: a work face or a temporary space, with its window.

    `geometry` is GeoJSON in WGS84 degrees, empty for work without ground of its own; `width_m` gives a line,
    `radius_m` a point its ground. `links` and `moves` are as in docs/reference/faces-geojson.md. Both ends
    of the window are included.
    """

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("作业面")
        verbose_name_plural = _("作业面")
        ordering = ("project", "start", "code")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], name="projects_face_code_unique"),
            models.CheckConstraint(condition=Q(start__lte=F("finish")), name="projects_face_window"),
        ]

    project = models.ForeignKey(
        Project, verbose_name=_("项目"), on_delete=models.CASCADE, related_name="faces"
    )
    code = models.CharField(_("编号"), max_length=60)
    name = models.CharField(_("名称"), max_length=200)
    kind = models.CharField(
        _("用途"), max_length=20, choices=choices(vocab.FaceKind), default=vocab.FaceKind.WORK_FACE
    )
    access = models.CharField(_("占用方式"), max_length=12, choices=choices(vocab.FaceAccess), blank=True)
    geometry = models.JSONField(_("范围"), null=True, blank=True)
    width_m = models.FloatField(_("宽度（米）"), default=0)
    radius_m = models.FloatField(_("半径（米）"), default=0)
    clearance_m = models.FloatField(_("安全距离（米）"), default=0)
    start = models.DateField(_("开始"))
    finish = models.DateField(_("结束"))
    earliest = models.DateField(_("最早可开始"), null=True, blank=True)
    latest_finish = models.DateField(_("最迟结束"), null=True, blank=True)
    fixed = models.BooleanField(_("不可调整"), default=False)
    elastic = models.BooleanField(_("可延长"), default=False)
    delay_cost_per_day = models.DecimalField(
        _("每天窝工损失（元）"), max_digits=12, decimal_places=2, default=0
    )
    activity = models.CharField(_("工序"), max_length=100, blank=True)
    step = models.ForeignKey(
        Step, verbose_name=_("链条事项"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    links = models.JSONField(_("前后顺序"), default=list, blank=True)
    moves = models.JSONField(_("可以怎样让"), default=list, blank=True)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name or self.code


class JointRun(models.Model):
    """One search for joint schedules over all work faces: what was asked, how far it is, what it found.

    A computation, not a record: what is agreed upon is copied into the agreement.
    `scene` is the GeoJSON it worked on, so that an answer can be understood when the faces have moved on;
    `report` is `worksite.report_of` of the answer.
    """

    class Meta:
        verbose_name = _("联合排程")
        verbose_name_plural = _("联合排程")
        ordering = ("-id",)

    state = models.CharField(_("状态"), max_length=10, choices=choices(vocab.RunState), default="queued")
    seconds = models.PositiveSmallIntegerField(_("时限（秒）"), default=20)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("时间"), auto_now_add=True)
    stop_asked = models.BooleanField(_("要求停止"), default=False)
    stage = models.CharField(_("阶段"), max_length=40, blank=True)
    objective = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    elapsed = models.FloatField(_("已用（秒）"), default=0)
    scene = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    faults = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(_("联合排程 %s") % self.pk)


@tracked
class FaceAgreement(Versioned):
    """One alternative put before its parties; signed by all of them it binds their chains."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("作业面协议")
        verbose_name_plural = _("作业面协议")
        ordering = ("-id",)

    run = models.ForeignKey(JointRun, on_delete=models.PROTECT, related_name="agreements")
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(vocab.AgreementState), default="proposed"
    )
    terms = models.JSONField(_("条款"))
    reason = models.TextField(_("说明"), blank=True)
    proposed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    parties = models.ManyToManyField(Project, related_name="face_agreements")
    in_force_at = models.DateTimeField(_("生效时间"), null=True)

    def __str__(self) -> str:
        return str(_("作业面协议 %s") % self.pk)


@tracked
class FaceSignature(models.Model):
    """One party's signature under an agreement, never changed."""

    class Meta:
        verbose_name = _("签署")
        verbose_name_plural = _("签署")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "project"], name="projects_signed_once_a_party"),
            models.UniqueConstraint(fields=["agreement", "person"], name="projects_signs_for_one_party"),
        ]

    agreement = models.ForeignKey(FaceAgreement, on_delete=models.CASCADE, related_name="signatures")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.project} {self.person}"
