"""Meetings, their agendas and decisions, and what was escalated."""

from datetime import time
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.domains.dispatch import vocab
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.base.sentences import SentenceField
from hongtu.kernel.chains.models import Step
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems.models import Problem

LEVELS = [(1, _("一级·专班")), (2, _("二级·责任单位")), (3, _("三级·挂点区领导")), (4, _("四级·区主要领导"))]


def _link(model: type[models.Model], label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        model, verbose_name=label, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


@tracked
class Meeting(Versioned):
    """A meeting of one level. Its minutes are issued once; then it never changes."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("调度会议")
        verbose_name_plural = _("调度会议")
        ordering = ("-held_on", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="dispatch_minutes_number_once"
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="dispatch_four_levels"),
        ]

    name = models.CharField(_("会议名称"), max_length=120)
    kind = models.CharField(_("会议类型"), max_length=10, choices=choices(vocab.MeetingKind))
    level = models.PositiveSmallIntegerField(_("层级"), choices=LEVELS)
    held_on = models.DateField(_("召开日期"))
    place = models.CharField(_("地点"), max_length=120)
    chair = models.ForeignKey(Person, verbose_name=_("主持"), on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Unit, verbose_name=_("会务单位"), on_delete=models.PROTECT, related_name="+")
    begins_at = models.TimeField(_("开始时间"), default=time(9))
    attendees = models.CharField(_("出席"), max_length=400, blank=True)
    absent = models.CharField(_("请假"), max_length=400, blank=True)
    observers = models.CharField(_("列席"), max_length=400, blank=True)
    copy_to = models.CharField(_("抄送"), max_length=400, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(vocab.MeetingState), default="planned", editable=False
    )
    number = models.CharField(_("纪要文号"), max_length=40, blank=True, editable=False)
    signed_by = models.CharField(_("签发"), max_length=60, blank=True, editable=False)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True, editable=False)
    previous = models.OneToOneField(
        "self",
        verbose_name=_("上次会议"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="next",
        editable=False,
    )
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return f"{self.held_on} {self.name}"


@tracked
class AgendaItem(Versioned):
    """An item with what is proposed, and what was decided.

    `cost` is what leaving it alone costs as it was known when the agenda was drawn up (`cost_words.kept`),
    `days` the working days of it; both empty when it holds up no chain.
    """

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("议题")
        verbose_name_plural = _("议题")
        ordering = ("meeting", "sequence")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "problem"],
                condition=Q(problem__isnull=False),
                name="dispatch_problem_once_a_meeting",
            ),
            models.UniqueConstraint(
                fields=["meeting", "step"],
                condition=Q(step__isnull=False),
                name="dispatch_step_once_a_meeting",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="decided") | Q(order__isnull=False), name="dispatch_decided_has_order"
            ),
        ]

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("会议"), on_delete=models.CASCADE, related_name="items"
    )
    sequence = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("议题"), max_length=200)
    origin = models.CharField(_("来源"), max_length=10, choices=choices(vocab.Origin))
    explanation = SentenceField(_("上会原因"))
    days = models.PositiveIntegerField(_("现在解决可省（工作日）"), default=0)
    cost = models.JSONField(_("拖延的代价"), default=dict, blank=True, editable=False)
    problem = _link(Problem, _("问题单"))
    step = _link(Step, _("链条事项"))
    path = SentenceField(_("建议路径"), blank=True)
    unit = _link(Unit, _("责任单位"))
    person = _link(Person, _("责任人"))
    due_on = models.DateField(_("时限"))
    outcome = models.CharField(
        _("议定情况"), max_length=10, choices=choices(vocab.Outcome), default="pending"
    )
    decision = models.TextField(_("议定事项"), blank=True)
    order = _link(Problem, _("交办单"))

    def __str__(self) -> str:
        return self.name


@tracked
class Escalation(Versioned):
    """Something one level up must know: once per subject, level and missed deadline, whatever runs twice."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("提级记录")
        verbose_name_plural = _("提级记录")
        ordering = ("-on", "-level", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem", "level", "since"],
                condition=Q(problem__isnull=False),
                name="dispatch_problem_escalates_once",
            ),
            models.UniqueConstraint(
                fields=["step", "level", "since"],
                condition=Q(step__isnull=False),
                name="dispatch_step_escalates_once",
            ),
            models.CheckConstraint(
                condition=Q(problem__isnull=False) ^ Q(step__isnull=False),
                name="dispatch_escalates_one_subject",
            ),
        ]

    name = models.CharField(_("事项"), max_length=200)
    problem = _link(Problem, _("问题单"))
    step = _link(Step, _("链条事项"))
    level = models.PositiveSmallIntegerField(_("提至"), choices=LEVELS)
    cause = models.CharField(_("原因类别"), max_length=12, choices=choices(vocab.Cause))
    since = models.DateField(_("原时限"))
    days = models.PositiveIntegerField(_("超期（工作日）"))
    reason = SentenceField(_("说明"))
    on = models.DateField(_("提级日期"))

    def __str__(self) -> str:
        return self.name
