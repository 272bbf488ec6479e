"""Every record has a history and a policy, and no domain reaches into another's records."""

from pathlib import Path

from django.apps import apps
from django.db.models import Model

import hongtu
from hongtu.kernel.access.policies import protected_models
from hongtu.kernel.base.models import Versioned

# Reached through the record they belong to, or by their owner alone; never by a key in an address.
INNER = {
    "profile.District": "the one district, shown to everybody on every page",
    "chains.StepRelation": "read with its chain, which has a policy",
    "chains.StepLimit": "read with its chain; lifted through the decision behind it, which has a policy",
    "ledger.SavedView": "its owner's, or shared within a ledger she may read: ledger.queries scopes it",
    "problem_spine.Quantity": "read with its problem, which has a policy",
    "problems.ApiKey": "a sending system's own: found by its digest only",
    "matters.Approval": "public reference data of the approval network, never reached by an address",
    "matters.HandbookTick": "ticked off for a project, which has a policy that the page asks",
    "matters.ManualTick": "the same",
    "ledger.ApiToken": "its owner's alone: found by its digest only",
}

# A history would keep what retention must delete; the room's own chain keeps who did what, without content.
WITHOUT_HISTORY = "family_visits."


def ours() -> list[type[Model]]:
    return [
        m
        for m in apps.get_models()
        if m.__module__.startswith("hongtu.")
        and not m._meta.label.endswith("Event")
        and not m._meta.auto_created
    ]


def test_every_editable_record_keeps_its_history() -> None:
    without = [
        m._meta.label
        for m in ours()
        if issubclass(m, Versioned)
        and not hasattr(m, "pgh_event_model")
        and not m._meta.label.startswith(WITHOUT_HISTORY)
    ]
    assert without == []


def test_a_closed_room_keeps_no_history_beside_its_chain() -> None:
    inside = [m for m in apps.get_models() if m._meta.label.startswith(WITHOUT_HISTORY)]
    assert inside
    assert not any(hasattr(m, "pgh_event_model") or m._meta.label.endswith("Event") for m in inside)


def test_every_editable_record_refuses_an_unconditional_save() -> None:
    for model in ours():
        if issubclass(model, Versioned):
            names = {t.name for t in model._meta.triggers}  # type: ignore[attr-defined]
            assert "version_must_rise" in names, model._meta.label


def test_every_editable_record_has_a_policy() -> None:
    known = set(protected_models())
    without = [
        m._meta.label
        for m in ours()
        if issubclass(m, Versioned) and m not in known and m._meta.label not in INNER
    ]
    assert without == []


def test_the_list_of_inner_records_is_not_stale() -> None:
    labels = {m._meta.label for m in ours()}
    assert set(INNER) <= labels


def test_no_domain_holds_a_key_into_another() -> None:
    strays = []
    for model in ours():
        parts = model.__module__.split(".")
        if parts[1] != "domains":
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not (field.concrete and isinstance(target, type)):
                continue
            there = target.__module__.split(".")
            if there[:2] == ["hongtu", "domains"] and there[2] != parts[2]:
                strays.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert strays == []


def test_migrations_add_triggers_without_rendering_every_model() -> None:
    found = Path(hongtu.__file__).parent.rglob("migrations/0*.py")
    written = {path for path in found if "pgtrigger.migrations" in path.read_text()}
    assert not written, "use hongtu.kernel.base.trigger_operations instead of pgtrigger.migrations there"
