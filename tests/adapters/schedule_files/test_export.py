"""Microsoft Project XML out: read back by us and by MPXJ, the plan is the same."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from hongtu.adapters.schedule_files import FileFormat, ScheduleFile, parse_schedule, read_schedule
from hongtu.adapters.schedule_files.dates import compute_dates
from hongtu.adapters.schedule_files.java_bridge import oracle_dates
from hongtu.adapters.schedule_files.mspdi_writer import write_mspdi
from hongtu.engines.schedule.calendars import Calendar
from hongtu.engines.schedule.cpm import schedule
from hongtu.engines.schedule.model import (
    Activity,
    ActivityKind,
    Constraint,
    ConstraintKind,
    Duration,
    Network,
    Relation,
    RelationType,
)
from tests.adapters.schedule_files.plans import random_plan
from tests.adapters.schedule_files.test_oracle import needs_java
from tests.shared_data import shared

COLUMNS = [
    *("early_start", "early_finish", "late_start", "late_finish"),
    *("shown_start", "shown_finish", "total_float", "free_float", "critical"),
]
FEATURES = ["ss ff lag cal", "snet fnet snlt fnlt", "mso mfo deadline", "alap", "progress lag"]


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("seed", [11, 12])
def test_what_is_written_is_read_back_whole(features: str, seed: int) -> None:
    plan = random_plan(seed, features)
    exported = write_mspdi(plan)
    assert exported.remarks == ()
    again = parse_schedule("plan.xml", exported.data)
    in_minutes = [replace(r, lag=Duration.minutes(r.lag.amount * 480)) for r in plan.network.relations]
    assert again.network.relations == in_minutes
    assert again.network.start == plan.network.start
    for ours, read in zip(plan.network.activities, again.network.activities, strict=True):
        same = replace(
            ours,
            duration=Duration.minutes(ours.duration.amount * 480),
            remaining=ours.remaining and Duration.minutes(ours.remaining.amount * 480),
            percent_complete=read.percent_complete,
        )
        assert read == same
    first, second = compute_dates(plan), compute_dates(again)
    for column in COLUMNS:
        assert np.array_equal(getattr(first, column), getattr(second, column)), column
    for before, after in zip(plan.network.calendars, again.network.calendars, strict=True):
        assert (before.week, before.exceptions) == (after.week, after.exceptions)


@pytest.mark.shared
def test_real_files_survive_the_round_trip() -> None:
    for name in ("task-links", "task-durations", "assignment-assignments"):
        document = read_schedule(shared(f"data/schedules/{name}-project2019-mspdi.xml"))
        again = parse_schedule("plan.xml", write_mspdi(document).data)
        assert again.network.activities == document.network.activities
        assert again.network.relations == document.network.relations
        assert again.assignments == document.assignments
        assert [again.detail(a.id).manual for a in again.network.activities] == [
            document.detail(a.id).manual for a in document.network.activities
        ]


def district_plan() -> Network:
    """A chain as the district keeps it: whole days, a statutory calendar, names that are no numbers."""
    calendar = Calendar.statutory(
        "cn",
        name="法定工作日",
        holidays=[date(2026, 5, 1), date(2026, 5, 4)],
        make_up_days=[date(2026, 5, 9)],
    )
    return Network(
        activities=[
            Activity("approval", "立项批复", Duration.days(10), actual_start=date(2026, 3, 30)),
            Activity("notice", "公示", Duration.calendar_days(7)),
            Activity("tender", "招标", Duration.days(15), deadline=date(2026, 5, 29)),
            Activity(
                "opening",
                "开工",
                kind=ActivityKind.FINISH_MILESTONE,
                constraints=(
                    Constraint(ConstraintKind.START_NO_EARLIER_THAN, date(2026, 5, 11)),
                    Constraint(ConstraintKind.FINISH_NO_LATER_THAN, date(2026, 6, 5)),
                ),
                baseline_start=date(2026, 5, 20),
                baseline_finish=date(2026, 5, 20),
            ),
        ],
        relations=[
            Relation("approval", "notice"),
            Relation("notice", "tender", RelationType.FINISH_START, Duration.days(1)),
            Relation("tender", "opening"),
        ],
        start=date(2026, 3, 30),
        calendars=(calendar,),
        default_calendar="cn",
        name="示例道路",
    )


def test_a_plan_in_whole_days_shows_the_same_days_in_microsoft_project() -> None:
    plan = district_plan()
    ours = schedule(plan)
    document = parse_schedule("plan.xml", write_mspdi(plan).data)
    theirs = compute_dates(document)
    assert [a.id for a in document.network.activities] == [a.id for a in plan.activities]
    for id in ("approval", "notice", "tender"):
        assert theirs.finish_day(id) == ours.finish_day(id), id
        if id != "notice":  # seven days around the clock begin the evening before
            assert theirs.start_day(id) == ours.start_day(id), id
    assert theirs.finish("tender").hour == 17
    assert theirs.finish("opening") == datetime(2026, 5, 11, 17)  # in whole days: midnight after the 11th
    opening = document.network.activities[3]
    assert opening.deadline is not None  # the second constraint has become a deadline
    assert opening.baseline_finish == datetime(2026, 5, 20, 17)


def test_what_has_no_room_in_the_format_is_said() -> None:
    plan = district_plan()
    crowded = replace(
        plan.activities[2],
        constraints=(
            Constraint(ConstraintKind.START_NO_EARLIER_THAN, datetime(2026, 5, 1)),
            Constraint(ConstraintKind.START_NO_LATER_THAN, datetime(2026, 5, 20)),
        ),
    )
    activities = [*plan.activities[:2], crowded, plan.activities[3]]
    exported = write_mspdi(replace(plan, activities=activities))
    assert [(r.code, r.place) for r in exported.remarks] == [("constraint-left-out", "招标 (tender)")]


@needs_java
def test_mpxj_reads_the_export_and_keeps_dates_links_and_names(tmp_path: Path) -> None:
    path = tmp_path / "plan.xml"
    path.write_bytes(write_mspdi(district_plan(), title="示例道路").data)
    answer = oracle_dates([path])[path]
    tasks = {task["name"]: task for task in answer["tasks"]}
    assert {"示例道路", "立项批复", "公示", "招标", "开工"} <= tasks.keys()
    document: ScheduleFile = read_schedule(path)
    assert document.format is FileFormat.MSPDI
    result = compute_dates(document)
    for activity in document.network.activities:
        saved = tasks[activity.name]["saved"]
        assert saved["Start"] == f"{result.start(activity.id):%Y-%m-%dT%H:%M}"
        assert saved["Finish"] == f"{result.finish(activity.id):%Y-%m-%dT%H:%M}"
