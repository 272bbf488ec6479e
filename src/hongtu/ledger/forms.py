"""The form of a ledger, made from its model's fields; and what a submission really changed."""

from __future__ import annotations

import copy
from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Field, Model
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongtu.kernel.access import policies
from hongtu.kernel.places.models import Place
from hongtu.ledger import places
from hongtu.ledger.declaration import Ledger
from hongtu.ui.widgets import PositionField


class LedgerForm(forms.ModelForm):
    """Validates what was typed; it never saves. `changes()` is what goes to the action."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def changes(self) -> dict[str, Any]:
        """The values that differ from what the person was shown."""
        assert isinstance(self.cleaned_data, dict)
        return {
            name: list(value) if isinstance(value, models.QuerySet) else value
            for name, value in self.cleaned_data.items()
            if name != "version" and (self.instance._state.adding or name in self.changed_data)
        }

    def _get_validation_exclusions(self) -> set[str]:
        """A place is a position until the action has stored it, so the model cannot check it yet."""
        places = {n for n, f in self.fields.items() if isinstance(f, PositionField)}
        return super()._get_validation_exclusions() | places  # type: ignore[misc]

    def _post_clean(self) -> None:
        """Positions are no Place yet, so they are kept from the instance that the model checks."""
        positions = {
            n: v for n, v in self.cleaned_data.items() if isinstance(self.fields.get(n), PositionField)
        }
        for name in positions:
            del self.cleaned_data[name]
        super()._post_clean()  # type: ignore[misc]
        self.cleaned_data.update(positions)

    @property
    def has_map(self) -> bool:
        return any(isinstance(f, PositionField) for f in self.fields.values())

    def fieldsets(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The groups of the declaration with their bound fields."""
        declared: Ledger = self.ledger  # type: ignore[attr-defined]
        return [(group.title, [self[n] for n in group.fields if n in self.fields]) for group in declared.form]


def form_class(ledger: Ledger, person: Any, only: Collection[str] | None = None) -> type[LedgerForm]:
    """A form class of the ledger for one person: references offer what she may read. `only` limits it to
    some of the fields."""

    def control(field: Field, **options: Any) -> forms.Field | None:
        made = _control(ledger, field, **options)
        queryset = getattr(made, "queryset", None)
        if queryset is not None and queryset.model in policies.protected_models():
            made.queryset = policies.objects(queryset.model, by=person)  # type: ignore[union-attr]
        return made

    base = ledger.form_class or LedgerForm
    made: Any = forms.modelform_factory(
        ledger.model,
        form=base,
        fields=[n for n in ledger.form_fields if _is_field(ledger, n) and (only is None or n in only)],
        formfield_callback=control,
    )
    made.ledger = ledger
    return cast(type[LedgerForm], made)


def _is_field(ledger: Ledger, name: str) -> bool:
    return any(f.name == name for f in ledger.model._meta.get_fields())


def _control(ledger: Ledger, field: Field, **options: Any) -> forms.Field | None:
    if isinstance(field, models.ForeignKey) and field.related_model is Place:
        return places.control(label=field.verbose_name, required=not field.blank, help_text=field.help_text)
    if isinstance(field, ArrayField):
        words = ledger.column(field.name).words
        if words:
            return forms.MultipleChoiceField(
                label=field.verbose_name,
                choices=words,
                required=not field.blank,
                widget=forms.CheckboxSelectMultiple,
            )
    if isinstance(field, models.DateTimeField):
        options["widget"] = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    elif isinstance(field, models.DateField):
        # A text box takes 2026.1.5 and 2026年1月5日 too, and old browsers have no picker for type=date.
        options["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    elif isinstance(field, models.TextField):
        options["widget"] = forms.Textarea(attrs={"rows": 4})
    made = field.formfield(**options)
    if made is not None and ledger.column(field.name).unit and not isinstance(made.widget, forms.Textarea):
        made.unit = ledger.column(field.name).unit_words  # type: ignore[attr-defined]
    if isinstance(made, forms.ModelChoiceField) and not made.required and hasattr(made, "empty_label"):
        made.empty_label = _("（未填）")
    return made


def blank(ledger: Ledger, person: Any, data: QueryDict | None = None) -> LedgerForm:
    """The form for a new record."""
    return form_class(ledger, person)(data)


def editing(ledger: Ledger, person: Any, record: Model, data: QueryDict | None = None) -> LedgerForm:
    """The form for an existing record.

    A submission is compared with the version its writer saw, not with the present one: a field that
    somebody else changed meanwhile and she left alone is not hers to change back.
    """
    seen = record
    if data is not None:
        from hongtu.ledger.history import as_of

        version = data.get("version", "")
        if version.isdecimal() and int(version) != record.version:  # type: ignore[attr-defined]
            seen = as_of(record, int(version)) or record
            seen._state.adding = False
    instance = copy.copy(seen)
    form = form_class(ledger, person)(data, instance=instance, initial={"version": record.version})  # type: ignore[attr-defined]
    for name, field in form.fields.items():
        if isinstance(field, PositionField):
            form.initial[name] = places.shown(getattr(seen, name))
    return form


def merged(ledger: Ledger, person: Any, record: Model, mine: dict[str, Any]) -> LedgerForm:
    """After a stale edit: the present record with her own changes laid over it, at the present version."""
    form = editing(ledger, person, record)
    for name, value in mine.items():
        many = isinstance(value, list) and value and isinstance(value[0], Model)
        form.initial[name] = [o.pk for o in value] if many else value
    return form


UNSAVED = gettext_lazy("您填写的内容仍保留在下面，尚未保存。")
