"""Sentences the program writes into the database: kept as pattern and values, read in the reader's language.

A verdict's reason or an agenda item's explanation is decided once and read by people of two languages. Kept
as text it would speak the language of whoever happened to run the action; kept as a pattern (a translation
source) with its values it is put into words each time it is shown. What a person typed is kept as typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext

Value = Any  # str | int | float | Sentence; dates and decimals are kept as text


@dataclass(frozen=True)
class Sentence:
    """`pattern % values`, translated when read; or `typed`, the words of a person.

    pattern: a translatable text with named placeholders (mark it with `engines.vocabulary.mark`). values:
    numbers, texts that need no translation, or Sentences that do. Both empty: nothing to say (false).
    """

    pattern: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    typed: str = ""

    def __str__(self) -> str:
        if not self.pattern:
            return self.typed
        said = {name: _plain(value, spoken=True) for name, value in self.values.items()}
        return gettext(self.pattern) % said if said else gettext(self.pattern)

    def __bool__(self) -> bool:
        return bool(self.pattern or self.typed)

    def as_json(self) -> dict[str, Any]:
        """`{"pattern", "values"}`, `{"typed"}` or `{}`."""
        if self.pattern:
            values = {name: _plain(value) for name, value in self.values.items()}
            return {"pattern": self.pattern, "values": values}
        return {"typed": self.typed} if self.typed else {}


def _plain(value: Value, *, spoken: bool = False) -> Any:
    if isinstance(value, Sentence):
        return str(value) if spoken else value.as_json()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def sentence(value: Any) -> Sentence:
    """A Sentence out of what the database keeps, or of what a person typed."""
    if isinstance(value, Sentence):
        return value
    if not isinstance(value, Mapping):
        return Sentence(typed=str(value or ""))
    values = {n: sentence(v) if isinstance(v, Mapping) else v for n, v in value.get("values", {}).items()}
    return Sentence(value.get("pattern", ""), values, value.get("typed", ""))


class SentenceField(models.JSONField):
    """Keeps a Sentence; a text that is assigned counts as typed. Empty by default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", Sentence)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return sentence(found) if isinstance(found, dict) else found

    def to_python(self, value: Any) -> Any:
        return sentence(value)

    def get_prep_value(self, value: Any) -> Any:
        return sentence(value).as_json() if isinstance(value, Sentence | str) else value

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(sentence(value).as_json(), model_instance)

    def value_to_string(self, obj: Any) -> Any:
        return sentence(self.value_from_object(obj)).as_json()
