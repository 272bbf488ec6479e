"""Notices, what each person wants of them, and the outbox."""

import uuid
from datetime import time
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.base.sentences import SentenceField
from hongtu.kernel.notices import vocab
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems.models import Problem


def _person(related_name: str = "+") -> models.ForeignKey:
    return models.ForeignKey(
        Person, verbose_name=_("人员"), on_delete=models.CASCADE, related_name=related_name
    )


class Notice(models.Model):
    """One thing told to one person, once (`key`). `subject_label` and `subject_key` name what it is about.

    `problem` narrows who may still read it: a problem that was hidden later takes its notices with it.
    Neither versioned nor kept in the history: reading is no record of the district.
    """

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ("-at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="notices_told_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-at"], name="notices_newest"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notices_unread"),
        ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = _person("notices")
    kind = models.CharField(_("种类"), max_length=10, choices=choices(vocab.Kind))
    title = models.CharField(_("标题"), max_length=200)
    text = SentenceField(_("内容"))
    subject_label = models.CharField(_("对象类别"), max_length=60, blank=True)
    subject_key = models.BigIntegerField(_("对象"), null=True, blank=True)
    problem = models.ForeignKey(Problem, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    confidentiality = models.PositiveSmallIntegerField(_("密级"), default=1)
    due_at = models.DateTimeField(_("时限"), null=True, blank=True)
    key = models.CharField(max_length=120)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"


@tracked
class Preference(Versioned):
    """How one person wants to hear: ways out of the house, quiet hours, digest, days of warning."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("通知设置")
        verbose_name_plural = _("通知设置")

    person = models.OneToOneField(
        Person, verbose_name=_("人员"), on_delete=models.CASCADE, related_name="notice_preference"
    )
    language = models.CharField(
        _("外发通知的语言"), max_length=8, choices=[("zh-hans", "中文"), ("en", "English")], default="zh-hans"
    )
    email = models.EmailField(_("电子邮箱"), blank=True)
    webhook_form = models.CharField(
        _("群机器人"), max_length=10, choices=choices(vocab.WebhookForm), blank=True
    )
    webhook_url = models.CharField(_("机器人地址"), max_length=500, blank=True)
    webhook_secret = models.CharField(_("加签密钥"), max_length=200, blank=True)
    quiet_from = models.TimeField(_("免打扰开始"), default=time(18))
    quiet_to = models.TimeField(_("免打扰结束"), default=time(8, 30))
    quiet_rest_days = models.BooleanField(_("休息日不打扰"), default=True)
    urgent_through = models.BooleanField(_("超时限和提级立即发送"), default=False)
    pace = models.CharField(
        _("发送方式"), max_length=8, choices=choices(vocab.Pace), default=vocab.Pace.AT_ONCE
    )
    digest_at = models.TimeField(_("汇总时间"), default=time(9))
    remind_days = models.PositiveSmallIntegerField(_("提前几个工作日提醒"), default=3)

    def __str__(self) -> str:
        return str(self.person)

    @property
    def channels(self) -> tuple[vocab.Channel, ...]:
        """The ways out that she has opened."""
        mail = (vocab.Channel.EMAIL,) if self.email else ()
        robot = (vocab.Channel.WEBHOOK,) if self.webhook_form and self.webhook_url else ()
        return (*mail, *robot)


class Delivery(models.Model):
    """A row of the outbox: one message to one person by one channel. `id` is its idempotency key.

    `body` is frozen before the first attempt, so that every attempt under one key says the same. A digest
    takes up notices until then. `route` is the mail server or the host of the webhook.
    """

    class Meta:
        verbose_name = _("外发")
        verbose_name_plural = _("外发")
        ordering = ("due_at", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "channel"],
                condition=Q(digest=True, state="waiting", body=""),
                name="notices_one_open_digest",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="notices_sent_has_its_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state="dead") | ~Q(fault=""), name="notices_dead_has_its_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="notices_outbox"),
            models.Index(fields=["person"], condition=Q(state="dead"), name="notices_dead"),
        ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = _person()
    channel = models.CharField(_("渠道"), max_length=8, choices=choices(vocab.Channel))
    state = models.CharField(
        _("状态"), max_length=8, choices=choices(vocab.DeliveryState), default=vocab.DeliveryState.WAITING
    )
    digest = models.BooleanField(_("汇总"), default=False)
    notices = models.ManyToManyField(Notice, related_name="deliveries")
    subject = models.CharField(_("主题"), max_length=200, blank=True)
    body = models.TextField(_("正文"), blank=True)
    route = models.CharField(max_length=255, blank=True)
    due_at = models.DateTimeField(_("发送时间"))
    attempts = models.PositiveSmallIntegerField(_("已尝试"), default=0)
    fault = models.CharField(_("原因"), max_length=30, choices=choices(vocab.Fault), blank=True)
    detail = models.CharField(_("对方的应答"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("送达时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.get_state_display()}"


class CalendarLink(models.Model):
    """The private address of one person's calendar; its digest only, one in force at a time."""

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at__isnull=True), name="notices_one_calendar_link"
            )
        ]

    person = _person()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    def __str__(self) -> str:
        return str(self.person)


def preference_of(person: Any) -> Preference:
    """Her preference; an unsaved one with the usual values while she never set any."""
    return Preference.objects.filter(person=person).first() or Preference(person=person)
