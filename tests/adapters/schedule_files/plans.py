"""Plans made for the tests: random ones with chosen features, and small files as text."""

import random
from datetime import date, datetime, timedelta

from hongtu.adapters.schedule_files import FileFormat, Rules, ScheduleFile
from hongtu.engines.schedule.calendars import OFFICE_HOURS, Calendar
from hongtu.engines.schedule.model import (
    Activity,
    ActivityKind,
    Constraint,
    ConstraintKind,
    Duration,
    LagCalendar,
    Network,
    Relation,
    RelationType,
)

HOLIDAYS = {
    date(2026, 5, 1): (),
    date(2026, 5, 4): (),
    date(2026, 5, 5): (),
    date(2026, 5, 9): OFFICE_HOURS,  # a make-up Saturday
}
FIVE_DAYS = Calendar("1", "Five days", exceptions=HOLIDAYS, minutes_per_day=480)
SIX_DAYS = Calendar("2", "Six days", week=(OFFICE_HOURS,) * 6 + ((),), minutes_per_day=480)
CONSTRAINTS = {
    "snet": (ConstraintKind.START_NO_EARLIER_THAN, 8),
    "snlt": (ConstraintKind.START_NO_LATER_THAN, 8),
    "fnet": (ConstraintKind.FINISH_NO_EARLIER_THAN, 17),
    "fnlt": (ConstraintKind.FINISH_NO_LATER_THAN, 17),
    "mso": (ConstraintKind.MUST_START_ON, 8),
    "mfo": (ConstraintKind.MUST_FINISH_ON, 17),
}


def random_plan(seed: int, features: str, count: int = 25) -> ScheduleFile:
    """A plan by Microsoft's rules; `features`: ss ff lag cal alap deadline progress and `CONSTRAINTS`."""
    chance = random.Random(seed)
    wanted = set(features.split())
    activities, relations = [], []
    for number in range(1, count + 1):
        days = chance.choice([0, 1, 2, 3, 5, 8])
        moment = datetime(2026, 4, 6) + timedelta(days=chance.randrange(0, 50))
        kind = next((k for k in CONSTRAINTS if k in wanted and chance.random() < 0.1), None)
        constraints = ()
        if kind:
            constraints = (Constraint(CONSTRAINTS[kind][0], moment.replace(hour=CONSTRAINTS[kind][1])),)
        elif "alap" in wanted and chance.random() < 0.1:
            constraints = (Constraint(ConstraintKind.AS_LATE_AS_POSSIBLE),)
        begun = "progress" in wanted and number <= 4 and days > 1
        activities.append(
            Activity(
                str(number),
                f"Task {number}",
                Duration.days(days),
                calendar="2" if "cal" in wanted and chance.random() < 0.3 else None,
                constraints=() if begun else constraints,
                deadline=moment.replace(hour=17) if "deadline" in wanted and chance.random() < 0.1 else None,
                kind=ActivityKind.TASK if days else ActivityKind.FINISH_MILESTONE,
                actual_start=datetime(2026, 4, 6, 8) if begun else None,
                remaining=Duration.days(days - 1) if begun else None,
            )
        )
        types = [RelationType.FINISH_START] * 3
        types += [RelationType.START_START] * ("ss" in wanted) + [RelationType.FINISH_FINISH] * (
            "ff" in wanted
        )
        earlier = range(1, number) if not begun else range(0)
        for source in chance.sample(earlier, min(len(earlier), chance.choice([0, 1, 1, 2]))):
            lag = Duration.days(chance.choice([0, 0, 1, 2, -1]) if "lag" in wanted else 0)
            relations.append(Relation(str(source), str(number), chance.choice(types), lag))
    network = Network(
        activities,
        relations,
        datetime(2026, 4, 6, 8),
        (FIVE_DAYS, SIX_DAYS),
        "1",
        lag_calendar=LagCalendar.SUCCESSOR,
    )
    return ScheduleFile(network, FileFormat.MSPDI, Rules.MICROSOFT)


