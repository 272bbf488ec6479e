"""A chain out of a schedule file keeps its calendars: a crew that works Saturdays goes on doing so."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hongtu.adapters.schedule_files import parse_schedule
from hongtu.adapters.schedule_files.dates import compute_dates
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
    assert chain.calendars[first.calendar]["week"] == [[[480, 720], [780, 1020]]] * 6 + [[]]


def test_a_dragged_bar_is_counted_on_the_steps_own_calendar(district: None, person: Any) -> None:
    project = Project.objects.filter(key_project=False).order_by("pk").first()
    assert project is not None
    new = actions.chain_from_file(project, 2025, six_day_file())
    chain = actions.make_chains(by=person("zhongxin"), records=[project], chains=[new])[0]
    step = Step.objects.get(chain=chain, sequence=1)
    assert actions.dragged(step, date(2025, 6, 2), date(2025, 6, 14))["duration"] == 12


def file_of(calendar: Calendar) -> SimpleUploadedFile:
    plan = Network(
        activities=[
            Activity("A", "开挖", Duration.days(6), calendar=calendar.id),
            Activity("B", "垫层", Duration.days(3), calendar=calendar.id),
        ],
        relations=[Relation("A", "B")],
        start=date(2025, 6, 2),
        calendars=(Calendar.working_week("standard"), calendar),
    )
    return SimpleUploadedFile("crew.xml", write_mspdi(plan, title="crew").data)


TEN_HOURS = ((420, 720), (780, 1080))
FOUR_DAYS = Calendar.working_week(
    "four", name="四天制", days=range(4), shifts=TEN_HOURS,
    exceptions={date(2025, 6, 5): (), date(2025, 6, 7): ((480, 720),)},
)  # fmt: skip
SHORT_FRIDAY = Calendar("friday", "周五半天", (TEN_HOURS,) * 4 + (((420, 660),), (), ()))


@pytest.mark.parametrize("calendar", [FOUR_DAYS, SHORT_FRIDAY, Calendar.around_the_clock("clock")])
def test_the_hours_of_a_file_go_back_into_the_file(district: None, person: Any, calendar: Calendar) -> None:
    project = Project.objects.filter(key_project=False).order_by("pk").first()
    assert project is not None
    new = actions.chain_from_file(project, 2025, file_of(calendar))
    chain = actions.make_chains(by=person("zhongxin"), records=[project], chains=[new])[0]
    again = parse_schedule("chain.xml", actions.chain_to_mspdi(chain))
    found = {c.name: c for c in again.network.calendars}[calendar.name]
    assert (found.week, dict(found.exceptions)) == (calendar.week, dict(calendar.exceptions))
    shown = compute_dates(again)
    for step in chain.steps.all():
        told = next(a.id for a in again.network.activities if a.name == step.name)
        assert (shown.start_day(told), shown.finish_day(told)) == (step.forecast_start, step.forecast_finish)


def test_the_chain_page_says_when_each_calendar_works(district: None, client_as: Any, person: Any) -> None:
    project = Project.objects.filter(key_project=False).order_by("pk").first()
    assert project is not None
    new = actions.chain_from_file(project, 2025, file_of(FOUR_DAYS))
    actions.make_chains(by=person("zhongxin"), records=[project], chains=[new])
    page = client_as("zhongxin").get(f"/projects/{project.pk}/chain/").content.decode()
    assert "星期一至星期四 07:00–12:00, 13:00–18:00" in page and "2025-06-05 不上班" in page
    assert "2项事项" in page


def test_a_chain_kept_before_hours_were_is_told_in_office_hours(district: None, person: Any) -> None:
    project = Project.objects.filter(key_project=False).order_by("pk").first()
    assert project is not None
    new = actions.chain_from_file(project, 2025, six_day_file())
    kept = new.chain["calendars"]
    for calendar in kept.values():
        calendar["week"] = [bool(spans) for spans in calendar["week"]]
    chain = actions.make_chains(by=person("zhongxin"), records=[project], chains=[new])[0]
    again = parse_schedule("chain.xml", actions.chain_to_mspdi(chain))
    found = {c.name: c for c in again.network.calendars}[SIX_DAYS.name]
    assert found.week == SIX_DAYS.week
