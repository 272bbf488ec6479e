"""Scoped queries are the only way to an object."""

from collections.abc import Callable

import pytest
from django.http import Http404

from hongtu.kernel.access import policies
from hongtu.kernel.base.errors import NotAllowed
from hongtu.kernel.people.models import Unit
from tests.conftest import make_unit


@pytest.fixture(autouse=True)
def _unit_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(policies._policies, Unit, policies.Policy("projects", unit_paths=("path",)))


def test_a_department_reaches_its_own_branch_only(unit: Unit, make_person: Callable) -> None:
    housing, schools = (make_unit(c, c, "department", unit) for c in ("HOUSING", "SCHOOLS"))
    section = make_unit("SECTION", "一科", "department", housing)
    officer = make_person("li", "department_officer", housing)
    assert set(policies.objects(Unit, by=officer)) == {housing, section}
    assert policies.get(Unit, section.pk, by=officer) == section
    for hidden in (schools.pk, 10**9):
        with pytest.raises(Http404) as refusal:
            policies.get(Unit, hidden, by=officer)
        assert "没有这条记录" in str(refusal.value), "hidden and missing look alike"


def test_the_centre_reaches_the_whole_district(unit: Unit, make_person: Callable) -> None:
    housing = make_unit("HOUSING", "住建", "department", unit)
    centre = make_person("wang", "promotion_centre", housing)
    assert policies.objects(Unit, by=centre).count() == 2


def test_no_role_no_rows(unit: Unit, make_person: Callable) -> None:
    assert not policies.objects(Unit, by=make_person("nobody")).exists()
    assert not policies.objects(Unit, by=None).exists()


def test_an_inactive_person_has_no_rights(unit: Unit, make_person: Callable) -> None:
    gone = make_person("gone", "promotion_centre")
    gone.revise(gone.version, is_active=False)
    assert not policies.objects(Unit, by=gone).exists()


def test_a_write_needs_the_permission_on_that_record(unit: Unit, make_person: Callable) -> None:
    housing, schools = (make_unit(c, c, "department", unit) for c in ("HOUSING", "SCHOOLS"))
    officer = make_person("li", "department_officer", housing)
    policies.require(officer, "projects.change", housing)
    for permission, record in (("projects.change", schools), ("projects.approve", housing)):
        with pytest.raises(NotAllowed):
            policies.require(officer, permission, record)


def test_a_model_without_a_policy_cannot_be_reached(
    make_person: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(policies._policies, Unit)
    with pytest.raises(LookupError, match="no access policy"):
        policies.objects(Unit, by=make_person("wang", "promotion_centre"))
