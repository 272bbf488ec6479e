"""What the database refuses, in words: which field, what is wrong, what to do.

Forms check uniqueness before they write, but two people can pass that check in the same moment. The loser's
statement is then refused by the database, and this module turns its answer into the refusal that the form
would have given a moment later.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.models import Field, Model
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from hongtu.kernel.base.errors import InvalidInput

UNIQUE, CHECK, FOREIGN_KEY, NOT_NULL = "23505", "23514", "23503", "23502"
_COLUMNS = """
    SELECT a.attname FROM pg_attribute a
    JOIN (
        SELECT i.indrelid AS relation, k.number, k.place FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid
        CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
        WHERE c.relname = %(name)s
        UNION ALL
        SELECT o.conrelid, k.number, k.place FROM pg_constraint o
        CROSS JOIN LATERAL unnest(o.conkey) WITH ORDINALITY AS k(number, place)
        WHERE o.conname = %(name)s AND o.contype IN ('c', 'f')
    ) AS used ON used.relation = a.attrelid AND used.number = a.attnum
    WHERE a.attrelid = to_regclass(%(table)s) ORDER BY used.place
"""


def refusal_of(error: DatabaseError) -> InvalidInput | None:
    """The refusal behind an IntegrityError or DataError; None when it is no fault of the input.

    Call it after the failed transaction or savepoint was rolled back: it reads the catalogue for the fields.
    Codes: `record.taken`, `record.constraint`, `record.reference`, `record.required`, `record.malformed`.
    """
    cause: Any = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    state = (getattr(cause, "sqlstate", None) or "")[:5]
    if state not in {UNIQUE, CHECK, FOREIGN_KEY, NOT_NULL} and not _is_data(error):
        return None
    table, constraint = getattr(diagnosis, "table_name", None), getattr(diagnosis, "constraint_name", None)
    model = _model_of(table)
    if state == NOT_NULL:
        columns = [diagnosis.column_name] if diagnosis and diagnosis.column_name else []
    else:
        columns = _columns(table, constraint)
    fields = [f for f in (_field_of(model, column) for column in columns) if f is not None]
    code, text = _words(state, model, constraint, fields)
    return InvalidInput(text, code=code, fields={f.name: [text] for f in fields[:1]})


def _is_data(error: DatabaseError) -> bool:
    from django.db import DataError

    return isinstance(error, DataError)


def _model_of(table: str | None) -> type[Model] | None:
    return next((m for m in apps.get_models() if m._meta.db_table == table), None)


def _columns(table: str | None, constraint: str | None) -> list[str]:
    if not table or not constraint:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, {"name": constraint, "table": connection.ops.quote_name(table)})
        return [row[0] for row in cursor.fetchall()]


def _field_of(model: type[Model] | None, column: str) -> Field | None:
    fields = model._meta.concrete_fields if model is not None else ()
    return next((f for f in fields if f.column == column), None)


def _words(
    state: str, model: type[Model] | None, constraint: str | None, fields: list[Field]
) -> tuple[str, str]:
    titles = _("、").join(force_str(f.verbose_name) for f in fields)
    if state == UNIQUE:
        if not titles:
            return "record.taken", _("这条内容与另一条记录重复。请核对后再保存。")
        return "record.taken", _("“%(titles)s”已被另一条记录使用。请改值，或打开那条记录。") % {
            "titles": titles
        }
    if state == FOREIGN_KEY:
        return "record.reference", _("所引用的记录已不存在，或仍被其他记录引用。请刷新后重选。")
    if state == NOT_NULL:
        return "record.required", _("“%(titles)s”不能为空。") % {"titles": titles}
    if state == CHECK:
        own = _own_words(model, constraint)
        return "record.constraint", own or _("“%(titles)s”的值不符合要求，请核对大小和先后。") % {
            "titles": titles
        }
    return "record.malformed", _("有内容太长、太大，或含有不能保存的字符。请改短后再保存。")


def _own_words(model: type[Model] | None, constraint: str | None) -> str:
    """What the declaration of the constraint says, if it says anything of its own."""
    for declared in model._meta.constraints if model is not None else ():
        message = declared.violation_error_message
        if declared.name == constraint and message != declared.default_violation_error_message:
            return force_str(message)
    return ""
