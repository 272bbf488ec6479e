"""What every record of the house has: a version that makes a lost update impossible, and a history."""

from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.errors import StaleVersion


def tracked(model: type[models.Model]) -> type[models.Model]:
    """Class decorator: every insert, update and delete of a row is kept, bulk writes too."""
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True
    )(model)


def version_trigger() -> pgtrigger.Trigger:
    """Refuses an update that does not raise the version by one: an unconditional save cannot slip through."""
    return pgtrigger.Trigger(
        name="version_must_rise",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func="""
            IF NEW.version IS DISTINCT FROM OLD.version + 1 THEN
                RAISE EXCEPTION 'version of % % must rise from % to %, got %',
                    TG_TABLE_NAME, OLD.id, OLD.version, OLD.version + 1, NEW.version
                    USING ERRCODE = 'serialization_failure';
            END IF;
            RETURN NEW;
        """,
    )


class Versioned(models.Model):
    """Abstract base of all editable records: `version` rises with each update.

    `revise()` is the only way to change one row: it writes under the condition that the version
    is still the one its reader saw, and raises StaleVersion with both texts otherwise.
    Bulk updates add `version=F("version") + 1`.
    """

    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    changed_at = models.DateTimeField(_("修改时间"), auto_now=True)

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [version_trigger()]

    def revise(self, expected: int, **changes: Any) -> Self:
        """Write `changes` if the row still has version `expected`; the refreshed row.

        Raises StaleVersion (nothing written) when somebody else was faster.
        """
        from django.utils import timezone

        if not changes:
            return self
        model = type(self)
        written = model._base_manager.filter(pk=self.pk, version=expected).update(
            **changes, version=expected + 1, changed_at=timezone.now()
        )
        if not written:
            raise self._stale(expected, changes)
        self.refresh_from_db()
        return self

    def _stale(self, expected: int, changes: dict[str, Any]) -> StaleVersion:
        current = type(self)._base_manager.filter(pk=self.pk).first()
        if current is None:
            return StaleVersion(
                str(_("该记录已被他人删除，您填写的内容仍保留在页面上。")),
                code="record.gone",
                expected=expected,
                current=0,
                mine={k: str(v) for k, v in changes.items()},
                theirs={},
            )
        theirs = {
            name: str(getattr(current, name))
            for name in changes
            if str(getattr(current, name)) != str(changes[name])
        }
        return StaleVersion(
            str(_("该记录刚被他人修改，您的修改尚未保存。请对照后再提交。")),
            expected=expected,
            current=current.version,
            mine={k: str(v) for k, v in changes.items()},
            theirs=theirs,
            object=f"{model_label(current)}:{current.pk}",
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only: changes of an existing row go through `revise()`."""
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        raise TypeError(f"{model_label(self)} is changed by revise(expected_version, ...), not by save()")


def model_label(model: Any) -> str:
    """`app.model`, the name of a kind of record in audit rows, events and links."""
    return str(model._meta.label_lower)
