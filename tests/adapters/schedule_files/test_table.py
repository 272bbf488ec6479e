"""Schedules as the tables people keep in workbooks."""

import io
from datetime import date, datetime

import openpyxl
import pytest

from hongtu.adapters.schedule_files import ScheduleFile, ScheduleFileError, parse_schedule
from hongtu.adapters.schedule_files.dates import compute_dates
from hongtu.adapters.schedule_files.link_text import parse_duration, parse_links
from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.model import ConstraintKind, Duration, RelationType, ScheduleResult, Unit

HEADER = ["序号", "任务名称", "工期", "前置任务", "计划开始", "计划完成"]


def workbook(rows: list[list[object]], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(rows: list[list[object]], merged: str = "") -> tuple[ScheduleFile, ScheduleResult]:
    document = parse_schedule("plan.xlsx", workbook(rows, merged))
    return document, compute_dates(document)


def test_an_office_table_with_titles_two_header_lines_chapters_and_a_total() -> None:
    document, result = read(
        [
            ["示例道路工程进度计划"],
            ["编制：示例单位", None, "数据日期：2026年3月2日"],
            ["序号", "任务名称", "工期（工作日）", "前置任务", "计划", None, "责任单位"],
            [None, None, None, None, "开始", "完成"],
            ["一", "前期"],
            [1, "立项", 10, None, "2026-03-02", None, "示例局、示例公司"],
            [2, "用地预审", "１５个工作日", "1"],
            ["二", "施工"],
            [3, "公示", "20日历天", "2FS+2d，1SS+5d"],
            [4, "施工", 60, "公示"],
            ["合计", None, 105],
        ],
        merged="E3:F3",
    )
    assert document.network.data_date == datetime(2026, 3, 2)
    assert [(n.name, n.parent) for n in document.nodes] == [("前期", None), ("施工", None)]
    assert document.detail("3").node == "二"
    assert document.network.activities[0].resources == ("示例局", "示例公司")
    assert (result.start_day("1"), result.finish_day("1")) == (date(2026, 3, 2), date(2026, 3, 13))
    assert (result.start_day("2"), result.finish_day("2")) == (date(2026, 3, 16), date(2026, 4, 3))
    assert (result.start_day("3"), result.finish_day("3")) == (date(2026, 4, 8), date(2026, 4, 27))
    assert result.start_day("4") == date(2026, 4, 28)
    assert all(result.critical)


def test_english_headers_and_codes_as_outline() -> None:
    document, result = read(
        [
            ["WBS", "Task Name", "Duration", "Predecessors", "Start", "Deadline"],
            ["1", "Design", None, None, datetime(2026, 3, 2)],
            ["1.1", "Draft", "2w", None, None],
            ["1.2", "Review", "1 wk", "1.1FF+2d", None],
            ["2", "Build", "1 mon", "1", None, "2026-04-10"],
        ]
    )
    assert [node.name for node in document.nodes] == ["Design"]
    assert result.finish_day("1.2") == date(2026, 3, 17)
    assert result.start_day("2") == date(2026, 3, 18)  # the whole chapter comes first
    assert result.total_float_days[result.position("2")] == -2


def test_constraints_actual_dates_and_a_data_date_taken_from_them() -> None:
    document, result = read(
        [
            [
                "序号",
                "工作名称",
                "工期(天)",
                "紧前工作",
                "实际开始",
                "实际完成",
                "完成百分比",
                "限制类型",
                "限制日期",
            ],
            [1, "甲", 5, None, "2026/3/2", "2026/3/6"],
            [2, "乙", 10, "1", "2026.3.9", None, 0.4],
            [3, "丙", 5, "2", None, None, None, "不得早于…开始", "2026年4月1日"],
            [4, "丁", 0, "3", None, None, None, "不得晚于...完成", "2026年4月3日"],
        ]
    )
    assert [r.code for r in document.remarks] == ["data-date-assumed"]
    assert document.network.data_date == datetime(2026, 3, 10)
    by_id = {a.id: a for a in document.network.activities}
    assert by_id["1"].actual_finish == date(2026, 3, 6)
    assert by_id["2"].percent_complete == 40
    assert by_id["3"].constraints[0].kind is ConstraintKind.START_NO_EARLIER_THAN
    assert result.finish_day("2") == date(2026, 3, 17)  # six of ten days to go from the 10th
    assert result.start_day("3") == date(2026, 4, 1)
    assert result.total_float_days[result.position("4")] == -2


def test_dates_alone_give_durations() -> None:
    document, result = read([HEADER, [1, "甲", None, None, "2026-03-02", "2026-03-13"], [2, "乙", 3, 1]])
    assert document.network.activities[0].duration == Duration.days(10)
    assert result.start_day("2") == date(2026, 3, 16)


def test_a_district_calendar_can_be_given() -> None:
    from hongtu.adapters.schedule_files.limits import Limits
    from hongtu.adapters.schedule_files.table_reader import read_table

    district = Calendar.statutory("cn", holidays=[date(2026, 5, 1)], make_up_days=[date(2026, 5, 9)])
    data = workbook([HEADER, [1, "甲", 8, None, "2026-04-30"]])
    document = read_table(data, file="p.xlsx", limits=Limits(), calendar=district)
    assert compute_dates(document).finish_day("1") == date(2026, 5, 11)  # the make-up Saturday is worked


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ([HEADER, [1, "甲", "五天"]], "value-wrong", "row 2"),
        ([HEADER, [1, "甲", 5, "7"]], "predecessor-unknown", "row 2"),
        ([HEADER, [1, "甲", 5, "1FS+2光年"]], "value-wrong", "row 2"),
        ([HEADER, [1, "甲", 5], [1, "乙", 5]], "duplicate-id", "row 3"),
        ([HEADER, [1, "甲", 5, None, "2026-13-45"]], "value-wrong", "row 2"),
        ([HEADER, [1, "甲", None, None, "2026-03-13", "2026-03-02"]], "value-wrong", "row 2"),
        ([HEADER, [1, "甲", 5]], "field-missing", ""),  # no date anywhere
        ([HEADER], "no-activities", ""),
    ],
)
def test_a_wrong_cell_is_named_by_sheet_row_and_column(
    rows: list[list[object]], code: str, place: str
) -> None:
    with pytest.raises(ScheduleFileError) as refusal:
        parse_schedule("plan.xlsx", workbook(rows))
    assert refusal.value.code == f"schedule-file.{code}"
    assert place in refusal.value.place


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5", Duration.days(5)),
        ("2.5 d?", Duration.days(2.5)),
        ("5个工作日", Duration.days(5)),
        ("３周", Duration.days(15)),
        ("2 emons", None),
        ("1个月", Duration.days(20)),
        ("30 自然日", Duration.calendar_days(30)),
        ("12eh", Duration(0.5, Unit.CALENDAR_DAY)),
        ("4h", Duration.minutes(240)),
        ("", None),
        ("-3", None),
    ],
)
def test_durations_as_typed(text: str, meant: Duration | None) -> None:
    assert parse_duration(text) == meant


