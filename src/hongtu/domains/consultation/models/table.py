"""Who sits at the table, what is on it, what was said, and how it concluded."""

from datetime import time
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.domains.consultation import vocab
from hongtu.domains.consultation.models import links
from hongtu.domains.consultation.models.topics import Topic
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked


@tracked
class Participant(Versioned):
    """Somebody who is invited, in which part and why. An account is needed for those only who answer
    themselves."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("参会人员")
        verbose_name_plural = _("参会人员")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "name", "part"], name="consultation_invited_once"),
            models.UniqueConstraint(
                fields=["topic", "person"],
                condition=Q(person__isnull=False),
                name="consultation_person_invited_once",
            ),
        ]

    topic = links.own(Topic, _("议题"), "participants")
    name = models.CharField(_("姓名"), max_length=60)
    part = models.CharField(_("身份"), max_length=16, choices=choices(vocab.Part))
    unit = links.unit(_("单位"), optional=True)
    person = links.person(_("账号"))
    reason = models.CharField(_("邀请理由"), max_length=200)
    by_rule = models.BooleanField(_("规则要求"), default=False, editable=False)
    interest = models.CharField(
        _("利益冲突声明"), max_length=10, choices=choices(vocab.Interest), blank=True, editable=False
    )
    interest_note = models.CharField(_("冲突说明"), max_length=200, blank=True, editable=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name


@tracked
class Option(Versioned):
    """One way out, with what it costs (万元) and where the money comes from."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("备选方案")
        verbose_name_plural = _("备选方案")
        ordering = ("id",)

    topic = links.own(Topic, _("议题"), "options")
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    name = models.CharField(_("方案"), max_length=80)
    description = models.TextField(_("做法"), max_length=2000)
    cost = models.DecimalField(_("费用测算（万元）"), max_digits=16, decimal_places=4, null=True, blank=True)

    def __str__(self) -> str:
        return self.name


@tracked
class Fund(Versioned):
    """A part of an option's money."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("资金来源")
        verbose_name_plural = _("资金来源")
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="consultation_fund_not_negative"),
            models.UniqueConstraint(fields=["option", "source"], name="consultation_fund_once"),
        ]

    option = models.ForeignKey(Option, verbose_name=_("方案"), on_delete=models.CASCADE, related_name="funds")
    source = models.CharField(_("资金来源"), max_length=14, choices=choices(vocab.Funding))
    amount = models.DecimalField(_("金额（万元）"), max_digits=16, decimal_places=4)

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.amount:f}"


@tracked
class Meeting(Versioned):
    """A meeting at the table, noticed in advance."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("协商会")
        verbose_name_plural = _("协商会")
        ordering = ("-held_on", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(noticed_on__lt=models.F("held_on")), name="consultation_noticed_before_held"
            ),
            models.UniqueConstraint(
                fields=["topic", "round"],
                condition=~Q(state="cancelled"),
                name="consultation_one_meeting_a_round",
            ),
        ]

    topic = links.own(Topic, _("议题"), "meetings")
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    noticed_on = models.DateField(_("公告日期"))
    held_on = models.DateField(_("召开日期"))
    begins_at = models.TimeField(_("开始时间"), default=time(15))
    place = models.CharField(_("地点"), max_length=120)
    host = models.CharField(_("主持人"), max_length=60)
    recorder = links.person(_("记录人"))
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(vocab.MeetingState), default="noticed", editable=False
    )
    differences = models.TextField(_("分歧点"), blank=True, editable=False)
    attended = models.ManyToManyField(
        Participant, verbose_name=_("签到"), blank=True, related_name="meetings"
    )

    def __str__(self) -> str:
        return f"{self.held_on} {self.topic.name}"


@tracked
class Speech(Versioned):
    """What one participant said, in order; a minority opinion is kept as such."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("发言")
        verbose_name_plural = _("发言")
        ordering = ("sequence",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "sequence"], name="consultation_speech_in_order")
        ]

    meeting = links.own(Meeting, _("协商会"), "speeches")
    participant = links.own(Participant, _("发言人"), "speeches")
    sequence = models.PositiveSmallIntegerField(_("序号"), editable=False)
    kind = models.CharField(_("性质"), max_length=10, choices=choices(vocab.SpeechKind))
    text = models.TextField(_("发言内容"), max_length=2000)
    minority = models.BooleanField(_("少数意见"), default=False)

    def __str__(self) -> str:
        return self.text[:40]


@tracked
class Vote(Versioned):
    """A participant's vote at the table, and whether she signed the paper."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("表决")
        verbose_name_plural = _("表决")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "participant"], name="consultation_votes_once")
        ]

    meeting = links.own(Meeting, _("协商会"), "votes")
    participant = links.own(Participant, _("参会人员"), "votes")
    choice = models.CharField(_("选择"), max_length=8, choices=choices(vocab.Choice))
    signed = models.BooleanField(_("已签字"), default=False)

    def __str__(self) -> str:
        return f"{self.participant} {self.get_choice_display()}"


@tracked
class Conclusion(Versioned):
    """How a round ended. With agreement it names the option; on common property also the owners' vote that
    passed."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("协商意见书")
        verbose_name_plural = _("协商意见书")
        ordering = ("-id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "round"], name="consultation_one_conclusion_a_round"),
            models.CheckConstraint(
                condition=Q(agreement="none", option__isnull=True)
                | (~Q(agreement="none") & Q(option__isnull=False)),
                name="consultation_agreement_names_option",
            ),
        ]

    topic = links.own(Topic, _("议题"), "conclusions")
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    meeting = links.own(Meeting, _("协商会"))
    agreement = models.CharField(_("结论"), max_length=10, choices=choices(vocab.Agreement))
    option = models.ForeignKey(
        Option,
        verbose_name=_("通过的方案"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    poll = models.OneToOneField(
        "consultation.Poll",
        verbose_name=_("业主表决"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    text = models.TextField(_("协商意见"), max_length=4000)
    consenting = models.PositiveSmallIntegerField(_("同意"))
    opposing = models.PositiveSmallIntegerField(_("反对"))
    abstaining = models.PositiveSmallIntegerField(_("弃权"))
    concluded_on = models.DateField(_("形成日期"))

    def __str__(self) -> str:
        return f"{self.topic.name} {self.get_agreement_display()}"
