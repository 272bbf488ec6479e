"""Schemes with their effective dates, what changes a score by decision, and rankings that are published
once."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hongtu.domains.assessment import vocab
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.people.models import Person, Unit


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        Person,
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )


def _unit() -> models.ForeignKey:
    return models.ForeignKey(Unit, verbose_name=_("被考核单位"), on_delete=models.PROTECT, related_name="+")


def _at(label: Any) -> models.DateTimeField:
    return models.DateTimeField(label, null=True, blank=True, editable=False)


def _subject() -> models.CharField:
    return models.CharField(_("考核对象"), max_length=12, choices=choices(Subject))


def _two_people(first: str, second: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": True})
        | ~Q(**{first: F(second)}),
        name=name,
    )


@tracked
class Scheme(Versioned):
    """An assessment scheme: `data` holds items and settings (`rules.Plan`). Adopted, it never changes; a
    change is another scheme with a later effective date."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("考核办法")
        verbose_name_plural = _("考核办法")
        ordering = ("subject", "-effective_from", "-id")
        constraints: ClassVar = [
            _two_people("proposed_by", "adopted_by", "assessment_scheme_two_people"),
            models.UniqueConstraint(
                fields=["subject", "effective_from"],
                condition=Q(state="adopted"),
                name="assessment_one_scheme_a_day",
            ),
        ]
        triggers: ClassVar = [
            *Versioned.Meta.triggers,
            pgtrigger.Protect(
                name="adopted_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="adopted"),
            ),
        ]

    name = models.CharField(_("名称"), max_length=120)
    subject = _subject()
    effective_from = models.DateField(_("施行日期"))
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    data = models.JSONField(_("内容"))
    state = models.CharField(
        _("状态"), max_length=8, choices=choices(vocab.SchemeState), default="draft", editable=False
    )
    proposed_by = _person(_("提请人"))
    proposed_at = _at(_("提请时间"))
    adopted_by = _person(_("审定人"))
    adopted_at = _at(_("审定时间"))
    refusal = models.TextField(_("未通过理由"), blank=True, editable=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name


class Simulation(models.Model):
    """A proposed scheme beside the one in force, over the same records: kept as it was shown."""

    class Meta:
        verbose_name = _("模拟")
        verbose_name_plural = _("模拟")
        ordering = ("-at", "-id")
        triggers: ClassVar = [
            pgtrigger.Protect(name="simulation_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="simulations")
    against = models.ForeignKey(Scheme, null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("考核截止日"))
    known_at = models.DateTimeField(_("所知截至"))
    scheme_digest = models.CharField(max_length=64)
    old = models.JSONField()
    new = models.JSONField()
    by = _person(_("模拟人"))
    at = models.DateTimeField(_("模拟时间"), auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.scheme} {self.on}"


@tracked
class Excuse(Versioned):
    """A record leaves the denominator of an indicator: asked for with a ground, approved by somebody else."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("免责申请")
        verbose_name_plural = _("免责申请")
        ordering = ("-asked_at", "-id")
        constraints: ClassVar = [
            _two_people("asked_by", "decided_by", "assessment_excuse_two_people"),
            models.UniqueConstraint(
                fields=["indicator", "record", "part"],
                condition=Q(state__in=["asked", "approved"]),
                name="assessment_one_excuse_a_record",
            ),
        ]

    name = models.CharField(_("事项"), max_length=200)
    unit = _unit()
    indicator = models.CharField(_("指标"), max_length=60)
    record = models.BigIntegerField(_("记录"))
    part = models.CharField(_("分项"), max_length=40, blank=True)
    reason = models.TextField(_("客观原因"))
    basis = models.CharField(_("佐证"), max_length=300)
    since = models.DateField(_("原因发生日期"))
    state = models.CharField(
        _("状态"), max_length=8, choices=choices(vocab.Decision), default="asked", editable=False
    )
    asked_by = _person(_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    decided_by = _person(_("审批人"))
    decided_at = _at(_("审批时间"))
    answer = models.TextField(_("审批意见"), blank=True, editable=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name


@tracked
class Adjustment(Versioned):
    """Points added or taken by decision: praise from above, early use; public criticism."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("加减分")
        verbose_name_plural = _("加减分")
        ordering = ("-on", "-id")
        constraints: ClassVar = [
            _two_people("asked_by", "decided_by", "assessment_adjustment_two_people"),
            models.CheckConstraint(condition=~Q(points=0), name="assessment_adjustment_not_zero"),
        ]

    name = models.CharField(_("事由"), max_length=200)
    unit = _unit()
    subject = _subject()
    points = models.DecimalField(_("分值"), max_digits=5, decimal_places=2)
    basis = models.CharField(_("依据"), max_length=300)
    on = models.DateField(_("发生日期"))
    state = models.CharField(
        _("状态"), max_length=8, choices=choices(vocab.Decision), default="asked", editable=False
    )
    asked_by = _person(_("提出人"))
    decided_by = _person(_("审批人"))
    decided_at = _at(_("审批时间"))
    answer = models.TextField(_("审批意见"), blank=True, editable=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name


@tracked
class Falsification(Versioned):
    """Data that were falsified: reported by one, confirmed by another; the unit may appeal to a third.
    While it stands, the unit's score of the year is nothing."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("弄虚作假")
        verbose_name_plural = _("弄虚作假")
        ordering = ("-occurred_on", "-id")
        constraints: ClassVar = [
            _two_people("reported_by", "decided_by", "assessment_charge_two_people"),
            _two_people("decided_by", "appeal_decided_by", "assessment_appeal_third_person"),
            _two_people("reported_by", "appeal_decided_by", "assessment_appeal_not_reporter"),
        ]

    name = models.CharField(_("涉及的数据"), max_length=200)
    unit = _unit()
    subject = _subject()
    occurred_on = models.DateField(_("发生日期"))
    facts = models.TextField(_("事实"))
    basis = models.CharField(_("证据"), max_length=300)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(vocab.Charge), default="reported", editable=False
    )
    reported_by = _person(_("提出人"))
    decided_by = _person(_("认定人"))
    decided_at = _at(_("认定时间"))
    answer = models.TextField(_("认定意见"), blank=True, editable=False)
    appeal_until = models.DateField(_("申诉期限"), null=True, blank=True, editable=False)
    appeal = models.TextField(_("申诉理由"), blank=True, editable=False)
    appealed_by = _person(_("申诉人"))
    appealed_at = _at(_("申诉时间"))
    appeal_decided_by = _person(_("复核人"))
    appeal_decided_at = _at(_("复核时间"))
    appeal_answer = models.TextField(_("复核意见"), blank=True, editable=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name


class Ranking(models.Model):
    """A ranking as it was published: never changed or deleted; a correction is another one. `digest` seals
    `lines` and stands in the audit chain too. Its scheme, day and moment of knowledge replay it."""

    class Meta:
        verbose_name = _("通报")
        verbose_name_plural = _("通报")
        ordering = ("-published_at", "-id")
        constraints: ClassVar = [models.UniqueConstraint(fields=["number"], name="assessment_ranking_number")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="published_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    name = models.CharField(_("标题"), max_length=120)
    number = models.CharField(_("文号"), max_length=40)
    subject = _subject()
    scheme = models.ForeignKey(Scheme, verbose_name=_("考核办法"), on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("考核截止日"))
    known_at = models.DateTimeField(_("所知截至"))
    lines = models.JSONField(_("名次"))
    digest = models.CharField(_("摘要（SHA-256）"), max_length=64)
    published_by = _person(_("发布人"))
    published_at = models.DateTimeField(_("发布时间"))
    objections_until = models.DateField(_("异议期限"))
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("更正"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    demonstration = models.BooleanField(_("示例"), default=False)

    def __str__(self) -> str:
        return self.name


@tracked
class Objection(Versioned):
    """A unit objects to its line of a published ranking, within the period; answered by somebody else."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        ordering = ("-asked_at", "-id")
        constraints: ClassVar = [
            _two_people("asked_by", "decided_by", "assessment_objection_two_people"),
            models.UniqueConstraint(
                fields=["ranking", "unit", "item"],
                condition=Q(state="open"),
                name="assessment_one_objection_an_item",
            ),
        ]

    ranking = models.ForeignKey(
        Ranking, verbose_name=_("通报"), on_delete=models.PROTECT, related_name="objections"
    )
    unit = _unit()
    item = models.CharField(_("异议项"), max_length=60, blank=True)
    name = models.CharField(_("主张"), max_length=200)
    reason = models.TextField(_("理由"))
    state = models.CharField(
        _("状态"), max_length=8, choices=choices(vocab.ObjectionState), default="open", editable=False
    )
    asked_by = _person(_("提出人"))
    asked_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    decided_by = _person(_("答复人"))
    decided_at = _at(_("答复时间"))
    answer = models.TextField(_("答复"), blank=True, editable=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name
