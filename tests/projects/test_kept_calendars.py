"""A chain out of a schedule file keeps its calendars: a crew that works Saturdays goes on doing so."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from hongtu.adapters.schedule_files.mspdi_writer import write_mspdi
from hongtu.domains.projects import actions
from hongtu.domains.projects.models import Project
from hongtu.engines.schedule.model import Activity, Calendar, Duration, Network, Relation
from hongtu.kernel.chains.models import Step

SIX_DAYS = Calendar.working_week("crew", name="六天制", days=range(6))


def six_day_file() -> SimpleUploadedFile:
    plan = Network(
        activities=[Activity("A", "开挖", Duration.days(6)), Activity("B", "垫层", Duration.days(3))],
        relations=[Relation("A", "B")],
        start=date(2025, 6, 2),
        calendars=(SIX_DAYS,),
    )
    return SimpleUploadedFile("crew.xml", write_mspdi(plan, title="crew").data)


def test_a_saturday_that_is_worked_in_the_file_is_worked_in_the_chain(district: None, person: Any) -> None:
    project = Project.objects.filter(key_project=False).order_by("pk").first()
    assert project is not None
    new = actions.chain_from_file(project, 2025, six_day_file())
    chain = actions.make_chains(by=person("zhongxin"), records=[project], chains=[new])[0]
    first, second = chain.steps.order_by("sequence")
    assert (first.planned_start, first.planned_finish) == (date(2025, 6, 2), date(2025, 6, 7))
    assert (first.forecast_finish, second.forecast_start) == (date(2025, 6, 7), date(2025, 6, 9))
    assert first.duration == 6
    assert chain.calendars[first.calendar]["week"] == [True] * 6 + [False]


def test_a_dragged_bar_is_counted_on_the_steps_own_calendar(district: None, person: Any) -> None:
    project = Project.objects.filter(key_project=False).order_by("pk").first()
    assert project is not None
    new = actions.chain_from_file(project, 2025, six_day_file())
    chain = actions.make_chains(by=person("zhongxin"), records=[project], chains=[new])[0]
    step = Step.objects.get(chain=chain, sequence=1)
    assert actions.dragged(step, date(2025, 6, 2), date(2025, 6, 14))["duration"] == 12