def test_predecessors_as_typed() -> None:
    known = {"3", "5", "A-1", "A1000", "1.2", "12"}
    links = list(parse_links("3FS+2d，5SS-1w；12完成-开始(FS)+2 个工作日、A-1-2d\nA1000sf,1.2 FF+50%", known))
    assert [(k.predecessor, k.type, k.lag.amount, k.percent) for k in links] == [
        ("3", RelationType.FINISH_START, 2, None),
        ("5", RelationType.START_START, -5, None),
        ("12", RelationType.FINISH_START, 2, None),
        ("A-1", RelationType.FINISH_START, -2, None),
        ("A1000", RelationType.START_FINISH, 0, None),
        ("1.2", RelationType.FINISH_FINISH, 0, 50),
    ]


def test_three_point_durations_are_read_in_the_unit_of_the_row() -> None:
    document, _result = read(
        [
            ["序号", "任务名称", "工期", "三点工期", None, None, "前置任务", "计划开始"],
            [None, None, None, "乐观", "最可能", "悲观"],
            [1, "立项", 10, 8, None, 15, None, "2026-03-02"],
            [2, "公示", "20日历天", 20, 20, "4w", "1"],
            [3, "施工", "3个月", 2, None, 4, "2"],
        ],
        merged="D1:F1",
    )
    assert list(document.estimates) == ["1", "2", "3"]
    assert document.estimates["3"].optimistic.amount == 40
    one, two = document.estimates["1"], document.estimates["2"]
    assert [p.amount for p in (one.optimistic, one.most_likely, one.pessimistic)] == [8, 10, 15]
    assert one.pessimistic.unit is Unit.WORKING_DAY
    assert two.optimistic.unit is Unit.CALENDAR_DAY
    assert two.pessimistic.unit is Unit.WORKING_DAY


@pytest.mark.parametrize("points", [(8, None, None), (12, 10, 15), (8, 20, 15), (8, "x", 15)])
def test_three_points_that_cannot_be_are_refused_with_their_row(points: tuple[object, ...]) -> None:
    header = ["序号", "任务名称", "工期", "乐观工期", "最可能工期", "悲观工期", "计划开始"]
    with pytest.raises(ScheduleFileError) as refusal:
        read([header, [1, "立项", 10, *points, "2026-03-02"]])
    assert "row 2" in str(refusal.value)
