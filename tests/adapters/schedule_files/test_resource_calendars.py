"""Who is on leave has no capacity: activities keep to the calendars of the resources that work on them."""

from datetime import date, datetime

from hongtu.adapters.schedule_files import FileFormat, Rules, ScheduleFile
from hongtu.adapters.schedule_files.document import ActivityDetail, Assignment, Resource
from hongtu.adapters.schedule_files.resource_calendars import common, on_resource_calendars
from hongtu.engines.schedule.calendars import OFFICE_HOURS, Calendar
from hongtu.engines.schedule.cpm import schedule
from hongtu.engines.schedule.levelling import Limits
from hongtu.engines.schedule.levelling.network_plan import level_network
from hongtu.engines.schedule.model import Activity, Duration, Network

WEEK = Calendar("week", "Five days", minutes_per_day=480)
LEAVE = {date(2026, 3, day): () for day in (4, 5, 6)}
CRANE = Calendar("crane", "Crane", exceptions=LEAVE, minutes_per_day=480)
NIGHT = Calendar("night", "Night", week=(((0, 360),),) * 7, minutes_per_day=360)


def plan(**detail: bool) -> ScheduleFile:
    activities = [Activity("A", duration=Duration.days(5)), Activity("B", duration=Duration.days(5))]
    network = Network(
        activities, (), datetime(2026, 3, 2, 8), calendars=(WEEK, CRANE, NIGHT), default_calendar="week"
    )
    return ScheduleFile(
        network,
        FileFormat.MSPDI,
        Rules.STANDARD,
        resources=(Resource("r", "Crane", calendar="crane"),),
        assignments=(Assignment("A", "r"), Assignment("B", "r")),
        details={"A": ActivityDetail(**detail)},
    )


def test_leave_of_the_crane_pushes_its_work() -> None:
    staffed = on_resource_calendars(plan())
    result = schedule(staffed.network)
    assert staffed.moved == {"A": ("Crane",), "B": ("Crane",)}
    assert result.finish_day("A") == date(2026, 3, 11)
    assert schedule(plan().network).finish_day("A") == date(2026, 3, 6)


def test_levelled_under_one_crane_on_its_own_calendar() -> None:
    staffed = on_resource_calendars(plan())
    demands = {"A": {"r": 1.0}, "B": {"r": 1.0}}
    levelled = level_network(staffed.network, demands, {"r": 1.0}, Limits(seconds=2, workers=1))
    finishes = sorted(levelled.result.finish_day(name) for name in ("A", "B"))
    assert finishes == [date(2026, 3, 11), date(2026, 3, 18)]
    assert levelled.overloads == ()


def test_an_activity_that_ignores_resource_calendars_stays() -> None:
    staffed = on_resource_calendars(plan(ignore_resource_calendar=True))
    assert set(staffed.moved) == {"B"}


def test_calendars_without_a_common_minute_are_said_and_left() -> None:
    assert common([WEEK, NIGHT]) is None
    document = plan()
    night = (Resource("r", "Crane", calendar="night"),)
    staffed = on_resource_calendars(ScheduleFile(**{**vars(document), "resources": night}))
    assert staffed.moved == {}
    assert {remark.code for remark in staffed.remarks} == {"resource-calendars-disjoint"}


def test_common_time_is_what_both_work() -> None:
    long = Calendar("long", "Long", week=(((360, 600), (840, 1200)),) * 7, minutes_per_day=600)
    found = common([WEEK, long])
    assert found is not None
    assert found.week[0] == ((480, 600), (840, 1020))
    assert found.week[5] == ()
    assert OFFICE_HOURS == ((480, 720), (780, 1020))
