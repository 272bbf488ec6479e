"""Audit chains: one row per action, append-only, each row sealed by the hash of the one before it.

The house has one chain that auditors read, `Entry`, and one that no page shows, `ConfidentialEntry`: rows
left out of a numbered list would betray by their gaps that there are some. A closed room (see
docs/adr/closed-rooms.md) keeps a chain of its own, a model made of the same `SealedRow`: what happens there
leaves no row, no gap and no hash in the house's.
"""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# Any constant; it serialises the writers of the chain and nothing else.
CHAIN_LOCK = 471_100_2026
CONFIDENTIAL_LOCK = 471_100_2028

# The text that is sealed. JSON of a jsonb value is canonical in PostgreSQL (keys sorted by length,
# then bytes), so an outside verifier asks the server for the same text or rebuilds it from the export.
SEALED_TEXT = """
    coalesce(NEW.previous_hash, '') || '|' || NEW.sequence::text || '|' ||
    to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '|' ||
    NEW.actor_label || '|' || NEW.action || '|' || NEW.object_label || '|' || NEW.object_key || '|' ||
    NEW.reason || '|' || NEW.detail::text
"""


def chain_triggers(table: str, lock: int) -> list[pgtrigger.Trigger]:
    """Seal each new row of `table`, refuse to change or remove one. `lock` serialises its writers."""
    return [
        pgtrigger.Trigger(
            name="seal",
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            declare=[("last", "record")],
            func=f"""
        PERFORM pg_advisory_xact_lock({lock});
        SELECT sequence, hash INTO last FROM {table} ORDER BY sequence DESC LIMIT 1;
        NEW.sequence := coalesce(last.sequence, 0) + 1;
        NEW.previous_hash := coalesce(last.hash, '');
        NEW.at := clock_timestamp();
        NEW.hash := encode(sha256(convert_to({SEALED_TEXT}, 'UTF8')), 'hex');
        RETURN NEW;
    """,
        ),
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            func="RAISE EXCEPTION 'the audit chain is append-only: TRUNCATE refused';",
        ),
    ]


class SealedRow(models.Model):
    """One action: who did what to which object, when and why.

    `sequence` has no gap: with `previous_hash` it makes a missing or changed row visible, and an
    exported head makes a cut-off tail visible too (see `chain.verify`).
    """

    sequence = models.BigIntegerField(_("序号"), unique=True, editable=False)
    at = models.DateTimeField(_("时间"), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    actor_label = models.CharField(_("操作人姓名"), max_length=200, blank=True)
    action = models.CharField(_("操作"), max_length=100, db_index=True)
    object_label = models.CharField(_("对象类别"), max_length=100, blank=True)
    object_key = models.CharField(_("对象编号"), max_length=100, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    detail = models.JSONField(_("明细"), default=dict)
    context = models.UUIDField(_("变更批次"), null=True, db_index=True)
    confidential = models.BooleanField(_("保密"), default=False)
    previous_hash = models.CharField(max_length=64, editable=False)
    hash = models.CharField(max_length=64, editable=False)

    class Meta:
        abstract = True
        ordering = ("-sequence",)

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"


class Entry(SealedRow):
    """An action of the house."""

    class Meta(SealedRow.Meta):
        abstract = False
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        indexes: ClassVar = [models.Index(fields=["object_label", "object_key", "-sequence"])]
        triggers: ClassVar = chain_triggers("audit_entry", CHAIN_LOCK)


class ConfidentialEntry(SealedRow):
    """An action on something above the internal level: sealed and verified like any, numbered apart, so that
    neither a number nor a hash of the ordinary chain tells that it happened."""

    class Meta(SealedRow.Meta):
        abstract = False
        verbose_name = _("保密事项审计记录")
        verbose_name_plural = _("保密事项审计记录")
        indexes: ClassVar = [models.Index(fields=["object_label", "object_key", "-sequence"])]
        triggers: ClassVar = chain_triggers("audit_confidentialentry", CONFIDENTIAL_LOCK)
