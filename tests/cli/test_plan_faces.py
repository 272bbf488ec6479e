"""`hongtu plan faces` as a user meets it."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import typer
from typer.testing import CliRunner

from hongtu.cli.plan_faces import faces

EXAMPLE = str(Path(str(files("hongtu.engines.schedule.worksite"))) / "examples" / "mingyueshan.geojson")


def run(*arguments: str):  # type: ignore[no-untyped-def]
    app = typer.Typer()
    app.command()(faces)
    return CliRunner().invoke(app, list(arguments))


def test_json_on_standard_output_is_nothing_but_json() -> None:
    result = run(EXAMPLE, "--json", "--seconds", "10", "--workers", "1", "--seed", "1")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert len(report["conflicts"]) == 3
    least = report["clusters"][0]["alternatives"][0]
    assert least["aim"] == "least_cost" and least["optimal"] and least["verified"] and least["gap"] == 0


def test_the_table_names_conflicts_and_alternatives() -> None:
    result = run(EXAMPLE, "--workers", "1")
    assert result.exit_code == 0
    assert "hard_clash" in result.stdout and "fairest" in result.stdout


def test_conflicts_only_solves_nothing() -> None:
    report = json.loads(run(EXAMPLE, "--json", "--conflicts-only").stdout)
    assert len(report["conflicts"]) == 3 and report["clusters"] == []


def test_a_bad_file_is_refused_with_its_code(tmp_path: Path) -> None:
    bad = tmp_path / "bad.geojson"
    bad.write_text('{"type": "Point"}', encoding="utf-8")
    result = run(str(bad), "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"] == "NOT_A_FEATURE_COLLECTION"
    assert "FeatureCollection" in result.stderr
