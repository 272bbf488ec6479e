"""Who sees which project, by her part: queries are scoped, and a hidden record looks like a missing one."""

from collections.abc import Callable

import pytest
from django.http import Http404
from django.test import Client

from hongtu.domains.projects import queries
from hongtu.domains.projects.models import MonthlyInvestment, Project
from hongtu.kernel.access.policies import objects
from hongtu.kernel.chains.models import Chain, Step
from hongtu.kernel.people.models import Person

Cast = Callable[[str], Person]
pytestmark = pytest.mark.usefixtures("district")


def foreign_to(owner: Person) -> Project:
    found = Project.objects.exclude(pk__in=queries.projects(owner).values("pk")).filter(key_project=True)
    return found[0]


def test_the_whole_district_is_open_to_centre_and_leader(person: Cast) -> None:
    assert queries.projects(person("zhongxin")).count() == 241
    assert queries.projects(person("lingdao")).count() == 241


def test_an_owner_sees_her_own_projects_only(person: Cast) -> None:
    owner = person("yezhu")
    hers = queries.projects(owner)
    assert hers.exists()
    assert all(owner.unit in (p.owner, p.responsible_unit, *p.supporting_units.all()) for p in hers)


def test_a_department_sees_what_it_answers_for_or_supports(person: Cast) -> None:
    officer = person("zhujian")
    for project in queries.projects(officer):
        units = (
            project.responsible_unit,
            project.owner,
            project.subdistrict,
            *project.supporting_units.all(),
        )
        people = (project.leader, project.owner_contact, project.service_officer, project.liaison)
        assert officer.unit in units or officer in people


def test_a_subdistrict_sees_what_stands_on_its_ground(person: Cast) -> None:
    helper = person("jiedao")
    found = queries.projects(helper)
    assert found.count() >= Project.objects.filter(subdistrict=helper.unit).count() > 0
    assert found.count() < 241


@pytest.mark.parametrize("username", ["guanli", "shenji"])
def test_accounts_without_a_part_in_projects_see_none(person: Cast, username: str) -> None:
    assert not queries.projects(person(username)).exists()


def test_nobody_sees_nothing() -> None:
    assert not objects(Project, by=None).exists()


def test_a_hidden_project_looks_like_a_missing_one(person: Cast) -> None:
    owner = person("yezhu")
    hidden = foreign_to(owner)
    with pytest.raises(Http404) as refused:
        queries.project(hidden.pk, owner)
    with pytest.raises(Http404) as missing:
        queries.project(10**9, owner)
    assert str(refused.value) == str(missing.value)


def test_money_chains_and_steps_follow_their_project(person: Cast) -> None:
    owner = person("yezhu")
    hidden = foreign_to(owner)
    assert not objects(MonthlyInvestment, by=owner).filter(project=hidden).exists()
    chain = queries.chain_of(hidden)
    assert chain is not None
    with pytest.raises(Http404):
        queries.project_of(chain, owner)
    hers = set(queries.projects(owner).values_list("pk", flat=True))
    for step in objects(Step, by=owner).select_related("chain", "unit"):
        assert step.chain.subject_key in hers or step.unit == owner.unit or step.person == owner
    assert not objects(Chain, by=owner).filter(pk=chain.pk).exists()


@pytest.mark.parametrize(
    "address", ["/ledgers/projects/{pk}/", "/projects/{pk}/chain/", "/projects/{pk}/chain/export.xml"]
)
def test_addresses_of_a_hidden_project_answer_404(
    person: Cast, client_as: Callable[[str], Client], address: str
) -> None:
    hidden = foreign_to(person("yezhu"))
    assert client_as("yezhu").get(address.format(pk=hidden.pk)).status_code == 404
    assert client_as("zhongxin").get(address.format(pk=hidden.pk)).status_code == 200


def test_a_reader_finds_no_way_to_change(client_as: Callable[[str], Client]) -> None:
    project = Project.objects.filter(subdistrict__code="360113004", key_project=True).first()
    assert project is not None
    helper = client_as("jiedao")
    assert helper.get(f"/ledgers/projects/{project.pk}/").status_code == 200
    for page in ("stage", "light", "chain/promise", "chain/new", "evidence/new"):
        assert helper.get(f"/projects/{project.pk}/{page}/").status_code in (403, 404), page
