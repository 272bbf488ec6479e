"""`hongtu plan risk`: chances of a real Primavera file, as JSON and in words, and what is refused."""

import json
from datetime import date

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
