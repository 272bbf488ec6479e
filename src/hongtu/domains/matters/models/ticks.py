"""What a project has ticked off, of its handbook and of its manual."""

from typing import ClassVar

from django.db import models

from hongtu.domains.matters.models.guides import Matter
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.people.models import Person


@tracked
class HandbookTick(Versioned):
    """An approval, or one material of it, that a project has done; `project` is the project's number."""

    class Meta(Versioned.Meta):
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "matter", "material"], name="matters_tick_unique")
        ]

    project = models.PositiveBigIntegerField()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    material = models.CharField(max_length=200, blank=True)
    done_on = models.DateField(null=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")


@tracked
class ManualTick(Versioned):
    """A node of the full-cycle manual, or one item of its checklist, that a project has done.

    `node` and `item` are codes of the manual in force; `item` is empty for the node itself.
    """

    class Meta(Versioned.Meta):
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "node", "item"], name="matters_manual_tick_unique")
        ]

    project = models.PositiveBigIntegerField()
    node = models.CharField(max_length=20)
    item = models.CharField(max_length=200, blank=True)
    done_on = models.DateField(null=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
