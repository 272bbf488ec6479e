"""The profile of a district: everything that would otherwise be hard-wired to one place."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.people.models import Unit


@tracked
class District(Versioned):
    """The one district of this database. `data_date` fixes “today” (demonstrations, replays)."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("区")
        verbose_name_plural = _("区")

    unit = models.OneToOneField(
        Unit, verbose_name=_("区级单位"), on_delete=models.PROTECT, related_name="district"
    )
    name = models.CharField(_("名称"), max_length=60)
    division_code = models.CharField(_("行政区划代码"), max_length=12)
    outline = models.JSONField(_("边界（WGS84）"), default=dict, blank=True)
    data_date = models.DateField(_("数据截至"), null=True, blank=True)
    demonstration = models.BooleanField(_("示例"), default=False)

    def __str__(self) -> str:
        return self.name


@tracked
class RuleSet(Versioned):
    """Editable rules as data, for instance the three lights: one row in force per key and date."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("规则")
        verbose_name_plural = _("规则")
        ordering = ("key", "-effective_from")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "effective_from"], name="profile_one_rule_a_day")
        ]

    key = models.CharField(_("规则代码"), max_length=60)
    title = models.CharField(_("名称"), max_length=120)
    data = models.JSONField(_("内容"))
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    effective_from = models.DateField(_("生效日期"))

    def __str__(self) -> str:
        return f"{self.title}（{self.effective_from}）"


def district() -> District | None:
    """The district, None while the database is empty."""
    return District.objects.select_related("unit").first()


def today() -> date:
    """The day on which everything is judged: the district's data date, else the calendar's today."""
    fixed = District.objects.values_list("data_date", flat=True).first()
    return fixed or timezone.localdate()


def rule(key: str, on: date | None = None) -> dict[str, Any]:
    """The rule data in force on a day. LookupError naming the key when there is none."""
    found = (
        RuleSet.objects.filter(key=key, effective_from__lte=on or today()).order_by("-effective_from").first()
    )
    if found is None:
        raise LookupError(f"no rule {key!r} is in force: load a profile or add it under rules")
    return dict(found.data)
