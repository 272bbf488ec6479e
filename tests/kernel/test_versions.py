"""Two people on one row: the loser keeps her text and sees what changed."""

import threading

import pytest
from django.db import connection

from hongtu.kernel.base.errors import StaleVersion
from hongtu.kernel.people.models import Unit
from tests.conftest import make_unit


def test_the_loser_keeps_her_text(unit: Unit) -> None:
    mine, theirs = Unit.objects.get(pk=unit.pk), Unit.objects.get(pk=unit.pk)
    theirs.revise(1, name="她改的")
    with pytest.raises(StaleVersion) as refusal:
        mine.revise(1, name="我改的")
    assert refusal.value.mine == {"name": "我改的"}
    assert refusal.value.theirs == {"name": "她改的"}
    assert refusal.value.as_dict()["current_version"] == 2


def test_save_of_an_existing_row_is_refused(unit: Unit) -> None:
    unit.name = "x"
    with pytest.raises(TypeError, match="revise"):
        unit.save()


@pytest.mark.django_db(transaction=True)
def test_no_edit_of_twenty_times_twenty_is_lost() -> None:
    unit = make_unit("D", "0", "district")

    def edit() -> None:
        for _ in range(20):
            while True:
                row = Unit.objects.get(pk=unit.pk)
                try:
                    row.revise(row.version, name=str(int(row.name) + 1))
                    break
                except StaleVersion:
                    continue
        connection.close()

    editors = [threading.Thread(target=edit) for _ in range(20)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    unit.refresh_from_db()
    assert (unit.name, unit.version) == ("400", 401)
