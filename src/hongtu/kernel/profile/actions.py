"""Writes of the district's profile: its rules as data."""

from __future__ import annotations

from typing import Any

from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.permissions import require
from hongtu.kernel.profile.models import RuleSet


@action("profile.register_rule")
def register_rule(*, by: Any, **values: Any) -> RuleSet:
    """A new version of a rule, in force from its date."""
    require(by, "rules.change")
    rule = RuleSet.objects.create(**values)
    note(rule, key=rule.key, effective_from=rule.effective_from.isoformat())
    return rule


@action("profile.revise_rule")
def revise_rule(*, by: Any, record: RuleSet, version: int, **changes: Any) -> RuleSet:
    require(by, "rules.change", record)
    note(record, key=record.key, fields=sorted(changes))
    return record.revise(version, **changes)
