"""Research topics, visits, what was found, what came of it, and who visits which project."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.domains.visits import vocab
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.chains.models import Chain
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.places.models import Place
from hongtu.kernel.problems.models import Problem


def _person(label: Any, *, optional: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        Person, verbose_name=label, null=optional, blank=optional, on_delete=models.PROTECT, related_name="+"
    )


def _unit(label: Any) -> models.ForeignKey:
    return models.ForeignKey(Unit, verbose_name=label, on_delete=models.PROTECT, related_name="+")


def _place() -> models.ForeignKey:
    return models.ForeignKey(
        Place, verbose_name=_("位置"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )


@tracked
class Topic(Versioned):
    """A research topic of one of the twelve aspects, with the leader who answers for it."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("调研课题")
        verbose_name_plural = _("调研课题")
        ordering = ("year", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "number"], name="visits_topic_number_once")
        ]

    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("课题"), max_length=120)
    aspect = models.CharField(_("调研方面"), max_length=16, choices=choices(vocab.Aspect))
    leader = _person(_("牵头领导"))
    unit = _unit(_("承办单位"))
    due_on = models.DateField(_("完成时限"))
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(vocab.TopicState), default="open", editable=False
    )
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name


@tracked
class Visit(Versioned):
    """One leader at one spot on one day. `sequence` is its place in the day's route."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("走访")
        verbose_name_plural = _("走访")
        ordering = ("-visited_on", "leader", "sequence", "id")
        indexes: ClassVar = [models.Index(fields=["leader", "visited_on"])]

    name = models.CharField(_("走访对象"), max_length=200)
    kind = models.CharField(_("类别"), max_length=12, choices=choices(vocab.VisitKind))
    leader = _person(_("区领导"))
    visited_on = models.DateField(_("走访日期"))
    sequence = models.PositiveSmallIntegerField(_("行程顺序"), default=0, editable=False)
    not_before = models.TimeField(_("最早到达"), null=True, blank=True)
    not_after = models.TimeField(_("最晚到达"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("停留（分钟）"), default=40)
    unit = _unit(_("责任单位或属地"))
    chain = models.ForeignKey(
        Chain, verbose_name=_("项目链条"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("调研课题"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="visits",
    )
    place = _place()
    companions = models.CharField(_("陪同人员"), max_length=200, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(vocab.VisitState), default="planned", editable=False
    )
    summary = models.TextField(_("走访记录"), blank=True, editable=False)
    recorder = _person(_("记录人"), optional=True)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return f"{self.visited_on} {self.name}"


@tracked
class Finding(Versioned):
    """What was found at the spot: solved there and then, or on the list of problems. Never neither.

    `client_key` is drawn by the phone, so that an entry it sends again after a broken connection is kept
    once.
    """

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("走访发现")
        verbose_name_plural = _("走访发现")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(disposal="listed", problem__isnull=False)
                | (Q(disposal="solved", problem__isnull=True) & ~Q(solution="") & ~Q(confirmed_by="")),
                name="visits_finding_solved_or_listed",
            )
        ]

    visit = models.ForeignKey(
        Visit, verbose_name=_("走访"), on_delete=models.PROTECT, related_name="findings"
    )
    name = models.CharField(_("发现的问题"), max_length=120)
    disposal = models.CharField(_("处置"), max_length=8, choices=choices(vocab.Disposal))
    solution = models.TextField(_("现场怎么解决的"), blank=True)
    confirmed_by = models.CharField(_("现场确认人"), max_length=60, blank=True)
    problem = models.OneToOneField(
        Problem,
        verbose_name=_("问题单"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="finding",
    )
    found_at = models.DateTimeField(_("发现时间"))
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name


@tracked
class SitePhoto(Versioned):
    """A photo of a visit, or of what was solved at it; those of listed findings lie with their problem."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("现场照片")
        verbose_name_plural = _("现场照片")
        ordering = ("id",)

    visit = models.ForeignKey(Visit, verbose_name=_("走访"), on_delete=models.PROTECT, related_name="photos")
    finding = models.ForeignKey(
        Finding,
        verbose_name=_("走访发现"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="photos",
    )
    file = models.FileField(_("照片"), upload_to="visits/%Y/%m")

    def __str__(self) -> str:
        return str(self.finding or self.visit)


@tracked
class RectificationPlan(Versioned):
    """A plan for a group of listed problems with one cause."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("专项整治方案")
        verbose_name_plural = _("专项整治方案")
        ordering = ("due_on", "id")

    name = models.CharField(_("方案名称"), max_length=120)
    leader = _person(_("牵头领导"))
    unit = _unit(_("牵头单位"))
    aim = models.TextField(_("整治目标"))
    measures = models.TextField(_("主要措施"))
    adopted_on = models.DateField(_("印发日期"))
    due_on = models.DateField(_("完成时限"))
    findings = models.ManyToManyField(Finding, verbose_name=_("涉及问题"), blank=True, related_name="plans")
    state = models.CharField(_("状态"), max_length=10, choices=choices(vocab.PlanState), default="adopted")
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name


@tracked
class Conversion(Versioned):
    """A line of the conversion list: topic -> measure -> result. Without a result it is not converted."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("调研成果")
        verbose_name_plural = _("调研成果")
        ordering = ("topic", "id")

    topic = models.ForeignKey(
        Topic, verbose_name=_("调研课题"), on_delete=models.PROTECT, related_name="conversions"
    )
    measure = models.CharField(_("转化措施"), max_length=300)
    unit = _unit(_("责任单位"))
    due_on = models.DateField(_("完成时限"))
    result = models.CharField(_("转化成果"), max_length=300, blank=True)
    evidence = models.CharField(_("佐证"), max_length=200, blank=True)
    achieved_on = models.DateField(_("取得日期"), null=True, blank=True)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.measure


@tracked
class Pairing(Versioned):
    """A leader's assigned project (挂点): who visits it, how often, when last."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("挂点项目")
        verbose_name_plural = _("挂点项目")
        ordering = ("due_on", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain"], name="visits_one_leader_a_project")
        ]

    name = models.CharField(_("项目"), max_length=200)
    leader = _person(_("挂点领导"))
    chain = models.ForeignKey(
        Chain, verbose_name=_("项目链条"), on_delete=models.PROTECT, related_name="pairings"
    )
    place = _place()
    since = models.DateField(_("挂点起始"))
    every_days = models.PositiveSmallIntegerField(_("走访间隔（天）"), default=30)
    last_visit = models.DateField(_("最近走访"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("应走访日期"), editable=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name
