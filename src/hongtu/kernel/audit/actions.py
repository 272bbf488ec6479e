"""`@action`: every write of the house is a keyword-only function with `by=`, atomic and audited."""

import functools
import inspect
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

import pghistory
from django.db import DataError, IntegrityError, models, transaction
from django.utils import timezone
from pghistory import runtime

from hongtu.kernel.audit.models import ConfidentialEntry, Entry, SealedRow
from hongtu.kernel.base.models import model_label
from hongtu.kernel.base.refusals import refusal_of

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


INTERNAL = 1
"""The level that auditors see (`kernel.access.roles.Confidentiality`, which stands above this package)."""


@dataclass
class Record:
    """What the running action tells the audit chain; filled by `note()`."""

    code: str
    object_label: str = ""
    object_key: str = ""
    reason: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    confidential: bool = False


_running: ContextVar[Record | None] = ContextVar("hongtu_action", default=None)


def note(
    subject: models.Model | None = None, *, reason: str = "", confidential: bool = False, **detail: Any
) -> None:
    """Tell the running action what it was about: its object, its reason, further facts (JSON values).

    `confidential`, or an object above the internal level: its row goes to the chain that no page shows.
    """
    record = _running.get()
    if record is None:
        raise RuntimeError("note() is called inside an @action only")
    if subject is not None:
        record.object_label, record.object_key = model_label(subject), str(subject.pk)
        confidential = confidential or getattr(subject, "confidentiality", INTERNAL) > INTERNAL
    record.reason = reason or record.reason
    record.confidential = record.confidential or confidential
    record.detail.update(detail)


def action(
    code: str, *, chain: type[SealedRow] = Entry
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Decorator of a write. `code` is its stable name, for instance `projects.register`.

    `chain` is where its audit row goes: the house's, or the own chain of a closed room.

    The function must take keyword-only arguments, one of them `by` (a Person, or None for the
    system itself). It runs in a transaction; the history of all rows it changes and its audit row
    are written in that same transaction, the audit row last, so that the chain's lock is short.
    An action called by another action joins it: one transaction, an audit row of its own. Called for the
    same person it also joins the history batch; called for another one it has a batch of its own, so that
    every kept version of a row names who really changed it.
    What the database refuses (a unique value that somebody else took in the same moment) leaves it as
    InvalidInput naming the field.
    """

    def decorate(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        parameters = inspect.signature(function).parameters.values()
        if any(p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD) for p in parameters) or "by" not in {
            p.name for p in parameters
        }:
            raise TypeError(f"action {code}: all arguments keyword-only, one of them `by`")

        @functools.wraps(function)
        def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            by: Any = kwargs.get("by")
            record = Record(code)
            token = _running.set(record)
            try:
                with transaction.atomic(), _attributed(by, code) as batch:
                    result = function(*args, **kwargs)
                    _seal(chain, record, by, batch)
                    return result
            except (IntegrityError, DataError) as error:
                refusal = refusal_of(error)
                if refusal is None:
                    raise
                raise refusal from error
            finally:
                _running.reset(token)

        run.action_code = code  # type: ignore[attr-defined]
        return run

    return decorate


@contextmanager
def _attributed(by: Any, code: str) -> Iterator[uuid.UUID]:
    """The history batch of what happens within; its identifier.

    pghistory has one batch a thread: a nested `pghistory.context` would write its person over that of the
    batch it is in, for all its rows. So the batch is exchanged for the time of an action by somebody else.
    """
    user = by.pk if by else None
    outer: runtime.Context | None = getattr(runtime._tracker, "value", None)
    if outer is None:
        with pghistory.context(user=user, action=code) as batch:
            yield batch.id
    elif outer.metadata.get("user") == user:
        yield outer.id
    else:
        runtime._tracker.value = runtime.Context(uuid.uuid4(), {"user": user, "action": code})
        try:
            yield runtime._tracker.value.id
        finally:
            runtime._tracker.value = outer


def _seal(chain: type[SealedRow], record: Record, by: Any, context: uuid.UUID) -> None:
    if record.confidential and chain is Entry:
        chain = ConfidentialEntry
    chain._default_manager.create(
        sequence=0,
        at=timezone.now(),  # the trigger sets the moment of sealing
        actor=by,
        actor_label=str(by) if by else "system",
        action=record.code,
        object_label=record.object_label,
        object_key=record.object_key,
        reason=record.reason,
        detail=record.detail,
        context=context,
        confidential=record.confidential,
        previous_hash="",
        hash="",
    )
