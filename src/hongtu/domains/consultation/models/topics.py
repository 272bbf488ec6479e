"""What people bring up, and the topic it becomes."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.domains.consultation import vocab
from hongtu.domains.consultation.models import links
from hongtu.domains.consultation.models.owners import Estate
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.problems.models import Problem

ARCHIVE_TRIGGER = pgtrigger.Trigger(
    name="archived_decision_has_results",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state"), new__state="archived"),
    func="""
        IF EXISTS (
            SELECT 1 FROM consultation_conclusion c
            WHERE c.topic_id = NEW.id AND c.round = NEW.round AND c.agreement <> 'none'
              AND (NOT EXISTS (SELECT 1 FROM consultation_task t WHERE t.conclusion_id = c.id)
                   OR EXISTS (SELECT 1 FROM consultation_task t
                              WHERE t.conclusion_id = c.id AND t.state NOT IN ('done', 'failed')))
        ) THEN
            RAISE EXCEPTION 'topic %: an agreement is archived only with every task ended', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'consultation_archived_has_results';
        END IF;
        RETURN NEW;
    """,
)


@tracked
class Topic(Versioned):
    """A matter of consultation on its way through the eleven steps. `step`: the one it is in; `round`: 2 when
    it came to the table again; `due_on`: until when the present step should be done."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("协商议题")
        verbose_name_plural = _("协商议题")
        ordering = ("-registered_on", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="transferred") | Q(handed_to__isnull=False),
                name="consultation_transferred_to_a_problem",
            ),
            models.CheckConstraint(
                condition=~Q(state="archived") | (Q(archived_on__isnull=False) & ~Q(archive="")),
                name="consultation_archived_as_a_file",
            ),
            models.CheckConstraint(
                condition=Q(common_matter="") | Q(estate__isnull=False),
                name="consultation_common_property_has_estate",
            ),
        ]
        triggers: ClassVar = [*Versioned.Meta.triggers, ARCHIVE_TRIGGER]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"])]

    number = models.CharField(_("编号"), max_length=20, unique=True, editable=False)
    name = models.CharField(_("议题"), max_length=120)
    description = models.TextField(_("诉求说明"), max_length=4000)
    kind = models.CharField(_("类别"), max_length=12, choices=choices(vocab.Kind))
    common_matter = models.CharField(
        _("业主共有部分"), max_length=1, choices=choices(vocab.CommonMatter), blank=True
    )
    subdistrict = links.unit(_("街道（镇）"))
    community = links.unit(_("社区（村）"))
    estate = models.ForeignKey(
        Estate, verbose_name=_("小区"), null=True, blank=True, on_delete=models.PROTECT, related_name="topics"
    )
    convener = links.person(_("召集人"))
    formal = models.BooleanField(
        _("正式政协协商"), default=False, help_text=_("按政协工作规则提前通知、送材料、出纪要")
    )
    registered_by = links.person(_("登记人"))
    registered_on = models.DateField(_("登记日期"), editable=False)
    step = models.CharField(
        _("步骤"), max_length=10, choices=choices(vocab.Step), default="screen", editable=False
    )
    state = models.CharField(
        _("状态"), max_length=12, choices=choices(vocab.State), default="open", editable=False
    )
    round = models.PositiveSmallIntegerField(_("轮次"), default=1, editable=False)
    due_on = models.DateField(_("本步时限"), null=True, blank=True, editable=False)
    verdict = models.CharField(
        _("审题结论"), max_length=10, choices=choices(vocab.Verdict), blank=True, editable=False
    )
    verdict_reason = models.TextField(_("审题理由"), blank=True, editable=False)
    screened_by = links.person(_("审题人"))
    screened_on = models.DateField(_("审题日期"), null=True, blank=True, editable=False)
    handed_to = models.ForeignKey(
        Problem,
        verbose_name=_("转办工单"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    situation = models.TextField(_("调研情况"), blank=True)
    archived_on = models.DateField(_("归档日期"), null=True, blank=True, editable=False)
    archive = models.FileField(_("档案"), upload_to="consultation/%Y", blank=True, editable=False)
    archive_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


@tracked
class Proposal(Versioned):
    """What somebody brought up. Many of one kind from one place suggest a topic."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("提事")
        verbose_name_plural = _("提事")
        ordering = ("-made_on", "-id")

    name = models.CharField(_("诉求"), max_length=120)
    description = models.TextField(_("说明"), max_length=2000, blank=True)
    source = models.CharField(_("来源"), max_length=10, choices=choices(vocab.Source))
    proposer = models.CharField(_("提出人"), max_length=60, blank=True)
    kind = models.CharField(_("类别"), max_length=12, choices=choices(vocab.Kind))
    subdistrict = links.unit(_("街道（镇）"))
    community = links.unit(_("社区（村）"))
    estate = models.ForeignKey(
        Estate, verbose_name=_("小区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_on = models.DateField(_("提出日期"))
    problem = models.ForeignKey(
        Problem,
        verbose_name=_("问题单"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("来自工单或网上上报的，关联原件"),
    )
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("并入议题"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposals",
    )
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)

    def __str__(self) -> str:
        return self.name
