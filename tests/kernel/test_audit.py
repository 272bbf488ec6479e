"""The audit chain: sealed rows, history of bulk writes, a cut tail is noticed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from hongtu.kernel.audit import chain
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.audit.models import ConfidentialEntry, Entry
from hongtu.kernel.people.models import Person, Unit
from tests.conftest import make_unit


@action("test.rename")
def rename(*, by: Person | None, unit: Unit, name: str, fail: bool = False) -> Unit:
    note(unit, reason="改名", name=name)
    unit.revise(unit.version, name=name)
    if fail:
        raise RuntimeError("fails after the write")
    return unit


def test_an_action_leaves_one_sealed_row_and_the_chain_holds(unit: Unit, make_person: Callable) -> None:
    wang = make_person("wang")
    for name in ("甲", "乙", "丙"):
        rename(by=wang, unit=unit, name=name)
    entry = Entry.objects.order_by("sequence").last()
    assert (entry.sequence, entry.actor, entry.action, entry.detail) == (
        3,
        wang,
        "test.rename",
        {"name": "丙"},
    )
    assert chain.verify().sequence == 3


def test_a_failed_action_leaves_neither_change_nor_row(unit: Unit) -> None:
    with pytest.raises(RuntimeError):
        rename(by=None, unit=unit, name="甲", fail=True)
    unit.refresh_from_db()
    assert unit.name == "示例区"
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET reason='x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
def test_the_database_itself_refuses_to_change_the_chain(unit: Unit, statement: str) -> None:
    rename(by=None, unit=unit, name="甲")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert chain.verify().sequence == 1


def _tamper(statement: str) -> None:
    """What an attacker with the database owner's rights can do: switch the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_entry SET reason='x' WHERE sequence=2", "changed"),
        ("DELETE FROM audit_entry WHERE sequence=2", "missing"),
        ("UPDATE audit_entry SET at=at + interval '1 day' WHERE sequence=1", "changed"),
    ],
)
def test_tampering_is_named(unit: Unit, statement: str, words: str) -> None:
    for name in ("甲", "乙", "丙"):
        rename(by=None, unit=unit, name=name)
    _tamper(statement)
    with pytest.raises(chain.BrokenChain, match=words):
        chain.verify()


def test_a_cut_tail_shows_against_an_exported_head(unit: Unit, tmp_path: Path) -> None:
    for name in ("甲", "乙", "丙"):
        rename(by=None, unit=unit, name=name)
    exported = chain.export_head(tmp_path / "key")
    _tamper("DELETE FROM audit_entry WHERE sequence=3")
    assert chain.verify().sequence == 2, "without the exported head a cut tail cannot be seen"
    with pytest.raises(chain.BrokenChain, match="tail was cut off"):
        chain.verify(exported)


def test_a_forged_head_is_refused(unit: Unit, tmp_path: Path) -> None:
    rename(by=None, unit=unit, name="甲")
    exported = chain.export_head(tmp_path / "key")
    with pytest.raises(chain.BrokenChain, match="signature"):
        chain.verify({**exported, "hash": "0" * 64})


@action("test.whisper")
def whisper(*, by: Person | None, unit: Unit) -> None:
    note(unit, reason="密", confidential=True)


def test_what_is_confidential_leaves_no_gap_and_is_sealed_all_the_same(unit: Unit, tmp_path: Path) -> None:
    for run in (lambda: rename(by=None, unit=unit, name="甲"), lambda: whisper(by=None, unit=unit)):
        run()
        run()
    rename(by=None, unit=unit, name="乙")
    ordinary = list(Entry.objects.order_by("sequence"))
    assert [row.sequence for row in ordinary] == [1, 2, 3]
    assert len({row.pk - row.sequence for row in ordinary}) == 1, "the keys leave no gap either"
    assert ConfidentialEntry.objects.count() == 2
    heads = [chain.export_head(tmp_path / "key", chain=one) for one in chain.HOUSE]
    assert [chain.verify_house(head).sequence for head in heads] == [3, 3]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_confidentialentry DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_confidentialentry WHERE sequence=2")
    chain.verify_house(heads[0])
    with pytest.raises(chain.BrokenChain, match="tail was cut off"):
        chain.verify_house(heads[1])


def test_history_covers_bulk_writes(unit: Unit) -> None:
    make_unit("A", "甲", "department", unit)
    Unit.objects.filter(code="A").update(name="乙", version=F("version") + 1)
    Unit.objects.filter(code="A").delete()
    events = Unit.pgh_event_models["insert"].objects.filter(code="A").order_by("pgh_id")
    assert [(e.pgh_label, e.name) for e in events] == [
        ("insert", "甲"), ("update", "乙"), ("delete", "乙"),
    ]  # fmt: skip


def test_an_unconditional_update_is_refused_by_the_database(unit: Unit) -> None:
    with pytest.raises(DatabaseError, match="version"), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(name="覆盖")


@action("test.rename_twice")
def rename_for_two(*, by: Person, helper: Person | None, first: Unit, second: Unit) -> None:
    """One person's action that lets another one's do a part of it, and goes on."""
    rename(by=by, unit=first, name="甲")
    try:
        rename(by=helper, unit=second, name="乙", fail=True)
    except RuntimeError:
        second.refresh_from_db()
        rename(by=helper, unit=second, name="乙")
    first.revise(first.version, name="丙")


def who_changed(unit: Unit) -> list[tuple[str, int | None, str]]:
    """Name, person and reason of each kept change of a unit, the oldest first."""
    events = (
        Unit.pgh_event_models["update"]
        .objects.filter(pgh_obj_id=unit.pk, pgh_label="update")
        .order_by("pgh_id")
    )  # type: ignore[attr-defined]
    reasons = {entry.context: entry.reason for entry in Entry.objects.all()}
    return [(e.name, e.pgh_context.metadata["user"], reasons[e.pgh_context_id]) for e in events]


@pytest.mark.parametrize("system", [False, True])
def test_each_change_names_who_made_it_when_actions_of_two_people_nest(
    unit: Unit, make_person: Callable, system: bool
) -> None:
    wang, li = make_person("wang"), None if system else make_person("li")
    other = make_unit("other", "另一区", "department")
    rename_for_two(by=wang, helper=li, first=unit, second=other)
    assert [(name, user) for name, user, _reason in who_changed(unit)] == [("甲", wang.pk), ("丙", wang.pk)]
    assert who_changed(other) == [("乙", li.pk if li else None, "改名")]
    assert [(e.action, e.actor) for e in Entry.objects.order_by("sequence")] == [
        ("test.rename", wang),
        ("test.rename", li),
        ("test.rename_twice", wang),
    ]
    rename(by=li, unit=unit, name="丁")
    assert who_changed(unit)[-1][:2] == ("丁", li.pk if li else None), "nothing of the first action is left"
