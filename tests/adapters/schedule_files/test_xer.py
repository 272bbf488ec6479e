"""Primavera XER: what the tables mean."""

from datetime import date, datetime

import pytest

from hongtu.adapters.schedule_files import ScheduleFileError, parse_schedule
from hongtu.adapters.schedule_files.dates import compute_dates
from hongtu.adapters.schedule_files.values import Place
from hongtu.adapters.schedule_files.xer_reader import decode, parse_calendar
from hongtu.engines.schedule.model import (
    ActivityKind,
    ConstraintKind,
    LagCalendar,
    RelationType,
)
from tests.adapters.schedule_files.plans import XER_CALENDAR, xer
from tests.shared_data import shared

TASK = "{id}\t10\t100\t7\t{kind}\t{status}\t{code}\tName\t{hours}\t{left}\t{begun}\t{constraint}"


def row(id: int, kind: str = "TT_Task", hours: int = 8, **fields: str) -> str:
    values = {"status": "TK_NotStart", "begun": "", "constraint": "\t", "left": str(hours)} | fields
    return TASK.format(id=id, kind=kind, code=f"A{id}", hours=hours, **values)


def test_a_predecessor_with_lag_moves_its_successor_over_holiday_and_weekend() -> None:
    document = parse_schedule(
        "p.xer",
        xer(
            tasks=(row(1, hours=16), row(2)),
            links=("1\t2\t1\tPR_FS\t8",),
            projects=("10\tP1\t7\t2026-04-29 08:00\t2026-04-29 08:00\t",),
        ).encode(),
    )
    result = compute_dates(document)
    # 29 and 30 April; 1 May is an exception, then a weekend; the lag takes Monday, the work Tuesday.
    assert result.finish("A1") == datetime(2026, 4, 30, 17)
    assert (result.start("A2"), result.finish("A2")) == (datetime(2026, 5, 5, 8), datetime(2026, 5, 5, 17))
    assert document.network.name == "Road"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("PR_FS", RelationType.FINISH_START), ("PR_SS", RelationType.START_START),
     ("PR_FF", RelationType.FINISH_FINISH), ("PR_SF", RelationType.START_FINISH)],
)  # fmt: skip
def test_relation_types(written: str, meant: RelationType) -> None:
    document = parse_schedule("p.xer", xer(links=(f"1\t2\t1\t{written}\t-4",)).encode())
    (relation,) = document.network.relations
    assert (relation.predecessor, relation.successor, relation.type) == ("A", "B", meant)
    assert relation.lag.amount == -240


@pytest.mark.parametrize("file", ["Predecessor", "Successor", "ProjectDefault", "TwentyFourHour"])
def test_the_calendar_of_lags_is_the_one_that_the_project_chose(file: str) -> None:
    path = shared(f"data/schedules/{file}Calendar.xer")
    meant = {
        "Predecessor": LagCalendar.PREDECESSOR,
        "Successor": LagCalendar.SUCCESSOR,
        "ProjectDefault": LagCalendar.PROJECT,
        "TwentyFourHour": LagCalendar.AROUND_THE_CLOCK,
    }
    assert parse_schedule(path.name, path.read_bytes()).network.lag_calendar is meant[file]


def test_kinds_constraints_and_progress() -> None:
    document = parse_schedule(
        "p.xer",
        xer(
            tasks=(
                row(1, "TT_Mile", 0),
                row(2, "TT_FinMile", 0, constraint="CS_MEOB\t2026-06-01 17:00"),
                row(3, "TT_LOE"),
                row(4, "TT_WBS"),
                row(5, hours=80, status="TK_Active", begun="2026-04-01 08:00", left="20"),
                row(6, constraint="CS_MANDSTART\t2026-05-11 08:00"),
                row(7, constraint="CS_ALAP\t"),
            ),
            links=(),
        ).encode(),
    )
    by_id = {a.id: a for a in document.network.activities}
    assert [by_id[f"A{n}"].kind for n in (1, 2, 3)] == [
        ActivityKind.START_MILESTONE,
        ActivityKind.FINISH_MILESTONE,
        ActivityKind.LEVEL_OF_EFFORT,
    ]
    assert "A4" not in by_id
    assert [(r.code, r.place) for r in document.remarks] == [("wbs-summary-left-out", "A4")]
    assert by_id["A2"].constraints[0].kind is ConstraintKind.FINISH_NO_LATER_THAN
    assert by_id["A6"].constraints[0].kind is ConstraintKind.MANDATORY_START
    assert by_id["A7"].constraints[0].moment is None
    assert by_id["A5"].actual_start == datetime(2026, 4, 1, 8)
    assert by_id["A5"].remaining is not None
    assert by_id["A5"].remaining.amount == 1200
    assert by_id["A5"].percent_complete == 0  # physical percent: nobody has entered one


def test_one_of_several_projects_must_be_named() -> None:
    two = xer(
        projects=("10\tP1\t7\t2026-04-06 08:00\t\t", "20\tP2\t7\t2026-04-06 08:00\t\t"),
        tasks=(row(1), row(2).replace("\t10\t", "\t20\t", 1)),
        links=("1\t2\t1\tPR_FS\t0",),
    ).encode()
    with pytest.raises(ScheduleFileError) as refusal:
        parse_schedule("two.xer", two)
    assert refusal.value.code == "schedule-file.project-ambiguous"
    assert "P1, P2" in refusal.value.message
    chosen = parse_schedule("two.xer", two, project="P2")
    assert [a.id for a in chosen.network.activities] == ["A2"]
    assert [r.code for r in chosen.remarks] == ["relation-outside"]
    with pytest.raises(ScheduleFileError):
        parse_schedule("two.xer", two, project="P3")


def test_the_code_page_is_found() -> None:
    chinese = xer(tasks=(row(1).replace("Name", "红谷滩道路施工"),), links=())
    western = xer(tasks=(row(1).replace("Name", "Bétonnage à façade, £ réseau"),), links=())
    assert "红谷滩道路施工" in decode(chinese.encode("gb18030"))
    assert "红谷滩道路施工" in decode(chinese.encode("utf-8"))
    assert "Bétonnage à façade, £ réseau" in decode(western.encode("cp1252"))


def test_a_memo_with_line_breaks_does_not_break_the_table() -> None:
    text = xer().replace("First", 'First\r\nstill the first, "quoted"')
    document = parse_schedule("p.xer", text.encode())
    assert document.network.activities[0].name == 'First still the first, "quoted"'
    assert len(document.network.activities) == 2


def test_calendar_notation() -> None:
    week, exceptions = parse_calendar(XER_CALENDAR, Place("p.xer"))
    assert week[0] == ((480, 720), (780, 1020))
    assert week[5] == week[6] == ()
    assert exceptions == {date(2026, 5, 1): ()}
    reversed_keys = "(0||CalendarData()((0||DaysOfWeek()((0||2()((0||0(f|00:00|s|16:00)())))))))"
    week, _ = parse_calendar(reversed_keys, Place("p.xer"))
    assert week[0] == ((960, 1440),)  # an evening shift until midnight
    last_minute = reversed_keys.replace("f|00:00", "f|23:59")
    assert parse_calendar(last_minute, Place("p.xer"))[0] == week
