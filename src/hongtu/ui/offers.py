"""What a choice field of a form offers, when that depends on who asks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet


def offer(form: forms.BaseForm, name: str, among: QuerySet[Any] | Iterable[tuple[Any, Any]]) -> None:
    """Let the field `name` offer these rows (a field of records) or these pairs of value and words."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        if not isinstance(among, QuerySet):
            raise TypeError(f"{name} chooses among records")
        field.queryset = among
    elif isinstance(field, forms.ChoiceField):
        field.choices = list(among)
    else:
        raise TypeError(f"{name} is no field to choose in")
