"""Migrations that turn a column of texts into one of Sentences (see `sentences`), and back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.migrations.operations import AlterField
from django.utils import translation

from hongtu.kernel.base.sentences import Sentence, sentence

_PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
_FUNCTION = """
    CREATE FUNCTION pg_temp.sentence_of(given text) RETURNS text LANGUAGE sql
    AS 'SELECT fresh FROM pg_temp.sentence_change WHERE given = old'
"""


def recognise(
    text: str, patterns: Iterable[str], within: Mapping[str, Iterable[str]] | None = None
) -> Sentence:
    """The Sentence that reads `text` in Chinese when one of the patterns fits; else the text as typed.

    within: for a placeholder, the patterns that its value may itself follow.
    """
    inner = {name: list(found) for name, found in (within or {}).items()}
    for pattern in patterns:
        match = re.fullmatch(_expression(pattern, inner, named=True), text, re.DOTALL)
        if match is None:
            continue
        numbers = {name for name, kind in _PLACEHOLDER.findall(pattern) if kind == "d"}
        values: dict[str, Any] = {n: int(v) if n in numbers else v for n, v in match.groupdict().items()}
        for name in inner.keys() & values.keys():
            found = recognise(values[name], inner[name], inner)
            values[name] = found if found.pattern else values[name]
        return Sentence(pattern, values)
    return Sentence(typed=text)


def _expression(pattern: str, within: Mapping[str, list[str]], *, named: bool = False) -> str:
    """What a text made by `pattern` looks like: placeholders with patterns of their own are one of those."""
    pieces = _PLACEHOLDER.split(pattern.replace("%%", "%"))
    made = re.escape(pieces[0])
    for name, kind, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        ways = [_expression(p, within) for p in within.get(name, ())] or [
            "-?[0-9]+" if kind == "d" else ".+?"
        ]
        made += f"({f'?P<{name}>' if named else '?:'}{'|'.join(ways)}){re.escape(after)}"
    return made


class TextToSentence(AlterField):
    """A text column becomes a SentenceField; each text is recognised by `patterns` where it can be.

    One ALTER for the table, whose values come out of a mapping of the distinct texts. No row is updated, so
    versions, kept history and the append-only guards of events stay as they are.
    """

    def __init__(
        self,
        model_name: str,
        name: str,
        field: Any,
        patterns: Iterable[str] = (),
        within: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        super().__init__(model_name, name, field)
        self.patterns, self.within = list(patterns), {k: list(v) for k, v in (within or {}).items()}

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        def change(text: str) -> str:
            found = recognise(text, self.patterns, self.within)
            return json.dumps(found.as_json(), ensure_ascii=False)

        self._convert(to_state.apps.get_model(app_label, self.model_name), schema_editor, change)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        with translation.override("zh-hans"):
            model = to_state.apps.get_model(app_label, self.model_name)
            self._convert(model, schema_editor, lambda text: str(sentence(json.loads(text))))

    def _convert(self, model: Any, schema_editor: Any, change: Callable[[str], str]) -> None:
        field = model._meta.get_field(self.name)
        kind = field.db_type(schema_editor.connection)
        table, column = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(field.column)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT {column}::text FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608
            pairs = [(old, change(old)) for (old,) in cursor.fetchall()]
            cursor.execute("CREATE TEMPORARY TABLE sentence_change (old text PRIMARY KEY, fresh text)")
            cursor.executemany("INSERT INTO sentence_change VALUES (%s, %s)", pairs)
            cursor.execute(_FUNCTION)
        using = f"pg_temp.sentence_of({column}::text)::{kind}"
        with schema_editor.alter_field_type():  # django-pgtrigger: drops and restores triggers on the column
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} USING {using}")
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION pg_temp.sentence_of(text)")
            cursor.execute("DROP TABLE sentence_change")
