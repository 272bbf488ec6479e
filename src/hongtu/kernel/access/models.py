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
