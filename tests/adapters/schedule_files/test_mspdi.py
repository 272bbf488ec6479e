"""Microsoft Project XML: calendars, links, progress, outline."""

from datetime import date, datetime

from hongtu.adapters.schedule_files import parse_schedule
from hongtu.adapters.schedule_files.dates import compute_dates
from hongtu.engines.schedule.model import ConstraintKind, Duration, RelationType, ScheduleResult
from tests.adapters.schedule_files.plans import STANDARD_CALENDAR, WEEK, link, mspdi, task


def dates_of(data: bytes) -> ScheduleResult:
    return compute_dates(parse_schedule("plan.xml", data))


def calendar_with(exceptions: str, uid: int = 1, base: str = "") -> str:
    week = f"<BaseCalendarUID>{base}</BaseCalendarUID>" if base else WEEK
    return (
        f"<Calendar><UID>{uid}</UID><Name>c{uid}</Name>{week}<Exceptions>{exceptions}</Exceptions></Calendar>"
    )


def exception(first: str, last: str, fields: str = "<Type>1</Type>", worked: bool = False) -> str:
    hours = (
        "<DayWorking>1</DayWorking><WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime>"
        "<ToTime>12:00:00</ToTime></WorkingTime></WorkingTimes>"
        if worked
        else "<DayWorking>0</DayWorking>"
    )
    return (
        f"<Exception><TimePeriod><FromDate>{first}T00:00:00</FromDate><ToDate>{last}T23:59:00</ToDate></TimePeriod>"
        f"{fields}{hours}</Exception>"
    )


def free_days(exceptions: str, **more: str) -> set[date]:
    document = parse_schedule("plan.xml", mspdi(task(1), calendars=calendar_with(exceptions), **more))
    return {day for day, shifts in document.network.calendars[0].exceptions.items() if not shifts}


def test_working_time_exceptions_single_and_in_runs() -> None:
    days = exception("2026-05-01", "2026-05-05") + exception("2026-05-09", "2026-05-09", worked=True)
    document = parse_schedule("plan.xml", mspdi(task(1), calendars=calendar_with(days)))
    calendar = document.network.calendars[0]
    assert {d.day for d, shifts in calendar.exceptions.items() if not shifts} == {1, 2, 3, 4, 5}
    assert calendar.shifts_on(date(2026, 5, 9)) == ((480, 720),)


def test_recurring_exceptions() -> None:
    weekly = exception(
        "2026-04-01", "2026-04-30", "<Type>6</Type><Period>2</Period><DaysOfWeek>4</DaysOfWeek>"
    )
    assert free_days(weekly) == {
        date(2026, 4, 14),
        date(2026, 4, 28),
    }  # every other Tuesday after the first week
    monthly = exception("2026-01-01", "2026-06-30", "<Type>4</Type><Period>2</Period><MonthDay>15</MonthDay>")
    assert free_days(monthly) == {date(2026, 1, 15), date(2026, 3, 15), date(2026, 5, 15)}
    yearly = exception("2026-01-01", "2028-12-31", "<Type>2</Type><Month>9</Month><MonthDay>1</MonthDay>")
    assert free_days(yearly) == {date(2026, 10, 1), date(2027, 10, 1), date(2028, 10, 1)}
    last_friday = exception(
        "2026-01-01",
        "2026-03-31",
        "<Type>5</Type><Period>1</Period><MonthItem>8</MonthItem><MonthPosition>4</MonthPosition>",
    )
    assert free_days(last_friday) == {date(2026, 1, 30), date(2026, 2, 27), date(2026, 3, 27)}
    counted = exception(
        "2026-04-01",
        "2026-12-31",
        "<EnteredByOccurrences>1</EnteredByOccurrences><Occurrences>3</Occurrences><Type>1</Type>",
    )
    assert free_days(counted) == {date(2026, 4, 1), date(2026, 4, 2), date(2026, 4, 3)}


