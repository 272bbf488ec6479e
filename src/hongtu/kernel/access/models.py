"""Who may do what where: a person holds roles, each over the units below one unit."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.access.roles import ROLE_CHOICES
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.people.models import Person, Unit


@tracked
class Assignment(Versioned):
    """A role of a person over a unit and everything below it."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("角色授权")
        verbose_name_plural = _("角色授权")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "role", "unit"], name="access_one_assignment")
        ]

    person = models.ForeignKey(
        Person, verbose_name=_("人员"), on_delete=models.CASCADE, related_name="assignments"
    )
    role = models.CharField(_("角色"), max_length=40, choices=ROLE_CHOICES)
    unit = models.ForeignKey(Unit, verbose_name=_("范围单位"), on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.unit}"


class RateCount(models.Model):
    """How often a source did something within the window that began at `starts` (seconds since 1970).

    A tally for `limits`, no record of the district: neither versioned nor audited, gone after two days.
    """

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "source", "starts"], name="access_one_count_a_window")
        ]
        indexes: ClassVar = [models.Index(fields=["starts"], name="access_old_windows")]

    scope = models.CharField(max_length=60)
    source = models.CharField(max_length=64)
    starts = models.BigIntegerField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.scope} {self.source[:8]} {self.count}"
