"""`hongtu plan risk`: chances of a real Primavera file, as JSON and in words, and what is refused."""

import json
from datetime import date
from pathlib import Path

import openpyxl
from typer.testing import CliRunner

from hongtu.cli import app
from tests.shared_data import shared

FILE = "data/schedules/PredecessorCalendar.xer"
RUN = CliRunner()


def run(*options: str, file: str = FILE) -> dict:
    answer = RUN.invoke(app, ["plan", "risk", str(shared(file)), "--runs", "500", "--json", *options])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_the_same_seed_says_the_same_and_what_was_assumed_is_told() -> None:
    one, again = run("--seed", "3"), run("--seed", "3")
    assert one == again
    assert one["runs"] == 500
    assert one["assumed"] == {
        "distribution": "PERT", "early": 0.9, "late": 1.5, "correlation": 0.2,
        "activities": one["assumed"]["activities"],
    }  # fmt: skip
    assert one["p50"] <= one["p80"] <= one["p95"]


def test_a_promised_date_gets_its_chance() -> None:
    dates = run()
    far = run("--due", "2099-01-01")
    assert dates["chance_on_time"] is None or 0 <= dates["chance_on_time"] <= 1
    assert far["chance_on_time"] == 1.0
    assert date.fromisoformat(far["p95"]) < date(2099, 1, 1)


def test_a_wrong_date_and_a_file_that_is_none_are_refused() -> None:
    wrong = RUN.invoke(app, ["plan", "risk", str(shared(FILE)), "--due", "soon"])
    assert wrong.exit_code == 2
    missing = RUN.invoke(app, ["plan", "risk", "no-such-file.xer"])
    assert missing.exit_code == 2


def test_three_point_columns_of_a_workbook_are_used_instead_of_an_assumption(tmp_path: Path) -> None:
    rows = [
        ["序号", "任务名称", "工期", "乐观工期", "最可能工期", "悲观工期", "前置任务", "计划开始"],
        [1, "立项", 10, 10, 10, 10, None, "2026-03-02"],
        [2, "勘察", 20, 18, 20, 80, 1],
        [3, "设计", 30, None, None, None, 2],
    ]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "plan.xlsx")
    command = ["plan", "risk", str(tmp_path / "plan.xlsx"), "--runs", "2000", "--correlation", "0"]
    answer = RUN.invoke(app, [*command, "--json"])
    found = json.loads(answer.stdout)
    assert found["estimated_activities"] == 2
    assert found["assumed"]["activities"] == 1
    swing = {d["id"]: d["high_days"] - d["low_days"] for d in found["drivers"]}
    assert swing["2"] > swing["3"] > 0
    assert abs(swing["1"]) < 0.2
    words = RUN.invoke(app, command).stdout
    assert "Three-point durations of the file: 2 activities" in words
