"""`hongtu plan level` as a user sees it: JSON on standard output, words otherwise."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hongtu.cli.plan_level import level
from hongtu.engines.schedule.levelling import read_psplib, violations
from tests.shared_data import shared

HERE = Path(__file__).parent

app = typer.Typer()
app.command()(level)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("name", ["small.sm", "small.rcp"])
def test_a_benchmark_file_as_json(name: str) -> None:
    path = HERE / "fixtures" / name
    answer = json.loads(run(str(path), "--seconds", "2", "--workers", "2", "--seed", "1", "--json"))
    assert answer["makespan"] == answer["lower_bound"] == 9
    assert answer["optimal"] is True and answer["gap"] == 0
    assert violations(read_psplib(path), answer["schedule"]) == []
    assert {wait["resource"] for wait in answer["waits"]} <= {"R1", "R2"}


def test_words_name_what_a_step_waits_for() -> None:
    text = run(str(HERE / "fixtures" / "small.sm"), "--seconds", "2")
    assert "proven optimal" in text and "R1" in text


def test_holding_the_date() -> None:
    path = str(HERE / "fixtures" / "small.sm")
    answer = json.loads(run(path, "--seconds", "2", "--aim", "peak", "--hold", "12", "--json"))
    assert answer["objective"] == "peak" and answer["makespan"] <= 12
    assert answer["lower_bound"] <= answer["value"] <= 5


def test_a_project_file_gives_dates() -> None:
    path = shared("data/schedules/assignment-assignments-project2019-mspdi.xml")
    answer = json.loads(run(str(path), "--seconds", "2", "--json"))
    assert answer["feasible"] and answer["overloads"] == []
    assert set(answer["schedule"]) == set(answer["finishes"])
    assert all(answer["schedule"][key] <= answer["finishes"][key] for key in answer["schedule"])
    assert answer["finish"] >= answer["finish_without_resources"]


def test_a_file_of_numbers_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "numbers.txt"
    path.write_text("5 1 3\n")
    refused = CliRunner().invoke(app, [str(path), "--seconds", "1"], catch_exceptions=False)
    assert refused.exit_code == 2
    assert "levelling.file: numbers.txt" in refused.output