def mspdi(tasks: str, *, calendars: str = "", rest: str = "", properties: str = "") -> bytes:
    """A small Microsoft Project XML around the given elements."""
    calendars = calendars or STANDARD_CALENDAR
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Project xmlns="http://schemas.microsoft.com/project"><SaveVersion>14</SaveVersion><Title>Probe</Title>
<StartDate>2026-04-06T08:00:00</StartDate><MinutesPerDay>480</MinutesPerDay><CalendarUID>1</CalendarUID>
{properties}<Calendars>{calendars}</Calendars><Tasks>{tasks}</Tasks>{rest}</Project>""".encode()


def _weekday(day_type: int) -> str:
    if day_type in (1, 7):
        return f"<WeekDay><DayType>{day_type}</DayType><DayWorking>0</DayWorking></WeekDay>"
    times = "".join(
        f"<WorkingTime><FromTime>{a}:00:00</FromTime><ToTime>{b}:00:00</ToTime></WorkingTime>"
        for a, b in (("08", "12"), ("13", "17"))
    )
    return (
        f"<WeekDay><DayType>{day_type}</DayType><DayWorking>1</DayWorking>"
        f"<WorkingTimes>{times}</WorkingTimes></WeekDay>"
    )


WEEK = "<WeekDays>" + "".join(_weekday(day) for day in range(1, 8)) + "</WeekDays>"
STANDARD_CALENDAR = (
    f"<Calendar><UID>1</UID><Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar>{WEEK}</Calendar>"
)


def task(uid: int, *, hours: float = 8, links: str = "", level: int = 1, fields: str = "") -> str:
    """A `Task` element; `links` like `1FS+960` in tenths of minutes is written by the caller as elements."""
    return (
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>Task {uid}</Name><OutlineLevel>{level}</OutlineLevel>"
        f"<Duration>PT{hours:g}H0M0S</Duration><DurationFormat>7</DurationFormat>{fields}{links}</Task>"
    )


def link(source: int, kind: int = 1, lag: float = 0, form: int = 7) -> str:
    """A `PredecessorLink`; kind 0 FF, 1 FS, 2 SF, 3 SS; lag in tenths of minutes or percent."""
    return (
        f"<PredecessorLink><PredecessorUID>{source}</PredecessorUID><Type>{kind}</Type>"
        f"<LinkLag>{lag:g}</LinkLag><LagFormat>{form}</LagFormat></PredecessorLink>"
    )


WORK_WEEK = "".join(
    f"(0||{day}()({'' if day in (1, 7) else '(0||0(s|08:00|f|12:00)())(0||1(s|13:00|f|17:00)())'}))"
    for day in range(1, 8)
)
XER_CALENDAR = f"(0||CalendarData()((0||DaysOfWeek()({WORK_WEEK}))(0||Exceptions()((0||0(d|46143)())))))"


def xer(
    *,
    tasks: tuple[str, ...] = (
        "1\t10\t100\t7\tTT_Task\tTK_NotStart\tA\tFirst\t16\t16",
        "2\t10\t100\t7\tTT_Task\tTK_NotStart\tB\tSecond\t8\t8",
    ),
    links: tuple[str, ...] = ("1\t2\t1\tPR_FS\t8",),
    calendar: str = XER_CALENDAR,
    projects: tuple[str, ...] = ("10\tP1\t7\t2026-04-06 08:00\t2026-04-06 08:00\t",),
    options: str = "rcal_Predecessor",
    leave_out: str = "",
) -> str:
    """A small Primavera XER; 46143 is 1 May 2026."""
    tables = {
        "PROJECT": (
            "proj_id\tproj_short_name\tclndr_id\tplan_start_date\tlast_recalc_date\tplan_end_date",
            projects,
        ),
        "CALENDAR": (
            "clndr_id\tdefault_flag\tclndr_name\tday_hr_cnt\tclndr_data",
            (f"7\tY\tFive days\t8\t{calendar}",),
        ),
        "SCHEDOPTIONS": (
            "proj_id\tsched_calendar_on_relationship_lag\tsched_progress_override",
            (f"10\t{options}\tN",),
        ),
        "PROJWBS": (
            "wbs_id\tproj_id\tproj_node_flag\twbs_short_name\twbs_name\tparent_wbs_id",
            ("100\t10\tY\tP1\tRoad\t99",),
        ),
        "TASK": (
            "task_id\tproj_id\twbs_id\tclndr_id\ttask_type\tstatus_code\ttask_code\ttask_name\t"
            "target_drtn_hr_cnt\tremain_drtn_hr_cnt\tact_start_date\tcstr_type\tcstr_date",
            tasks,
        ),
        "TASKPRED": ("task_pred_id\ttask_id\tpred_task_id\tpred_type\tlag_hr_cnt", links),
    }
    lines = ["ERMHDR\t8.4\t2026-04-06\tProject\tadmin"]
    for name, (fields, rows) in tables.items():
        if name != leave_out:
            lines += [f"%T\t{name}", f"%F\t{fields}", *(f"%R\t{row}" for row in rows)]
    return "\r\n".join([*lines, "%E", ""])