def test_a_derived_calendar_inherits_what_it_does_not_say() -> None:
    base = calendar_with(exception("2026-04-07", "2026-04-07"))
    derived = calendar_with(exception("2026-04-08", "2026-04-08"), uid=2, base="1")
    document = parse_schedule(
        "plan.xml", mspdi(task(1, hours=24, fields="<CalendarUID>2</CalendarUID>"), calendars=base + derived)
    )
    result = compute_dates(document)
    assert result.finish("1") == datetime(2026, 4, 10, 17)  # Monday, then Thursday and Friday


def test_calendar_number_zero_is_none_for_microsoft_and_the_first_for_others() -> None:
    first = calendar_with(exception("2026-04-06", "2026-04-06"), uid=0)
    derived = calendar_with("", uid=1, base="0")
    assert dates_of(mspdi(task(1), calendars=first + derived)).start("1") == datetime(2026, 4, 7, 8)
    alone = STANDARD_CALENDAR.replace("</Name>", "</Name><BaseCalendarUID>0</BaseCalendarUID>")
    assert dates_of(mspdi(task(1), calendars=alone)).start("1") == datetime(2026, 4, 6, 8)


def test_exceptions_of_versions_before_2007() -> None:
    old = STANDARD_CALENDAR.replace(
        "<WeekDays>",
        "<WeekDays><WeekDay><DayType>0</DayType><DayWorking>0</DayWorking><TimePeriod>"
        "<FromDate>2026-04-06T00:00:00</FromDate><ToDate>2026-04-07T23:59:00</ToDate></TimePeriod></WeekDay>",
    )
    assert dates_of(mspdi(task(1), calendars=old)).start("1") == datetime(2026, 4, 8, 8)


def test_links_of_all_types_with_lags() -> None:
    data = mspdi(
        task(1, hours=24)
        + task(2, links=link(1, 1, 4800))  # FS + 1 day
        + task(3, links=link(1, 3, 4800))  # SS + 1 day
        + task(4, links=link(1, 0, -4800))  # FF - 1 day
        + task(5, links=link(1, 2, 9600))  # SF + 2 days
        + task(6, links=link(1, 1, 14400, 8))  # FS + 1 elapsed day
        + task(7, links=link(1, 1, 50, 19))  # FS + 50 %
    )
    result = dates_of(data)
    starts = {id: result.start(id) for id in result.ids}
    assert starts["2"] == datetime(2026, 4, 10, 8)
    assert starts["3"] == datetime(2026, 4, 7, 8)
    assert result.finish("4") == datetime(2026, 4, 7, 17)
    assert result.finish("5") == datetime(2026, 4, 7, 17)
    assert starts["6"] == datetime(2026, 4, 10, 8)  # Wednesday 17:00 + 24 h is Thursday 17:00
    assert starts["7"] == datetime(2026, 4, 10, 13)  # half of three days later
    relations = parse_schedule("plan.xml", data).network.relations
    assert [r.type for r in relations[:4]] == [
        RelationType.FINISH_START,
        RelationType.START_START,
        RelationType.FINISH_FINISH,
        RelationType.START_FINISH,
    ]


def test_elapsed_durations_run_through_the_weekend() -> None:
    curing = task(2, hours=72, links=link(1)).replace("<DurationFormat>7", "<DurationFormat>8")
    result = dates_of(mspdi(task(1, hours=40) + curing + task(3, links=link(2))))
    assert parse_schedule("p.xml", mspdi(curing + task(1))).network.activities[
        0
    ].duration == Duration.calendar_days(3)
    assert result.finish("2") == datetime(2026, 4, 13, 17)  # Friday 17:00 to Monday 17:00
    assert result.start("3") == datetime(2026, 4, 14, 8)


def test_links_and_constraints_of_a_summary_hold_for_what_is_under_it() -> None:
    date_from = "<ConstraintDate>2026-04-20T08:00:00</ConstraintDate>"
    late = f"<Summary>1</Summary><ConstraintType>4</ConstraintType>{date_from}"
    data = mspdi(
        task(1, fields=late)
        + task(2, level=2)
        + task(3, level=2, hours=16)
        + task(4, fields="<Summary>1</Summary>", links=link(1))
        + task(5, level=2)
    )
    document = parse_schedule("plan.xml", data)
    result = compute_dates(document)
    assert [node.id for node in document.nodes] == ["1", "4"]
    assert document.detail("3").node == "1"
    assert result.start("2") == datetime(2026, 4, 20, 8)
    assert result.start("5") == datetime(2026, 4, 22, 8)  # after the longer of the two


