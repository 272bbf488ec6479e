"""What is said between an asker, the assistant and the chief helper."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from hongtu.domains.matters import vocab
from hongtu.domains.matters.models.guides import Guide, Matter
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.people.models import Person, Unit


@tracked
class Conversation(Versioned):
    """One asker's talk with the assistant. `key` is a secret of the asker's browser."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("对话")
        verbose_name_plural = _("对话")

    key = models.CharField(max_length=43, unique=True, editable=False)
    channel = models.CharField(_("渠道"), max_length=20, default="web")
    state = models.CharField(
        _("状态"), max_length=12, choices=choices(vocab.ConversationState), default="open"
    )
    matter = models.ForeignKey(Matter, null=True, on_delete=models.SET_NULL, related_name="+")
    choices = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    pending = models.CharField(max_length=2000, blank=True)
    assisted = models.BooleanField(_("协助帮办"), default=False)
    started_on = models.DateField(_("日期"))


class Turn(models.Model):
    """One thing said. `outcome`, `record` (matter, version, sentences, missing) stand on answers only."""

    class Meta:
        ordering = ("conversation", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "number"], name="matters_turn_unique")
        ]

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveIntegerField()
    speaker = models.CharField(max_length=10, choices=choices(vocab.Speaker))
    text = models.TextField()
    outcome = models.CharField(max_length=12, blank=True, choices=choices(vocab.Outcome))
    record = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:40]}"


@tracked
class Handover(Versioned):
    """A question that goes to the chief helper with its conversation and a deadline."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("转人工帮办")
        verbose_name_plural = _("转人工帮办")
        ordering = ("due_at",)

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="handovers")
    matter = models.ForeignKey(Matter, null=True, on_delete=models.SET_NULL, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name=_("受理单位"), on_delete=models.PROTECT, related_name="+")
    question = models.CharField(_("问题"), max_length=2000)
    contact = models.CharField(_("联系方式"), max_length=60, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(vocab.HandoverState), default="waiting"
    )
    due_at = models.DateTimeField(_("答复时限"))
    helper = models.ForeignKey(
        Person, verbose_name=_("帮办员"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    reply = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    draft = models.ForeignKey(Guide, null=True, on_delete=models.SET_NULL, related_name="+")


class Feedback(models.Model):
    """What an asker said about one answer."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["turn"], name="matters_feedback_once")]

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="feedback")
    reason = models.CharField(max_length=14, choices=choices(vocab.FeedbackReason))
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.turn} {self.reason}"
