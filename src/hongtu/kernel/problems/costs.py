"""What waiting costs, as last computed: a row for each open problem and each late step nobody has
reported."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.chains.models import Chain, Step


class Cost(models.Model):
    """What it costs to leave a blocked step alone until `until`; the same is what solving it today saves.

    A computation, not a record (`actions.refresh_costs`). Days are working days: `days` on the finishes of
    all chains together, `late_days` of them beyond promised dates, `neighbour_days` on other chains than the
    step's own. `chance_lost`: promises expected to break by it. `money_delayed`: 万元 pushed into the next
    year. `effects`: one mapping for each chain that moves (chain, title, own, days, late_days, before, after,
    chance_before, chance_after, money, via: the grounds that hand the delay on).
    """

    class Meta:
        verbose_name = _("拖延的代价")
        verbose_name_plural = _("拖延的代价")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["step"], condition=Q(problem__isnull=True), name="problem_spine_step_costs_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-late_days", "-chance_lost", "-days", "-money_delayed"], name="problem_spine_dearest"
            )
        ]

    problem = models.OneToOneField(
        "problem_spine.Problem",
        verbose_name=_("问题"),
        null=True,
        on_delete=models.CASCADE,
        related_name="cost",
    )
    step = models.ForeignKey(Step, verbose_name=_("链条事项"), on_delete=models.CASCADE, related_name="costs")
    until = models.DateField(_("预计卡到"))
    step_days = models.FloatField(_("本事项推迟（工作日）"))
    days = models.FloatField(_("影响工期（工作日）"))
    late_days = models.FloatField(_("超出承诺（工作日）"))
    neighbour_days = models.FloatField(_("影响相邻项目（工作日）"))
    chance_lost = models.FloatField(_("降低的按期概率"))
    money_delayed = models.DecimalField(_("推迟到下年的投资（万元）"), max_digits=16, decimal_places=4)
    effects = models.JSONField(_("逐条链条"), default=list)
    computed_on = models.DateField(_("计算日期"))

    def __str__(self) -> str:
        return f"{self.step} {self.days:g}"


class CostDue(models.Model):
    """A chain whose costs have to be computed anew; written with the change, taken away by the
    computation."""

    class Meta:
        verbose_name = _("待重算的链条")
        verbose_name_plural = _("待重算的链条")

    chain = models.OneToOneField(Chain, primary_key=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.chain_id)