def test_manual_tasks_stay_where_they_were_typed() -> None:
    typed = "<Manual>1</Manual><Start>2026-04-08T08:00:00</Start><Finish>2026-04-08T17:00:00</Finish>"
    result = dates_of(
        mspdi(task(1, hours=40) + task(2, fields=typed, links=link(1)) + task(3, links=link(2)))
    )
    assert result.start("2") == datetime(2026, 4, 8, 8)
    assert result.start("3") == datetime(2026, 4, 9, 8)


def test_constraints_deadlines_and_the_light_they_give() -> None:
    fixed = "<ConstraintType>2</ConstraintType><ConstraintDate>2026-04-08T08:00:00</ConstraintDate>"
    due = "<Deadline>2026-04-08T17:00:00</Deadline>"
    document = parse_schedule(
        "plan.xml",
        mspdi(task(1, hours=40) + task(2, fields=fixed, links=link(1)) + task(3, hours=40, fields=due)),
    )
    result = compute_dates(document)
    assert document.network.activities[1].constraints[0].kind is ConstraintKind.MUST_START_ON
    assert result.start("2") == datetime(2026, 4, 8, 8)  # honoured although its predecessor ends on the 10th
    assert result.total_float_days[result.position("1")] == -3
    assert result.total_float_days[result.position("3")] == -2
    assert result.critical[result.position("3")]


def test_work_in_progress_and_interrupted_work() -> None:
    begun = (
        "<ActualStart>2026-04-06T08:00:00</ActualStart><RemainingDuration>PT8H0M0S</RemainingDuration>"
        "<PercentComplete>50</PercentComplete>"
    )
    split = "<Stop>2026-04-06T17:00:00</Stop><Resume>2026-04-13T08:00:00</Resume>"
    result = dates_of(mspdi(task(1, hours=16, fields=begun) + task(2, hours=16, fields=begun + split)))
    assert result.finish("1") == datetime(2026, 4, 7, 17)
    assert result.finish("2") == datetime(2026, 4, 13, 17)


def test_inactive_and_blank_rows_take_no_part_and_say_so() -> None:
    blank = "<Task><UID>9</UID><IsNull>1</IsNull></Task>"
    document = parse_schedule("plan.xml", mspdi(task(1) + task(2, fields="<Active>0</Active>") + blank))
    assert [a.id for a in document.network.activities] == ["1"]
    assert [r.code for r in document.remarks] == ["inactive-left-out"]


def test_a_plan_scheduled_from_its_finish() -> None:
    backwards = "<ScheduleFromStart>0</ScheduleFromStart><FinishDate>2026-04-30T17:00:00</FinishDate>"
    result = dates_of(mspdi(task(1, hours=16) + task(2, links=link(1)), properties=backwards))
    assert result.finish("2") == datetime(2026, 4, 30, 17)
    assert result.start("1") == datetime(2026, 4, 28, 8)


def test_resource_calendars_move_tasks_that_depend_on_work() -> None:
    holiday = calendar_with(exception("2026-04-06", "2026-04-10"), uid=2, base="1")
    rest = (
        "<Resources><Resource><UID>1</UID><Name>Crew</Name><Type>1</Type><CalendarUID>2</CalendarUID></Resource>"
        "</Resources><Assignments><Assignment><UID>1</UID><TaskUID>1</TaskUID><ResourceUID>1</ResourceUID>"
        "<Units>1</Units><Work>PT8H0M0S</Work></Assignment></Assignments>"
    )
    units = task(1, fields="<Type>0</Type>") + task(2, fields="<Type>1</Type>")
    document = parse_schedule("plan.xml", mspdi(units, calendars=STANDARD_CALENDAR + holiday, rest=rest))
    result = compute_dates(document)
    assert result.start("1") == datetime(2026, 4, 13, 8)
    assert result.start("2") == datetime(2026, 4, 6, 8)
    assert document.assignments[0].work == 480
    assert document.resources[0].name == "Crew"
