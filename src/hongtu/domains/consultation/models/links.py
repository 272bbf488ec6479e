"""Foreign keys as this room writes them."""

from typing import Any

from django.db import models

from hongtu.kernel.people.models import Person, Unit


def person(label: Any, *, optional: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        Person, verbose_name=label, null=optional, blank=optional, on_delete=models.PROTECT, related_name="+"
    )


def unit(label: Any, *, optional: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        Unit, verbose_name=label, null=optional, blank=optional, on_delete=models.PROTECT, related_name="+"
    )


def own(model: Any, label: Any, related_name: str = "+") -> models.ForeignKey:
    """The record this one belongs to."""
    return models.ForeignKey(model, verbose_name=label, on_delete=models.PROTECT, related_name=related_name)
