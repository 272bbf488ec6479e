"""Residential estates, the register of their exclusive parts, and the owners' vote."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.domains.consultation import vocab
from hongtu.domains.consultation.models import links
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked


@tracked
class Estate(Versioned):
    """A residential estate: one building register, one body of owners."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("小区")
        verbose_name_plural = _("小区")
        ordering = ("name",)

    name = models.CharField(_("小区名称"), max_length=80, unique=True)
    subdistrict = links.unit(_("街道（镇）"))
    community = links.unit(_("社区（村）"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name


@tracked
class Household(Versioned):
    """An exclusive part (户) of an estate. The owner is kept as the number of the register, never by name."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("专有部分")
        verbose_name_plural = _("专有部分名册")
        ordering = ("estate", "room")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["estate", "room"], name="consultation_room_once"),
            models.CheckConstraint(condition=Q(area__gt=0), name="consultation_area_above_zero"),
        ]

    estate = links.own(Estate, _("小区"), "households")
    room = models.CharField(_("房号"), max_length=40)
    area = models.DecimalField(
        _("专有部分面积"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    owner = models.CharField(
        _("业主编号"),
        max_length=40,
        blank=True,
        help_text=_("同一业主有几套房时填同一个编号，只算一人；只有一套的可不填"),
    )
    standing = models.CharField(
        _("产权状态"), max_length=12, choices=choices(vocab.Standing), default=vocab.Standing.DELIVERED
    )
    counted = models.BooleanField(
        _("计入表决"), default=True, help_text=_("车位、摊位等不计入，议事规则另有约定的除外")
    )
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.room


@tracked
class Poll(Versioned):
    """The owners' vote of one round of a topic on one option. Closed, it keeps its sums and never changes."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("业主表决")
        verbose_name_plural = _("业主表决")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["topic", "round", "option"], name="consultation_option_polled_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, passed__isnull=True)
                | Q(closed_on__isnull=False, passed__isnull=False),
                name="consultation_poll_closed_with_result",
            ),
        ]

    topic = links.own("consultation.Topic", _("议题"), "polls")
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    option = links.own("consultation.Option", _("表决方案"), "polls")
    estate = links.own(Estate, _("小区"))
    matter = models.CharField(_("表决事项"), max_length=1, choices=choices(vocab.CommonMatter)[1:])
    began_on = models.DateField(_("开始日期"))
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    passed = models.BooleanField(_("通过"), null=True, editable=False)
    sums = models.JSONField(default=dict, editable=False)

    def __str__(self) -> str:
        return f"{self.estate} {self.get_matter_display()}"


@tracked
class Ballot(Versioned):
    """The vote for one exclusive part."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("选票")
        verbose_name_plural = _("选票")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "household"], name="consultation_one_ballot_a_part")
        ]

    poll = models.ForeignKey(
        Poll, verbose_name=_("业主表决"), on_delete=models.CASCADE, related_name="ballots"
    )
    household = links.own(Household, _("专有部分"), "ballots")
    choice = models.CharField(_("选择"), max_length=8, choices=choices(vocab.Choice))

    def __str__(self) -> str:
        return f"{self.household} {self.get_choice_display()}"
