"""What was asked and decided on the way, when the clock stood still, and the log."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.problems import vocab
from hongtu.kernel.problems.models.fields import person_key, problem_key, unit_key


@tracked
class Decision(Versioned):
    """An extension, a suspension or a finding of unreasonableness: asked by one, decided by others."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("审批事项")
        verbose_name_plural = _("审批事项")
        ordering = ("-created_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem", "subject"],
                condition=Q(state__in=["asked", "first"]),
                name="problem_spine_one_request_at_a_time",
            )
        ]

    problem = problem_key("decisions")
    subject = models.CharField(_("事项"), max_length=12, choices=choices(vocab.Subject))
    state = models.CharField(_("状态"), max_length=8, choices=choices(vocab.DecisionState), default="asked")
    until = models.DateTimeField(_("至"), null=True, blank=True)
    reason = models.TextField(_("理由"))
    asked_by = person_key(_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    first_by = person_key(_("一级审核人"))
    decided_by = person_key(_("审批人"))
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    answer = models.TextField(_("审批意见"), blank=True)

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.get_state_display()}"


@tracked
class Suspension(Versioned):
    """A time during which the clock of the work stood still."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("挂起")
        verbose_name_plural = _("挂起")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem"], condition=Q(ended_at__isnull=True), name="problem_spine_suspended_once"
            )
        ]

    problem = problem_key("suspensions")
    began_at = models.DateTimeField(_("挂起时间"))
    until = models.DateTimeField(_("挂起至"))
    ended_at = models.DateTimeField(_("恢复时间"), null=True, blank=True)
    reason = models.TextField(_("理由"))

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d}"


class LogEntry(models.Model):
    """One thing that happened to a problem, in order; written with the change itself, never changed."""

    class Meta:
        verbose_name = _("办理记录")
        verbose_name_plural = _("办理记录")
        ordering = ("id",)
        indexes: ClassVar = [models.Index(fields=["problem", "id"])]

    problem = problem_key("log")
    at = models.DateTimeField(_("时间"))
    move = models.CharField(_("动作"), max_length=14, choices=choices(vocab.Move))
    state = models.CharField(_("状态"), max_length=12, choices=choices(vocab.State))
    by = person_key(_("办理人"))
    unit = unit_key(_("单位"))
    text = models.TextField(_("内容"), blank=True)
    public = models.BooleanField(_("反映人可见"), default=True)

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.at:%Y-%m-%d %H:%M}"
