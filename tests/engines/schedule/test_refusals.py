"""What cannot be planned is refused by name, with a stable code."""

from datetime import date, datetime

import pytest

from hongtu.engines.schedule.calendars import NO_WORK, Calendar
from hongtu.engines.schedule.contradictions import contradictions, require_possible
from hongtu.engines.schedule.cpm import schedule
from hongtu.engines.schedule.errors import (
    CycleError,
    DuplicateActivityError,
    EmptyCalendarError,
    HorizonError,
    ImpossibleConstraintsError,
    InvalidDatesError,
    MissingActivityError,
    MissingCalendarError,
    NegativeDurationError,
    ScheduleError,
)
from hongtu.engines.schedule.model import (
    Activity,
    Constraint,
    ConstraintKind,
    Duration,
    Network,
    Relation,
)
from hongtu.engines.schedule.prepare import faults

START = date(2026, 3, 2)


def plan(activities: list[Activity], relations: list[Relation] = (), **settings: object) -> Network:
    calendars = settings.pop("calendars", (Calendar.statutory("office", published_years=[2026]),))
    return Network(activities, list(relations), START, calendars=calendars, **settings)


def days(id: str, count: float, **more: object) -> Activity:
    return Activity(id, duration=Duration.days(count), **more)


def test_a_cycle_is_printed_as_the_cycle() -> None:
    names = {"a": "立项", "b": "可研", "c": "用地", "d": "开工"}
    activities = [Activity(id, name, Duration.days(1)) for id, name in names.items()]
    relations = [Relation("a", "b"), Relation("b", "c"), Relation("c", "a"), Relation("c", "d")]
    with pytest.raises(CycleError) as refused:
        schedule(plan(activities, relations))
    assert refused.value.code == "schedule.cycle"
    assert len(refused.value.subjects) == 3
    around = " -> ".join([*refused.value.subjects, refused.value.subjects[0]])
    assert around in str(refused.value)
    doubled = "立项 (a) -> 可研 (b) -> 用地 (c) -> 立项 (a) -> 可研 (b) -> 用地 (c)"
    assert " -> ".join(refused.value.subjects) in doubled


def test_an_activity_that_waits_for_itself_is_a_cycle() -> None:
    with pytest.raises(CycleError, match="a -> a"):
        schedule(plan([days("a", 1)], [Relation("a", "a")]))


@pytest.mark.parametrize(
    ("activities", "relations", "error", "said"),
    [
        ([days("a", 1)], [Relation("x", "a")], MissingActivityError, "Predecessor 'x' of 'a'"),
        ([days("a", 1)], [Relation("a", "y")], MissingActivityError, "Successor 'y' of 'a'"),
        ([days("a", -2, name="方案审查")], [], NegativeDurationError, r"方案审查 \(a\) is negative: -2"),
        ([days("a", 2, remaining=Duration.days(-1))], [], NegativeDurationError, "remaining duration of a"),
        ([days("a", 1), days("a", 2)], [], DuplicateActivityError, "identifier 'a'"),
        ([days("a", 1, calendar="night")], [], MissingCalendarError, "'night' of a"),
        (
            [days("a", 1, actual_start=date(2026, 3, 9), actual_finish=date(2026, 3, 3))],
            [],
            InvalidDatesError,
            "before it started",
        ),
        (
            [days("a", 1, constraints=(Constraint(ConstraintKind.MUST_START_ON),))],
            [],
            InvalidDatesError,
            "MSO of a has no date",
        ),
    ],
)
def test_faults_are_named(
    activities: list[Activity], relations: list[Relation], error: type[ScheduleError], said: str
) -> None:
    network = plan(activities, relations)
    with pytest.raises(error, match=said) as refused:
        schedule(network)
    assert refused.value.subjects
    assert refused.value.remedy
    assert [type(fault) for fault in faults(network)] == [error]


def test_all_faults_are_listed_not_only_the_first() -> None:
    network = plan([days("a", -1), days("a", 1)], [Relation("a", "z")])
    codes = [fault.code for fault in faults(network)]
    assert codes == ["schedule.negative-duration", "schedule.duplicate-activity", "schedule.missing-activity"]


def test_a_calendar_without_work_is_refused() -> None:
    empty = Calendar("never", name="停工", week=(NO_WORK,) * 7)
    with pytest.raises(EmptyCalendarError, match="停工"):
        schedule(plan([days("a", 1)], calendars=(empty,)))


def test_an_impossible_length_is_refused() -> None:
    with pytest.raises(HorizonError):
        schedule(plan([days("a", 9_000_000)]))


def test_contradictory_dates_are_reported_as_the_smallest_set() -> None:
    begin = Constraint(ConstraintKind.START_NO_EARLIER_THAN, date(2026, 4, 1))
    done = Constraint(ConstraintKind.FINISH_NO_LATER_THAN, date(2026, 4, 10))
    activities = [
        days("far", 3, constraints=(begin,)),
        days("near", 5, constraints=(begin,)),
        days("middle", 5),
        days("last", 4, constraints=(done,)),
        days("aside", 50),
    ]
    relations = [
        Relation("far", "middle"),
        Relation("middle", "last"),
        Relation("near", "last"),
        Relation("aside", "far"),
    ]
    found = contradictions(plan(activities, relations))
    assert found[0].activities == ("near", "last")
    assert found[0].relations == (relations[2],)
    assert "SNET 2026-04-01 of near" in found[0].message
    assert "FNLT 2026-04-10 of last" in found[0].message
    assert found[0].short_minutes == 1440, "5 + 4 days from 1 April end on the 13th, one working day late"
    with pytest.raises(ImpossibleConstraintsError) as refused:
        require_possible(plan(activities, relations))
    assert refused.value.subjects == ("near", "last")


def test_removing_any_element_of_the_smallest_set_resolves_it() -> None:
    begin = Constraint(ConstraintKind.START_NO_EARLIER_THAN, date(2026, 4, 1))
    done = Constraint(ConstraintKind.FINISH_NO_LATER_THAN, date(2026, 4, 10))
    first, last = days("first", 5, constraints=(begin,)), days("last", 4, constraints=(done,))
    relation = Relation("first", "last")
    assert contradictions(plan([first, last], [relation]))
    assert not contradictions(plan([first, last]))
    assert not contradictions(plan([days("first", 5), last], [relation]))
    assert not contradictions(plan([first, days("last", 4)], [relation]))


def test_an_early_date_against_a_promise_of_the_whole_names_both() -> None:
    begin = Constraint(ConstraintKind.START_NO_EARLIER_THAN, datetime(2026, 5, 1))
    found = contradictions(plan([days("a", 10, constraints=(begin,))], must_finish_by=date(2026, 5, 8)))
    assert len(found) == 1
    assert "must finish by 2026-05-08" in found[0].message


def test_a_plan_that_can_hold_has_no_contradictions() -> None:
    done = Constraint(ConstraintKind.FINISH_NO_LATER_THAN, date(2026, 3, 13))
    require_possible(plan([days("a", 5), days("b", 5, constraints=(done,))], [Relation("a", "b")]))
