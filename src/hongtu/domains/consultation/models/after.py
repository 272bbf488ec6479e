"""What follows a conclusion: public posting, tasks, supervision, evaluation."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.domains.consultation import vocab
from hongtu.domains.consultation.models import links
from hongtu.domains.consultation.models.table import Conclusion, Participant
from hongtu.domains.consultation.models.topics import Topic
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.problems.models import Problem

WHOLE_TASK = (
    Q(amount__isnull=False)
    & ~Q(funding="")
    & Q(unit__isnull=False)
    & Q(person__isnull=False)
    & ~Q(approach="")
    & Q(due_on__isnull=False)
    & ~Q(evidence="")
    & Q(problem__isnull=False)
)
"""Money, owner, path, deadline, evidence, and the problem that carries it."""
RESULT_TRIGGER = pgtrigger.Trigger(
    name="result_is_proved",
    operation=pgtrigger.Insert | pgtrigger.Update,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(new__state="done"),
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM problem_spine_problem p
            JOIN problem_spine_evidence e ON e.problem_id = p.id AND e.phase = 'after'
            WHERE p.id = NEW.problem_id AND p.state = 'solved'
        ) THEN
            RAISE EXCEPTION 'task %: a result needs a solved problem with evidence of the work done', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'consultation_result_is_proved';
        END IF;
        RETURN NEW;
    """,
)


@tracked
class Posting(Versioned):
    """A conclusion in public, for objections, until a day."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("公示")
        verbose_name_plural = _("公示")
        ordering = ("-posted_on", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("posted_on")), name="consultation_posted_some_days"
            )
        ]

    conclusion = models.OneToOneField(
        Conclusion, verbose_name=_("协商意见书"), on_delete=models.PROTECT, related_name="posting"
    )
    text = models.TextField(_("公示内容"), max_length=4000)
    posted_on = models.DateField(_("公示日期"))
    until = models.DateField(_("公示截止"))

    def __str__(self) -> str:
        return str(self.conclusion)


@tracked
class Objection(Versioned):
    """What somebody holds against a posted conclusion, and what she was told."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("公示异议")
        verbose_name_plural = _("公示异议")
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open") | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="consultation_objection_answered",
            )
        ]

    posting = links.own(Posting, _("公示"), "objections")
    name = models.CharField(_("称呼"), max_length=60, blank=True)
    contact = models.CharField(_("联系方式"), max_length=60, blank=True)
    text = models.TextField(_("异议"), max_length=2000)
    made_at = models.DateTimeField(_("提出时间"))
    state = models.CharField(_("处理"), max_length=10, choices=choices(vocab.ObjectionState), default="open")
    answer = models.TextField(_("答复"), max_length=2000, blank=True)
    answered_by = links.person(_("答复人"))
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)

    def __str__(self) -> str:
        return self.text[:40]


@tracked
class Task(Versioned):
    """A part of a conclusion that somebody must do. Handed over only whole; done only when proved."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("任务单")
        verbose_name_plural = _("任务单")
        ordering = ("conclusion", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="draft") | WHOLE_TASK, name="consultation_task_is_whole"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False), name="consultation_done_has_day"
            ),
        ]
        triggers: ClassVar = [*Versioned.Meta.triggers, RESULT_TRIGGER]

    conclusion = links.own(Conclusion, _("协商意见书"), "tasks")
    name = models.CharField(_("任务"), max_length=120)
    approach = models.TextField(_("路径（怎么办）"), max_length=1000, blank=True)
    unit = links.unit(_("责任单位"), optional=True)
    person = links.person(_("责任人"))
    amount = models.DecimalField(_("资金（万元）"), max_digits=16, decimal_places=4, null=True, blank=True)
    funding = models.CharField(_("资金来源"), max_length=14, choices=choices(vocab.Funding), blank=True)
    due_on = models.DateField(_("时限"), null=True, blank=True)
    evidence = models.CharField(_("佐证要求"), max_length=200, blank=True)
    state = models.CharField(
        _("状态"), max_length=8, choices=choices(vocab.TaskState), default="draft", editable=False
    )
    problem = models.OneToOneField(
        Problem,
        verbose_name=_("问题单"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="consultation_task",
        editable=False,
    )
    done_on = models.DateField(_("落实日期"), null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.name


@tracked
class Inspection(Versioned):
    """A supervisor looked at a task."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("督查记录")
        verbose_name_plural = _("督查记录")
        ordering = ("-on", "-id")

    task = links.own(Task, _("任务单"), "inspections")
    on = models.DateField(_("督查日期"))
    supervisor = models.CharField(_("督查人"), max_length=60)
    finding = models.TextField(_("督查情况"), max_length=1000)
    on_schedule = models.BooleanField(_("按时限推进"), default=True)
    photo = models.FileField(_("照片"), upload_to="consultation/%Y/%m", blank=True)

    def __str__(self) -> str:
        return f"{self.on} {self.supervisor}"


@tracked
class Evaluation(Versioned):
    """What a participant thinks of the outcome of a round."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("评价")
        verbose_name_plural = _("评价")
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["topic", "round", "participant"], name="consultation_evaluates_once"
            )
        ]

    topic = links.own(Topic, _("议题"), "evaluations")
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    participant = links.own(Participant, _("参会人员"), "evaluations")
    satisfaction = models.CharField(_("满意度"), max_length=12, choices=choices(vocab.Satisfaction))
    comment = models.TextField(_("说明"), max_length=1000, blank=True)
    on = models.DateField(_("评价日期"))

    def __str__(self) -> str:
        return f"{self.participant} {self.get_satisfaction_display()}"
