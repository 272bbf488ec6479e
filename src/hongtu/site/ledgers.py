"""Ledgers of the house's administration: roles, and the audit chain for auditors."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.access import actions
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.access.policies import Policy, protect
from hongtu.kernel.access.roles import CLOSED_ROLES
from hongtu.kernel.audit.models import Entry
from hongtu.ledger.columns import Column
from hongtu.ledger.declaration import Fieldset, Ledger, register
from hongtu.ledger.panels import FactsPanel

protect(Assignment, Policy("access", everyone=True, without=Q(role__in=CLOSED_ROLES)))
# Confidential rows exist for nobody here, auditors included. They have a chain of their own
# (`ConfidentialEntry`), without a policy: no page reaches it. The flag is for rows of before there were two.
protect(Entry, Policy("audit", everyone=True, hidden=("confidential",)))


@register
class AssignmentLedger(Ledger):
    model = Assignment
    title = _("角色授权")
    slug = "roles"
    frozen = "person"
    columns = ("person", "role", "unit", "created_at")
    filters = ("role", "unit")
    search = ("person__name", "person__pinyin", "person__username")
    ordering = ("person",)
    form = (Fieldset(_("角色授权"), "person", "role", "unit"),)
    create, update = actions.grant, actions.revise_grant


@register
class AuditLedger(Ledger):
    model = Entry
    title = _("审计记录")
    slug = "audit"
    frozen = "action"
    columns = (
        "action",
        "sequence",
        "at",
        "actor_label",
        "object_label",
        "object_key",
        "reason",
        Column("hash", label=_("摘要"), shown=False),
    )
    filters = ("action", "at")
    search = ("action", "actor_label", "object_label", "object_key", "reason")
    ordering = ("-sequence",)
    panels = (
        FactsPanel(
            "sequence",
            "at",
            "actor_label",
            "action",
            "object_label",
            "object_key",
            "reason",
            "previous_hash",
            "hash",
        ),
    )
