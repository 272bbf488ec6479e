"""A telephone number is whole for those who may export people and in one's own unit, masked for others."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from openpyxl import load_workbook

from hongtu.kernel.people import actions
from hongtu.kernel.people.models import Person, Unit
from tests.conftest import make_unit

Login = Callable[[Person], Client]
WHOLE, MASKED, FORMER, FORMER_MASKED = "13812341234", "138****1234", "13900005678", "139****5678"


@pytest.fixture
def clerk(unit: Unit, make_person: Callable[..., Person]) -> Person:
    """Somebody of the housing department, whose number was changed once."""
    made = make_person("clerk", at=make_unit("ZJJ", "住建局", "department", unit))
    made = actions.revise_person(by=None, record=made, version=made.version, phone=FORMER)
    return actions.revise_person(by=None, record=made, version=made.version, phone=WHOLE)


def surfaces(client: Client, person: Person) -> dict[str, str]:
    """Every place that shows her number."""
    return {
        "list": client.get("/ledgers/people/").content.decode(),
        "sorted": client.get("/ledgers/people/?sort=phone").content.decode(),
        "detail": client.get(f"/ledgers/people/{person.pk}/").content.decode(),
        "api list": client.get("/api/v1/people/").content.decode(),
        "api": client.get(f"/api/v1/people/{person.pk}").content.decode(),
    }


def test_others_see_it_masked(clerk: Person, helper: Person, client_of: Login) -> None:
    for name, text in surfaces(client_of(helper), clerk).items():
        assert WHOLE not in text, name
        assert FORMER not in text, name
        assert MASKED in text, name
    assert FORMER_MASKED in surfaces(client_of(helper), clerk)["detail"], "the history too"
    assert client_of(helper).get("/ledgers/people/export.xlsx").status_code == 403


def test_the_centre_and_her_own_unit_see_it_whole(
    clerk: Person, centre: Person, make_person: Callable[..., Person], client_of: Login
) -> None:
    colleague = make_person("colleague", "department_officer", clerk.unit)
    for reader in (centre, colleague):
        for name, text in surfaces(client_of(reader), clerk).items():
            assert WHOLE in text, (reader, name)
    book = load_workbook(io.BytesIO(client_of(centre).get("/ledgers/people/export.xlsx").content))
    assert WHOLE in {str(cell.value) for row in book.active.iter_rows() for cell in row}


def test_a_short_number_keeps_nothing() -> None:
    from hongtu.ledger.masking import masked

    assert (masked("110"), masked("8388123"), masked(""), masked(WHOLE)) == ("***", "*******", "", MASKED)
