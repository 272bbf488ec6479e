"""A chain out of real schedule files, and back out as Microsoft Project XML."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hongtu.adapters.schedule_files import parse_schedule
from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.models import Project
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.chains.models import Chain, StepRelation
from hongtu.kernel.people.models import Person
from tests.shared_data import shared

Cast = Callable[[str], Person]
pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture
def project(person: Cast) -> Project:
    """A project that has no chain yet."""
    found = queries.projects(person("zhongxin")).filter(key_project=False).first()
    assert found is not None
    return found


def chain_from(project: Project, by: Person, name: str) -> Chain:
    path = shared(f"data/schedules/{name}")
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    new = actions.chain_from_file(project, 2025, upload)
    return actions.make_chains(by=by, records=[project], chains=[new])[0]


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "task-links-project2019-mspdi.xml",
        "task-dates-project2019-mspdi.xml",
        "percent-complete-8.4.xer",
        "PredecessorCalendar.xer",
    ],
)
def test_a_real_file_becomes_a_chain_with_its_tasks_and_relations(
    project: Project, person: Cast, name: str
) -> None:
    content = shared(f"data/schedules/{name}").read_bytes()
    network = parse_schedule(name, content).network
    chain = chain_from(project, person("zhongxin"), name)
    steps = list(chain.steps.order_by("sequence"))
    assert [s.name for s in steps] == [(a.name or a.id)[:200] for a in network.activities]
    ends = {(r.predecessor, r.successor, r.type.value) for r in network.relations}
    made = {
        (r.predecessor.code, r.successor.code, r.type)
        for r in StepRelation.objects.filter(successor__chain=chain).select_related(
            "predecessor", "successor"
        )
    }
    assert made == ends
    assert all(s.planned_start <= s.planned_finish for s in steps)
    assert chain.promised == max(s.planned_finish for s in steps)
    assert all(s.forecast_finish for s in steps), "the chain is computed at once"


@pytest.mark.shared
def test_actual_dates_of_the_file_are_kept(project: Project, person: Cast) -> None:
    name = "percent-complete-8.4.xer"
    network = parse_schedule(name, shared(f"data/schedules/{name}").read_bytes()).network
    chain = chain_from(project, person("zhongxin"), name)
    started = {a.id for a in network.activities if a.actual_start}
    assert started, "the file has started activities"
    assert {s.code for s in chain.steps.filter(actual_start__isnull=False)} == started


def test_a_chain_survives_the_way_out_as_project_xml(person: Cast) -> None:
    project = queries.projects(person("zhongxin")).filter(key_project=True).first()
    assert project is not None
    chain = queries.chain_of(project)
    assert chain is not None
    document = parse_schedule("chain.xml", actions.chain_to_mspdi(chain))
    steps = list(chain.steps.order_by("sequence"))
    activities = document.network.activities
    assert [a.name for a in activities] == [s.name for s in steps]
    assert len(document.network.relations) == queries.relations_of(chain).count()

    def day(moment: Any) -> date | None:
        return moment.date() if hasattr(moment, "date") else moment

    assert [day(a.actual_finish) for a in activities] == [s.actual_finish for s in steps]


def test_a_file_that_is_no_schedule_is_refused_by_name(project: Project) -> None:
    with pytest.raises(InvalidInput) as refusal:
        actions.chain_from_file(project, 2025, SimpleUploadedFile("计划.xml", b"<html>no</html>"))
    assert "计划.xml" in refusal.value.message
    assert refusal.value.code
    assert queries.chain_of(project) is None


def test_a_template_makes_ten_steps_in_order(project: Project, person: Cast) -> None:
    items = list(queries.template(project.type))
    new = actions.chain_from_template(project, 2026, items)
    chain = actions.make_chains(by=person("zhongxin"), records=[project], chains=[new])[0]
    steps = list(chain.steps.order_by("sequence"))
    assert len(steps) == 10
    assert all(a.planned_finish < b.planned_start for a, b in pairwise(steps))
    assert [s.name for s in steps if s.critical] == [
        i.item for i in sorted(items, key=lambda i: (i.month, i.sequence)) if i.critical
    ]
