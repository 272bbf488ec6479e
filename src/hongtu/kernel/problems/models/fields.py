"""The foreign keys that every record of the spine has in the same way."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.people.models import Person, Unit


def unit_key(label: Any, *, optional: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        Unit, verbose_name=label, null=optional, blank=optional, on_delete=models.PROTECT, related_name="+"
    )


def person_key(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        Person, verbose_name=label, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


def problem_key(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        "problem_spine.Problem", verbose_name=_("问题"), on_delete=models.CASCADE, related_name=related_name
    )
